"""Streak (days in a row), total, longest streak, and the freezes that save a streak by themselves."""

from bisect import bisect_right
from collections.abc import Callable, Iterable

import msgspec

from rules.days import Day, from_ordinal, ordinal

Excused = Callable[[Day], bool]
"""Whether a day without check-in only pauses a streak: leave, rest, pause, bridged, unobserved, not due."""


class StreakRules(msgspec.Struct, frozen=True):
    """How freezes are earned: one at every `earn_every`-th day of a streak (0: never), a few are kept."""

    earn_every: int = 7
    keep_at_most: int = 2


class Streak(msgspec.Struct, frozen=True):
    """What is stored of a member: counted days in a row, the most ever, all, the last, freezes in hand."""

    current: int = 0
    longest: int = 0
    total: int = 0
    last_day: Day | None = None
    freezes: int = 0


class Step(msgspec.Struct, frozen=True):
    """What a counted day did: the new state, the days it froze, the length of a streak it ended (or 0)."""

    state: Streak
    frozen: tuple[Day, ...] = ()
    ended: int = 0


class Look(msgspec.Struct, frozen=True):
    """What is shown of a streak today; `current` is 0 and `ended` its length once it is past saving."""

    current: int
    longest: int
    total: int
    freezes: int
    frozen: tuple[Day, ...]
    ended: int
    done_today: bool


class History(msgspec.Struct, frozen=True):
    """A streak made anew: the state, all frozen days, and the streaks that ended (last day, length)."""

    state: Streak
    frozen: tuple[Day, ...]
    ended: tuple[tuple[Day, int], ...]


class Milestones(msgspec.Struct, frozen=True):
    """The numbers worth a word: `marks` in order, and beyond the last every multiple of one of `each`."""

    marks: tuple[int, ...] = (7, 21, 30, 50, 100, 200, 365)
    each: tuple[int, ...] = (365, 500, 1000)


USUAL = StreakRules()
USUAL_MILESTONES = Milestones()


def _missed(state: Streak, before: Day, excused: Excused) -> tuple[Day, ...]:
    """Return the missed days since the last counted one; no more of them than is needed to see it broken."""
    missed: list[Day] = []
    if state.last_day is None:
        return ()
    for number in range(ordinal(state.last_day) + 1, ordinal(before)):
        if len(missed) > state.freezes:
            break
        day = from_ordinal(number)
        if not excused(day):
            missed.append(day)
    return tuple(missed)


def advance(state: Streak, day: Day, excused: Excused, rules: StreakRules = USUAL) -> Step:
    """Count one more day; a day that is already the last one changes nothing.

    Missed days before it are frozen if there are freezes for all of them; else the streak begins
    again at 1 and keeps its freezes. ValueError for a day before the last: `rebuild` is for that.
    """
    if state.last_day == day:
        return Step(state)
    if state.last_day is not None and day < state.last_day:
        raise ValueError(f"{day} lies before the last counted day {state.last_day}")
    missed = _missed(state, day, excused)
    if len(missed) > state.freezes:
        return Step(_counted(state, day, 1, state.freezes, rules), ended=state.current)
    freezes = state.freezes - len(missed)
    return Step(_counted(state, day, state.current + 1, freezes, rules), frozen=missed)


def _counted(state: Streak, day: Day, current: int, freezes: int, rules: StreakRules) -> Streak:
    if rules.earn_every and current % rules.earn_every == 0 and freezes < rules.keep_at_most:
        freezes += 1
    return Streak(current, max(state.longest, current), state.total + 1, day, freezes)


def look(state: Streak, today: Day, excused: Excused) -> Look:
    """Return what to show today, without a change; today is not yet over, so it never breaks a streak."""
    missed = _missed(state, today, excused)
    broken = len(missed) > state.freezes
    return Look(
        current=0 if broken else state.current,
        longest=state.longest,
        total=state.total,
        freezes=state.freezes if broken else state.freezes - len(missed),
        frozen=() if broken else missed,
        ended=state.current if broken else 0,
        done_today=state.last_day == today,
    )


def rebuild(days: Iterable[Day], excused: Excused, rules: StreakRules = USUAL) -> History:
    """Make a streak anew from all counted days, in any order: after a make-up, a withdrawal, a late leave."""
    state = Streak()
    frozen: list[Day] = []
    ended: list[tuple[Day, int]] = []
    for day in sorted(set(days)):
        step = advance(state, day, excused, rules)
        if step.ended and state.last_day is not None:
            ended.append((state.last_day, step.ended))
        frozen.extend(step.frozen)
        state = step.state
    return History(state, tuple(frozen), tuple(ended))


def milestones(before: int, after: int, rules: Milestones = USUAL_MILESTONES) -> tuple[int, ...]:
    """Return the milestones passed when a streak or a total goes from `before` to `after`, in order."""
    marks = rules.marks[bisect_right(rules.marks, before) : bisect_right(rules.marks, after)]
    greatest = rules.marks[-1] if rules.marks else 0
    if after <= greatest:
        return marks
    beyond = range(max(before, greatest) + 1, after + 1)
    return (*marks, *(number for number in beyond if any(number % step == 0 for step in rules.each)))
