"""The command line: ``aircargo search DEL BLR 2026-12-01``, ``book``, ``track``, ``import``."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from aircargo.cli._commands import run
from aircargo.cli._parser import parser
from aircargo.errors import AirCargoError, ConflictError, InvalidInputError, NotFoundError, UnavailableError

__all__ = ["main"]

# What a script can tell apart.
STATUSES: tuple[tuple[type[BaseException], int], ...] = (
    (InvalidInputError, 2),
    (NotFoundError, 3),
    (ConflictError, 4),
    (UnavailableError, 5),
    (AirCargoError, 6),  # not logged in, or not allowed
    (ImportError, 7),
    (OSError, 2),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the process unless given.

    Returns
    -------
    int
        The exit status: 0, or 2 for what was given wrong, 3 not found, 4 a conflict, 5 not reachable, 6 not allowed,
        7 a package that is missing.
    """
    try:
        status = run(parser().parse_args(arguments))
        sys.stdout.flush()  # here, where a reader who left can still be noticed
        return status
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    except tuple(kind for kind, _ in STATUSES) as error:
        print(f"aircargo: {one_line(error)}", file=sys.stderr)
        return next(status for kind, status in STATUSES if isinstance(error, kind))


def one_line(error: BaseException) -> str:
    """What went wrong, and the name that programs know it by."""
    text = " ".join(str(error).split())
    return f"{text} ({error.code})" if isinstance(error, AirCargoError) else text
