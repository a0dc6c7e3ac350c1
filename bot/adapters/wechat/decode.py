"""From what a gateway tells to events: no calls, no clock."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from bot.adapters.wechat.quotes import Heard, read_quote
from bot.adapters.wechat.raw import MEDIA, MessageType
from bot.core.events import (
    Attachment,
    BotChanged,
    ContactChanged,
    Event,
    Message,
    MessageDeleted,
    Place,
    Sender,
    StaffListed,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.adapters.wechat.quotes import Quote, Recent

BOT = "wechat"
"""The one account behind the one gateway, whatever its WeChat id is at the moment."""

IN_SECONDS = 100_000_000_000
"""Below this number an instant is in seconds, else in milliseconds: gateways send both."""

LONGEST_TEXT = 20_000
"""Characters that are read of a message; WeChat itself allows fewer."""

EARLIEST = 946_684_800_000
"""The year 2000, UTC milliseconds: an instant before it was never told."""

RIGHTS = ("read",)
"""What an account may do in every group of WeChat."""

MENTION = re.compile(r"\s*@([^@\u2005\n]{1,64})\u2005\s*")
"""A name at a text's beginning, as WeChat ends it: by a space a quarter of an em wide."""

EVERYBODY = frozenset({"所有人", "all"})
"""Whom WeChat lets the owner of a room call at once: that is no word to the bot."""

RECALLED = re.compile(r"<(?:new)?msgid>\s*(\w+)\s*</", re.IGNORECASE)
TITLE, END_OF_TITLE = "<title>", "</title>"
CDATA, END_OF_CDATA = "<![CDATA[", "]]>"

_ZERO = datetime(1970, 1, 1, tzinfo=UTC)


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """A message with all that had to be asked for. `own`: the bot's account said it.

    `names` are the sender's in the room, `bot_names` the bot's, `mentions_bot` whether the gateway says so.
    """

    native: str
    kind: int
    at: int
    place: Place
    sender: Sender
    names: frozenset[str] = frozenset()
    text: str = ""
    filename: str = ""
    own: bool = False
    mentions_bot: bool = False
    bot_names: frozenset[str] = frozenset()
    named: Sender | None = None
    """Who alone in the room has the name that the text quotes."""
    staff: StaffListed | None = None
    """Who looks after the room, if it is new here."""
    contact: ContactChanged | None = None
    """Whether the sender may be written to, if they are new here."""


def instant(value: float | datetime | None, otherwise: int) -> int:
    """An instant of the platform, UTC milliseconds; `otherwise` where it tells none."""
    if value is None:
        return otherwise
    told = (value - _ZERO).total_seconds() * 1000 if isinstance(value, datetime) else value
    if not 0 < told < IN_SECONDS * 1000:
        return otherwise
    at = round(told * 1000 if told < IN_SECONDS else told)
    return at if at >= EARLIEST else otherwise


def group(native: str, title: str = "") -> Place:
    """A room."""
    return Place(native, "group", title)


def private(sender: Sender) -> Place:
    """The chat with one person."""
    return Place(sender.native, "private", sender.name)


ACCOUNT = Place("", "account")
"""What concerns the account itself."""


def bot_changed(place: Place, at: int, key: str, *, joined: bool, by: Sender | None = None) -> BotChanged:
    """The account itself is in a room, or is no more."""
    role, rights = ("member", RIGHTS) if joined else ("left", ())
    return BotChanged(bot=BOT, key=key, at=at, place=place, role=role, rights=rights, by=by)


def contact_changed(who: Sender, at: int, *, contact: bool) -> ContactChanged:
    """Somebody may be written to from now on, or may not."""
    key = f"contact:{who.native}:{at}"
    return ContactChanged(bot=BOT, key=key, at=at, place=ACCOUNT, who=who, contact=contact)


def spoken(message: Spoken, recent: Recent) -> Sequence[Event]:
    """The event in a message, after who looks after its room and who the sender is, if that is to be told.

    The message is kept among the recent ones; the bot's own are only kept.
    """
    known = () if message.contact is None else (message.contact,)
    if message.kind == MessageType.RECALLED:
        return (*known, *_recalled(message))
    media = _media(message)
    text = _text(message)
    quote = read_quote(text)
    own_text = quote.own if quote is not None else text
    answered = None if quote is None else recent.answered(message.place.native, quote)
    heard = Heard(message.native, message.sender, message.names | {message.sender.name}, own_text, media)
    recent.keep(message.place.native, heard)
    if message.own or not (text or media):
        return known
    event = _message(message, own_text, media, quote, answered)
    return (*known, event) if message.staff is None else (message.staff, *known, event)


def _message(
    message: Spoken, own_text: str, media: tuple[str, ...], quote: Quote | None, answered: Heard | None
) -> Message:
    text = _without_mention(own_text, message)
    reply_sender = None if answered is None else answered.sender
    if quote is not None and answered is None:
        reply_sender = message.named
    is_file = message.kind in {MessageType.FILE, MessageType.UNKNOWN} and message.filename
    return Message(
        bot=BOT,
        key=f"m:{message.native}",
        at=message.at,
        place=message.place,
        native=message.native,
        sender=message.sender,
        text=text,
        media=media,
        reply_to=None if answered is None else answered.native,
        reply_sender=reply_sender,
        reply_text=_answered_text(quote, answered),
        reply_to_bot=reply_sender is not None and reply_sender.is_bot,
        to_bot=text != own_text,
        forwarded=message.kind == MessageType.CHAT_HISTORY,
        attachment=Attachment(message.native, message.filename, 0) if is_file else None,
    )


def _answered_text(quote: Quote | None, answered: Heard | None) -> str:
    """What the answered message says itself, where it was heard: who answers might have quoted anything."""
    if answered is not None:
        return answered.shown
    return "" if quote is None else quote.quoted


def _recalled(message: Spoken) -> Sequence[Event]:
    """A message was taken back; gateways name it plainly, or in WeChat's own XML."""
    found = RECALLED.search(message.text)
    native = found[1] if found else message.text.strip()
    if not native or len(native) > 100:
        return ()
    key = f"m:{message.native}"
    return (MessageDeleted(bot=BOT, key=key, at=message.at, place=message.place, native=native),)


def _media(message: Spoken) -> tuple[str, ...]:
    """What is in a message besides text. What is of no known type, but has a name, is a file."""
    kind = MEDIA.get(message.kind)
    if kind is None and message.kind == MessageType.UNKNOWN and message.filename:
        kind = "file"
    return () if kind is None else (kind,)


def _text(message: Spoken) -> str:
    """What was written; where there are media the text is WeChat's XML, not the sender's.

    WeChat's own lists to join (接龙) come as notes, their text as the title.
    """
    if message.kind == MessageType.TEXT:
        return message.text
    if message.kind != MessageType.GROUP_NOTE:
        return ""
    _, begins, rest = message.text.partition(TITLE)
    title, ends, _ = rest.partition(END_OF_TITLE)
    if begins and ends:
        return html.unescape(title.removeprefix(CDATA).removesuffix(END_OF_CDATA)).strip()
    return "" if message.text.lstrip().startswith("<") else message.text


def _without_mention(text: str, message: Spoken) -> str:
    """The text without the bot's name before it, so that `@班长 排行` asks for the ranking."""
    mentions = _mentions(text)
    for mention in mentions:
        if mention[1] in message.bot_names:
            return text[mention.end() :]
    if len(mentions) == 1 and message.mentions_bot and mentions[0][1].casefold() not in EVERYBODY:
        return text[mentions[0].end() :]
    for name in message.bot_names:
        if text.startswith(f"@{name}") and text[len(name) + 1 : len(name) + 2].isspace():
            return text[len(name) + 2 :].lstrip()
    return text


def _mentions(text: str) -> list[re.Match[str]]:
    """The names that a text begins with."""
    found: list[re.Match[str]] = []
    while (mention := MENTION.match(text, found[-1].end() if found else 0)) is not None:
        found.append(mention)
    return found
