"""The database: transactions, who may open it, migrations, DDL."""

import asyncio
import contextlib
import errno
import sqlite3
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.db import Database, Transaction
from storage.failures import DatabaseUnfit, DiskFull
from storage.migrate import FOLDER, migrate, migrations, statements
from storage.statements import ROWS_AT_ONCE


async def test_what_a_transaction_raises_undoes_all_of_it(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "a.sqlite3")
    await database.write(lambda tx: tx.ddl("CREATE TABLE thing (id INT8 NOT NULL PRIMARY KEY)"))

    def breaks(tx: Transaction) -> None:
        tx.run("INSERT INTO thing (id) VALUES (1)")
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(breaks)
    assert await database.read(lambda tx: tx.value("SELECT count(*) FROM thing")) == 0
    await database.close()


async def test_a_savepoint_undoes_its_part_only(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "a.sqlite3")
    await database.write(lambda tx: tx.ddl("CREATE TABLE thing (id INT8 NOT NULL PRIMARY KEY)"))

    def part(tx: Transaction) -> None:
        tx.run("INSERT INTO thing (id) VALUES (1)")
        with pytest.raises(sqlite3.IntegrityError):
            tx.part(tx.many, "INSERT INTO thing (id) VALUES (:id)", [{"id": 2}, {"id": 1}])

    await database.write(part)
    assert await database.read(lambda tx: [row["id"] for row in tx.all("SELECT id FROM thing")]) == [1]
    await database.close()


@pytest.mark.parametrize("number", [0, 1, ROWS_AT_ONCE[0], 2 * ROWS_AT_ONCE[0] + 11])
async def test_many_rows_go_in_with_few_statements(tmp_path: Path, number: int) -> None:
    database = await Database.open(tmp_path / "a.sqlite3")
    await database.write(
        lambda tx: tx.ddl("CREATE TABLE thing (id INT8 NOT NULL PRIMARY KEY, one INT8, name TEXT)")
    )
    sql = (
        "INSERT INTO thing (id, one, name) VALUES (:id, 1, :name)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name"
    )
    rows = [(row, f"({row}), VALUES (:id)") for row in range(number)]

    await database.write(lambda tx: tx.put(sql, [(row, "before") for row, _ in rows]))
    await database.write(lambda tx: tx.put(sql, rows))

    kept = await database.read(lambda tx: tx.all("SELECT id, one, name FROM thing ORDER BY id"))
    assert [tuple(row) for row in kept] == [(row, 1, name) for row, name in rows]
    await database.close()


ADD = "INSERT INTO thing (id, name) VALUES (:id, :name) ON CONFLICT (id) DO UPDATE SET name = excluded.name"


async def things(tmp_path: Path, play: Callable[[Transaction], None]) -> dict[int, str]:
    """What is kept after a transaction on a table of things."""
    database = await Database.open(tmp_path / "a.sqlite3")
    await database.write(lambda tx: tx.ddl("CREATE TABLE thing (id INT8 NOT NULL PRIMARY KEY, name TEXT)"))
    await database.write(play)
    kept = await database.read(lambda tx: tx.all("SELECT id, name FROM thing ORDER BY id"))
    await database.close()
    return {row["id"]: row["name"] for row in kept}


async def test_what_waits_is_there_for_whoever_looks_and_at_the_end(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        tx.later(ADD, (1, "one"))
        tx.later(ADD, (1, "uno"))
        assert tx.value("SELECT name FROM thing WHERE id = 1") == "uno"
        tx.later(ADD, (2, "two"))
        assert tx.run("UPDATE thing SET name = 'dos' WHERE id = 2") == 1
        tx.later(ADD, (3, "three"))
        assert tx.value("SELECT 1 WHERE EXISTS (SELECT 1 FROM thing WHERE id = 3)") == 1
        tx.later(ADD, (4, "four"))

    assert await things(tmp_path, play) == {1: "uno", 2: "dos", 3: "three", 4: "four"}


NEW = "INSERT INTO thing (id, name) VALUES (:id, :name)"
NAME = "UPDATE thing SET name = :name WHERE id = :id"


async def test_of_several_rows_of_one_key_the_last_is_written(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        tx.later(NEW, (1, "one"), (1,))
        tx.later(NEW, (1, "uno"), (1,))
        with contextlib.suppress(Undone):
            tx.part(wrong, tx)
        tx.later(NEW, (2, "two"), (2,))
        tx.later(NAME, ("zwei", 2), (2,))
        tx.part(tx.later, NAME, ("dos", 2), (2,))

    def wrong(tx: Transaction) -> None:
        tx.later(NAME, ("wrong", 1), (1,))
        raise Undone

    assert await things(tmp_path, play) == {1: "uno", 2: "dos"}


async def test_a_row_waits_until_somebody_could_notice(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        tx.later(NEW, (1, "one"), (1,))
        assert tx.waits(NEW, (1,))
        assert not tx.waits(NEW, (2,))
        assert not tx.part(tx.waits, NEW, (1,))
        assert tx.value("SELECT count(*) FROM thing") == 1
        assert not tx.waits(NEW, (1,))

    assert await things(tmp_path, play) == {1: "one"}


async def test_what_changes_rows_follows_what_makes_them(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        tx.run(NEW, {"id": 1, "name": "one"})
        tx.later(NAME, ("uno", 1))
        tx.later(NEW, (2, "two"))
        tx.later(NAME, ("dos", 2))

    assert await things(tmp_path, play) == {1: "uno", 2: "dos"}


class Undone(Exception):
    """A part is to be undone."""


@pytest.mark.parametrize("looks", ["never", "inside", "in the middle", "outside"])
async def test_an_undone_part_takes_only_its_own_with_it(tmp_path: Path, looks: str) -> None:
    def look(tx: Transaction, where: str) -> None:
        if looks == where:
            assert tx.value("SELECT count(*) FROM thing")

    def outer(tx: Transaction) -> None:
        tx.later(ADD, (2, "outer"))
        look(tx, "in the middle")
        with contextlib.suppress(Undone):
            tx.part(inner, tx)
        assert not tx.kept
        tx.later(ADD, (4, "after"))

    def inner(tx: Transaction) -> None:
        tx.kept["thing", 3] = "inner"
        tx.later(ADD, (3, "inner"))
        tx.later(ADD, (1, "inner"))
        look(tx, "inside")
        raise Undone

    def wrong(tx: Transaction) -> None:
        tx.run("UPDATE thing SET name = 'wrong' WHERE id = 4")
        tx.part(tx.later, ADD, (5, "wrong"))
        raise Undone

    def play(tx: Transaction) -> None:
        tx.later(ADD, (1, "before"))
        look(tx, "outside")
        tx.part(outer, tx)
        with contextlib.suppress(Undone):
            tx.part(wrong, tx)
        tx.later(ADD, (6, "last"))

    assert await things(tmp_path, play) == {1: "before", 2: "outer", 4: "after", 6: "last"}


async def test_what_waits_is_stored_when_undoing_drops_what_was_kept(tmp_path: Path) -> None:
    def undo() -> None:
        raise Undone

    def play(tx: Transaction) -> None:
        tx.later(ADD, (1, "before"))
        with contextlib.suppress(Undone):
            tx.part(undo)
        assert [row["name"] for row in tx.stored("SELECT name FROM thing WHERE id = :id", {"id": 1})] == [
            "before"
        ]

    assert await things(tmp_path, play) == {1: "before"}


async def test_what_was_thought_of_rows_is_forgotten_when_they_cannot_be_kept(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "a.sqlite3")
    await database.write(lambda tx: tx.ddl("CREATE TABLE thing (id INT8 NOT NULL PRIMARY KEY)"))
    await database.write(
        lambda tx: tx.ddl(
            "CREATE TABLE part (id INT8 NOT NULL PRIMARY KEY,"
            " thing INT8 NOT NULL REFERENCES thing (id) DEFERRABLE INITIALLY DEFERRED)"
        )
    )
    undone: list[str] = []
    with pytest.raises(sqlite3.IntegrityError):
        await database.write(
            lambda tx: tx.run("INSERT INTO part (id, thing) VALUES (1, 9)"), lambda: undone.append("commit")
        )
    await database.write(
        lambda tx: tx.run("INSERT INTO thing (id) VALUES (1)"), lambda: undone.append("none")
    )
    assert undone == ["commit"]
    await database.close()


SECOND = """
import asyncio, pathlib, sys
from storage.db import Database
database = asyncio.run(Database.open(pathlib.Path(sys.argv[1])))
print("open", flush=True)
sys.stdin.read()
"""


async def test_a_second_program_is_refused_while_the_first_one_runs(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    first = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SECOND, path, cwd=FOLDER.parent.parent, stdin=PIPE, stdout=PIPE
    )
    assert first.stdout is not None
    assert await first.stdout.readline() == b"open\n"
    try:
        with pytest.raises(DatabaseUnfit, match="another Banzhang works with"):
            await Database.open(path)
    finally:
        first.kill()
        await first.wait()
    database = await Database.open(path)
    await database.close()


async def test_a_folder_without_room_is_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("storage.lock.take", no_room)
    with pytest.raises(DiskFull, match="No space left"):
        await Database.open(tmp_path / "a.sqlite3")


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseUnfit, match="cannot be written"):
        await Database.open(tmp_path / "file" / "a.sqlite3")


async def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "a.sqlite3")
    await migrate(database)
    await database.write(
        lambda tx: tx.run("INSERT INTO migration (number, name, checksum) VALUES (9999, 'later', 'x')")
    )
    with pytest.raises(DatabaseUnfit, match="9999"):
        await migrate(database)
    await database.close()


async def test_a_migration_that_changed_after_it_was_applied_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    first = folder / "0001_first.sql"
    first.write_text(
        "-- one\nCREATE TABLE thing (id INT8 NOT NULL PRIMARY KEY);\nINSERT INTO thing (id) VALUES (7);"
    )
    database = await Database.open(tmp_path / "a.sqlite3")
    await migrate(database, folder)
    await migrate(database, folder)
    assert await database.read(lambda tx: tx.value("SELECT id FROM thing")) == 7
    first.write_text("CREATE TABLE thing (id INT8 NOT NULL PRIMARY KEY)")
    with pytest.raises(DatabaseUnfit, match="0001_first"):
        await migrate(database, folder)
    await database.close()


def test_migrations_have_no_gaps() -> None:
    assert [number for number, _ in migrations(FOLDER)] == list(range(1, len(migrations(FOLDER)) + 1))


def test_statements_are_split_without_comments() -> None:
    assert statements("-- a; b\nSELECT 1;\n\nSELECT 2 -- c\n;") == ["SELECT 1", "SELECT 2"]
