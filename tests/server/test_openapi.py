"""The description of the API: that it is sound, that it is the committed one, and that the router keeps to it."""

import json
import os
import re
import subprocess
import unittest
from pathlib import Path

from harness import PATIENCE, RawConnection, Server, run

SOURCE = Path(os.environ.get("AIRCARGO_SOURCE", Path(__file__).resolve().parents[2]))
COMMITTED = SOURCE / "docs/openapi.json"
TOOLS = SOURCE / "build/tools"
VALIDATOR = TOOLS / "api/bin/openapi-spec-validator"
REDOCLY = TOOLS / "redocly/node_modules/@redocly/cli/bin/cli.js"
METHODS = {"get", "post", "put", "patch", "delete"}
EXAMPLES = {  # a value for each parameter of a path
    "ref_id": "ACB00042", "id": "1", "name": "ada", "key_id": "0123456789ab", "hook_id": "0123456789ab", "version": "0123456789ab", "file": "start.js",
}


def references(node):
    """Every $ref in a part of the document."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


class Document(unittest.TestCase):
    """What the program prints, as text and as structure."""

    @classmethod
    def setUpClass(cls):
        cls.printed = run("openapi").stdout
        cls.document = json.loads(cls.printed)
        cls.operations = [(path, method, operation) for path, item in cls.document["paths"].items()
                          for method, operation in item.items()]

    def resolve(self, reference):
        self.assertTrue(reference.startswith("#/"), reference)
        node = self.document
        for part in reference.removeprefix("#/").split("/"):
            self.assertIn(part, node, reference)
            node = node[part]
        return node

    def parameters(self, operation):
        return [self.resolve(p["$ref"]) if "$ref" in p else p for p in operation.get("parameters", [])]

    def test_it_is_the_committed_one(self):
        self.assertEqual(self.printed, COMMITTED.read_text(encoding="utf-8"),
                         "the API has changed: renew the file with ./dev openapi")

    @unittest.skipUnless(VALIDATOR.exists(), f"there is no {VALIDATOR}: ./dev test installs it")
    def test_it_is_valid(self):
        done = subprocess.run([VALIDATOR, COMMITTED], capture_output=True, text=True, timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_it_passes_the_lint(self):
        if not REDOCLY.exists():
            print("no lint by Redocly: this machine's Node is too old for it")
            return
        done = subprocess.run(
            ["node", REDOCLY, "lint", COMMITTED, "--config", SOURCE / "tests/server/redocly/redocly.yaml"],
            env={**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"},
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_reference_leads_somewhere_and_every_component_is_used(self):
        referred = set(references(self.document))
        for reference in referred:
            self.resolve(reference)
        for kind, components in self.document["components"].items():
            if kind != "securitySchemes":
                unused = {f"#/components/{kind}/{name}" for name in components} - referred
                self.assertEqual(unused, set())

    def test_every_operation_is_described(self):
        tags = {tag["name"] for tag in self.document["tags"]}
        self.assertEqual(tags, {tag for _, _, operation in self.operations for tag in operation["tags"]})
        ids = [operation["operationId"] for _, _, operation in self.operations]
        self.assertEqual(len(ids), len(set(ids)), ids)
        for path, method, operation in self.operations:
            with self.subTest(path=path, method=method):
                self.assertIn(method, METHODS)
                self.assertTrue(operation["summary"][0].isupper())
                statuses = set(operation["responses"])
                self.assertTrue(any(status.startswith("2") for status in statuses), statuses)
                self.assertIn("400", statuses)
                for parameter in self.parameters(operation):
                    self.assertTrue(parameter["description"], parameter)
                    self.assertTrue(parameter["schema"], parameter)

    def test_every_parameter_of_a_path_is_described(self):
        for path, method, operation in self.operations:
            with self.subTest(path=path, method=method):
                named = [p["name"] for p in self.parameters(operation) if p["in"] == "path"]
                self.assertEqual(named, re.findall(r"\{(\w+)\}", path))

    def test_no_name_is_described_twice(self):
        for path, method, operation in self.operations:
            with self.subTest(path=path, method=method):
                names = [(p["in"], p["name"].lower()) for p in self.parameters(operation)]
                self.assertEqual(len(names), len(set(names)), names)

    def test_every_code_of_a_problem_is_described(self):
        """Codes are written where they are answered; this finds those that the description lacks."""
        described = set(self.document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"])
        written = set()
        for file in (SOURCE / "examples/server").rglob("*.?pp"):
            text = file.read_text(encoding="utf-8")
            written |= set(re.findall(r'\.code = "(\w+)"', text))
            written |= set(re.findall(r'\b[45]\d\d, "(\w+)"', text))
        self.assertGreater(len(written), 5)
        self.assertEqual(written - described, set())


class Router(unittest.TestCase):
    """The running server against its description."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.stop)
        with cls.server.client() as client:
            cls.document = client.get("/openapi.json").json

    def setUp(self):
        self.client = self.server.client()
        self.addCleanup(self.client.close)

    def operations(self):
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                with self.subTest(path=path, method=method):
                    yield re.sub(r"\{(\w+)\}", lambda m: EXAMPLES[m[1]], path), method.upper(), operation

    def test_it_serves_the_description(self):
        served = self.client.get("/openapi.json")
        self.assertEqual(served.status, 200)
        self.assertEqual(served.headers["Content-Type"], "application/json")
        self.assertEqual(served.json, json.loads(COMMITTED.read_text(encoding="utf-8")))
        again = self.client.get("/openapi.json", {"If-None-Match": served.headers["ETag"]})
        self.assertEqual((again.status, again.raw), (304, b""))
        self.assertEqual(again.headers["ETag"], served.headers["ETag"])
        other = self.client.get("/openapi.json", {"If-None-Match": '"1"'})
        self.assertEqual(other.status, 200)

    def test_other_methods_are_refused(self):
        for path, _, _ in self.operations():
            template = next(t for t in sorted(self.document["paths"], key=lambda t: t != path)
                            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", t), path))
            described = {method.upper() for method in self.document["paths"][template]}
            for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"} - described:
                answer = self.client.call(method, path)
                self.assertEqual(answer.status, 405, f"{method} {path}: {answer}")
                allowed = set(answer.headers["Allow"].split(", ")) - {"HEAD"}
                self.assertEqual(allowed, described)

    def test_other_parameters_are_refused(self):
        for path, method, _ in self.operations():
            answer = self.client.call(method, f"{path}?colour=red")
            self.assertEqual(answer.status, 400, answer)
            self.assertEqual(answer.json["errors"][0]["field"], "colour")

    def test_a_body_is_refused_where_none_is_described(self):
        for path, method, operation in self.operations():
            answer = self.client.call(method, path, b"{}", {"Content-Type": "text/plain"})
            if "requestBody" in operation:
                self.assertEqual(answer.json["code"], "unsupported_media_type", answer)
            else:
                self.assertEqual(answer.json["detail"], "this route takes no body", answer)

    def test_head_is_get_without_a_body(self):
        for path, method, operation in self.operations():
            if method == "GET" and "text/event-stream" not in operation["responses"]["200"].get("content", {}):
                got = self.client.get(path)
                with RawConnection(self.server.port) as connection:
                    connection.send(f"HEAD {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
                    answer = connection.read_answer(head=True)
                self.assertEqual(answer.status, got.status)
                self.assertEqual(answer.headers["Content-Type"], got.headers["Content-Type"])


if __name__ == "__main__":
    unittest.main()
