"""The web page's files as the server gives them: from memory, cached as long as they may be, under a strict policy."""

import base64
import gzip
import hashlib
import shutil
import tempfile
import unittest
from pathlib import Path

from harness import RawConnection, Server, run
from test_metrics import Metrics

INLINE = ['self.x=[1,"</p>"];', "\nself.x.push(2)\n"]
PAGE = f"""<!DOCTYPE html><html><head><script src="/_next/static/chunks/a1b2.js" async=""></script>
<!-- <script>not_this_one()</script> --></head><body>{{}}<script>{INLINE[0]}</script><script id="_R_">{INLINE[1]}</script>
</body></html>"""
SCRIPT = "export const answer = 42;\n" * 200
FILES = {
    "index.html": PAGE.format("home"),
    "index.txt": "0:[\"home\"]\n" * 40,
    "404.html": PAGE.format("no such page"),
    "bookings/index.html": PAGE.format("bookings " * 100),
    "bookings/index.txt": "1:[\"bookings\"]\n",
    "plain.html": "<!DOCTYPE html><title>without scripts</title>",
    "_next/static/chunks/a1b2.js": SCRIPT,
    "_next/static/chunks/app/[id]/c3d4.js": SCRIPT,
    "_next/static/media/logo.e5f6.woff2": bytes(range(256)) * 4,
    "icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'>" + "<g/>" * 100 + "</svg>",
    "tiny.txt": "x",
    "robots": "unknown kind",
}


def write(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def content(name):
    return FILES[name] if isinstance(FILES[name], bytes) else FILES[name].encode()


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="aircargo-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="aircargo-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        page = cls.folder / "out"
        write(page, FILES)
        (cls.folder / "secret.txt").write_text("not for anybody")
        cls.server = Server("--page", page)
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        self.client = self.server.client()
        self.addCleanup(self.client.close)

    def test_every_file_is_there(self):
        paths = {"/": "index.html", "/bookings/": "bookings/index.html", "/bookings/index.txt": "bookings/index.txt",
                 "/_next/static/chunks/app/%5Bid%5D/c3d4.js": "_next/static/chunks/app/[id]/c3d4.js"}
        for path, name in {**{f"/{name}": name for name in FILES if "index" not in name and "[" not in name}, **paths}.items():
            answer = self.client.get(path)
            self.assertEqual((answer.status, answer.raw), (200, content(name)), path)
            with RawConnection(self.server.port) as connection:
                connection.send(f"HEAD {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
                raw = connection.read_all()
            head, body = raw.split(b"\r\n\r\n", 1)
            self.assertEqual(body, b"")
            self.assertIn(f"Content-Length: {len(content(name))}\r\n".encode(), head + b"\r\n")

    def test_kinds(self):
        for path, kind in (("/", "text/html; charset=utf-8"), ("/index.txt", "text/plain; charset=utf-8"),
                           ("/_next/static/chunks/a1b2.js", "text/javascript; charset=utf-8"), ("/icon.svg", "image/svg+xml"),
                           ("/_next/static/media/logo.e5f6.woff2", "font/woff2"), ("/robots", "application/octet-stream")):
            answer = self.client.get(path)
            self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, kind), path)
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

    def test_what_has_a_hash_in_its_name_is_kept_for_ever_and_nothing_else(self):
        for path in ("/", "/bookings/", "/index.txt", "/icon.svg", "/nowhere"):
            self.assertEqual(self.client.get(path).headers["Cache-Control"], "no-cache", path)
        for path in ("/_next/static/chunks/a1b2.js", "/_next/static/media/logo.e5f6.woff2"):
            self.assertEqual(self.client.get(path).headers["Cache-Control"], "public, max-age=31536000, immutable")

    def test_tags(self):
        tags = set()
        for path in ("/", "/bookings/", "/_next/static/chunks/a1b2.js", "/tiny.txt"):
            plain = self.client.get(path)
            self.assertRegex(plain.headers["ETag"], r'^"[0-9a-f]{16}"$')
            tags.add(plain.headers["ETag"])
            again = self.client.get(path, {"If-None-Match": plain.headers["ETag"]})
            self.assertEqual((again.status, again.raw), (304, b""))
            self.assertEqual(again.headers["Cache-Control"], plain.headers["Cache-Control"])
            other = self.client.get(path, {"If-None-Match": '"0123456789abcdef"'})
            self.assertEqual(other.status, 200)
        self.assertEqual(len(tags), 4)

    def test_compressed_for_whom_takes_it(self):
        for path in ("/", "/bookings/", "/index.txt", "/_next/static/chunks/a1b2.js", "/icon.svg"):
            plain, short = self.client.get(path), self.client.get(path, {"Accept-Encoding": "br, gzip"})
            self.assertNotIn("Content-Encoding", plain.headers)
            self.assertEqual(short.headers["Content-Encoding"], "gzip", path)
            self.assertEqual(gzip.decompress(short.raw), plain.raw)
            self.assertLess(len(short.raw), len(plain.raw))
            self.assertNotEqual(short.headers["ETag"], plain.headers["ETag"])
            self.assertEqual((plain.headers["Vary"], short.headers["Vary"]), ("Accept-Encoding",) * 2)
            again = self.client.get(path, {"Accept-Encoding": "gzip", "If-None-Match": short.headers["ETag"]})
            self.assertEqual(again.status, 304)
            never = self.client.get(path, {"Accept-Encoding": "gzip;q=0"})
            self.assertEqual(never.raw, plain.raw)
        for path in ("/tiny.txt", "/_next/static/media/logo.e5f6.woff2"):
            answer = self.client.get(path, {"Accept-Encoding": "gzip"})
            self.assertNotIn("Content-Encoding", answer.headers, "it would not be shorter")

    def policy(self, path):
        text = self.client.get(path).headers["Content-Security-Policy"]
        return dict((part.strip() + " ").split(" ", 1) for part in text.split(";"))

    def test_a_page_runs_its_own_scripts_and_no_other(self):
        hashes = {"'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'" for text in INLINE}
        for path in ("/", "/bookings/", "/nowhere"):
            policy = self.policy(path)
            self.assertEqual(set(policy["script-src"].split()), {"'self'"} | hashes, path)
            self.assertEqual(policy["default-src"].strip(), "'none'")
            self.assertEqual(policy["connect-src"].strip(), "'self'")
            self.assertEqual(policy["frame-ancestors"].strip(), "'none'")
            self.assertEqual(policy["base-uri"].strip(), "'none'")
        self.assertEqual(self.policy("/plain.html")["script-src"].strip(), "'self'")
        self.assertNotIn("script-src", self.policy("/_next/static/chunks/a1b2.js"))

    def test_any_query_is_for_the_script(self):
        for path in ("/?ref=ACB12345", "/bookings/?status=BOOKED&status=X&page=2", "/index.txt?_rsc=1a2b3"):
            self.assertEqual(self.client.get(path).status, 200, path)

    def test_a_folder_without_its_slash_leads_to_it(self):
        for query in ("", "?ref=ACB12345", "?to=//evil.example/&x=%2F"):
            answer = self.client.get(f"/bookings{query}")
            self.assertEqual((answer.status, answer.headers["Location"]), (308, f"/bookings/{query}"))

    def test_what_is_not_there(self):
        for path in ("/nowhere", "/bookings/nowhere/", "/_next/static/chunks/old.js", "/apiary", "/bookings/index.html/x"):
            answer = self.client.get(path)
            self.assertEqual((answer.status, answer.raw), (404, content("404.html")), path)
            self.assertEqual(answer.headers["Content-Type"], "text/html; charset=utf-8")
            self.assertNotIn("ETag", answer.headers)
            short = self.client.get(path, {"Accept-Encoding": "gzip"})
            self.assertEqual(gzip.decompress(short.raw), content("404.html"))
        for path in ("/api", "/api/v1/nothing", "/api/v2/bookings", "/health/x", "/docs/x", "/metrics/", "/openapi.json/x"):
            answer = self.client.get(path)
            self.assertEqual((answer.status, answer.headers["Content-Type"]), (404, "application/problem+json"), path)
        posted = self.client.post("/nowhere", {})
        self.assertEqual((posted.status, posted.json["code"]), (404, "no_such_path"))

    def test_the_api_is_where_it_was(self):
        self.assertEqual(self.client.get("/health").json["status"], "healthy")
        self.assertEqual(self.client.get("/api/v1/bookings").status, 200)
        self.assertEqual(self.client.get("/docs").status, 200)

    def test_other_methods(self):
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
            answer = self.client.call(method, "/")
            self.assertEqual((answer.status, answer.json["code"]), (405, "method_not_allowed"), method)
            self.assertEqual(answer.headers["Allow"], "GET, HEAD")

    def test_no_path_leads_out(self):
        for path in ("/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/bookings/../../secret.txt", "//secret.txt",
                     "/bookings/..%5c..%5csecret.txt", "/./index.html", "/index.html%00", "/tiny.txt/", f"/{self.folder}/secret.txt",
                     "/TINY.TXT", "/bookings//index.html"):
            with RawConnection(self.server.port) as connection:
                connection.send(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
                raw = connection.read_all()
            self.assertRegex(raw.split(b"\r\n")[0], rb"HTTP/1.1 (400|404) ", path)
            self.assertNotIn(b"not for anybody", raw)

    def test_what_is_in_a_files_own_name_is_not_read(self):
        """What comes into the folder later, or goes, makes no difference."""
        page = self.folder / "later"
        write(page, {"index.html": "first"})
        with Server("--page", page) as server, server.client() as client:
            (page / "index.html").write_text("second")
            (page / "new.html").write_text("new")
            self.assertEqual(client.get("/").raw, b"first")
            self.assertEqual(client.get("/new.html").status, 404)
            shutil.rmtree(page)
            self.assertEqual(client.get("/").raw, b"first")

    def test_metrics_have_one_route_for_all_files(self):
        before = Metrics(self.client)
        for path in ("/", "/bookings/", "/_next/static/chunks/a1b2.js", "/tiny.txt"):
            self.client.get(path)
        self.client.get("/nowhere")
        after = Metrics(self.client)
        moved = lambda **labels: (after("aircargo_http_requests_total", **labels)  # noqa: E731
                                  - before("aircargo_http_requests_total", **labels))
        self.assertEqual(moved(route="/{page}", method="GET", status="2xx"), 4)
        self.assertEqual(moved(route="unmatched", method="any", status="4xx"), 1)
        self.assertEqual({label for name, labels in after.families["aircargo_http_requests_total"].samples
                          for key, label in labels if key == "route" and "next" in label}, set())


class Limits(Folder):
    def test_files_are_not_counted_among_requests(self):
        write(self.folder, FILES)
        with Server("--page", self.folder, env={"AIRCARGO_RATE_LIMIT": "3/min", "AIRCARGO_AUTH": "off"}) as server:
            with server.client() as client:
                for _ in range(20):
                    answer = client.get("/_next/static/chunks/a1b2.js")
                    self.assertEqual(answer.status, 200)
                self.assertRegex(answer.headers["RateLimit-Policy"], '^"page";q=300;')
                statuses = [client.get("/api/v1/bookings").status for _ in range(4)]
                self.assertEqual(statuses, [200, 200, 200, 429])
                self.assertEqual(client.get("/").status, 200)
                self.assertEqual(client.get("/nowhere").status, 429, "what is not there is counted as ever")

    def test_there_is_an_end_to_it(self):
        write(self.folder, FILES)
        with Server("--page", self.folder, env={"AIRCARGO_RATE_LIMIT": "1/h", "AIRCARGO_AUTH": "off"}) as server:
            with server.client() as client:
                statuses = [client.get("/tiny.txt").status for _ in range(101)]
        self.assertEqual((set(statuses[:100]), statuses[100]), ({200}, 429))


class Folders(Folder):
    """What the server says of a folder that it can not serve."""

    def refusal(self, folder):
        done = run("serve", "--listen", "127.0.0.1:0", "--store", "memory:", "--log-level", "off", "--page", folder)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done)
        self.assertIn(f"--page (AIRCARGO_PAGE) is '{folder}'", done.stderr)
        return done.stderr

    def test_one_that_is_not_there(self):
        self.assertIn("No such file or directory", self.refusal(self.folder / "nowhere"))
        (self.folder / "file").write_text("x")
        self.assertIn("Not a directory", self.refusal(self.folder / "file"))

    def test_one_without_a_page(self):
        self.assertIn("has no index.html", self.refusal(self.folder))
        write(self.folder, {"out/index.html": "one too deep"})
        self.assertIn("has no index.html", self.refusal(self.folder))

    def test_one_that_is_too_large(self):
        write(self.folder, {"index.html": "x"})
        with open(self.folder / "large", "wb") as file:
            file.truncate(64 * 1024 * 1024)
        self.assertIn("has more than 64 MiB", self.refusal(self.folder))

    def test_one_that_has_too_many_files(self):
        write(self.folder, {"index.html": "x", **{f"{n % 100}/{n}.txt": "x" for n in range(10_000)}})
        self.assertIn("has more than 10000 files", self.refusal(self.folder))

    def test_links_that_lead_nowhere_are_left_out(self):
        write(self.folder, {"index.html": "x"})
        (self.folder / "link.html").symlink_to(self.folder / "nowhere")
        with Server("--page", self.folder) as server, server.client() as client:
            self.assertEqual(client.get("/link.html").status, 404)

    def test_without_a_page_there_is_none(self):
        with Server() as server, server.client() as client:
            for path in ("/", "/index.html", "/nowhere"):
                answer = client.get(path)
                self.assertEqual((answer.status, answer.json["code"]), (404, "no_such_path"))


if __name__ == "__main__":
    unittest.main()
