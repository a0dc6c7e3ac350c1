"""What the adapters' tests stand on: an intake that keeps what it is brought, and a house on one platform."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from inspect import isawaitable
from pathlib import Path
from typing import Any, TypeVar

from bot.app import DATABASE, assemble, everything_on, opened
from bot.config import Config
from bot.core.clock import Clock, WallClock
from bot.core.engine import Engine
from bot.core.events import Batch, Event
from bot.core.platforms import Intake, Limits, Platform
from storage.db import Database, Transaction
from tests.prepared import prepare

Kind = TypeVar("Kind", bound=Event)
Adapter = TypeVar("Adapter", bound=Platform)

SWIFT = Limits(overall_per_second=1000, chat_per_second=1000, chat_burst=1000, group_per_minute=60_000)
"""Pacing has tests of its own."""

PATIENCE = 60.0
"""Seconds, at most, that something is waited for: many, for a machine that has others to serve."""

LOOK_EVERY = 0.01


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
        self._cursor = cursor

    async def take(self, batch: Batch) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.batches.append(batch)

    async def cursor(self, bot: str, source: str) -> str | None:
        return self._cursor

    @property
    def events(self) -> list[Event]:
        return [event for batch in self.batches for event in batch.events]

    @property
    def keys(self) -> list[str]:
        return [event.key for event in self.events]

    def of(self, kind: type[Kind], native: str | None = None) -> list[Kind]:
        """The events of a kind, of one place."""
        found = [event for event in self.events if isinstance(event, kind)]
        return [event for event in found if native in {None, event.place.native}]


async def until(look: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """Wait until a look, awaited if need be, finds something; what it found. TimeoutError after a while."""
    async with asyncio.timeout(seconds):
        while True:
            found = look()
            if isawaitable(found):
                found = await found
            if found:
                return found
            await asyncio.sleep(LOOK_EVERY)


async def rows(database: Database, sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What a query finds."""

    def look(tx: Transaction) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in tx.all(sql, values)]

    return await database.read(look)


@asynccontextmanager
async def listening(platform: Platform, intake: Intake) -> AsyncIterator[None]:
    """Let the adapter listen meanwhile."""
    task = asyncio.create_task(platform.listen(intake))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class House:
    """The whole engine, running on one platform."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.database: Database = engine.database

    async def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """What a query finds."""
        return await rows(self.database, sql, values)

    async def until(self, sql: str, seconds: float = PATIENCE, **values: Any) -> Sequence[tuple[Any, ...]]:
        """Wait until a query finds something."""
        found: list[tuple[Any, ...]] = await until(lambda: self.rows(sql, **values), seconds)
        return found


@asynccontextmanager
async def running(
    config: Config, folder: Path, adapter: Callable[[Clock], Adapter]
) -> AsyncIterator[tuple[Engine, Adapter]]:
    """The engine with this one platform, over a real file in `folder`."""
    clock = WallClock()
    async with opened(await prepare(folder / "data" / DATABASE)) as database:
        engine = assemble(everything_on(config), database, clock, seed=1)
        platform = adapter(clock)
        platform.limits = SWIFT
        engine.add(platform)
        task = asyncio.create_task(engine.run())
        try:
            yield engine, platform
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await platform.close()
