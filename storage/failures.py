"""What it means when the database itself fails."""

from __future__ import annotations

import errno
import sqlite3

FULL = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_SHMOPEN,
        sqlite3.SQLITE_IOERR_SHMSIZE,
    }
)
"""What SQLite says where there is no room: for a page, for the log, for the file that goes with the log."""


class StorageFails(Exception):
    """The database itself fails, never what was to be written: the transaction is undone, nothing is lost."""


class DatabaseUnfit(StorageFails):
    """The database cannot be used; the message says why and what to do."""


class DiskFull(StorageFails):
    """Nothing more can be written until there is room on the disk; nothing was lost."""


def explain(error: BaseException) -> None:
    """Raise what an error of the driver means when the database itself fails."""
    if isinstance(error, StorageFails):
        raise error
    if tells_of_a_full_disk(error):
        raise DiskFull(str(error)) from error
    code = getattr(error, "sqlite_errorcode", None) or 0
    if code & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        message = f"the database is damaged ({error}): keep a copy of it, and restore a backup"
        raise DatabaseUnfit(message) from error


def tells_of_a_full_disk(error: BaseException) -> bool:
    """Whether an error of SQLite or of the system says that there is no room on the disk."""
    return getattr(error, "sqlite_errorcode", None) in FULL or getattr(error, "errno", None) == errno.ENOSPC
