"""From Telegram's updates to events.

Keys tell what happened, not how it was told: an update that comes again under another number has the same.
"""

from __future__ import annotations

import json
import re
import zlib
from typing import TYPE_CHECKING

import msgspec

from bot.adapters.telegram import raw
from bot.core.port import (
    Attachment,
    BotChanged,
    ButtonPressed,
    Event,
    MemberChanged,
    Message,
    Place,
    Reacted,
    RoomMoved,
    RoomRenamed,
    Seat,
    Sender,
    StaffListed,
    Undecodable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from telegram import ChatMember

GROUPS = frozenset({"group", "supergroup"})
QUOTES = frozenset({"blockquote", "expandable_blockquote"})
LINKS = frozenset({"url", "text_link"})

FILES = {
    "video": "video",
    "animation": "video",
    "video_note": "video",
    "voice": "voice",
    "audio": "audio",
    "document": "file",
    "sticker": "sticker",
}
"""Fields of a message that hold a file, with what Banzhang calls such media; the first one found counts."""

OTHER_MEDIA = ("location", "contact", "poll", "dice", "story", "checklist")

ROLES = {"creator": "owner", "administrator": "admin", "member": "member", "restricted": "member"}
"""Telegram's standings; every other one is outside."""

MENTION = re.compile(r"@([A-Za-z0-9_]+)[\s,，:：]*")

_answer = msgspec.json.Decoder(raw.Answer)
_update = msgspec.json.Decoder(raw.Update)
_just_id = msgspec.json.Decoder(raw.JustId)


class NoAnswer(Exception):
    """What came is no answer to getUpdates."""


class Heard(msgspec.Struct, frozen=True):
    """What an answer held: its events, how many updates there were, and the last one's number."""

    events: list[Event]
    updates: int
    last_id: int | None


class Decoder:
    """Turns one bot's updates into events. `reads_all`: whether privacy mode is off; `username`: its own."""

    def __init__(self, bot: str) -> None:
        self.bot = bot
        self.bot_id = int(bot.rpartition(":")[2])
        self.reads_all = False
        self.username = ""
        self._last_at: int | None = None

    def answer(self, body: bytes, now: int, *, live: bool) -> Heard:
        """The events in an answer to getUpdates. Raises NoAnswer when it is none at all.

        What has no time of its own gets `now` when the stream is `live` (nothing older was waiting), else
        the time of what came before it.
        """
        try:
            updates = _answer.decode(body).result
        except msgspec.DecodeError:
            return self._one_by_one(body, now, live=live)
        events = [event for update in updates for event in self._events(update, now, live=live)]
        return Heard(events, len(updates), updates[-1].update_id if updates else None)

    def _one_by_one(self, body: bytes, now: int, *, live: bool) -> Heard:
        """Some update is malformed: the others are read, and this one is handed on as it is."""
        bodies = _bodies(body)
        events: list[Event] = []
        last_id = None
        for one in bodies:
            events += self.update(one, now, live=live)
            last_id = _number(one, last_id)
        return Heard(events, len(bodies), last_id)

    def update(self, body: bytes, now: int, *, live: bool) -> Sequence[Event]:
        """The events in one update; a malformed one is Undecodable."""
        try:
            return self._events(_update.decode(body), now, live=live)
        except msgspec.DecodeError as error:
            key = f"x:{zlib.crc32(body)}:{len(body)}"
            text = body.decode("utf-8", "replace")
            nowhere = Place("", "private")
            return [Undecodable(bot=self.bot, key=key, at=now, place=nowhere, raw=text, error=str(error))]

    def _events(self, update: raw.Update, now: int, *, live: bool) -> Sequence[Event]:
        message = update.message
        if message is not None:
            self._last_at = at = message.date * 1000
            return self._message(message, f"m:{message.chat.id}:{message.message_id}", at)
        if update.callback_query is not None:
            at = now if live or self._last_at is None else self._last_at
            return self._press(update.callback_query, at)
        return self._change(update)

    def _change(self, update: raw.Update) -> Sequence[Event]:
        message = update.edited_message
        if message is not None:
            self._last_at = at = (message.edit_date or message.date) * 1000
            digest = zlib.crc32((message.text or message.caption or "").encode())
            key = f"e:{message.chat.id}:{message.message_id}:{message.edit_date}:{digest}"
            return self._message(message, key, at, edited=True)
        if update.message_reaction is not None:
            self._last_at = update.message_reaction.date * 1000
            return self._reaction(update.message_reaction)
        if update.chat_member is not None:
            self._last_at = update.chat_member.date * 1000
            return self._member(update.chat_member)
        if update.my_chat_member is not None:
            self._last_at = update.my_chat_member.date * 1000
            return self._own_standing(update.my_chat_member)
        return ()

    def _message(self, message: raw.Message, key: str, at: int, *, edited: bool = False) -> Sequence[Event]:
        if message.chat.type == "channel":
            return ()
        text = message.text or message.caption or ""
        media = _media(message)
        if not text and not media:
            return self._service(message, at)
        entities = message.entities or message.caption_entities
        named = self._name_before(text) if text[:1] == "@" else 0
        replied = message.reply_to_message
        if replied is not None and replied.forum_topic_created is not None:
            replied = None
        reply_sender = None if replied is None or replied.sender_chat or not replied.from_ else replied.from_
        return (
            Message(
                bot=self.bot,
                key=key,
                at=at,
                place=_place(message.chat, message.from_, _thread(message)),
                native=str(message.message_id),
                sender=None if message.sender_chat or not message.from_ else _sender(message.from_),
                as_admin=message.sender_chat is not None and message.sender_chat.id == message.chat.id,
                text=text[named:],
                media=media,
                album=message.media_group_id,
                reply_to=None if replied is None else str(replied.message_id),
                reply_sender=None if reply_sender is None else _sender(reply_sender),
                reply_text="" if replied is None else replied.text or replied.caption,
                reply_to_bot=reply_sender is not None and reply_sender.id == self.bot_id,
                to_bot=named > 0,
                quoted=_quoted(text, entities, named) if entities else (),
                forwarded=message.forward_origin is not None or message.is_automatic_forward,
                edited=edited,
                attachment=None if message.document is None else _attachment(message.document),
            ),
        )

    def _name_before(self, text: str) -> int:
        """How many characters of a text call the bot by its name before it says something; 0: it does not."""
        name = MENTION.match(text)
        return name.end() if name is not None and name[1].casefold() == self.username.casefold() else 0

    def _service(self, message: raw.Message, at: int) -> Sequence[Event]:
        """What a chat says of itself."""
        chat, place = message.chat, _place(message.chat, message.from_, None)
        by = None if message.from_ is None else _sender(message.from_)
        if message.migrate_to_chat_id is not None:
            return self._moved(chat.id, message.migrate_to_chat_id, at, chat)
        if message.migrate_from_chat_id is not None:
            return self._moved(message.migrate_from_chat_id, chat.id, at, chat)
        if message.new_chat_title is not None:
            key = f"m:{chat.id}:{message.message_id}"
            renamed = msgspec.structs.replace(place, title=message.new_chat_title)
            return (RoomRenamed(bot=self.bot, key=key, at=at, place=renamed),)
        changes = [(user, "member") for user in message.new_chat_members]
        if message.left_chat_member is not None:
            changes.append((message.left_chat_member, "left"))
        return [self._standing(place, at, user, role, by) for user, role in changes if user.id != self.bot_id]

    def _moved(self, old: int, new: int, at: int, chat: raw.Chat) -> Sequence[Event]:
        """Both chats tell of it; the key is the same."""
        place = Place(str(old), "group", chat.title)
        return (RoomMoved(bot=self.bot, key=f"moved:{old}:{new}", at=at, place=place, to=str(new)),)

    def _standing(self, place: Place, at: int, user: raw.User, role: str, by: Sender | None) -> MemberChanged:
        """A service message and a member update tell of the same change at the same second: one key."""
        key = f"c:{place.native}:{user.id}:{at // 1000}:{role}"
        return MemberChanged(bot=self.bot, key=key, at=at, place=place, who=_sender(user), role=role, by=by)

    def _press(self, query: raw.CallbackQuery, at: int) -> Sequence[Event]:
        message = query.message
        if message is None or query.data is None:
            return ()
        return (
            ButtonPressed(
                bot=self.bot,
                key=f"b:{query.id}",
                at=at,
                at_known=False,
                place=_place(message.chat, query.from_, _thread(message)),
                sender=_sender(query.from_),
                message=str(message.message_id),
                data=query.data,
                press=query.id,
            ),
        )

    def _reaction(self, change: raw.MessageReaction) -> Sequence[Event]:
        if change.user is None or change.chat.type == "channel":
            return ()
        after = _emoji(change.new_reaction)
        digest = zlib.crc32("".join(after).encode())
        return (
            Reacted(
                bot=self.bot,
                key=f"r:{change.chat.id}:{change.message_id}:{change.user.id}:{change.date}:{digest}",
                at=change.date * 1000,
                place=_place(change.chat, change.user, None),
                sender=_sender(change.user),
                message=str(change.message_id),
                before=_emoji(change.old_reaction),
                after=after,
            ),
        )

    def _member(self, change: raw.ChatMemberUpdated) -> Sequence[Event]:
        if change.chat.type not in GROUPS:
            return ()
        member = change.new_chat_member
        place = _place(change.chat, change.from_, None)
        return (self._standing(place, change.date * 1000, member.user, _role(member), _sender(change.from_)),)

    def _own_standing(self, change: raw.ChatMemberUpdated) -> Sequence[Event]:
        if change.chat.type == "channel":
            return ()
        member = change.new_chat_member
        role = _role(member)
        rights = self._rights(member) if change.chat.type in GROUPS and role != "left" else ()
        digest = zlib.crc32(" ".join(rights).encode())
        return (
            BotChanged(
                bot=self.bot,
                key=f"my:{change.chat.id}:{change.date}:{role}:{digest}",
                at=change.date * 1000,
                place=_place(change.chat, change.from_, None),
                role=role,
                rights=rights,
                by=_sender(change.from_),
            ),
        )

    def _rights(self, member: raw.ChatMember) -> tuple[str, ...]:
        """What the bot may do in a group.

        `react` is hearing of reactions, `watch` of joins: for both it must be an administrator. To react
        itself takes no right.
        """
        is_admin = member.status == "administrator"
        held = {
            "read": is_admin or self.reads_all,
            "speak": member.can_send_messages,
            "react": is_admin,
            "watch": is_admin,
            "delete": member.can_delete_messages,
            "pin": member.can_pin_messages,
            "invite": member.can_invite_users,
            "remove": member.can_restrict_members,
        }
        return tuple(right for right, has in held.items() if has)


def _bodies(answer: bytes) -> list[bytes]:
    """The updates in an answer, by a reader that minds less; half characters in them are replaced."""
    try:
        updates = json.loads(answer.decode("utf-8", "replace"))["result"]
    except (ValueError, LookupError, TypeError):
        updates = None
    if not isinstance(updates, list):
        raise NoAnswer("this is no answer of Telegram's")
    return [json.dumps(update, ensure_ascii=False).encode("utf-8", "replace") for update in updates]


def _number(update: bytes, default: int | None) -> int | None:
    try:
        return _just_id.decode(update).update_id
    except msgspec.DecodeError:
        return default


def _role(member: raw.ChatMember) -> str:
    return ROLES.get(member.status, "left") if member.is_member else "left"


def _name(user: raw.User) -> str:
    return f"{user.first_name} {user.last_name}" if user.last_name else user.first_name


def _sender(user: raw.User) -> Sender:
    return Sender(str(user.id), _name(user), user.username, user.language_code, user.is_bot)


def staff_listed(bot: str, chat: str, staff: Iterable[ChatMember], now: int) -> StaffListed:
    """Who looks after a group, as an answer of Telegram's lists them."""
    seats = [
        Seat(Sender(str(one.user.id), one.user.full_name, one.user.username), ROLES[one.status])
        for one in staff
        if not one.user.is_bot
    ]
    key = f"staff:{chat}:{now}"
    return StaffListed(bot=bot, key=key, at=now, place=Place(chat, "group"), seats=tuple(seats))


def _place(chat: raw.Chat, person: raw.User | None, thread: str | None) -> Place:
    if chat.type in GROUPS:
        return Place(str(chat.id), "group", chat.title, thread)
    return Place(str(chat.id), "private", "" if person is None else _name(person), thread)


def _thread(message: raw.Message | raw.PressedMessage) -> str | None:
    return str(message.message_thread_id) if message.is_topic_message else None


def _emoji(reactions: Iterable[raw.Reaction]) -> tuple[str, ...]:
    return tuple(one.emoji or one.custom_emoji_id or one.type for one in reactions)


def _media(message: raw.Message) -> tuple[str, ...]:
    """What is in a message besides text."""
    if message.text is not None:
        has_link = message.entities and any(entity.type in LINKS for entity in message.entities)
        return ("link",) if has_link else ()
    links = ("link",) if any(entity.type in LINKS for entity in message.caption_entities) else ()
    if message.photo:
        return ("photo", *links)
    for field, kind in FILES.items():
        if getattr(message, field) is not None:
            return (kind, *links)
    return tuple(kind for kind in OTHER_MEDIA if getattr(message, kind) is not None)


def _attachment(file: raw.Document) -> Attachment:
    return Attachment(file.file_id, file.file_name, file.file_size)


def _quoted(text: str, entities: Iterable[raw.Entity], skipped: int) -> tuple[tuple[int, int], ...]:
    """The quoted passages as (start, end) in characters behind those that are skipped.

    Telegram counts in UTF-16 code units.
    """
    quotes = [entity for entity in entities if entity.type in QUOTES]
    if not quotes:
        return ()
    units = text.encode("utf-16-le", "surrogatepass")
    spans = [(entity.offset, entity.offset + entity.length) for entity in quotes]
    found = [(_characters(units, start) - skipped, _characters(units, end) - skipped) for start, end in spans]
    return tuple((max(0, start), end) for start, end in found if end > 0)


def _characters(units: bytes, count: int) -> int:
    """How many characters the first `count` UTF-16 code units are."""
    return len(units[: 2 * count].decode("utf-16-le", "ignore"))
