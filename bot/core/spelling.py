"""How names, days, times and numbers are written in a text; templates use these as filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.days import Day

MOST_NAMES = 5

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def names(people: Sequence[str], total: int, *, english: bool, most: int = MOST_NAMES) -> Markup:
    """The first names as people would list them, and how many there are where not all (at most `most`) are.

    `total` says how many there are when `people` are only some of them.
    """
    shown = [escape(name) for name in people[:most]]
    total = max(total, len(people))
    more = total - len(shown)
    if english:
        last = f"{more} more" if more else (shown.pop() if len(shown) > 1 else "")
        listed = Markup(", ").join(shown)
        return Markup("{} and {}").format(listed, last) if last else listed
    listed = Markup("、").join(shown)
    return Markup("{} 等 {} 位").format(listed, total) if more else listed


def date_text(day: Day, *, english: bool) -> str:
    """A day as people write it: 5月1日, May 1."""
    _, month, date = day.split("-")
    return f"{MONTHS[int(month) - 1]} {int(date)}" if english else f"{int(month)}月{int(date)}日"


def clock_text(minutes: int) -> str:
    """Minutes after midnight as a time of day: 04:00."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def plural(number: int, one: str, many: str) -> str:
    """The English word that fits a number."""
    return one if number == 1 else many
