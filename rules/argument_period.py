"""Reads which days a table is asked for (本周, 上月, 2026-05, 学期), and a task's name beside them."""

import re
from typing import Final

import msgspec

from rules.argument_days import read_days
from rules.arguments import LONGEST_READ, ArgumentError, NotADay, plain
from rules.days import Day, month_days, month_of, shift, valid, week_of
from rules.month import previous_month

LONGEST: Final = 366
"""Days in the longest period."""

TERM: Final = "term"

_WEEK: Final = r"(?:[周週](?![一二三四五六日天末])|(?:星期|礼拜|禮拜)(?![一二三四五六日天]))"
_PERIODS: Final = {
    "lastweek": rf"上一?[个個]?{_WEEK}|\blast ?week\b",
    "week": rf"[本这這]一?[个個]?{_WEEK}|\b(?:this )?week\b",
    "lastmonth": r"上一?[个個]?月|\blast ?month\b",
    "month": r"[本这這]一?[个個]?月|[当當]月|\b(?:this )?month\b",
    TERM: r"[本这這]?[个個]?[学學营營]期|[本这這]期|\b(?:this )?term\b",
}
_NAMED: Final = [(key, re.compile(pattern)) for key, pattern in _PERIODS.items()]
_MONTH: Final = re.compile(r"(?:(\d{4})\s?[-./年]\s?)?(?<!\d)(\d{1,2})(?:\s?月份?(?!\s?\d)|(?![\d.年/月-]))")
_ABOUT: Final = re.compile(
    r"(?:的|\s)*(?:打卡)?(?:统计|統計|情况|情況)?(?:表格?|记录|記錄|紀錄|table|sheet)?$"
)
_EDGES: Final = " :：,，的、"


class Asked(msgspec.Struct, frozen=True):
    """A period as `days_of` takes it, and what else was said (plain): perhaps a task's name."""

    period: str
    rest: str


def read_period(text: str, today: Day) -> Asked:
    """What is asked for by `上周 晨读`, `本月打卡表`, `2026-05`, `5-1到5-7`, `last week`.

    Nothing is this week. Any text is taken: what names no period is the rest. Raises NotADay for one too
    long to look at, or a month that no year has, and OutOfBounds for a range of more than LONGEST days.
    """
    if len(text) > LONGEST_READ:
        raise NotADay(text)
    words = _ABOUT.sub("", plain(text)).strip(_EDGES)
    for key, pattern in _NAMED:
        if found := _at_an_end(pattern, words):
            return Asked(key, _without(words, found))
    if (found := _at_an_end(_MONTH, words)) and (found[1] or "月" in found[0]):
        return Asked(_month(found, today), _without(words, found))
    return _range(words, today)


def days_of(period: str, today: Day) -> tuple[Day, Day]:
    """The first and last day of a period, other than of a term.

    `period`: week, lastweek, month, lastmonth, a month '2026-05', or days '2026-05-01..2026-05-07'. NotADay
    for anything else.
    """
    if period in {"week", "lastweek"}:
        week = week_of(today if period == "week" else shift(today, -7))
        return week.first, week.last
    if period in {"month", "lastmonth"}:
        this = month_of(today)
        period = this if period == "month" else previous_month(this)
    first, _, last = period.partition("..")
    if valid(f"{period}-01"):
        days = month_days(period)
        return days[0], days[-1]
    if not (valid(first) and valid(last) and Day(first) <= Day(last) < shift(Day(first), LONGEST)):
        raise NotADay(period)
    return Day(first), Day(last)


def _at_an_end(pattern: re.Pattern[str], words: str) -> re.Match[str] | None:
    """Where a text begins with a pattern, else where it ends with it."""
    if found := pattern.match(words):
        return found
    return next((found for found in pattern.finditer(words) if found.end() == len(words)), None)


def _without(words: str, found: re.Match[str]) -> str:
    return (words[: found.start()] + words[found.end() :]).strip(_EDGES)


def _month(found: re.Match[str], today: Day) -> str:
    """The month that is named; without its year the last one up to today."""
    number = int(found[2])
    year = int(found[1]) if found[1] else int(today[:4]) - (number > int(today[5:7]))
    month = f"{year:04d}-{number:02d}"
    if not valid(f"{month}-01"):
        raise NotADay(found[0])
    return month


def _range(words: str, today: Day) -> Asked:
    """Days that are named from one to another, else this week."""
    try:
        days = read_days(words, today, past=True, longest=LONGEST)
    except NotADay:
        return Asked("week", words)
    except ArgumentError:
        if words:
            raise
        return Asked("week", "")
    return Asked(f"{days.first}..{days.last}", "")
