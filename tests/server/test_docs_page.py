"""The page at /docs: whole, from this server alone, and cached as long as it may be."""

import gzip
import re
import unittest

from harness import Server


class DocsPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("--rate-limit", "off")
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        self.client = self.server.client()
        self.addCleanup(self.client.close)
        self.page = self.client.get("/docs")
        self.assertEqual(self.page.status, 200, self.page)
        self.files = re.findall(r'(?:src|href)="(/docs/[^"]+)"', self.page.raw.decode())

    def need_swagger_ui(self):
        if not self.files:
            self.skipTest("built without swagger-ui-dist: ./dev test fetches it")

    def test_the_page(self):
        self.assertEqual(self.page.headers["Content-Type"], "text/html; charset=utf-8")
        text = self.page.raw.decode()
        self.assertIn("/openapi.json", text)
        self.assertNotIn("{version}", text)
        self.assertNotRegex(text, r"https?://")
        self.assertNotRegex(text, r"<script(?![^>]*src=)|\son\w+=", "a script in the page")
        again = self.client.get("/docs", {"If-None-Match": self.page.headers["ETag"]})
        self.assertEqual((again.status, again.raw), (304, b""))

    def test_the_policy_lets_only_this_server_in(self):
        policy = dict(part.strip().split(" ", 1) for part in self.page.headers["Content-Security-Policy"].split(";"))
        self.assertEqual(policy["default-src"], "'none'")
        self.assertEqual(policy["script-src"], "'self'")
        self.assertEqual(policy["connect-src"], "'self'")

    def test_the_files(self):
        self.need_swagger_ui()
        self.assertEqual(len(self.files), 3)
        for path in self.files:
            with self.subTest(path=path):
                plain = self.client.get(path)
                self.assertEqual(plain.status, 200)
                self.assertRegex(plain.headers["Content-Type"], r"^text/(css|javascript); charset=utf-8$")
                self.assertIn("immutable", plain.headers["Cache-Control"])
                self.assertNotIn("Content-Encoding", plain.headers)
                short = self.client.get(path, {"Accept-Encoding": "br, GZIP;q=0.5"})
                if short.headers["Content-Encoding"]:
                    self.assertEqual(gzip.decompress(short.raw), plain.raw)
                    self.assertLess(len(short.raw), len(plain.raw) / 2)
                    self.assertEqual(plain.headers["Vary"], "Accept-Encoding")
                    self.assertNotEqual(short.headers["ETag"], plain.headers["ETag"])
                    never = self.client.get(path, {"Accept-Encoding": "gzip;q=0, br"})
                    self.assertEqual(never.raw, plain.raw)
                again = self.client.get(path, {"If-None-Match": plain.headers["ETag"]})
                self.assertEqual((again.status, again.raw), (304, b""))

    def test_large_files_are_sent_compressed(self):
        self.need_swagger_ui()
        sizes = [len(self.client.get(path, {"Accept-Encoding": "gzip"}).raw) for path in self.files]
        self.assertLess(sum(sizes), 700_000)

    def test_there_are_no_other_files(self):
        self.need_swagger_ui()
        folder = self.files[0].rsplit("/", 1)[0]
        name = self.files[0].rsplit("/", 1)[1]
        for path in (f"{folder}/", f"{folder}/x.js", f"/docs/000000000000/{name}", f"{folder}/swagger-ui.css/x",
                     f"{folder}/SWAGGER-UI.CSS", "/docs/", f"{folder}/..%2f..%2fetc%2fpasswd", f"{folder}/../{name}",
                     f"{folder}/%2e%2e/{name}", f"{folder}/{name}%00"):
            with self.subTest(path=path):
                self.assertIn(self.client.get(path).status, (400, 404))


if __name__ == "__main__":
    unittest.main()
