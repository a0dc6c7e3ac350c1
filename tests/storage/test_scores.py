"""Scores, rankings and the record behind them: exact, and as cheap after ten years as on the first day."""

import random
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from bot.app import opened
from rules import score
from rules.days import Day, shift
from storage import activity, messages, paces, people, rankings, rooms, scores
from storage.activity import DayRow
from storage.db import Database, Transaction
from storage.messages import MessageRow, Pair
from storage.migrate import migrate, migrations
from storage.paces import Pace

HALF_LIFE = 14.0
TODAY = Day("2026-05-04")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with opened(tmp_path / "test.sqlite3") as found:
        yield found


def join(tx: Transaction, name: str) -> int:
    """A new account with a person of its own; both have the same number here."""
    account = people.add(tx, platform="stage", native=name, name=name, username=None, is_bot=False, now=0)
    assert account.id == account.person
    return account.id


def earn(tx: Transaction, account: int, day: Day, points: float, room: int = 1) -> None:
    """A day's row with so many points, not settled yet."""
    activity.note_days(tx, [((1, day, account, room), DayRow((1,) * 7, points))])


def settle(tx: Transaction) -> None:
    scores.settle(tx, 1, HALF_LIFE, 100_000)


async def test_what_is_settled_twice_counts_once(database: Database) -> None:
    def play(tx: Transaction) -> None:
        account = join(tx, "小林")
        earn(tx, account, TODAY, 5.0)
        settle(tx)
        settle(tx)
        earn(tx, account, TODAY, 8.0)
        assert activity.has_unsettled(tx, 1)
        settle(tx)
        assert not activity.has_unsettled(tx, 1)
        assert rankings.top(tx, 1, "2026-W19", [], 10) == [(account, 8.0)]
        earn(tx, account, TODAY, 3.0)
        settle(tx)
        assert rankings.top(tx, 1, "all", [], 10) == [(account, 3.0)]
        place = rankings.place_by_score(tx, 1, account, [])
        assert place is not None
        assert score.decayed(place.value, score.stamp(TODAY), HALF_LIFE) == pytest.approx(3.0)

    await database.write(play)


async def test_who_has_nothing_left_is_in_no_ranking(database: Database) -> None:
    def play(tx: Transaction) -> None:
        account = join(tx, "小林")
        earn(tx, account, TODAY, 5.0)
        settle(tx)
        earn(tx, account, TODAY, 0.0)
        settle(tx)
        assert rankings.top(tx, 1, "all", [], 10) == []
        assert rankings.place_in_period(tx, 1, "all", account, []) is None
        assert rankings.place_by_score(tx, 1, account, []) is None

    await database.write(play)


async def test_only_those_who_ask_can_be_settled(database: Database) -> None:
    def play(tx: Transaction) -> None:
        first, second = join(tx, "小林"), join(tx, "阿哲")
        earn(tx, first, TODAY, 5.0)
        earn(tx, second, TODAY, 6.0)
        assert scores.settle(tx, 1, HALF_LIFE, 10, [second]) == 1
        assert rankings.top(tx, 1, "all", [], 10) == [(second, 6.0)]

    await database.write(play)


async def test_accounts_of_one_person_count_together(database: Database) -> None:
    def play(tx: Transaction) -> None:
        first, second = join(tx, "小林"), join(tx, "小林的小号")
        tx.run("UPDATE account SET person = :first WHERE id = :second", {"first": first, "second": second})
        earn(tx, first, TODAY, 5.0)
        earn(tx, second, TODAY, 6.0)
        settle(tx)
        assert rankings.top(tx, 1, "all", [], 10) == [(first, 11.0)]
        place = rankings.place_by_score(tx, 1, first, [])
        assert place is not None
        assert score.decayed(place.value, score.stamp(TODAY), HALF_LIFE) == pytest.approx(11.0)
        assert rankings.place_by_score(tx, 1, second, []) is None

    await database.write(play)


async def test_ten_years_of_days(database: Database) -> None:
    def play(tx: Transaction) -> None:
        account, chance = join(tx, "小林"), random.Random(7)
        days = [shift(TODAY, -number) for number in range(3_650)]
        for day in days:
            earn(tx, account, day, chance.randrange(1, 65_536) / 65_536)
        settle(tx)
        before = rankings.place_by_score(tx, 1, account, [])
        scores.rebuild_scores(tx, 1, {account}, HALF_LIFE)
        after = rankings.place_by_score(tx, 1, account, [])
        assert before is not None
        assert after is not None
        assert before.value == pytest.approx(after.value, abs=1e-9)
        assert [made.day for made in activity.newest(tx, 1, [account], most=5)] == days[:5]
        assert activity.newest(tx, 1, [account], before=days[-1], most=5) == []
        scores.prune_tallies(tx, 1, TODAY)
        left = tx.value("SELECT count(*) FROM tally WHERE period LIKE '____-__-__'")
        assert left == 1
        assert rankings.top(tx, 1, "2026-W18", [], 1) != []

    await database.write(play)


async def test_a_rank_beyond_the_first_thousand_is_not_counted(database: Database) -> None:
    def play(tx: Transaction) -> None:
        accounts = [join(tx, f"m{number}") for number in range(rankings.RANKS_TOLD + 2)]
        for number, account in enumerate(accounts):
            earn(tx, account, TODAY, 10_000.0 - number)
        settle(tx)
        ranks = []
        for account in (accounts[0], accounts[-3], accounts[-1]):
            place = rankings.place_in_period(tx, 1, "all", account, [])
            assert place is not None
            ranks.append(place.rank)
        assert ranks == [1, rankings.RANKS_TOLD, None]
        place = rankings.place_in_period(tx, 1, "all", accounts[-1], accounts[:500])
        assert place == (502, 10_000.0 - rankings.RANKS_TOLD - 1)

    await database.write(play)


async def test_staff_are_admins_of_its_rooms_and_who_has_a_role(database: Database) -> None:
    def play(tx: Transaction) -> None:
        room = rooms.add(tx, "stage:1", "晨读班", "group", "晨读班", 0)
        tx.run("INSERT INTO community (id, name, language, created_at) VALUES (1, '班', 'en', 0)")
        tx.run("UPDATE room SET community = 1")
        admin, leader, member = (join(tx, name) for name in ("王老师", "组长", "小林"))
        rooms.set_role(tx, room.id, admin, "admin", 0)
        rooms.set_role(tx, room.id, member, "member", 0)
        rooms.set_role(tx, room.id, leader, "member", 0)
        people.give_role(tx, 1, leader, "leader", 0, None)
        people.set_hidden(tx, member, hidden=True)
        assert people.staff(tx, 1) == [admin, leader]
        assert rankings.hidden(tx) == [member]
        rooms.save(tx, msgspec.structs.replace(rooms.by_id(tx, room.id), standing="left"))
        assert people.staff(tx, 1) == []

    await database.write(play)


def message(native: str, at: int) -> MessageRow:
    return MessageRow(room=1, native=native, account=1, at=at)


async def test_old_messages_go_a_slice_at_a_time(database: Database) -> None:
    def play(tx: Transaction) -> None:
        messages.save_messages(tx, [message(str(number), number) for number in range(100)])
        place: tuple[int, str] | None = (0, "")
        slices = 0
        while place is not None:
            place = messages.prune(tx, place, 50, TODAY, 30)
            slices += 1
        assert slices == 4
        assert tx.value("SELECT count(*) FROM message WHERE at < 50") == 0
        assert tx.value("SELECT count(*) FROM message") == 50

    await database.write(play)


async def test_paces_and_pairs_come_back_as_they_were(database: Database) -> None:
    def play(tx: Transaction) -> None:
        pace = Pace(123, ("9", "8", "7"), (b"\x05", b"", b"\x02\xfa"))
        paces.save_paces(tx, [((1, 7), pace)])
        messages.save_pairs(tx, [((1, TODAY, 7, 8), Pair(2, 3))])
        assert paces.paces(tx, 1, [7, 8]) == {7: pace}
        assert messages.pairs(tx, 1, TODAY, [7]) == {(1, TODAY, 7, 8): Pair(2, 3)}

    await database.write(play)


async def test_of_the_scores_kept_before_those_of_communities_stay(tmp_path: Path) -> None:
    earlier = tmp_path / "earlier"
    earlier.mkdir()
    for number, path in migrations():
        if number < 27:
            shutil.copy(path, earlier)
    database = await Database.open(tmp_path / "old.sqlite3")
    await migrate(database, earlier)
    kept = (
        "INSERT INTO score (community, room, person, value, half_life) VALUES (1, :room, :person, :value, 14)"
    )
    old = [{"room": room, "person": person, "value": room + person} for room in (0, 5) for person in (1, 2)]
    await database.write(lambda tx: tx.many(kept, old))
    await migrate(database)
    rows = await database.read(lambda tx: tx.all("SELECT * FROM score ORDER BY value DESC"))
    await database.close()
    assert [tuple(row) for row in rows] == [(1, 2, 2.0, 14.0), (1, 1, 1.0, 14.0)]


PLANS = [
    (messages.MESSAGES, "message"),
    (messages.REACTIONS, "reaction"),
    (paces.PACES, "pace"),
    (messages.PAIRS, "pair"),
    (activity.DAYS, "activity"),
    (activity.POINTS, "activity"),
    (activity.NEWEST, "activity"),
    (rankings.TOP, "tally"),
    (rankings.BETTER_IN_PERIOD, "tally"),
    (rankings.BETTER_BY_SCORE, "score"),
    (scores.UNSETTLED + scores.IN_ORDER, "unsettled"),
    (scores.SETTLED, "unsettled"),
    (scores.OF_PERSONS, "score"),
    (scores.SETTLED_DAYS, "activity"),
    (people.STAFF, "membership"),
    (rankings.HIDDEN, "person"),
]

NUMBERS = ("community", "day", "period", "most", "value", "room", "account", "since", "before")
LISTS = ("left_out", "persons", "accounts", "natives")


@pytest.mark.parametrize(("sql", "table"), PLANS)
async def test_growing_tables_are_only_searched_by_an_index(database: Database, sql: str, table: str) -> None:
    parameters = dict.fromkeys(NUMBERS, "1") | dict.fromkeys(LISTS, "[]")
    plan = await database.read(lambda tx: tx.plan(sql, parameters))
    assert f"SCAN {table}\n" not in plan + "\n"
    assert "USE TEMP B-TREE FOR ORDER BY" not in plan
    assert table in plan


@pytest.mark.parametrize("sql", [rankings.TOP, rankings.BETTER_IN_PERIOD, rankings.BETTER_BY_SCORE])
async def test_who_left_is_found_by_the_accounts_of_each_person(database: Database, sql: str) -> None:
    parameters = dict.fromkeys(NUMBERS, "1") | dict.fromkeys(LISTS, "[]")
    plan = await database.read(lambda tx: tx.plan(sql, parameters))
    assert "SEARCH account USING COVERING INDEX account_person (person=?)" in plan
    assert "SEARCH membership USING INDEX membership_account (account=?)" in plan
