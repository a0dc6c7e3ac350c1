"""How a list comes in: after a command, pasted or forwarded, as a file; and what it is for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from bot.core.actions import Fetch, words
from bot.core.binding import find_community, look_for_right
from bot.core.context import Context
from bot.core.errors import UserError
from bot.core.events import Message
from handlers.byhand import correcting
from handlers.byhand.purpose import DAYS_BACK, by_hand, checked, go_on, keep, take
from handlers.byhand.saying import privately
from rules import roll as rules
from rules.argument_days import read_day
from rules.arguments import ArgumentError, plain, plain_number
from rules.durations import DAY, MINUTE
from rules.relay import checks_in, numbered, parse
from rules.tasks import named_first
from storage import byhand, people, rooms, tasks
from storage.byhand import Roll

if TYPE_CHECKING:
    from bot.core.desk import Desk
    from bot.core.feature import Glance
    from rules.days import Day
    from rules.facts import Delivered, Undelivered
    from storage.rooms import Room

WAITS = 10 * MINUTE
"""How long (milliseconds) a list is waited for after the command, and may be told what it is for."""

CORRECTED_FOR = DAY
"""How long (milliseconds) a short answer corrects the last list."""

APART = MINUTE
"""How long (milliseconds) after a list the rest of it may come."""

LEAST_FORWARDED = 3
"""Names in a forwarded message that does not say what it is."""

MOST_WORDS = 16
"""Words of a title that are looked up together."""

OUT_OF_REACH = frozenset({"too_late", "too_many_attempts"})
"""Why a file was not read by a platform that could not be reached for long."""

TAG = "roll"
MEMBERS = frozenset({"名单", "名單", "成员", "成員", "成员名单", "成員名單", "members", "roster"})
ASKED = re.compile(r"\s*(?:录入|錄入)(?:[\s:：]+|$)(.*)", re.DOTALL)
_LISTS = (".txt", ".csv", ".tsv", ".text")
_NAMES_CHECK_IN = re.compile(r"打卡|[签簽]到|check-?in", re.IGNORECASE)
_MAY_BE_NAMES = re.compile(r"\n|[、,，;；]")


# The command.


def command(ctx: Context, arguments: str) -> None:
    """`/record 晨读二班 昨天` and the list below, as a file along with it, or in the next message."""
    privately(ctx, lambda: _record(ctx, arguments))


def _record(ctx: Context, arguments: str) -> None:
    first, _, below = arguments.partition("\n")
    if rules.read(below) is None and rules.read(arguments) is not None and "\n" in arguments.strip():
        first, below = "", arguments
    roll = _named(ctx, first.strip())
    message = ctx.event
    if below.strip():
        take(ctx, roll, below)
    elif isinstance(message, Message) and message.attachment is not None:
        _fetch(ctx, roll, message)
    else:
        _wait_or_go_on(ctx, roll)


def _named(ctx: Context, text: str) -> Roll:
    """What the command says the list is for: its room, perhaps a day, a task, or that it is of members."""
    room, rest = _room_first(ctx, text)
    fresh = Roll(
        community=ctx.community.id, sent_in=ctx.room.id, account=ctx.account.id, at=ctx.at, state="awaits"
    )
    roll = msgspec.structs.replace(fresh, room=None if room is None else room.id)
    if plain(rest) in MEMBERS:
        return msgspec.structs.replace(roll, kind="members")
    known = tasks.of_community(ctx.tx, ctx.community.id)
    for word in rest.split():
        name, more = named_first((task.name for task in known), word)
        task = next((one for one in known if one.name == name), None)
        if task is not None and not more:
            roll = msgspec.structs.replace(roll, kind="day", task=task.id)
        else:
            roll = msgspec.structs.replace(roll, kind="day", day=_day(ctx, word))
    return roll


def _room_first(ctx: Context, text: str) -> tuple[Room | None, str]:
    """The room by hand that a text begins with, and the rest; no room where nothing is said, or only one."""
    known = by_hand(ctx)
    if not known:
        raise UserError("byhand.none")
    parts = text.split()
    for count in range(min(len(parts), MOST_WORDS), 0, -1):
        found = [
            one for one in rooms.called(ctx.tx, ctx.community.id, " ".join(parts[:count])) if one.is_by_hand
        ]
        if len(found) == 1:
            return found[0], " ".join(parts[count:])
    only = known[0] if len(known) == 1 else None
    if only is None and parts and not _says_day(ctx, parts[0]):
        raise UserError("byhand.which", names=[one.title for one in known])
    return only, text


def _says_day(ctx: Context, word: str) -> bool:
    try:
        return bool(read_day(word, ctx.day, past=True))
    except ArgumentError:
        return False


def _day(ctx: Context, word: str) -> Day:
    try:
        day = read_day(word, ctx.day, past=True)
    except ArgumentError as error:
        raise UserError("byhand.how", days=DAYS_BACK) from error
    return checked(ctx, day)


def _wait_or_go_on(ctx: Context, roll: Roll) -> None:
    """The list came just before the command, or is to come now."""
    last = byhand.latest(ctx.tx, ctx.community.id, ctx.room.id, ctx.at - WAITS)
    if last is not None and last.state == "asks" and last.account == ctx.account.id:
        known = msgspec.structs.replace(roll, id=last.id, text=last.text)
        go_on(ctx, known)
        return
    keep(ctx, roll)
    ctx.confide(words("byhand.send_it", minutes=WAITS // MINUTE))


# What comes without a command.


def wants(desk: Desk, room: Room) -> Glance | None:
    """In private and in the staff room what may be a list, a file with one, or a correction."""
    if room.is_group and not desk.is_staff_room(room):
        return None
    return _may_be_for_us


def _may_be_for_us(message: Message) -> bool:
    if message.edited or message.text.startswith("/"):
        return False
    text = message.text
    return message.attachment is not None or _MAY_BE_NAMES.search(text) is not None or correcting.may_be(text)


def read(ctx: Context, message: Message) -> bool:
    """Take a list, a file or a correction from who may mend; whether it was one."""
    if not ctx.has_account or not find_community(ctx):
        return False
    look_for_right(ctx, "mend")
    if not ctx.may("mend"):
        return False
    asked = ASKED.fullmatch(message.text)
    if asked is not None:
        command(ctx, asked[1])
        return True
    last = byhand.latest(ctx.tx, ctx.community.id, ctx.room.id, ctx.at - CORRECTED_FOR)
    if last is not None and last.state == "done" and correcting.read(ctx, last, message.text):
        return True
    return _took_list(ctx, message, last)


def _took_list(ctx: Context, message: Message, last: Roll | None) -> bool:
    own = last if last is not None and last.account == ctx.account.id else None
    waits = own is not None and own.state == "awaits" and own.at >= ctx.at - WAITS
    if not waits and not by_hand(ctx):
        return False
    fresh = Roll(
        community=ctx.community.id, sent_in=ctx.room.id, account=ctx.account.id, at=ctx.at, state="awaits"
    )
    roll = own if waits and own is not None else fresh
    if message.attachment is not None:
        if not waits and not message.attachment.name.casefold().endswith(_LISTS):
            return False
        _fetch(ctx, roll, message)
        return True
    if _is_list(message, waits=waits):
        take(ctx, roll, message.text)
        return True
    if own is not None and _goes_on(own, message):
        take(
            ctx,
            msgspec.structs.replace(fresh, room=own.room, kind="day", day=own.day, task=own.task),
            message.text,
        )
        return True
    return False


def _is_list(message: Message, *, waits: bool) -> bool:
    """Whether a message is a list to be noted. Rows of one's own words may be a check-in of one's own."""
    relay = parse(message.text)
    if relay is not None and not waits:
        return checks_in(relay.title, names_check_in=_NAMES_CHECK_IN.search(relay.title) is not None)
    found = rules.read(message.text)
    if found is None:
        return False
    says_so = found.is_of_members or (message.forwarded and len(found.entries) >= LEAST_FORWARDED)
    return waits or (says_so and len(found.entries) > 1)


def _goes_on(last: Roll, message: Message) -> bool:
    """Whether a message is the rest of a long list, which the platform sent in several."""
    if last.state != "done" or last.kind != "day" or not last.at <= message.at <= last.at + APART:
        return False
    _, entries = numbered(message.text)
    return bool(entries) and entries[0][0] > 1


# Files.


def _fetch(ctx: Context, roll: Roll, message: Message) -> None:
    assert message.attachment is not None
    roll = keep(ctx, msgspec.structs.replace(roll, state="file", at=ctx.at))
    fetch = Fetch(file=message.attachment.native, name=message.attachment.name, tag=f"{TAG}:{roll.id}")
    ctx.put(ctx.room, fetch)


def delivered(ctx: Context, fact: Delivered) -> None:
    """A file was read: its text is the list."""
    found = _of_tag(ctx, fact.tag)
    if found is None:
        return
    there, roll = found
    privately(there, lambda: take(there, roll, fact.native or ""))


def refused(ctx: Context, fact: Undelivered) -> None:
    """A file could not be read: why. After a long time in vain, which may go on, that waits for a day."""
    found = _of_tag(ctx, fact.tag)
    if found is not None:
        there, roll = found
        byhand.save(there.tx, msgspec.structs.replace(roll, state="undone"))
        said = words("byhand.unread_file", reason=fact.reason)
        if fact.reason not in OUT_OF_REACH or not there.tell(there.account, said):
            there.confide(said)


def _of_tag(ctx: Context, tag: str) -> tuple[Context, Roll] | None:
    """The list whose file is meant, and its moment as whoever sent it, if they may still mend."""
    kind, _, number = tag.partition(":")
    known = plain_number(number)
    if kind != TAG or known is None:
        return None
    roll = byhand.by_id(ctx.tx, ctx.community.id, known)
    if roll is None or roll.state != "file":
        return None
    account = people.by_id(ctx.tx, roll.account)
    room = ctx.desk.room_by_id(roll.sent_in)
    there = Context(ctx.desk, at=roll.at, room=room, account=account, community=roll.community)
    return (there, roll) if there.may("mend") else None
