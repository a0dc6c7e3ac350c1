"""Ordered, forward-only migrations: each file one transaction, kept with its checksum."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from storage.failures import DatabaseUnfit

if TYPE_CHECKING:
    from storage.db import Database, Transaction

FOLDER = Path(__file__).parent / "migrations"

LEDGER = """CREATE TABLE migration (
    number INT8 NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL
)"""


def migrations(folder: Path = FOLDER) -> list[tuple[int, Path]]:
    """The migration files with their numbers, in order."""
    return sorted((int(path.name[:4]), path) for path in folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))


def statements(text: str) -> list[str]:
    """The statements of a migration: separated by semicolons, `--` comments left out."""
    text = re.sub(r"--[^\n]*", "", text)
    return [part.strip() for part in text.split(";") if part.strip()]


async def migrate(database: Database, folder: Path = FOLDER) -> None:
    """Bring the database to the newest schema.

    Raises DatabaseUnfit when it is newer than this program, or an applied migration has changed.
    """
    await database.write(lambda tx: None if _has_ledger(tx) else tx.ddl(LEDGER))
    applied = await database.write(
        lambda tx: {
            row["number"]: row["checksum"] for row in tx.all("SELECT number, checksum FROM migration")
        }
    )
    known = dict(migrations(folder))
    newer = sorted(set(applied) - set(known))
    if newer:
        raise DatabaseUnfit(
            f"a newer Banzhang used this database (migration {newer[-1]}): upgrade, or restore a backup"
        )
    for number, path in sorted(known.items()):
        checksum = hashlib.sha256(path.read_bytes()).hexdigest()
        if number not in applied:
            await database.write(lambda tx, n=number, p=path, c=checksum: _apply(tx, n, p, c))  # type: ignore[misc]
        elif applied[number] != checksum:
            message = (
                f"{path.name} changed after it was applied to this database: reinstall Banzhang unchanged"
            )
            raise DatabaseUnfit(message)


def _has_ledger(tx: Transaction) -> bool:
    return tx.value("SELECT 1 FROM sqlite_schema WHERE name = 'migration'") is not None


def _apply(tx: Transaction, number: int, path: Path, checksum: str) -> None:
    for statement in statements(path.read_text(encoding="utf-8")):
        if statement.startswith(("CREATE", "ALTER", "DROP")):
            tx.ddl(statement)
        else:
            tx.run(statement)
    tx.run(
        "INSERT INTO migration (number, name, checksum) VALUES (:number, :name, :checksum)",
        {"number": number, "name": path.stem, "checksum": checksum},
    )
