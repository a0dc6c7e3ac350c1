"""Terms and what came of them, as rows."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from rules.days import Day
from rules.terms import Stage, Term
from storage import communities, people, rooms, terms
from storage.db import Database, Transaction
from storage.migrate import migrate
from storage.terms import Result

TERM = Term("晨读营", Day("2026-05-01"), 21, 18, (Stage("入门", 7), Stage("收官", 21)))
RESULT = Result(term=1, person=1, done=21, needed=18, passed=True, perfect=True, longest=21)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A community with one room and three members, the second of whom hides."""
    found = await Database.open(tmp_path / "a.sqlite3", durable=False)
    await migrate(found)

    def fill(tx: Transaction) -> None:
        communities.add(tx, "晨读班", "zh-Hans", "Asia/Shanghai", 240, 0)
        room = rooms.add(tx, "stage:1", "晨读班", "group", "晨读班", 0)
        rooms.save(tx, msgspec.structs.replace(room, community=1))
        for name in ("小林", "阿哲", "小美"):
            account = people.add(
                tx, platform="stage", native=name, name=name, username=None, is_bot=False, now=0
            )
            rooms.set_role(tx, room.id, account.id, "member", 1000 * account.id)
        people.set_hidden(tx, 2, hidden=True)
        terms.add(tx, 1, TERM, 0)

    await found.write(fill)
    yield found
    await found.close()


async def test_a_term_comes_back_as_it_was(database: Database) -> None:
    kept = await database.read(lambda tx: terms.open_term(tx, 1))
    assert kept is not None
    assert kept.term == TERM
    assert await database.read(lambda tx: terms.by_id(tx, 2, kept.id)) is None


async def test_one_term_at_a_time(database: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        await database.write(lambda tx: terms.add(tx, 1, TERM, 0))
    await database.write(lambda tx: terms.close(tx, 1, 5))
    assert await database.read(lambda tx: terms.open_term(tx, 1)) is None
    assert await database.write(lambda tx: terms.add(tx, 1, TERM, 0)) == 2
    last = await database.read(lambda tx: terms.last_term(tx, 1))
    assert last is not None
    assert last.id == 2


async def test_results_best_first_and_the_hidden_unnamed(database: Database) -> None:
    results = [
        msgspec.structs.replace(RESULT, person=1, done=18, perfect=False),
        msgspec.structs.replace(RESULT, person=2),
        msgspec.structs.replace(RESULT, person=3, done=3, passed=False, perfect=False),
    ]

    def work(tx: Transaction) -> tuple[list[str], int, list[Result]]:
        terms.keep_results(tx, results)
        terms.keep_results(tx, results)
        return (
            terms.passed_in_room(tx, 1, 1),
            terms.took_part_in_room(tx, 1, 1),
            terms.results_after(tx, 1, 1, 9),
        )

    assert await database.write(work) == (["", "小林"], 3, results[1:])
    assert await database.read(lambda tx: terms.last_passed(tx, 1, 1)) == results[0]
    assert await database.read(lambda tx: terms.last_passed(tx, 1, 3)) is None
    await database.write(lambda tx: terms.call_off(tx, 1))
    assert await database.read(lambda tx: terms.result(tx, 1, 2)) is None


async def test_when_somebody_joined(database: Database) -> None:
    assert await database.read(lambda tx: terms.joined_at(tx, 1, 2)) == 2000
    await database.write(lambda tx: rooms.set_role(tx, 1, 2, "left", 9))
    assert await database.read(lambda tx: terms.joined_at(tx, 1, 2)) is None


async def test_who_took_part_is_read_by_the_day(database: Database) -> None:
    values = {"community": 1, "first": TERM.first, "last": TERM.last, "after": 0, "most": 20}
    plan = await database.read(lambda tx: tx.plan(terms.PERSONS_OF_DAYS, values))
    assert "SEARCH checkin USING COVERING INDEX checkin_day (community=? AND day>? AND day<?)" in plan
