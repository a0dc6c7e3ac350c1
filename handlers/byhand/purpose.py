"""What a list is for (its room, day and task), and that it is done; what is not clear is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.core.actions import Button, words
from bot.core.errors import UserError
from handlers.byhand import correcting
from handlers.byhand.matching import lines_of
from handlers.byhand.recording import carry_out
from handlers.byhand.saying import answer, show
from rules import roll as rules
from rules.arguments import plain, plain_number
from rules.days import gap
from rules.durations import DAY
from rules.roll_day import day_named
from rules.tasks import is_due
from storage import byhand, people, rooms, tasks
from storage.byhand import Line, Roll

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.context import Context
    from rules.days import Day
    from rules.tasks import Task
    from storage.rooms import Room

DAYS_BACK = 31
KEPT_FOR = 40 * DAY
"""How long (milliseconds) a list is kept, so that it can be taken back."""

MOST_LEAVING = 2
"""So many may be missing from a list of members without a question whether it is whole."""

MOST_CHOICES = 20


def take(ctx: Context, roll: Roll, text: str) -> None:
    """A list has come: do what it says, or ask what it is for. Raises UserError when it is none."""
    go_on(ctx, msgspec.structs.replace(roll, text=text))


def go_on(ctx: Context, roll: Roll) -> None:
    """Do what a list says once it is known for which room, day and task it is."""
    found = rules.read(roll.text)
    if found is None:
        raise UserError("byhand.no_list")
    if found.cut:
        raise UserError("byhand.too_long", most=rules.MOST_ENTRIES)
    roll = _completed(ctx, roll, found)
    if roll.room is None:
        _ask(
            ctx, roll, "byhand.which_room", [(one.title, f"roll:room:{{}}:{one.id}") for one in by_hand(ctx)]
        )
    elif roll.kind == "day" and roll.task is None:
        due = _due(ctx, roll)
        _ask(ctx, roll, "byhand.which_task", [(one.name, f"roll:task:{{}}:{one.id}") for one in due])
    else:
        _carry_out(ctx, roll, found)


def _completed(ctx: Context, roll: Roll, found: rules.Roll) -> Roll:
    """What the list is for, as far as the command, its title or the lack of a choice tell."""
    known = by_hand(ctx)
    named = [room for room in known if plain(room.title) in plain(found.title)]
    if roll.room is None and (len(named) == 1 or len(known) == 1):
        roll = msgspec.structs.replace(roll, room=(named if len(named) == 1 else known)[0].id)
    if not roll.kind:
        roll = msgspec.structs.replace(roll, kind="members" if found.is_of_members else "day")
    if roll.kind == "members":
        return roll
    if roll.day is None:
        roll = msgspec.structs.replace(roll, day=checked(ctx, day_named(found.title, ctx.day) or ctx.day))
    if roll.task is None:
        due = _due(ctx, roll)
        meant = [task for task in due if task.name.casefold() in found.title.casefold()]
        if len(meant) == 1 or len(due) == 1:
            roll = msgspec.structs.replace(roll, task=(meant if len(meant) == 1 else due)[0].id)
    return roll


def _due(ctx: Context, roll: Roll) -> list[Task]:
    """The tasks of the day that a list is for."""
    assert roll.day is not None
    known = tasks.of_community(ctx.tx, ctx.community.id)
    due = [task for task in known if is_due(task.weekdays, roll.day)]
    if not due:
        raise UserError("byhand.nothing_due", day=roll.day)
    return due


def _ask(ctx: Context, roll: Roll, text: str, choices: Sequence[tuple[str, str]]) -> None:
    roll = keep(ctx, msgspec.structs.replace(roll, state="asks"))
    rows = tuple(
        (Button(words("byhand.choice", name=name), data.format(roll.id)),)
        for name, data in choices[:MOST_CHOICES]
    )
    show(ctx, words(text), rows)


def _carry_out(ctx: Context, roll: Roll, found: rules.Roll, *, sure: bool = False) -> None:
    assert roll.room is not None
    names = byhand.names(ctx.tx, roll.room)
    lines = lines_of(names, found.entries, members=roll.kind == "members")
    if roll.kind == "members":
        gone = _gone(ctx, roll.room, names, lines)
        here = len(byhand.here(ctx.tx, roll.room))
        if not sure and len(gone) > max(MOST_LEAVING, here // 3):
            _ask_if_whole(ctx, roll, len(gone))
            return
        lines = (*lines, *gone)
    roll = keep(ctx, msgspec.structs.replace(roll, lines=lines))
    roll = carry_out(ctx, roll)
    subject = f"roll:{roll.id} {roll.day or ''}".strip()
    after = sum(line.fate in {"counted", "joined", "left"} for line in roll.lines)
    change = ctx.audit("roll", subject, after=after, room=roll.room or 0, undo={"roll": roll.id})
    roll = msgspec.structs.replace(roll, change=change)
    byhand.save(ctx.tx, roll)
    answer(ctx, roll)


def _gone(ctx: Context, room: int, names: Mapping[str, int], lines: Sequence[Line]) -> list[Line]:
    """Who is in a room and not on the list of its members; who may be meant by a doubtful line stays."""
    here = byhand.here(ctx.tx, room)
    listed = {line.account for line in lines} | {line.near for line in lines}
    missing = {account for account in names.values() if account in here and account not in listed}
    persons = people.persons_of(ctx.tx, missing)
    called = people.names(ctx.tx, persons.values())
    return [Line(0, "", "left", called.get(persons[one], ""), account=one) for one in sorted(missing)]


def _ask_if_whole(ctx: Context, roll: Roll, leaving: int) -> None:
    roll = keep(ctx, msgspec.structs.replace(roll, state="asks"))
    button = Button(words("byhand.sure_button"), f"roll:sure:{roll.id}:0")
    show(ctx, words("byhand.sure", leaving=leaving), ((button,),))


# Buttons.


def press(ctx: Context, arguments: str) -> None:
    """A button below a list: `room`, `task` or `sure` say what it is for, `is` and `new` who a line means."""
    step, _, rest = arguments.partition(":")
    numbers = [plain_number(part) for part in rest.split(":")]
    if step not in {"room", "task", "sure", "is", "new"} or len(numbers) != 2 or None in numbers:
        raise UserError("core.button_gone")
    number, choice = (one for one in numbers if one is not None)
    roll = byhand.by_id(ctx.tx, ctx.community.id, number)
    if roll is None or ctx.is_before_members:
        raise UserError("core.button_gone")
    if step in {"is", "new"}:
        correcting.decide(ctx, roll, choice, is_near=step == "is")
        return
    if roll.state != "asks":
        raise UserError("core.button_gone")
    _chosen(ctx, roll, step, choice)


def _chosen(ctx: Context, roll: Roll, step: str, choice: int) -> None:
    if step == "sure":
        found = rules.read(roll.text)
        if found is not None:
            _carry_out(ctx, roll, found, sure=True)
    elif step == "room":
        room = next((one.id for one in by_hand(ctx) if one.id == choice), None)
        go_on(ctx, msgspec.structs.replace(roll, room=room))
    else:
        task = next((one.id for one in _due(ctx, roll) if one.id == choice), None)
        go_on(ctx, msgspec.structs.replace(roll, task=task))


# What others need, too.


def checked(ctx: Context, day: Day) -> Day:
    """The day, if it is one for which something can still be noted."""
    if not 0 <= gap(day, ctx.day) <= DAYS_BACK:
        raise UserError("byhand.which_day", day=day, days=DAYS_BACK)
    return day


def keep(ctx: Context, roll: Roll) -> Roll:
    """The list with a row of its own; very old ones are forgotten on the way."""
    if roll.id:
        byhand.save(ctx.tx, roll)
        return roll
    byhand.forget(ctx.tx, ctx.now - KEPT_FOR)
    return byhand.add(ctx.tx, roll)


def by_hand(ctx: Context) -> list[Room]:
    """The rooms of the community that no bot is in."""
    return [room for room in rooms.of_community(ctx.tx, ctx.community.id) if room.is_by_hand]
