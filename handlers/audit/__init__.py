"""The audit, for those who look after the community: who changed what, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.core.actions import Button, words
from bot.core.errors import UserError
from bot.core.feature import Command, Feature, Press
from bot.core.page import in_rows
from bot.core.retelling import told
from bot.core.undoing import can_undo
from handlers.audit.asking import NotUnderstood, Several, Wanted, carried, filter_of, packed, read, unpacked
from handlers.audit.taking_back import press_undo, show, take_back
from rules.arguments import LONGEST_ECHO, plain_number
from storage import audits, people, rooms

if TYPE_CHECKING:
    from bot.core.actions import Words
    from bot.core.context import Buttons, Context
    from storage.audits import Change

A_PAGE = 6
MOST_SKIPPED = 99_999
A_ROW = 3


def audit(ctx: Context, arguments: str) -> None:
    """`/audit 小林 任务 昨天`: the newest changes, of a person, a feature or setting, a room, some days."""
    try:
        wanted = read(ctx, arguments)
    except Several as error:
        ctx.confide(error.which)
        return
    except NotUnderstood as error:
        if ctx.is_word:
            return
        raise UserError("audit.not_understood", given=error.given[:LONGEST_ECHO]) from error
    text, buttons = _page(ctx, wanted, 0)
    ctx.confide(text, buttons=buttons)


def press(ctx: Context, arguments: str) -> None:
    """A button of the list: `audit:<skip>:<what is asked for>`."""
    skip, _, data = arguments.partition(":")
    text, buttons = _page(ctx, unpacked(data), min(plain_number(skip) or 0, MOST_SKIPPED))
    show(ctx, text, buttons)


def _page(ctx: Context, wanted: Wanted, skip: int) -> tuple[Words, Buttons]:
    found = audits.page(ctx.tx, ctx.community.id, filter_of(ctx, wanted), skip=skip, most=A_PAGE + 1)
    shown, data = found[:A_PAGE], packed(wanted)
    text = words(
        "audit.page",
        community=ctx.community.name,
        asked=_asked(ctx, wanted),
        changes=[told(ctx, change) for change in shown],
        first=skip == 0,
    )
    return text, (*_undo_buttons(ctx, shown, data), *_pages(data, skip, more=len(found) > A_PAGE))


def _undo_buttons(ctx: Context, shown: list[Change], data: str) -> Buttons:
    """A button for each change of the page that can be taken back."""
    buttons = [
        Button(words("audit.undo_label", number=change.id), carried(f"undo:{change.id}:ask", data))
        for change in shown
        if can_undo(ctx, change)
    ]
    return in_rows(buttons, A_ROW)


def _pages(data: str, skip: int, *, more: bool) -> Buttons:
    if data and not carried(f"audit:{MOST_SKIPPED}", data).endswith(data):
        return ()
    newer = Button(words("audit.newer"), f"audit:{max(0, skip - A_PAGE)}:{data}")
    older = Button(words("audit.older"), f"audit:{skip + A_PAGE}:{data}")
    row = (*((newer,) if skip else ()), *((older,) if more else ()))
    return (row,) if row else ()


def _asked(ctx: Context, wanted: Wanted) -> dict[str, object]:
    """What was asked for, in words for the heading."""
    person = wanted.person or 0
    names = people.names(ctx.tx, [person]) if people.is_known(ctx.tx, ctx.community.id, person) else {}
    room = rooms.one_of_community(ctx.tx, ctx.community.id, wanted.room) if wanted.room else None
    return {
        "person": names.get(person, ""),
        "room": "" if room is None else room.title,
        "what": wanted.setting or _command_of(ctx, wanted.feature),
        "days": None if wanted.days is None else msgspec.to_builtins(wanted.days),
    }


def _command_of(ctx: Context, name: str | None) -> str:
    """What a feature is known by in every language: its first command; settings are what they are."""
    features = (feature for feature in ctx.desk.house.features if feature.name == name)
    commands = (f"/{command.name}" for feature in features for command in feature.commands)
    return next(commands, name or "")


def undo(ctx: Context, arguments: str) -> None:
    """`/undo`: the last change of one's own that can be taken back; `/undo 12`: a numbered one."""
    if not ctx.rights:
        if not ctx.is_word:
            raise UserError("core.needs_right", right="mend")
        return
    said = arguments.strip().removeprefix("#")
    number = plain_number(said)
    if said and number is None:
        if not ctx.is_word:
            raise UserError("audit.which")
        return
    take_back(ctx, number)


FEATURE = Feature(
    name="audit",
    commands=(
        Command("audit", audit, ("记录", "改动记录", "紀錄", "改動紀錄"), takes=True, needs="settings"),
        Command("undo", undo, ("撤回",), takes=True, in_menu=False),
    ),
    for_staff=tuple(f"audit.{block}" for block in ("page", "question", "undone", "several", "several_rooms")),
    buttons={"audit": Press(press, "settings"), "undo": press_undo},
)
