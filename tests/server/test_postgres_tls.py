"""A server that reaches its PostgreSQL by TLS, and only the right one: sslmode=verify-full."""

import shutil
import subprocess
import unittest

from harness import Server, run
from private_postgres import PrivatePostgres


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postgres = PrivatePostgres()
        cls.addClassCleanup(cls.postgres.stop)
        cls.make_authority("ours")
        cls.make_authority("theirs")
        cls.openssl(
            "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=aircargo"
        )
        (cls.postgres.folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
        cls.openssl(
            "x509", "-req", "-in", "server.csr", "-CA", "ours.crt", "-CAkey", "ours.key", "-CAcreateserial",
            "-days", "2", "-extfile", "names", "-out", "server.crt"
        )
        for name in ("server.key", "server.crt"):
            path = cls.postgres.folder / name
            path.chmod(0o600)
            if cls.postgres.user is not None:
                shutil.chown(path, cls.postgres.user.pw_uid, cls.postgres.user.pw_gid)
        cls.postgres.sql(
            f"ALTER SYSTEM SET ssl_cert_file = '{cls.postgres.folder}/server.crt';"
            f"ALTER SYSTEM SET ssl_key_file = '{cls.postgres.folder}/server.key';"
            "ALTER SYSTEM SET ssl = on; SELECT pg_reload_conf();"
        )

    @classmethod
    def openssl(cls, *arguments):
        subprocess.run(["openssl", *arguments], cwd=cls.postgres.folder, capture_output=True, check=True)

    @classmethod
    def make_authority(cls, name):
        cls.openssl(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
            "-keyout", f"{name}.key", "-out", f"{name}.crt"
        )

    def url(self, host, authority):
        root = self.postgres.folder / f"{authority}.crt"
        return (
            f"postgresql://aircargo@{host}:{self.postgres.port}/postgres?sslmode=verify-full&sslrootcert={root}"
        )

    def test_the_right_server_is_reached_by_tls(self):
        with Server(store=self.url("127.0.0.1", "ours")) as server, server.client() as client:
            path, _ = client.book()
            self.assertEqual(client.post(f"{path}/depart").status, 200)
            in_clear = self.postgres.sql(
                "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) "
                "WHERE application_name = 'aircargo' AND NOT ssl"
            )
            self.assertEqual(in_clear, "0")

    def test_a_server_of_another_name_is_refused(self):
        self.assert_refused(run("serve", "--store", self.url("localhost", "ours")))

    def test_a_server_with_a_certificate_of_somebody_else_is_refused(self):
        self.assert_refused(run("serve", "--store", self.url("127.0.0.1", "theirs")))

    def assert_refused(self, ended):
        self.assertEqual(ended.returncode, 1, ended)
        self.assertRegex(ended.stderr, r"(?i)certificate")


if __name__ == "__main__":
    unittest.main()
