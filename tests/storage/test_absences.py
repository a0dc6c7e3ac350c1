from pathlib import Path

from rules.days import Day
from storage import absences, inbox, tasks, unseen
from storage.db import Transaction
from tests.storage.rows import CALENDAR, some_rows

HOUR = 3_600_000


def excused(tx: Transaction, day: str, person: int = 1) -> bool:
    asked = {ask(tx, CALENDAR, 1, person)(Day(day)) for ask in (absences.excused, absences.excused_ever)}
    assert len(asked) == 1, "one day, and one of many"
    return asked.pop()


def on_leave(tx: Transaction, first: str, last: str, *, same_day: bool = False) -> None:
    absences.add_leave(
        tx,
        community=1,
        account=1,
        first=Day(first),
        last=Day(last),
        why="回老家",
        same_day=same_day,
        now=0,
    )


def watch(tx: Transaction, start: int, *hours: tuple[float, float]) -> None:
    for since, until in hours:
        at, end = start + int(since * HOUR), start + int(until * HOUR)
        inbox.lose(tx, "stage:1", at, at)
        inbox.observe(tx, "stage:1", end)


async def test_leave_excuses_one_person(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(lambda tx: on_leave(tx, "2026-05-04", "2026-05-06"))
        assert await rows.do(lambda tx: excused(tx, "2026-05-06"))
        assert not await rows.do(lambda tx: excused(tx, "2026-05-07"))
        assert not await rows.do(lambda tx: excused(tx, "2026-05-06", person=2))
        assert await rows.do(lambda tx: absences.on_leave(tx, 1, Day("2026-05-05"))) == {1}


async def test_leave_ends_early_or_never_was(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(lambda tx: on_leave(tx, "2026-05-04", "2026-05-06"))
        [leave] = await rows.do(lambda tx: absences.leaves(tx, 1, 1))
        await rows.do(lambda tx: absences.end_leave(tx, leave, Day("2026-05-04")))
        assert [one.last for one in await rows.do(lambda tx: absences.leaves(tx, 1, 1))] == ["2026-05-04"]
        await rows.do(lambda tx: absences.end_leave(tx, leave, Day("2026-05-03")))
        assert await rows.do(lambda tx: absences.leaves(tx, 1, 1)) == []


async def test_leave_on_the_very_day_is_numbered_by_month(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(lambda tx: on_leave(tx, "2026-05-04", "2026-06-06", same_day=True))
        await rows.do(lambda tx: on_leave(tx, "2026-05-20", "2026-05-20"))
        assert await rows.do(lambda tx: absences.same_day_leaves(tx, 1, 1, "2026-05")) == 1
        assert await rows.do(lambda tx: absences.same_day_leaves(tx, 1, 1, "2026-06")) == 0


async def test_a_pause_excuses_everybody(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        first, last = Day("2026-05-04"), Day("2026-05-06")
        await rows.do(lambda tx: absences.add_pause(tx, 1, first, last, "春节"))
        assert await rows.do(lambda tx: excused(tx, "2026-05-05", person=2))
        [pause] = await rows.do(lambda tx: absences.pauses(tx, 1))
        await rows.do(lambda tx: absences.end_pause(tx, 1, pause, Day("2026-05-04")))
        assert not await rows.do(lambda tx: excused(tx, "2026-05-05", person=2))


async def test_days_of_rest_hold_from_their_change_on(tmp_path: Path) -> None:
    saturday, next_saturday = "2026-05-09", "2026-05-16"
    async with some_rows(tmp_path) as rows:
        await rows.do(lambda tx: tasks.set_rest_days(tx, 1, 0b1100000, Day("2026-05-11")))
        assert not await rows.do(lambda tx: excused(tx, saturday))
        assert await rows.do(lambda tx: excused(tx, next_saturday))
        assert not await rows.do(lambda tx: excused(tx, "2026-05-15"))


async def test_what_grows_with_history_is_read_by_indexes(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        leave = await rows.do(lambda tx: tx.plan(absences.ON_LEAVE, {"community": 1, "day": "2026-05-04"}))
        assert "leave_last (community=? AND last>?)" in leave
        watched = await rows.do(lambda tx: tx.plan(inbox.WATCHED, {"bot": "x", "since": 1, "until": 2}))
        assert "(bot=? AND since>? AND since<?)" in watched
        assert "SCAN" not in watched


async def test_gaps_of_many_days_and_short_ones_are_told_apart(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        start, _ = CALENDAR.bounds(Day("2026-05-04"))
        await rows.do(lambda tx: watch(tx, start, (-48, 0), (1, 5), (5.5, 6), (90, 200)))
        assert await rows.do(lambda tx: inbox.gaps(tx, "stage:1", start + HOUR, start + 6 * HOUR)) == [
            (start + 5 * HOUR, start + 5 * HOUR + HOUR // 2)
        ]
        missed = await rows.do(
            lambda tx: unseen.days_of(tx, CALENDAR, 1, 1, Day("2026-04-30"), Day("2026-05-20"))
        )
        assert missed == {"2026-05-04", "2026-05-05", "2026-05-06", "2026-05-07"}


async def test_an_hour_unseen_excuses_a_day(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        start, _ = CALENDAR.bounds(Day("2026-05-04"))
        await rows.do(lambda tx: inbox.observe(tx, "stage:1", start))
        await rows.do(lambda tx: inbox.lose(tx, "stage:1", start, start + 2 * HOUR))
        assert await rows.do(lambda tx: excused(tx, "2026-05-04"))
        assert not await rows.do(lambda tx: excused(tx, "2026-05-05"))


def test_what_overlaps_or_goes_on_is_shown_as_one() -> None:
    def away(first: int, last: int, why: str = "") -> absences.Absence:
        return absences.Absence(0, Day(f"2026-05-{first:02}"), Day(f"2026-05-{last:02}"), why)

    assert absences.merged([away(7, 9), away(4, 5), away(5, 6), away(12, 12)]) == [away(4, 9), away(12, 12)]
    assert absences.merged([away(4, 9, "春节"), away(5, 6)]) == [away(4, 9, "春节")]
    assert absences.merged([away(4, 5, "春节"), away(6, 7, "搬家")]) == [
        away(4, 5, "春节"),
        away(6, 7, "搬家"),
    ]
    several = [away(4, 6, "春节"), away(5, 7, "搬家"), away(6, 8, "春节")]
    assert absences.merged(several) == [away(4, 8, "春节 · 搬家")]
    assert absences.merged([]) == []
