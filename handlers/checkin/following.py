"""What follows a check-in: its proof, the rest of its album, an edit, its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.core.actions import words
from bot.core.events import Message, MessageDeleted
from handlers.checkin.board import Board, Said, said_in
from handlers.checkin.counting import (
    check_in,
    count,
    hint,
    proof_kept,
    rows_of,
    take,
    take_message_back,
    withdraw,
)
from handlers.checkin.perhaps import proof_too_late
from rules.recognise import Recognised
from rules.tasks import LONGEST_NOTE, Slot, Task, lacks, named_first, proofs_in, slots_at
from storage import checkins, pending, repeats
from storage.checkins import CheckIn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.context import Context


def read_following(ctx: Context, here: Board, message: Message) -> bool:
    """The rest of an album, or the proof that a check-in waits for; other proofs are kept for their word."""
    slots = slots_at(here.tasks, ctx.calendar, message.at)
    rows = rows_of(ctx, slots)
    if message.album is not None and any(row.album == message.album for row in rows.values()):
        return True
    proofs = proofs_in(message.text, message.media)
    for slot in slots:
        row = rows.get((slot.task.id, slot.day))
        if slot.takes and row is not None and _completes(message, slot, row, proofs):
            note = max(row.note, message.text.strip(), key=len)
            take(
                ctx, Said(message.native, message.at, row.way, note, tuple(proofs), message.album), slot, row
            )
            return True
    if here.asks and proofs:
        proof_too_late(ctx, here, message, proofs)
        for kind in proofs:
            loose = pending.Loose(kind, message.at, message.album)
            pending.keep_proof(ctx.tx, ctx.community.id, ctx.account.id, loose)
    return False


def _completes(message: Message, slot: Slot, row: CheckIn, proofs: Sequence[str]) -> bool:
    """Whether a message brings what a waiting check-in lacks: its proof, or words in reply to it."""
    answers = message.reply_to == row.native and bool(message.text.strip())
    return row.standing == "waiting" and (slot.task.proof in proofs or answers)


def read_edited(ctx: Context, here: Board, message: Message, found: Recognised | None) -> bool:
    """An edited message counts as its newest text, until the day on which it was written is over."""
    rows = [
        row
        for row in checkins.by_message(ctx.tx, ctx.room.id, message.native)
        if row.account == ctx.account.id and row.way in {"word", "tag", "command"}
    ]
    live = [row for row in rows if row.standing in {"counted", "waiting"}]
    if found is not None and not live:
        check_in(ctx, here, said_in(message, found))
        return True
    for row in live:
        _amend(ctx, here, message, row, found)
    if found is None and not rows:
        return repeats.forget_message(ctx.tx, ctx.room.id, message.native)
    return bool(rows)


def _amend(ctx: Context, here: Board, message: Message, row: CheckIn, found: Recognised | None) -> None:
    task = next((task for task in here.tasks if task.id == row.task), None)
    if task is None or ctx.calendar.day_of(row.at) != ctx.day:
        return
    note = found.note if found is not None else ""
    if row.way == "command":
        note = named_first([task.name], message.text.partition(" ")[2])[1]
    elif found is None:
        take_message_back(ctx, row, "member")
        return
    elif found.tag not in {None, task.name}:
        take_message_back(ctx, row, "member")
        check_in(ctx, here, said_in(message, found))
        return
    _rewrite(ctx, task, message, msgspec.structs.replace(row, note=note[:LONGEST_NOTE]))


def _rewrite(ctx: Context, task: Task, message: Message, row: CheckIn) -> None:
    proofs = {row.proof, *proofs_in(message.text, message.media)}
    lacking = lacks(task, row.note, proofs)
    if row.standing == "waiting" and lacking is None:
        count(ctx, msgspec.structs.replace(row, proof=proof_kept(task, proofs - {""})))
    elif row.counts and lacking is not None:
        withdraw(ctx, row, "member", standing="waiting")
        hint(ctx, words(f"checkin.lacks_{lacking}", task=task.name, shortest=max(task.shortest, 1)))
    else:
        checkins.keep(ctx.tx, row)


def deleted(ctx: Context, event: MessageDeleted) -> None:
    """A message was taken back: what it alone counted for is, too, until the day when it was said is over."""
    for row in checkins.by_message(ctx.tx, ctx.room.id, event.native):
        calendar = ctx.desk.calendar(row.community)
        if row.standing in {"counted", "waiting"} and calendar.day_of(row.at) == calendar.day_of(event.at):
            take_message_back(ctx, row, "deleted")
    repeats.forget_message(ctx.tx, ctx.room.id, event.native)
