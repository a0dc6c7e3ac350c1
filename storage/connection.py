"""A connection to the SQLite file, on a thread of its own, as a writer or a reader needs it."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING, TypeVar

import aiosqlite

from storage.failures import DatabaseUnfit, DiskFull, tells_of_a_full_disk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Result = TypeVar("Result")
Plain = TypeVar("Plain", None, bytes)

BUSY_MILLISECONDS = 5_000
CHECKPOINT_PAGES = 10_000


class Connection(aiosqlite.Connection):
    """aiosqlite's connection, with one more call: a whole function in one hop to its thread."""

    async def call(self, function: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run a function on the connection's thread."""
        result: Result = await self._execute(function, self._conn)  # type: ignore[no-untyped-call] # aiosqlite's own way in
        return result

    async def end(self) -> None:
        """Close it, also one that never came to be open, and wait until its thread has ended."""
        await self.close()
        await asyncio.to_thread(self._thread.join)


async def connect(path: Path, prepare: Callable[[sqlite3.Connection], None]) -> Connection:
    """Open or create the file, and let a function make the connection ready.

    Raises DatabaseUnfit, saying what to do, when it cannot be used; DiskFull when there is no room to.
    """
    connection = Connection(
        lambda: sqlite3.connect(path, isolation_level=None, cached_statements=512), iter_chunk_size=64
    )
    try:
        await connection
        await connection.call(prepare)
    except sqlite3.DatabaseError as error:
        await connection.end()
        if tells_of_a_full_disk(error):
            raise DiskFull(str(error)) from error
        raise DatabaseUnfit(f"{path} cannot be {why_unfit(error)}") from error
    return connection


def why_unfit(error: sqlite3.DatabaseError) -> str:
    """What cannot be done with a file, why, and what to do about it."""
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
        return f"opened and written ({error}): it must belong to the user that runs Banzhang"
    return f"read as Banzhang's database ({error}): restore a backup, or move the file away"


def prepare_writer(connection: sqlite3.Connection) -> None:
    """Let it write durably, and look once whether the file is whole."""
    connection.row_factory = sqlite3.Row
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    _check_own(connection)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")  # savepoints keep what they may undo there
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    _check_whole(connection)
    _add_functions(connection)
    _bind_quickly()


def prepare_reader(connection: sqlite3.Connection) -> None:
    """Let it read only."""
    connection.row_factory = sqlite3.Row
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    connection.execute("PRAGMA query_only = ON")
    _check_own(connection)
    _add_functions(connection)


def _check_own(connection: sqlite3.Connection) -> None:
    """Leave a file alone that holds somebody else's tables: a new one has none, an own one its ledger."""
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    ledger = {row[0] for row in connection.execute("SELECT name FROM pragma_table_info('migration')")}
    if names and not ledger >= {"number", "name", "checksum"}:
        raise sqlite3.DatabaseError(f"it holds another program's tables, {min(names)} among them")


def _check_whole(connection: sqlite3.Connection) -> None:
    """A look at the schema and the free list: what a damaged header or a foreign file fails at."""
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    connection.execute("PRAGMA freelist_count").fetchone()


def _add_functions(connection: sqlite3.Connection) -> None:
    """Math functions for SQLite builds that lack them."""
    import math  # noqa: PLC0415 - only an SQLite without math functions needs it

    try:
        connection.execute("SELECT log2(2), pow(2, 2)")
    except sqlite3.OperationalError:
        connection.create_function("log2", 1, math.log2, deterministic=True)
        connection.create_function("pow", 2, math.pow, deterministic=True)


def _bind_quickly() -> None:
    """Say of what SQLite takes as it is that nothing is to be done: else sqlite3 searches each time anew."""
    sqlite3.register_adapter(type(None), _as_it_is)
    sqlite3.register_adapter(bytes, _as_it_is)
    sqlite3.register_adapter(bool, int)


def _as_it_is(value: Plain) -> Plain:
    return value
