"""A day of a community is read by its index, however long the history."""

from pathlib import Path

import pytest

from storage import reminders
from storage.db import Database
from storage.migrate import migrate
from storage.recap import CAME

OF_DAY = (
    "SELECT DISTINCT account.person FROM checkin JOIN account ON account.id = checkin.account"
    " WHERE checkin.community = :community AND checkin.day = :day AND checkin.standing = 'counted'"
)


@pytest.mark.parametrize(
    ("sql", "step"),
    [
        (CAME, "SEARCH checkin USING INDEX checkin_day (community=? AND day=? AND standing=?)"),
        (OF_DAY, "SEARCH checkin USING COVERING INDEX checkin_day (community=? AND day=? AND standing=?)"),
        (reminders.DUE, "SEARCH reminder USING INDEX reminder_next (community=? AND next_at<?)"),
        (reminders.NEXT, "SEARCH reminder USING COVERING INDEX reminder_next (community=? AND next_at>?)"),
    ],
)
async def test_plans(tmp_path: Path, sql: str, step: str) -> None:
    database = await Database.open(tmp_path / "a.sqlite3")
    await migrate(database)
    values = {"community": 1, "day": "2026-05-04", "room": 1, "since": 0, "until": 0, "now": 0, "most": 1}
    plan = await database.read(lambda tx: tx.plan(sql, values))
    assert step in plan
    assert "SCAN" not in plan
    await database.close()
