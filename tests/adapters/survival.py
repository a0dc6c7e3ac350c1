"""The real program against a fake Telegram with updates waiting, killed at random and started again."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from bot.adapters.telegram import Telegram
from bot.app import DATABASE, assemble, feature_settings, opened
from bot.config import load
from bot.core.clock import VirtualClock
from storage.db import Transaction
from tests.adapters.house import SWIFT, listening
from tests.peers.telegram import ServerProcess
from tests.peers.telegram.client import ROOT

HOUR = 3600
LATER = 300
ROUNDS = 10
"""Chatter and check-ins take turns so many times."""


class Load(msgspec.Struct, frozen=True):
    """What waits at Telegram, and what is done to the program meanwhile."""

    messages: int
    checkins: int
    members: int
    rooms: int
    kills: int
    seed: int
    delay: float = 0.02
    """Seconds that each answer takes, so that there is something to interrupt."""


class Truth(msgspec.Struct):
    """What the members really did: messages of each, and who checked in."""

    chats: list[int]
    messages: Counter[str]
    checked_in: set[str]


class Ending(msgspec.Struct):
    """What the database and Telegram say in the end."""

    messages: Counter[str]
    checked_in: Counter[str]
    outbox: Counter[str]
    dead_letters: int
    said: Counter[int]
    meant: Counter[int]
    redelivered: int


async def prepare(fake: ServerProcess, load_: Load) -> Truth:
    """Rooms, members, and everything they wrote in the last hour while the program was off."""
    control = fake.control
    chats = [
        (await control.group(load_.members, title=f"班 {number}"))["id"] for number in range(load_.rooms)
    ]
    now = int((await control.stats())["now"])
    truth = Truth(chats, Counter(), set())
    for turn in range(ROUNDS):
        start = now - HOUR + turn * HOUR // ROUNDS
        window = {"start": start, "end": start + HOUR // ROUNDS, "chats": chats, "store": False}
        said = await control.bulk(n=load_.messages // ROUNDS, seed=load_.seed + turn, **window)
        checked = await control.bulk(
            n=load_.checkins // ROUNDS, text="打卡", seed=load_.seed - turn, **window | {"store": True}
        )
        truth.messages.update(said["per_user"])
        truth.messages.update(checked["per_user"])
        truth.checked_in.update(checked["per_user"])
    await control.fault(kind="delay", method="getUpdates", delay=load_.delay)
    return truth


def write_config(fake: ServerProcess, folder: Path, hour_now: int) -> Path:
    """The settings: a day that began twelve hours ago, so that none ends meanwhile."""
    path = folder / "config.toml"
    path.write_text(
        f'[telegram]\ntoken = "{fake.token}"\napi_root = "{fake.root}"\n[room]\nenabled = false\n'
        f'[community]\nzone = "UTC"\nday_starts_at = "{(hour_now + 12) % 24:02}:00"\n',
        encoding="utf-8",
    )
    return path


async def kill_at_random(fake: ServerProcess, config: Path, load_: Load) -> None:
    """Start the program as often as it is killed; each time Telegram forgets some of what it was told."""
    chance = random.Random(load_.seed)
    waiting = (await fake.control.stats())["bots"][0]["pending"]
    for moment in sorted(chance.uniform(0.02, 0.9) for _ in range(load_.kills)):
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "--config", str(config), cwd=ROOT, stderr=asyncio.subprocess.DEVNULL
        )
        await _heard(fake, program, int(moment * waiting))
        await asyncio.sleep(chance.uniform(0, 2 * load_.delay))
        program.send_signal(signal.SIGKILL)
        await program.wait()
        await fake.control.rewind(n=chance.randrange(1, 300))


async def _heard(fake: ServerProcess, program: asyncio.subprocess.Process, updates: int) -> None:
    """Wait until the program has confirmed that many updates, new or again."""
    while program.returncode is None:
        if (await fake.control.stats())["bots"][0]["confirmed"] >= updates:
            return
        await asyncio.sleep(0.002)
    raise AssertionError(f"the program ended by itself: {program.returncode}")


async def _say_more(fake: ServerProcess, truth: Truth) -> None:
    """Updates of a second quiet week later: their numbers start again, lower."""
    await fake.control.restart_ids(first=3)
    said = await fake.control.bulk(n=LATER, chats=truth.chats, store=False)
    truth.messages.update(said["per_user"])


async def finish(fake: ServerProcess, config: Path, truth: Truth) -> Ending:
    """Hear the rest, then let time pass until nothing waits to be sent; what is there in the end."""
    await fake.control.faults(clear=True)
    settings = load(config, feature_settings(), {})
    clock = VirtualClock(int((await fake.control.stats())["now"]) * 1000)
    telegram = Telegram(settings.telegram, clock)
    telegram.limits = SWIFT
    await telegram.open()
    try:
        async with opened(settings.data_dir / DATABASE) as database:
            engine = assemble(settings, database, clock, seed=1)
            engine.add(telegram)
            async with listening(telegram, engine.pipeline):
                await fake.control.wait_idle(timeout=300)
                await _say_more(fake, truth)
                await fake.control.wait_idle(timeout=300)
            await engine.play_until(clock.now() + 300_000)
            found = await database.read(_rows)
    finally:
        await telegram.close()
    stats = (await fake.control.stats())["bots"][0]
    said = Counter(one["chat_id"] for one in await fake.control.sent())
    return Ending(**found, said=said, redelivered=stats["redelivered"])


MESSAGES = """
    SELECT account.native, count(*) FROM message JOIN account ON account.id = message.account
    GROUP BY account.native
"""
CHECKINS = MESSAGES.replace("message", "checkin")
MEANT = """
    SELECT CAST(room.native AS INT8), count(*) FROM outbox JOIN room ON room.id = outbox.room
    WHERE outbox.state = 'sent' AND outbox.action LIKE '%"do":"say"%' GROUP BY room.native
"""


def _rows(tx: Transaction) -> dict[str, Any]:
    def counted(sql: str) -> Counter[Any]:
        return Counter({row[0]: row[1] for row in tx.all(sql)})

    return {
        "messages": counted(MESSAGES),
        "checked_in": counted(CHECKINS),
        "meant": counted(MEANT),
        "outbox": counted("SELECT state, count(*) FROM outbox GROUP BY state"),
        "dead_letters": tx.value("SELECT count(*) FROM dead_letter"),
    }


async def survive(folder: Path, load_: Load) -> tuple[Truth, Ending]:
    """All of it, and what is left to compare. AssertionError when the bot broke Telegram's rules."""
    async with ServerProcess() as fake:
        truth = await prepare(fake, load_)
        hour = int((await fake.control.stats())["now"]) // HOUR % 24
        config = write_config(fake, folder, hour)
        await kill_at_random(fake, config, load_)
        ending = await finish(fake, config, truth)
        await fake.control.no_violations()
    return truth, ending
