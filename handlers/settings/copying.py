"""The settings of one room for another: copied now, or as the template with which new rooms start."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import msgspec

from bot.core.actions import Button, words
from bot.core.errors import UserError
from bot.core.page import Page
from bot.core.setting_texts import catalogue, name_of, shown
from handlers.settings.catalogue import (
    COMMUNITY,
    change,
    changes_shown,
    title,
    words_for_place,
)
from handlers.settings.pages import CLOSE, back, paged
from storage import rooms, settings
from storage.settings import UNSET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.config.chat import Entry
    from bot.core.actions import Words
    from bot.core.context import Context
    from rules.facts import RoomJoined, RoomOpened

MOST_SHOWN = 30
"""Lines of changes on one page."""


def targets(ctx: Context, source: int, number: int) -> Page:
    """Choose the room that a room's settings are copied to."""
    _require_room(source)
    known = [room for room in rooms.of_community(ctx.tx, ctx.community.id) if room.id != source]
    if not known:
        raise UserError("settings.one_room")
    here, turns = paged(known, number, f"set:cp:{source}")
    rows = [
        (Button(words("settings.room_label", title=room.title), f"set:cpto:{source}:{room.id}"),)
        for room in here
    ]
    text = words_for_place(ctx, "settings.copy_to", source)
    return Page(text, (*rows, (back(f"at:{source}"), *turns, CLOSE)))


def preview(ctx: Context, source: int, target: int) -> Page:
    """Show what would change in the target, before anything does."""
    differing, after = _differing(ctx, source, target)
    text = words(
        "settings.copy_preview",
        source=title(ctx, source),
        target=title(ctx, target),
        changes=changes_shown(ctx, differing[:MOST_SHOWN], target, after),
        more=max(0, len(differing) - MOST_SHOWN),
    )
    mark = _mark(ctx, differing, target, after)
    do = Button(words("settings.copy_do"), f"set:cpdo:{source}:{target}:{mark}")
    return Page(text, (*(((do,),) if differing else ()), (back(f"cp:{source}:0"), CLOSE)))


def copy(ctx: Context, source: int, target: int, mark: str) -> tuple[Page, Words]:
    """Copy what was shown, one audited change each; anything else than that is shown first."""
    differing, after = _differing(ctx, source, target)
    if not differing:
        return preview(ctx, source, target), words("settings.same")
    if mark != _mark(ctx, differing, target, after):
        return preview(ctx, source, target), words("settings.copy_changed")
    for entry in differing:
        change(ctx, entry, target, after.get(entry.name, UNSET))
    return preview(ctx, source, target), words("settings.copied", count=len(differing))


def _require_room(number: int) -> None:
    if number == COMMUNITY:
        raise UserError("core.button_gone")


def _differing(ctx: Context, source: int, target: int) -> tuple[list[Entry], Mapping[str, object]]:
    """The settings whose own values in two rooms are not the same, and the source's own values."""
    _require_room(source)
    _require_room(target)
    after, before = _own(ctx, source), _own(ctx, target)
    known = catalogue(ctx.desk).values()
    return [entry for entry in known if before.get(entry.name, UNSET) != after.get(entry.name, UNSET)], after


def _own(ctx: Context, room: int) -> dict[str, object]:
    """What was set for just this room, of what a room may have of its own."""
    found = settings.of_room(ctx.tx, ctx.community.id, room)
    known = catalogue(ctx.desk)
    return {name: value for name, value in found.items() if name in known and known[name].per_room}


def _mark(ctx: Context, differing: list[Entry], target: int, after: Mapping[str, object]) -> str:
    """A few letters that stand for just these changes: they go with the button that makes them."""
    before = _own(ctx, target)
    changes = [(entry.name, before.get(entry.name), after.get(entry.name)) for entry in differing]
    return f"{zlib.crc32(msgspec.json.encode(changes)):08x}"


# The template.


def template_page(ctx: Context, room: int) -> Page:
    """What new rooms start with, and the ways to change it."""
    known = catalogue(ctx.desk)
    kept = settings.template(ctx.tx, ctx.community.id)
    lines = [
        {"name": name_of(entry), "value": shown(entry, kept[name])}
        for name, entry in known.items()
        if name in kept
    ]
    text = words_for_place(
        ctx, "settings.template", room, lines=lines[:MOST_SHOWN], more=max(0, len(lines) - MOST_SHOWN)
    )
    rows = []
    if room != COMMUNITY:
        rows.append((Button(words("settings.template_save"), f"set:tmdo:{room}"),))
    if kept:
        rows.append((Button(words("settings.template_drop"), f"set:tmno:{room}"),))
    return Page(text, (*rows, (back(f"at:{room}"), CLOSE)))


def save_template(ctx: Context, room: int) -> Page:
    """New rooms start with what is set for just this room."""
    _require_room(room)
    own = _own(ctx, room)
    if not own:
        raise UserError("settings.nothing_own")
    _keep_template(ctx, own)
    return template_page(ctx, room)


def drop_template(ctx: Context, room: int) -> Page:
    """New rooms start with nothing of their own."""
    _keep_template(ctx, {})
    return template_page(ctx, room)


def _keep_template(ctx: Context, values: Mapping[str, object]) -> None:
    before = settings.template(ctx.tx, ctx.community.id)
    if before == values:
        return
    settings.set_template(ctx.tx, ctx.community.id, values)
    ctx.audit("room_template", "", before, values, undo=before)


def undo_template(ctx: Context, data: dict[str, object]) -> object:
    """New rooms start with what they started with before; what they start with now."""
    now = settings.template(ctx.tx, ctx.community.id)
    settings.set_template(ctx.tx, ctx.community.id, data)
    return now


def start_with_template(ctx: Context, fact: RoomOpened | RoomJoined) -> None:
    """A room that is new in its community starts as the template says; what it had set itself stays."""
    kept = settings.template(ctx.tx, fact.community)
    own = settings.of_room(ctx.tx, fact.community, fact.room)
    known = catalogue(ctx.desk)
    for name, value in kept.items():
        if name in known and known[name].per_room and name not in own:
            change(ctx, known[name], fact.room, value)
