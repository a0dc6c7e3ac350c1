"""The hours of a person and of a community: one's usual time, the time to remind, the next such time."""

from collections.abc import Sequence
from itertools import count

from rules.budget import Quiet
from rules.calendar import MINUTES_A_DAY, Calendar
from rules.days import shift

LEAST_KNOWN = 3
"""From how many check-ins on a rhythm can be told."""

REMIND_AFTER = 90
"""Minutes after the usual time at which a reminder helps most."""

BEFORE_QUIET = 15
SOONEST = 30
"""Minutes that a reminder keeps from the quiet hours, and from the usual time, to slip in before them."""


def into_day(minutes: int, day_starts_at: int) -> int:
    """Return minutes after midnight as minutes of the community's day: those of the night come last."""
    return minutes if minutes >= day_starts_at else minutes + MINUTES_A_DAY


def usual_time(minutes: Sequence[int]) -> int | None:
    """Return the median of times in minutes of the day (the earlier of two), or None for fewer than three."""
    if len(minutes) < LEAST_KNOWN:
        return None
    return sorted(minutes)[(len(minutes) - 1) // 2]


def remind_at(usual: int, quiet: Quiet, day_starts_at: int) -> int | None:
    """Return when to remind, in minutes of the day like `usual`, or None when there is no good time.

    It is 90 minutes after the usual time; if that is quiet, when the quiet hours end, or if they outlast
    the day, shortly before them, where half an hour lies between.
    """
    wanted = usual + REMIND_AFTER
    if not _is_quiet(wanted, quiet):
        return wanted if wanted < day_starts_at + MINUTES_A_DAY else None
    ends = into_day(quiet.ends, day_starts_at)
    if wanted < ends:
        return ends
    before = into_day(quiet.begins, day_starts_at) - BEFORE_QUIET
    return before if before >= usual + SOONEST else None


def _is_quiet(minutes: int, quiet: Quiet) -> bool:
    clock = minutes % MINUTES_A_DAY
    if quiet.begins <= quiet.ends:
        return quiet.begins <= clock < quiet.ends
    return clock >= quiet.begins or clock < quiet.ends


def next_time(calendar: Calendar, after: int, minutes: int) -> int:
    """Return the first instant later than `after` (UTC ms) at which a day of the community shows a wall time.

    `minutes` count from midnight; those before the day's start are of the night at the day's end.
    """
    today = shift(calendar.day_of(after), -1)
    return next(at for n in count() if (at := calendar.instant(shift(today, n), minutes)) > after)
