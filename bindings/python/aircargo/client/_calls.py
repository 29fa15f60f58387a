"""What a client can ask of a server, as data: a request and how its answer is read. Sends nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

import httpx

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Call(Generic[R]):
    """One request. What a `query` or a JSON body holds as None is left out."""

    method: str
    path: str
    read: Callable[[httpx.Response], R]
    query: Mapping[str, Any] = field(default_factory=dict)
    json: Mapping[str, Any] | None = None
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = True  # sent twice it does no more than sent once
    signed: bool = True  # says who asks
    stream: bool = False  # the body is read by whoever gets the answer
    read_timeout: float | None = None  # seconds, instead of the client's
    again: Callable[[httpx.Response], bool] | None = None  # whether parts of a good answer ask for another attempt


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list, and how to ask for the next one."""

    items: list[T]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Pages(Generic[T]):
    """A list that comes page by page."""

    first: Call[Page[T]]

    def behind(self, page: Page[T]) -> Call[Page[T]] | None:
        if page.next_cursor is None:
            return None
        return replace(self.first, query={**self.first.query, "cursor": page.next_cursor})


@dataclass(frozen=True, slots=True)
class Stream(Generic[T]):
    """Events without an end. `read` takes an id and the text that came with it."""

    call: Call[httpx.Response]
    read: Callable[[str, str], T]
    after: str | None = None

    def behind(self, last_id: str | None) -> Call[httpx.Response]:
        if last_id is None:
            return self.call
        return replace(self.call, headers={**self.call.headers, "Last-Event-ID": last_id})


@dataclass(frozen=True, slots=True)
class Parts(Generic[R]):
    """Several calls, one after the other, and what their answers are together."""

    calls: Iterable[Call[Any]]
    join: Callable[[list[Any]], R]
    tell: Callable[[Any], None] | None = None  # is told each answer

    def heard(self, answer: Any) -> Any:
        if self.tell is not None:
            self.tell(answer)
        return answer
