"""The two clients: what is described in `_operations`, done blocking or awaited."""

from __future__ import annotations

import asyncio
import functools
import inspect
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Protocol, Self, TypeVar

import httpx
import httpx_sse

from aircargo.client import _operations as operations
from aircargo.client._calls import Call, Pages, Parts, Stream
from aircargo.client._exchange import Outcome, Renew, Send, Session, Steps, Wait, exchange, renewal
from aircargo.client._retry import Retry

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

DEFAULT_TIMEOUT = 30.0


def _session(
    token: str | None, refresh_token: str | None, api_key: str | None, name: str | None, password: str | None
) -> Session:
    ways = [way is not None for way in (token, api_key, name)]
    if sum(ways) > 1:
        raise TypeError("give one of token, api_key, or name and password")
    if (name is None) != (password is None):
        raise TypeError("name and password belong together")
    if refresh_token is not None and api_key is not None:
        raise TypeError("an api_key has no refresh_token")
    return Session(token if token is not None else api_key, refresh_token, name, password)


# --------------------------------------------------------------------- operations as methods of either client


def _as_method(operation: Callable[..., Any], does: Callable[..., Any]) -> Any:
    """Gives a method the name, text and signature of the operation, with `self` before it."""
    method = functools.wraps(operation)(does)
    signature = inspect.signature(operation)
    me = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    method.__signature__ = signature.replace(parameters=[me, *signature.parameters.values()])  # type: ignore[attr-defined]
    return method


class _Blocking(Protocol):
    def _do(self, what: Call[R] | Parts[R]) -> R: ...
    def _items(self, pages: Pages[T]) -> Iterator[T]: ...
    def _follow(self, stream: Stream[T]) -> Iterator[T]: ...


class _Awaiting(Protocol):
    async def _do(self, what: Call[R] | Parts[R]) -> R: ...
    def _items(self, pages: Pages[T]) -> AsyncIterator[T]: ...
    def _follow(self, stream: Stream[T]) -> AsyncIterator[T]: ...


def _now(operation: Callable[P, Call[R] | Parts[R]]) -> Callable[Concatenate[_Blocking, P], R]:
    def method(self: _Blocking, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._do(operation(*args, **kwargs))

    return _as_method(operation, method)  # type: ignore[no-any-return]


def _awaited(operation: Callable[P, Call[R] | Parts[R]]) -> Callable[Concatenate[_Awaiting, P], Awaitable[R]]:
    async def method(self: _Awaiting, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await self._do(operation(*args, **kwargs))

    return _as_method(operation, method)  # type: ignore[no-any-return]


def _iterated(operation: Callable[P, Pages[T]]) -> Callable[Concatenate[_Blocking, P], Iterator[T]]:
    def method(self: _Blocking, /, *args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
        return self._items(operation(*args, **kwargs))

    return _as_method(operation, method)  # type: ignore[no-any-return]


def _async_iterated(operation: Callable[P, Pages[T]]) -> Callable[Concatenate[_Awaiting, P], AsyncIterator[T]]:
    def method(self: _Awaiting, /, *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[T]:
        return self._items(operation(*args, **kwargs))

    return _as_method(operation, method)  # type: ignore[no-any-return]


def _followed(operation: Callable[P, Stream[T]]) -> Callable[Concatenate[_Blocking, P], Iterator[T]]:
    def method(self: _Blocking, /, *args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
        return self._follow(operation(*args, **kwargs))

    return _as_method(operation, method)  # type: ignore[no-any-return]


def _async_followed(operation: Callable[P, Stream[T]]) -> Callable[Concatenate[_Awaiting, P], AsyncIterator[T]]:
    def method(self: _Awaiting, /, *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[T]:
        return self._follow(operation(*args, **kwargs))

    return _as_method(operation, method)  # type: ignore[no-any-return]


# --------------------------------------------------------------------------------------------- what they share


class _Following:
    """Where a reader of a stream is, from connection to connection."""

    def __init__(self, stream: Stream[T]) -> None:
        self._stream = stream
        self.last_id = stream.after
        self.pause = 1.0  # seconds, until the server says otherwise

    def next_call(self) -> Call[httpx.Response]:
        return self._stream.behind(self.last_id)

    def take(self, sent: httpx_sse.ServerSentEvent) -> list[Any]:
        """The event of what was sent, if there is one: signs of life have none."""
        if sent.retry is not None:
            self.pause = sent.retry / 1000
        event = [self._stream.read(sent.id, sent.data)] if sent.data else []
        self.last_id = sent.id or self.last_id
        return event


def _timeout(http: httpx.Client | httpx.AsyncClient, read: float | None) -> httpx.Timeout:
    usual = http.timeout
    if read is None:
        return usual
    return httpx.Timeout(connect=usual.connect, read=read, write=usual.write, pool=usual.pool)


_PARAMETERS = """

    Parameters
    ----------
    base_url : str
        Where the server is, such as ``http://127.0.0.1:8080``.
    token : str, optional
        An access token. With `refresh_token` it is renewed when it has expired.
    refresh_token : str, optional
        What comes with an access token.
    api_key : str, optional
        A key that an administrator made for a program, instead of a token.
    name, password : str, optional
        An account. The client logs in when it is needed, and stays logged in.
    timeout : float, default 30
        Seconds that a server may be silent.
    retry : Retry, optional
        When a request is sent again.
    transport : httpx transport, optional
        What sends requests, for tests and for settings of TLS and proxies.

    Notes
    -----
    Each change carries an ``Idempotency-Key``, so one that is sent again happens once.
"""


class Flights:
    """The flights of a server; reached as ``client.flights``."""

    def __init__(self, client: Client) -> None:
        self._do = client._do
        self._items = client._items
        self._follow = client._follow

    get = _now(operations.get_flight)
    list = _iterated(operations.list_flights)
    import_csv = _now(operations.import_csv)


class RouteService:
    """Route searches of a server; reached as ``client.routes``."""

    def __init__(self, client: Client) -> None:
        self._do = client._do
        self._items = client._items
        self._follow = client._follow

    search = _now(operations.search)


class Client:
    """A server, as blocking calls. For several threads at a time; close it, or use it in a `with`."""

    def __init__(
        self,
        base_url: str,
        *,
        token: str | None = None,
        refresh_token: str | None = None,
        api_key: str | None = None,
        name: str | None = None,
        password: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        retry: Retry | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._session = _session(token, refresh_token, api_key, name, password)
        self._retry = retry or Retry()
        self._http = httpx.Client(base_url=base_url, timeout=timeout, transport=transport)
        self._renewing = threading.Lock()
        self._sleep: Callable[[float], None] = time.sleep
        self.flights = Flights(self)
        self.routes = RouteService(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self._http.base_url)!r})"

    request = _now(operations.request)
    register = _now(operations.register)
    me = _now(operations.me)
    book = _now(operations.book)
    act = _now(operations.act)
    depart = _now(operations.depart)
    arrive = _now(operations.arrive)
    deliver = _now(operations.deliver)
    cancel = _now(operations.cancel)
    book_many = _now(operations.book_many)
    depart_many = _now(operations.depart_many)
    arrive_many = _now(operations.arrive_many)
    deliver_many = _now(operations.deliver_many)
    cancel_many = _now(operations.cancel_many)
    get = _now(operations.get)
    track = _now(operations.track)
    list = _now(operations.list_page)
    bookings = _iterated(operations.bookings)
    events = _followed(operations.events)
    events_of = _followed(operations.events_of)
    health = _now(operations.health)

    def log_out(self) -> None:
        """End the session, if the client has logged in."""
        if self._session.refresh is not None:
            self._do(operations.log_out(self._session.refresh))
        self._session.forget()

    def _do(self, what: Call[R] | Parts[R]) -> R:
        if isinstance(what, Parts):
            return what.join([what.heard(self._do(call)) for call in what.calls])
        return self._run(exchange(what, self._session, self._retry))

    def _run(self, steps: Steps[R]) -> R:
        outcome: Outcome | None = None
        while True:
            try:
                step = steps.send(outcome)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            outcome = None
            if isinstance(step, Send):
                outcome = self._send(step)
            elif isinstance(step, Wait):
                self._sleep(step.seconds)
            else:
                self._renew(step)

    def _send(self, step: Send) -> Outcome:
        request = self._http.build_request(
            step.method,
            step.path,
            params=step.query,
            headers=step.headers,
            content=step.content,
            timeout=_timeout(self._http, step.read_timeout),
        )
        try:
            response = self._http.send(request, stream=step.stream)
            if step.stream and not response.is_success:
                response.read()
        except httpx.TransportError as error:
            return error
        return response

    def _renew(self, step: Renew) -> None:
        with self._renewing:
            if self._session.access == step.refused:
                self._run(renewal(self._session, self._retry))

    def _items(self, pages: Pages[T]) -> Iterator[T]:
        call: Call[Any] | None = pages.first
        while call is not None:
            page = self._do(call)
            yield from page.items
            call = pages.behind(page)

    def _follow(self, stream: Stream[T]) -> Iterator[T]:
        following = _Following(stream)
        while True:
            response = self._do(following.next_call())
            try:
                for sent in httpx_sse.EventSource(response).iter_sse():
                    yield from following.take(sent)
            except httpx.TransportError:
                pass  # the server went away, or said nothing for too long: ask again
            finally:
                response.close()
            self._sleep(following.pause)


class AsyncFlights:
    """The flights of a server, to be awaited; reached as ``client.flights``."""

    def __init__(self, client: AsyncClient) -> None:
        self._do = client._do
        self._items = client._items
        self._follow = client._follow

    get = _awaited(operations.get_flight)
    list = _async_iterated(operations.list_flights)
    import_csv = _awaited(operations.import_csv)


class AsyncRouteService:
    """Route searches of a server, to be awaited; reached as ``client.routes``."""

    def __init__(self, client: AsyncClient) -> None:
        self._do = client._do
        self._items = client._items
        self._follow = client._follow

    search = _awaited(operations.search)


class AsyncClient:
    """A server, as coroutines. For one event loop; close it, or use it in an `async with`."""

    def __init__(
        self,
        base_url: str,
        *,
        token: str | None = None,
        refresh_token: str | None = None,
        api_key: str | None = None,
        name: str | None = None,
        password: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        retry: Retry | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._session = _session(token, refresh_token, api_key, name, password)
        self._retry = retry or Retry()
        self._http = httpx.AsyncClient(base_url=base_url, timeout=timeout, transport=transport)
        self._renewing: asyncio.Task[None] | None = None
        self._sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
        self.flights = AsyncFlights(self)
        self.routes = AsyncRouteService(self)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections; a login that is under way ends first."""
        if self._renewing is not None:
            await asyncio.wait([self._renewing])
        await self._http.aclose()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self._http.base_url)!r})"

    request = _awaited(operations.request)
    register = _awaited(operations.register)
    me = _awaited(operations.me)
    book = _awaited(operations.book)
    act = _awaited(operations.act)
    depart = _awaited(operations.depart)
    arrive = _awaited(operations.arrive)
    deliver = _awaited(operations.deliver)
    cancel = _awaited(operations.cancel)
    book_many = _awaited(operations.book_many)
    depart_many = _awaited(operations.depart_many)
    arrive_many = _awaited(operations.arrive_many)
    deliver_many = _awaited(operations.deliver_many)
    cancel_many = _awaited(operations.cancel_many)
    get = _awaited(operations.get)
    track = _awaited(operations.track)
    list = _awaited(operations.list_page)
    bookings = _async_iterated(operations.bookings)
    events = _async_followed(operations.events)
    events_of = _async_followed(operations.events_of)
    health = _awaited(operations.health)

    async def log_out(self) -> None:
        """End the session, if the client has logged in."""
        if self._session.refresh is not None:
            await self._do(operations.log_out(self._session.refresh))
        self._session.forget()

    async def _do(self, what: Call[R] | Parts[R]) -> R:
        if isinstance(what, Parts):
            return what.join([what.heard(await self._do(call)) for call in what.calls])
        return await self._run(exchange(what, self._session, self._retry))

    async def _run(self, steps: Steps[R]) -> R:
        outcome: Outcome | None = None
        while True:
            try:
                step = steps.send(outcome)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            outcome = None
            if isinstance(step, Send):
                outcome = await self._send(step)
            elif isinstance(step, Wait):
                await self._sleep(step.seconds)
            else:
                await self._renew(step)

    async def _send(self, step: Send) -> Outcome:
        request = self._http.build_request(
            step.method,
            step.path,
            params=step.query,
            headers=step.headers,
            content=step.content,
            timeout=_timeout(self._http, step.read_timeout),
        )
        try:
            response = await self._http.send(request, stream=step.stream)
            if step.stream and not response.is_success:
                await response.aread()
        except httpx.TransportError as error:
            return error
        return response

    async def _renew(self, step: Renew) -> None:
        if self._session.access != step.refused:
            return
        if self._renewing is None:
            self._renewing = asyncio.ensure_future(self._run(renewal(self._session, self._retry)))
            self._renewing.add_done_callback(self._renewed)
        # Whoever is cancelled while he waits does not take the others' login with him: a refresh token is good once.
        await asyncio.shield(self._renewing)

    def _renewed(self, task: asyncio.Task[None]) -> None:
        self._renewing = None
        if not task.cancelled():
            task.exception()  # those who wait for it raise it; nobody may, if all were cancelled

    async def _items(self, pages: Pages[T]) -> AsyncIterator[T]:
        call: Call[Any] | None = pages.first
        while call is not None:
            page = await self._do(call)
            for item in page.items:
                yield item
            call = pages.behind(page)

    async def _follow(self, stream: Stream[T]) -> AsyncIterator[T]:
        following = _Following(stream)
        while True:
            response = await self._do(following.next_call())
            try:
                async for sent in httpx_sse.EventSource(response).aiter_sse():
                    for event in following.take(sent):
                        yield event
            except httpx.TransportError:
                pass  # the server went away, or said nothing for too long: ask again
            finally:
                await response.aclose()
            await self._sleep(following.pause)


for _client in (Client, AsyncClient):
    assert _client.__doc__ is not None
    _client.__doc__ += _PARAMETERS
