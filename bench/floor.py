"""What the rows alone cost: a run's statements, sent to the database once more. See bench/README.md.

python -m bench.floor
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bench.banzhang import Banzhang
from bench.load import Load, answer
from bench.pipeline import CASES, Case
from bot.adapters.telegram.raw import Answer
from storage.connection import Connection, prepare_writer

if TYPE_CHECKING:
    from collections.abc import Callable

BATCH = 1_000
BOT = "banzhang"
RUNS = 5
"""The least time counts: whatever else runs adds to it."""

Statement = tuple[str, str, Any]
"""How it was sent (execute, executemany), its text, and its values."""


class Recording:
    """A connection that keeps what it is asked to do."""

    def __init__(self, connection: sqlite3.Connection, kept: list[Statement]) -> None:
        self._connection = connection
        self._kept = kept

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def execute(self, sql: str, values: Any = ()) -> sqlite3.Cursor:  # noqa: ANN401 - as the driver takes them
        self._kept.append(("execute", sql, values))
        return self._connection.execute(sql, values)

    def executemany(self, sql: str, rows: Any) -> sqlite3.Cursor:  # noqa: ANN401 - as the driver takes them
        rows = list(rows)
        self._kept.append(("executemany", sql, rows))
        return self._connection.executemany(sql, rows)


async def recorded(case: Case, folder: Path) -> tuple[list[Statement], list[bytes]]:
    """What a run does to its database, of which the folder gets a copy of before, and the answers taken."""
    kept: list[Statement] = []
    warm = Load(case.before, case.members, case.checkins, in_turn=case.known).updates()
    updates = Load(case.messages(BOT), case.members, case.checkins, first=case.before + 1).updates()
    bodies = [answer(updates[start : start + BATCH]) for start in range(0, len(updates), BATCH)]
    call = Connection.call

    async def keeping(self: Connection, function: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - as it is
        return await call(self, lambda connection: function(Recording(connection, kept)))

    async with Banzhang(folder / "run.sqlite3") as measured:
        await measured.take(answer(warm))
        with (
            closing(sqlite3.connect(measured.path)) as before,
            closing(sqlite3.connect(folder / "again.sqlite3")) as again,
        ):
            before.backup(again)
        Connection.call = keeping  # type: ignore[method-assign]
        try:
            for body in bodies:
                await measured.take(body)
            await measured.settle()
        finally:
            Connection.call = call  # type: ignore[method-assign]
    return kept, bodies


def sent_again(path: Path, statements: list[Statement]) -> float:
    """Seconds in which a loop does the same to a copy of the database as it was."""
    copy = path.with_name("copy.sqlite3")
    for old in path.parent.glob("copy.sqlite3*"):
        old.unlink()
    shutil.copy(path, copy)
    connection = sqlite3.connect(copy, isolation_level=None, cached_statements=512)
    prepare_writer(connection)
    start = time.perf_counter()
    for way, sql, values in statements:
        cursor = getattr(connection, way)(sql, values)
        if cursor.description is not None:
            cursor.fetchall()
    spent = time.perf_counter() - start
    connection.close()
    return spent


def read_again(bodies: list[bytes]) -> float:
    """Seconds in which the answers are read from JSON, and nothing is made of them."""
    decoder = msgspec.json.Decoder(Answer)
    start = time.perf_counter()
    for body in bodies:
        decoder.decode(body)
    return time.perf_counter() - start


def main() -> None:
    for case in CASES:
        if case.pinned:
            continue
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
            folder = Path(name)
            statements, bodies = asyncio.run(recorded(case, folder))
            spent = (
                min(sent_again(folder / "again.sqlite3", statements) for _ in range(RUNS)),
                min(read_again(bodies) for _ in range(RUNS)),
            )
        rows, read = (one / case.messages(BOT) * 1e6 for one in spent)
        print(
            f"{case.members} {'known' if case.known else 'strangers'}, {case.checkins:.0%} check-ins:"
            f" rows {rows:.1f} µs a message, reading {read:.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
