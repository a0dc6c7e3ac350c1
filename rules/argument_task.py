"""Reads a task said in one line: its name, its hours and its weekdays, in any order people write them."""

from collections.abc import Sequence

import msgspec

from rules.argument_days import read_weekdays
from rules.argument_times import read_window
from rules.arguments import ArgumentError, given
from rules.calendar import Window


class Times(msgspec.Struct, frozen=True):
    """When a task is asked for: the hours and the weekdays, None for what was not said."""

    window: Window | None = None
    weekdays: frozenset[int] | None = None


def read_times(text: str) -> Times:
    """Hours, weekdays or both: 05:00-08:00, 工作日 05:00-08:00, 9pm to 11pm mon-fri.

    Raises ArgumentError for anything else, MissingArgument for nothing.
    """
    parts = given(text, ArgumentError).split()
    for count in range(len(parts) + 1):
        head, tail = " ".join(parts[:count]), " ".join(parts[count:])
        for hours, days in ((head, tail), (tail, head)):
            times = _times(hours, days)
            if times is not None:
                return times
    raise ArgumentError(text)


def read_task(text: str) -> tuple[str, Times]:
    """A new task's name, one word at the beginning or the end, and its times, if any: 早读 05:00-08:00.

    Raises ArgumentError when the rest is neither hours nor weekdays, MissingArgument for nothing.
    """
    given(text, ArgumentError)
    parts = text.split()
    if len(parts) == 1:
        return parts[0], Times()
    for name, rest in ((parts[0], parts[1:]), (parts[-1], parts[:-1])):
        times = _times_of(rest)
        if times is not None and _times_of([name]) is None:
            return name, times
    raise ArgumentError(text)


def _times_of(parts: Sequence[str]) -> Times | None:
    try:
        return read_times(" ".join(parts))
    except ArgumentError:
        return None


def _times(hours: str, days: str) -> Times | None:
    try:
        return Times(read_window(hours) if hours else None, read_weekdays(days) if days else None)
    except ArgumentError:
        return None
