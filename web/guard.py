"""What every request meets first: this machine's names, our own page, small bodies, strict headers."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse

from web.media import LARGEST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("banzhang.web")

THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")
SMALL = 64 * 1024
"""Bytes of a body without a picture."""

VISITED = frozenset({"/", "/account"})
"""The pages themselves, to which a link from elsewhere may lead."""

ROOM_FOR_PICTURE = {"/room/say": LARGEST + SMALL}

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self';"
        " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
        " require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Refuses what another site, or another name for this machine, sends; adds the security headers.

    Who leaves before all is sent is answered nothing: nobody is there to hear it.
    """

    def __init__(self, app: ASGIApp, port: int, allowed_hosts: Iterable[str]) -> None:
        self._app = app
        names = tuple(name.lower() for name in allowed_hosts)
        self._names = frozenset(names)
        own = {f"{name}:{port}" for name in THIS_MACHINE} | (set(THIS_MACHINE) if port == 80 else set())
        self._hosts = frozenset(own)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] != "http":
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refused = self._refusal(scope, Headers(scope=scope))
        answer = self._app if refused is None else PlainTextResponse(refused[1], refused[0])
        try:
            await answer(scope, receive, send_with_headers)
        except ClientDisconnect:
            log.debug("somebody left in the middle of a request")

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        """Why a request is not answered: status and reason."""
        host = headers.get("host", "").lower()
        if not self._knows(host):
            return 421, "This address is not served here. Names for it can be set in [web] allowed_hosts."
        if not _is_from_here(scope, headers, host):
            return 403, "Only Banzhang's own page may do this."
        if scope["method"] in {"GET", "HEAD"}:
            return None
        length = headers.get("content-length", "")
        if not (length.isascii() and length.isdigit()):
            return 411, "The body's length is missing."
        if int(length) > ROOM_FOR_PICTURE.get(scope["path"], SMALL):
            return 413, "The body is too large."
        return None

    def _knows(self, host: str) -> bool:
        name, _, port = host.rpartition(":")
        without_port = name if port.isdigit() and name else host
        return host in self._hosts or host in self._names or without_port in self._names


def _is_from_here(scope: Scope, headers: Headers, host: str) -> bool:
    """Whether our own page asks, or somebody typed the page's address or followed a link to it."""
    site = headers.get("sec-fetch-site", "same-origin")
    origin = headers.get("origin")
    if origin is not None and origin.partition("://")[2].lower() != host:
        return False
    if scope["method"] not in {"GET", "HEAD"}:
        return origin is not None and site == "same-origin"
    is_visit = headers.get("sec-fetch-mode") == "navigate" and scope["path"] in VISITED
    return site in {"same-origin", "none"} or is_visit
