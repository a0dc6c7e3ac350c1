"""Writing to one person unasked: in private, behind a button for letters, or by somebody who passes it on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.config import TalkSettings
from bot.core import manners, staff
from bot.core.actions import Button, Say, Words, written
from bot.core.drawing import Picture
from bot.core.port import Can
from bot.core.priority import NOTICE
from rules.budget import after_quiet, may_nudge
from rules.durations import DAY, HOUR
from storage import manners as rows
from storage import outbox, rooms

if TYPE_CHECKING:
    from bot.core.context import Buttons, Context
    from storage.db import Row
    from storage.people import Account
    from storage.rooms import Room


LETTERS = Words("core.letters")
OPEN_LETTERS = ((Button(Words("core.letters_button"), "letters"),),)

RELAYED = ":relayed"
GATHER_FOR = HOUR
"""How long (milliseconds) what is to be passed on waits for more of it."""

APART = 10 * HOUR
"""At least so long (milliseconds) after one such message comes the next: one in the morning, one at night."""

MOST_TO_PASS_ON = 20


def nudge(
    ctx: Context,
    account: Account,
    feature: str,
    words: Words,
    *,
    picture: Picture | None = None,
    buttons: Buttons,
    lives_for: int = 6 * HOUR,
) -> bool:
    """Write to a person unasked, when the nudge budget allows and it is not quiet; whether it was queued.

    Who cannot be written to finds it behind a button in the room, or when they next write in private; where
    no button shows it to them alone, those who look after the room are asked to pass it on.
    """
    settings = ctx.settings(TalkSettings)
    at = after_quiet(ctx.calendar, manners.quiet_hours(settings), ctx.now)
    days = [ctx.calendar.day_of(one) for one in rows.nudged(ctx.tx, account.person, ctx.now - 8 * DAY)]
    left = ctx.now + lives_for - at
    if left < 0 or not may_nudge(days, ctx.calendar.day_of(at), manners.budget(settings)):
        return False
    told = manners.tell(ctx, account, words, picture=picture, buttons=buttons, not_before=at, lives_for=left)
    if not told and not _leave_or_pass_on(ctx, account, words, lives_for):
        return False
    rows.note_nudge(ctx.tx, account.person, at, feature)
    return True


def slip(ctx: Context, words: Words) -> bool:
    """Tell somebody in passing what the room need not read; whether it will be.

    In a direct message, else behind a button for letters that this day has put in the room anyway.
    """
    if manners.tell(ctx, ctx.account, words):
        return True
    start, end = ctx.calendar.bounds(ctx.today)
    if not rows.has_letters(ctx.tx, ctx.room.id, start):
        return False
    rows.leave_letter(
        ctx.tx, account=ctx.account.id, room=ctx.room.id, action=written(words), at=ctx.now, not_after=end
    )
    return True


def _leave_or_pass_on(ctx: Context, account: Account, words: Words, lives_for: int) -> bool:
    """Let a text wait for somebody who cannot be written to, or let somebody tell them.

    Nobody is troubled for those of a room by hand, of which there may be hundreds.
    """
    room = rooms.room_of_member(ctx.tx, ctx.community.id, account.id)
    if room is None or room.is_by_hand:
        return False
    if Can.WHISPER in ctx.can_in(room):
        _leave_letter(ctx, room, account, words, lives_for)
        return True
    return _pass_on(ctx, room, account, words, ctx.now + lives_for)


def _leave_letter(ctx: Context, room: Room, account: Account, words: Words, lives_for: int) -> None:
    """Keep a text for somebody who cannot be written to, and put a button in their room that opens it."""
    until = ctx.now + lives_for
    start, _ = ctx.calendar.bounds(ctx.today)
    told_today = rows.has_letters(ctx.tx, room.id, start)
    rows.leave_letter(
        ctx.tx, account=account.id, room=room.id, action=written(words), at=ctx.now, not_after=until
    )
    if not told_today:
        manners.announce(ctx, room, LETTERS, buttons=OPEN_LETTERS, picture=None, lives_for=lives_for)


# Where only contacts may be written to.


def _pass_on(ctx: Context, room: Room, account: Account, words: Words, until: int) -> bool:
    """Ask those who look after a community to pass on a text, with others; whether they will be."""
    entry: dict[str, object] = {
        "name": account.name,
        "room": room.title,
        "text": words.text,
        "values": words.values,
    }
    asked = [_ask_to_pass_on(ctx, place, entry, until) for place in staff.places(ctx, "overview")]
    return any(asked)


def _ask_to_pass_on(ctx: Context, place: Room, entry: dict[str, object], until: int) -> bool:
    """Put a text into the message that waits for a place, or begin one when the last was long ago."""
    topic = f"{staff.topic_of(ctx.community.id)}{RELAYED}"
    waiting = outbox.waiting_on_topic(ctx.tx, place.bot, place.id, topic, after=ctx.now)
    if waiting is not None:
        return _add_to(ctx, waiting, entry, until)
    at = after_quiet(ctx.calendar, manners.quiet_hours(ctx.settings(TalkSettings)), ctx.now + GATHER_FOR)
    last = outbox.last_sent(ctx.tx, place.id, topic)
    if at > until or (last and at < last + APART):
        return False
    words = Words("core.pass_on", {"texts": [entry], "community": ctx.community.name})
    said = Say(parts=(words,), language=staff.language_in(ctx, place), thread=place.thread)
    ctx.put(place, said, priority=NOTICE, topic=topic, not_before=at, lives_for=DAY)
    return True


def _add_to(ctx: Context, waiting: Row, entry: dict[str, object], until: int) -> bool:
    said = msgspec.json.decode(waiting["action"], type=Say)
    texts = said.parts[0].values["texts"]
    assert isinstance(texts, list)
    if waiting["not_before"] > until or len(texts) >= MOST_TO_PASS_ON:
        return False
    words = Words(said.parts[0].text, said.parts[0].values | {"texts": [*texts, entry]})
    longer = msgspec.structs.replace(said, parts=(words,))
    outbox.rewrite(ctx.tx, waiting["id"], written(longer))
    return True
