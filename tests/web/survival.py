"""The real program with its page, killed again and again while a whole class writes, each act by HTTP."""

# ruff: noqa: S608 - the only text put into the SQL is this file's own

from __future__ import annotations

import asyncio
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec

from bot.adapters.room import LocalRoom
from bot.app import DATABASE, assemble, feature_settings, opened
from bot.config import load
from bot.core.clock import WallClock
from storage import activity
from storage.db import Transaction

HOUSE = Path(__file__).parent.parent.parent
SIGNS = [chr(0x4E00 + 7 * number) for number in range(2_000)]
CONFIG = """
[web]
port = 0
[scoring]
cooldown = 0
[community]
zone = "UTC"
day_starts_at = "{hour:02}:00"
"""
"""Every message may score, and no day ends meanwhile: it began twelve hours ago."""


class Load(msgspec.Struct, frozen=True):
    """How many newcomers write, and after how many acts, at most, each kill comes."""

    writers: int
    kills: int
    between: int
    seed: int


class Ending(msgspec.Struct):
    """What the page said yes to, and what the database says in the end; members by their account's name."""

    accepted: set[str]
    checked_in: set[str]
    unknown: int
    rows: dict[str, Counter[str]]

    def check(self, kills: int) -> None:
        """Every act is there and counted exactly once; an answer was repeated at most once a kill."""
        rows = self.rows
        assert self.accepted <= rows["kept"].keys()
        assert rows["heard"] == rows["written"]
        assert +rows["scored_counted"] == +rows["scored"]
        assert +rows["checkins_counted"] == rows["checked_in"] == rows["checked_in_by_words"]
        assert self.checked_in <= rows["checked_in"].keys()
        assert +rows["reactions_counted"] == rows["reacted"]
        assert rows["asked"] <= rows["answered"]
        repeats = rows["answered"] - rows["asked"]
        assert all(times <= kills for times in repeats.values())
        assert rows["outbox"].keys() <= {"sent", "merged"}
        assert not rows["dead_letters"]


class Class:
    """Members who write as fast as they are answered, and go on when the program is back."""

    def __init__(self, load_: Load) -> None:
        self.load = load_
        self.chance = random.Random(load_.seed)
        self.client = httpx.AsyncClient(timeout=30)
        self.alive = asyncio.Event()
        self.accepted: list[str] = []
        self.checked_in: set[str] = set()
        self.unknown = 0
        self.first = 0

    async def acts(self, path: str, **how: Any) -> Any:
        """What the page answered to an act; None when the program died meanwhile."""
        await self.alive.wait()
        try:
            answer = await self.client.post(path, **how)
        except httpx.TransportError:
            self.unknown += 1
            return None
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def says(self, member: int, text: str, chat: str = "r1") -> str | None:
        """The number of a member's message, once it was accepted."""
        said = await self.acts("say", data={"chat": chat, "member": str(member), "text": text})
        if said is None:
            return None
        self.accepted.append(str(said["message"]))
        return self.accepted[-1]

    async def writes(self, member: int) -> None:
        """All that a member does, until cancelled."""
        while True:
            dice = self.chance.random()
            words = "".join(self.chance.choices(SIGNS, k=12))
            if dice < 0.1 and await self.says(member, f"打卡 {words}"):
                self.checked_in.add(f"m{member}")
            elif dice < 0.2:
                await self.says(member, "/help", chat=f"m{member}")
            elif dice < 0.3:
                await self.acts("react", json={"member": member, "message": self.first, "emoji": "👍"})
            elif dice >= 0.3:
                await self.says(member, words)

    async def comes(self) -> list[int]:
        """The class is there, with a first message that is reacted to; the newcomers' numbers."""
        state = (await self.client.get("state")).json()
        self.first = int(await self.says(state["members"][1]["id"], "早") or 0)
        for number in range(self.load.writers):
            await self.acts("add_member", json={"name": f"同学{number}", "room": 1})
        members = (await self.client.get("state")).json()["members"]
        return [member["id"] for member in members[-self.load.writers :]]


@asynccontextmanager
async def the_program(class_: Class, config: Path) -> AsyncIterator[None]:
    """The program runs and its page is known meanwhile; at the end it is killed."""
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "--config", str(config), "--data", str(config.parent / "data")),
        cwd=HOUSE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert program.stdout is not None
        address = (await program.stdout.readline()).decode().split()[-1]
        class_.client.base_url = httpx.URL(address + "room/")
        class_.client.headers.update({"Origin": address.rstrip("/"), "Sec-Fetch-Site": "same-origin"})
        class_.alive.set()
        yield
        assert program.returncode is None
    finally:
        class_.alive.clear()
        program.kill()
        await program.wait()


async def survive(folder: Path, load_: Load) -> Ending:
    """All of it, until the last act is settled."""
    clock = WallClock()
    config = folder / "config.toml"
    hour = (clock.now() // 3_600_000 + 12) % 24
    config.write_text(CONFIG.format(hour=hour), encoding="utf-8")
    class_ = Class(load_)
    writers: list[asyncio.Task[None]] = []
    async with class_.client:
        for _ in range(load_.kills):
            async with the_program(class_, config):
                writers = writers or [
                    asyncio.create_task(class_.writes(member)) for member in await class_.comes()
                ]
                enough = len(class_.accepted) + class_.chance.randrange(1, load_.between)
                while len(class_.accepted) < enough:
                    await asyncio.wait(writers, timeout=0.001, return_when=asyncio.FIRST_EXCEPTION)
                    assert not any(writer.done() for writer in writers)
        for writer in writers:
            writer.cancel()
        await asyncio.gather(*writers, return_exceptions=True)
    rows = await finish(config, folder / "data" / DATABASE)
    return Ending(set(class_.accepted), class_.checked_in, class_.unknown, rows)


async def finish(config: Path, path: Path) -> dict[str, Counter[str]]:
    """Let the bot hear and say the rest; what is in the database then."""
    clock = WallClock()
    async with opened(path) as database:
        engine = assemble(load(config, feature_settings(), {}), database, clock, seed=1)
        room = LocalRoom(database, clock, "zh-Hans")
        engine.add(room)
        await room.drain(engine.pipeline)
        await engine.play_until(clock.now() + 300_000)
        await database.write(activity.write_down)
        return await database.read(_rows)


WORDS = "FROM local_message WHERE member > 0 AND kind = 'text'"
OF_EACH = "JOIN account ON account.id = account GROUP BY account.native"
ROWS = {
    "kept": f"SELECT CAST(id AS TEXT), 1 {WORDS}",
    "written": f"SELECT CAST(id AS TEXT), 1 {WORDS} AND text <> '/help'",
    "heard": "SELECT native, count(*) FROM message GROUP BY native",
    "asked": f"SELECT chat, count(*) {WORDS} AND text = '/help' GROUP BY chat",
    "answered": "SELECT chat, count(*) FROM local_message WHERE member = 0 AND chat LIKE 'm%' GROUP BY chat",
    "scored": f"SELECT account.native, sum(scored) FROM message {OF_EACH}",
    "scored_counted": f"SELECT account.native, sum(message) FROM activity {OF_EACH}",
    "checked_in_by_words": f"SELECT DISTINCT 'm' || member, 1 {WORDS} AND text LIKE '打卡%'",
    "checked_in": f"SELECT account.native, count(*) FROM checkin {OF_EACH}",
    "checkins_counted": f"SELECT account.native, sum(checkin) FROM activity {OF_EACH}",
    "reacted": "SELECT 'm' || member, count(*) FROM local_reaction WHERE member > 0 GROUP BY member",
    "reactions_counted": f"SELECT account.native, sum(reaction_given) FROM activity {OF_EACH}",
    "outbox": "SELECT state, count(*) FROM outbox GROUP BY state",
    "dead_letters": "SELECT key, 1 FROM dead_letter",
}


def _rows(tx: Transaction) -> dict[str, Counter[str]]:
    return {name: Counter(dict(map(tuple, tx.all(sql)))) for name, sql in ROWS.items()}
