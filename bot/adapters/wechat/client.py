"""The connection to a Wechaty gateway: calls with a deadline, and the stream of its events.

The token is sent with every call and appears nowhere else: not in a log, not in an error, not in a repr.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, TypeVar, cast

import msgspec
from grpclib import GRPCError
from grpclib.client import Channel
from grpclib.config import Configuration
from grpclib.exceptions import ProtocolError, StreamTerminatedError
from wechaty_grpc.wechaty import PuppetStub
from wechaty_grpc.wechaty import puppet as pb

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Coroutine
    from pathlib import Path

Answer = TypeVar("Answer")

CALL_SECONDS = 30.0
"""How long a call may take unless it says otherwise."""

KEEPALIVE_TIME, KEEPALIVE_TIMEOUT = 20.0, 10.0
"""Seconds between two pings of the connection, and how long each may stay unanswered."""

LONGEST_REASON = 200

FAULTS = (GRPCError, StreamTerminatedError, ProtocolError, OSError)
"""What a call raises when the gateway refuses it or cannot be reached; a missed deadline is an OSError."""

TALKATIVE = ("grpclib", "h2", "hpack")
"""Libraries that log what is sent, and the token in it, when they are asked to log everything."""


class Link(msgspec.Struct, frozen=True):
    """Where a gateway is, and how it is spoken to. `ca`: the file of the authority that vouches for it.

    Without `tls` everything, the token included, is sent as it is. The last two are seconds.
    """

    endpoint: str
    token: str
    tls: bool = False
    ca: Path | None = None
    keepalive_time: float = KEEPALIVE_TIME
    keepalive_timeout: float = KEEPALIVE_TIMEOUT

    def __repr__(self) -> str:
        return f"Link({self.endpoint!r})"


class _Stub(PuppetStub):
    """The gateway's calls, each made in a task of its own.

    When a connection is lost, grpclib cancels the task that waits for it and raises something else instead. A
    caller who is cancelled at the same moment, by a program that ends, would never know.
    """

    async def _unary_unary(self, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - as they come
        return await _apart(super()._unary_unary(*given, **named))

    async def _stream_unary(self, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - as they come
        return await _apart(super()._stream_unary(*given, **named))


async def _apart(call: Coroutine[Any, Any, Answer]) -> Answer:
    """Make a call in a task of its own, which ends with the caller's."""
    task = asyncio.create_task(call)
    try:
        await asyncio.wait([task])
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
    return task.result()


class Client:
    """One connection to a gateway, made at the first call, and again after it was lost."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._metadata = {"authorization": f"Wechaty {link.token}"}
        self._channel: Channel | None = None
        self._stub: PuppetStub | None = None
        self.heard: Callable[[str, str, str], None] = lambda _chat, _text, _message: None
        """Called with each message of the account itself: the chat, its text or file name, and its id."""
        for library in TALKATIVE:
            logging.getLogger(library).setLevel(logging.WARNING)

    def __repr__(self) -> str:
        return f"Client({self._link.endpoint!r})"

    @property
    def stub(self) -> PuppetStub:
        """The gateway's calls; each raises one of FAULTS, and so does this where the `ca` cannot be read."""
        if self._stub is None:
            self._stub = _Stub(self._connection(), timeout=CALL_SECONDS, metadata=self._metadata)
        return self._stub

    def _connection(self) -> Channel:
        if self._channel is None:
            host, _, port = self._link.endpoint.rpartition(":")
            link = self._link
            config = Configuration(
                ssl_target_name_override=_name_in_certificate(link) if link.tls else None,
                _keepalive_time=link.keepalive_time,
                _keepalive_timeout=link.keepalive_timeout,
                _keepalive_permit_without_calls=True,
                _http2_max_pings_without_data=0,
                _http2_min_sent_ping_interval_without_data=link.keepalive_time / 2,
            )
            tls = _tls(link.ca) if link.tls else None
            self._channel = Channel(host.strip("[]"), int(port), ssl=tls, config=config)
        return self._channel

    async def events(self) -> AsyncGenerator[tuple[int, str], None]:
        """Each event's number and payload (JSON) until the connection ends; the first is a heartbeat.

        Raises one of FAULTS.
        """
        endless = PuppetStub(self._connection(), metadata=self._metadata)  # a deadline would end the stream
        stream = cast("AsyncGenerator[pb.EventResponse, None]", endless.event(pb.EventRequest()))
        async with aclosing(stream):
            async for event in stream:
                yield int(event.type), event.payload

    def hang_up(self) -> None:
        """Let go of the connection, and of all calls on it; the next call makes a new one."""
        if self._channel is not None:
            self._channel.close()

    def without_token(self, text: str) -> str:
        """A text of the gateway's, fit for a log and for rows: it may repeat what it was sent."""
        return text.replace(self._link.token, "…")

    def says(self, error: BaseException) -> str:
        """What went wrong, in one line fit for a log: gateways send whole stack traces."""
        text = (error.message or "") if isinstance(error, GRPCError) else str(error)
        kind = error.status.name if isinstance(error, GRPCError) else type(error).__name__
        first = self.without_token(next(iter(text.strip().splitlines()), "").strip())
        return f"{kind}: {first[:LONGEST_REASON]}" if first else kind


def _name_in_certificate(link: Link) -> str:
    """Whom the certificate must be for: Wechaty names a gateway by what its token begins with."""
    prefix, _, rest = link.token.partition("_")
    return prefix if rest else link.endpoint.rpartition(":")[0].strip("[]")


def _tls(ca: Path | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca)
    except OSError as error:
        raise OSError(f"{ca} cannot be used: {error.strerror or error}") from None
    context.set_alpn_protocols(["h2"])
    if ca is not None:
        # Python 3.13 demands a key usage extension, which home-made authorities lack, and Wechaty's own.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context
