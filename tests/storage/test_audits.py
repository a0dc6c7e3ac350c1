"""The audit of changes."""

from pathlib import Path

from storage import audits
from storage.audits import Change
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
