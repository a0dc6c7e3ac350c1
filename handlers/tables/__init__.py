"""Tables of check-ins as a file: by week, month or term, for those who look after others alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core.actions import Button, Words, words
from bot.core.binding import find_community
from bot.core.errors import UserError
from bot.core.feature import Command, Feature, Press, Reader
from handlers.tables.gathering import Wanted, gather
from handlers.tables.telling import caption, table_of
from rules.argument_period import TERM, days_of, read_period
from rules.arguments import ArgumentError, OutOfBounds, plain, plain_number
from storage import rooms, tasks, terms

if TYPE_CHECKING:
    from bot.core.context import Buttons, Context
    from bot.core.desk import Desk
    from bot.core.events import Message
    from bot.core.feature import Glance
    from rules.tasks import Task
    from storage.rooms import Room
    from storage.terms import Kept

OFFERED = (("week", "lastweek"), ("month", "lastmonth", TERM))
"""The periods of the buttons below a table, row by row."""

_ASKED = re.compile(r"\s*(?:导出|導出|匯出)(.*(?:表格?|[周週月期]))[\s!！。.~～]*", re.DOTALL)


def export(ctx: Context, arguments: str) -> None:
    """`/export`: the table of this week, or of the period and the task that are named.

    In a group that room's, else the whole community's. Why there is none is no matter of the room either.
    """
    try:
        period, task = _read(ctx, arguments)
        _send(ctx, period, ctx.room if ctx.is_before_members else None, task)
    except UserError as error:
        ctx.confide(Words(error.text, error.values))


def _read(ctx: Context, text: str) -> tuple[str, Task | None]:
    """The period and the task that are asked for; UserError when that cannot be read."""
    try:
        asked = read_period(text, ctx.today)
    except OutOfBounds as error:
        raise UserError("tables.too_long", most=error.highest) from error
    except ArgumentError as error:
        raise UserError("tables.usage") from error
    task = _task(ctx, asked.rest) if asked.rest else None
    if asked.rest and task is None:
        raise UserError("tables.usage")
    return asked.period, task


def _task(ctx: Context, name: str) -> Task | None:
    known = tasks.of_community(ctx.tx, ctx.community.id)
    return next((task for task in known if plain(task.name) == name.lstrip("#")), None)


# Words without a space: 导出本周打卡表.


def wants(_desk: Desk, _room: Room) -> Glance:
    """What begins like asking for a table."""
    return _may_ask


def _may_ask(message: Message) -> bool:
    return message.text.startswith(("导出", "導出", "匯出")) and not (message.edited or message.forwarded)


def read(ctx: Context, message: Message) -> bool:
    """Send the table that is asked for; what names none, or somebody says without the right, is talk."""
    found = _ASKED.fullmatch(message.own_text)
    if found is None or not find_community(ctx) or (ctx.room.is_group and not ctx.may("overview")):
        return False
    ctx.require("overview")
    export(ctx, found[1])
    return True


# Buttons.


def press(ctx: Context, arguments: str) -> None:
    """The button of another period: `week:<room>:<task>`, 0 for all of them."""
    period, _, rest = arguments.partition(":")
    room_id, _, task_id = rest.partition(":")
    room, task = _room(ctx, _number(room_id)), _task_by_id(ctx, _number(task_id))
    if period not in {one for row in OFFERED for one in row}:
        raise UserError("core.button_gone")
    _send(ctx, period, room, task)
    if not ctx.is_before_members:
        ctx.answer()


def _number(text: str) -> int:
    number = plain_number(text)
    if number is None:
        raise UserError("core.button_gone")
    return number


def _room(ctx: Context, number: int) -> Room | None:
    room = rooms.one_of_community(ctx.tx, ctx.community.id, number) if number else None
    if number and room is None:
        raise UserError("core.button_gone")
    return room


def _task_by_id(ctx: Context, number: int) -> Task | None:
    task = tasks.by_id(ctx.tx, ctx.community.id, number) if number else None
    if number and task is None:
        raise UserError("core.button_gone")
    return task


# What is sent.


def _send(ctx: Context, period: str, room: Room | None, task: Task | None) -> None:
    term = terms.open_term(ctx.tx, ctx.community.id) or terms.last_term(ctx.tx, ctx.community.id)
    wanted = _wanted(ctx, period, term, room, task)
    found = gather(ctx, wanted)
    ctx.confide(
        caption(ctx, wanted, found),
        table=table_of(ctx, wanted, found),
        buttons=_buttons(wanted, has_term=term is not None),
    )


def _wanted(ctx: Context, period: str, term: Kept | None, room: Room | None, task: Task | None) -> Wanted:
    if period == TERM:
        if term is None:
            raise UserError("tables.no_term")
        first, last = term.term.first, term.term.last
    else:
        first, last = days_of(period, ctx.today)
    if first > ctx.today:
        raise UserError("tables.not_yet", first=first)
    return Wanted(
        period=period, first=first, last=last, term=term if period == TERM else None, room=room, task=task
    )


def _buttons(wanted: Wanted, *, has_term: bool) -> Buttons:
    """The other periods, of the same room and task."""
    of = f"{0 if wanted.room is None else wanted.room.id}:{0 if wanted.task is None else wanted.task.id}"
    rows = (
        tuple(
            Button(words(f"tables.{period}"), f"tables:{period}:{of}")
            for period in row
            if period != wanted.period and (period != TERM or has_term)
        )
        for row in OFFERED
    )
    return tuple(row for row in rows if row)


FEATURE = Feature(
    name="tables",
    commands=(
        Command(
            "export",
            export,
            ("导出", "匯出", "導出", "打卡表", "导出打卡表", "匯出打卡表"),
            takes=True,
            takes_days=True,
            needs="overview",
        ),
    ),
    buttons={"tables": Press(press, "overview")},
    readers=(Reader(wants, read, begins="导導匯"),),
    for_staff=("tables.caption",),
)
