"""Days on which several accounts of a person did something in one place are worth what one would get."""

from pathlib import Path

from rules.days import Day
from rules.score import Counts, day_points
from rules.together import by_usual_rules
from storage import activity, checkins, links, messages, rankings, scores, shared_days
from storage.activity import SIGNALS, DayRow
from storage.db import Transaction
from storage.messages import Pair
from tests.storage.rows import checkin, some_rows

TODAY = Day("2026-05-04")
HALF_LIFE = 14.0


def did(tx: Transaction, account: int, room: int = 1, day: Day = TODAY, **signals: int) -> None:
    """An account's row is this now."""
    made = Counts(**signals)
    key = 1, day, account, room
    row = DayRow(tuple(getattr(made, name) for name in SIGNALS), day_points(made))
    activity.note_days(tx, [(key, row)])


def points(tx: Transaction, most: int = 100) -> dict[int, float]:
    scores.settle(tx, 1, HALF_LIFE, most)
    return dict(rankings.top(tx, 1, "all", [], 10))


def make_anew(tx: Transaction, *persons: int) -> dict[int, float]:
    scores.make_anew(tx, 1, persons, HALF_LIFE, by_usual_rules, Day("2026-01-01"))
    return dict(rankings.top(tx, 1, "all", [], 10))


async def test_what_two_accounts_did_is_made_one_and_two_again(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        did(tx, 1, message=6)
        did(tx, 2, message=6)
        before = points(tx)
        links.join(tx, 1, 2, 10)
        assert make_anew(tx, 1, 2) == {1: day_points(Counts(message=12))}
        links.part(tx, 2, 20)
        assert make_anew(tx, 1, 2) == before

    async with some_rows(tmp_path) as rows:
        await rows.do(play)


async def test_a_day_that_both_checked_in_on_counts_once(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        for account in (1, 2):
            checkins.keep(tx, checkin(TODAY, account=account))
            did(tx, account, room=0, checkin=1)
        links.join(tx, 1, 2, 10)
        assert make_anew(tx, 1, 2) == {1: day_points(Counts(checkin=1))}

    async with some_rows(tmp_path) as rows:
        await rows.do(play)


async def test_what_went_to_oneself_does_not_count(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        did(tx, 1, message=1, reply_given=1)
        did(tx, 2, message=1, reply_got=1)
        messages.save_pairs(tx, [((1, TODAY, 1, 2), Pair(replies=1))])
        links.join(tx, 1, 2, 10)
        assert make_anew(tx, 1, 2) == {1: day_points(Counts(message=2))}

    async with some_rows(tmp_path) as rows:
        await rows.do(play)


async def test_what_comes_after_is_settled_as_one_in_any_slices(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        links.join(tx, 1, 2, 10)
        for number in range(1, 9):
            did(tx, 1 + number % 2, message=number)
            did(tx, 1 + number % 2, room=2, message=number)
            points(tx, most=number % 3)
        found = points(tx)
        assert found == {1: 2 * day_points(Counts(message=8 + 7))}
        assert make_anew(tx, 1, 2) == found
        did(tx, 2, message=0)
        less = points(tx)
        assert less == {1: day_points(Counts(message=8)) + day_points(Counts(message=15))}
        assert make_anew(tx, 1, 2) == less

    async with some_rows(tmp_path) as rows:
        await rows.do(play)


async def test_rows_are_shown_as_one_s(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        did(tx, 1, message=1)
        did(tx, 1, room=2, message=3)
        did(tx, 2, message=1)
        links.join(tx, 1, 2, 10)
        make_anew(tx, 1, 2)
        own = activity.newest(tx, 1, [1, 2], most=9)
        shown = shared_days.as_one(tx, 1, 1, own, by_usual_rules)
        assert {(row.room, row.counts.message) for row in shown} == {(1, 2), (2, 3)}
        assert sum(row.points for row in shown) == points(tx)[1]

    async with some_rows(tmp_path) as rows:
        await rows.do(play)


async def test_people_with_one_account_cost_one_look(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        moves = [shared_days.Move(1, 1, TODAY, 1, 5.0)]
        assert shared_days.as_persons(tx, 1, moves, by_usual_rules) == moves

    async with some_rows(tmp_path) as rows:
        await rows.do(play)


async def test_each_query_uses_an_index(tmp_path: Path) -> None:
    values = {"community": 1, "person": 1, "persons": "[1]", "days": '["2026-05-04"]'}
    async with some_rows(tmp_path) as rows:
        for query in (
            shared_days.RECORD,
            shared_days.RECORD + shared_days.ON_DAYS,
            shared_days.TWICE,
            shared_days.OWN_PAIRS,
            shared_days.KEPT,
        ):
            plan = await rows.do(lambda tx, query=query: tx.plan(query, values))  # type: ignore[misc]
            scans = [line for line in plan.splitlines() if line.startswith("SCAN")]
            assert all("json_each" in line or "again" in line for line in scans), plan
        plan = await rows.do(lambda tx: tx.plan(shared_days.OWN_PAIRS, values))
        assert "pair USING PRIMARY KEY (community=? AND day=? AND account=? AND about=?)" in plan
