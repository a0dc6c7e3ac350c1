"""Reminders at one's own rhythm: after one's usual time, only if still undone, and soon given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from pydantic import Field

from bot.config import Settings, TalkSettings
from bot.core import accounts, manners
from bot.core.actions import Button, words
from bot.core.errors import UserError
from bot.core.feature import Command, Feature, Job
from rules.argument_times import read_time
from rules.arguments import ArgumentError, plain
from rules.budget import is_quiet
from rules.calendar import MINUTES_A_DAY
from rules.days import ordinal, shift
from rules.durations import MINUTE
from rules.facts import CheckedIn, PeopleRegrouped, TimeRulesChanged
from rules.rhythm import next_time, remind_at, usual_time
from rules.tasks import slot_at
from storage import absences, checkins, people, reminders, rooms, tasks
from storage.reminders import Reminder

if TYPE_CHECKING:
    from bot.core.context import Buttons, Context
    from rules.days import Day
    from rules.tasks import Slot
    from storage.people import Account

TOO_LATE = 90 * MINUTE
"""A reminder that could not be given for so long (after downtime) is not given at all."""

MOST_UNANSWERED = 2
FORGIVEN_AFTER = 14
"""Days after which an unanswered reminder does not count any more for somebody who still comes."""

AT_A_TIME = 25
"""Reminders looked at in one slice: some ten milliseconds."""

MOST_BUTTONS = 3
ON = frozenset({"on", "usual", "开", "開", "打开", "打開", "平时", "平時", "照旧", "照舊"})
OFF = frozenset({"off", "stop", "关", "關", "关闭", "關閉", "停", "不要", "取消"})


class RemindersSettings(Settings):
    """Reminders."""

    by_default: bool = Field(
        default=True,
        description="Whether members who wrote to Banzhang in private are reminded without asking for it.",
    )


# What one wants.


def remind(ctx: Context, arguments: str) -> None:
    """`/remind`: switch reminders on, or show how they are; `/remind 21:00`, `/remind off`."""
    if not ctx.has_account:
        raise UserError("reminders.nobody")
    wanted = plain(arguments)
    known = reminders.of_person(ctx.tx, ctx.community.id, ctx.account.person)
    fresh = Reminder(community=ctx.community.id, person=ctx.account.person)
    if wanted in OFF:
        reminders.keep(ctx.tx, msgspec.structs.replace(fresh, wanted="off"))
        ctx.whisper(words("reminders.off"))
    elif wanted in ON:
        _switch_on(ctx, fresh)
    elif wanted:
        _switch_on(ctx, msgspec.structs.replace(fresh, wanted="fixed", minutes=_time(ctx, arguments)))
    elif known is not None and known.wanted != "off" and known.unanswered < MOST_UNANSWERED:
        _show(ctx, known)
    else:
        _switch_on(ctx, fresh)


def _time(ctx: Context, text: str) -> int:
    try:
        minutes = read_time(text)
    except ArgumentError as error:
        raise UserError("reminders.how") from error
    quiet = manners.quiet_hours(ctx.settings(TalkSettings))
    if is_quiet(ctx.calendar, quiet, next_time(ctx.calendar, ctx.now, minutes)):
        raise UserError("reminders.quiet", begins=quiet.begins, ends=quiet.ends)
    return minutes


def _switch_on(ctx: Context, reminder: Reminder) -> None:
    _plan(ctx, reminder)
    _show(ctx, reminder)


def _show(ctx: Context, reminder: Reminder) -> None:
    reachable = people.reachable(ctx.tx, ctx.community.id, ctx.account.person) is not None
    ctx.whisper(words("reminders.on", at=_minutes(ctx, reminder), reachable=reachable))


# When to look at it.


def _plan(ctx: Context, reminder: Reminder) -> None:
    """Write a reminder down with the next time to look at it."""
    minutes = _minutes(ctx, reminder)
    next_at = None if minutes is None else next_time(ctx.calendar, ctx.now, minutes)
    reminders.keep(ctx.tx, msgspec.structs.replace(reminder, next_at=next_at))
    if next_at is not None:
        ctx.wake("reminders", next_at)


def _minutes(ctx: Context, reminder: Reminder) -> int | None:
    """At which time of the day (minutes after midnight) to remind; None while that is not known."""
    if reminder.wanted == "fixed":
        return reminder.minutes
    times = reminders.times_of_day(ctx.tx, ctx.calendar, reminder.community, reminder.person, ctx.today)
    usual = usual_time(times)
    if usual is None:
        return None
    starts = ctx.calendar.rules[-1].day_starts_at
    at = remind_at(usual, manners.quiet_hours(ctx.settings(TalkSettings)), starts)
    return None if at is None else at % MINUTES_A_DAY


def checked_in(ctx: Context, fact: CheckedIn) -> None:
    """Somebody came: who may be written to is reminded from now on, also after an answered last reminder."""
    if not fact.first_today or not _can_be_reached(ctx, fact):
        return
    known = reminders.of_person(ctx.tx, fact.community, fact.person)
    if known is None and ctx.settings(RemindersSettings).by_default:
        _plan(ctx, Reminder(community=fact.community, person=fact.person))
    elif known is not None and known.next_at is None and known.wanted != "off":
        unanswered = _unanswered(ctx, known)
        if unanswered < MOST_UNANSWERED:
            _plan(ctx, msgspec.structs.replace(known, unanswered=unanswered))


def _can_be_reached(ctx: Context, fact: CheckedIn) -> bool:
    own = ctx.has_account and ctx.account.id == fact.account
    account = ctx.account if own else people.by_id(ctx.tx, fact.account)
    if account.direct == "open" or len(accounts.own(ctx.desk, account.id)) == 1:
        return account.direct == "open"
    return people.reachable(ctx.tx, fact.community, fact.person) is not None


def regrouped(ctx: Context, fact: PeopleRegrouped) -> None:
    """Of two who became one it holds what one of them wanted, the older one first; who part both keep it."""
    known = reminders.of_persons(ctx.tx, fact.community, (fact.person, fact.other))
    rows = sorted(known, key=lambda one: (one.wanted == "usual", one.next_at is None, one.person))
    if not rows:
        return
    reminders.keep(ctx.tx, msgspec.structs.replace(rows[0], person=fact.person))
    if fact.joined:
        reminders.forget(ctx.tx, fact.community, fact.other)
    else:
        reminders.keep(ctx.tx, msgspec.structs.replace(rows[0], person=fact.other))


def time_changed(ctx: Context, fact: TimeRulesChanged) -> None:
    """The community's clock is another one: so are the times of its reminders."""
    for reminder in reminders.all_planned(ctx.tx, fact.community):
        _plan(ctx, reminder)


# Reminding.


def next_look(ctx: Context, after: int) -> int | None:
    """When the first reminder of the community is to be looked at."""
    at = reminders.next_due(ctx.tx, ctx.community.id)
    return None if at is None else max(at, after + 1)


def look(ctx: Context, _position: str | None) -> str | None:
    """Look at some reminders whose time has come."""
    due = reminders.due(ctx.tx, ctx.community.id, ctx.now, AT_A_TIME)
    for reminder in due:
        _look(ctx, reminder)
    return "more" if len(due) == AT_A_TIME else None


def _look(ctx: Context, reminder: Reminder) -> None:
    account = people.reachable(ctx.tx, reminder.community, reminder.person)
    if account is None:
        reminders.keep(ctx.tx, msgspec.structs.replace(reminder, next_at=None))
        return
    slots = _open(ctx) if _is_on(ctx, account) and _is_missed(ctx, reminder) else []
    if slots:
        reminder = _remind(ctx, reminder, account, slots)
    if reminder.unanswered < MOST_UNANSWERED:
        _plan(ctx, reminder)
    else:
        reminders.keep(ctx.tx, msgspec.structs.replace(reminder, next_at=None))


def _is_on(ctx: Context, account: Account) -> bool:
    """Whether a room of theirs wants its members to be reminded."""
    room = rooms.room_of_member(ctx.tx, ctx.community.id, account.id)
    return room is not None and ctx.is_on("reminders", room)


def _is_missed(ctx: Context, reminder: Reminder) -> bool:
    """Whether it is the time to remind, and somebody is asked for something today and has not come."""
    quiet = manners.quiet_hours(ctx.settings(TalkSettings))
    on_time = reminder.next_at is not None and ctx.now - reminder.next_at <= TOO_LATE
    return (
        on_time
        and not is_quiet(ctx.calendar, quiet, ctx.now)
        and not _came_or_may_stay_away(ctx, reminder, ctx.today)
    )


def _came_or_may_stay_away(ctx: Context, reminder: Reminder, day: Day) -> bool:
    if checkins.of_person(ctx.tx, reminder.community, reminder.person, day, day):
        return True
    return absences.excused(ctx.tx, ctx.calendar, reminder.community, reminder.person)(day)


def _open(ctx: Context) -> list[Slot]:
    """The tasks that take a check-in now."""
    known = tasks.of_community(ctx.tx, ctx.community.id)
    slots = [slot_at(task, ctx.calendar, ctx.now) for task in known]
    return [slot for slot in slots if slot is not None and slot.takes]


def _unanswered(ctx: Context, reminder: Reminder) -> int:
    """How many of the last reminders were not answered by a check-in or by leave."""
    if reminder.asked_day is None or _came_or_may_stay_away(ctx, reminder, reminder.asked_day):
        return 0
    return reminder.unanswered


def _remind(ctx: Context, reminder: Reminder, account: Account, slots: list[Slot]) -> Reminder:
    """Remind, when the nudge budget allows; the reminder as it is then."""
    of_late = reminder.asked_day is not None and reminder.asked_day > shift(ctx.today, -FORGIVEN_AFTER)
    unanswered = _unanswered(ctx, reminder) if of_late else 0
    said = words(
        "reminders.remind",
        name=account.name,
        turn=ordinal(ctx.today),
        task=slots[0].task.name if len(slots) == 1 else "",
        easy=not all(slot.task.asks for slot in slots),
        last=unanswered + 1 >= MOST_UNANSWERED,
    )
    if not ctx.nudge(account, "reminders", said, buttons=_buttons(slots, ctx.today)):
        return reminder
    return msgspec.structs.replace(reminder, unanswered=unanswered + 1, asked_day=ctx.today)


def _buttons(slots: list[Slot], day: Day) -> Buttons:
    """Check-in by one tap where nothing more is asked for, and leave for this day."""
    simple = [slot.task for slot in slots if not slot.task.asks][:MOST_BUTTONS]
    check_in = [
        Button(words("reminders.check_in", task=task.name if len(slots) > 1 else ""), f"checkin:{task.id}")
        for task in simple
    ]
    return (*((button,) for button in check_in), (Button(words("reminders.leave"), f"leave:{day}"),))


FEATURE = Feature(
    name="reminders",
    settings=RemindersSettings,
    modes=("off", "on"),
    commands=(Command("remind", remind, ("提醒",), takes=True),),
    listeners={CheckedIn: checked_in, TimeRulesChanged: time_changed, PeopleRegrouped: regrouped},
    jobs=(Job("reminders", look, next_look),),
)
