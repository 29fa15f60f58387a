"""The primary dies under load and its synchronous standby takes over: the server finds it by itself, and nothing
that was acknowledged is lost."""

import random
import unittest
from concurrent.futures import ThreadPoolExecutor

from harness import NEW_BOOKING, Server, wait_until
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

    def test_a_commit_whose_wait_for_the_standby_was_cancelled_is_not_acknowledged(self):
        """PostgreSQL then answers COMMIT with nothing but a warning."""
        with PrivatePostgres() as postgres, Server("--log-level", "warn", store=postgres.url()) as server:
            with server.client() as client, ThreadPoolExecutor() as others:
                client.book()  # so that references are drawn
                postgres.sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'; SELECT pg_reload_conf()")
                wait_until(lambda: postgres.sql("SHOW synchronous_standby_names") == "nobody", "it wants a standby")
                answer = others.submit(lambda: client.post("/api/v1/bookings", NEW_BOOKING))
                wait_until(lambda: self.backends_waiting(postgres), "the commit waits for the standby")
                first = self.backends_waiting(postgres)
                postgres.sql(f"SELECT pg_cancel_backend({first[0]})")
                wait_until(lambda: "sent again" in self.what_waits(postgres), "it is sent again, and waits again")
                self.assertFalse(answer.done())
                postgres.sql("ALTER SYSTEM RESET synchronous_standby_names; SELECT pg_reload_conf()")
                self.assertEqual(answer.result().status, 201, answer.result())
                self.assertEqual(client.get("/api/v1/bookings").json["total"], 2)

    @staticmethod
    def backends_waiting(postgres):
        return postgres.sql("SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'").split()

    @staticmethod
    def what_waits(postgres):
        return postgres.sql("SELECT query FROM pg_stat_activity WHERE wait_event = 'SyncRep'")


if __name__ == "__main__":
    unittest.main()
