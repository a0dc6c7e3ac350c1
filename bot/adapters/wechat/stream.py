"""The way to the gateway: kept open, looked after, and found again.

Whether it is still there is asked every second or so, by a call that does nothing: a gateway that is frozen,
or gone without a word, looks as if nothing happened.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from typing import TYPE_CHECKING

import msgspec
from grpclib import GRPCError, Status
from wechaty_grpc.wechaty import puppet as pb

from bot.adapters.wechat.client import FAULTS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.adapters.wechat.client import Client
    from bot.adapters.wechat.watch import Watch
    from bot.core.clock import Clock

log = logging.getLogger("banzhang.wechat")

NO_ANSWER = {Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED, Status.CANCELLED}
"""What is said of a gateway that does not answer; everything else it says itself."""

GHOST = 120_000
"""Milliseconds for which a gateway may keep a connection of which nothing is left."""

SAID = {
    "reach": "the gateway of WeChat does not answer (%s); trying again",
    "token": "the gateway of WeChat refuses the token (%s): mend it in config.toml or in the environment",
    "taken": "the gateway of WeChat tells another program the news (%s): end that one; trying again",
}


class Patience(msgspec.Struct, frozen=True):
    """How long, in seconds, the adapter waits for what.

    ask_every: between two looks whether the gateway is there; answer: for its answer; login: for word of the
    account after a start; first_wait, longest_wait: between tries to reach it; taken: while another program
    has the news; token: while the token is refused; reading: for what a message says; settled: for member
    lists to be true again after somebody came or went; ready: for a gateway to know all rooms after a login.
    """

    ask_every: float = 1.0
    answer: float = 15.0
    login: float = 5.0
    first_wait: float = 0.5
    longest_wait: float = 30.0
    taken: float = 15.0
    token: float = 180.0
    reading: float = 10.0
    settled: float = 2.0
    ready: float = 30.0


class Stream:
    """The gateway's events, one connection after another. `trouble` is empty, or reach, token or taken."""

    def __init__(
        self,
        client: Client,
        watch: Watch,
        clock: Clock,
        patience: Patience,
        take: Callable[[int, str], Awaitable[None]],
        connected: Callable[[], None],
        silent: Callable[[], None],
    ) -> None:
        """`take` is given each event, `connected` called before them, `silent` when the login had time."""
        self._client = client
        self._watch = watch
        self._clock = clock
        self._patience = patience
        self._take = take
        self._connected = connected
        self._silent = silent
        self.trouble = ""
        self._wait = patience.first_wait
        self._lost_at: int | None = None

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            try:
                await self._session()
            except FAULTS as error:
                await asyncio.sleep(self._after(error))

    async def _session(self) -> None:
        """Listen on one connection. Raises one of FAULTS when it ends."""
        await self._ask()
        opened = asyncio.Event()
        tasks = [asyncio.create_task(self._listen(opened)), asyncio.create_task(self._look_after(opened))]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._lost_at = self._clock.now() if self._watch.is_up else self._lost_at
            self._watch.lost()

    async def _listen(self, opened: asyncio.Event) -> None:
        async with aclosing(self._client.events()) as events:
            async for kind, payload in events:
                if not opened.is_set():
                    self._open()
                    opened.set()
                self._watch.alive(self._clock.now())
                await self._take(kind, payload)
        raise ConnectionError("the gateway ended the stream")

    def _open(self) -> None:
        """The first event came, which says no more than that others will."""
        if self.trouble:
            log.warning("the gateway of WeChat is there again")
        self.trouble = ""
        self._wait = self._patience.first_wait
        self._connected()
        self._watch.opened()

    async def _look_after(self, opened: asyncio.Event) -> None:
        """Start what is behind the gateway, then ask again and again whether it is there."""
        async with asyncio.timeout(self._patience.answer):
            await opened.wait()
        starting = asyncio.create_task(self._start())
        try:
            while True:
                await asyncio.sleep(self._patience.ask_every)
                await self._ask()
        finally:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)

    async def _start(self) -> None:
        """Start what is behind the gateway, unless it runs; then see whether it logged in."""
        try:
            await self._client.stub.start(pb.StartRequest())
        except GRPCError as error:
            log.warning("the gateway of WeChat cannot start what is behind it: %s", self._client.says(error))
        await asyncio.sleep(self._patience.login)
        self._silent()

    async def _ask(self) -> None:
        """A sign of life. Raises one of FAULTS when there is none, or the token is refused."""
        asked_at = self._clock.now()
        try:
            await self._client.stub.version(pb.VersionRequest(), timeout=self._patience.answer)
        except GRPCError as error:
            if error.status in NO_ANSWER or error.status is Status.UNAUTHENTICATED:
                raise
        self._watch.alive(asked_at)

    async def glance(self) -> str:
        """Ask once, without listening: empty when it answers and takes the token, else reach or token."""
        try:
            await self._ask()
        except FAULTS as error:
            refused = isinstance(error, GRPCError) and error.status is Status.UNAUTHENTICATED
            return "token" if refused else "reach"
        return ""

    def _after(self, error: BaseException) -> float:
        """Seconds to wait after a connection ended, or was refused; each trouble is said once."""
        status = error.status if isinstance(error, GRPCError) else None
        if status is Status.UNAUTHENTICATED:
            return self._say("token", error, self._patience.token)
        if status is Status.ALREADY_EXISTS:
            return self._say("reach" if self._is_ghost() else "taken", error, self._patience.taken)
        self._client.hang_up()
        wait, self._wait = self._wait, min(2 * self._wait, self._patience.longest_wait)
        return self._say("reach", error, wait)

    def _is_ghost(self) -> bool:
        """Whether who has the news may be a connection of our own, lost without the gateway's noticing."""
        return self._lost_at is not None and self._clock.now() < self._lost_at + GHOST

    def _say(self, trouble: str, error: BaseException, wait: float) -> float:
        if trouble != self.trouble:
            log.warning(SAID[trouble], self._client.says(error))
        self.trouble = trouble
        return wait
