"""What tests with a Redis of their own may rely on."""

import os
import signal
import socket
import subprocess
import sys
import unittest

from private_redis import PrivateRedis
from private_server import wait_until


class PrivateRedisTest(unittest.TestCase):
    def test_life_and_death(self):
        with PrivateRedis() as redis:
            self.assertEqual(redis.ask("SET", "key", "value"), "+OK")
            redis.flush()
            self.assertEqual(redis.ask("EXISTS", "key"), ":0")
            redis.ask("SET", "key", "value")
            redis.pause()
            with socket.create_connection(("127.0.0.1", redis.port)) as paused:
                paused.sendall(b"PING\r\n")
                redis.resume()
                self.assertEqual(paused.recv(64), b"+PONG\r\n")
            redis.kill()
            with socket.socket() as refused, self.assertRaises(ConnectionRefusedError):
                refused.connect(("127.0.0.1", redis.port))
            redis.start()
            self.assertEqual(redis.ask("EXISTS", "key"), ":0")
            redis.pause()  # and stop it all the same
        self.assertIsNotNone(redis.process.returncode)

    def test_settings_and_a_password(self):
        with PrivateRedis({"requirepass": "secret", "maxmemory-policy": "allkeys-lru"}) as redis:
            self.assertIn(":secret@", redis.url())
            self.assertEqual(redis.ask("PING"), "+PONG")

    def test_it_goes_with_the_process_that_made_it(self):
        made = subprocess.Popen(
            [sys.executable, "-c",
             "from private_redis import *; r = PrivateRedis(); print(r.port, flush=True); input()"],
            cwd=os.path.dirname(__file__), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        with made:
            port = int(made.stdout.readline())
            made.send_signal(signal.SIGKILL)

            def gone():
                with socket.socket() as probe:
                    return probe.connect_ex(("127.0.0.1", port)) != 0

            wait_until(gone, "it is gone")


if __name__ == "__main__":
    unittest.main()
