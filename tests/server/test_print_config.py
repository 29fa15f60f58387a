"""--print-config: every setting, wherever it comes from, and no secret."""

import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import PATIENCE, run

SECRET = "hush-hush 0123456789 abcdefghijklmn"
OFTEN = ["http://desk.example:3000,https://desk.example", "10.0.0.0/8,::1"]

# Another value than the default for every setting that there is; the walk fails where one is missing.
VALUES = {
    "LISTEN": "127.0.0.1:9999", "STORE": "postgresql://u@h/db", "STORE_CONNECTIONS": "7",
    "STORE_LIST_URL": "postgresql://u@h2/db", "MIGRATE": "false", "CACHE": "redis://h:1", "LOCK": "off",
    "LOCK_TTL": "5000", "ON_LOCK_UNAVAILABLE": "proceed", "RATE_LIMIT": "5/s", "USER_RATE_LIMIT": "6/s",
    "LOGIN_RATE_LIMIT": "7/s", "LIMITER": "redis://h:2", "TRUSTED_PROXIES": OFTEN[1], "CORS_ORIGINS": OFTEN[0],
    "AUTH": "off", "HOSTS": "cargo.test,a.test", "JWT_SECRET": SECRET, "JWT_KEY_FILE": None, "JWT_OLD_SECRET": SECRET, "JWT_OLD_KEY_FILE": None,
    "TOKEN_TIME": "60", "REFRESH_TIME": "61", "REGISTRATION": "viewer", "DRAIN_GRACE": "3", "MAX_STREAMS": "11",
    "MAX_STREAMS_PER_CALLER": "12", "EVENT_POLL": "13", "EVENT_HEARTBEAT": "14", "STREAM_TIME": "24", "LOG_LEVEL": "warn", "THREADS": "3",
    "MAX_CONNECTIONS": "15", "MAX_CONNECTIONS_PER_IP": "16", "HEADER_TIME": "17", "IDLE_TIME": "25", "DEMO_SCHEDULE": "true",
    "TLS_CERT": "cert.pem", "TLS_KEY": "key.pem", "WEBHOOK_NETWORKS": "10.0.0.0/8", "WEBHOOK_CA_FILE": "ca.pem",
    "WEBHOOK_TIMEOUT": "18", "WEBHOOK_PARALLEL": "19", "WEBHOOK_RETRY_FIRST": "20", "WEBHOOK_RETRY_LONGEST": "2100",
    "WEBHOOK_GIVE_UP": "2200", "WEBHOOK_KEEP_DEAD": "2300", "MAX_WEBHOOKS": "23",
    "PAGE": "page", "BEHIND_HTTPS": "true",
}
HIDDEN = {"JWT_SECRET", "JWT_OLD_SECRET"}
NO_SETTINGS = {"--help", "--version", "--print-config"}


def printed(*flags, env=None):
    """(value, whether it is the default) by variable, and flag by variable."""
    done = run(*flags, "--print-config", env=env)
    assert done.returncode == 0 and not done.stderr, done
    found, flag_of = {}, {}
    lines = done.stdout.splitlines()
    for comment, line in zip(lines[::2], lines[1::2], strict=True):
        flag, default = re.match(r"# (--[a-z-]+)(, default)?: \S", comment).groups()
        name, value = re.match(r"AIRCARGO_([A-Z_]+)=(.*)$", line).groups()
        assert name not in found
        found[name], flag_of[name] = (value, default is not None), flag
    return found, flag_of


class PrintConfig(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="aircargo-test-")
        cls.addClassCleanup(folder.cleanup)
        key = Path(folder.name) / "key.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True, timeout=PATIENCE)
        cls.values = {name: str(key) if value is None else value for name, value in VALUES.items()}
        cls.defaults, cls.flag_of = printed()

    def test_it_is_every_setting_that_there_is(self):
        text = run("--help").stdout
        flags = set(re.findall(r"^ +(?:-\w,)?(--[a-z-]+)", text, re.MULTILINE))
        self.assertEqual(flags - NO_SETTINGS, set(self.flag_of.values()))
        self.assertEqual(set(self.defaults), set(self.values), "a setting is missing, here or there")
        for name, flag in self.flag_of.items():
            self.assertIn(f"AIRCARGO_{name}", text)
            if name != "MIGRATE":
                self.assertEqual(flag, f"--{name.lower().replace('_', '-')}")
            self.assertTrue(self.defaults[name][1], name)

    def test_each_comes_from_the_environment_and_from_its_flag(self):
        for name, value in self.values.items():
            with self.subTest(name=name):
                needs = {}
                if name in ("STORE_CONNECTIONS", "STORE_LIST_URL"):
                    needs = {"AIRCARGO_STORE": self.values["STORE"]}
                if name.startswith("TLS"):
                    needs = {"AIRCARGO_TLS_CERT": "cert.pem", "AIRCARGO_TLS_KEY": "key.pem"}
                if name.startswith("JWT_OLD"):
                    needs = {"AIRCARGO_JWT_SECRET": SECRET}
                expected = ("***" if name in HIDDEN else value, False)
                self.assertNotEqual(expected[0], self.defaults[name][0])
                found, _ = printed(env={**needs, f"AIRCARGO_{name}": value})
                self.assertEqual(found[name], expected)
                flag = self.flag_of[name]
                flags = [flag] if name in ("MIGRATE", "DEMO_SCHEDULE", "BEHIND_HTTPS") else [flag, value]
                found, _ = printed(*flags, env={**needs, f"AIRCARGO_{name}": self.defaults[name][0]})
                self.assertEqual(found[name], expected, "the flag wins")
                for other in found:
                    if other != name and f"AIRCARGO_{other}" not in needs:
                        self.assertEqual(found[other], self.defaults[other], other)

    def test_what_it_prints_can_be_given_back(self):
        for value in ("off", "0", "no", "false"):
            self.assertEqual(printed(env={"AIRCARGO_MIGRATE": value})[0]["MIGRATE"], ("false", False))
        found, _ = printed(env={f"AIRCARGO_{name}": value for name, (value, _) in self.defaults.items()})
        self.assertEqual({name: value for name, (value, _) in found.items()},
                         {name: value for name, (value, _) in self.defaults.items()})

    def test_secrets_are_not_shown(self):
        secret = "s3cret"
        redis = f"redis://u:{secret}@h:1"
        everywhere = [
            {"STORE": f"postgresql://u:{secret}@h/db", "STORE_LIST_URL": f"postgresql://u:{secret}:{secret}@h2/db"},
            {"STORE": f"postgresql://u@h/db?password={secret}&sslpassword={secret}"},
            {"STORE": f"postgresql://u:{secret} {secret}@h/db"}, {"STORE": f"postgresql://u:'{secret}@h/db"},
            {"CACHE": redis, "LOCK": f"{redis},redis://:{secret}@h:2,unix://u:{secret}@/tmp/{'x' * 9}", "LIMITER": redis},
            {"JWT_SECRET": SECRET + secret, "JWT_OLD_SECRET": secret + SECRET},
        ]
        for settings in everywhere:
            with self.subTest(settings=settings):
                done = run("--print-config", env={f"AIRCARGO_{name}": value for name, value in settings.items()})
                self.assertEqual(done.returncode, 0, done)
                self.assertNotIn(secret, done.stdout)
                for name in settings:
                    self.assertRegex(done.stdout, rf"(?m)^AIRCARGO_{name}=.*\*\*\*")
        for path in ("db", "h2/db", "h:1", "h:2"):
            self.assertIn(path, "".join(run("--print-config", env={f"AIRCARGO_{n}": v for n, v in s.items()}).stdout
                                        for s in everywhere))

    def test_a_bad_setting_is_said_instead(self):
        done = run("--print-config", "--lock", "nonsense")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("--lock", done.stderr)

    def test_it_does_nothing_else(self):
        with tempfile.TemporaryDirectory(prefix="aircargo-test-") as folder:
            store = Path(folder) / "a.db"
            done = run("migrate", "--store", f"sqlite:{store}", "--print-config")
            self.assertEqual((done.returncode, store.exists()), (0, False))


if __name__ == "__main__":
    unittest.main()
