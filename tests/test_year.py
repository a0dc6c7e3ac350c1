"""A year of a community's days, through every change of its clocks, in virtual time."""

import random
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.core.actions import Say
from bot.core.events import Message
from rules.days import Day
from rules.streak import rebuild
from storage import inbox, people, streaks
from storage.db import Transaction
from tests.stage import Sent, Stage, a_stage

FIRST = date(2026, 1, 5)
DAYS = 365
HOURS = {
    "小林": "07:00",
    "阿哲": "07:00",
    "豆豆": "07:00",
    "小美": "20:45",
    "老王": "20:45",
    "一一": "23:30",
    "七七": "23:30",
    "大刘": "03:30",
}
"""When each of them comes; 大刘 comes in the night, when it is still the day before."""

NEVER_MISS = {"小林", "阿哲", "一一", "七七", "大刘"}
MISSES = 0.08
EVENING, MORNING = "recap.evening", "recap.morning"
MINUTE = 60_000


class Year:
    """Who comes on which day, by chance that is the same every time, and the wall clock of the zone."""

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        chance = random.Random(7)
        self.days = [FIRST + timedelta(days=number) for number in range(DAYS)]
        self.comes = {
            name: {day for day in self.days if name in NEVER_MISS or chance.random() > MISSES}
            for name in HOURS
        }

    def at(self, day: date, clock: str) -> int:
        """The instant of a wall time in a community's day, which begins at four."""
        calendar_date = day if clock >= "04:00" else day + timedelta(days=1)
        wall = datetime.fromisoformat(f"{calendar_date} {clock}").replace(tzinfo=self.zone)
        return int(wall.timestamp() * 1000)

    def wall(self, at: int) -> datetime:
        return datetime.fromtimestamp(at / 1000, self.zone)

    def day_of(self, at: int) -> date:
        return (self.wall(at) - timedelta(hours=4)).date()

    def came(self, day: date, hours: set[str]) -> int:
        """How many come on a day at these hours."""
        return sum(day in self.comes[name] for name, clock in HOURS.items() if clock in hours)


async def live(stage: Stage, year: Year) -> None:
    """Let everyone come as they do, for a year; two of them have opened the private chat."""
    await stage.opens()
    for name in HOURS:
        await stage.joins(name)
    for name in ("小美", "豆豆"):
        await stage.says(name, "在吗", room=None)
    for day in year.days:
        for clock in sorted(set(HOURS.values()), key=lambda clock: (clock < "04:00", clock)):
            await stage.until(year.at(day, clock))
            here = [name for name in HOURS if HOURS[name] == clock and day in year.comes[name]]
            said: list[Message] = [stage.message(name, "打卡") for name in here]
            await stage.happens(*said)
    await stage.until(year.at(year.days[-1] + timedelta(days=1), "12:00"))


def lines(stage: Stage, block: str) -> list[Sent]:
    """The bot's own lines in the room of that text."""
    return [
        sent
        for sent in stage.platform.sent
        if isinstance(sent.action, Say) and any(part.text == block for part in sent.action.parts)
    ]


def check_recaps(stage: Stage, year: Year) -> None:
    """Every evening counts those who came before it, every morning those who came after it, once."""
    evening = {year.day_of(sent.at): sent for sent in lines(stage, EVENING)}
    morning = {year.day_of(sent.at) - timedelta(days=1): sent for sent in lines(stage, MORNING)}
    assert len(evening) == len(lines(stage, EVENING))
    assert len(morning) == len(lines(stage, MORNING))
    for day in year.days:
        early = year.came(day, {"07:00", "20:45"})
        assert f"{early} " in evening[day].text
        assert "3 位" in morning[day].text
    assert {f"{year.wall(sent.at):%H:%M}" for sent in evening.values()} == {"21:30"}
    assert {f"{year.wall(sent.at):%H:%M}" for sent in morning.values()} == {"08:00"}


def check_manners(stage: Stage, year: Year) -> None:
    """Four lines a day at most, half an hour apart; one reminder a day and three a week; never at night."""
    unasked = sorted(lines(stage, EVENING) + lines(stage, MORNING), key=lambda sent: sent.at)
    assert max(Counter(year.day_of(sent.at) for sent in unasked).values()) <= 4
    assert all(after.at - before.at >= 30 * MINUTE for before, after in pairwise(unasked))
    for name in HOURS:
        reminded = [sent for sent in stage.platform.sent if sent.place == name and "还空着" in sent.text]
        assert bool(reminded) == (name in {"小美", "豆豆"})
        days = [year.day_of(sent.at) for sent in reminded]
        assert len(days) == len(set(days))
        assert not [day for day in days if day in year.comes[name]]
        assert all((later - first).days >= 7 for first, later in zip(days, days[3:], strict=False))
        assert all("07:30" <= f"{year.wall(sent.at):%H:%M}" < "22:30" for sent in reminded)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"])
async def test_a_year(tmp_path: Path, zone: str) -> None:
    year = Year(zone)
    start = f"{FIRST} 06:00"
    config = f'[community]\nzone = "{zone}"'
    async with a_stage(tmp_path, now=start, zone=zone, config=config) as stage:
        await live(stage, year)

        def kept(tx: Transaction) -> dict[str, tuple[int, int]]:
            accounts = {name: people.by_native(tx, "stage", name) for name in HOURS}
            found = {name: streaks.of_person(tx, 1, one.person) for name, one in accounts.items() if one}
            return {name: (streak.current, streak.total) for name, streak in found.items()}

        expected = {}
        for name, days in year.comes.items():
            state = rebuild([Day(day.isoformat()) for day in days], lambda _day: False).state
            expected[name] = (state.current, state.total)
        assert await stage.engine.database.read(kept) == expected
        assert all(expected[name] == (DAYS, DAYS) for name in NEVER_MISS)
        check_recaps(stage, year)
        check_manners(stage, year)
        assert await stage.engine.database.read(inbox.dead_letters) == 0
