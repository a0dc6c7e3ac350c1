"""What is said of a list that was passed on: what it did, and what is not understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.actions import Button, Words, words
from bot.core.errors import UserError
from bot.core.events import ButtonPressed
from storage import people, tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.core.context import Buttons, Context
    from storage.byhand import Fate, Line, Roll

MOST_NAMES = 40
MOST_LINES = 12
LONGEST_LINE = 40
LONGEST_LABEL = 8
MOST_ASKED = 5
"""Doubtful names with buttons of their own; for more, corrections are quicker in words."""


def privately(ctx: Context, act: Callable[[], None]) -> None:
    """Do what a command asks for; why it cannot be done is no matter of members either."""
    try:
        ctx.desk.part(act)
    except UserError as error:
        ctx.confide(Words(error.text, error.values))


def answer(ctx: Context, roll: Roll) -> None:
    """Tell whoever passed a list on what became of it."""
    show(ctx, *_told(ctx, roll))


def show(ctx: Context, text: Words, buttons: Buttons = ()) -> None:
    """Tell whoever acts, in place of what they pressed, never before members."""
    if isinstance(ctx.event, ButtonPressed) and not ctx.is_before_members:
        ctx.edit_pressed(text, buttons=buttons)
    else:
        ctx.confide(text, buttons=buttons)


def _told(ctx: Context, roll: Roll) -> tuple[Words, Buttons]:
    assert roll.room is not None
    lines = roll.lines
    doubtful = [line for line in lines if line.fate == "near"]
    names = _names_of(ctx, [line.near for line in doubtful if line.near is not None])
    task = None if roll.task is None else tasks.by_id(ctx.tx, roll.community, roll.task)
    text = words(
        "byhand.members" if roll.kind == "members" else "byhand.noted",
        room=ctx.desk.room_by_id(roll.room).title,
        day=roll.day or "",
        task="" if task is None else task.name,
        undone=roll.state == "undone",
        counted=_group(lines, "counted"),
        joined=_group(lines, "joined"),
        left=_group(lines, "left"),
        leave=_group(lines, "leave"),
        fresh=_numbered([line for line in lines if line.is_new and line.fate != "off"]),
        again=sum(line.fate == "again" for line in lines),
        skipped=sum(line.fate == "not" for line in lines),
        twice=_group(lines, "twice"),
        near=[
            {"number": line.number, "name": line.name, "near": names.get(line.near or 0, "")}
            for line in doubtful[:MOST_LINES]
        ],
        nears=len(doubtful),
        unread=_numbered([line for line in lines if line.fate == "unread"]),
        example=next((line.number for line in lines if line.fate in {"near", "unread"}), 1),
    )
    return text, () if roll.state == "undone" else _buttons(roll, doubtful, names)


def _group(lines: Sequence[Line], fate: Fate) -> dict[str, object]:
    """How many lines came out so, and the first of their names."""
    those = [line for line in lines if line.fate == fate]
    return {"count": len(those), "names": [line.called for line in those[:MOST_NAMES]]}


def _numbered(lines: Sequence[Line]) -> dict[str, object]:
    """How many lines these are, and the first of them with their numbers."""
    shown = [{"number": line.number, "text": _text(line)[:LONGEST_LINE]} for line in lines[:MOST_LINES]]
    return {"count": len(lines), "lines": shown}


def _text(line: Line) -> str:
    return line.words if line.fate == "unread" else line.called or line.words


def _names_of(ctx: Context, accounts: Sequence[int]) -> dict[int, str]:
    persons = people.persons_of(ctx.tx, accounts)
    names = people.names(ctx.tx, persons.values())
    return {account: names.get(person, "") for account, person in persons.items()}


def _buttons(roll: Roll, doubtful: Sequence[Line], names: Mapping[int, str]) -> Buttons:
    asked = tuple(
        (
            Button(
                words(
                    "byhand.is_button",
                    name=line.name[:LONGEST_LABEL],
                    near=names.get(line.near or 0, "")[:LONGEST_LABEL],
                ),
                f"roll:is:{roll.id}:{line.number}",
            ),
            Button(
                words("byhand.new_button", name=line.name[:LONGEST_LABEL]),
                f"roll:new:{roll.id}:{line.number}",
            ),
        )
        for line in doubtful[:MOST_ASKED]
    )
    return (*asked, (Button(words("byhand.undo_button"), f"undo:{roll.change}:do:"),))
