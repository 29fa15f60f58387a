"""The errors of aircargo, one tree.

Every refusal has a stable `code` for programs and a sentence in `detail` for people; what a caller does about it
decides the class.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = [
    "AirCargoError",
    "BatchError",
    "ConflictError",
    "InvalidInputError",
    "MissingBackendError",
    "NotFoundError",
    "UnavailableError",
]


class AirCargoError(Exception):
    """A refusal.

    Parameters
    ----------
    detail : str
        One sentence that says what is wrong.
    code : str
        The stable name of the reason, such as ``"illegal_transition"``.

    Attributes
    ----------
    detail : str
    code : str
    """

    detail: str
    code: str

    def __init__(self, detail: str, code: str) -> None:
        super().__init__(detail, code)
        self.detail = detail
        self.code = code

    def __str__(self) -> str:
        return self.detail


class InvalidInputError(AirCargoError, ValueError):
    """What was given is not what it must be: mend the call."""


class NotFoundError(AirCargoError, LookupError):
    """What was asked for is not there."""


class ConflictError(AirCargoError):
    """The request is sound, but does not fit the present state: look again, then decide anew."""


class UnavailableError(AirCargoError):
    """It can not be answered now.

    With the code ``"commit_unknown"`` the change may or may not be durable: read before trying again, or try again with
    the same idempotency key.
    """


class MissingBackendError(UnavailableError, ImportError):
    """This build of aircargo has no such backend; `detail` says how to get one that has."""


class BatchError(AirCargoError):
    """Some entries of a batch were refused; the others happened.

    `detail` and `code` are of the first refusal.

    Parameters
    ----------
    results : sequence
        One entry each, in order: what was answered, or the exception.

    Attributes
    ----------
    results : list
    """

    results: list[Any]

    def __init__(self, results: Sequence[Any]) -> None:
        refused = [(place, entry) for place, entry in enumerate(results) if isinstance(entry, BaseException)]
        place, first = refused[0]
        detail = f"{len(refused)} of {len(results)} entries were refused; the first is number {place}: {first}"
        super().__init__(detail, getattr(first, "code", type(first).__name__))
        self.results = list(results)

    def __reduce__(self) -> tuple[type[BatchError], tuple[list[Any]]]:
        return BatchError, (self.results,)
