"""The local room for tests: the whole house with its page, on a clock that only tests move.

async with a_house(tmp_path) as house:
    await house.says("小林", "/help")
    assert "班长" in house.heard()[-1]
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

from bot.adapters.room import LocalRoom
from bot.app import DATABASE, assemble, everything_on, feature_settings, opened
from bot.config import load
from bot.core.clock import VirtualClock
from bot.core.engine import Engine
from bot.core.feature import Feature
from bot.core.markup import plain
from handlers import FEATURES
from storage import local_acts, local_room
from storage.db import Database, Transaction
from storage.local_room import Message
from tests.prepared import prepare
from tests.stage import instant
from web.room import RoomPage

PORT = 8080
ORIGIN = f"http://127.0.0.1:{PORT}"
PATIENCE = 2_000
BOT = 0


class House:
    """Engine, room and page; people and rooms are named as the page names them."""

    def __init__(self, database: Database, engine: Engine, clock: VirtualClock, room: LocalRoom) -> None:
        self.database = database
        self.engine = engine
        self.clock = clock
        self.room = room
        self.page = RoomPage(
            database,
            clock,
            "Asia/Shanghai",
            "zh-Hans",
            room.wake,
            lambda at: engine.advance(at, room.move_clock),
        )
        self.page.commands = engine.menu
        room.changed = self.page.feed.tell
        self.app = self.page.application(PORT, ("study.example.org",))

    def client(self, **headers: str) -> httpx.AsyncClient:
        """A browser with the page open; other headers come before its own."""
        own = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url=ORIGIN, headers=own | headers
        )

    async def member(self, name: str) -> int:
        """The id of somebody of the class."""
        found = await self.database.read(local_room.members)
        return next(member.id for member in found if member.name == name)

    async def does(self, act: Callable[..., Any], **how: Any) -> Any:
        """An act of storage.local_acts, now; then what follows from it."""
        done = await self.act(act, **how)
        await self.settled()
        return done

    async def act(self, act: Callable[..., Any], **how: Any) -> Any:
        """An act of storage.local_acts, now."""
        done = await self.database.write(lambda tx: act(tx, now=self.clock.now(), **how))
        self.room.wake()
        return done

    async def says(self, who: str, text: str, chat: str = "r1", **more: Any) -> int:
        """Somebody writes, and the bot has answered; the message's id."""
        member = await self.member(who)
        said: int = await self.does(local_acts.say, chat=chat, member=member, text=text, **more)
        return said

    async def messages(self, chat: str = "r1") -> list[Message]:
        """What a chat shows."""
        return await self.database.read(lambda tx: local_room.messages(tx, chat))

    async def heard(self, chat: str = "r1") -> list[str]:
        """What the bot said in a chat."""
        return [plain(one.text) for one in await self.messages(chat) if one.member == BOT]

    async def settled(self) -> None:
        """Wait until the bot has heard everything and done what is due."""
        for _ in range(PATIENCE):
            if await self.database.read(_is_drained) and await self.engine._is_settled():
                return
            await asyncio.sleep(0.005)
        raise AssertionError("the bot does not come to an end")


def _is_drained(tx: Transaction) -> bool:
    newest = tx.value("SELECT max(id) FROM local_update") or 0
    return int(tx.value("SELECT cursor FROM stream WHERE bot = :bot", {"bot": local_room.BOT}) or 0) >= newest


@asynccontextmanager
async def a_house(
    folder: Path,
    *,
    now: str = "2026-05-04 09:00",
    features: tuple[Feature, ...] = FEATURES,
    runs: bool = True,
) -> AsyncIterator[House]:
    """The house over a folder's database; without `runs` the bot is off, and members can act all the same."""
    clock = VirtualClock(instant(now))
    async with opened(await prepare(folder / DATABASE)) as database:
        clock.move_to((await database.read(local_room.clock))[1])
        config = load(folder / "config.toml", feature_settings(), {})
        engine = assemble(everything_on(config), database, clock, seed=1, features=features)
        room = LocalRoom(database, clock, "zh-Hans")
        engine.add(room)
        await room.open()
        house = House(database, engine, clock, room)
        running = asyncio.create_task(engine.run()) if runs else None
        if running is not None:
            await house.settled()
        try:
            yield house
        finally:
            house.page.feed.close()
            if running is not None:
                running.cancel()
                with suppress(asyncio.CancelledError):
                    await running
