"""Settings by words: `/settings`, `/settings why key`, and `/set key value`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.config.chat import Refused
from bot.core.actions import Button, Words, words
from bot.core.errors import UserError
from bot.core.setting_texts import called, catalogue, meant, name_of
from handlers.settings import pages
from handlers.settings.catalogue import (
    COMMUNITY,
    change,
    near,
    others,
    place_named,
    refused,
    section_called,
    sections,
    shown_in,
    words_for_place,
)
from rules.arguments import LONGEST_ECHO, plain
from storage.settings import UNSET

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.config.chat import Entry
    from bot.core.context import Context
    from bot.core.page import Page

    Named = tuple[Entry, int, int]
    """A setting, and where its name begins and ends in what was said."""

WHY = frozenset({"why", "为什么", "為什麼", "来源", "來源"})
DEFAULT = frozenset({"default", "默认", "預設", "恢复默认", "恢復預設", "reset"})
WORD = re.compile(r"\S+")
LOOKED_AT = 12
"""How many words the name of a setting may come behind: a room's title comes before it."""
LONGEST_NAME = 5
"""How many words a page may call a setting by."""


def settings(ctx: Context, arguments: str) -> None:
    """Show the pages, never before members: of this room in a group, else from the whole community on."""
    _confided(ctx, lambda: _settings(ctx, arguments))


def _settings(ctx: Context, arguments: str) -> None:
    first, _, rest = arguments.partition(" ")
    if not arguments:
        _show(ctx, pages.home(ctx) if _here(ctx) == COMMUNITY else pages.place(ctx, _here(ctx)))
    elif plain(first) in WHY:
        entry, room, _ = asked(ctx, rest)
        _show(ctx, pages.why(ctx, entry, _where(ctx, entry, room)))
    elif section := section_called(ctx, arguments):
        room = _here(ctx) if section in sections(ctx, _here(ctx)) else COMMUNITY
        _show(ctx, pages.section(ctx, room, section))
    elif not (ctx.is_word and ctx.is_before_members):
        entry, room, _ = asked(ctx, arguments)
        _show(ctx, pages.one(ctx, entry, _where(ctx, entry, room)))


def set_(ctx: Context, arguments: str) -> None:
    """`/set recap.evening_at 21:00`: change one setting at once; `default` takes away what was set."""
    _confided(ctx, lambda: _set(ctx, arguments))


def _set(ctx: Context, arguments: str) -> None:
    entry, room, text = asked(ctx, arguments)
    where = _where(ctx, entry, room)
    if not text:
        _show(ctx, pages.one(ctx, entry, where))
        return
    before = shown_in(ctx, entry, where)
    changed = change(ctx, entry, where, _value(ctx, entry, where, text))
    said = words_for_place(
        ctx,
        "settings.done" if changed else "settings.as_it_was",
        where,
        name=name_of(entry),
        before=before,
        after=shown_in(ctx, entry, where),
        others=others(ctx, entry, where),
    )
    ctx.confide(said, buttons=((Button(words("settings.open"), f"set:one:{where}:{entry.name}"),),))


def _value(ctx: Context, entry: Entry, room: int, text: str) -> object:
    if plain(text) in DEFAULT:
        return UNSET
    try:
        return entry.read(ctx.desk.settings(entry.kind, ctx.community.id, room), meant(entry, text))
    except Refused:
        raise refused(entry, text) from None


def asked(ctx: Context, arguments: str) -> tuple[Entry, int | None, str]:
    """The setting that is named, the place written before it (None: none was), and what stands behind it."""
    found = list(WORD.finditer(arguments))[:LOOKED_AT]
    if not found:
        raise UserError("settings.how")
    named = _by_full_name(ctx, found) or _by_label(ctx, arguments, found)
    if named is None:
        wrong = next((word[0] for word in found if "." in word[0]), found[0][0])
        raise UserError("settings.unknown", given=wrong[:LONGEST_ECHO], near=near(ctx, wrong))
    entry, start, end = named
    before = arguments[:start].strip()
    rest = arguments[end:].strip().lstrip("=:：").strip()
    return entry, place_named(ctx, before) if before else None, rest


def _by_full_name(ctx: Context, found: list[re.Match[str]]) -> Named | None:
    known = catalogue(ctx.desk)
    for word in found:
        entry = known.get(plain(word[0]).rstrip(":="))
        if entry is not None:
            return entry, word.start(), word.end()
    return None


def _by_label(ctx: Context, arguments: str, found: list[re.Match[str]]) -> Named | None:
    """The first setting that is named as its page calls it, by as many words as possible."""
    for at, first in enumerate(found):
        for last in reversed(found[at : at + LONGEST_NAME]):
            entry = called(ctx.desk, arguments[first.start() : last.end()])
            if entry is not None:
                return entry, first.start(), last.end()
    return None


def _here(ctx: Context) -> int:
    """The place that words are about when they name none: a members' room, else the whole community."""
    return ctx.room.id if ctx.is_before_members else COMMUNITY


def _where(ctx: Context, entry: Entry, room: int | None) -> int:
    if room is None:
        return _here(ctx) if entry.per_room else COMMUNITY
    if room and not entry.per_room:
        raise UserError("settings.for_all_rooms", name=name_of(entry))
    return room


def _show(ctx: Context, page: Page) -> None:
    ctx.confide(page.text, buttons=page.buttons)


def _confided(ctx: Context, act: Callable[[], None]) -> None:
    """What cannot be done is told like all else here: where no member reads it. Nothing was done by then."""
    try:
        act()
    except UserError as error:
        if error.text.startswith("core."):
            raise
        ctx.confide(Words(error.text, error.values))
