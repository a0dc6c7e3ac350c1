"""补卡: a day of the last few is made up, with words or a picture, a few times a month."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core import accounts
from bot.core.actions import words
from bot.core.events import Message
from handlers.checkin.board import CheckinSettings, board
from handlers.checkin.counting import count, hint, proof_kept
from rules.argument_days import DAY_WORD, read_day
from rules.arguments import COUNT, ArgumentError
from rules.days import Day, gap, month_days, month_of, shift
from rules.tasks import LONGEST_NOTE, is_due, lacks, named_first, proofs_in
from storage import checkins
from storage.checkins import CheckIn

if TYPE_CHECKING:
    from bot.core.actions import Words
    from bot.core.context import Context
    from rules.tasks import Task

FIGURES = re.compile(rf"[-+./\d年月日号號]+|{COUNT}天")
_FIRST = re.compile(rf"({DAY_WORD}|[^\s,，]*)[\s,，]*(.*)", re.DOTALL)
"""A day or another word, and what stands behind it."""


def command(ctx: Context, arguments: str) -> None:
    """`/makeup day note`: without a day it is yesterday; a task's name may stand before the note."""
    refusal = _make_up(ctx, arguments)
    if refusal is not None:
        hint(ctx, refusal)


def _make_up(ctx: Context, arguments: str) -> Words | None:
    """Make a day up, or say why not."""
    settings = ctx.settings(CheckinSettings)
    day, rest = _split(ctx, arguments)
    if day is None or not 1 <= gap(day, ctx.day) <= settings.makeup_days_back:
        return words("checkin.makeup_which_day", days=settings.makeup_days_back)
    tasks = board(ctx.desk, ctx.community.id).tasks
    name, note = named_first((task.name for task in tasks), rest)
    due = [task for task in tasks if is_due(task.weekdays, day) and (name is None or task.name == name)]
    own = accounts.own(ctx.desk, ctx.account.id)
    rows = {row.task: row for row in checkins.of_person_on(ctx.tx, ctx.community.id, own, day)}
    undone = [task for task in due if task.id not in rows or not rows[task.id].counts]
    if not due or not undone:
        return words("checkin.makeup_done" if due else "checkin.makeup_nothing_due", day=day)
    if _used(ctx) >= settings.makeups_a_month:
        return words("checkin.makeup_used_up", number=settings.makeups_a_month)
    return _count(ctx, undone[0], day, note[:LONGEST_NOTE], rows.get(undone[0].id))


def _split(ctx: Context, arguments: str) -> tuple[Day | None, str]:
    """The day at the beginning of the arguments, and the rest; yesterday when they begin otherwise.

    None for figures that are no day: they were meant as one.
    """
    found = _FIRST.match(arguments.strip())
    assert found is not None
    first, rest = found.groups()
    try:
        return read_day(first, ctx.day, past=True), rest
    except ArgumentError:
        day = None if FIGURES.fullmatch(first) else shift(ctx.day, -1)
        return day, arguments.strip()


def _used(ctx: Context) -> int:
    days = month_days(month_of(ctx.day))
    since, until = ctx.calendar.bounds(days[0])[0], ctx.calendar.bounds(days[-1])[1]
    return checkins.made_up_in(ctx.tx, ctx.community.id, ctx.account.person, since, until)


def _count(ctx: Context, task: Task, day: Day, note: str, row: CheckIn | None) -> Words | None:
    message = ctx.event
    assert isinstance(message, Message)
    if row is not None and row.refused:
        return words("checkin.decided", task=task.name)
    proofs = set(proofs_in(message.text, message.media))
    lacking = lacks(task, note, proofs)
    if lacking is not None:
        return words(f"checkin.lacks_{lacking}", task=task.name, shortest=max(task.shortest, 1))
    if not note and not proofs:
        return words("checkin.makeup_needs_proof")
    checkin = CheckIn(
        community=ctx.community.id,
        account=ctx.account.id,
        day=day,
        task=task.id,
        room=ctx.room.id,
        native=message.native,
        at=ctx.at,
        note=note,
        proof=proof_kept(task, proofs),
        album=message.album,
        way="makeup",
    )
    count(ctx, checkin)
    return None
