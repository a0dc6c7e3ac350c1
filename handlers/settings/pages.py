"""The pages of settings: which place, which part, a list with switches, one setting with all its buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from bot.core.actions import Button, words
from bot.core.errors import UserError
from bot.core.page import Page, in_rows
from bot.core.setting_texts import hint_of, name_of, shown
from handlers.settings.catalogue import (
    COMMUNITY,
    entries_in,
    in_file,
    origin,
    others,
    sections,
    shown_in,
    taken,
    value_in,
    way_to,
    words_for_place,
)
from storage import people, rooms, settings
from storage.settings import UNSET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.config.chat import Entry
    from bot.core.actions import Words
    from bot.core.context import Context

    Row = tuple[Button, ...]

Thing = TypeVar("Thing")

A_PAGE = 6
"""Rooms or settings on one page, so that it fits a phone with what stands below."""

PARTS_IN_A_ROW, PRESETS_IN_A_ROW = 2, 5
ONE_TAP = 3
"""A choice among so many is made by tapping its line; among more, on a page of its own."""

CLOSE = Button(words("settings.close"), "set:shut")


def home(ctx: Context, number: int = 0) -> Page:
    """Choose what to set: the whole community, or one of its rooms."""
    known = rooms.of_community(ctx.tx, ctx.community.id)
    here, turns = paged(known, number, "set:home")
    rows: list[Row] = [(Button(words("settings.whole"), f"set:at:{COMMUNITY}"),)] if number == 0 else []
    rows += [(Button(words("settings.room_label", title=room.title), f"set:at:{room.id}"),) for room in here]
    return Page(
        words("settings.home", community=ctx.community.name, rooms=len(known)), (*rows, (*turns, CLOSE))
    )


def place(ctx: Context, room: int) -> Page:
    """The parts of what may be set in a place."""
    parts = [Button(section_title(one), f"set:in:{room}:{one}:0") for one in sections(ctx, room)]
    rows = [*in_rows(parts, PARTS_IN_A_ROW)]
    template = Button(words("settings.template_button"), f"set:tm:{room}")
    if room == COMMUNITY:
        rows.append((template,))
    else:
        rows.append((Button(words("settings.copy_button"), f"set:cp:{room}:0"), template))
    return Page(
        words_for_place(ctx, "settings.place", room),
        (*rows, (Button(words("settings.other_rooms"), "set:home:0"), CLOSE)),
    )


def section_title(section: str) -> Words:
    """What a part is called."""
    return words(f"setting.section_{section}")


def section(ctx: Context, room: int, name: str, number: int = 0) -> Page:
    """A few settings of a part with their values; those with few choices change by one tap."""
    known = entries_in(ctx, room, name)
    if not known:
        raise UserError("core.button_gone")
    here, turns = paged(known, number, f"set:in:{room}:{name}")
    text = words_for_place(
        ctx,
        "settings.section",
        room,
        section=section_title(name).text,
        lines=[_line(ctx, entry, room) for entry in here],
    )
    rows = [(_label(ctx, entry, room),) for entry in here]
    return Page(text, (*rows, (back(f"at:{room}"), *turns, CLOSE)))


def page_of(ctx: Context, entry: Entry, room: int) -> int:
    """The number of the page on which a setting stands in its part."""
    return entries_in(ctx, room, entry.section).index(entry) // A_PAGE


def _line(ctx: Context, entry: Entry, room: int) -> dict[str, object]:
    return {
        "name": name_of(entry),
        "hint": hint_of(entry),
        "value": shown_in(ctx, entry, room),
        "origin": origin(ctx, entry, room),
        "others": others(ctx, entry, room),
    }


def _label(ctx: Context, entry: Entry, room: int) -> Button:
    value = value_in(ctx, entry, room)
    label = words("settings.label", name=name_of(entry), value=shown(entry, value))
    if entry.shape == "switch" or (entry.shape == "choice" and len(entry.choices) <= ONE_TAP):
        return Button(label, f"set:to:{room}:{entry.name}:{written(entry, entry.next_after(value))}")
    return Button(label, f"set:one:{room}:{entry.name}")


def written(entry: Entry, value: object) -> str:
    """A value as a button's data or a person writes it, so that Entry.read understands it."""
    if entry.shape == "switch":
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(entry.written(value))


def one(ctx: Context, entry: Entry, room: int) -> Page:
    """One setting: what it is for, its value and where that comes from, and ways to change it."""
    value = value_in(ctx, entry, room)
    text = words_for_place(
        ctx,
        "settings.one",
        room,
        **_line(ctx, entry, room),
        takes=taken(entry),
        key=entry.name,
        way=way_to(ctx, room),
        example=_example(entry, value),
    )
    target = f"{room}:{entry.name}"
    unset = settings.value(ctx.tx, ctx.community.id, room, entry.name) is UNSET
    last: Row = () if unset else (Button(words("settings.reset_button"), f"set:no:{target}"),)
    why = Button(words("settings.why_button"), f"set:why:{target}")
    up = back(f"in:{room}:{entry.section}:{page_of(ctx, entry, room)}")
    return Page(text, (*_changing(entry, value, target), (*last, why), (up, CLOSE)))


def _example(entry: Entry, value: object) -> str:
    """What a line to copy says behind the key: the value as it is."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return written(entry, value)


def _changing(entry: Entry, value: object, target: str) -> list[Row]:
    rows: list[Row] = []
    if entry.shape in ("number", "time"):
        rows.append(
            (
                Button(words("settings.less"), f"set:by:{target}:-"),
                Button(words("settings.more"), f"set:by:{target}:+"),
            )
        )
    choices = entry.choices if entry.shape == "choice" else entry.presets()
    options = [True, False] if entry.shape == "switch" else choices
    presets = [
        Button(
            words("settings.choice", value=shown(entry, option), chosen=option == entry.written(value)),
            f"set:as:{target}:{written(entry, option)}",
        )
        for option in options
    ]
    return [*rows, *in_rows(presets, PRESETS_IN_A_ROW)]


def why(ctx: Context, entry: Entry, room: int) -> Page:
    """Every layer of a setting, which one holds, and who set it when."""
    holds = origin(ctx, entry, room)
    layers = [_layer(entry, "default", entry.default, holds)]
    if in_file(ctx, entry) != entry.default:
        layers.append(_layer(entry, "file", in_file(ctx, entry), holds))
    for layer, number in (("community", COMMUNITY), ("room", room)):
        if layer == "community" or room:
            layers.append(_set_layer(ctx, entry, layer, number, holds))
    text = words_for_place(ctx, "settings.why", room, name=name_of(entry), key=entry.name, layers=layers)
    return Page(text, ((back(f"one:{room}:{entry.name}"), CLOSE),))


def _layer(entry: Entry, layer: str, value: object, holds: str) -> dict[str, object]:
    shows = None if value is UNSET else shown(entry, value)
    return {"layer": layer, "value": shows, "holds": layer == holds, "by": None}


def _set_layer(ctx: Context, entry: Entry, layer: str, room: int, holds: str) -> dict[str, object]:
    """A layer that is set in chat, and who changed it last, also if that was to take it away."""
    value = settings.value(ctx.tx, ctx.community.id, room, entry.name)
    found = settings.last_set(ctx.tx, ctx.community.id, room, entry.name)
    by = None
    if found is not None:
        day, minutes = ctx.calendar.wall(found.at)
        named = people.names(ctx.tx, [] if found.person is None else [found.person])
        by = {"name": named.get(found.person or 0, ""), "day": day, "minutes": minutes}
    return _layer(entry, layer, value, holds) | {"by": by}


def paged(known: Sequence[Thing], number: int, data: str) -> tuple[Sequence[Thing], list[Button]]:
    """What stands on one page (the last one, when there are not so many), and the buttons that turn it."""
    number = min(number, max(0, len(known) - 1) // A_PAGE)
    turns = []
    if number > 0:
        turns.append(Button(words("settings.before"), f"{data}:{number - 1}"))
    if len(known) > (number + 1) * A_PAGE:
        turns.append(Button(words("settings.after"), f"{data}:{number + 1}"))
    return known[number * A_PAGE : (number + 1) * A_PAGE], turns


def back(target: str) -> Button:
    """A button that leads back to another page."""
    return Button(words("core.back"), f"set:{target}")
