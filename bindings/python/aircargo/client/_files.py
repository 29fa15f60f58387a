"""A large file of flights as parts that a server takes one by one."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

# The server takes 1 MiB.
PART_SIZE = 1_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """Lines under a header of their own."""

    text: bytes
    lines_before: int  # data lines of the parts before


def parts_of(path: str | os.PathLike[str], size: int = PART_SIZE) -> Iterator[Part]:
    """Cut a CSV file, plain or gzip, between lines: a line of flights never goes on on the next one."""
    with _opened(path) as file:
        header = file.readline()
        lines, held, before, read = [header], len(header), 0, 0
        for line in file:
            if held + len(line) > size and len(lines) > 1:
                yield Part(b"".join(lines), before)
                lines, held, before = [header], len(header), read
            lines.append(line)
            held += len(line)
            read += 1
        yield Part(b"".join(lines), before)


def _opened(path: str | os.PathLike[str]) -> BinaryIO:
    with open(path, "rb") as file:
        is_gzip = file.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(path, "rb")) if is_gzip else open(path, "rb")
