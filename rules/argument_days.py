"""Reads days, ranges of days and sets of weekdays, as people write them in Chinese and English."""

import re
from datetime import date, timedelta
from typing import Final

import msgspec

from rules.arguments import COUNT, NotADay, NotWeekdays, OutOfBounds, count_of, given
from rules.days import Day

LONGEST_RANGE: Final = 366
"""Days in the longest range, unless a reader is told otherwise."""

_FIRST_YEAR, _LAST_YEAR = 2000, 2199
_YEARS_TO_A_LEAP_DAY = 8
_NEAR: Final = {
    **dict.fromkeys(("今天", "今日", "今", "today", "now"), 0),
    **dict.fromkeys(("明天", "明日", "明", "tomorrow", "tmr"), 1),
    **dict.fromkeys(("后天", "後天"), 2),
    **dict.fromkeys(("大后天", "大後天"), 3),
    **dict.fromkeys(("昨天", "昨日", "昨", "yesterday"), -1),
    **dict.fromkeys(("前天", "前日"), -2),
    **dict.fromkeys(("大前天",), -3),
}
_ENGLISH: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_WORD: Final = (
    "(?:大?[后後前]天|[今明昨]天|[今明昨]日|[上下本这這]?[周週][一二三四五六日天末]|[上下本这這][周週月])"
)
"""A day, or a stretch of days, that is said in one breath with a word: 请假明天, 排行本周, 下周一请假."""

_CHINESE: Final = {sign: number for number, sign in enumerate("一二三四五六日")} | {"天": 6, "七": 6}
_WEEK = r"(?:周|週|星期|礼拜|禮拜)"

_CHINESE_WEEKDAY = re.compile(rf"(上|下|本|这|這)?个?個?{_WEEK}([一二三四五六日天])")
_WEEK_OR_ITS_END = re.compile(
    rf"(?P<chinese>下|本|这|這)个?個?{_WEEK}末?|[周週]末|(?P<english>this|next) week(?:end)?"
)
_ENGLISH_WEEKDAY = re.compile(r"(last |next |this |on )?([a-z]{3,9})\.?")
_FULL_DATE = re.compile(r"(\d{4})\s?[-./年]\s?(\d{1,2})\s?[-./月]\s?(\d{1,2})\s?[日号號]?")
_MONTH_AND_DAY = re.compile(r"(\d{1,2})\s?[-./月]\s?(\d{1,2})\s?[日号號]?")
_DAY_OF_MONTH = re.compile(r"(\d{1,2})\s?[日号號]")
_AWAY = re.compile(rf"{COUNT}\s?(?:天|日|days?)\s?(?:之|以)?(前|后|後|ago|later)|in (\d{{1,4}}) days?")
_COUNTED = re.compile(
    rf"(?:(?P<start>.+?)\s?(?:起|开始|開始|,)?\s?)??{COUNT}\s?(?P<unit>天|days?|个?(?:周|週|星期)|個(?:週|星期)|weeks?)"
)
_TO = re.compile(
    r"\s?(?:到|至|~|–|—|\.\.+|\bto\b|\buntil\b|\s-\s|(?<=[日号號])-|(?<=\d)-(?=\d+[./月]\d)|-(?=[周週星礼禮a-z]))\s?"
)

_DAY_SETS: Final = {
    **dict.fromkeys(("每天", "每日", "天天", "daily", "every day", "everyday", "all"), range(7)),
    **dict.fromkeys(("工作日", "平日", "weekdays", "workdays", "every weekday"), range(5)),
    **dict.fromkeys(("周末", "週末", "双休日", "weekend", "weekends"), range(5, 7)),
}
_WEEKDAY_PART = re.compile(
    rf"{_WEEK}?([一二三四五六日天七])(?:(?:到|至|~|-|–|—){_WEEK}?([一二三四五六日天七]))?"
    r"|([1-7])(?:(?:到|至|~|-|–|—)([1-7]))?"
    r"|([a-z]{2,9})\.?(?: ?(?:to|~|-|–|—) ?([a-z]{2,9})\.?)?"
)
_BETWEEN_PARTS = re.compile(r"(?:[\s,，、/;+&和及]|and\b)*")


class DayRange(msgspec.Struct, frozen=True):
    """Days from the first to the last, both included."""

    first: Day
    last: Day


def read_day(text: str, today: Day, *, past: bool = False) -> Day:
    """A day: 今天, 周五, 下周一, 5-1, 5月1日, 15号, 3天后, 2026-05-01, fri, yesterday.

    A weekday, or a date without its year, is the next one from today on, or with `past` the last one up
    to today. Raises MissingArgument or NotADay; years are 2000 to 2199.
    """
    now = date.fromisoformat(today)
    return _checked(_day(given(text, NotADay), now, now, past=past), text)


def read_days(text: str, today: Day, *, past: bool = False, longest: int = LONGEST_RANGE) -> DayRange:
    """A range of days: 5-1到5-7, 周一至周三, 3天 (from today on), 明天起3天, 下周, 周末, or a single day.

    Raises MissingArgument, NotADay (also when the range ends before it begins) or OutOfBounds (longer
    than `longest`).
    """
    words, now = given(text, NotADay), date.fromisoformat(today)
    first: date | None
    last: date | None
    if week := _WEEK_OR_ITS_END.fullmatch(words):
        first, last = _week(week, now)
    elif (counted := _COUNTED.fullmatch(words)) is None:
        start, *end = _TO.split(words, maxsplit=1)
        first = _day(start, now, now, past=past)
        last = _day(_as_day(end[0]), now, first, past=False) if end and first else first
    else:
        first = _day(counted["start"] or "今天", now, now, past=past)
        last = None if first is None else _last(first, counted)
    return _range(first, last, text, longest)


def read_weekdays(text: str) -> frozenset[int]:
    """A set of weekdays, Monday 0 to Sunday 6: 周一到周五, 一三五, 工作日, 每天, mon-fri, sat,sun, 1,3,5.

    A range may go round the week's end (周五到周一). Raises MissingArgument or NotWeekdays.
    """
    words = given(text, NotWeekdays)
    if words in _DAY_SETS:
        return frozenset(_DAY_SETS[words])
    days: set[int] = set()
    at = 0
    while at < len(words):
        part = _WEEKDAY_PART.match(words, at)
        if part is None:
            raise NotWeekdays(text)
        days |= _days_of(part, text)
        gap = _BETWEEN_PARTS.match(words, part.end())
        at = gap.end() if gap else part.end()
    return frozenset(days)


def _week(found: re.Match[str], today: date) -> tuple[date, date]:
    """A week from Monday on, or its weekend; what of it is past is left out."""
    monday = today - timedelta(days=today.weekday())
    if found["chinese"] == "下" or found["english"] == "next":
        monday += timedelta(days=7)
    is_weekend = found[0].endswith(("末", "end"))
    first = monday + timedelta(days=5) if is_weekend else monday
    return max(first, today), monday + timedelta(days=6)


def _range(first: date | None, last: date | None, text: str, longest: int) -> DayRange:
    days = DayRange(_checked(first, text), _checked(last, text))
    if days.last < days.first:
        raise NotADay(text)
    if first and last and (last - first).days >= longest:
        raise OutOfBounds(text, 1, longest)
    return days


def _checked(found: date | None, text: str) -> Day:
    if found is None or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise NotADay(text)
    return Day(found.isoformat())


def _day(words: str, today: date, anchor: date, *, past: bool) -> date | None:
    """A day seen from today; what names no year, month or week is looked for from `anchor` on, or back."""
    if words in _NEAR:
        return today + timedelta(days=_NEAR[words])
    if found := _AWAY.fullmatch(words):
        return _away(today, found)
    if found := _FULL_DATE.fullmatch(words):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _CHINESE_WEEKDAY.fullmatch(words):
        return _chinese_weekday(found, today, anchor, past=past)
    if found := _ENGLISH_WEEKDAY.fullmatch(words):
        return _english_weekday(found, today, anchor, past=past)
    return _nearest(_dates_named(words, anchor), anchor, past=past)


def _dates_named(words: str, anchor: date) -> list[date]:
    """Every date around the anchor that a month and day, or a day of the month, may mean."""
    years = range(anchor.year - _YEARS_TO_A_LEAP_DAY, anchor.year + _YEARS_TO_A_LEAP_DAY + 1)
    if found := _MONTH_AND_DAY.fullmatch(words):
        dates = [_date(year, int(found[1]), int(found[2])) for year in years]
    elif found := _DAY_OF_MONTH.fullmatch(words):
        dates = [_date(year, month, int(found[1])) for year in years for month in range(1, 13)]
    else:
        dates = []
    return [day for day in dates if day is not None]


def _nearest(days: list[date], anchor: date, *, past: bool) -> date | None:
    if past:
        return max((day for day in days if day <= anchor), default=None)
    return min((day for day in days if day >= anchor), default=None)


def _date(year: int, month: int, day: int) -> date | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _away(today: date, found: re.Match[str]) -> date | None:
    days = count_of(found[1] or found[3])
    if days is None:
        return None
    return today + timedelta(days=-days if found[2] in {"前", "ago"} else days)


def _last(first: date, counted: re.Match[str]) -> date | None:
    """The last of so many days or weeks."""
    count = count_of(counted[2])
    days = 1 if counted["unit"] in {"天", "day", "days"} else 7
    return None if count is None else first + timedelta(days=days * count - 1)


def _chinese_weekday(found: re.Match[str], today: date, anchor: date, *, past: bool) -> date | None:
    weekday = _CHINESE[found[2]]
    if found[1] is None:
        return _weekday(weekday, anchor, past=past)
    weeks = {"上": -1, "下": 1}.get(found[1], 0)
    return today + timedelta(days=weekday - today.weekday() + 7 * weeks)


def _english_weekday(found: re.Match[str], today: date, anchor: date, *, past: bool) -> date | None:
    weekday = _named_weekday(found[2])
    if weekday is None:
        return None
    if found[1] == "last ":
        return _weekday(weekday, today - timedelta(days=1), past=True)
    if found[1] == "next ":
        return _weekday(weekday, today + timedelta(days=1), past=False)
    return _weekday(weekday, anchor, past=past)


def _weekday(weekday: int, anchor: date, *, past: bool) -> date:
    if past:
        return anchor - timedelta(days=(anchor.weekday() - weekday) % 7)
    return anchor + timedelta(days=(weekday - anchor.weekday()) % 7)


def _named_weekday(word: str) -> int | None:
    """The number of an English weekday, also cut to two or more letters."""
    singular = word.removesuffix("s") if len(word) > 5 else word
    fitting = [number for number, name in enumerate(_ENGLISH) if len(word) > 1 and name.startswith(singular)]
    return fitting[0] if len(fitting) == 1 else None


def _as_day(end: str) -> str:
    """The end of a range may be a mere number: 5-1到7."""
    return f"{end}日" if end.isdecimal() else end


def _days_of(part: re.Match[str], text: str) -> set[int]:
    if part[1]:
        first, last = _CHINESE[part[1]], _CHINESE[part[2] or part[1]]
    elif part[3]:
        first, last = int(part[3]) - 1, int(part[4] or part[3]) - 1
    else:
        named = _named_weekday(part[5]), _named_weekday(part[6] or part[5])
        if named[0] is None or named[1] is None:
            raise NotWeekdays(text)
        first, last = named[0], named[1]
    return {(first + step) % 7 for step in range((last - first) % 7 + 1)}
