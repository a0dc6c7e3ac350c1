"""Days off: a member's leave, the weekly days of rest, and pauses of a whole community."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic import Field

from bot.config import Settings
from bot.core import accounts
from bot.core.actions import words
from bot.core.errors import UserError
from bot.core.feature import Command, Feature, Job, Undo
from rules import talk
from rules.argument_days import DAY_WORD, DayRange, read_days, read_weekdays
from rules.arguments import ArgumentError, plain
from rules.days import Day, gap, month_of, shift
from rules.tasks import EVERY_DAY, Slot, closes_at, slots_at, weekday_bits, weekdays_of
from storage import absences, checkins, streaks, tasks

if TYPE_CHECKING:
    from bot.core.actions import Words
    from bot.core.context import Context
    from storage.absences import Absence

LONGEST = 92
"""Days that one leave or pause may last."""

LONGEST_WHY = 60
MOST_WORDS_OF_A_RANGE = 4
PAUSE_DAYS_BACK = 31
PEOPLE_A_SLICE = 100
NONE_WORDS = frozenset({"none", "no", "off", "无", "無", "没有", "沒有", "取消", "不休"})
_PART = re.compile(r"[^\s,，、;；]+")
_GLUED = re.compile(rf"^\s*({DAY_WORD})(?=[^\s到至起和跟与與~～-])")
"""A day that stands before the reason without a space: 明天回家."""

_OTHER_DAYS = re.compile(rf"\s*(?:\S*\d|{DAY_WORD}|[今明][明后後])")
"""What was meant as days, though it is not understood as such: 下月, 今明两天."""

CANCEL_WORDS = frozenset({"cancel", "off", "end", "取消", "结束", "結束"})


class AbsenceSettings(Settings):
    """Leave."""

    same_day_leaves_a_month: int = Field(
        2, ge=0, le=31, description="How often in a month leave may be taken on the very day."
    )


# Leave.


def leave(ctx: Context, arguments: str) -> None:
    """`/leave days why`: today when no days are named; the button `leave:<day>` of a reminder."""
    if talk.asks(arguments):
        ctx.whisper(words("absence.how"))
        return
    days, why = _days_and_rest(ctx, arguments)
    ctx.whisper(_leave(ctx, days, why[:LONGEST_WHY]))


def _days_and_rest(ctx: Context, arguments: str) -> tuple[DayRange, str]:
    """The days at the beginning of the arguments, and the rest; today when they begin otherwise.

    Raises UserError when they begin with days that are not understood, or with several.
    """
    found = _days_first(ctx.day, arguments) or _days_first(ctx.day, _GLUED.sub(r"\1 ", arguments))
    if found is None and _OTHER_DAYS.match(arguments):
        raise UserError("absence.how")
    days, why = found or (DayRange(ctx.day, ctx.day), arguments)
    if _days_first(ctx.day, why):
        raise UserError("absence.how")
    return days, " ".join(why.split())


def _days_first(today: Day, text: str) -> tuple[DayRange, str] | None:
    """The longest stretch of days with which a text begins, and what stands behind it."""
    parts = list(_PART.finditer(text))
    for count in range(min(len(parts), MOST_WORDS_OF_A_RANGE), 0, -1):
        try:
            days = read_days(" ".join(part[0] for part in parts[:count]), today, longest=LONGEST)
        except ArgumentError:
            continue
        return days, text[parts[count].start() :] if count < len(parts) else ""
    return None


def _leave(ctx: Context, days: DayRange, why: str) -> Words:
    if days.last < ctx.day:
        return words("absence.past")
    first = max(days.first, ctx.day)
    done = first == ctx.day and _done_today(ctx)
    if done:
        first = shift(first, 1)
        if first > days.last:
            return words("absence.done_today")
    taken = absences.leaves(ctx.tx, ctx.community.id, ctx.account.person, ctx.day)
    if any(one.first <= first and days.last <= one.last for one in taken):
        return words("absence.already", first=first, last=days.last)
    same_day = first == ctx.day
    refusal = _refused_today(ctx) if same_day else None
    if refusal is not None:
        return refusal
    absences.add_leave(
        ctx.tx,
        community=ctx.community.id,
        account=ctx.account.id,
        first=first,
        last=days.last,
        why=why,
        same_day=same_day,
        now=ctx.at,
    )
    return words("absence.noted", first=first, last=days.last, days=gap(first, days.last) + 1, done=done)


def _done_today(ctx: Context) -> bool:
    own = accounts.own(ctx.desk, ctx.account.id)
    return any(row.counts for row in checkins.of_person_on(ctx.tx, ctx.community.id, own, ctx.day))


def _refused_today(ctx: Context) -> Words | None:
    """Why leave cannot begin today: the last task's time is over, or this month's share is used."""
    slots = slots_at(tasks.of_community(ctx.tx, ctx.community.id), ctx.calendar, ctx.at)
    if slots and all(_deadline(ctx, slot) <= ctx.at for slot in slots):
        return words("absence.too_late")
    most = ctx.settings(AbsenceSettings).same_day_leaves_a_month
    used = absences.same_day_leaves(ctx.tx, ctx.community.id, ctx.account.person, month_of(ctx.day))
    return words("absence.used_up", number=most) if used >= most else None


def _deadline(ctx: Context, slot: Slot) -> int:
    if slot.task.late:
        return ctx.calendar.bounds(slot.day)[1]
    return closes_at(slot.task, ctx.calendar, slot.day)


def come_back(ctx: Context, arguments: str) -> None:
    """`/back`: end the leave of today and what is still to come (with days: only what touches those)."""
    days = _days_and_rest(ctx, arguments)[0] if arguments else DayRange(ctx.day, Day("9999-12-31"))
    known = absences.leaves(ctx.tx, ctx.community.id, ctx.account.person, ctx.day)
    ended = [one for one in known if one.first <= days.last and one.last >= days.first]
    for one in ended:
        absences.end_leave(ctx.tx, one, shift(ctx.day, -1))
    ctx.whisper(words("absence.back" if ended else "absence.not_away", days=_shown(ended)))


def _shown(some: list[Absence]) -> list[dict[str, object]]:
    return [{"first": one.first, "last": one.last, "why": one.why} for one in absences.merged(some)]


# The whole community.


def rest(ctx: Context, arguments: str) -> None:
    """`/rest weekdays`: the weekly days of rest; without weekdays it tells them."""
    if arguments:
        bits = _rest_bits(arguments)
        before = rest_again(ctx, bits)
        ctx.audit("rest", "", weekdays_of(before), weekdays_of(bits), undo=before)
    now = tasks.rest_days(ctx.tx, ctx.community.id)
    ctx.whisper(words("absence.rest", weekdays=weekdays_of(now)))


def rest_again(ctx: Context, bits: int) -> int:
    """The community rests on these weekdays (bits) from today on; those of before."""
    before = tasks.rest_days(ctx.tx, ctx.community.id)
    tasks.set_rest_days(ctx.tx, ctx.community.id, bits, ctx.day)
    return before


def _rest_bits(text: str) -> int:
    if plain(text) in NONE_WORDS:
        return 0
    try:
        bits = weekday_bits(read_weekdays(text))
    except ArgumentError as error:
        raise UserError("absence.rest_how") from error
    if bits == EVERY_DAY:
        raise UserError("absence.rest_how")
    return bits


def pause(ctx: Context, arguments: str) -> None:
    """`/pause days why`: nobody is asked for anything on these days; `/pause cancel` ends it."""
    if not arguments:
        known = absences.pauses(ctx.tx, ctx.community.id, ctx.day)
        ctx.whisper(words("absence.pauses", pauses=_shown(known)))
    elif plain(arguments) in CANCEL_WORDS:
        _resume(ctx)
    else:
        _pause(ctx, arguments)


def _pause(ctx: Context, arguments: str) -> None:
    days, why = _days_and_rest(ctx, arguments)
    if days.first < shift(ctx.day, -PAUSE_DAYS_BACK):
        raise UserError("absence.pause_how")
    why = why[:LONGEST_WHY]
    replaced = pause_again(ctx, {"first": days.first, "last": days.last, "why": why})
    ctx.audit("pause", days.first, replaced["last"], days.last, why=why, undo=replaced)
    ctx.say(words("absence.paused", first=days.first, last=days.last, why=why))


def _resume(ctx: Context) -> None:
    known = absences.pauses(ctx.tx, ctx.community.id, ctx.day)
    for one in known:
        last = shift(ctx.day, -1)
        absences.end_pause(ctx.tx, ctx.community.id, one, last)
        undo = {"first": one.first, "last": one.last, "why": one.why}
        after = last if last >= one.first else None
        ctx.audit("pause", one.first, one.last, after, why=one.why, undo=undo)
    if not known:
        ctx.say(words("absence.no_pause"))
        return
    ctx.say(words("absence.resumed", begun=any(one.first <= ctx.day for one in known)))


def pause_again(ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
    """The pause that begins on a day lasts until another (None: there is none); what was before.

    Days gone by on which nobody was asked for anything stay so: such a pause ends yesterday instead, unless
    it was made `on` this day.
    """
    first, last = data["first"], data["last"]
    known = next((one for one in absences.pauses(ctx.tx, ctx.community.id) if one.first == first), None)
    yesterday = shift(ctx.day, -1)
    if last is None and first <= yesterday and data.get("on") != ctx.day:
        last = yesterday
    if last is not None:
        absences.add_pause(ctx.tx, ctx.community.id, first, last, data["why"])
    elif known is not None:
        absences.end_pause(ctx.tx, ctx.community.id, known, shift(first, -1))
    if first < ctx.day:
        ctx.wake("streaks", ctx.now)
    before = None if known is None else known.last
    why = data["why"] if known is None else known.why
    return {"first": first, "last": before, "why": why, "on": ctx.day}


def make_streaks_anew(ctx: Context, position: str | None) -> str | None:
    """Some people's streaks a slice, after days gone by were excused."""
    after = int(position or 0)
    some = streaks.people_after(ctx.tx, ctx.community.id, after, PEOPLE_A_SLICE)
    for person in some:
        streaks.made_anew(ctx.tx, ctx.calendar, ctx.community.id, person)
    return str(some[-1]) if len(some) == PEOPLE_A_SLICE else None


FEATURE = Feature(
    name="absence",
    daily=True,
    settings=AbsenceSettings,
    commands=(
        Command("leave", leave, ("请假", "請假"), takes=True, takes_days=True),
        Command("back", come_back, ("销假", "銷假"), takes=True, takes_days=True),
        Command("rest", rest, ("休息日",), takes=True, needs="tasks"),
        Command("pause", pause, ("全班休息", "全班放假"), takes=True, takes_days=True, needs="tasks"),
    ),
    buttons={"leave": leave},
    undo={"rest": Undo("tasks", rest_again), "pause": Undo("tasks", pause_again)},
    jobs=(Job("streaks", make_streaks_anew, lambda _ctx, _after: None),),
)
