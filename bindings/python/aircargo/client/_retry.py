"""When a request is sent again, and after how long. Knows no clock and sends nothing itself."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

import httpx

_AGAIN = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class Retry:
    """How often and how long a client goes on when a server can not answer now.

    Waits double from `base` on, each a random part of that, and are at least what the server asks for in
    ``Retry-After``. A wait that would go beyond `longest` is not begun: then the refusal is raised.

    Parameters
    ----------
    attempts : int, default 5
        How often a request is sent at most, the first time counted.
    base : float, default 0.2
        Seconds of the first wait at most.
    longest : float, default 60.0
        Seconds of all waits of one call together at most.
    jitter : callable, optional
        Draws a number between 0 and the given one; ``random.uniform(0, most)`` unless given.

    Examples
    --------
    >>> from aircargo.client import Retry
    >>> Retry(attempts=1).attempts  # never again
    1
    """

    attempts: int = 5
    base: float = 0.2
    longest: float = 60.0
    jitter: Callable[[float], float] = field(default=lambda most: random.uniform(0, most), repr=False)

    def plan(self) -> RetryPlan:
        """Begin to count for one call.

        Returns
        -------
        RetryPlan
            What tells the waits of this call, one after the other.
        """
        return RetryPlan(self)


class RetryPlan:
    """The waits of one call, each told after an attempt that failed."""

    def __init__(self, policy: Retry) -> None:
        self._policy = policy
        self._attempts = 1
        self._waited = 0.0

    def wait_after(self, answer: httpx.Response | httpx.TransportError, *, repeatable: bool) -> float | None:
        """Seconds to wait before the request is sent again; None where it is not to be.

        What is not `repeatable` is sent again only if the server can not have done it: it refused to look at it, or
        there was no connection.
        """
        if not _may_repeat(answer, repeatable):
            return None
        return self.wait(asked_for(answer))

    def wait(self, at_least: float = 0.0) -> float | None:
        """Seconds to wait before one attempt more; None if there is to be none."""
        if self._attempts >= self._policy.attempts:
            return None
        most = self._policy.base * 2.0 ** (self._attempts - 1)
        wait = max(self._policy.jitter(most), at_least)
        if self._waited + wait > self._policy.longest:
            return None
        self._attempts += 1
        self._waited += wait
        return wait


def _may_repeat(answer: httpx.Response | httpx.TransportError, repeatable: bool) -> bool:
    if isinstance(answer, httpx.TransportError):
        return repeatable or isinstance(answer, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout))
    if answer.status_code == 429:
        return True
    return repeatable and answer.status_code in _AGAIN


def asked_for(answer: httpx.Response | httpx.TransportError) -> float:
    """The seconds that an answer asks to wait: a number, or until an instant, which proxies write."""
    if isinstance(answer, httpx.TransportError):
        return 0.0
    text = answer.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    if until.tzinfo is None:
        until = until.replace(tzinfo=timezone.utc)
    return max(0.0, (until - datetime.now(timezone.utc)).total_seconds())
