"""接龙: lists that are copied and grow by a line each; they check in, or sign up where places are limited."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from bot.core.actions import Button, words
from bot.core.errors import UserError
from bot.core.events import ButtonPressed, Message
from bot.core.port import Can
from bot.core.retelling import as_said
from handlers.checkin.board import Board, Said, board
from handlers.checkin.counting import check_in, hint
from handlers.checkin.perhaps import MOST_FRIENDS, for_friends, known_by
from rules import relay as rules
from rules.arguments import ArgumentError, plain, read_number
from rules.tasks import proofs_in
from storage import checkins, relays
from storage.relays import Entry, Relay

if TYPE_CHECKING:
    from bot.core.context import Buttons, Context
    from bot.core.desk import Desk
    from bot.core.feature import Glance
    from storage.rooms import Room

MOST_PLACES = 500
LONGEST_TITLE = 60
RECENT_LISTS = 20
SHOWN_LINES = 60
LONGEST_LINE = 80

_START = re.compile(r"\s*接[龙龍](?:报名|報名)[\s:：]+(\S[^\n]*)")
_OWN_MARK = re.compile(r"^[#＃]?\s*接[龙龍]\s*")


def wants(_desk: Desk, room: Room) -> Glance | None:
    """In a group what may be such a list, or the leader's words that begin one."""
    return _may_be_list if room.is_group else None


def _may_be_list(message: Message) -> bool:
    if message.forwarded:
        return False
    if "\n" in message.text:
        return rules.is_relay(message.text)
    return _START.match(message.text) is not None


def read(ctx: Context, message: Message) -> bool:
    """Take a list, or begin a sign-up list; whether it was one."""
    found = rules.parse(message.text)
    if found is None:
        start = _START.match(message.text)
        if start is None or message.edited or not ctx.may("mend"):
            return False
        sign_up(ctx, start[1])
        return True
    if ctx.has_account:
        _hear(ctx, message, found)
    return True


def _hear(ctx: Context, message: Message, found: rules.Relay) -> None:
    """Keep the newest state of a list; the sender's own new line counts."""
    known = _known(ctx, found)
    if known is not None and known.places:
        _sign_up_by_line(ctx, known, found)
        return
    if known is not None and ctx.calendar.day_of(known.at) != ctx.day:
        known = None
    before = None if known is None else _as_rule(known)
    names = [ctx.account.name, ctx.account.username or ""]
    own = _own_line(ctx, before, found, names) or _own_again(ctx, before, found, names)
    others = [line for line in rules.added_lines(before, found) if line != own]
    lines = rules.merge(before, found).lines
    kept = tuple(Entry(line.name, line.text[:LONGEST_LINE]) for line in lines)
    shown = (_OWN_MARK.sub("", found.title) or found.title)[:LONGEST_TITLE]
    relays.keep(ctx.tx, Relay(0, ctx.room.id, _key(found.title), shown, 0, kept, ctx.at))
    here = board(ctx.desk, ctx.community.id)
    task = _task_named(here, found.title)
    names_check_in = task is not None or here.recogniser.word.search(found.title) is not None
    if not rules.checks_in(found.title, names_check_in=names_check_in):
        return
    if own is not None:
        check_in(ctx, here, _said(message, task, own))
    for_friends(ctx, here, task, message, others)


def _own_line(
    ctx: Context, before: rules.Relay | None, found: rules.Relay, names: list[str]
) -> rules.Line | None:
    """The line that the sender added for himself, perhaps under another name, but not under a friend's."""
    own = rules.own_line(before, found, names)
    if own is None or rules.is_by(own, names):
        return own
    added = rules.added_lines(before, found)[-MOST_FRIENDS:]
    return next((line for line in reversed(added) if known_by(ctx, line.name) is None), None)


def _own_again(
    ctx: Context, before: rules.Relay | None, found: rules.Relay, names: list[str]
) -> rules.Line | None:
    """The sender's own line that a list still holds after the message which brought it was taken back."""
    rows = checkins.of_day(ctx.tx, ctx.community.id, ctx.account.id, ctx.day)
    gone = [
        row for row in rows if row.way == "relay" and row.standing == "withdrawn" and row.decided_by is None
    ]
    if before is None or not gone:
        return None
    notes = {row.note[:LONGEST_LINE] for row in gone}
    others = tuple(line for line in before.lines if line.text not in notes)
    return rules.own_line(rules.Relay(before.title, others), found, names)


def _task_named(here: Board, title: str) -> str | None:
    named = [task.name for task in here.tasks if task.name.casefold() in title.casefold()]
    return max(named, key=len, default=None)


def _said(message: Message, task: str | None, own: rules.Line) -> Said:
    proofs = tuple(proofs_in(own.text, message.media))
    return Said(message.native, message.at, "relay", own.text, proofs, message.album, task)


def _known(ctx: Context, found: rules.Relay) -> Relay | None:
    """The list that a copy belongs to: the one of its title, else a sign-up list that the title names."""
    key = _key(found.title)
    exact = relays.by_title(ctx.tx, ctx.room.id, key)
    if exact is not None:
        return exact
    recent = relays.latest(ctx.tx, ctx.room.id, RECENT_LISTS)
    return next((one for one in recent if one.places and one.title and one.title in key), None)


def _key(title: str) -> str:
    return re.sub(r"[\W_]+", "", plain(title))[:LONGEST_TITLE]


def _as_rule(known: Relay) -> rules.Relay:
    lines = tuple(rules.Line(number, entry.name, entry.text) for number, entry in enumerate(known.entries, 1))
    return rules.Relay(known.shown, lines)


# Sign-up lists.


def sign_up(ctx: Context, arguments: str) -> None:
    """`/signup title places`: begin a list with a limit, for members to copy or to press its button."""
    title, places = _title_and_places(arguments)
    kept = Relay(0, ctx.room.id, _key(title), title, places, (), ctx.at)
    undo = {"room": kept.room, "title": kept.title, "list": relays.by_title(ctx.tx, kept.room, kept.title)}
    kept = msgspec.structs.replace(kept, id=relays.keep(ctx.tx, kept))
    ctx.audit("relay", as_said(title), after=places, room=kept.room, undo=undo)
    ctx.say(words("relay.list", **_shown(kept)), buttons=_join_button(kept), reply=False)


def list_again(ctx: Context, data: dict[str, Any]) -> object:
    """What stood under a title in a room before stands there again; nothing if there was no list."""
    room, title = data["room"], data["title"]
    before = relays.by_title(ctx.tx, room, title)
    kept = data["list"]
    if kept is None:
        relays.remove(ctx.tx, room, title)
    else:
        relays.keep(ctx.tx, msgspec.convert(kept, Relay))
    return data | {"list": before}


def _title_and_places(arguments: str) -> tuple[str, int]:
    title, _, last = arguments.strip().rpartition(" ")
    number = re.sub(r"\s*(?:人|名|位|个|個|places?|people|seats?)\s*$", "", last)
    try:
        places = read_number(number, 1, MOST_PLACES)
    except ArgumentError as error:
        raise UserError("relay.how", most=MOST_PLACES) from error
    title = " ".join(title.split())[:LONGEST_TITLE]
    if not _key(title):
        raise UserError("relay.how", most=MOST_PLACES)
    return title, places


def _sign_up_by_line(ctx: Context, known: Relay, found: rules.Relay) -> None:
    if any(entry.account == ctx.account.id for entry in known.entries):
        return
    own = rules.own_line(_as_rule(known), found, [ctx.account.name, ctx.account.username or ""])
    if own is not None:
        _add(ctx, known, Entry(own.name, own.text[:LONGEST_LINE], ctx.account.id))


def _add(ctx: Context, known: Relay, entry: Entry) -> None:
    known = msgspec.structs.replace(known, entries=(*known.entries, entry), at=ctx.at)
    relays.keep(ctx.tx, known)
    place = len(known.entries)
    if place > known.places:
        hint(ctx, words("relay.waits", title=known.shown, ahead=place - known.places))
    elif isinstance(ctx.event, ButtonPressed):
        ctx.answer(words("relay.inside", title=known.shown, place=place))
    else:
        ctx.react("👌", words("relay.inside", title=known.shown, place=place), topic="relay.inside")


def press_join(ctx: Context, arguments: str) -> None:
    """The button of a sign-up list: `join:<list>` signs up, or off again."""
    known = relays.by_id(ctx.tx, int(arguments)) if re.fullmatch(r"\d{1,15}", arguments) else None
    if known is None or known.room != ctx.room.id or not known.places:
        ctx.answer(words("core.button_gone"))
        return
    kept = tuple(entry for entry in known.entries if entry.account != ctx.account.id)
    if len(kept) < len(known.entries):
        relays.keep(ctx.tx, msgspec.structs.replace(known, entries=kept, at=ctx.at))
        ctx.answer(words("relay.left", title=known.shown))
    else:
        _add(ctx, known, Entry(ctx.account.name, "", ctx.account.id))
    _show_again(ctx, known.id)


def _show_again(ctx: Context, number: int) -> None:
    """The list shows who is in it, where it can without being said again for each."""
    known = relays.by_id(ctx.tx, number)
    if known is not None and isinstance(ctx.event, ButtonPressed) and Can.EDIT in ctx.can:
        ctx.edit(ctx.event.message, words("relay.list", **_shown(known)), buttons=_join_button(known))


def _join_button(known: Relay) -> Buttons:
    return ((Button(words("relay.join"), f"join:{known.id}"),),)


def show(ctx: Context, _arguments: str) -> None:
    """`/relay`: the list of this room that changed last."""
    found = relays.latest(ctx.tx, ctx.room.id)
    if not found:
        hint(ctx, words("relay.none"))
        return
    buttons = _join_button(found[0]) if found[0].places else ()
    ctx.say(words("relay.list", **_shown(found[0])), buttons=buttons)


def _shown(known: Relay) -> dict[str, object]:
    lines = [f"{entry.name} {entry.text}".strip() for entry in known.entries[:SHOWN_LINES]]
    more = len(known.entries) - len(lines)
    return {"title": known.shown, "places": known.places, "lines": lines, "more": more}
