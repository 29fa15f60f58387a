"""The primary dies under load and its synchronous standby takes over: the server finds it by itself, and nothing
that was acknowledged is lost."""

import random
import unittest

from harness import Server
from load import Ledger, Load
from private_postgres import PrivatePostgres

LONGEST_RETURN = 2.0   # seconds from the promotion to writes of all clients
LONGEST_ANSWER = 15.0


def two_hosts(first, second):
    return f"postgresql://aircargo@127.0.0.1:{first.port},127.0.0.1:{second.port}/postgres"


class Failover(unittest.TestCase):
    def fail_over(self, url_of):
        seed = random.randrange(2**32)
        print(f"seed {seed}")
        choose, ledger = random.Random(seed), Ledger()
        with PrivatePostgres({"fsync": "on"}) as primary, primary.standby(synchronous=True) as standby:
            with Server("--log-level", "warn", store=url_of(primary, standby)) as server:
                with Load(server, ledger, seed, outages=True, keyed=0.4) as load:
                    load.wait_for(choose.randrange(100, 400))
                    before = load.count
                    primary.kill()
                    if choose.random() < 0.5:  # so that the standby is asked and found read-only
                        load.wait_until(lambda: load.unavailable.total() > 100)
                    standby.promote()
                    seconds = load.seconds_until_more()
                    load.wait_for(load.count + 200)
                self.assertEqual((load.odd, load.cut), ([], 0))
                ledger.check(self, server)
                self.assertEqual(standby.sql("SELECT count(*) > 0 FROM pg_stat_activity"
                                             " WHERE application_name = 'aircargo'"), "t")
        print(f"{before} changes before and {load.count - before} after, none lost; 503: {dict(load.unavailable)}; "
              f"slowest answer {load.slowest:.2f} s, writes were back {seconds:.2f} s after the promotion")
        self.assertLess(load.slowest, LONGEST_ANSWER)
        self.assertLess(seconds, LONGEST_RETURN)

    def test_standby_named_second(self):
        self.fail_over(two_hosts)

    def test_standby_named_first(self):
        self.fail_over(lambda primary, standby: two_hosts(standby, primary))


if __name__ == "__main__":
    unittest.main()
