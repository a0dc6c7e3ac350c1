"""The house on a fake Telegram: the adapter alone, or the whole engine with members who act."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from bot import platforms
from bot.adapters.telegram import Telegram
from bot.app import DATABASE, assemble, everything_on, feature_settings, opened
from bot.config import Config, load
from bot.core.clock import WallClock
from bot.core.engine import Engine
from bot.core.platforms import Intake, Limits, Outgoing
from bot.core.port import AnyAction, Batch, Button, words
from storage.db import Database, Transaction
from tests.peers.telegram import FakeServer
from tests.prepared import prepare

Result = TypeVar("Result")

SWIFT = Limits(overall_per_second=1000, chat_per_second=1000, chat_burst=1000, group_per_minute=60_000)
"""For tests that are not about pacing."""


class HastyClock(WallClock):
    """The wall clock, but waiting takes no time: what an adapter waits for is over at once."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.ahead += int(seconds * 1000)
        await asyncio.sleep(0)


class Heap:
    """An intake that keeps what it is brought; `faults` are raised first."""

    def __init__(self, cursor: str | None = None) -> None:
        self.batches: list[Batch] = []
        self.faults: list[Exception] = []
        self.enough: Callable[[Heap], bool] = lambda _: False
        self.done = asyncio.Event()
        self._cursor = cursor

    async def take(self, batch: Batch) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.batches.append(batch)
        if self.enough(self):
            self.done.set()

    async def cursor(self, bot: str, source: str) -> str | None:
        return self._cursor

    @property
    def keys(self) -> list[str]:
        return [event.key for batch in self.batches for event in batch.events]


def config_for(fake: FakeServer, folder: Path, more: str = "", token: str = "") -> Config:
    """The settings of a bot on the fake server."""
    path = folder / "config.toml"
    text = f'[telegram]\ntoken = "{token or fake.token}"\napi_root = "{fake.root}"\n{more}'
    path.write_text(text, encoding="utf-8")
    return load(path, feature_settings(), {})


@asynccontextmanager
async def a_bot(
    fake: FakeServer, folder: Path, more: str = "", token: str = "", clock: WallClock | None = None
) -> AsyncIterator[Telegram]:
    """The adapter alone."""
    telegram = Telegram(config_for(fake, folder, more, token).telegram, clock or HastyClock())
    try:
        yield telegram
    finally:
        await telegram.close()


@asynccontextmanager
async def listening(telegram: Telegram, heap: Intake) -> AsyncIterator[asyncio.Task[None]]:
    """Let the adapter listen meanwhile."""
    task = asyncio.create_task(telegram.listen(heap))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def outgoing(
    action: AnyAction,
    chat: int,
    html: str = "",
    buttons: Sequence[Sequence[tuple[str, str]]] = (),
    picture: bytes | None = None,
) -> Outgoing:
    """An action made ready; buttons as (label, data)."""
    rows = tuple(tuple((label, Button(words("any.label"), data)) for label, data in row) for row in buttons)
    return Outgoing(action, str(chat), html, rows, picture)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class House:
    """The whole engine, running against the fake."""

    def __init__(self, fake: FakeServer, engine: Engine, telegram: Telegram) -> None:
        self.fake = fake
        self.engine = engine
        self.telegram = telegram
        self.database: Database = engine.database

    async def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """What a query finds."""

        def look(tx: Transaction) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in tx.all(sql, values)]

        return await self.database.read(look)

    async def quiet(self) -> None:
        """Wait until the bot has heard everything and has nothing more to say."""
        while True:
            await self.fake.control.wait_idle(timeout=30, settle=0.05)
            if not await self.rows("SELECT 1 FROM outbox WHERE state = 'waiting'"):
                return
            await asyncio.sleep(0.02)


@asynccontextmanager
async def a_house(fake: FakeServer, folder: Path, more: str = "") -> AsyncIterator[House]:
    """The engine with this one platform, over a real file in `folder`."""
    config = config_for(fake, folder, more)
    clock = WallClock()
    async with opened(await prepare(folder / "data" / DATABASE)) as database:
        engine = assemble(everything_on(config), database, clock, seed=1)
        (telegram,) = platforms.asked_for(config, clock)
        assert isinstance(telegram, Telegram)
        telegram.limits = SWIFT
        engine.add(telegram)
        running = asyncio.create_task(engine.run())
        try:
            yield House(fake, engine, telegram)
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
            await telegram.close()
