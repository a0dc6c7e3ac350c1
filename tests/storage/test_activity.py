"""What became of the record's rows is noted, and in the record before anybody reads it."""

from pathlib import Path

from rules.days import Day
from storage import activity, links, rankings, scores
from storage.activity import DayKey, DayRow
from storage.db import Database, Transaction
from tests.storage.rows import some_rows

TODAY, YESTERDAY = Day("2026-05-04"), Day("2026-05-03")
KEY = (1, TODAY, 1, 1)
ELSEWHERE = (1, TODAY, 1, 2)
BEFORE = (1, YESTERDAY, 2, 1)
OTHERS = (2, TODAY, 1, 3)


def row(messages: int) -> DayRow:
    """A day with so many messages, each worth a point."""
    return DayRow((messages, 0, 0, 0, 0, 0, 0), float(messages))


def record(tx: Transaction) -> dict[DayKey, tuple[int, float]]:
    """Messages and points of each row as it was written down."""
    rows = tx.all("SELECT community, day, account, room, message, points FROM activity")
    return {tuple(one[:4]): (one[4], one[5]) for one in rows}


def unsettled(tx: Transaction) -> dict[DayKey, float]:
    """What scores and tallies hold of the rows that wait."""
    rows = tx.all("SELECT community, day, account, room, settled FROM unsettled")
    return {tuple(one[:4]): one[4] for one in rows}


async def test_what_was_noted_last_is_written_down(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        activity.note_days(tx, [(KEY, row(1)), (BEFORE, row(4))])
        activity.note_days(tx, [(KEY, row(2)), (ELSEWHERE, row(5)), (OTHERS, row(7))])
        assert record(tx) == {}
        activity.write_down(tx)
        assert record(tx) == {KEY: (2, 2.0), ELSEWHERE: (5, 5.0), BEFORE: (4, 4.0), OTHERS: (7, 7.0)}
        assert unsettled(tx) == dict.fromkeys((KEY, ELSEWHERE, BEFORE, OTHERS), 0.0)
        activity.write_down(tx)
        assert activity.days(tx, 1, TODAY, [1]) == {KEY: row(2), ELSEWHERE: row(5)}

    async with some_rows(tmp_path) as rows:
        await rows.do(play)


async def test_what_rankings_hold_of_a_row_stays_known_until_it_is_settled(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        activity.note_days(tx, [(KEY, row(3)), (BEFORE, row(4))])
        assert scores.settle(tx, 1, 14.0, 10) == 2
        for messages in (5, 6, 2):
            activity.note_days(tx, [(KEY, row(messages)), (BEFORE, row(4))])
            activity.write_down(tx)
            assert unsettled(tx) == {KEY: 3.0}, "what did not change does not wait"
        assert scores.settle(tx, 1, 14.0, 10) == 1
        assert dict(rankings.top(tx, 1, "all", [], 10)) == {1: 2.0, 2: 4.0}

    async with some_rows(tmp_path) as rows:
        await rows.do(play)


async def test_what_was_noted_waits_for_being_settled(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        assert not await rows.do(lambda tx: activity.has_unsettled(tx, 1))
        await rows.do(lambda tx: activity.note_days(tx, [(KEY, row(1))]))
        assert await rows.do(lambda tx: activity.has_unsettled(tx, 1))
        assert await rows.do(lambda tx: scores.settle(tx, 1, 14.0, 10)) == 1
        assert not await rows.do(lambda tx: activity.has_unsettled(tx, 1))


async def test_what_is_settled_at_once_does_not_wait_and_the_rest_does(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        activity.note_days(tx, [(KEY, row(1)), (BEFORE, row(4)), (ELSEWHERE, row(2)), (OTHERS, row(7))])
        assert scores.settle(tx, 1, 14.0, 2) == 2
        first = unsettled(tx)
        assert len(first) == 2, "one of the community's three, and the other community's"
        activity.note_days(tx, [(KEY, row(3)), (ELSEWHERE, row(6))])
        assert scores.settle(tx, 1, 14.0, 10) == 3, "what waited is settled with what came since"
        assert unsettled(tx) == {OTHERS: 0.0}
        assert scores.settle(tx, 2, 14.0, 10) == 1
        assert unsettled(tx) == {}
        assert sum(points for _, points in rankings.top(tx, 1, "all", [], 10)) == 3 + 4 + 6
        assert [points for _, points in rankings.top(tx, 2, "all", [], 10)] == [7.0]

    async with some_rows(tmp_path) as rows:
        await rows.do(play)


async def test_notes_outlive_the_program(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(lambda tx: activity.note_days(tx, [(KEY, row(1))]))
    database = await Database.open(tmp_path / "rows.sqlite3")
    await database.write(activity.write_down)
    found = await database.read(record)
    await database.close()
    assert found == {KEY: (1, 1.0)}


async def test_communities_where_something_is_only_noted_are_concerned(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        activity.note_days(tx, [(KEY, row(1))])
        assert links.concerned(tx, 1, 2) == [1]

    async with some_rows(tmp_path) as rows:
        await rows.do(play)
