"""What tests ask the rows about."""

from rules.days import Day
from rules.streak import Streak
from storage import streaks
from storage.db import Transaction
from tests.stage import Stage


def streak(current: int, longest: int, total: int, last_day: str, freezes: int) -> Streak:
    """A streak as it is kept."""
    return Streak(current, longest, total, Day(last_day), freezes)


async def streak_of(stage: Stage, name: str) -> Streak:
    """The kept streak of a member in the first community."""

    def read(tx: Transaction) -> Streak:
        person = tx.value("SELECT person FROM account WHERE name = :name", {"name": name})
        return streaks.of_person(tx, 1, person)

    return await stage.engine.database.read(read)


async def checkins_of(stage: Stage, name: str) -> list[tuple[str, str, str]]:
    """Day, standing and note of each of a member's check-ins."""
    found = await stage.engine.database.read(
        lambda tx: tx.all(
            "SELECT day, standing, note FROM checkin JOIN account ON account.id = checkin.account"
            " WHERE account.name = :name ORDER BY day, task",
            {"name": name},
        )
    )
    return [(row["day"], row["standing"], row["note"]) for row in found]


async def buried(stage: Stage) -> list[str]:
    """The traces of events that a bug kept from being handled."""
    rows = await stage.engine.database.read(lambda tx: tx.all("SELECT trace FROM dead_letter"))
    return [row["trace"] for row in rows]
