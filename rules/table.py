"""A table of check-ins: members and days, a mark for each, and the sums of both."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

from rules.cards import Text
from rules.days import Day, gap, ordinal


class Mark(StrEnum):
    """What a day was to a member, as one letter of a row's marks. BLANK: it counts neither way."""

    DONE = "d"
    MADE_UP = "m"
    LATE = "t"
    LEAVE = "v"
    REST = "r"
    MISSED = "x"
    BLANK = "."


COUNTED = frozenset({Mark.DONE, Mark.MADE_UP, Mark.LATE})
BEST_FIRST = (Mark.DONE, Mark.LATE, Mark.MADE_UP)


class Totals(msgspec.Struct, frozen=True):
    """How many of each; `counted` are all check-ins, those made up and late ones among them."""

    counted: int
    made_up: int
    late: int
    leave: int
    missed: int


class Stay(msgspec.Struct, frozen=True):
    """From which day to which somebody was a member, both included; None is open."""

    since: Day | None
    until: Day | None = None

    def reaches(self, first: Day, last: Day) -> bool:
        """Whether it includes any of the days from one to another."""
        since, until = max(self.since or first, first), min(self.until or last, last)
        return since <= until


class Asked(msgspec.Struct, frozen=True):
    """What was asked of everybody: `due` says whether a task was asked for on a day of its life.

    `rests` are the community's holidays, `unseen` days count against nobody; `since` and `until` are the
    task's first and last day, both included.
    """

    due: Callable[[Day], bool]
    rests: Sequence[tuple[Day, Day]]
    unseen: Collection[Day]
    since: Day | None = None
    until: Day | None = None


class Term(msgspec.Struct, frozen=True):
    """How far a member has come in a term: days done, days needed, and that in words."""

    done: int
    needed: int
    standing: Text


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A member of the table; `here` is False for one who has left. `streak` and `total` are today's."""

    name: str
    room: str = ""
    here: bool = True
    streak: int
    total: int
    term: Term | None = None


class Sheet(msgspec.Struct, frozen=True):
    """One task's marks: a row for each of the table's members, a letter (Mark) for each of its days."""

    title: Text
    marks: tuple[str, ...]


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What stands around the numbers: headings, a legend above, notes below.

    `signs` are by Mark's letters, `weekdays` seven from Monday on.
    """

    name: Text
    room: Text
    counted: Text
    made_up: Text
    late: Text
    leave: Text
    missed: Text
    streak: Text
    total: Text
    done: Text
    needed: Text
    standing: Text
    each_day: Text
    legend: Text
    notes: tuple[Text, ...]
    signs: dict[str, Text]
    weekdays: tuple[Text, ...]


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table as a workbook shows it, from day `first` on. `file` is its name without an ending.

    `about` is a line on its period and zone; with `rooms` each member's room is shown. `made_at` is UTC
    milliseconds.
    """

    file: Text
    title: Text
    about: Text
    author: Text
    made_at: int
    words: Words
    first: Day
    days: int
    rooms: bool
    members: tuple[Member, ...]
    sheets: tuple[Sheet, ...]


def background(days: Sequence[Day], today: Day, asked: Asked) -> str:
    """The marks of somebody who never came: rest, missed, or blank where nothing counts against anybody."""
    return "".join(_background(day, today, asked) for day in days)


def _background(day: Day, today: Day, asked: Asked) -> Mark:
    if (asked.since is not None and day < asked.since) or (asked.until is not None and day > asked.until):
        return Mark.BLANK
    if any(first <= day <= last for first, last in asked.rests):
        return Mark.REST
    if day > today or day in asked.unseen:
        return Mark.BLANK
    if not asked.due(day):
        return Mark.REST
    return Mark.BLANK if day == today else Mark.MISSED


def marks(
    background: str,
    first: Day,
    stay: Stay,
    leaves: Iterable[tuple[Day, Day]],
    done: Mapping[Day, Mark],
) -> str:
    """A member's row over the background of all, which begins on `first`.

    Days outside of the stay are blank, leave goes before rest, and a check-in before all.
    """
    count = len(background)
    start = 0 if stay.since is None else min(max(gap(first, stay.since), 0), count)
    end = count if stay.until is None else min(max(gap(first, stay.until) + 1, start), count)
    row: list[str] = [Mark.BLANK] * start + list(background[start:end]) + [Mark.BLANK] * (count - end)
    for leaves_on, back_after in leaves:
        away = max(gap(first, leaves_on), start)
        back = max(min(gap(first, back_after) + 1, end), away)
        row[away:back] = [Mark.LEAVE] * (back - away)
    zero = ordinal(first)
    for day, mark in done.items():
        if 0 <= ordinal(day) - zero < count:
            row[ordinal(day) - zero] = mark
    return "".join(row)


def better(known: Mark | None, mark: Mark) -> Mark:
    """Of two check-ins of a day the one that is shown: in time before late, late before made up."""
    return mark if known is None else min(known, mark, key=BEST_FIRST.index)


def totals(row: str) -> Totals:
    """The sums of a row, or a column, of marks."""
    sums = Counter(row)
    return Totals(
        counted=sum(sums[mark] for mark in COUNTED),
        made_up=sums[Mark.MADE_UP],
        late=sums[Mark.LATE],
        leave=sums[Mark.LEAVE],
        missed=sums[Mark.MISSED],
    )


def columns(rows: Sequence[str], days: int) -> list[str]:
    """The marks of each day, one for every row."""
    return ["".join(column) for column in zip(*rows, strict=True)] if rows else [""] * days
