"""A member's month and year as calendars: what each day's cell shows, how warm it is, and the sums."""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec

from rules.days import Day, from_ordinal, month_days, month_of, ordinal, shift, weekday, year_days

WARMTH = (1, 3, 7, 21)
"""From which counted day in a row a cell has the heat level 1, 2, 3, 4."""


class State(StrEnum):
    """What a day was to a member."""

    DONE = "done"
    LATE = "late"
    MADE_UP = "made_up"
    LEAVE = "leave"
    REST = "rest"
    FROZEN = "frozen"
    MISSED = "missed"
    TODAY = "today"
    FUTURE = "future"
    OUTSIDE = "outside"


COUNTED = frozenset({State.DONE, State.LATE, State.MADE_UP})
PAUSED = frozenset({State.LEAVE, State.REST, State.FROZEN})


class Cell(msgspec.Struct, frozen=True):
    """One day: its number in the month, its state, whether it is today, its heat level 0 to 4."""

    day: Day
    number: int
    state: State
    today: bool
    level: int


Weeks = tuple[tuple[Cell, ...], ...]


class Totals(msgspec.Struct, frozen=True):
    """Sums of the shown days; `counted` is all check-ins: done, late and made up."""

    counted: int
    done: int
    late: int
    made_up: int
    leave: int
    rest: int
    frozen: int
    missed: int


class Month(msgspec.Struct, frozen=True):
    """A month ('2026-11') as weeks of seven cells from Monday on; days of other months are outside."""

    key: str
    weeks: Weeks
    totals: Totals


class Year(msgspec.Struct, frozen=True):
    """A year as weeks of seven cells from Monday on; `month_starts`: the week of each month's first day."""

    year: int
    weeks: Weeks
    month_starts: tuple[int, ...]
    totals: Totals


def month(
    key: str,
    states: Mapping[Day, State],
    today: Day,
    joined: Day | None = None,
) -> Month:
    """Return a member's month. A past day without a state was missed; days before `joined` are outside.

    ValueError if `key` is no month.
    """
    days = month_days(key)
    weeks = _weeks(days, states, today, joined)
    return Month(key, weeks, _totals(weeks))


def year(
    number: int,
    states: Mapping[Day, State],
    today: Day,
    joined: Day | None = None,
) -> Year:
    """Return a member's year, by the same rules as a month."""
    days = year_days(number)
    weeks = _weeks(days, states, today, joined)
    before = weekday(days[0])
    starts = [(before + index) // 7 for index, day in enumerate(days) if day.endswith("-01")]
    return Year(number, weeks, tuple(starts), _totals(weeks))


def previous_month(key: str) -> str:
    """Return the month before a month given as 'YYYY-MM'."""
    return month_of(shift(month_days(key)[0], -1))


def next_month(key: str) -> str:
    """Return the month after a month given as 'YYYY-MM'."""
    return month_of(shift(month_days(key)[-1], 1))


def _weeks(days: Sequence[Day], states: Mapping[Day, State], today: Day, joined: Day | None) -> Weeks:
    first, last = ordinal(days[0]), ordinal(days[-1])
    shown = max(days[0], joined or days[0])
    run = _run_before(shown, states)
    cells = []
    for number in range(first - weekday(days[0]), last + 7 - weekday(days[-1])):
        day = from_ordinal(number)
        state = _state(day, states, today) if shown <= day <= days[-1] else State.OUTSIDE
        if state in COUNTED:
            run += 1
        elif state not in PAUSED and state is not State.OUTSIDE:
            run = 0
        level = sum(run >= bar for bar in WARMTH) if state in COUNTED else 0
        cells.append(Cell(day, int(day[8:]), state, day == today, level))
    return tuple(tuple(cells[start : start + 7]) for start in range(0, len(cells), 7))


def _run_before(day: Day, states: Mapping[Day, State]) -> int:
    """Return how many counted days in a row lead up to a day, as far as it changes a heat level."""
    run = 0
    before = shift(day, -1)
    while run < WARMTH[-1] and before in states and states[before] in COUNTED | PAUSED:
        run += states[before] in COUNTED
        before = shift(before, -1)
    return run


def _state(day: Day, states: Mapping[Day, State], today: Day) -> State:
    if day in states:
        return states[day]
    if day == today:
        return State.TODAY
    return State.FUTURE if day > today else State.MISSED


def _totals(weeks: Weeks) -> Totals:
    sums = Counter(cell.state for week in weeks for cell in week)
    return Totals(
        counted=sum(sums[state] for state in COUNTED),
        done=sums[State.DONE],
        late=sums[State.LATE],
        made_up=sums[State.MADE_UP],
        leave=sums[State.LEAVE],
        rest=sums[State.REST],
        frozen=sums[State.FROZEN],
        missed=sums[State.MISSED],
    )
