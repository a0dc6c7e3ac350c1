"""The local day of a community: when each day begins and ends, through every change of its time rules."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from rules.days import Day, from_ordinal, ordinal
from rules.durations import MINUTE

MINUTES_A_DAY = 24 * 60
SHORTEST_DAY = 12 * 60 * MINUTE
"""A day that a change cuts shorter than this (in ms) counts against nobody."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LONG_AGO = -(2**62)
_NEVER = 2**62


class Rule(msgspec.Struct, frozen=True):
    """How a community tells its days from `since` (UTC ms) on.

    `zone` is an IANA name; `day_starts_at` is in minutes after midnight, 0 to 1439.
    """

    since: int
    zone: str
    day_starts_at: int


class Window(msgspec.Struct, frozen=True):
    """A daily time for a task, in minutes after midnight: open at `opens`, no longer at `closes`.

    A window that crosses midnight closes "before" it opens (22:00 to 02:00), or after 1440 minutes.
    Equal times mean 24 hours. ValueError if a time is out of range or the window exceeds 24 hours.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        """Refuse what is no window."""
        in_range = 0 <= self.opens < MINUTES_A_DAY and 0 <= self.closes <= 2 * MINUTES_A_DAY
        if not in_range or self.length > MINUTES_A_DAY:
            raise ValueError(f"no daily window: {self.opens} to {self.closes} minutes")

    @property
    def length(self) -> int:
        """Return for how many minutes of wall time it is open."""
        return self.closes - self.opens + (MINUTES_A_DAY if self.closes <= self.opens else 0)

    def opening(self, day_starts_at: int) -> int:
        """Return when the window of a day opens, in minutes after midnight of that day's date.

        A window that opens before the day starts belongs to the day that holds most of it; when both
        hold as much, to the day in which it opens, so its minutes lie after the next midnight.
        """
        before = day_starts_at - self.opens
        if before <= 0 or self.length - before > before:
            return self.opens
        return self.opens + MINUTES_A_DAY


Place = Literal["early", "open", "late"]


def known_zone(name: str) -> bool:
    """Return whether a text names a time zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


@lru_cache(maxsize=8192)
def _instant(zone: str, date_number: int, minutes: int) -> int:
    """Return the instant of a wall time by PEP 495: the first of two; a skipped one moves forward."""
    days, rest = divmod(minutes, MINUTES_A_DAY)
    hour, minute = divmod(rest, 60)
    wall = datetime.combine(date.fromordinal(date_number + days), time(hour, minute), tzinfo=ZoneInfo(zone))
    return (wall - _EPOCH) // _MILLISECOND


def _wall(zone: str, at: int) -> datetime:
    return (_EPOCH + timedelta(milliseconds=at)).astimezone(ZoneInfo(zone))


def _rule_day(rule: Rule, at: int) -> int:
    """Return the number of the day that holds an instant if this rule had always been in force."""
    number = (_wall(rule.zone, at) - timedelta(minutes=rule.day_starts_at)).toordinal()
    while at < _instant(rule.zone, number, rule.day_starts_at):
        number -= 1
    while at >= _instant(rule.zone, number + 1, rule.day_starts_at):
        number += 1
    return number


class Calendar:
    """The days of a community. They follow each other without gap or overlap, and never run back.

    An instant's day is the latest day that the rules of their time have reached so far. So a change of
    the rules may lengthen a day or cut it short, but closes none twice; what it skips has no length.
    """

    __slots__ = ("_carried", "_last", "_periods", "_since", "rules")

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        """Take the history of the rules, oldest first; the first one also holds for all time before.

        ValueError if there is none, if they are out of order or a day starts outside of 0 to 1439 minutes.
        """
        since = [rule.since for rule in rules]
        in_order = all(earlier < later for earlier, later in pairwise(since))
        if not rules or not in_order or any(not 0 <= rule.day_starts_at < MINUTES_A_DAY for rule in rules):
            raise ValueError(f"no history of time rules: {rules}")
        self.rules = rules
        self._since = [_LONG_AGO, *since[1:]]
        self._periods = tuple(zip(rules, self._since, [*since[1:], _NEVER], strict=True))
        self._carried = [0]
        for rule, change in zip(rules, since[1:], strict=False):
            self._carried.append(max(self._carried[-1], _rule_day(rule, change - 1)))
        self._last = (0, 0, Day(""))

    def day_of(self, at: int) -> Day:
        """Return the community's day that holds an instant (UTC ms)."""
        start, end, day = self._last
        if start <= at < end:
            return day
        index = self._index(at)
        day = from_ordinal(max(_rule_day(self.rules[index], at), self._carried[index]))
        self._last = (*self.bounds(day), day)
        return day

    def bounds(self, day: Day) -> tuple[int, int]:
        """Return when a day begins and when the next one does (UTC ms); the same for a skipped day."""
        number = ordinal(day)
        return self._first(number, _day_start), self._first(number + 1, _day_start)

    def bridged(self, day: Day) -> bool:
        """Return whether a change skipped a day or left under 12 hours of it: it counts against nobody."""
        start, end = self.bounds(day)
        return end - start < SHORTEST_DAY

    def instant(self, day: Day, minutes: int) -> int:
        """Return when (UTC ms) a wall time comes in a community's day.

        `minutes` count from midnight: those before the day's start are of the night at the day's end, as
        are those from 1440 on. A wall time that the zone skips moves forward; of two it is the first.
        """
        return self._first(
            ordinal(day),
            lambda rule: minutes if minutes >= rule.day_starts_at else minutes + MINUTES_A_DAY,
        )

    def at_wall(self, local_date: Day, minutes: int) -> int:
        """Return when (UTC ms) the wall clock shows `minutes` after midnight of a local date."""
        return self._first(ordinal(local_date), lambda _: minutes)

    def wall(self, at: int) -> tuple[Day, int]:
        """Return what the wall clock shows at an instant (UTC ms): local date, minutes after midnight."""
        wall = _wall(self.rules[self._index(at)].zone, at)
        return from_ordinal(wall.toordinal()), wall.hour * 60 + wall.minute

    def local_minutes(self, at: int) -> int:
        """Return what the wall clock shows at an instant (UTC ms), in minutes after midnight."""
        return self.wall(at)[1]

    def window_bounds(self, window: Window, day: Day) -> tuple[int, int]:
        """Return when the window of a day opens and closes (UTC ms, half open)."""
        number, length = ordinal(day), window.length
        opens = self._first(number, lambda rule: window.opening(rule.day_starts_at))
        closes = self._first(number, lambda rule: window.opening(rule.day_starts_at) + length)
        # An opening inside an hour that the zone skips moves forward and may pass the closing.
        return opens, closes if closes > opens else opens + length * MINUTE

    def place(self, window: Window, day: Day, at: int) -> Place:
        """Return whether an instant (UTC ms) lies before, in or after the window of a day."""
        opens, closes = self.window_bounds(window, day)
        if at < opens:
            return "early"
        return "open" if at < closes else "late"

    def window_day(self, window: Window, at: int) -> Day:
        """Return the day for which an instant (UTC ms) counts in a task with a window.

        It is the day whose window is open, also after midnight or past the day's end; if none is open,
        the community's day at that instant (for which it is early or late).
        """
        today = self.day_of(at)
        if self.place(window, today, at) == "open":
            return today
        start, end = self.bounds(today)
        neighbours = (self.day_of(start - 1), self.day_of(end))
        return next((day for day in neighbours if self.place(window, day, at) == "open"), today)

    def _index(self, at: int) -> int:
        return bisect_right(self._since, at) - 1

    def _first(self, date_number: int, minutes_by: Callable[[Rule], int]) -> int:
        """Return the first instant at which the rule then in force has reached its wall time of a date."""
        reached = _NEVER
        for rule, since, end in self._periods:
            reached = max(since, _instant(rule.zone, date_number, minutes_by(rule)))
            if reached < end:
                break
        return reached


def _day_start(rule: Rule) -> int:
    return rule.day_starts_at
