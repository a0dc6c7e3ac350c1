"""Reads a task said in one line: its name, its hours and its weekdays, in any order people write them."""

from collections.abc import Sequence

import msgspec

from rules.argument_days import read_weekdays
from rules.argument_times import Window, read_window
from rules.arguments import ArgumentError, given


class Terms(msgspec.Struct, frozen=True):
    """When a task is asked for: the hours and the weekdays, None for what was not said."""

    window: Window | None = None
    weekdays: frozenset[int] | None = None


def read_terms(text: str) -> Terms:
    """Hours, weekdays or both: 05:00-08:00, 工作日 05:00-08:00, 9pm to 11pm mon-fri.

    Raises ArgumentError for anything else, MissingArgument for nothing.
    """
    parts = given(text, ArgumentError).split()
    for count in range(len(parts) + 1):
        head, tail = " ".join(parts[:count]), " ".join(parts[count:])
        for hours, days in ((head, tail), (tail, head)):
            terms = _terms(hours, days)
            if terms is not None:
                return terms
    raise ArgumentError(text)


def read_task(text: str) -> tuple[str, Terms]:
    """A new task's name, one word at the beginning or the end, and its terms, if any: 早读 05:00-08:00.

    Raises ArgumentError when the rest is neither hours nor weekdays, MissingArgument for nothing.
    """
    given(text, ArgumentError)
    parts = text.split()
    if len(parts) == 1:
        return parts[0], Terms()
    for name, rest in ((parts[0], parts[1:]), (parts[-1], parts[:-1])):
        terms = _terms_of(rest)
        if terms is not None and _terms_of([name]) is None:
            return name, terms
    raise ArgumentError(text)


def _terms_of(parts: Sequence[str]) -> Terms | None:
    try:
        return read_terms(" ".join(parts))
    except ArgumentError:
        return None


def _terms(hours: str, days: str) -> Terms | None:
    try:
        return Terms(read_window(hours) if hours else None, read_weekdays(days) if days else None)
    except ArgumentError:
        return None
