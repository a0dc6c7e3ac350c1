"""From a wish to check in to one that counts: which task is meant, what is missing, what is said to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.config import TalkSettings
from bot.core import accounts, manners, nudging
from bot.core.actions import Button, words
from bot.core.events import ButtonPressed, Message
from bot.core.merging import gather
from bot.core.port import Can
from handlers.checkin.board import Board, Said
from rules.budget import after_quiet
from rules.days import gap
from rules.durations import MINUTE
from rules.tasks import LONGEST_NOTE, Slot, Task, candidates, lacks, narrowest, slots_at
from storage import checkins, counting, pending, people, repeats, rooms
from storage.checkins import CheckIn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.actions import Words
    from bot.core.context import Context
    from storage.counting import Counted
    from storage.rooms import Room

Rows = dict[tuple[int, str], CheckIn]

OPENING_DAYS = 3
"""Days of a new community in which nearly every check-in is somebody's first: no lines for those."""

WELCOMES_APART = 10 * MINUTE
"""How long a welcome waits for others who come for the first time."""


# What it is for.


def check_in(ctx: Context, here: Board, said: Said) -> None:
    """Find the task that is meant, and count it, or say kindly what is missing."""
    taking = here.openings.at(ctx.calendar, said.at)
    if said.task is not None:
        taking = [slot for slot in taking if slot.task.name == said.task]
    ready = candidates(taking)
    if not ready:
        hint(ctx, _closed(ctx, here, said))
        return
    rows = rows_of(ctx, ready)
    undone = [slot for slot in ready if not _is_done(rows, slot)]
    if not undone:
        _repeat(ctx, said, [(slot, rows[slot.task.id, slot.day]) for slot in ready])
    elif len(undone) == 1 or ctx.is_backlog:
        slot = narrowest(undone)
        take(ctx, said, slot, rows.get((slot.task.id, slot.day)))
    else:
        _ask(ctx, said, undone)


def _closed(ctx: Context, here: Board, said: Said) -> Words:
    """What to say when nothing is open: what opens later, else what is over, else that today is free."""
    meant = [task for task in here.tasks if said.task is None or task.name == said.task]
    timed = [slot for slot in slots_at(meant, ctx.calendar, said.at) if slot.task.window is not None]
    for place in ("early", "late"):
        slot = next((slot for slot in timed if slot.place == place), None)
        if slot is not None and slot.task.window is not None:
            window = slot.task.window
            return words(f"checkin.{place}", task=slot.task.name, opens=window.opens, closes=window.closes)
    return words("checkin.not_today", task=meant[0].name if len(meant) == 1 else "")


def rows_of(ctx: Context, slots: Sequence[Slot]) -> Rows:
    """What was said for these slots' days, by task and day: by this account, or for good by another own."""
    rows: Rows = {}
    own = accounts.own(ctx.desk, ctx.account.id)
    for day in {slot.day for slot in slots}:
        for row in checkins.of_person_on(ctx.tx, ctx.known_community, own, day):
            rows[row.task, day] = row
    return rows


def _is_done(rows: Rows, slot: Slot) -> bool:
    row = rows.get((slot.task.id, slot.day))
    return row is not None and row.counts


def _ask(ctx: Context, said: Said, slots: Sequence[Slot]) -> None:
    question = pending.Question(ctx.room.id, msgspec.json.encode(said).decode())
    pending.keep_question(ctx.tx, ctx.community.id, ctx.account.id, question)
    buttons = tuple(
        (
            Button(
                words("checkin.which_button", task=slot.task.name), f"which:{slot.task.id}:{ctx.account.id}"
            ),
        )
        for slot in slots
    )
    ctx.say(words("checkin.which"), buttons=buttons)


# Counting it.


def take(ctx: Context, said: Said, slot: Slot, row: CheckIn | None) -> None:
    """Count a check-in for a task's day, or keep it waiting for what the task asks for."""
    if row is not None and row.refused:
        hint(ctx, words("checkin.decided", task=slot.task.name))
        return
    if row is not None:
        repeats.forget_all(ctx.tx, row)
    proofs = {*said.proofs, *([row.proof] if row is not None and row.proof else [])}
    checkin = _as_said(ctx, said, slot, said.note or (row.note if row is not None else ""), proofs)
    if row is not None:
        checkin = msgspec.structs.replace(checkin, comment=row.comment)
    lacking = lacks(slot.task, checkin.note, proofs)
    loose = None if lacking is None else _loose(ctx, slot, lacking)
    if loose is not None:
        checkin = msgspec.structs.replace(checkin, proof=loose.kind, album=checkin.album or loose.album)
        lacking = lacks(slot.task, checkin.note, {*proofs, loose.kind})
    if lacking is None:
        count(ctx, checkin)
    else:
        checkins.keep(ctx.tx, msgspec.structs.replace(checkin, standing="waiting"))
        hint(ctx, words(f"checkin.lacks_{lacking}", task=slot.task.name, shortest=max(slot.task.shortest, 1)))


def _as_said(ctx: Context, said: Said, slot: Slot, note: str, proofs: set[str]) -> CheckIn:
    return CheckIn(
        community=ctx.known_community,
        account=ctx.account.id,
        day=slot.day,
        task=slot.task.id,
        room=ctx.room.id,
        native=said.native,
        at=said.at,
        note=note[:LONGEST_NOTE],
        proof=proof_kept(slot.task, proofs),
        album=said.album,
        way=said.way,
        late=slot.place == "late",
    )


def proof_kept(task: Task, proofs: set[str]) -> str:
    """Which of several proofs a row keeps: the one that was asked for."""
    return task.proof if task.proof in proofs else min(proofs, default="")


def _loose(ctx: Context, slot: Slot, kind: str) -> pending.Loose | None:
    """The proof of this kind that was sent before its word, on the same day; it is used up then."""
    opened, _ = ctx.calendar.bounds(slot.day)
    if slot.task.window is not None:
        opened, _ = ctx.calendar.window_bounds(slot.task.window, slot.day)
    found = pending.proofs(ctx.tx, ctx.community.id, ctx.account.id, opened)
    loose = next((proof for proof in found if proof.kind == kind), None)
    if loose is not None:
        pending.use_proofs(ctx.tx, ctx.community.id, ctx.account.id)
    return loose


def count(ctx: Context, checkin: CheckIn) -> None:
    """Let a whole check-in count, tell the other features, and greet it."""
    told = ctx.room if ctx.room.is_group else _home(ctx)
    counted = counting.count(ctx.tx, ctx.calendar, checkin, ctx.account.person, told.id)
    ctx.emit(counted.fact)
    _greet(ctx, checkin, counted)


def _home(ctx: Context) -> Room:
    """The room of the community that somebody who checks in privately belongs to."""
    return rooms.room_of_member(ctx.tx, ctx.community.id, ctx.account.id) or ctx.room


# What is said to it.


def _greet(ctx: Context, checkin: CheckIn, counted: Counted) -> None:
    name, after = ctx.account.name, counted.after
    done = {"name": name, "streak": after.current, "total": after.total, "late": checkin.late}
    said = checkin.native
    if isinstance(ctx.event, ButtonPressed) and Can.WHISPER in ctx.can:
        ctx.answer(words("checkin.done_alone", **done, saved=list(counted.frozen)), alert=True)
    elif isinstance(ctx.event, ButtonPressed):
        said = ctx.event.press
    if not ctx.room.is_group:
        ctx.say(words("checkin.done_alone", **done, saved=list(counted.frozen)))
    elif said:
        ctx.react_to(said, counted.emoji, words("checkin.done", **done), topic="checkin.done")
    if counted.is_first and ctx.room.is_group and not ctx.is_backlog:
        _welcome(ctx)
    if counted.frozen and ctx.room.is_group and not isinstance(ctx.event, ButtonPressed):
        nudging.slip(ctx, words("checkin.frozen", days=list(counted.frozen), streak=after.current))


def _welcome(ctx: Context) -> None:
    """One warm line for all who came for the first time within some minutes."""
    opened = ctx.calendar.day_of(ctx.community.created_at)
    if gap(opened, ctx.day) >= OPENING_DAYS:
        quiet = manners.quiet_hours(ctx.settings(TalkSettings))
        at = after_quiet(ctx.calendar, quiet, ctx.now + WELCOMES_APART)
        gather(ctx.desk, ctx.room, "checkin.first", ctx.account.name, at)


def _repeat(ctx: Context, said: Said, done: Sequence[tuple[Slot, CheckIn]]) -> None:
    """Another one on the same day: its words replace the earlier ones, nothing counts again."""
    slot, row = max(done, key=lambda one: one[1].at)
    if said.album is not None and said.album == row.album:
        return
    if row.account != ctx.account.id:
        _count_too(ctx, said, slot)
    elif said.native != row.native or ctx.room.id != row.room:
        _keep_both(ctx, said, row)
    again = words("checkin.again", name=ctx.account.name, note=bool(said.note))
    if isinstance(ctx.event, ButtonPressed) or not ctx.room.is_group:
        hint(ctx, again)
    else:
        ctx.react("👌", again, topic="checkin.again")


def _count_too(ctx: Context, said: Said, slot: Slot) -> None:
    """What another own account did already is kept of this one, too: it stands when that is taken back."""
    known = checkins.of_day(ctx.tx, ctx.community.id, ctx.account.id, slot.day)
    refused = any(row.task == slot.task.id and row.refused for row in known)
    if not refused and lacks(slot.task, said.note, set(said.proofs)) is None:
        checkin = _as_said(ctx, said, slot, said.note, set(said.proofs))
        ctx.emit(counting.count(ctx.tx, ctx.calendar, checkin, ctx.account.person, ctx.room.id).fact)


def _keep_both(ctx: Context, said: Said, row: CheckIn) -> None:
    """The newest words are the check-in's, and the other message is kept beside it."""
    newest = msgspec.structs.replace(row, note=said.note[:LONGEST_NOTE], native=said.native, room=ctx.room.id)
    if isinstance(ctx.event, Message) and ctx.event.edited:
        repeats.forget_message(ctx.tx, newest.room, newest.native)
    if said.note and said.native:
        checkins.keep(ctx.tx, newest)
        repeats.keep(ctx.tx, row, ctx.at)
    else:
        repeats.keep(ctx.tx, newest, ctx.at)


def hint(ctx: Context, hint: Words) -> None:
    """Tell only the one who wrote; a hint about long ago is sent privately, or not at all."""
    if ctx.is_backlog and not isinstance(ctx.event, ButtonPressed):
        ctx.tell(ctx.account, hint)
    else:
        ctx.whisper(hint)


def take_message_back(ctx: Context, row: CheckIn, reason: str) -> None:
    """A message says no check-in any more: another of that day stands for it, else it counts no more."""
    other = repeats.take_newest(ctx.tx, row)
    if other is not None:
        checkins.keep(ctx.tx, other)
    else:
        withdraw(ctx, row, reason)


def withdraw(ctx: Context, row: CheckIn, reason: str, standing: checkins.Standing = "withdrawn") -> None:
    """A check-in counts no more; `reason` as in CheckInWithdrawn."""
    calendar = ctx.desk.calendar(row.community)
    person = people.by_id(ctx.tx, row.account).person
    facts = counting.withdraw(
        ctx.tx, calendar, row, person, room=row.room, standing=standing, reason=reason, at=ctx.at
    )
    for fact in facts:
        ctx.emit(fact)
