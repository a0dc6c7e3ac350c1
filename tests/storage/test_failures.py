"""A full disk, and damage that is found at work."""

from pathlib import Path

import pytest

from storage.db import Database, Transaction
from storage.failures import DatabaseUnfit, DiskFull
from storage.migrate import LEDGER


async def test_a_full_disk_says_so_and_loses_nothing(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "a.sqlite3")
    await database.write(lambda tx: tx.ddl("CREATE TABLE thing (id INT8 NOT NULL PRIMARY KEY, text TEXT)"))
    await database.write(lambda tx: tx.run("INSERT INTO thing (id, text) VALUES (1, 'kept')"))
    await database.write(lambda tx: None)
    pages = await database.read(lambda tx: tx.value("PRAGMA page_count"))

    def fill(tx: Transaction) -> None:
        tx.value(f"PRAGMA max_page_count = {pages + 1}")
        tx.run("INSERT INTO thing (id, text) VALUES (2, :text)", {"text": "x" * 100_000})

    def fill_in_part(tx: Transaction) -> None:
        tx.part(tx.part, fill, tx)

    for work in (fill, fill_in_part):
        with pytest.raises(DiskFull):
            await database.write(work)
    assert await database.read(lambda tx: [row["text"] for row in tx.all("SELECT text FROM thing")]) == [
        "kept"
    ]
    await database.close()


async def test_damage_found_at_work_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    database = await Database.open(path)
    await database.write(lambda tx: tx.ddl(LEDGER))
    await database.write(lambda tx: tx.ddl("CREATE TABLE thing (id INT8 NOT NULL PRIMARY KEY, text TEXT)"))
    rows = [{"id": number, "text": "x" * 900} for number in range(50)]
    await database.write(lambda tx: tx.many("INSERT INTO thing (id, text) VALUES (:id, :text)", rows))
    await database.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    database = await Database.open(path)

    def look(tx: Transaction) -> None:
        tx.part(tx.all, "SELECT * FROM thing")

    with pytest.raises(DatabaseUnfit, match="restore a backup"):
        await database.write(look)
    await database.close()
