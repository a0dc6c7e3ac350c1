"""What may be a check-in and may be none: put before leaders by `ctx.suggest`, never before members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.core import accounts
from handlers.checkin.counting import proof_kept
from rules.calendar import MINUTES_A_DAY
from rules.days import shift
from rules.durations import HOUR
from rules.tasks import LONGEST_NOTE, Slot, closes_at, is_due, lacks, narrowest, proofs_in, slots_at
from storage import checkins, people
from storage.checkins import CheckIn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.context import Context
    from bot.core.events import Message
    from handlers.checkin.board import Board
    from rules.days import Day
    from rules.relay import Line
    from rules.tasks import Task
    from storage.people import Account

LONGEST_QUOTE = 140
LATE_FOR = 12 * HOUR
"""How long (milliseconds) after the end of a task's day a picture may still be meant for it."""

MOST_FRIENDS = 5
"""A copy with more new lines by others is an old list that was never seen, not a favour to friends."""


def said_in_passing(ctx: Context, here: Board, message: Message) -> None:
    """A message that names a check-in within a sentence: perhaps one, for what is still undone."""
    if not ctx.room.is_group:
        return
    proofs = tuple(proofs_in(message.text, message.media))
    undone = [slot for slot in _slots(ctx, here.tasks, message.at) if slot.takes]
    named = [slot for slot in undone if slot.task.name in message.text]
    if undone:
        slot = narrowest(named or undone)
        note = message.own_text.strip()[:LONGEST_NOTE]
        row = _row(ctx, message, ctx.account, slot.task, slot.day, note, proofs)
        if lacks(slot.task, note, proofs) is None:
            _suggest(ctx, row, slot.task, ctx.account, message, "word")


def proof_too_late(ctx: Context, here: Board, message: Message, proofs: Sequence[str]) -> None:
    """A proof that came after the end of a day for which its author said the word in time."""
    if not ctx.room.is_group:
        return
    for task in here.tasks:
        if task.proof not in proofs:
            continue
        for day in (ctx.day, shift(ctx.day, -1)):
            row = _waiting(ctx, task, day)
            if row is not None and 0 <= message.at - closes_at(task, ctx.calendar, day) < LATE_FOR:
                note = max(row.note, message.text.strip()[:LONGEST_NOTE], key=len)
                late = _row(ctx, message, ctx.account, task, day, note, proofs)
                _suggest(ctx, msgspec.structs.replace(late, late=True), task, ctx.account, message, "late")
                return


def for_friends(ctx: Context, here: Board, task: str | None, message: Message, lines: Sequence[Line]) -> None:
    """Lines that the sender of a list, for this task, added for others: for each who is known so."""
    if len(lines) > MOST_FRIENDS:
        return
    for line in lines:
        friend = known_by(ctx, line.name)
        if friend is None:
            continue
        undone = [slot for slot in _slots(ctx, here.tasks, message.at, friend) if slot.takes]
        meant = [slot for slot in undone if task in {None, slot.task.name}]
        if meant and lacks(meant[0].task, line.text, ()) is None:
            slot = narrowest(meant)
            row = _row(ctx, message, friend, slot.task, slot.day, line.text, ())
            row = msgspec.structs.replace(row, way="relay")
            _suggest(ctx, row, slot.task, friend, message, "relay", line)


def known_by(ctx: Context, name: str) -> Account | None:
    """The one other member of this community who goes by a name; None when there are none or several."""
    found = [one for one in people.called(ctx.tx, ctx.community.id, name) if one.person != ctx.account.person]
    return found[0] if people.are_one(found) else None


def _slots(ctx: Context, tasks: Iterable[Task], at: int, account: Account | None = None) -> list[Slot]:
    """What an account (None: who writes) has not done at an instant, and no leader refused."""
    own = accounts.own(ctx.desk, ctx.account.id if account is None else account.id)
    slots = slots_at(tasks, ctx.calendar, at)
    taken = {
        (row.task, row.day)
        for day in {slot.day for slot in slots}
        for row in checkins.of_person_on(ctx.tx, ctx.community.id, own, day)
        if row.counts or row.decided_by is not None
    }
    return [slot for slot in slots if (slot.task.id, slot.day) not in taken]


def _waiting(ctx: Context, task: Task, day: Day) -> CheckIn | None:
    """The row of a day that waits for its proof."""
    if not is_due(task.weekdays, day):
        return None
    known = checkins.of_day(ctx.tx, ctx.community.id, ctx.account.id, day)
    return next((row for row in known if row.task == task.id and row.standing == "waiting"), None)


def _row(
    ctx: Context,
    message: Message,
    account: Account,
    task: Task,
    day: Day,
    note: str,
    proofs: Sequence[str],
) -> CheckIn:
    return CheckIn(
        community=ctx.community.id,
        account=account.id,
        day=day,
        task=task.id,
        room=ctx.room.id,
        native=message.native,
        at=message.at,
        note=note,
        proof=proof_kept(task, set(proofs)),
        album=message.album,
        way="word",
    )


def _suggest(
    ctx: Context,
    row: CheckIn,
    task: Task,
    account: Account,
    message: Message,
    why: str,
    line: Line | None = None,
) -> None:
    day, minutes = ctx.calendar.wall(message.at)
    closes = ctx.calendar.wall(closes_at(task, ctx.calendar, row.day))[1] % MINUTES_A_DAY
    text = message.text if line is None else f"{line.name} {line.text}"
    quote = " ".join(text.split())
    about: dict[str, object] = {
        "name": account.name,
        "writer": ctx.account.name,
        "place": ctx.room.title,
        "day": day,
        "minutes": minutes,
        "quote": f"{quote[:LONGEST_QUOTE]}…" if len(quote) > LONGEST_QUOTE else quote,
        "proof": row.proof,
        "why": why,
        "closes": closes,
        "line": "" if line is None else line.name,
        "task": task.name,
        "for_day": row.day,
    }
    ctx.suggest(
        "unclear",
        f"account:{account.id} task:{task.id} {row.day}",
        about=about,
        data=msgspec.to_builtins(row),
        room=ctx.room,
        message=message.native,
    )
