"""One program at a time works with a database: a lock on a file beside it, held as long as the program lives.

The lock belongs to the process and is not inherited: children that outlive it hold nothing.
"""

from __future__ import annotations

import fcntl
import time
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from pathlib import Path

TRIES, BETWEEN_TRIES = 4, 0.05
"""How often, and how many seconds apart, it is tried: whoever only looks holds the lock for a moment."""


def take(path: Path) -> TextIO | None:
    """Lock a database until the file given back is closed; None while another program works with it.

    Its folder is made when there is none. Raises OSError when that cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    held = _beside(path).open("a", encoding="utf-8")
    for attempt in range(TRIES):
        if attempt:
            time.sleep(BETWEEN_TRIES)
        if _try(held, fcntl.LOCK_EX):
            return held
    held.close()
    return None


def is_held(path: Path) -> bool:
    """Whether another program works with a database, as far as it can be seen."""
    try:
        with _beside(path).open(encoding="utf-8") as beside:
            return not _try(beside, fcntl.LOCK_SH)
    except OSError:
        return False


def _try(file: TextIO, kind: int) -> bool:
    try:
        fcntl.lockf(file, kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".lock")
