"""A table's rows: few statements, each by an index, however many members there are."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from rules.days import Day
from rules.streak import Streak
from storage import absences, checkins, communities, people, rooms, streaks, tables, tasks
from storage.db import Database, Transaction
from storage.migrate import migrate
from storage.tables import LEAVES, LIVES, OF_COMMUNITY, OF_ROOM, SAID, STREAKS, Membership, Said
from tests.storage.rows import checkin, some_rows

VALUES = {
    "community": 1,
    "room": 1,
    "persons": "[1]",
    "done": "[1]",
    "first": "2026-05-04",
    "last": "2026-05-10",
    "since": 0,
}


@pytest.mark.parametrize(
    ("sql", "steps"),
    [
        (OF_COMMUNITY, ["room USING INDEX room_community", "membership USING PRIMARY KEY (room=?)"]),
        (OF_ROOM, ["here USING PRIMARY KEY (room=?)", "membership USING INDEX membership_account"]),
        (
            SAID,
            [
                "account USING COVERING INDEX account_person",
                "checkin USING PRIMARY KEY (community=? AND account=? AND day>? AND day<?)",
            ],
        ),
        (LEAVES, ["leave USING INDEX leave_account (account=? AND community=? AND last>?)"]),
        (STREAKS, ["streak USING PRIMARY KEY (community=? AND person=?)"]),
        (LIVES, ["task USING INDEX task_name (community=?)", "task USING INTEGER PRIMARY KEY (rowid=?)"]),
    ],
)
async def test_plans(tmp_path: Path, sql: str, steps: list[str]) -> None:
    database = await Database.open(tmp_path / "a.sqlite3")
    await migrate(database)
    plan = await database.read(lambda tx: tx.plan(sql, VALUES))
    assert [step for step in steps if step not in plan] == [], plan
    assert "SCAN" not in plan.replace("SCAN json_each", "")
    await database.close()


async def test_who_is_in_a_room_and_where_else(tmp_path: Path) -> None:
    def fill(tx: Transaction) -> None:
        rooms.add(tx, "stage:1", "精英班", "group", "精英班", 0)
        rooms.add(tx, "stage:1", "管理群", "group", "管理群", 0)
        tx.run("UPDATE room SET community = 1")
        communities.set_staff_room(tx, 1, 3)
        bot = people.add(tx, platform="stage", native="b", name="b", username=None, is_bot=True, now=0)
        for room, account, role, now in (
            *((1, 1, "member", 5), (1, 2, "member", 3), (1, 2, "left", 9)),
            *((2, 1, "admin", 7), (3, 1, "admin", 8), (1, bot.id, "member", 1)),
        ):
            rooms.set_role(tx, room, account, role, now)

    lin = [Membership(1, "小林", 1, "member", 5, None), Membership(1, "小林", 2, "admin", 7, None)]
    zhe = Membership(2, "阿哲", 1, "left", 3, 9)
    async with some_rows(tmp_path) as table:
        await table.do(fill)
        assert await table.do(lambda tx: tables.memberships(tx, 1, None, 9)) == [zhe, *lin]
        assert await table.do(lambda tx: tables.memberships(tx, 1, 1, 9)) == [zhe, *lin]
        assert await table.do(lambda tx: tables.memberships(tx, 1, 2, 9)) == lin
        assert await table.do(lambda tx: tables.memberships(tx, 2, None, 9)) == []
        assert await table.do(lambda tx: tables.memberships(tx, 1, None, 10)) == lin
        assert await table.do(lambda tx: tables.memberships(tx, 1, 1, 10)) == lin
        await table.do(lambda tx: tx.run("UPDATE membership SET left_at = NULL"))
        unknown = msgspec.structs.replace(zhe, left_at=None)
        assert await table.do(lambda tx: tables.memberships(tx, 1, 1, 10)) == [unknown, *lin]


async def test_what_was_said_of_which_task(tmp_path: Path) -> None:
    def fill(tx: Transaction) -> None:
        for day, account, standing in (
            *(("2026-05-03", 1, "counted"), ("2026-05-04", 1, "counted")),
            *(("2026-05-05", 2, "withdrawn"), ("2026-05-10", 2, "counted"), ("2026-05-11", 2, "counted")),
        ):
            said = checkin(day, account=account, way="makeup" if account == 2 else "word")
            checkins.keep(tx, msgspec.structs.replace(said, standing=standing, late=account == 1))
        streaks.keep(tx, 1, 2, Streak(1, 2, 3, Day("2026-05-11"), 0))
        days = {"first": Day("2026-05-01"), "last": Day("2026-05-05"), "why": "", "same_day": False, "now": 0}
        absences.add_leave(tx, community=1, account=1, **days)  # type: ignore[arg-type] # one of them each

    async with some_rows(tmp_path) as table:
        await table.do(fill)
        first, last = Day("2026-05-04"), Day("2026-05-10")
        assert await table.do(lambda tx: tables.said(tx, 1, [1, 2], first, last)) == [
            Said(1, 1, first, "word", late=True),
            Said(2, 1, last, "makeup", late=False),
        ]
        assert await table.do(lambda tx: tables.said(tx, 1, [2], first, first)) == []
        leave = {1: [(Day("2026-05-01"), Day("2026-05-05"))]}
        assert await table.do(lambda tx: tables.leaves(tx, 1, [1, 2], Day("2026-05-05"))) == leave
        assert await table.do(lambda tx: tables.leaves(tx, 1, [1, 2], Day("2026-05-06"))) == {}
        assert await table.do(lambda tx: tables.streaks(tx, 1, [1, 2])) == {
            2: Streak(1, 2, 3, Day("2026-05-11"), 0)
        }


async def test_a_task_put_away_is_one_of_the_table_if_it_was_done(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as table:
        await table.do(lambda tx: tasks.archive(tx, 1, 1, Day("2026-05-09"), 9))
        assert await table.do(lambda tx: tables.lives(tx, 1, [])) == []
        (life,) = await table.do(lambda tx: tables.lives(tx, 1, [1, 1]))
        assert (life.task.id, life.created_at, life.archived_at) == (1, 0, 9)
        assert await table.do(lambda tx: tables.lives(tx, 2, [1])) == []
