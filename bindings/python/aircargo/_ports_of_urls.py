"""Which store, cache and locks a URL or an object means."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from aircargo import _core
from aircargo.errors import InvalidInputError, MissingBackendError

__all__ = ["cache_of", "locks_of", "stores_of"]

_POSTGRES = ("postgresql://", "postgres://")
_REDIS = ("redis://", "unix://")


def stores_of(store: Any, flights: Any = None) -> tuple[Any, Any]:
    """A booking store and a flight store."""
    if isinstance(store, (str, os.PathLike)):
        bookings, of_the_same = _opened(store)
        return bookings, flights if flights is not None else of_the_same
    return store, flights if flights is not None else _core.open_memory()[1]


def _opened(store: str | os.PathLike[str]) -> tuple[Any, Any]:
    if isinstance(store, os.PathLike):
        return _core.open_sqlite(os.fspath(store))
    if store == "memory:":
        return _core.open_memory()
    if store.startswith("sqlite:"):
        return _core.open_sqlite(_sqlite_path(store))
    if store.startswith(_POSTGRES):
        _need("open_postgres", "PostgreSQL", "libpq-dev")
        return _core.open_postgres(store)
    raise _unknown("a store", store, "memory:, sqlite:///PATH or postgresql://USER@HOST/DATABASE")


def _sqlite_path(url: str) -> str:
    # sqlite:///cargo.db beside us, sqlite:////var/cargo.db from the root; sqlite:cargo.db as the server says it.
    path = url.removeprefix("sqlite:")
    if path.startswith("//"):
        path = path.removeprefix("//")
        if path and not path.startswith("/"):
            raise _unknown("a store", url, "sqlite:///PATH: a file has no host")
        path = path.removeprefix("/")
    if path in ("", ":memory:"):
        raise _unknown("a store", url, "sqlite:///PATH; for one in memory say memory:")
    return path


def cache_of(cache: Any) -> Any:
    """A cache; none keeps nothing."""
    if cache is None or cache == "off":
        return _core.no_cache()
    if not isinstance(cache, str):
        return cache
    if cache == "memory:":
        return _core.memory_cache()
    if cache.startswith(_REDIS):
        _need("redis_cache", "Redis", "libhiredis-dev and libssl-dev")
        return _core.redis_cache(cache)
    raise _unknown("a cache", cache, "off, memory: or redis://HOST")


def locks_of(lock: Any) -> Any:
    """A lock manager; by default among the threads of this process."""
    if lock is None or lock == "memory:":
        return _core.memory_locks()
    if lock == "off":
        return _core.no_locks()
    urls = [lock] if isinstance(lock, str) else lock
    if not (isinstance(urls, Sequence) and all(isinstance(url, str) for url in urls)):
        return lock
    if len(urls) == 1 and urls[0].startswith(_POSTGRES):
        _need("postgres_locks", "PostgreSQL", "libpq-dev")
        return _core.postgres_locks(urls[0])
    if urls and all(url.startswith(_REDIS) for url in urls):
        _need("redis_locks", "Redis", "libhiredis-dev and libssl-dev")
        return _core.redis_locks(list(urls))
    wanted = "off, memory:, redis://HOST (or a list of them) or postgresql://HOST/DATABASE"
    raise _unknown("locks", " ".join(urls), wanted)


def _need(function: str, name: str, packages: str) -> None:
    if hasattr(_core, function):
        return
    raise MissingBackendError(
        f"this build of aircargo is without {name}: install {packages}, "
        "then build it again with pip install --force-reinstall --no-binary aircargo aircargo",
        "missing_backend",
    )


def _unknown(what: str, given: str, wanted: str) -> InvalidInputError:
    # Only what stands before the colon: behind it there may be a password.
    scheme = given.partition(":")[0]
    return InvalidInputError(f"'{scheme}:...' names not {what}; it is {wanted}", "invalid_request")
