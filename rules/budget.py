"""How much the bot may say unasked: quiet hours, lines a day in a room, nudges of a person."""

from collections.abc import Sequence

import msgspec

from rules.calendar import Calendar
from rules.days import Day, gap, shift
from rules.durations import MINUTE


class Quiet(msgspec.Struct, frozen=True):
    """Quiet hours in minutes after midnight, 22:30 to 07:30 unless set; equal times mean none."""

    begins: int = 22 * 60 + 30
    ends: int = 7 * 60 + 30


class TalkRules(msgspec.Struct, frozen=True):
    """The talk budget: unasked lines a day in a room, minutes between them, nudges of a person."""

    lines_a_day: int = 4
    minutes_apart: int = 30
    nudges_a_day: int = 1
    nudges_a_week: int = 3


USUAL_QUIET = Quiet()
USUAL = TalkRules()


def is_quiet(calendar: Calendar, quiet: Quiet, at: int) -> bool:
    """Return whether an instant (UTC ms) lies in the quiet hours of a community."""
    minutes = calendar.local_minutes(at)
    if quiet.begins <= quiet.ends:
        return quiet.begins <= minutes < quiet.ends
    return minutes >= quiet.begins or minutes < quiet.ends


def after_quiet(calendar: Calendar, quiet: Quiet, at: int) -> int:
    """Return `at` (UTC ms) if it is not quiet then, else the end of the quiet hours."""
    if not is_quiet(calendar, quiet, at):
        return at
    local_date, minutes = calendar.wall(at)
    end_date = local_date if minutes < quiet.ends else shift(local_date, 1)
    # Where clocks are set back, the first of two equal wall times may already be past.
    return max(at, calendar.at_wall(end_date, quiet.ends))


def next_line(
    calendar: Calendar,
    said: Sequence[int],
    now: int,
    quiet: Quiet = USUAL_QUIET,
    rules: TalkRules = USUAL,
) -> int | None:
    """Return the earliest instant from `now` on (UTC ms) for one more unasked line in a room.

    `said` are the room's unasked lines of late, said or already planned (UTC ms). None if the budget of
    the community's day in which the line would fall is used up.
    """
    apart = rules.minutes_apart * MINUTE
    at = after_quiet(calendar, quiet, now)
    for line in sorted(said):
        if abs(at - line) < apart:
            at = after_quiet(calendar, quiet, line + apart)
    day = calendar.day_of(at)
    used = sum(calendar.day_of(line) == day for line in said)
    return at if used < rules.lines_a_day else None


def may_nudge(nudged: Sequence[Day], today: Day, rules: TalkRules = USUAL) -> bool:
    """Return whether a person may be nudged today; `nudged` has a day for every nudge, from all rooms."""
    if nudged.count(today) >= rules.nudges_a_day:
        return False
    return sum(gap(day, today) < 7 for day in nudged) < rules.nudges_a_week
