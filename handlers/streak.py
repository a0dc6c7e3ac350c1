"""A member's own days: the streak, the month and the year as pictures worth sharing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.core.actions import Button, Words, words
from bot.core.drawing import Picture, picture
from bot.core.errors import UserError
from bot.core.events import ButtonPressed
from bot.core.feature import Command, Feature
from rules.cards import MonthCard, Sum, YearCard, label
from rules.days import month_days, month_of, shift, valid, year_days, year_of
from rules.month import Month, State, Totals, Year, month, next_month, previous_month, year
from storage import jobs, member_days, rooms, streaks

if TYPE_CHECKING:
    from bot.core.context import Buttons, Context
    from rules.cards import Text
    from rules.days import Day
    from rules.streak import Look
    from storage.rooms import Room

SAVED_OF_LATE = 7
"""Days for which it is told which ones a freeze saved."""

EXPLAINED = (State.DONE, State.LATE, State.MADE_UP, State.LEAVE, State.REST, State.FROZEN)


class Shown(msgspec.Struct, frozen=True):
    """A picture of one's days: what it shows in words, and the buttons that belong to it."""

    words: Words
    shared: Words
    picture: Picture
    buttons: Buttons


# What is asked for.


def streak(ctx: Context, _arguments: str) -> None:
    """Show one's streak and this month."""
    _show(ctx, month_of(ctx.today))


def this_year(ctx: Context, _arguments: str) -> None:
    """Show one's year."""
    _show(ctx, str(year_of(ctx.today)))


def press(ctx: Context, arguments: str) -> None:
    """A picture's button: another month or year (`2026-05`, `2026`), or `share:` one of them."""
    act, _, shared = arguments.partition(":")
    key = shared if act == "share" else act
    if not (valid(f"{key}-01") or valid(f"{key}-01-01")) or key > ctx.today:
        raise UserError("core.button_gone")
    if act == "share":
        _share(ctx, key)
    else:
        if not ctx.room.is_group:
            ctx.answer()
        _show(ctx, key)


def _show(ctx: Context, key: str) -> None:
    look, first = _known(ctx)
    if first is None or look.total == 0:
        ctx.whisper(words("streak.nothing_yet"))
        return
    shown = _shown(ctx, key, look, first)
    ctx.whisper(shown.words, picture=shown.picture, buttons=shown.buttons)


def _known(ctx: Context) -> tuple[Look, Day | None]:
    """One's streak as it stands today, and the first of one's days."""
    if not ctx.has_account:
        raise UserError("streak.nobody")
    community, person = ctx.community.id, ctx.account.person
    look = streaks.shown(ctx.tx, ctx.calendar, community, person, ctx.today)
    return look, member_days.first_day(ctx.tx, ctx.calendar, community, person)


def _share(ctx: Context, key: str) -> None:
    """Post one's picture in the room, once a day."""
    look, first = _known(ctx)
    room = _room(ctx)
    if first is None or room is None:
        raise UserError("core.button_gone")
    if not jobs.claim(ctx.tx, "share", ctx.community.id, f"{ctx.today}:{ctx.account.person}", ctx.now):
        raise UserError("streak.shared_already")
    shown = _shown(ctx, key, look, first)
    ctx.say_in(room, shown.shared, picture=shown.picture)
    if isinstance(ctx.event, ButtonPressed):
        ctx.answer(words("streak.shared_now", title=room.title))


def _room(ctx: Context) -> Room | None:
    if ctx.room.is_group:
        return ctx.room
    room = rooms.room_of_member(ctx.tx, ctx.community.id, ctx.account.id)
    return None if room is None or room.is_by_hand else room


# How it is shown.


def _shown(ctx: Context, key: str, look: Look, first: Day) -> Shown:
    shown = _month(ctx, key, look, first) if "-" in key else _year(ctx, key, look, first)
    share = Button(words("streak.share"), f"streak:share:{key}")
    can_share = _room(ctx) is not None
    return msgspec.structs.replace(shown, buttons=(*shown.buttons, (share,)) if can_share else shown.buttons)


def _states(ctx: Context, days: list[Day]) -> dict[Day, State]:
    return member_days.states(
        ctx.tx,
        ctx.calendar,
        ctx.community.id,
        ctx.account.person,
        first=days[0],
        last=days[-1],
        today=ctx.today,
    )


def _values(ctx: Context, look: Look, totals: Totals) -> dict[str, object]:
    return {
        "name": ctx.account.name,
        "current": look.current,
        "total": look.total,
        "longest": look.longest,
        "freezes": look.freezes,
        "done_today": look.done_today,
        "saved": streaks.saved(
            ctx.tx, ctx.calendar, ctx.community.id, ctx.account.person, shift(ctx.today, -SAVED_OF_LATE)
        ),
        **msgspec.structs.asdict(totals),
    }


def _month(ctx: Context, key: str, look: Look, first: Day) -> Shown:
    drawn = month(key, _states(ctx, month_days(key)), ctx.today, first)
    values = _values(ctx, look, drawn.totals) | {"year": int(key[:4]), "month": int(key[5:])}
    this = key == month_of(ctx.today)
    return Shown(
        Words("streak.month" if this else "streak.month_before", values),
        Words("streak.month_shared", values),
        picture("month", _month_card(ctx, drawn, look, values)),
        (_around(key, first, ctx.today), (Button(words("streak.see_year"), f"streak:{key[:4]}"),)),
    )


def _around(key: str, first: Day, today: Day) -> tuple[Button, ...]:
    """The buttons of the months before and after, where there are any."""
    before = Button(
        words("streak.before", month=int(previous_month(key)[5:])), f"streak:{previous_month(key)}"
    )
    after = Button(words("streak.after", month=int(next_month(key)[5:])), f"streak:{next_month(key)}")
    return (*((before,) if key > month_of(first) else ()), *((after,) if key < month_of(today) else ()))


def _month_card(ctx: Context, drawn: Month, look: Look, values: dict[str, object]) -> MonthCard:
    totals = drawn.totals
    asked = totals.counted + totals.missed + totals.frozen
    of_month = Sum(str(totals.counted), label("streak.of_days", days=asked), label("streak.card_month"))
    return MonthCard(
        name=ctx.account.name,
        title=label("streak.card_month_title", year=values["year"], month=values["month"]),
        community=ctx.community.name,
        weekdays=_weekdays(),
        weeks=drawn.weeks,
        sums=(*_sums(look), of_month),
        legend=_legend(drawn),
        footer=label("streak.card_footer"),
    )


def _year(ctx: Context, key: str, look: Look, first: Day) -> Shown:
    drawn = year(int(key), _states(ctx, year_days(int(key))), ctx.today, first)
    values = _values(ctx, look, drawn.totals) | {"year": int(key), "months": _months(drawn)}
    this_month = min(month_of(ctx.today), f"{key}-12")
    back = (Button(words("streak.see_month", month=int(this_month[5:])), f"streak:{this_month}"),)
    card = YearCard(
        name=ctx.account.name,
        title=label("streak.card_year_title", year=int(key)),
        community=ctx.community.name,
        months=tuple(label("streak.month_name", month=number) for number in range(1, 13)),
        weekdays=_weekdays(),
        weeks=drawn.weeks,
        month_starts=drawn.month_starts,
        sums=_sums(look),
        legend=_legend(drawn),
        footer=label("streak.card_footer"),
    )
    return Shown(
        Words("streak.year", values), Words("streak.year_shared", values), picture("year", card), (back,)
    )


def _months(drawn: Year) -> list[dict[str, int]]:
    """How many days of each month were counted, where any were."""
    counted = [0] * 13
    for week in drawn.weeks:
        for cell in week:
            counted[int(cell.day[5:7])] += cell.state in EXPLAINED[:3]
    return [{"month": number, "counted": days} for number, days in enumerate(counted) if days]


def _sums(look: Look) -> tuple[Sum, ...]:
    return (
        _sum(look.current, "streak.card_current"),
        _sum(look.total, "streak.card_total"),
        _sum(look.longest, "streak.card_longest"),
    )


def _sum(days: int, what: str) -> Sum:
    return Sum(str(days), label("streak.days", days=days), label(what))


def _weekdays() -> tuple[Text, ...]:
    return tuple(label("streak.weekday", number=number) for number in range(7))


def _legend(drawn: Month | Year) -> dict[State, Text]:
    """The states to be explained: those that are there, and that of a day done."""
    there = {cell.state for week in drawn.weeks for cell in week} | {State.DONE}
    kinds = EXPLAINED if isinstance(drawn, Month) else (State.DONE, *EXPLAINED[3:])
    return {state: label(f"streak.legend_{state}") for state in kinds if state in there}


FEATURE = Feature(
    name="streak",
    daily=True,
    commands=(
        Command("streak", streak, ("连续", "連續", "我的打卡", "打卡日历", "打卡日曆")),
        Command("year", this_year, ("年历", "年曆", "我的一年")),
    ),
    buttons={"streak": press},
)
