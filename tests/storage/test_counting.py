from pathlib import Path

import pytest

from rules.days import Day, span
from rules.facts import CheckInWithdrawn
from rules.streak import Streak
from storage import checkins, counting, streaks
from storage.checkins import CheckIn
from storage.counting import Counted
from storage.db import Transaction
from tests.storage.rows import CALENDAR, checkin, some_rows


def count(tx: Transaction, one: CheckIn, person: int = 1) -> Counted:
    return counting.count(tx, CALENDAR, one, person, room=1)


async def test_a_check_in_and_its_streak_change_together(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        first = await rows.do(lambda tx: count(tx, checkin("2026-05-04")))
        second = await rows.do(lambda tx: count(tx, checkin("2026-05-05")))
        assert (first.is_first, first.emoji, second.is_first, second.emoji) == (True, "🎉", False, "👍")
        fact = second.fact
        assert (fact.first_today, fact.streak, fact.total) == (True, 2, 2)
        kept = await rows.do(lambda tx: streaks.of_person(tx, 1, 1))
        assert kept == Streak(2, 2, 2, Day("2026-05-05"), 0)


async def test_two_accounts_of_a_person_share_a_streak(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(lambda tx: tx.run("UPDATE account SET person = 1"))
        await rows.do(lambda tx: count(tx, checkin("2026-05-04")))
        counted = await rows.do(lambda tx: count(tx, checkin("2026-05-04", account=2)))
        fact = counted.fact
        assert (fact.first_today, fact.streak, fact.total) == (False, 1, 1)
        await rows.do(lambda tx: count(tx, checkin("2026-05-05", account=2)))
        assert (await rows.do(lambda tx: streaks.of_person(tx, 1, 1))).current == 2


async def test_what_is_withdrawn_is_taken_out_of_the_streak(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        for day in ("2026-05-04", "2026-05-05", "2026-05-06"):
            await rows.do(lambda tx, day=day: count(tx, checkin(day)))  # type: ignore[misc]

        def withdraw(tx: Transaction) -> tuple[object, ...]:
            return counting.withdraw(
                tx,
                CALENDAR,
                checkin("2026-05-05"),
                1,
                room=1,
                standing="withdrawn",
                reason="leader",
                at=0,
                decided_by=2,
            )

        facts = await rows.do(withdraw)
        assert [type(fact) for fact in facts] == [CheckInWithdrawn]
        kept = await rows.do(lambda tx: streaks.of_person(tx, 1, 1))
        assert kept == Streak(1, 1, 2, Day("2026-05-06"), 0)


async def test_counting_day_by_day_is_as_making_anew(tmp_path: Path) -> None:
    days = [day for number, day in enumerate(span(Day("2026-01-01"), Day("2026-06-30"))) if number % 9 != 8]
    async with some_rows(tmp_path) as rows:

        def all_of_them(tx: Transaction) -> tuple[Streak, Streak]:
            for day in days:
                count(tx, checkin(day))
            kept = streaks.of_person(tx, 1, 1)
            return kept, streaks.made_anew(tx, CALENDAR, 1, 1)

        kept, anew = await rows.do(all_of_them)
        assert kept == anew


@pytest.mark.parametrize("read", ["message", "day", "leave"])
async def test_every_read_of_the_daily_way_has_its_index(tmp_path: Path, read: str) -> None:
    queries = {
        "message": "SELECT * FROM checkin WHERE room = :one AND native = :two",
        "day": "SELECT * FROM checkin WHERE community = :one AND day = :two",
        "leave": "SELECT * FROM leave WHERE account = :one AND community = :two AND last >= :three",
    }
    async with some_rows(tmp_path) as rows:
        values = {"one": 1, "two": "1", "three": "2026-05-04"}
        plan = await rows.do(lambda tx: tx.plan(queries[read], values))
        assert "SEARCH" in plan
        assert "SCAN" not in plan


@pytest.mark.parametrize(("table", "sql"), [("checkin", checkins.OF_DAY), ("streak", streaks.OF_PERSONS)])
async def test_what_is_read_for_many_at_once_has_its_index(tmp_path: Path, table: str, sql: str) -> None:
    async with some_rows(tmp_path) as rows:
        values = {"community": 1, "day": "2026-05-04", "accounts": "[1, 2]", "persons": "[1, 2]"}
        plan = await rows.do(lambda tx: tx.plan(sql, values))
        assert f"SEARCH {table} USING PRIMARY KEY" in plan
        assert f"SCAN {table}" not in plan


async def test_a_history_is_read_by_index(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        sql = (
            "SELECT DISTINCT checkin.day FROM account JOIN checkin"
            " ON checkin.community = :community AND checkin.account = account.id"
            " WHERE account.person = :person AND checkin.standing = 'counted' ORDER BY checkin.day"
        )
        plan = await rows.do(lambda tx: tx.plan(sql, {"community": 1, "person": 1}))
        assert "SCAN" not in plan
