"""Opening the file: what it may do, and what is said when it cannot be used."""

import asyncio
import sqlite3
import sys
from asyncio.subprocess import PIPE
from contextlib import closing
from pathlib import Path

import pytest

from storage.db import Database, Transaction, glance
from storage.failures import DatabaseUnfit
from storage.migrate import FOLDER, migrate, migrations


async def test_readers_cannot_write(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "a.sqlite3")
    with pytest.raises(sqlite3.OperationalError):
        await database.read(lambda tx: tx.ddl("CREATE TABLE thing (id INT8 NOT NULL PRIMARY KEY)"))
    await database.close()


async def test_a_damaged_file_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    path.write_bytes(b"this is no database at all " * 100)
    with pytest.raises(DatabaseUnfit, match="restore a backup"):
        await Database.open(path)


@pytest.mark.parametrize("table", ["orders (id INTEGER)", "migration (id INTEGER, applied TEXT)"])
async def test_the_file_of_another_program_is_refused_and_left_as_it_is(tmp_path: Path, table: str) -> None:
    path = tmp_path / "a.sqlite3"
    with closing(sqlite3.connect(path)) as theirs:
        theirs.execute(f"CREATE TABLE {table}")
    before = path.read_bytes()
    with pytest.raises(DatabaseUnfit, match=r"another program's tables, \w+ among them.*move the file away"):
        await Database.open(path)
    with pytest.raises(DatabaseUnfit, match="another program's tables"):
        glance(path, Transaction.size)
    assert path.read_bytes() == before


async def test_a_new_file_and_an_own_one_are_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    path.touch()
    for _ in range(2):
        database = await Database.open(path)
        await migrate(database)
        await database.close()
    assert glance(path, lambda tx: tx.value("SELECT count(*) FROM migration")) == len(migrations())


OPEN = """
import asyncio, pathlib, sys
from storage.db import Database
from storage.failures import DatabaseUnfit
try:
    asyncio.run(Database.open(pathlib.Path(sys.argv[1])))
except DatabaseUnfit as error:
    print(error)
"""


async def test_a_file_that_cannot_be_opened_is_not_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    path.mkdir()
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", OPEN, path, cwd=FOLDER.parent.parent, stdout=PIPE, stderr=PIPE
    )
    said, trouble = await program.communicate()
    assert b"must belong to the user" in said
    assert trouble == b""


WITHOUT_ROOM = """
import asyncio, pathlib, resource, sys
from storage.db import Database
from storage.failures import StorageFails
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
try:
    asyncio.run(Database.open(pathlib.Path(sys.argv[1])))
except StorageFails as error:
    print(type(error).__name__)
"""


@pytest.mark.parametrize("is_new", [True, False])
async def test_a_full_disk_is_not_taken_for_damage_at_a_start(tmp_path: Path, is_new: bool) -> None:
    path = tmp_path / "a.sqlite3"
    if not is_new:
        await (await Database.open(path)).close()
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WITHOUT_ROOM, path, cwd=FOLDER.parent.parent, stdout=PIPE
    )
    said, _ = await program.communicate()
    assert said == b"DiskFull\n"
