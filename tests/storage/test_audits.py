"""The audit of changes."""

from pathlib import Path

import msgspec

from storage import audits
from storage.audits import Change, Filter
from storage.db import Transaction
from tests.stage import a_stage

A_CHANGE = Change(
    community=1,
    at=5,
    person=None,
    act="setting",
    subject="talk.lines_a_day",
    before="4",
    after="2",
    room=0,
    why="",
    undo='{"value":4}',
)


async def test_a_change_is_kept_with_all_that_takes_it_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()

        def keep(tx: Transaction) -> dict[str, object]:
            number = audits.note(tx, A_CHANGE)
            row = tx.one("SELECT * FROM audit WHERE id = :number", {"number": number})
            assert row is not None
            return dict(row)

        kept = await stage.engine.database.write(keep)
        assert (kept["act"], kept["before"], kept["after"], kept["undo"]) == (
            "setting",
            "4",
            "2",
            '{"value":4}',
        )
        assert kept["undone_by"] is None


ONE = {"community": 1, "skip": 0, "most": 7}
WANTED = [
    (Filter(), "audit_community"),
    (Filter(person=3), "audit_person"),
    (Filter(person=3, acts=("setting", "task")), "audit_person"),
    (Filter(acts=("setting",), subject="talk."), "audit_"),
    (Filter(acts=("task", "rest")), "audit_"),
    (Filter(room=3), "audit_room"),
    (Filter(since=50, until=70), "audit_"),
    (Filter(person=3, room=2, acts=("task",), since=50, until=70), "audit_"),
]


def ten_thousand(tx: Transaction) -> None:
    for number in range(10_000):
        change = msgspec.structs.replace(
            A_CHANGE,
            at=number,
            person=number % 40,
            act=("setting", "task", "mend", "role")[number % 4],
            subject=f"talk.key_{number % 97}",
            room=number % 7,
        )
        audits.note(tx, change)


async def test_ten_thousand_changes_are_looked_through_by_an_index(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        database = stage.engine.database
        await database.write(ten_thousand)

        def look(tx: Transaction) -> None:
            for wanted, index in WANTED:
                values = msgspec.structs.asdict(wanted) | ONE | {"acts": '["task"]'}
                plan = tx.plan(audits.page_query(wanted), values)
                assert index in plan, plan
                assert "SCAN audit" not in plan, plan
            found = audits.by_id(tx, 1, 5)
            assert found is not None
            assert "audit_place" in tx.plan(audits.LATER, msgspec.structs.asdict(found))
            own = {"community": 1, "person": 3, "acts": '["task"]'}
            assert "audit_person" in tx.plan(audits.LAST_OWN, own)

        await database.read(look)
        await database.write(lambda tx: tx.run("ANALYZE"))
        await database.read(look)


async def test_a_page_is_what_was_asked_for_and_the_next_goes_on(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.engine.database.write(ten_thousand)

        def look(tx: Transaction) -> None:
            days = Filter(since=9_000, until=9_100)
            assert [one.at for one in audits.page(tx, 1, days, skip=0, most=3)] == [9_099, 9_098, 9_097]
            assert [one.at for one in audits.page(tx, 1, days, skip=98, most=3)] == [9_001, 9_000]
            both = Filter(person=3, acts=("role",), subject="talk.key_1", room=5)
            for one in audits.page(tx, 1, both, skip=0, most=9):
                assert (one.person, one.act, one.room) == (3, "role", 5)
                assert one.subject.startswith("talk.key_1")
            assert audits.page(tx, 2, Filter(), skip=0, most=3) == []
            assert audits.page(tx, 1, Filter(since=99_999), skip=0, most=3) == []

        await stage.engine.database.read(look)
