"""The database: one writer, a few readers, transactions, column types.

Everything that writes runs as ONE plain function on the writer's thread, inside ONE transaction
(`Database.write`): no coroutine, cancellation or network call can enter it. Readers are `query_only`.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TextIO, TypeVar

from storage import lock
from storage.connection import Connection, connect, prepare_reader, prepare_writer, why_unfit
from storage.failures import DatabaseUnfit, DiskFull, StorageFails, explain, tells_of_a_full_disk
from storage.statements import changes, pieces, positional, sqlite_ddl, table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

Given = ParamSpec("Given")
Result = TypeVar("Result")
Row = sqlite3.Row
Parameters = dict[str, Any]
Waiting = dict[tuple[str, "Hashable"], "Sequence[Any]"]
"""Rows to be written, by their statement and what tells them apart."""

OLDEST_SQLITE = (3, 37, 0)
"""STRICT tables need 3.37; upsert, RETURNING and window functions are older."""

SQLITE_VERSION = sqlite3.sqlite_version

READERS = 2


class Transaction:
    """The rows as one transaction sees them. Parameters are named, and bound from dicts.

    What may wait (`later`) is written before any other writing and any reading of its table, so that nobody
    sees the difference; a part that may be undone gets its savepoint only when it first writes.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: Waiting = {}
        """What waits since the innermost part began."""
        self._numbers = count()
        self._tables: set[str] = set()
        self._parts: list[Waiting | None] = []
        """Of each part what waited already when it began; None once it has its savepoint."""
        self.kept: dict[Hashable, Any] = {}
        """Rows that this transaction read or wrote, as the files of storage name them; undoing drops all."""
        self._seen: dict[tuple[str, tuple[Hashable, ...]], Any] = {}

    def run(self, sql: str, parameters: Mapping[str, Any] | None = None) -> int:
        """Run one statement; the number of rows it changed."""
        return self._execute(sql, parameters or {}).rowcount

    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run one statement for each of many rows."""
        self.catch_up()
        self._overlook(sql)
        self._connection.executemany(sql, rows)

    def put(self, sql: str, rows: Sequence[Sequence[Any]]) -> list[Row]:
        """Run one INSERT … VALUES (…) for many rows, their values in the order in which it names them.

        What it is to return, in any order. Quicker than `many`, for rows that every message or member
        leaves; no two rows may have the same key.
        """
        self.catch_up()
        self._overlook(sql)
        return self._insert(sql, rows)

    def _insert(self, sql: str, rows: Sequence[Sequence[Any]]) -> list[Row]:
        returned: list[Row] = []
        for statement, values in pieces(sql, rows):
            returned += self._connection.execute(statement, values)
        return returned

    def later(self, sql: str, row: Sequence[Any], key: Hashable = None) -> None:
        """Like `put` for one row, but together with others like it: at the latest when somebody could notice.

        Of several rows of one statement and `key` that wait, only the last is written: one that makes a row
        may follow another only while that `waits`. What changes rows follows what makes them; otherwise the
        order is only kept among rows of one statement.
        """
        self._waiting[sql, next(self._numbers) if key is None else key] = row
        table = table_of(sql)
        if table not in self._tables:
            self._tables.add(table)
            self._overlook(sql)

    def waits(self, sql: str, key: Hashable) -> bool:
        """Whether a row of this statement and key waits in the innermost part, so that it can be replaced.

        What waited before may be written before what this part does is, and stay when that is undone.
        """
        return (sql, key) in self._waiting

    def insert(self, sql: str, parameters: Mapping[str, Any]) -> int:
        """Run one INSERT … RETURNING id; that id."""
        return int(self._execute(sql, parameters).fetchone()[0])

    def one(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Row | None:
        """The first row of a query, or None."""
        row: Row | None = self._execute(sql, parameters or {}).fetchone()
        return row

    def all(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """All rows of a query."""
        return self._execute(sql, parameters or {}).fetchall()

    def stored(self, sql: str, parameters: Mapping[str, Any]) -> list[Row]:
        """All rows of a SELECT for a key that is not `kept`: nothing that waits can be among them."""
        return self._connection.execute(sql, parameters).fetchall()

    def again(self, sql: str, parameters: Mapping[str, Any]) -> list[Row]:
        """All rows of a query that is asked again and again: read once until its tables are written."""
        return self.made(sql, tuple(parameters.values()), lambda: self.all(sql, parameters))

    def made(self, tables: str, key: tuple[Hashable, ...], make: Callable[[], Result]) -> Result:
        """What is made of rows again and again: once until one of the tables that the text names is written.

        The text and the `key` tell it from all others.
        """
        known = tables, key
        if known not in self._seen:
            self._seen[known] = make()
        found: Result = self._seen[known]
        return found

    def _overlook(self, statement: str) -> None:
        """What was seen of the table that this statement writes is not the truth any more."""
        for key in [key for key in self._seen if table_of(statement) in key[0]]:
            del self._seen[key]

    def value(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - SQL decides
        """The first column of the first row, or None."""
        row = self.one(sql, parameters)
        return None if row is None else row[0]

    def ddl(self, statement: str) -> None:
        """Run one CREATE, ALTER or DROP written with PostgreSQL's types."""
        self._execute(sqlite_ddl(statement), {})

    def plan(self, sql: str, parameters: Mapping[str, Any] | None = None) -> str:
        """How the database would answer a query, one step a line (for tests)."""
        return "\n".join(row["detail"] for row in self.all("EXPLAIN QUERY PLAN " + sql, parameters))

    def size(self) -> int:
        """How large the database is, in bytes."""
        return int(self.value("PRAGMA page_count")) * int(self.value("PRAGMA page_size"))

    def part(self, act: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Result:
        """Do a part of the transaction, which is undone when it raises; StorageFails ends all of it."""
        self._parts.append(self._waiting)
        self._waiting = {}
        try:
            result = act(*given, **named)
        except BaseException as error:
            explain(error)
            if not self._connection.in_transaction:
                raise StorageFails(str(error)) from error
            self._undo()
            raise
        before = self._parts.pop()
        if before is None:
            self._connection.execute("RELEASE part")
        else:
            before.update(self._waiting)
            self._waiting = before
        return result

    def _undo(self) -> None:
        """Undo the innermost part. With a savepoint, all that waits came after it."""
        before = self._parts.pop()
        self._waiting = before or {}
        if before is None:
            self._connection.execute("ROLLBACK TO part")
            self._connection.execute("RELEASE part")
        else:
            self.catch_up()  # what was kept is read again, so it must be there
        self.kept.clear()
        self._seen.clear()

    def catch_up(self) -> None:
        """Write what waits, and give every part its savepoint: what waited before it began stays outside."""
        self._tables.clear()
        for index, before in enumerate(self._parts):
            if before is not None:
                self._write(before)
                self._connection.execute("SAVEPOINT part")
                self._parts[index] = None
        waiting, self._waiting = self._waiting, {}
        self._write(waiting)

    def _write(self, waiting: Waiting) -> None:
        rows: dict[str, list[Sequence[Any]]] = {}
        for (sql, _), row in waiting.items():
            rows.setdefault(sql, []).append(row)
        for sql in sorted(rows, key=changes):
            if changes(sql) or "ON CONFLICT" in sql:  # slower by one statement for many rows
                self._connection.executemany(positional(sql), rows[sql])
            else:
                self._insert(sql, rows[sql])

    def _execute(self, sql: str, parameters: Mapping[str, Any]) -> sqlite3.Cursor:
        if sql.startswith("SELECT"):
            if any(table in sql for table in self._tables):
                self.catch_up()
        else:
            if self._waiting or self._parts:
                self.catch_up()
            self._overlook(sql)
        return self._connection.execute(sql, parameters)


def _transact(
    connection: sqlite3.Connection,
    work: Callable[[Transaction], Result],
    begin: str,
    undone: Callable[[], None] | None = None,
) -> Result:
    connection.execute(begin)
    try:
        tx = Transaction(connection)
        result = work(tx)
        tx.catch_up()
        connection.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if undone is not None:
            undone()
        explain(error)
        raise
    return result


class Database:
    """One writer and a few readers over one SQLite file."""

    def __init__(self, path: Path, writer: Connection, readers: list[Connection], held: TextIO) -> None:
        self.path = path
        self._held = held
        self._writer = writer
        self._readers: asyncio.Queue[Connection] = asyncio.Queue()
        for reader in readers:
            self._readers.put_nowait(reader)
        self._all = [writer, *readers]

    @classmethod
    async def open(cls, path: Path, *, durable: bool = True) -> Database:
        """Open or create the file.

        Raises DatabaseUnfit when it is damaged or in use, its folder cannot be written, or SQLite is too old;
        DiskFull when there is no room to work with it.

        What is not `durable` may be lost when the machine stops; it never waits for the disk.
        """
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            oldest = ".".join(map(str, OLDEST_SQLITE))
            message = (
                f"SQLite {sqlite3.sqlite_version} is too old: install a Python with SQLite {oldest} or newer"
            )
            raise DatabaseUnfit(message)
        held = _locked(path)
        connections: list[Connection] = []
        try:
            for prepare in (prepare_writer, *[prepare_reader] * READERS):
                connections.append(await connect(path, prepare))  # noqa: PERF401 - those made are closed if one fails
        except StorageFails:
            for connection in connections:
                await connection.close()
            held.close()
            raise
        writer, *readers = connections
        if not durable:
            await writer.call(lambda connection: connection.execute("PRAGMA synchronous = OFF"))
        return cls(path, writer, readers, held)

    async def write(
        self, work: Callable[[Transaction], Result], undone: Callable[[], None] | None = None
    ) -> Result:
        """Run a plain function in one durable transaction on the writer's thread.

        Raises what the function raises, after undoing all of it; DiskFull when the disk is. `undone` is then
        called on the same thread, also when the function went well and only its commit did not.
        """
        return await self._writer.call(
            lambda connection: _transact(connection, work, "BEGIN IMMEDIATE", undone)
        )

    async def read(self, work: Callable[[Transaction], Result]) -> Result:
        """Run a plain function over one consistent snapshot, beside the writer."""
        reader = await self._readers.get()
        try:
            return await reader.call(lambda connection: _transact(connection, work, "BEGIN"))
        finally:
            self._readers.put_nowait(reader)

    async def close(self) -> None:
        """Finish what is queued and close the file."""
        for connection in self._all:
            await connection.close()
        self._held.close()


def _locked(path: Path) -> TextIO:
    """Keep a database for this program alone until it closes the file given back, or ends in any way."""
    try:
        held = lock.take(path)
    except OSError as error:
        if tells_of_a_full_disk(error):
            raise DiskFull(str(error)) from error
        message = f"{path.parent} cannot be written ({error.strerror}): mend that, or name another folder"
        raise DatabaseUnfit(message) from error
    if held is None:
        message = f"another Banzhang works with {path.parent}: stop it, or name another folder with --data"
        raise DatabaseUnfit(message)
    return held


def glance(path: Path, work: Callable[[Transaction], Result]) -> Result:
    """Run a plain function over a database, beside whoever works with it. Raises DatabaseUnfit."""
    is_still = not path.with_name(path.name + "-wal").exists()
    address = f"{path.resolve().as_uri()}?mode=ro" + ("&immutable=1" if is_still else "")
    try:
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
            prepare_reader(connection)
            return _transact(connection, work, "BEGIN")
    except sqlite3.DatabaseError as error:
        explain(error)
        raise DatabaseUnfit(f"{path} cannot be {why_unfit(error)}") from error
