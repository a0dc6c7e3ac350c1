"""The real program on Telegram and WeChat at once, killed at random while people write on both."""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
import sys
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import msgspec

from bot.adapters.telegram import Telegram
from bot.adapters.wechat import WeChat
from bot.app import DATABASE, assemble, feature_settings, opened
from bot.config import Config, load
from bot.core.clock import WallClock
from bot.core.platforms import Platform
from storage import inbox
from storage.db import Database, Transaction
from tests.adapters.house import SWIFT, until
from tests.adapters.survival import CHECKINS, HOUR, MESSAGES, Load, Truth, prepare, write_config
from tests.adapters.wechat_house import QUICK
from tests.adapters.world import SOON
from tests.peers.telegram import ServerProcess
from tests.peers.telegram.client import ROOT
from tests.peers.wechat.gateway import Gateway

CLASS = "late@chatroom"
MEMBERS = tuple(f"wxid_late{number}" for number in range(20))
HEARD_BETWEEN = 25
"""So many messages on WeChat are heard before each kill."""

START = 60.0
"""Seconds, at most, that a program may take to start and hear so much."""

WAITING = "SELECT count(*) FROM outbox WHERE state = 'waiting' AND not_before <= :soon"
HEARD = (
    "SELECT count(*) FROM message JOIN account ON account.id = message.account"
    " WHERE account.platform = 'wechat'"
)


class Ending(msgspec.Struct):
    """What is in the rows in the end, by native id, and what was said on WeChat."""

    messages: Counter[str]
    checked_in: Counter[str]
    dead_letters: int
    gaps_here: list[tuple[int, int]]
    gaps_there: list[tuple[int, int]]
    said: Counter[str]


class Far:
    """The class on WeChat; what each of it said."""

    def __init__(self, gateway: Gateway, chance: random.Random) -> None:
        self.gateway = gateway
        self.said: Counter[str] = Counter()
        self._chance = chance
        for native in MEMBERS:
            gateway.op("contact", id=native, name=native, friend=False)
        gateway.op("room", id=CLASS, topic="晚读班", members=list(MEMBERS), owner=MEMBERS[0])

    def say(self, who: str | None = None) -> None:
        """Somebody checks in or talks; or this one checks in."""
        native = who or self._chance.choice(MEMBERS)
        text = "打卡" if who or self._chance.random() < 0.5 else f"说点别的 {self.said.total()}"
        self.gateway.op("say", {"from": native, "room": CLASS, "text": text})
        self.said[native] += 1


async def kill_at_random(fake: ServerProcess, far: Far, config: Path, database: Path, load_: Load) -> None:
    """Start the program as often as it is killed, each time when it has heard some more on both sides."""
    chance = random.Random(load_.seed)
    waiting = (await fake.control.stats())["bots"][0]["pending"]
    for moment in sorted(chance.uniform(0.1, 0.9) for _ in range(load_.kills)):
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "--config", str(config), cwd=ROOT, stderr=asyncio.subprocess.DEVNULL
        )
        heard = _heard_far(database) + HEARD_BETWEEN

        async def is_far_enough(updates: float = moment * waiting, heard: int = heard) -> bool:
            far.say()
            confirmed = (await fake.control.stats())["bots"][0]["confirmed"]
            return confirmed >= updates and _heard_far(database) >= heard

        await until(is_far_enough, START)
        program.send_signal(signal.SIGKILL)
        await program.wait()
        await fake.control.rewind(n=chance.randrange(1, 300))
        far.say()


def _heard_far(database: Path) -> int:
    """How many messages of WeChat are in the rows."""
    if not database.exists():
        return 0
    rows = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    with closing(rows), suppress(sqlite3.OperationalError):  # there may be no tables yet
        return int(rows.execute(HEARD).fetchone()[0])
    return 0


async def finish(fake: ServerProcess, far: Far, config: Config, database: Database, begun: int) -> Ending:
    """Hear the rest; who was not heard on WeChat says it again; what is there in the end."""
    clock = WallClock()
    engine = assemble(config, database, clock, seed=1)
    both: list[Platform] = [Telegram(config.telegram, clock), WeChat(config.wechat, clock, patience=QUICK)]
    for platform in both:
        platform.limits = SWIFT
        engine.add(platform)
    running = asyncio.create_task(engine.run())

    async def came() -> bool:
        missing = set(MEMBERS) - set((await database.read(_rows))["checked_in"])
        for native in missing:
            far.say(native)
        return not missing

    async def nothing_waits() -> bool:
        soon = {"soon": clock.now() + SOON}
        return not await database.read(lambda tx: tx.value(WAITING, soon))

    try:
        await fake.control.wait_idle(timeout=60)
        await until(came, START)
        await until(nothing_waits, START)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        for platform in both:
            await platform.close()
    said = Counter(one["text"] for one in far.gateway.journal("text") if one["to"] == CLASS)
    here, there = await database.read(
        lambda tx: [inbox.gaps(tx, platform.bot, begun, clock.now()) for platform in both]
    )
    return Ending(**await database.read(_rows), gaps_here=here, gaps_there=there, said=said)


def _rows(tx: Transaction) -> dict[str, Any]:
    def counted(sql: str) -> Counter[Any]:
        return Counter({row[0]: row[1] for row in tx.all(sql)})

    return {
        "messages": counted(MESSAGES),
        "checked_in": counted(CHECKINS),
        "dead_letters": tx.value("SELECT count(*) FROM dead_letter"),
    }


async def survive(folder: Path, load_: Load) -> tuple[Truth, Far, Ending]:
    """All of it: what was said on Telegram and on WeChat, and what is left to compare."""
    begun = WallClock().now()
    async with ServerProcess() as fake:
        with Gateway() as gateway:
            truth = await prepare(fake, load_)
            path = write_config(fake, folder, int((await fake.control.stats())["now"]) // HOUR % 24)
            with path.open("a", encoding="utf-8") as more:
                more.write(f'[talk]\ngather_minutes = 0\n[wechat]\nendpoint = "{gateway.endpoint}"\n')
                more.write(f'token = "{gateway.token}"\nsleeps_from = "00:00"\nsleeps_until = "00:00"\n')
            config = load(path, feature_settings(), {})
            far = Far(gateway, random.Random(load_.seed))
            await kill_at_random(fake, far, path, config.data_dir / DATABASE, load_)
            await fake.control.faults(clear=True)
            async with opened(config.data_dir / DATABASE) as database:
                ending = await finish(fake, far, config, database, begun)
            await fake.control.no_violations()
    return truth, far, ending
