"""A client of a running server: the same names, values and errors as the library, blocking or awaited.

Needs httpx: ``pip install 'aircargo[client]'``.
"""

from __future__ import annotations

from aircargo._extras import need

need("httpx", "client")
need("httpx_sse", "client")

from aircargo.client._clients import AsyncClient, Client  # noqa: E402
from aircargo.client._retry import Retry  # noqa: E402
from aircargo.client._types import ForbiddenError, LoggedEvent, UnauthenticatedError  # noqa: E402

__all__ = ["AsyncClient", "Client", "ForbiddenError", "LoggedEvent", "Retry", "UnauthenticatedError"]
