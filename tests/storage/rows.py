"""A database file with one community, for tests of rows."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from rules.calendar import Calendar, Rule
from rules.days import Day
from rules.tasks import Task
from storage import communities, people, rooms, tasks
from storage.checkins import CheckIn
from storage.db import Database, Transaction
from storage.migrate import migrate

Result = TypeVar("Result")

CALENDAR = Calendar((Rule(0, "Asia/Shanghai", 240),))
NOON = 12 * 60


class Rows:
    """A community (1) with a room (1), a task (1) for every day, and the accounts (and persons) 1 and 2."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def do(self, work: Callable[[Transaction], Result]) -> Result:
        """Run a function in one transaction."""
        return await self.database.write(work)


def _furnish(tx: Transaction) -> None:
    communities.add(tx, "晨读班", "zh-Hans", "Asia/Shanghai", 240, 0)
    rooms.add(tx, "stage:1", "晨读班", "group", "晨读班", 0)
    tx.run("UPDATE room SET community = 1")
    for name in ("小林", "阿哲"):
        people.add(tx, platform="stage", native=name, name=name, username=None, is_bot=False, now=0)
    tasks.add(tx, 1, Task(id=0, name="打卡"), Day("2026-05-01"), 0)


def checkin(day: str, *, account: int = 1, task: int = 1, native: str = "", way: str = "word") -> CheckIn:
    """A check-in at noon of its day."""
    at = CALENDAR.instant(Day(day), NOON)
    return CheckIn(
        community=1, account=account, day=Day(day), task=task, room=1, native=native, at=at, way=way
    )


@asynccontextmanager
async def some_rows(folder: Path) -> AsyncIterator[Rows]:
    """Rows in a new file of this folder."""
    database = await Database.open(folder / "rows.sqlite3")
    try:
        await migrate(database)
        await database.write(_furnish)
        yield Rows(database)
    finally:
        await database.close()
