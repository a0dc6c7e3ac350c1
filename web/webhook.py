"""The webhook: news that are believed only with a secret, and answered only after their commit."""

from __future__ import annotations

import hmac
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route

from bot.core.errors import Stop
from storage.failures import DiskFull
from web.server import serve

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    Take = Callable[[bytes], Awaitable[None]]

LARGEST = 1_048_576
"""Bytes; an update is far smaller."""

SECRET = "x-telegram-bot-api-secret-token"  # noqa: S105 - the header's name
NOT_FOUND, NOT_ALLOWED, TOO_LARGE, NOT_NOW = 404, 405, 413, 503


class WebhookServer:
    """Listens on its port for one platform. `address` is where the world reaches it: its path counts."""

    def __init__(self, host: str, port: int, address: str, secret: str) -> None:
        self._host, self._port = host, port
        self._path = urlsplit(address).path or "/"
        self._secret = secret.encode()

    async def __call__(self, take: Take) -> None:
        """Serve until cancelled; what is believed goes to `take`. Raises Stop when the port is not free."""
        try:
            listener = socket.create_server((self._host, self._port))
        except OSError as error:
            why = error.strerror or str(error)
            raise Stop(
                f"The webhook cannot listen on {self._host}, port {self._port}: {why}."
                " Change webhook_host or webhook_port under [telegram]."
            ) from None
        await serve(self.application(take), listener, lambda: None)

    def application(self, take: Take) -> Starlette:
        """The one route. Strangers see that nothing is here."""

        async def receive(request: Request) -> Response:
            said = request.headers.get(SECRET, "").encode()
            if not hmac.compare_digest(said, self._secret):
                return Response(status_code=NOT_FOUND)
            try:
                body = await _body(request)
            except ClientDisconnect:
                return Response(status_code=NOT_NOW)
            if body is None:
                return Response(status_code=TOO_LARGE)
            try:
                await take(body)
            except DiskFull:
                return Response(status_code=NOT_NOW)
            return Response()

        routes = [Route(self._path, receive, methods=["POST"])]
        return Starlette(routes=routes, exception_handlers={NOT_FOUND: _nothing, NOT_ALLOWED: _nothing})


def _nothing(_request: Request, _error: Exception) -> Response:
    """What a stranger sees: the same wherever, and however, they ask."""
    return Response(status_code=NOT_FOUND)


async def _body(request: Request) -> bytes | None:
    """What was sent; None when it is too much."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return bytes(body)
