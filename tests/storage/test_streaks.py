from pathlib import Path

import pytest

from rules.days import Day
from rules.streak import Streak
from storage import absences, checkins, streaks
from storage.db import Transaction
from tests.storage.rows import CALENDAR, checkin, some_rows

DAYS = ("2026-05-04", "2026-05-05", "2026-05-06", "2026-05-07", "2026-05-08", "2026-05-09", "2026-05-10")


def a_week(tx: Transaction) -> Streak:
    for day in (*DAYS, "2026-05-12"):
        checkins.keep(tx, checkin(day))
    return streaks.made_anew(tx, CALENDAR, 1, 1)


async def test_a_streak_is_made_from_its_rows(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        anew = await rows.do(a_week)
        assert anew == Streak(8, 8, 8, Day("2026-05-12"), 0)
        assert await rows.do(lambda tx: streaks.of_person(tx, 1, 1)) == anew
        assert await rows.do(lambda tx: streaks.of_person(tx, 1, 2)) == streaks.NONE
        history = await rows.do(lambda tx: streaks.history(tx, CALENDAR, 1, 1))
        assert history.frozen == ("2026-05-11",)


async def test_made_anew_it_reads_one_leave_and_not_everybody_s_day_by_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Day] = []

    def on_leave(_tx: Transaction, _community: int, day: Day) -> set[int]:
        asked.append(day)
        return {1}

    monkeypatch.setattr(absences, "on_leave", on_leave)
    async with some_rows(tmp_path) as rows:
        assert (await rows.do(a_week)).freezes == 0, "the day without a check-in was not excused"
        assert asked == []
        await rows.do(lambda tx: streaks.shown(tx, CALENDAR, 1, 1, Day("2026-05-14")))
        assert asked == ["2026-05-13"]


async def test_what_is_shown_depends_on_today(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(a_week)
        today = await rows.do(lambda tx: streaks.shown(tx, CALENDAR, 1, 1, Day("2026-05-13")))
        assert (today.current, today.done_today) == (8, False)
        later = await rows.do(lambda tx: streaks.shown(tx, CALENDAR, 1, 1, Day("2026-05-20")))
        assert (later.current, later.ended, later.total) == (0, 8, 8)


async def test_people_are_read_in_slices(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(a_week)
        await rows.do(lambda tx: streaks.keep(tx, 1, 2, streaks.NONE))
        assert await rows.do(lambda tx: streaks.people_after(tx, 1, 0, 1)) == [1]
        assert await rows.do(lambda tx: streaks.people_after(tx, 1, 1, 9)) == [2]
