#!/usr/bin/python3
"""Checks that every include points down, that pure folders stay pure, and that every file is listed in CMake.

usage: check_includes.py [ROOT]      exits 1 and names each finding as path:line: sentence
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

# --------------------------------------------------------------------------------------------------- the rules

# folder: (folders of include/aircargo it may include besides itself, third-party headers it may include)
# A folder that is not in this table is a finding: decide here where it stands.
PUBLIC = {
    "detail":   ("", "boost/system/"),
    "core":     ("detail", "boost/system/ boost/throw_exception.hpp"),
    "booking":  ("detail core", "boost/system/"),
    "routing":  ("detail core", "boost/system/ boost/iterator/ immintrin.h"),
    "tracking": ("detail core booking routing", "boost/system/"),
    "world":    ("detail core routing", "boost/"),
    "store":    ("detail core booking routing", "boost/"),
    "redis":    ("detail core", "boost/"),
    "cache":    ("detail core lock redis", "boost/"),
    "limit":    ("detail core redis", "boost/"),
    "lock":     ("detail core redis store", "boost/"),
    "service":  ("detail core booking routing tracking world store cache limit lock", "boost/"),
    "async":    ("detail core booking routing tracking world store cache limit lock service", "boost/"),
}
# A folder's private headers ("sqlite/statement.hpp", from src/) are its own; those of src/common are for all.
SOURCES = {
    "src/common":  ("detail core", "boost/"),
    "src/world":   ("detail core routing world", "boost/ date/ embedded/"),
    "src/service": (PUBLIC["service"][0] + " service", "boost/ nlohmann/ zlib.h"),
    "src/sqlite":  ("detail core booking routing store", "boost/ sqlite3.h embedded/"),
    "src/redis": ("detail core cache limit lock redis", "boost/ hiredis/ openssl/"),
    "src/postgres": ("detail core booking routing store lock", "boost/ libpq-fe.h embedded/"),
}

# Know no I/O, clock, thread, JSON or global: "now" is an argument.
PURE = {"detail", "core", "booking", "routing", "tracking"}
NOT_IN_PURE = set(
    "atomic condition_variable cstdio filesystem fstream future iostream latch mutex "
    "semaphore shared_mutex stop_token syncstream thread".split()
)
CLOCK_CALL = re.compile(r"\b(system_clock|steady_clock|high_resolution_clock|utc_clock)\s*::\s*now\b|\bstd::time\s*\(")

# Backends. Services know the any_* forms only; async may put memory backends together, which need no
# other library, but no driver.
NO_BACKEND = {
    "service":     re.compile(r"aircargo/(store|cache|limit|lock)/(memory|sqlite|postgres|redis)\.hpp"),
    "src/service": re.compile(r"aircargo/(store|cache|limit|lock)/(memory|sqlite|postgres|redis)\.hpp"),
    "async":       re.compile(r"aircargo/(store|cache|limit|lock)/(sqlite|postgres|redis)\.hpp"),
}

# Sockets and event loops live in one public folder.
ASIO = re.compile(r"boost/(asio|beast)\b")
MAY_ASIO = {"async"}

# A schedule as Boost.Graph sees it. Only these headers know it, so that a search includes none of it.
GRAPH = re.compile(r"boost/(graph|property_map)/.+|aircargo/routing/(graph|hubs|reach)\.hpp")
MAY_GRAPH = {f"include/aircargo/routing/{name}.hpp" for name in ("graph", "hubs", "reach")}

# What POSIX adds to the standard headers; never in a pure folder.
POSIX = re.compile(r"(sys|netinet|arpa)/\w+\.h|(dirent|fcntl|poll|pthread|signal|unistd)\.h")

# What single files of pure folders may have, and why: neither makes an answer depend on more than its question.
EXCEPTIONS = {
    # Threads that search one schedule share the rows of bounds that the first of them computed.
    "include/aircargo/routing/lower_bounds.hpp": {"atomic", "mutex"},
    # Advice to the system to use large pages; nothing is read or written.
    "include/aircargo/routing/schedule_block.hpp": {"sys/mman.h"},
}

# Files that some CMakeLists.txt has to name. Lists are written by hand, so that a build never
# depends on what happens to lie about.
LISTED = [
    "include/aircargo/**/*.hpp",
    "src/**/*.cpp",
    "src/**/*.sql",
    "examples/**/*.cpp",
    "benchmarks/**/*.cpp",
    "tests/fuzz/**/*.cpp",
    "tests/unit/**/*.cpp",
    "tests/contract/**/*.cpp",
    "tests/scenario/**/*.cpp",
    "tests/server/**/test_*.py",
    "tests/support/**/test_*.py",
]

# ---------------------------------------------------------------------------------------------------- the check


@dataclass(frozen=True)
class Finding:
    path: str
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}"


INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")', re.MULTILINE)
COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"', re.DOTALL)


def without_comments(text):
    """The text with comments blanked and its line numbers kept."""

    def blank(match):
        found = match.group(0)
        return found if found.startswith(('"', "R")) else "\n" * found.count("\n") or " "

    return COMMENT_OR_STRING.sub(blank, text)


def check(root):
    findings = []
    for path in sorted(root.glob("include/aircargo/**/*")) + sorted(root.glob("src/**/*")):
        if path.suffix not in (".hpp", ".cpp", ".h"):
            continue
        name = path.relative_to(root).as_posix()
        folder, rule = rule_for(name)
        if rule is None:
            findings.append(Finding(name, 1, f"the folder '{folder}' has no row in tests/tidy/check_includes.py"))
            continue
        code = without_comments(path.read_text(encoding="utf-8"))
        for match in INCLUDE.finditer(code):
            why = refusal(name, folder, rule, match.group(1) or match.group(2), quoted=match.group(2) is not None)
            if why:
                findings.append(Finding(name, line_of(code, match), why))
        if folder in PURE:
            for match in CLOCK_CALL.finditer(code):
                findings.append(Finding(name, line_of(code, match), f"'{folder}' is pure: take 'now' as an argument"))
    return findings + unlisted(root)


def rule_for(name):
    parts = name.split("/")
    if parts[0] == "include":
        folder = parts[2] if len(parts) > 3 else "(top)"
        return folder, PUBLIC.get(folder)
    folder = "/".join(parts[:2]) if len(parts) > 2 else "src"
    return folder, SOURCES.get(folder)


def refusal(name, folder, rule, header, quoted):
    """Why the file `name` of `folder` may not include `header`, or None."""
    own_folders, third_party = rule[0].split() + [folder], rule[1].split()

    if GRAPH.fullmatch(header):
        if name in MAY_GRAPH:
            return None
        return f"'{name}' may not include <{header}>: only the graph view of a schedule knows Boost.Graph"
    if header.startswith("aircargo/"):
        target = header.split("/")[1]
        if target not in own_folders:
            return f"'{folder}' may not include <{header}>: it knows {', '.join(sorted(own_folders))} only"
        if folder in NO_BACKEND and NO_BACKEND[folder].fullmatch(header):
            return f"'{folder}' may not include the backend <{header}>: use the any_* form of the port"
        return None
    if quoted and header.split("/")[0] in ("common", folder.removeprefix("src/")):
        return None  # a private header of this source folder, or one for all
    if ASIO.match(header) and folder not in MAY_ASIO:
        return f"'{folder}' may not include <{header}>: only {', '.join(sorted(MAY_ASIO))} knows Asio"
    if any(header == allowed or (allowed.endswith("/") and header.startswith(allowed)) for allowed in third_party):
        return None
    if header in EXCEPTIONS.get(name, ()):
        return None
    if folder in PURE and (header in NOT_IN_PURE or POSIX.fullmatch(header)):
        return f"'{folder}' is pure and may not include <{header}>"
    if re.fullmatch(r"[a-z0-9_]+", header) or POSIX.fullmatch(header):
        return None  # the standard library
    return f"'{folder}' may not include <{header}>; allowed besides the standard: {', '.join(third_party)}"


def unlisted(root):
    listed = set()
    for lists in [root / "CMakeLists.txt", *root.glob("src/**/CMakeLists.txt"), *root.glob("examples/**/CMakeLists.txt"),
                  *root.glob("benchmarks/**/CMakeLists.txt"), *root.glob("tests/**/CMakeLists.txt")]:
        if not lists.exists():
            continue
        text = re.sub(r"#[^\n]*", "", lists.read_text(encoding="utf-8"))
        for word in re.findall(r'[^\s()"]+', text):
            listed.add(lists.parent / word)  # sources, relative to the list
            listed.add(root / "include" / word)  # headers, as they are included
    return [
        Finding(path.relative_to(root).as_posix(), 1, "is not listed in any CMakeLists.txt")
        for pattern in LISTED
        for path in sorted(root.glob(pattern))
        if path not in listed
    ]


def line_of(text, match):
    return text.count("\n", 0, match.start(0) + len(match.group(0)) - len(match.group(0).lstrip())) + 1


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2]).resolve()
    findings = check(root)
    for finding in findings:
        print(finding)
    print(f"include directions and lists: {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
