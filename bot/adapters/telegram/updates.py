"""The long poll itself: one kept connection, whose answers stay bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest

if TYPE_CHECKING:
    from ssl import SSLContext

    from telegram._utils.types import ODVInput
    from telegram.request import RequestData

TRAVEL_SECONDS: Final = 5.0
"""Seconds that a question and its answer may take on the way, beyond what Telegram holds it back."""

EMPTY: Final = b'{"ok":true,"result":[]}'


class RawUpdates(BaseRequest):
    """Asks for updates and keeps the bytes of the answer, for msgspec; python-telegram-bot sees it empty.

    aiohttp takes a fifth of the time that httpx does for an answer of a hundred updates. Each question is
    one address: python-telegram-bot would put it together from its parameters every time.
    """

    body = EMPTY

    def __init__(self, root: str, trusted: SSLContext) -> None:
        """`root`: the address whose news are asked for; the environment may name a proxy for it."""
        self._trusted = trusted
        self._proxy = _proxy(root)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait where nothing else is said."""
        return TRAVEL_SECONDS

    async def initialize(self) -> None:
        """Get ready."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(ssl=self._trusted, limit=1)
            self._session = aiohttp.ClientSession(connector=connector)

    async def shutdown(self) -> None:
        """Let go of the connection."""
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,  # noqa: ARG002 - the base's
        request_data: RequestData | None = None,  # noqa: ARG002 - all that is asked is in the address
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - the base's
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - the base's
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - the base's
    ) -> tuple[int, bytes]:
        """Ask; the answer's status, and an answer without updates. No error tells the address, nor its token.

        Raises TimedOut, NetworkError.
        """
        assert self._session is not None, "not initialized"
        seconds = cast("float", read_timeout)
        timeout = aiohttp.ClientTimeout(total=None, connect=TRAVEL_SECONDS, sock_read=seconds)
        try:
            async with self._session.get(url, timeout=timeout, proxy=self._proxy) as answer:
                body = await answer.read()
        except TimeoutError:
            raise TimedOut from None
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from None
        if answer.status != 200:
            return answer.status, body
        self.body = body
        return answer.status, EMPTY


def _proxy(root: str) -> str | None:
    """The proxy that the environment names for an address."""
    address = urlsplit(root)
    proxies = getproxies()
    if proxy_bypass(address.hostname or ""):
        return None
    return proxies.get(address.scheme) or proxies.get("all")
