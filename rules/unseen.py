"""Whether so much of a day passed unseen that it counts against nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.durations import HOUR

if TYPE_CHECKING:
    from collections.abc import Iterable

LONG = HOUR
"""So much (milliseconds) of the time in which one could check in is always too much to miss."""

SHARE = 4
"""Where that time is short, the fourth part of it is too much."""


def hides(opens: int, closes: int, gaps: Iterable[tuple[int, int]]) -> bool:
    """Whether gaps in the watch hide a time to check in (half open, UTC milliseconds).

    They do when together they cover an hour of it, or a quarter of a shorter one: who spoke into such a gap
    and looked again later may have found the time over. A link that breaks for seconds hides nothing.
    """
    missed = sum(max(0, min(closes, end) - max(opens, start)) for start, end in gaps)
    return missed > 0 and missed >= min(LONG, (closes - opens) // SHARE)
