"""Whose days passed unseen: by the bots of their rooms, and by the hours that tasks had then."""

from pathlib import Path

from rules.calendar import Window
from rules.days import Day, shift
from rules.tasks import Task
from storage import byhand, inbox, rooms, tasks, unseen
from storage.db import Transaction
from tests.storage.rows import CALENDAR, some_rows

HOUR = 3_600_000
MONDAY = Day("2026-05-04")
TUESDAY = Day("2026-05-05")


def down(tx: Transaction, bot: str, day: Day, opens: float, closes: float) -> None:
    """The bot watched since the day before, but not between two hours of a day."""
    start = CALENDAR.instant(day, 240)
    inbox.observe(tx, bot, start - 24 * HOUR)
    wall = CALENDAR.at_wall(day, 0)
    lost, back = wall + int(opens * HOUR), wall + int(closes * HOUR)
    inbox.observe(tx, bot, lost)
    inbox.lose(tx, bot, lost, back)
    inbox.observe(tx, bot, wall + 28 * HOUR)


def hours(opens: int, closes: int) -> Task:
    return Task(id=1, name="打卡", window=Window(opens * 60, closes * 60))


def of(tx: Transaction, person: int, first: Day = MONDAY, last: Day = TUESDAY) -> set[str]:
    return set(unseen.days_of(tx, CALENDAR, 1, person, first, last))


async def test_only_the_hours_of_the_tasks_count(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(lambda tx: tasks.save(tx, 1, hours(6, 9), Day("2026-05-01")))
        await rows.do(lambda tx: down(tx, "stage:1", MONDAY, 9, 20))
        assert await rows.do(lambda tx: of(tx, 1)) == set()
        await rows.do(lambda tx: down(tx, "stage:1", TUESDAY, 7, 7.75))
        assert await rows.do(lambda tx: of(tx, 1)) == {TUESDAY}


async def test_a_window_past_the_days_end_is_looked_at_to_its_end(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(lambda tx: tasks.save(tx, 1, hours(22, 30), Day("2026-05-01")))
        await rows.do(lambda tx: down(tx, "stage:1", MONDAY, 29, 30))
        assert await rows.do(lambda tx: of(tx, 1, MONDAY, MONDAY)) == {MONDAY}


async def test_one_task_of_several_that_was_hidden_is_enough(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:

        def morning_and_evening(tx: Transaction) -> None:
            tasks.save(tx, 1, hours(6, 8), Day("2026-05-01"))
            tasks.add(tx, 1, Task(id=0, name="晚读", window=Window(1200, 1320)), Day("2026-05-01"), 0)
            down(tx, "stage:1", MONDAY, 20, 21)

        await rows.do(morning_and_evening)
        assert await rows.do(lambda tx: of(tx, 1)) == {MONDAY}


async def test_changed_hours_never_reach_back(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(lambda tx: down(tx, "stage:1", MONDAY, 12, 13))
        await rows.do(lambda tx: tasks.save(tx, 1, hours(6, 9), TUESDAY))
        await rows.do(lambda tx: down(tx, "stage:1", TUESDAY, 12, 13))
        assert await rows.do(lambda tx: of(tx, 1)) == {MONDAY}


async def test_each_goes_by_the_bots_of_their_own_rooms(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:

        def two_platforms(tx: Transaction) -> None:
            other = rooms.add(tx, "other", "b", "group", "b", 0)
            tx.run("UPDATE room SET community = 1")
            rooms.set_role(tx, 1, 1, "member", 0)
            rooms.set_role(tx, other.id, 2, "member", 0)
            down(tx, "other", MONDAY, 8, 20)
            down(tx, "stage:1", TUESDAY, 8, 20)

        await rows.do(two_platforms)
        assert await rows.do(lambda tx: of(tx, 1)) == {TUESDAY}
        assert await rows.do(lambda tx: of(tx, 2)) == {MONDAY}
        await rows.do(lambda tx: rooms.set_role(tx, 2, 1, "member", 0))
        assert await rows.do(lambda tx: of(tx, 1)) == {MONDAY, TUESDAY}, "they may have come either way"
        left_on_tuesday = CALENDAR.at_wall(TUESDAY, 0)
        await rows.do(lambda tx: rooms.set_role(tx, 1, 1, "left", left_on_tuesday))
        assert await rows.do(lambda tx: of(tx, 1)) == {MONDAY}


async def test_who_is_in_no_room_goes_by_all_bots(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(lambda tx: down(tx, "stage:1", MONDAY, 8, 20))
        assert await rows.do(lambda tx: of(tx, 1)) == {MONDAY}


async def test_the_history_is_read_by_keys(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        values = {"community": 1, "persons": "[1]", "forever": unseen.FOREVER}
        plan = await rows.do(lambda tx: tx.plan(unseen.WATCHERS, values))
        assert "account_person (person=?)" in plan
        assert "membership_account (account=?)" in plan
        assert "SCAN account" not in plan
        assert "SEARCH task_hours" in await rows.do(lambda tx: tx.plan(unseen.HOURS, {"community": 1}))


async def test_the_hours_of_a_day_are_those_of_its_tasks(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(lambda tx: tasks.save(tx, 1, hours(6, 9), TUESDAY))
        history = await rows.do(lambda tx: unseen.hours(tx, 1))
        assert unseen.times(CALENDAR, history, MONDAY) == {CALENDAR.bounds(MONDAY)}
        assert unseen.times(CALENDAR, history, shift(TUESDAY, 3)) == {
            CALENDAR.window_bounds(Window(360, 540), shift(TUESDAY, 3))
        }
        assert unseen.times(CALENDAR, [], MONDAY) == {CALENDAR.bounds(MONDAY)}


async def test_where_no_bot_is_a_day_is_seen_by_its_list(tmp_path: Path) -> None:
    def by_hand(tx: Transaction) -> None:
        room = rooms.add(tx, rooms.BY_HAND, "1:1", "group", "晨读二班", 0)
        tx.run("UPDATE room SET community = 1 WHERE id = :room", {"room": room.id})
        byhand.set_here(tx, room.id, [1], 5)
        byhand.note_day(tx, room.id, MONDAY)

    async with some_rows(tmp_path) as rows:
        await rows.do(by_hand)
        assert await rows.do(lambda tx: of(tx, 1)) == {TUESDAY}
        assert await rows.do(lambda tx: of(tx, 999)) == set()
