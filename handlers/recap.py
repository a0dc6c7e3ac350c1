"""Looking back on a day: one line in each room in the evening, the rest of it in the morning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec
from pydantic import Field

from bot.config import Settings, TalkSettings, TimeOfDay
from bot.core import manners, staff
from bot.core.actions import Button, words
from bot.core.errors import UserError
from bot.core.events import Message
from bot.core.feature import Command, Feature, Job
from rules.arguments import plain, plain_number
from rules.budget import is_quiet
from rules.days import ordinal, shift, span, weekday
from rules.durations import DAY, HOUR, MINUTE
from rules.rhythm import REMIND_AFTER, into_day, next_time, usual_time
from rules.streak import milestones
from rules.tasks import is_due
from storage import absences, checkins, jobs, people, recap, reminders, streaks, tasks, unseen
from storage.recap import Came, Expected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.actions import Words
    from bot.core.context import Context
    from rules.days import Day
    from storage.rooms import Room

RECAP = "recap"

TOO_LATE = 90 * MINUTE
"""A line that could not be prepared for so long (after downtime) is not said at all."""

LEAST = {"evening": 2, "morning": 3}
"""From how many on it is worth a line; a round number always is."""

MOST_NAMED = 5
MOST_LISTED = 60
REGULAR_FOR = 14
"""Days for which somebody who came, or joined, is expected to come again."""

GONE_AFTER = 2
"""Days missed before this one after which it is more than one forgotten evening."""

HALF_OF_THE_EVENING = 20 * 60
ON = frozenset({"on", "开", "開", "打开", "打開"})
OFF = frozenset({"off", "关", "關", "关闭", "關閉", "停", "不要"})


class RecapSettings(Settings):
    """Looking back on the day."""

    per_room = frozenset({"evening", "milestones"})

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
    if ctx.rooms_with(RECAP):
        _tell_leaders(ctx)
    return None


def _begin(ctx: Context, name: str) -> bool:
    """Whether a run still makes sense, and is the first of its day."""
    if ctx.now - ctx.at > TOO_LATE:
        return False
    return jobs.claim(ctx.tx, name, ctx.community.id, ctx.day, ctx.at)


def _room_after(ctx: Context, position: str | None) -> Room | None:
    known = sorted(ctx.rooms_with(RECAP), key=lambda room: room.id)
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
    room = _room_after(ctx, position)
    if room is None:
        return None
    since = _evening_of(ctx, yesterday)
    until = min(ctx.at, ctx.calendar.bounds(yesterday)[1])  # what leaders count later is no news of that day
    _look_back(ctx, room, "morning", yesterday, since=since, until=until, lives_for=4 * HOUR)
    return str(room.id)


def _evening_of(ctx: Context, day: Day) -> int:
    """Until when the evening's line of a day told of it, whatever its time is set to by now."""
    usual = ctx.calendar.instant(day, ctx.settings(RecapSettings).evening_at)
    return jobs.claimed_at(ctx.tx, "evening", ctx.community.id, day) or usual


# What is said.


def _look_back(
    ctx: Context, room: Room, part: str, day: Day, *, since: int, until: int, lives_for: int
) -> None:
    settings = ctx.desk.settings(RecapSettings, ctx.community.id, room.id)
    people = recap.came(ctx.tx, ctx.community.id, room.id, day, since, until)
    reached = _reached(ctx, people, day) if settings.milestones else []
    worth_counting = settings.evening != "off" and len(people) >= LEAST[part]
    if not (worth_counting or reached):
        return
    said = words(
        f"recap.{part}",
        shown=settings.evening if worth_counting else "off",
        turn=ordinal(day) + room.id,
        weekday=weekday(day),
        count=len(people),
        people=[one.name for one in people if not one.hidden][:MOST_LISTED],
        milestones=reached,
    )
    ctx.announce(room, said, lives_for=lives_for)


def _reached(ctx: Context, people: Sequence[Came], day: Day) -> list[dict[str, object]]:
    """The round numbers that were reached on a day, the greatest first, each with some who did."""
    groups: dict[tuple[int, str], list[Came]] = {}
    for one in people:
        for group in _marks(ctx, one, day) if one.here else ():
            groups.setdefault(group, []).append(one)
    reached: list[dict[str, object]] = []
    left = MOST_NAMED
    for (days, kind), those in sorted(groups.items(), key=lambda group: (-group[0][0], group[0][1])):
        if all(one.hidden for one in those):
            continue
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


class Missing(msgspec.Struct, frozen=True):
    """Somebody who has not come today, and how many days they missed before."""

    person: int
    name: str
    days: int

    @property
    def is_gone(self) -> bool:
        """Whether this is more than one forgotten evening."""
        return self.days >= GONE_AFTER


class Digest(msgspec.Struct, frozen=True):
    """How a day has gone so far; `later` is how many may still come at their usual time."""

    done: int
    asked: int
    missing: tuple[Missing, ...]
    later: int
    late: tuple[str, ...]
    away: tuple[str, ...]


def digest(ctx: Context, arguments: str) -> None:
    """`/digest`: who came today and who is missing, told to a leader alone; `on` and `off`: every evening."""
    wanted = plain(arguments)
    if wanted in ON | OFF:
        _want(ctx, wanted=wanted in ON)
    elif not wanted or _is_slash(ctx):
        found = _digest(ctx)
        ctx.confide(words("recap.digest_none") if found is None else _told(ctx, found, found.missing))


def _is_slash(ctx: Context) -> bool:
    return isinstance(ctx.event, Message) and ctx.event.text.startswith("/")


def _want(ctx: Context, *, wanted: bool) -> None:
    recap.want_digest(ctx.tx, ctx.community.id, ctx.account.person, wanted=wanted)
    ctx.whisper(words("recap.digest_on" if wanted else "recap.digest_off"))


def press_digest(ctx: Context, arguments: str) -> None:
    """The button under a digest that ends them, for the community it tells of."""
    act, _, number = arguments.partition(":")
    community = plain_number(number)
    if act != "off" or community is None or not _sees(ctx.in_community(community), ctx.account.person):
        raise UserError("core.button_gone")
    recap.want_digest(ctx.tx, community, ctx.account.person, wanted=False)
    ctx.answer(words("recap.digest_off"), alert=True)


def _tell_leaders(ctx: Context) -> None:
    settings = ctx.settings(RecapSettings)
    quiet = is_quiet(ctx.calendar, manners.quiet_hours(ctx.settings(TalkSettings)), ctx.now)
    found = _digest(ctx) if settings.digest and not quiet else None
    if found is None:
        return
    for person in [one for one in people.staff(ctx.tx, ctx.community.id) if _sees(ctx, one)]:
        account = people.reachable(ctx.tx, ctx.community.id, person)
        others = tuple(one for one in found.missing if one.person != person)
        if account is not None and _is_news(others) and recap.wants_digest(ctx.tx, ctx.community.id, person):
            off = Button(words("recap.digest_off_button"), f"digest:off:{ctx.community.id}")
            ctx.tell(account, _told(ctx, found, others), buttons=((off,),))


def _sees(ctx: Context, person: int) -> bool:
    """Whether a person may see lists of this community at this moment."""
    return "overview" in staff.rights_in(ctx, person)


def _is_news(missing: tuple[Missing, ...]) -> bool:
    """Whether somebody is missing who was not told of as gone before: the same name every evening is none."""
    return any(one.days <= GONE_AFTER for one in missing)


def _told(ctx: Context, found: Digest, missing: tuple[Missing, ...]) -> Words:
    return words(
        "recap.digest",
        community=ctx.community.name,
        done=found.done,
        asked=found.asked,
        missing=[one.name for one in missing if not one.is_gone],
        gone=[one.name for one in missing if one.is_gone],
        later=found.later,
        late=list(found.late),
        away=list(found.away),
    )


def _digest(ctx: Context) -> Digest | None:
    """How the day went, or None on a day on which nobody is asked or expected."""
    community, day = ctx.community.id, ctx.day
    paused = any(one.first <= day for one in absences.pauses(ctx.tx, community, day))
    if paused or not absences.is_asked(tasks.due_days(ctx.tx, community), day):
        return None
    people = recap.expected(
        ctx.tx, community, since=shift(day, -REGULAR_FOR), joined_since=ctx.at - REGULAR_FOR * DAY
    )
    done = checkins.people_of_day(ctx.tx, community, day)
    hidden = unseen.days_of_all(ctx.tx, ctx.calendar, community, {one.person for one in people}, day, day)
    people = [one for one in people if one.person in done or day not in hidden[one.person]]
    late = recap.late_on(ctx.tx, community, day)
    away = absences.on_leave(ctx.tx, community, day) - done
    if not people:
        return None
    open_ones = [one for one in people if one.person not in done | away]
    missing = _missing(ctx, open_ones)
    return Digest(
        done=sum(one.person in done for one in people),
        asked=sum(one.person not in away for one in people),
        missing=missing,
        later=len(open_ones) - len(missing),
        late=tuple(one.name for one in people if one.person in late),
        away=tuple(one.name for one in people if one.person in away),
    )


def _missing(ctx: Context, people: Sequence[Expected]) -> tuple[Missing, ...]:
    """Those whose time is well past today, or who have been missing for longer."""
    middle = _middle(ctx)
    found = [(one, Missing(one.person, one.name, _days_missed(ctx, one))) for one in people]
    return tuple(missing for one, missing in found if missing.is_gone or _is_late(ctx, one, middle))


def _is_late(ctx: Context, one: Expected, middle: int) -> bool:
    """Whether it is long past somebody's usual time, or the latest one while that is not known.

    Of who never came, whether it is past the middle of the day's tasks.
    """
    times = reminders.times_of_day(ctx.tx, ctx.calendar, ctx.community.id, one.person, ctx.day)
    if not times:
        return ctx.at >= middle
    known = usual_time(times)
    usual = max(times) if known is None else known
    starts = ctx.calendar.rules[-1].day_starts_at
    return into_day(ctx.calendar.local_minutes(ctx.at), starts) >= usual + REMIND_AFTER


def _middle(ctx: Context) -> int:
    """When half of the time of every task of this day is over; without a window that is in the evening."""
    due = [task for task in tasks.of_community(ctx.tx, ctx.community.id) if is_due(task.weekdays, ctx.day)]
    windows = [ctx.calendar.window_bounds(task.window, ctx.day) for task in due if task.window is not None]
    middles = [(opens + closes) // 2 for opens, closes in windows]
    if len(windows) < len(due) or not due:
        middles.append(ctx.calendar.instant(ctx.day, HALF_OF_THE_EVENING))
    return max(middles)


def _days_missed(ctx: Context, one: Expected) -> int:
    """How many days before this one somebody was asked for something and did not come."""
    last = ctx.calendar.day_of(one.joined_at) if one.last_day is None else one.last_day
    first = max(shift(last, 1), shift(ctx.day, -REGULAR_FOR))
    excused = absences.excused(ctx.tx, ctx.calendar, ctx.community.id, one.person)
    return sum(not excused(day) for day in span(first, shift(ctx.day, -1)))


FEATURE = Feature(
    name=RECAP,
    settings=RecapSettings,
    modes=("off", "on"),
    commands=(Command("digest", digest, ("今日小结", "今日小結", "摘要"), takes=True, needs="overview"),),
    buttons={"digest": press_digest},
    jobs=(Job("evening", evening, next_evening), Job("morning", morning, next_morning)),
    for_staff=("recap.digest", "recap.digest_none"),
)
