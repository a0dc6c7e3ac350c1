"""Calendar days as plain text, and the arithmetic of days, weeks, months and years."""

from datetime import date
from functools import lru_cache
from typing import NewType

import msgspec

Day = NewType("Day", str)
"""A day written 'YYYY-MM-DD': it sorts as text in the order of time."""

FIRST_YEAR = 1900
LAST_YEAR = 2999


class Week(msgspec.Struct, frozen=True):
    """An ISO week: its key such as '2026-W47', its Monday and its Sunday."""

    key: str
    first: Day
    last: Day


@lru_cache(maxsize=8192)
def _parse(text: str) -> int:
    return date.fromisoformat(text).toordinal()


@lru_cache(maxsize=8192)
def _write(number: int) -> str:
    return date.fromordinal(number).isoformat()


@lru_cache(maxsize=4096)
def _week(number: int) -> Week:
    year, week, weekday = date.fromordinal(number).isocalendar()
    monday = number - weekday + 1
    return Week(f"{year}-W{week:02d}", from_ordinal(monday), from_ordinal(monday + 6))


def valid(text: str) -> bool:
    """Return whether a text is a real day, written 'YYYY-MM-DD', of the years 1900 to 2999."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return False
    return found.isoformat() == text and FIRST_YEAR <= found.year <= LAST_YEAR


def ordinal(day: Day) -> int:
    """Return the number of a day, counted from 1 on 0001-01-01; ValueError if it is no day."""
    return _parse(day)


def from_ordinal(number: int) -> Day:
    """Return the day of a number given by `ordinal`."""
    return Day(_write(number))


def shift(day: Day, count: int) -> Day:
    """Return the day that lies `count` days later (earlier if negative)."""
    return from_ordinal(ordinal(day) + count)


def gap(first: Day, last: Day) -> int:
    """Return how many days `last` lies after `first` (negative if before)."""
    return ordinal(last) - ordinal(first)


def span(first: Day, last: Day) -> list[Day]:
    """Return all days from `first` to `last`, both included; none if `last` is earlier."""
    return [from_ordinal(number) for number in range(ordinal(first), ordinal(last) + 1)]


def weekday(day: Day) -> int:
    """Return the day of the week, 0 for Monday to 6 for Sunday."""
    return (ordinal(day) - 1) % 7


def week_of(day: Day) -> Week:
    """Return the ISO week of a day."""
    return _week(ordinal(day))


def month_of(day: Day) -> str:
    """Return the key of a day's month, such as '2026-11'."""
    return day[:7]


def year_of(day: Day) -> int:
    """Return a day's year."""
    return int(day[:4])


def month_days(month: str) -> list[Day]:
    """Return all days of a month given as 'YYYY-MM'; ValueError if there is no such month."""
    first = Day(f"{month}-01")
    following = month_of(shift(first, 31))
    return span(first, shift(Day(f"{following}-01"), -1))


def year_days(year: int) -> list[Day]:
    """Return all days of a year."""
    return span(Day(f"{year:04d}-01-01"), Day(f"{year:04d}-12-31"))
