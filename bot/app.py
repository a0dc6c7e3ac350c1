"""The composition root: the only file that knows every room of the house."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.config import TalkSettings
from bot.core.delivery import Ready
from bot.core.desk import Bot, House
from bot.core.jobs import Jobs
from bot.core.outbox import Outbox
from bot.core.pictures import Pictures
from bot.core.pipeline import Pipeline
from bot.core.port import Batch
from bot.core.render import Render
from handlers import FEATURES
from storage.db import Database
from storage.migrate import migrate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from pathlib import Path

    from pydantic import BaseModel

    from bot.config import Config
    from bot.core.clock import Clock
    from bot.core.feature import Feature
    from bot.core.port import Platform

DATABASE = "banzhang.sqlite3"


def feature_settings() -> Mapping[str, type[BaseModel]]:
    """The settings type of each feature that has one, by its section's name."""
    return {feature.name: feature.settings for feature in FEATURES if feature.settings is not None}


class Engine:
    """Everything that runs: pipeline, jobs, and for each platform its outbox."""

    def __init__(
        self,
        config: Config,
        database: Database,
        clock: Clock,
        seed: int | None = None,
        features: tuple[Feature, ...] = FEATURES,
    ) -> None:
        self.clock = clock
        self.database = database
        self.house = _house(config, seed, features)
        self.pipeline = Pipeline(database, self.house, clock)
        self.jobs = Jobs(self.pipeline, clock)
        self.ready = Ready(Render(config.templates_dir), Pictures())
        self.outboxes: dict[str, Outbox] = {}
        self.platforms: list[Platform] = []
        self.pipeline.wake = self._wake

    def add(self, platform: Platform) -> None:
        """Put a platform to use whose `bot` is known."""
        self.house.bots[platform.bot] = Bot(platform.bot, platform.name, platform.can)
        self.outboxes[platform.bot] = Outbox(platform, self.pipeline, self.ready, self.clock)
        self.platforms.append(platform)

    def _wake(self, woken: set[str]) -> None:
        for name in woken:
            if name == "jobs":
                self.jobs.wake()
            elif name in self.outboxes:
                self.outboxes[name].wake()

    async def step(self) -> bool:
        """Do one round of what is due now, in played time; False when nothing was."""
        worked = await self.jobs.run_one()
        for outbox in self.outboxes.values():
            worked = await outbox.deliver_due() or worked
        return worked

    async def play_until(self, at: int) -> None:
        """Let played time pass up to an instant (UTC milliseconds), doing what falls due on the way."""
        while True:
            await self._caught_up()
            while await self.step():
                pass
            due = [await self.jobs.next_due(), *(outbox.next_due() for outbox in self.outboxes.values())]
            soonest = min((one for one in due if one is not None), default=at + 1)
            if soonest > at and self.clock.now() >= at:
                return
            self.clock.move_to(min(max(soonest, self.clock.now() + 1), at))

    async def _caught_up(self) -> None:
        now = self.clock.now()
        for bot in self.outboxes:
            await self.pipeline.take(Batch(bot, (), caught_up_to=now))

    async def run(self) -> None:
        """Listen, work and send until cancelled; raises what ends a platform for good."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.jobs.run())
            for platform in self.platforms:
                group.create_task(platform.listen(self.pipeline))
                group.create_task(self.outboxes[platform.bot].run())


def _house(config: Config, seed: int | None, features: tuple[Feature, ...]) -> House:
    settings: dict[type[BaseModel], BaseModel] = {TalkSettings: config.talk}
    sections: dict[type[BaseModel], str] = {TalkSettings: "talk"}
    for name, chosen in config.features.items():
        settings[type(chosen)] = chosen
        sections[type(chosen)] = name
    return House(
        features=features,
        settings=settings,
        sections=sections,
        bots={},
        admins=frozenset(config.bot.admins),
        language=config.bot.language,
        zone=config.community.zone,
        day_starts_at=config.community.day_starts_at,
        random=random.SystemRandom() if seed is None else random.Random(seed),  # noqa: S311 - a seed is for plays and tests
    )


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Database]:
    """The database in a file, at the newest schema, closed at the end."""
    database = await Database.open(path)
    try:
        await migrate(database)
        yield database
    finally:
        await database.close()


def platforms(config: Config) -> Sequence[Platform]:
    """The platforms that the settings ask for."""
    return ()


def run(config: Config, data_dir: Path) -> int:
    """Run until stopped; the exit code."""
    return asyncio.run(_run(config, data_dir))


async def _run(config: Config, data_dir: Path) -> int:
    from bot.core.clock import WallClock  # noqa: PLC0415

    async with opened(data_dir / DATABASE) as database:
        engine = Engine(config, database, WallClock())
        for platform in platforms(config):
            await platform.open()
            engine.add(platform)
        await engine.run()
    return 0


def demo(config: Config) -> int:
    """Play sixty days of an invented community and open its room; the exit code."""
    raise SystemExit("not yet")
