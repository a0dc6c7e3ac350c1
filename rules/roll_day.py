"""For which day a list is: the one that its title names; and which of its lines are for another day."""

import re

from rules.argument_days import read_day
from rules.arguments import ArgumentError
from rules.days import Day, gap

_YEAR = r"(?:\d{4}\s?[-./年]\s?)"
_DATE = (
    rf"(?:{_YEAR}?\d{{1,2}}\s?月\s?\d{{1,2}}\s?[日号號]?"
    rf"|{_YEAR}\d{{1,2}}\s?[-./]\s?\d{{1,2}}|\d{{1,2}}[./]\d{{1,2}})"
)
_APART = re.compile(rf"{_DATE}\s*(?:[-~～—–至到]|to)\s*(?:{_DATE}|\d{{1,2}}\s?[日号號])")
_ALONE = re.compile(
    rf"(?<![\d./第pP×])(?P<date>{_DATE})(?!\s?[章页頁课課节節回版]|\s?(?:小时|小時|分|公里|[\d./%％]|km|k\b|x\b|倍))"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_ENGLISH = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+)?(?P<month>{_MONTH})\b\.?"
    r"(?:\s+(?P<after>\d{1,2})(?:st|nd|rd|th)?\b)?",
    re.IGNORECASE,
)
_YESTERDAY = re.compile(r"昨[天日]|前[天日]|\byesterday\b", re.IGNORECASE)
_BEFORE = r"(?:昨[天日晚]|前[天日晚])"
_PAST = (
    rf"(?:{_BEFORE}|上[周週]|(?:[周週]|星期|[礼禮]拜)[一二三四五六日天]|\d{{1,2}}\s?[日号號]"
    r"|\d{1,2}\s?[./月]\s?\d{1,2}(?![\d./]|\s?(?:[章页頁课課节節回]|小[时時]|分|公里|km|k\b)))"
)
_MAKES_UP = r"[补補](?![充习習课課])"
_MADE_UP = re.compile(
    rf"{_MAKES_UP}[打卡签簽到交做上了的：:\s]{{0,6}}{_PAST}"
    rf"|{_PAST}[打卡签簽到任务務作业業的：:\s]{{0,6}}{_MAKES_UP}|{_BEFORE}.{{0,8}}{_MAKES_UP}"
    rf"|[（(\s]{_BEFORE}的?\s*(?:[）)]|$)"
    r"|\b(?:for|ma(?:k(?:es?|ing)|de)[ -]?up|catch(?:ing)? up)\b[\w\s]{0,12}\byesterday\b"
    r"|[（(]\s*yesterday(?:['’]s)?\s*[）)]",
    re.IGNORECASE,
)


def day_named(title: str, today: Day) -> Day | None:
    """The one day, not after today, that a title names; None when it names none, or several.

    The days of a span (11.1-11.30) name none: they say how long it goes on.
    """
    rest = _APART.sub(" ", title)
    said = [found["date"] for found in _ALONE.finditer(rest)]
    said += [found[0] for found in _YESTERDAY.finditer(rest)]
    said += [
        f"{_month(found['month'])}-{day}" for found in _ENGLISH.finditer(rest) if (day := _number(found))
    ]
    days = {day for one in said if (day := _read(one, today)) is not None}
    return next(iter(days)) if len(days) == 1 else None


def is_for_another_day(line: str) -> bool:
    """Whether a line says that it makes up for a day that it names (补昨天), or is of a day before."""
    return _MADE_UP.search(line) is not None


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _number(found: re.Match[str]) -> str | None:
    return found["day"] or found["after"]


def _read(text: str, today: Day) -> Day | None:
    try:
        day = read_day(text, today, past=True)
    except ArgumentError:
        return None
    return day if gap(day, today) >= 0 else None
