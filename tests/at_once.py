"""A database that does its work at once, on the thread of who asks for it.

In a play one thing happens after the other: to hop between threads for each, as a running house must, would
take a third of its time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

from bot.app import opened
from storage import db
from storage.db import Database

Result = TypeVar("Result")


class AtOnce:
    """What a database needs of a connection, without a thread of its own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def call(self, function: Callable[[sqlite3.Connection], Result]) -> Result:
        return function(self._connection)

    async def close(self) -> None:
        self._connection.close()


async def connect(path: Path, prepare: Callable[[sqlite3.Connection], None]) -> AtOnce:
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)
    prepare(connection)
    return AtOnce(connection)


@asynccontextmanager
async def opened_at_once(path: Path) -> AsyncIterator[Database]:
    """The database in a file, at the newest schema."""
    async with AsyncExitStack() as until_the_end:
        with patch.object(db, "connect", connect):
            database = await until_the_end.enter_async_context(opened(path, durable=False))
        yield database
