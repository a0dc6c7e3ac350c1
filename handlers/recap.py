"""Looking back on a day: one line in each room in the evening, the rest of it in the morning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from bot.config import Settings, TalkSettings, TimeOfDay
from bot.core import manners
from bot.core.context import HOUR, MINUTE
from bot.core.feature import Command, Feature, Job
from bot.core.port import words
from rules.budget import is_quiet
from rules.days import shift
from rules.rhythm import next_time
from rules.streak import milestones
from storage import absences, checkins, jobs, recap, rhythm, rooms, streaks, tasks
from storage.recap import Came

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.context import Context
    from bot.core.port import Words
    from rules.days import Day
    from storage.rooms import Room

TOO_LATE = 90 * MINUTE
"""A line that could not be prepared for so long (after downtime) is not said at all."""

LEAST = 2
MOST_NAMED = 5
MOST_LISTED = 60
REGULAR_FOR = 14
"""Days for which somebody who came, or joined, is expected to come again."""

DAY = 24 * HOUR


class RecapSettings(Settings):
    """Looking back on the day."""

    evening: Literal["count", "list", "off"] = Field(
        "count", description="The evening's line: how many came, with their names, or none."
    )
    evening_at: TimeOfDay = Field(21 * 60 + 30, description="When the evening's line comes.")
    morning_at: TimeOfDay = Field(8 * 60, description="When the rest of yesterday is told.")
    milestones: bool = Field(
        default=True, description="Whether the lines name round numbers that were reached."
    )
    digest: bool = Field(
        default=True, description="Whether leaders are told privately in the evening who is still missing."
    )


# The evening.


def next_evening(ctx: Context, after: int) -> int | None:
    """Every evening."""
    return next_time(ctx.calendar, after, ctx.settings(RecapSettings).evening_at)


def evening(ctx: Context, position: str | None) -> str | None:
    """Say in one room after the other how many came today, then tell the leaders who did not."""
    if position is None and not _begin(ctx, "evening"):
        return None
    room = _room_after(ctx, position)
    if room is not None:
        _look_back(ctx, room, "evening", ctx.day, since=0, until=ctx.at, lives_for=TOO_LATE)
        return str(room.id)
    _tell_leaders(ctx)
    return None


def _begin(ctx: Context, name: str) -> bool:
    """Whether a run still makes sense, and is the first of its day."""
    if ctx.now - ctx.at > TOO_LATE:
        return False
    return jobs.claim(ctx.tx, name, ctx.community.id, ctx.day, ctx.now)


def _room_after(ctx: Context, position: str | None) -> Room | None:
    known = sorted(rooms.of_community(ctx.tx, ctx.community.id), key=lambda room: room.id)
    return next((room for room in known if room.id > int(position or 0)), None)


# The morning.


def next_morning(ctx: Context, after: int) -> int | None:
    """Every morning."""
    return next_time(ctx.calendar, after, ctx.settings(RecapSettings).morning_at)


def morning(ctx: Context, position: str | None) -> str | None:
    """Say in one room after the other who came after the evening's line until the day's end."""
    if position is None and not _begin(ctx, "morning"):
        return None
    yesterday = shift(ctx.day, -1)
    said_at = ctx.calendar.instant(yesterday, ctx.settings(RecapSettings).evening_at)
    room = _room_after(ctx, position)
    if room is None:
        return None
    _look_back(ctx, room, "morning", yesterday, since=said_at, until=ctx.at, lives_for=4 * HOUR)
    return str(room.id)


# What is said.


def _look_back(
    ctx: Context, room: Room, part: str, day: Day, *, since: int, until: int, lives_for: int
) -> None:
    settings = ctx.desk.settings(RecapSettings, ctx.community.id, room.id)
    people = recap.came(ctx.tx, ctx.community.id, room.id, day, since, until)
    if len(people) < (LEAST if part == "evening" else 1):
        return
    reached = _reached(ctx, people, day) if settings.milestones else []
    if settings.evening == "off" and not reached:
        return
    said = words(
        f"recap.{part}",
        shown=settings.evening,
        count=len(people),
        people=[one.name for one in people if not one.hidden][:MOST_LISTED],
        milestones=reached,
    )
    ctx.announce(room, said, lives_for=lives_for)


def _reached(ctx: Context, people: Sequence[Came], day: Day) -> list[dict[str, object]]:
    """The round numbers that were reached on a day, the greatest first, each with some who did."""
    groups: dict[tuple[int, str], list[Came]] = {}
    for one in people:
        for group in _marks(ctx, one, day):
            groups.setdefault(group, []).append(one)
    reached: list[dict[str, object]] = []
    left = MOST_NAMED
    for (days, kind), those in sorted(groups.items(), key=lambda group: (-group[0][0], group[0][1])):
        named = [one.name for one in those if not one.hidden][:left]
        left -= len(named)
        reached.append({"days": days, "kind": kind, "count": len(those), "people": named})
    return reached


def _marks(ctx: Context, one: Came, day: Day) -> list[tuple[int, str]]:
    """What somebody reached on a day: with their longest streak so far, else in all."""
    since = int(one.last_day > day)
    current, total = one.current - since, one.total - since
    in_a_row = milestones(current - 1, current) if one.current == one.longest else ()
    if in_a_row and _was_as_long_before(ctx, one.person, current):
        in_a_row = ()
    in_all = [mark for mark in milestones(total - 1, total) if mark not in in_a_row]
    return [*((mark, "streak") for mark in in_a_row), *((mark, "total") for mark in in_all)]


def _was_as_long_before(ctx: Context, person: int, length: int) -> bool:
    ended = streaks.history(ctx.tx, ctx.calendar, ctx.community.id, person).ended
    return any(earlier >= length for _, earlier in ended)


# For leaders alone.


def digest(ctx: Context, _arguments: str) -> None:
    """Who came today and who is still missing, told to a leader alone."""
    said = _digest(ctx)
    manners.confide(ctx, words("recap.digest_none") if said is None else said)


def _tell_leaders(ctx: Context) -> None:
    settings = ctx.settings(RecapSettings)
    quiet = is_quiet(ctx.calendar, manners.quiet_hours(ctx.settings(TalkSettings)), ctx.now)
    said = _digest(ctx) if settings.digest and not quiet else None
    if said is None:
        return
    for person in recap.staff(ctx.tx, ctx.community.id):
        account = rhythm.reachable(ctx.tx, person)
        if account is not None:
            ctx.tell(account, said)


def _digest(ctx: Context) -> Words | None:
    """How the day went, or None on a day on which nobody is asked or expected."""
    community, day = ctx.community.id, ctx.day
    paused = any(one.first <= day for one in absences.pauses(ctx.tx, community, day))
    if paused or not absences.is_asked(tasks.due_days(ctx.tx, community), day):
        return None
    people = recap.expected(
        ctx.tx, community, since=shift(day, -REGULAR_FOR), joined_since=ctx.at - REGULAR_FOR * DAY
    )
    done = checkins.people_of_day(ctx.tx, community, day)
    late = recap.late_on(ctx.tx, community, day)
    away = absences.on_leave(ctx.tx, community, day) - done
    if not people:
        return None
    return words(
        "recap.digest",
        community=ctx.community.name,
        done=sum(one.person in done for one in people),
        asked=sum(one.person not in away for one in people),
        missing=[one.name for one in people if one.person not in done | away],
        late=[one.name for one in people if one.person in late],
        away=[one.name for one in people if one.person in away],
    )


FEATURE = Feature(
    name="recap",
    settings=RecapSettings,
    commands=(Command("digest", digest, ("今日小结", "今日小結"), level="leader"),),
    jobs=(Job("evening", evening, next_evening), Job("morning", morning, next_morning)),
)
