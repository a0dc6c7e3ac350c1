"""The disk that the database lies on."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path


class Disk(msgspec.Struct, frozen=True):
    """In bytes: the room left and in all, and what the database and its log of late writes take."""

    free: int
    total: int
    database: int
    log: int


def measure(path: Path) -> Disk:
    """The disk under the database at a path, of which the folder must be there. Raises OSError."""
    usage = shutil.disk_usage(path.parent)
    return Disk(usage.free, usage.total, _size(path), _size(path.with_name(path.name + "-wal")))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
