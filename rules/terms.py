"""Terms: N days with stages and a pass rule ("18 of 21"), and how far a member has come."""

from collections.abc import Callable, Collection
from itertools import pairwise

import msgspec

from rules.days import Day, gap, shift, span


class Stage(msgspec.Struct, frozen=True):
    """A part of a term, up to and including its `last` day number (1 is the term's first day)."""

    title: str
    last: int


class Term(msgspec.Struct, frozen=True):
    """A term of `days` days from `first` on, passed by whoever does `needed` of them.

    Stages follow each other and end within the term. `least` is the fewest days with which anyone may
    pass, however much leave or however late the start; 0 stands for half of `needed`.
    ValueError if the numbers do not fit together.
    """

    title: str
    first: Day
    days: int
    needed: int
    stages: tuple[Stage, ...] = ()
    least: int = 0

    def __post_init__(self) -> None:
        """Refuse a term whose numbers do not fit together."""
        ends = [0, *(stage.last for stage in self.stages)]
        in_order = all(earlier < later for earlier, later in pairwise(ends)) and ends[-1] <= self.days
        if not (1 <= self.needed <= self.days and 0 <= self.least <= self.needed and in_order):
            raise ValueError(f"these numbers make no term: {self}")

    @property
    def last(self) -> Day:
        """Return the last day."""
        return shift(self.first, self.days - 1)


class StageProgress(msgspec.Struct, frozen=True):
    """A stage for one member: its day numbers, and how many of the days asked of them are done."""

    title: str
    first: int
    last: int
    done: int
    asked: int
    current: bool


class Progress(msgspec.Struct, frozen=True):
    """How far a member has come.

    `number` is today's day number, 0 before the term, at most its length. `done`, `missed` and `remaining`
    are the days asked of the member; `remaining` includes today while it is not done. `excused` days
    were or will be free, days before joining are none of these. `needed` is what this member needs to pass.
    """

    number: int
    over: bool
    done: int
    missed: int
    remaining: int
    excused: int
    needed: int
    passed: bool
    can_pass: bool
    stages: tuple[StageProgress, ...]


def needed_of(term: Term, asked: int) -> int:
    """Return how many days a member needs of whom `asked` days are asked: the term's share of them.

    18 of 21 becomes 12 of 14, rounded up, and never less than the term's `least`.
    """
    share = -(-term.needed * asked // term.days)
    return max(share, term.least or -(-term.needed // 2))


def progress(
    term: Term,
    today: Day,
    done: Collection[Day],
    excused: Callable[[Day], bool],
    joined: Day | None = None,
) -> Progress:
    """Return a member's progress from the days done and the days excused; `joined` if after the start.

    A day done counts also if it is excused or lies before `joined` (made up); others of these are not asked.
    """
    days = span(term.first, term.last)
    counted = [day for day in days if day in done]
    present = [day for day in days if day in done or joined is None or day >= joined]
    asked = [day for day in present if day in done or not excused(day)]
    open_days = [day for day in asked if day not in done]
    remaining = sum(day >= today for day in open_days)
    needed = needed_of(term, len(asked))
    number = min(max(gap(term.first, today) + 1, 0), term.days)
    return Progress(
        number=number,
        over=today > term.last,
        done=len(counted),
        missed=len(open_days) - remaining,
        remaining=remaining,
        excused=len(present) - len(asked),
        needed=needed,
        passed=len(counted) >= needed,
        can_pass=len(counted) + remaining >= needed,
        stages=_stages(term, number, set(counted), asked),
    )


def _stages(term: Term, number: int, counted: set[Day], asked: list[Day]) -> tuple[StageProgress, ...]:
    found = []
    first = 1
    for stage in term.stages:
        inside = [day for day in asked if first <= gap(term.first, day) + 1 <= stage.last]
        found.append(
            StageProgress(
                title=stage.title,
                first=first,
                last=stage.last,
                done=sum(day in counted for day in inside),
                asked=len(inside),
                current=first <= number <= stage.last,
            )
        )
        first = stage.last + 1
    return tuple(found)
