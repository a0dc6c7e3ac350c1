"""What is known of each member's last messages survives a restart, whether it was noted or written down."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.scoring import paces
from handlers.scoring.paces import Paces
from storage.db import Database, Transaction
from storage.migrate import migrate
from storage.paces import NOBODY_YET, Pace

KEY = (1, 7)
NEXT = (1, 8)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "a.sqlite3")
    await migrate(database)
    yield database
    await database.close()


def some(tx: Transaction) -> Paces:
    """Four messages of one member, the third of which was edited, and one of another; kept in two batches."""
    found = Paces(tx)
    found.read(tx, [KEY, NEXT])
    for number in (1, 2, 3):
        found.scored(KEY, number * 100, f"m{number}", bytes([number]))
    found.keep(tx)
    found.scored(KEY, 400, "m4", b"\x04")
    found.edited(KEY, 300, "m3", b"\x03\xfa")
    found.scored(NEXT, 500, "n1", b"")
    found.keep(tx)
    return found


EXPECTED = {
    KEY: Pace(400, ("m4", "m3", "m2"), (b"\x04", b"\x03\xfa", b"\x02")),
    NEXT: Pace(500, ("n1",), (b"",)),
}


def read_anew(tx: Transaction) -> Paces:
    found = Paces(tx)
    found.read(tx, [KEY, NEXT, (2, 7)])
    return found


async def test_notes_are_taken_over_after_a_restart(database: Database) -> None:
    assert (await database.write(some)).known == EXPECTED
    assert await database.read(lambda tx: tx.value("SELECT count(*) FROM pace")) == 0
    for _ in range(2):
        assert (await database.write(read_anew)).known == EXPECTED | {(2, 7): NOBODY_YET}
        assert await database.read(lambda tx: tx.value("SELECT count(*) FROM pace_note")) == 0


async def test_paces_are_written_down_when_much_was_noted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paces, "WRITTEN_AFTER", 5)
    await database.write(some)
    assert await database.read(lambda tx: tx.value("SELECT count(*) FROM pace_note")) == 0
    assert (await database.write(read_anew)).known == EXPECTED | {(2, 7): NOBODY_YET}


async def test_who_wrote_nothing_leaves_nothing(database: Database) -> None:
    await database.write(lambda tx: read_anew(tx).keep(tx))
    assert await database.read(lambda tx: tx.value("SELECT count(*) FROM pace_note")) == 0


async def test_a_pace_from_before_has_nothing_to_compare_with(database: Database) -> None:
    await database.write(lambda tx: tx.run("INSERT INTO pace (community, account, last_at) VALUES (1, 7, 5)"))
    assert (await database.write(read_anew)).known[KEY] == Pace(5)
