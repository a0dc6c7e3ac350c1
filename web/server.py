"""The web server inside Banzhang's own event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING

import uvicorn

from bot.core.errors import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import ASGIApp

NEXT_PORTS = 20
PATIENCE = 3
"""Seconds that open requests get at the end."""


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens on the port, or on one of the next when it is taken. Raises Stop when all are."""
    why = ""
    for candidate in range(port, min(port + NEXT_PORTS, 65_536)):
        try:
            family, _, _, _, address = socket.getaddrinfo(host, candidate, type=socket.SOCK_STREAM)[0]
            return socket.create_server(address[:2], family=family)
        except OSError as error:
            why = error.strerror or str(error)
    raise Stop(f"cannot listen on {host}, port {port} or the next ones ({why}): change [web] host or port")


def address_of(listener: socket.socket) -> str:
    """The address that a browser on this machine opens."""
    host, port = listener.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared with, not listened on
        host = "127.0.0.1"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


class _Server(uvicorn.Server):
    """Leaves the signals to whoever runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: ASGIApp, listener: socket.socket, before_end: Callable[[], None]) -> None:
    """Answer requests until cancelled; `before_end` then ends those that would never end."""
    config = uvicorn.Config(
        app,
        access_log=False,
        lifespan="off",
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=PATIENCE,
        ws="none",
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    finally:
        before_end()
        server.should_exit = True
        await serving
