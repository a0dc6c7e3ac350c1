"""Everything that runs: the pipeline, jobs, and for each platform its outbox; live, or in played time."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import TYPE_CHECKING

import msgspec

from bot.core.actions import Words
from bot.core.calling import called
from bot.core.errors import RetryLater, Undeliverable
from bot.core.events import Batch
from bot.core.house import Bot
from bot.core.jobs import HOUSE, Jobs
from bot.core.locale import LOCALES
from bot.core.markup import plain
from bot.core.outbox import Outbox
from bot.core.pipeline import Pipeline
from bot.core.platforms import CommandEntry
from bot.core.port import Can
from rules.sharing import Shares
from storage import bot_accounts, condition, jobs
from storage.condition import BotCondition
from storage.failures import StorageFails

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.core.clock import Clock
    from bot.core.delivery import Ready
    from bot.core.feature import Command, Feature
    from bot.core.house import House
    from bot.core.platforms import Platform
    from storage.db import Database

log = logging.getLogger("banzhang")

LOOKS, BETWEEN_LOOKS = 2_000, 0.005
"""How often, and how many seconds apart, the engine is looked at while it does what is due."""

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds between attempts to reach a platform."""

LOOK_EVERY = 300.0
"""Seconds between two looks whether something is wrong."""

ACCOUNTS = "accounts"
"""What a handler wakes when the account of a bot came or went."""

CHECK_UP = "doctor"
"""The job of the house that tells who can mend it what is wrong."""


class Engine:
    """Runs a house: what is heard, what falls due, what is to be said."""

    def __init__(
        self,
        house: House,
        database: Database,
        clock: Clock,
        ready: Ready,
    ) -> None:
        self.clock = clock
        self.database = database
        self.house = house
        self.ready = ready
        self.pipeline = Pipeline(database, house, clock)
        self.jobs = Jobs(self.pipeline, clock)
        self.outboxes: dict[str, Outbox] = {}
        self.platforms: list[Platform] = []
        self.pipeline.wake = self._wake
        self.ready.code = self.code
        self.ready.called = called(house.features)
        self.accounts_changed: Callable[[], None] = lambda: None
        """Called when the account of a bot came or went, or is to be logged in by another code."""

    def add(self, platform: Platform) -> None:
        """Put a platform to use; it is opened when the engine runs."""
        self.house.bots[platform.bot] = Bot(platform.bot, platform.name, platform.can)
        if platform.limits.human is not None:
            self.house.shares[platform.bot] = Shares(platform.limits.human.a_day)
        self.outboxes[platform.bot] = Outbox(platform, self.pipeline, self.ready, self.clock)
        self.platforms.append(platform)

    def _wake(self, woken: set[str]) -> None:
        for name in woken:
            if name == "jobs":
                self.jobs.wake()
            elif name == ACCOUNTS:
                self.accounts_changed()
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
            soonest = await self._soonest()
            if soonest > at and self.clock.now() >= at:
                return
            self.clock.move_to(min(max(soonest, self.clock.now() + 1), at))

    async def _caught_up(self) -> None:
        now = self.clock.now()
        for bot in self.outboxes:
            await self.pipeline.take(Batch(bot, (), caught_up_to=now))

    async def advance(self, to: int, move: Callable[[int], Awaitable[None]]) -> None:
        """Move the clock of the running engine to an instant (UTC milliseconds), by `move`.

        It stops at every instant at which something falls due, until the running loops have done it.
        """
        while (now := self.clock.now()) < to:
            await move(min(max(await self._soonest(), now), to))
            if not await self._is_settled():
                await move(to)

    async def _soonest(self) -> int:
        """When something falls due next; the end of time when nothing does."""
        due = [await self.jobs.next_due(), *(outbox.next_due() for outbox in self.outboxes.values())]
        return min((one for one in due if one is not None), default=sys.maxsize)

    async def _is_settled(self) -> bool:
        """Wait until all that is due was done; False when that does not come to an end."""
        self._wake({"jobs", *self.outboxes})
        for _ in range(LOOKS):
            sent = [await outbox.is_settled() for outbox in self.outboxes.values()]
            if all(sent) and await self._soonest() > self.clock.now():
                return True
            await asyncio.sleep(BETWEEN_LOOKS)
        return False

    async def run(self) -> None:
        """Listen, work and send until cancelled; raises what ends a platform for good."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.jobs.run())
            group.create_task(self._now_and_then(self.look, LOOK_EVERY))
            for platform in self.platforms:
                group.create_task(self._serve(platform))

    async def _serve(self, platform: Platform) -> None:
        """Open a platform, however long it takes, then listen and send; the others do not wait for it."""
        await self._insist(platform, platform.open)
        self.house.usernames[platform.bot] = platform.username
        async with asyncio.TaskGroup() as group:
            group.create_task(platform.listen(self.pipeline))
            group.create_task(self.outboxes[platform.bot].run())
            group.create_task(self._insist(platform, lambda: self._publish(platform)))
            group.create_task(self._now_and_then(lambda: self.ask(platform)))

    async def _now_and_then(self, act: Callable[[], Awaitable[None]], first: float = 0.0) -> None:
        """Do it every few minutes, `first` seconds from now the first time; what fails ends nothing else."""
        await asyncio.sleep(first)  # by the machine: a clock that stands still would run away
        while True:
            try:
                await act()
            except StorageFails as error:
                log.warning("it cannot be looked whether all is well: %s", error)
            except Exception:
                log.exception("a look whether all is well failed; there will be another")
            await asyncio.sleep(LOOK_EVERY)

    async def ask(self, platform: Platform) -> None:
        """Keep how a platform's side is."""
        side = await platform.condition()
        if side is not None:
            now, values = self.clock.now(), msgspec.structs.asdict(side)
            kept = BotCondition(platform.bot, now, **values)
            await self.database.write(lambda tx: condition.keep(tx, kept))

    async def code(self, bot: str) -> str | None:
        """What the picture holds that is to be scanned at this moment to log a bot in; None: nothing is."""
        now = self.clock.now()
        return await self.database.read(lambda tx: bot_accounts.code(tx, bot, now))

    async def look(self) -> None:
        """Let the job that tells of troubles look whether there are any."""
        now = self.clock.now()
        await self.database.write(lambda tx: jobs.bring_forward(tx, CHECK_UP, HOUSE, now))
        self.jobs.wake()

    async def _publish(self, platform: Platform) -> None:
        """Show the menu; every language's texts are read for it, which must hold up no answer.

        A platform that refuses it works without.
        """
        if Can.MENU not in platform.can:
            return
        try:
            await platform.publish(await asyncio.to_thread(self.menu))
        except Undeliverable as error:
            log.warning("%s does not take the menu of commands: %s", platform.name, error)

    async def _insist(self, platform: Platform, act: Callable[[], Awaitable[None]]) -> None:
        """Try until it is done."""
        wait = FIRST_WAIT
        while True:
            try:
                return await act()
            except RetryLater as error:
                log.warning("%s cannot be reached (%s); trying again", platform.name, error)
                await self.clock.sleep(max(wait, error.seconds))
                wait = min(2 * wait, LONGEST_WAIT)

    def menu(self, locales: Sequence[str] = LOCALES) -> list[CommandEntry]:
        """Every command for the platforms' own menus, in these languages; daily ones first."""
        features = sorted(self.house.features, key=lambda feature: not feature.daily)
        return [
            CommandEntry(
                command.name,
                {locale: self._about(feature, command, locale) for locale in locales},
                command.needs is not None,
                command.places,
            )
            for feature in features
            for command in feature.commands
            if command.in_menu
        ]

    def _about(self, feature: Feature, command: Command, locale: str) -> str:
        return plain(self.ready.render.text(Words(f"{feature.name}.about_{command.name}"), locale))
