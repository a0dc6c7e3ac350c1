"""What the buttons of the pages do: each looks up rights and places again, and edits its own message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.config.chat import Refused
from bot.core.actions import words
from bot.core.errors import UserError
from bot.core.page import Page
from handlers.settings import copying, pages
from handlers.settings.catalogue import change, entry_named, known_room, value_in
from rules.arguments import plain_number
from storage.settings import UNSET

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.config.chat import Entry
    from bot.core.actions import Words
    from bot.core.context import Context

SAVED = words("settings.saved")
SAME = words("settings.same")

Shown = tuple[Page, "Words | None"]
"""The page to show next, and what to say of what was done."""


def press(ctx: Context, arguments: str) -> None:
    """A button of the pages, by who may `settings` at this moment, where no member reads along."""
    if ctx.is_before_members:
        raise UserError("core.button_gone")
    verb, _, rest = arguments.partition(":")
    act = ACTS.get(verb)
    if act is None:
        raise UserError("core.button_gone")
    page, said = act(ctx, rest)
    ctx.edit_pressed(page.text, buttons=page.buttons, toast=said)


def _number(text: str) -> int:
    number = plain_number(text)
    if number is None:
        raise UserError("core.button_gone")
    return number


def _place(ctx: Context, text: str) -> int:
    number = _number(text)
    known_room(ctx, number)
    return number


def _target(ctx: Context, text: str) -> tuple[int, Entry, str]:
    """The place and the setting that a button is about, and what stands behind them."""
    place, _, rest = text.partition(":")
    room = _place(ctx, place)
    name, _, more = rest.partition(":")
    return room, entry_named(ctx, name, room), more


def _home(ctx: Context, rest: str) -> Shown:
    return pages.home(ctx, _number(rest)), None


def _at(ctx: Context, rest: str) -> Shown:
    return pages.place(ctx, _place(ctx, rest)), None


def _in(ctx: Context, rest: str) -> Shown:
    place, _, more = rest.partition(":")
    section, _, number = more.partition(":")
    return pages.section(ctx, _place(ctx, place), section, _number(number)), None


def _one(ctx: Context, rest: str) -> Shown:
    room, entry, _ = _target(ctx, rest)
    return pages.one(ctx, entry, room), None


def _why(ctx: Context, rest: str) -> Shown:
    room, entry, _ = _target(ctx, rest)
    return pages.why(ctx, entry, room), None


def _to(ctx: Context, rest: str) -> Shown:
    """Set what a line of a part names, and show the part again."""
    room, entry, value = _target(ctx, rest)
    said = _set(ctx, entry, room, value)
    return pages.section(ctx, room, entry.section, pages.page_of(ctx, entry, room)), said


def _as(ctx: Context, rest: str) -> Shown:
    room, entry, value = _target(ctx, rest)
    said = _set(ctx, entry, room, value)
    return pages.one(ctx, entry, room), said


def _by(ctx: Context, rest: str) -> Shown:
    """One step more or less than the value is at this moment."""
    room, entry, way = _target(ctx, rest)
    if entry.shape not in ("number", "time") or way not in ("+", "-"):
        raise UserError("core.button_gone")
    value = entry.stepped(value_in(ctx, entry, room), up=way == "+")
    said = _set(ctx, entry, room, pages.written(entry, value))
    return pages.one(ctx, entry, room), said


def _set(ctx: Context, entry: Entry, room: int, written: str) -> Words:
    try:
        value = entry.read(ctx.desk.settings(entry.kind, ctx.community.id, room), written)
    except Refused:
        raise UserError("core.button_gone") from None
    return SAVED if change(ctx, entry, room, value) else SAME


def _no(ctx: Context, rest: str) -> Shown:
    """Take away what is set in just this place."""
    room, entry, _ = _target(ctx, rest)
    said = SAVED if change(ctx, entry, room, UNSET) else SAME
    return pages.one(ctx, entry, room), said


def _copy(ctx: Context, rest: str) -> Shown:
    source, _, number = rest.partition(":")
    return copying.targets(ctx, _place(ctx, source), _number(number)), None


def _preview(ctx: Context, rest: str) -> Shown:
    source, _, target = rest.partition(":")
    return copying.preview(ctx, _place(ctx, source), _place(ctx, target)), None


def _do_copy(ctx: Context, rest: str) -> Shown:
    source, _, more = rest.partition(":")
    target, _, mark = more.partition(":")
    return copying.copy(ctx, _place(ctx, source), _place(ctx, target), mark)


def _template(ctx: Context, rest: str) -> Shown:
    return copying.template_page(ctx, _place(ctx, rest)), None


def _save_template(ctx: Context, rest: str) -> Shown:
    return copying.save_template(ctx, _place(ctx, rest)), SAVED


def _drop_template(ctx: Context, rest: str) -> Shown:
    return copying.drop_template(ctx, _place(ctx, rest)), SAVED


def _shut(_ctx: Context, _rest: str) -> Shown:
    return Page(words("settings.shut"), ()), None


ACTS: dict[str, Callable[[Context, str], Shown]] = {
    "home": _home,
    "at": _at,
    "in": _in,
    "one": _one,
    "why": _why,
    "to": _to,
    "as": _as,
    "by": _by,
    "no": _no,
    "cp": _copy,
    "cpto": _preview,
    "cpdo": _do_copy,
    "tm": _template,
    "tmdo": _save_template,
    "tmno": _drop_template,
    "shut": _shut,
}
"""By the first word of a button's data."""
