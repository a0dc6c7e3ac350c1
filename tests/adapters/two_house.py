"""One house on two platforms at once: the fake Telegram and a real gateway, one engine, one database."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from bot.app import DATABASE, assemble, everything_on, feature_settings, opened
from bot.config import load
from bot.core.clock import WallClock
from bot.core.engine import Engine
from tests.adapters.house import SWIFT, until
from tests.adapters.world import World
from tests.adapters.world_telegram import TelegramWorld
from tests.adapters.world_wechat import WeChatWorld
from tests.peers.telegram import FakeServer
from tests.peers.wechat.gateway import Gateway
from tests.prepared import prepare

CLASS, FAR_CLASS, STAFF = "早读班", "早读微信班", "管理小群"
HEAD, LIN, ZHE = "班主任", "小林", "阿哲"
FAR_HEAD, FAR_LIN, MILI = "班主任微信", "林林", "米粒"
MINUTE = 60_000
HOUR = 60 * MINUTE


def zone_of_noon(at: int) -> str:
    """A zone in which an instant (UTC milliseconds) lies in the hour after noon: no quiet hours."""
    ahead = 12 - at // HOUR % 24
    return f"Etc/GMT{-ahead:+}" if ahead else "Etc/GMT"


class TwoHouse:
    """People on Telegram and on WeChat, and the one house that both write to."""

    def __init__(self, folder: Path, fake: FakeServer, gateway: Gateway) -> None:
        self.folder = folder
        self.fake = fake
        self.gateway = gateway
        self.telegram = TelegramWorld(folder, fake)
        self.wechat = WeChatWorld(folder, gateway)
        self.clock = WallClock()
        self.engine: Engine

    @asynccontextmanager
    async def running(self, token: str | None = None) -> AsyncIterator[TwoHouse]:
        """Let the house run meanwhile; with another token than the gateway's, if one is given."""
        path = self.folder / "config.toml"
        second = self.wechat.settings.removeprefix(World.settings)
        noon = f'[community]\nzone = "{zone_of_noon(self.clock.now())}"\n'
        text = self.telegram.settings + noon + second
        path.write_text(text.replace(self.gateway.token, token or self.gateway.token), encoding="utf-8")
        config = load(path, feature_settings(), {})
        async with opened(await prepare(self.folder / DATABASE)) as database:
            self.engine = assemble(everything_on(config), database, self.clock, seed=1)
            for world in (self.telegram, self.wechat):
                platform = world.platform(config, database, self.clock)
                platform.limits = SWIFT
                self.engine.add(platform)
                world.engine = self.engine
            task = asyncio.create_task(self.engine.run())
            self.telegram._running = self.wechat._running = task
            try:
                if token is None:
                    await until(self.wechat._sees)
                yield self
            finally:
                await self._end(task)

    async def _end(self, task: asyncio.Task[None]) -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        self.telegram._running = self.wechat._running = None
        for platform in self.engine.platforms:
            await platform.close()

    def leave(self) -> None:
        """Let its groups be gone from WeChat, if the gateway is still there."""
        if self.gateway.is_up:
            self.wechat.leave()

    async def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """What a query finds."""
        return await self.telegram.rows(sql, **values)

    async def value(self, sql: str, **values: object) -> Any:
        """The first value that a query finds."""
        return (await self.rows(sql, **values))[0][0]

    async def until(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """Wait until a query finds something."""
        await until(lambda: self.rows(sql, **values))
        return await self.rows(sql, **values)

    async def quiet(self) -> None:
        """Wait until everything was heard and answered, on both sides."""
        await self.telegram.quiet()
        await self.wechat.quiet()

    async def pass_time(self, minutes: float) -> None:
        """It is later now, everywhere; what is due waits until each platform has told all up to then."""
        self.clock.move_to(self.clock.now() + int(minutes * MINUTE))
        await self.fake.control.clock(advance=int(minutes * 60))
        self.wechat.is_later = True
        self.engine._wake({"jobs", *self.engine.outboxes})

    async def half_days_later(self, number: int) -> None:
        """Half a day later, and again: longer silence on Telegram would be a gap in what is known."""
        for _ in range(number):
            await self.pass_time(12 * 60)
            await self.telegram.says(HEAD, "嗯", CLASS)
            await self.wechat.says(FAR_HEAD, "嗯", FAR_CLASS)
            await self.quiet()

    # What its people do.

    async def open_class(self) -> None:
        """A class of two on Telegram, a head of it, and its staff room there."""
        await self.telegram.group(CLASS, HEAD, LIN, ZHE)
        await self.telegram.hears(CLASS, "我是班长")
        await self.telegram.befriends(HEAD)
        await self.quiet()

    async def link(self, who: str, far: str, *, has_role: bool = False) -> None:
        """Somebody on Telegram and somebody on WeChat say that they are one; who has a role says so twice."""
        code = await self.a_code(who)
        await self.wechat.says(far, f"绑定 {code}")
        await self.wechat.hears(far, "那边是你自己的账号吗")
        await self.wechat.chooses(far, f"「{who}」（Telegram）是我")
        if has_role:
            await self.telegram.hears(who, "所以先问你")
            await self.telegram.chooses(who, f"「{far}」（微信）是我")
            await self.wechat.hears(far, "合过来了")
        else:
            await self.wechat.hears(far, "好了，这边和")
            await self.telegram.hears(who, "合过来了")

    async def a_code(self, who: str) -> str:
        """The code that somebody is shown in private on Telegram."""
        await self.telegram.befriends(who)
        await self.telegram.says(who, "/link")
        said = await self.telegram.hears(who, "分钟内有效")
        found = re.search(r"绑定 (\w{6})\n", said.text)
        assert found, said
        return found[1]

    async def span(self) -> None:
        """The class has a room on each platform, in the way that its head would bring it about."""
        await self.open_class()
        await self.link(HEAD, FAR_HEAD, has_role=True)
        await self.wechat.group(FAR_CLASS, FAR_HEAD, FAR_LIN, MILI)
        await self.wechat.hears(FAR_CLASS, "我是班长")
        await self.wechat.says(FAR_HEAD, "安顿", FAR_CLASS)
        await self.wechat.hears(FAR_CLASS, f"属于「{CLASS}」")
        await self.wechat.chooses(FAR_HEAD, f"属于「{CLASS}」", FAR_CLASS)
        await self.wechat.hears(FAR_CLASS, f"「{FAR_CLASS}」在「{CLASS}」里")
        await self.quiet()

    async def open_staff_room(self) -> None:
        """A staff room on Telegram, with the head in it."""
        await self.telegram.group(STAFF, HEAD)
        await self.telegram.hears(STAFF, "我是班长")
        await self.quiet()
        await self.telegram.says(HEAD, "/staffroom", STAFF)
        await self.quiet()


@asynccontextmanager
async def two_platforms(folder: Path, gateway: Gateway, token: str | None = None) -> AsyncIterator[TwoHouse]:
    """The house on both, with nobody in it yet."""
    async with FakeServer() as fake:
        fake.world.config["repeat_quirk"] = False
        house = TwoHouse(folder, fake, gateway)
        try:
            async with house.running(token):
                yield house
        finally:
            house.leave()
        await fake.control.no_violations()
