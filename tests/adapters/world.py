"""What the behaviour suite plays on: one platform, its people and groups, and the whole house behind it.

A platform that joins the house needs one class here: how people act on its side, and how what the bot did is
read there. `test_behaviour.py` then asks of it what it asks of all others; docs/adapters.md tells the rest.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.app import DATABASE, assemble, everything_on, feature_settings, opened
from bot.config import Config, load
from bot.core.clock import Clock, WallClock
from bot.core.engine import Engine
from bot.core.platforms import Platform
from bot.core.port import Can
from storage.db import Database
from tests.adapters.house import SWIFT, rows, until
from tests.prepared import prepare

SOON = 1_000
"""What may go within so many milliseconds is waited for."""


class Heard(msgspec.Struct, frozen=True):
    """One message of the bot as a member reads it; `holds` is picture, file or nothing."""

    text: str
    holds: str = ""


class World(ABC):
    """A platform with people on it. Groups are called by their first title, people by their names."""

    can: Can
    settings = '[bot]\nlanguage = "zh-Hans"\n'
    """The text of its config.toml."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine: Engine
        self._open = AsyncExitStack()
        self._running: asyncio.Task[None] | None = None

    # The house.

    @abstractmethod
    def platform(self, config: Config, database: Database, clock: Clock) -> Platform:
        """The adapter that is tried."""

    async def up(self) -> None:
        """Start the house, or start it again over the same rows."""
        path = self.folder / "config.toml"
        path.write_text(self.settings, encoding="utf-8")
        config = load(path, feature_settings(), {})
        database = await self._open.enter_async_context(opened(await prepare(self.folder / DATABASE)))
        clock = WallClock()
        self.engine = assemble(everything_on(config), database, clock, seed=1)
        platform = self.platform(config, database, clock)
        platform.limits = SWIFT
        self._open.push_async_callback(platform.close)
        self.engine.add(platform)
        self._running = asyncio.create_task(self.engine.run())

    @property
    def is_up(self) -> bool:
        """Whether the house runs."""
        return self._running is not None

    async def down(self) -> None:
        """End the house as SIGTERM would; what people do from now on is not heard at once."""
        if self._running is not None:
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running
            self._running = None
        await self._open.aclose()

    async def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """What a query finds."""
        return await rows(self.engine.database, sql, values)

    async def quiet(self) -> None:
        """Wait until everything that was done is heard, and nothing more is to be said now."""
        for _ in range(2):  # what the bot does may be heard again
            await until(self.is_drained)
            await until(self._has_nothing_to_say)

    @abstractmethod
    async def is_drained(self) -> bool:
        """Whether all that people did until now is in the rows."""

    async def _has_nothing_to_say(self) -> bool:
        soon = self.engine.clock.now() + SOON
        return not await self.rows(
            "SELECT 1 FROM outbox WHERE state = 'waiting' AND not_before <= :soon LIMIT 1", soon=soon
        )

    # People.

    @abstractmethod
    async def group(self, title: str, *names: str) -> None:
        """A new group of these, the first of whom owns it, with the bot in it as one that may do its work."""

    @abstractmethod
    async def befriends(self, who: str) -> None:
        """Somebody may be written to in private from now on."""

    @abstractmethod
    async def says(
        self,
        who: str,
        text: str,
        group: str | None = None,
        *,
        reply_to: str | None = None,
        picture: bool = False,
        file: tuple[str, bytes] | None = None,
    ) -> str:
        """Somebody writes in a group, or to the bot; the native id of the message."""

    @abstractmethod
    async def chooses(self, who: str, label: str, group: str | None = None) -> None:
        """Somebody takes the newest choice with this label: a tap, or a number where there are no buttons."""

    @abstractmethod
    async def joins(self, who: str, group: str) -> None:
        """Somebody comes into a group."""

    @abstractmethod
    async def leaves(self, who: str, group: str) -> None:
        """Somebody goes out of a group."""

    async def renames(self, group: str, title: str) -> None:
        """A group has another title; here it is still called by its first. Not every platform has that."""
        pytest.skip("groups keep their titles there")

    @abstractmethod
    async def heard(self, place: str) -> Sequence[Heard]:
        """What the bot said until now in a group, or in private to somebody."""

    @abstractmethod
    async def members(self, group: str) -> set[str]:
        """Who is in a group, by the platform's own account."""

    async def refuses(self, who: str) -> None:
        """Somebody does not let the bot write to them any more. Not everywhere can they."""
        pytest.skip("nobody can refuse there")

    async def hears(self, place: str, part: str) -> Heard:
        """Wait until the bot says something with these words in a place; that message."""
        found: list[Heard] = []

        async def look() -> bool:
            found[:] = [one for one in await self.heard(place) if part in one.text]
            return bool(found)

        try:
            await until(look)
        except TimeoutError:
            raise AssertionError(f"{part!r} was not said in {place}: {await self.heard(place)}") from None
        return found[-1]
