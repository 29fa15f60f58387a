"""A strict reader of Prometheus' text format 0.0.4, that refuses what `promtool check metrics` would.

`parse` gives the families, or raises `Malformed` with the line. Beyond the format it holds names to the rules
of naming: counters end in _total, nothing else does, and units are base units.
"""

import math
import re
from dataclasses import dataclass, field

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r"[a-zA-Z_][a-zA-Z0-9_]*"
TYPES = ("counter", "gauge", "histogram", "summary", "untyped")
NOT_BASE_UNITS = ("milliseconds", "microseconds", "minutes", "hours", "kilobytes", "megabytes", "percent")


class Malformed(Exception):
    pass


@dataclass
class Family:
    name: str
    type: str
    help: str
    samples: dict = field(default_factory=dict)  # (name, labels as sorted pairs) -> value


def parse(text):
    """The families by name."""
    if not text.endswith("\n"):
        raise Malformed("the last line has no end")
    families = {}
    current = None
    for line in text[:-1].split("\n"):
        if line.startswith("#"):
            current = _read_comment(line, families, current)
        else:
            _read_sample(line, current)
    for family in families.values():
        _check(family)
    return families


def _read_comment(line, families, current):
    match = re.fullmatch(rf"# (HELP|TYPE) ({NAME}) (.+)", line)
    if not match:
        raise Malformed(f"neither HELP nor TYPE: {line!r}")
    what, name, rest = match.groups()
    if what == "HELP":
        if name in families:
            raise Malformed(f"a second HELP of {name}")
        families[name] = Family(name, "", _unescape(rest, '\\n'))
        return families[name]
    if current is None or current.name != name or current.type or current.samples:
        raise Malformed(f"TYPE does not follow its HELP: {line!r}")
    if rest not in TYPES:
        raise Malformed(f"no such type: {line!r}")
    current.type = rest
    return current


def _read_sample(line, family):
    match = re.fullmatch(rf"({NAME})(?:\{{(.*)\}})? (\S+)", line)
    if not match:
        raise Malformed(f"no sample: {line!r}")
    name, labels, value = match.groups()
    if family is None or not family.type or name not in _names_of(family):
        raise Malformed(f"a sample outside its family: {line!r}")
    key = (name, _read_labels(labels or "", line))
    if key in family.samples:
        raise Malformed(f"a series twice: {line!r}")
    family.samples[key] = _number(value, line)


def _names_of(family):
    if family.type == "histogram":
        return [family.name + suffix for suffix in ("_bucket", "_sum", "_count")]
    if family.type == "summary":
        return [family.name, family.name + "_sum", family.name + "_count"]
    return [family.name]


def _read_labels(text, line):
    found = {}
    at = 0
    while at < len(text):
        match = re.compile(rf'({LABEL})="((?:[^"\\\n]|\\[\\"n])*)"(,|$)').match(text, at)
        if not match:
            raise Malformed(f"labels: {line!r}")
        name, value, _ = match.groups()
        if name in found or name.startswith("__"):
            raise Malformed(f"the label {name}: {line!r}")
        found[name] = _unescape(value, '\\n"')
        at = match.end()
    return tuple(sorted(found.items()))


def _unescape(text, allowed):
    def one(match):
        if match.group(1) not in allowed or match.group(1) == "":
            raise Malformed(f"an escape: {text!r}")
        return "\n" if match.group(1) == "n" else match.group(1)
    return re.sub(r"\\(.?)", one, text)


def _number(text, line):
    if text in ("NaN", "+Inf", "-Inf", "Inf"):
        return float(text)
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text):
        raise Malformed(f"the number {text!r}: {line!r}")
    return float(text)


def _check(family):
    if not family.type:
        raise Malformed(f"{family.name} has no TYPE")
    if not family.help.strip():
        raise Malformed(f"{family.name} has no help")
    if (family.type == "counter") != family.name.endswith("_total"):
        raise Malformed(f"{family.name} is a {family.type}: counters, and only they, end in _total")
    if any(unit in family.name for unit in NOT_BASE_UNITS) or family.type in family.name:
        raise Malformed(f"{family.name}: not a base unit, or the type in the name")
    if any(_label(labels, "le") for (name, labels) in family.samples if not name.endswith("_bucket")):
        raise Malformed(f"{family.name} has the label le outside of a bucket")
    if family.type == "counter" and not all(v >= 0 for v in family.samples.values()):
        raise Malformed(f"{family.name} is a counter that has gone down")
    if family.type == "histogram":
        _check_histogram(family)


def _label(labels, name):
    return dict(labels).get(name)


def _check_histogram(family):
    series = {}
    for (name, labels), value in family.samples.items():
        rest = tuple(pair for pair in labels if pair[0] != "le")
        one = series.setdefault(rest, {"buckets": []})
        if name.endswith("_bucket"):
            bound = _label(labels, "le")
            if bound is None:
                raise Malformed(f"{family.name}: a bucket without le")
            one["buckets"].append((_number(bound, bound), value))
        else:
            one[name.rsplit("_", 1)[1]] = value
    for labels, one in series.items():
        bounds = [bound for bound, _ in one["buckets"]]
        counts = [count for _, count in one["buckets"]]
        if "sum" not in one or "count" not in one or not bounds:
            raise Malformed(f"{family.name}{labels}: buckets, _sum and _count belong together")
        if bounds != sorted(set(bounds)) or bounds[-1] != math.inf:
            raise Malformed(f"{family.name}{labels}: bounds must rise up to +Inf")
        if counts != sorted(counts) or counts[-1] != one["count"]:
            raise Malformed(f"{family.name}{labels}: counts must rise up to _count")
