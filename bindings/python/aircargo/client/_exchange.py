"""One call from its first request to its answer: retries, logins, refusals. Sends nothing and waits for nothing.

An exchange is a generator. It yields what is to be done and is sent what came of it, so a client that blocks and one
that awaits run the same code.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from aircargo.client._calls import Call
from aircargo.client._retry import Retry
from aircargo.client._types import UnauthenticatedError
from aircargo.client._wire import problem_of, unreachable

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Send:
    """Send this; the answer, or the error on the way, is what the exchange goes on with."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    content: bytes | None
    stream: bool
    read_timeout: float | None


@dataclass(frozen=True, slots=True)
class Wait:
    """Let so many seconds pass."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Renew:
    """Log in anew, unless somebody has since this token was read."""

    refused: str | None


Outcome = httpx.Response | httpx.TransportError
Steps = Generator[Send | Wait | Renew, Outcome | None, R]


@dataclass(slots=True)
class Session:
    """Who the client is. The tokens change."""

    access: str | None = None
    refresh: str | None = None
    name: str | None = None
    password: str | None = None

    @property
    def can_renew(self) -> bool:
        return self.refresh is not None or self.password is not None

    def forget(self) -> None:
        self.access = self.refresh = None


def exchange(call: Call[R], session: Session, retry: Retry) -> Steps[R]:
    """The steps that one call takes. Returns what was read; raises what the server refuses for."""
    plan = retry.plan()
    renewed = False
    if call.signed and session.access is None and session.can_renew:
        yield Renew(None)
    while True:
        token = session.access if call.signed else None
        answer = yield _request(call, token)
        assert answer is not None
        if _is_refused_token(answer) and call.signed and session.can_renew and not renewed:
            renewed = True
            yield Renew(token)
            continue
        wait = plan.wait_after(answer, repeatable=call.repeatable)
        if wait is None and _asks_again(call, answer):
            wait = plan.wait()
        if wait is None:
            break
        yield Wait(wait)
    if isinstance(answer, httpx.TransportError):
        raise unreachable(answer) from answer
    if not answer.is_success:
        raise problem_of(answer)
    return call.read(answer)


def renewal(session: Session, retry: Retry) -> Steps[None]:
    """The steps to the next tokens: by the refresh token, else by the password."""
    if session.refresh is not None:
        # It is good once. If the answer was lost on the way and the server knows it as used, nothing more is lost by
        # sending it again.
        call = _login("/api/v1/auth/refresh", {"refresh_token": session.refresh})
        try:
            grant = yield from exchange(call, session, retry)
        except UnauthenticatedError:
            session.refresh = None
            if session.password is None:
                raise
        else:
            _take(session, grant)
            return
    call = _login("/api/v1/auth/login", {"name": session.name, "password": session.password})
    _take(session, (yield from exchange(call, session, retry)))


def _login(path: str, body: dict[str, Any]) -> Call[dict[str, Any]]:
    return Call("POST", path, httpx.Response.json, json=body, signed=False)


def _take(session: Session, grant: dict[str, Any]) -> None:
    session.access = grant["access_token"]
    session.refresh = grant["refresh_token"]


def _request(call: Call[Any], token: str | None) -> Send:
    headers = {"Accept": "application/json", **call.headers}
    content = call.content
    if call.json is not None:
        content = json.dumps(_without_none(call.json), ensure_ascii=False).encode()
        headers["Content-Type"] = "application/json"
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    query = {name: str(value) for name, value in _without_none(call.query).items()}
    return Send(call.method, call.path, query, headers, content, call.stream, call.read_timeout)


def _without_none(members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _asks_again(call: Call[Any], answer: Outcome) -> bool:
    return call.again is not None and isinstance(answer, httpx.Response) and answer.is_success and call.again(answer)


def _is_refused_token(answer: Outcome) -> bool:
    return isinstance(answer, httpx.Response) and answer.status_code == 401
