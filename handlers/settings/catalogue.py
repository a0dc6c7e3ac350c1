"""What may be set from the chat and where: settings by name, places, values and where they come from."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from bot.core import changes
from bot.core.actions import words
from bot.core.errors import UserError
from bot.core.setting_texts import catalogue, name_of, section_name, shown, spoken
from rules.arguments import LONGEST_ECHO, plain
from storage import rooms, settings
from storage.settings import UNSET

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.config.chat import Entry
    from bot.core.actions import Words
    from bot.core.context import Context
    from storage.rooms import Room

COMMUNITY = 0
"""The place that is the whole community, as in rows."""

EVERYWHERE = frozenset({"all", "全部", "所有群", "社群", "全社群", "community"})


def sections(ctx: Context, room: int) -> list[str]:
    """The sections with something to set in a place, in order."""
    return list(dict.fromkeys(entry.section for entry in entries_in(ctx, room)))


def section_called(ctx: Context, said: str) -> str | None:
    """The section of this name, or that its page calls so in any language; None when none is."""
    name = plain(said)
    return next(
        (one for one in sections(ctx, COMMUNITY) if name == one or name in spoken(section_name(one))), None
    )


def entries_in(ctx: Context, room: int, section: str | None = None) -> list[Entry]:
    """The settings of a place, or of one section there: a room has some of its own, a community all."""
    return [
        entry
        for entry in catalogue(ctx.desk).values()
        if (entry.per_room or not room) and section in (None, entry.section)
    ]


def entry_named(ctx: Context, name: str, room: int = COMMUNITY) -> Entry:
    """The setting with this full name, in a place that has it; UserError for a button that means none."""
    entry = catalogue(ctx.desk).get(name)
    if entry is None or (room and not entry.per_room):
        raise UserError("core.button_gone")
    return entry


def near(ctx: Context, wrong: str) -> str:
    """The name that was meant, the full one or that of its page; empty when none is alike."""
    known = catalogue(ctx.desk)
    name = plain(wrong[:LONGEST_ECHO])
    ends_so = [one for one in known if one.endswith(f".{name}")]
    labels = [label for entry in known.values() for label in spoken(name_of(entry))]
    return next(iter(ends_so or difflib.get_close_matches(name, [*known, *labels], 1, 0.5)), "")


# Places.


def known_room(ctx: Context, number: int) -> Room | None:
    """A members' room of this community; None for the whole of it. UserError when it is none any more."""
    if number == COMMUNITY:
        return None
    found = rooms.one_of_community(ctx.tx, ctx.community.id, number)
    if found is None:
        raise UserError("settings.room_gone")
    return found


def title(ctx: Context, number: int) -> str:
    """What a place is called; the whole community by its own name."""
    room = known_room(ctx, number)
    return ctx.community.name if room is None else room.title


def place_named(ctx: Context, written: str) -> int:
    """The place that somebody wrote: all, a room's title or its beginning, or #number. UserError for none."""
    if plain(written) in EVERYWHERE:
        return COMMUNITY
    found = rooms.called(ctx.tx, ctx.community.id, written)
    if len(found) != 1:
        text = "settings.rooms_alike" if found else "settings.no_such_room"
        raise UserError(text, given=written[:LONGEST_ECHO])
    return found[0].id


def way_to(ctx: Context, room: int) -> str:
    """How /set is told about a place, in private and in the staff room: nothing, a title, or #number."""
    if room == COMMUNITY:
        return ""
    name = title(ctx, room)
    meant = [one.id for one in rooms.called(ctx.tx, ctx.community.id, name)]
    clear = meant == [room] and plain(name) not in EVERYWHERE
    return f"{name} " if clear and not any(map(catalogue(ctx.desk).get, plain(name).split())) else f"#{room} "


# Values.


def value_in(ctx: Context, entry: Entry, room: int) -> object:
    """The value that holds in a place, as code holds it."""
    found: object = getattr(ctx.desk.settings(entry.kind, ctx.community.id, room), entry.key)
    return found


def origin(ctx: Context, entry: Entry, room: int) -> str:
    """The layer whose value holds in a place: room, community, file or default."""
    community = ctx.community.id
    if room and settings.value(ctx.tx, community, room, entry.name) is not UNSET:
        return "room"
    if settings.value(ctx.tx, community, COMMUNITY, entry.name) is not UNSET:
        return "community"
    return "default" if in_file(ctx, entry) == entry.default else "file"


def in_file(ctx: Context, entry: Entry) -> object:
    """The value under all that was set in chat: config.toml's, or else the default."""
    found: object = getattr(ctx.desk.house.settings[entry.kind], entry.key)
    return found


def others(ctx: Context, entry: Entry, room: int) -> int:
    """In how many rooms the community's value does not hold, because they have their own."""
    if room or not entry.per_room:
        return 0
    return len(settings.rooms_with(ctx.tx, ctx.community.id, entry.name))


def change(ctx: Context, entry: Entry, room: int, value: object) -> bool:
    """Set one setting in a place from now on (UNSET: nothing is set there); False when it was so already.

    `value` is as Entry.read and Entry.checked return it.
    """
    if settings.value(ctx.tx, ctx.community.id, room, entry.name) == value:
        return False
    changes.set_setting(ctx, entry.name, value, room)
    return True


# How it is shown.


def shown_in(ctx: Context, entry: Entry, room: int) -> dict[str, object]:
    """The value that holds in a place, as what fills the text `setting.value`."""
    return shown(entry, value_in(ctx, entry, room))


def taken(entry: Entry) -> dict[str, object]:
    """Which values a setting takes, as what fills the text `settings.takes`."""
    return {
        "shape": entry.shape,
        "least": entry.least,
        "most": entry.most,
        "choices": [{"code": choice, "text": shown(entry, choice)["value"]} for choice in entry.choices],
    }


def refused(entry: Entry, given: str) -> UserError:
    """Say that a setting does not take what was written, and what it takes."""
    return UserError("settings.refused", name=name_of(entry), given=given[:LONGEST_ECHO], takes=taken(entry))


def changes_shown(
    ctx: Context, entries_changed: Iterable[Entry], room: int, after: Mapping[str, object]
) -> list[dict[str, object]]:
    """What would change in a room whose own values became `after`, line by line."""
    return [
        {
            "name": name_of(entry),
            "before": shown_in(ctx, entry, room),
            "after": shown(entry, after[entry.name])
            if entry.name in after
            else shown_in(ctx, entry, COMMUNITY),
        }
        for entry in entries_changed
    ]


def words_for_place(ctx: Context, text: str, room: int, **values: object) -> Words:
    """A text about a place, which it names by `title` and `is_room`."""
    return words(text, title=title(ctx, room), is_room=room != COMMUNITY, **values)
