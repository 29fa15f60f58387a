"""packaging/: what it names is what the program has: settings, flags, paths. Where systemd, docker compose or kubectl
is installed, they read the files too."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml

from harness import OPEN, PATIENCE, Server, environment, run

SOURCE = Path(os.environ.get("AIRCARGO_SOURCE", Path(__file__).resolve().parents[2]))
PACKAGING = SOURCE / "packaging"


def files():
    return [path for path in sorted(PACKAGING.rglob("*")) if path.is_file()]


def documents(path):
    return [document for document in yaml.safe_load_all(path.read_text(encoding="utf-8")) if document]


def settings():
    return set(re.findall(r"^(AIRCARGO_[A-Z_]+)=", run("--print-config").stdout, re.MULTILINE))


class Names(unittest.TestCase):
    def test_every_setting_that_is_named_is_one(self):
        known, named = settings(), set()
        for path in [*files(), SOURCE / "docs/running.md"]:
            found = set(re.findall(r"AIRCARGO_[A-Z0-9_]+", path.read_text(encoding="utf-8")))
            self.assertLessEqual(found, known, path)
            named |= found
        self.assertGreater(len(named), 8)

    def test_probes_are_routes(self):
        paths = set(json.loads((SOURCE / "docs/openapi.json").read_text(encoding="utf-8"))["paths"])
        probes = set()
        for path in files():
            text = path.read_text(encoding="utf-8")
            probes |= set(re.findall(r"httpGet: \{path: ([^,]+),", text))
            probes |= set(re.findall(r"://127\.0\.0\.1:\$\{AIRCARGO_LISTEN##\*:\}(/\w+)", text))
        self.assertLessEqual({"/livez", "/readyz"}, probes)
        self.assertLessEqual(probes, paths)

    def test_the_image_knows_whether_it_is_well(self):
        """Its own command, against servers as the image could run them."""
        dockerfile = (PACKAGING / "Dockerfile").read_text(encoding="utf-8")
        (probe,) = re.findall(r"^HEALTHCHECK .*\\\n +CMD (.*)$", dockerfile, re.MULTILINE)
        with tempfile.TemporaryDirectory(prefix="aircargo-test-") as folder:
            certificate, key = Path(folder) / "server.pem", Path(folder) / "server.key"
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "2", "-subj", "/CN=elsewhere",
                            "-keyout", key, "-out", certificate], check=True, capture_output=True, timeout=PATIENCE)
            for tls in ({}, {"AIRCARGO_TLS_CERT": str(certificate), "AIRCARGO_TLS_KEY": str(key)}):
                server = Server(env={**OPEN, **tls})
                env = {**environment(), **tls, "AIRCARGO_LISTEN": f"127.0.0.1:{server.port}"}
                asks = lambda e=env: subprocess.run(["sh", "-c", probe], env=e, timeout=PATIENCE, check=False).returncode  # noqa: E731
                self.assertEqual(asks(), 0, tls)
                server.stop()
                self.assertNotEqual(asks(), 0, tls)

    def test_nothing_secret_stands_on_a_command_line(self):
        for path in [*files(), *(SOURCE / "docs").glob("*.md"), SOURCE / "README.md"]:
            text = path.read_text(encoding="utf-8").replace("\\\n", " ")
            self.assertNotRegex(text, r"--from-literal=\S*(STORE|SECRET|PASSWORD)", path)
            self.assertNotRegex(text, r"curl .*-d .*password", path)

    def test_commands_are_taken(self):
        dockerfile = (PACKAGING / "Dockerfile").read_text(encoding="utf-8")
        (command,) = re.findall(r'^CMD (\[.*\])$', dockerfile, re.MULTILINE)
        commands = [yaml.safe_load(command)]
        unit = (PACKAGING / "systemd/aircargo.service").read_text(encoding="utf-8")
        (start,) = re.findall(r"^ExecStart=\S+/aircargo-server (.*)$", unit, re.MULTILINE)
        commands.append(start.split())
        (container,) = self.deployment()["spec"]["template"]["spec"]["containers"]
        commands.append(container["args"])
        for words in commands:
            done = run(*words, "--print-config")
            self.assertEqual((done.returncode, done.stderr), (0, ""), words)

    def test_values_are_taken(self):
        env = {"AIRCARGO_JWT_SECRET": "0123456789 abcdefghijklmnopqrstuvwxyz"}
        (config,) = documents(PACKAGING / "kubernetes/config.yaml")
        compose = documents(PACKAGING / "compose.yaml")[0]["services"]["server"]["environment"]
        compose = {name: re.sub(r"\$\{(\w+):-(\w*)\}", r"\2", value) for name, value in compose.items()}
        compose = {name: re.sub(r"\$\{POSTGRES_PASSWORD\}", "word", value) for name, value in compose.items()}
        compose["AIRCARGO_JWT_SECRET"] = env["AIRCARGO_JWT_SECRET"]
        systemd = dict(line.split("=", 1) for line in self.lines("systemd/aircargo.env") if not line.startswith("#"))
        everything = dict(line.lstrip("#").split("=", 1) for line in self.lines("systemd/aircargo.env")
                          if re.match("#?AIRCARGO_", line))
        for given in ({**env, "AIRCARGO_STORE": "postgresql://u:p@h/db", **config["data"]}, compose, systemd, everything):
            done = run("--print-config", env=given)
            self.assertEqual((done.returncode, done.stderr), (0, ""), given)

    def test_strangers_do_not_come_in_by_themselves(self):
        (config,) = documents(PACKAGING / "kubernetes/config.yaml")
        self.assertEqual(config["data"]["AIRCARGO_REGISTRATION"], "off")
        self.assertNotIn("AIRCARGO_TRUSTED_PROXIES", config["data"])
        compose = documents(PACKAGING / "compose.yaml")[0]["services"]["server"]["environment"]
        self.assertEqual(compose["AIRCARGO_REGISTRATION"], "${AIRCARGO_REGISTRATION:-off}")
        self.assertEqual(compose["AIRCARGO_TRUSTED_PROXIES"], "${AIRCARGO_TRUSTED_PROXIES:-}")
        for name in ("compose.env", "systemd/aircargo.env"):
            self.assertIn("AIRCARGO_REGISTRATION=off", self.lines(name))

    def lines(self, name):
        return [line for line in (PACKAGING / name).read_text(encoding="utf-8").splitlines() if line]

    def deployment(self):
        return documents(PACKAGING / "kubernetes/deployment.yaml")[0]

    # ---------------------------------------------------------------------------------------------- what they say

    def test_every_document_parses_and_kubernetes_lists_its_own(self):
        for path in [p for p in files() if p.suffix == ".yaml"]:
            for document in documents(path):
                self.assertIsInstance(document, dict, path)
        kubernetes = {p.name for p in (PACKAGING / "kubernetes").iterdir()}
        listed = documents(PACKAGING / "kubernetes/kustomization.yaml")[0]["resources"]
        self.assertEqual(kubernetes, {*listed, "kustomization.yaml"})

    def test_nobody_runs_as_root_or_writes_where_it_need_not(self):
        dockerfile = (PACKAGING / "Dockerfile").read_text(encoding="utf-8")
        self.assertEqual(re.findall(r"^USER (\d+):\d+$", dockerfile, re.MULTILINE), ["10001"])
        self.assertEqual(len(re.findall(r"^FROM ", dockerfile, re.MULTILINE)), 3, "the page, the program, the image")
        pod = self.deployment()["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        self.assertTrue(pod["securityContext"]["runAsNonRoot"])
        self.assertTrue(container["securityContext"]["readOnlyRootFilesystem"])
        self.assertFalse(container["securityContext"]["allowPrivilegeEscalation"])
        services = documents(PACKAGING / "compose.yaml")[0]["services"]
        self.assertEqual(set(services), {"postgres", "redis", "server"})
        self.assertTrue(services["server"]["read_only"])
        for service in services.values():
            for port in service.get("ports", []):
                self.assertTrue(port.startswith("127.0.0.1:"), "only this machine reaches it")

    def test_there_is_time_to_stop(self):
        """Longer than the grace time and the ten seconds of requests in hand after it."""
        grace = int(documents(PACKAGING / "kubernetes/config.yaml")[0]["data"]["AIRCARGO_DRAIN_GRACE"])
        pod = self.deployment()["spec"]["template"]["spec"]
        self.assertGreater(pod["terminationGracePeriodSeconds"], grace + 10)
        unit = (PACKAGING / "systemd/aircargo.service").read_text(encoding="utf-8")
        self.assertGreater(int(re.search(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)[1]), 10)

    def test_the_image_has_what_the_program_is_linked_with(self):
        """What Debian calls the packages of the libraries, of those that the program asks for."""
        program = os.environ.get("AIRCARGO_SERVER", "build/ci/bin/aircargo-server")
        needed = subprocess.run(["objdump", "-p", program], capture_output=True, text=True, check=True, timeout=PATIENCE)
        libraries = re.findall(r"NEEDED +(\S+)", needed.stdout)
        dockerfile = (PACKAGING / "Dockerfile").read_text(encoding="utf-8")
        in_image = {"libc6", "libgcc-s1", "libstdc++6", "zlib1g"}  # of every Debian
        in_image |= set(re.findall(r"[a-z0-9.+-]+", dockerfile[dockerfile.index("debian:12-slim"):]))
        for library in libraries:
            owner = subprocess.run(["dpkg", "-S", f"*/{library}"], capture_output=True, text=True, check=False)
            if owner.returncode == 0 and not re.search("asan|tsan|ubsan", library):
                packages = set(re.findall(r"^([^:\s]+)[:,]", owner.stdout, re.MULTILINE))
                self.assertTrue(packages & in_image, f"{library} is in {packages}")

    # ----------------------------------------------------------------------------------------- what others say

    def checked_by(self, program, *words, env=None):
        if shutil.which(program) is None:
            print(f"{program} is not installed: it has not read the files")
            return None
        return subprocess.run([program, *map(str, words)], env={**environment(), **(env or {})}, cwd=SOURCE,
                              capture_output=True, text=True, timeout=PATIENCE, check=False)

    def test_systemd_reads_the_unit(self):
        done = self.checked_by("systemd-analyze", "verify", "--man=no", PACKAGING / "systemd/aircargo.service")
        if done:
            about_us = [line for line in done.stderr.splitlines()
                        if "aircargo.service" in line and "is not executable" not in line]  # not installed here
            self.assertEqual(about_us, [])
        rated = self.checked_by("systemd-analyze", "security", "--offline=true", "--threshold=20",
                                PACKAGING / "systemd/aircargo.service")
        if rated:
            self.assertEqual(rated.returncode, 0, rated.stdout[-300:] + rated.stderr)

    def test_docker_reads_the_compose_file(self):
        env = {"POSTGRES_PASSWORD": "word", "AIRCARGO_JWT_SECRET": "s" * 40}
        done = self.checked_by("docker", "compose", "-f", PACKAGING / "compose.yaml", "config", "--quiet", env=env)
        if done and "is not a docker command" not in done.stderr and "unknown" not in done.stderr:
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_kubectl_builds_the_manifests(self):
        done = self.checked_by("kubectl", "kustomize", PACKAGING / "kubernetes")
        if done:
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(len(list(yaml.safe_load_all(done.stdout))), 4)

    def test_kubectl_builds_the_manifests_with_tls(self):
        done = self.checked_by("kubectl", "kustomize", PACKAGING / "kubernetes-tls")
        if done:
            self.assertEqual(done.returncode, 0, done.stderr)
            made = {document["kind"]: document for document in yaml.safe_load_all(done.stdout)}
            (container,) = made["Deployment"]["spec"]["template"]["spec"]["containers"]
            plain = self.deployment()["spec"]["template"]["spec"]["containers"][0]
            probes = [name for name in plain if name.endswith("Probe")]
            self.assertEqual(len(probes), 3)
            for probe in probes:
                self.assertEqual(container[probe], {**plain[probe], "httpGet": {**plain[probe]["httpGet"], "scheme": "HTTPS"}})
            (mount,) = container["volumeMounts"]
            for name in ("CERT", "KEY"):
                self.assertTrue(made["ConfigMap"]["data"][f"AIRCARGO_TLS_{name}"].startswith(mount["mountPath"] + "/"))
            self.assertEqual([port["port"] for port in made["Service"]["spec"]["ports"]], [443])


if __name__ == "__main__":
    unittest.main()
