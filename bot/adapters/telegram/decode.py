"""From Telegram's updates to events.

Keys tell what happened, not how it was told: an update that comes again under another number has the same.
"""

from __future__ import annotations

import json
import re
import zlib
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from bot.adapters.telegram import raw
from bot.adapters.telegram.content import attachment, is_plain, media_of, quotes_in
from bot.adapters.telegram.who import GROUPS, Places, Senders, place_of, sender_of
from bot.core.events import (
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
        self._own_native = str(self.bot_id)
        self.reads_all = False
        self.username = ""
        self._last_at: int | None = None
        self._senders, self._places = Senders(), Places()

    def answer(self, body: bytes, now: int, *, live: bool) -> Heard:
        """The events in an answer to getUpdates. Raises NoAnswer when it is none at all.

        What has no time of its own gets `now` when the stream is `live` (nothing older was waiting), else
        the time of what came before it.
        """
        last_at = self._last_at
        try:
            updates = _answer.decode(body).result
            events = [event for update in updates for event in self._events(update, now, live=live)]
        except msgspec.DecodeError:
            self._last_at = last_at
            return self._one_by_one(body, now, live=live)
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
            return self._said(message)
        if update.callback_query is not None:
            at = now if live or self._last_at is None else self._last_at
            return self._press(update.callback_query, at)
        return self._change(update)

    def _change(self, update: raw.Update) -> Sequence[Event]:
        if update.edited_message is not None:
            return self._said(update.edited_message, edited=True)
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

    def _said(self, message: raw.Message, *, edited: bool = False) -> Sequence[Event]:
        """A message as an event; most are plain text in a group, some of them an answer."""
        sender, place = self._senders[bytes(message.from_)], self._places[bytes(message.chat)]
        replied = message.reply_to_message
        answered = None if replied is None else self._senders[bytes(replied.from_)]
        self._last_at = at = ((edited and message.edit_date) or message.date) * 1000
        if edited or place.kind != "group" or not is_plain(message):
            return self._other(message, sender, place, answered, at, edited=edited)
        native = str(message.message_id)
        key = f"m:{place.native}:{native}"
        said = Message(
            bot=self.bot, key=key, at=at, place=place, native=native, sender=sender, text=message.text or ""
        )
        return (said if replied is None else replace(said, **self._answer(replied, answered)),)

    def _other(
        self,
        message: raw.Message,
        sender: Sender | None,
        place: Place,
        answered: Sender | None,
        at: int,
        *,
        edited: bool,
    ) -> Sequence[Event]:
        """A message with everything that is rare in one."""
        if place.kind == "channel":
            return ()
        text = message.text or message.caption or ""
        media = media_of(message)
        if not text and not media:
            return self._service(message, sender, place, at)
        entities = message.entities or message.caption_entities
        named = self._name_before(text) if text[:1] == "@" else 0
        return (
            Message(
                bot=self.bot,
                key=_key(message, place, text, edited=edited),
                at=at,
                place=_spot(place, sender, _thread(message)),
                native=str(message.message_id),
                sender=None if message.sender_chat else sender,
                as_admin=message.sender_chat is not None and str(message.sender_chat.id) == place.native,
                text=text[named:],
                media=media,
                album=message.media_group_id,
                to_bot=named > 0,
                quoted=quotes_in(text, entities, named) if entities else (),
                forwarded=message.forward_origin is not None or message.is_automatic_forward,
                edited=edited,
                attachment=None if message.document is None else attachment(message.document),
                **self._answer(message.reply_to_message, answered),
            ),
        )

    def _answer(self, replied: raw.RepliedTo | None, sender: Sender | None) -> dict[str, Any]:
        """What a message knows of the one that it answers. A topic's first message is none."""
        if replied is None or replied.forum_topic_created is not None:
            return {}
        if replied.sender_chat:
            sender = None
        return {
            "reply_to": str(replied.message_id),
            "reply_sender": sender,
            "reply_text": replied.text or replied.caption,
            "reply_to_bot": sender is not None and sender.native == self._own_native,
        }

    def _name_before(self, text: str) -> int:
        """How many characters of a text call the bot by its name before it says something; 0: it does not."""
        name = MENTION.match(text)
        return name.end() if name is not None and name[1].casefold() == self.username.casefold() else 0

    def _service(self, message: raw.Message, by: Sender | None, chat: Place, at: int) -> Sequence[Event]:
        """What a chat says of itself."""
        if message.migrate_to_chat_id is not None:
            return self._moved(chat.native, str(message.migrate_to_chat_id), at, chat.title)
        if message.migrate_from_chat_id is not None:
            return self._moved(str(message.migrate_from_chat_id), chat.native, at, chat.title)
        place = _spot(chat, by, None)
        if message.new_chat_title is not None:
            key = f"m:{chat.native}:{message.message_id}"
            renamed = replace(place, title=message.new_chat_title)
            return (RoomRenamed(bot=self.bot, key=key, at=at, place=renamed),)
        changes = [(user, "member") for user in message.new_chat_members]
        if message.left_chat_member is not None:
            changes.append((message.left_chat_member, "left"))
        return [self._standing(place, at, user, role, by) for user, role in changes if user.id != self.bot_id]

    def _moved(self, old: str, new: str, at: int, title: str) -> Sequence[Event]:
        """Both chats tell of it; the key is the same."""
        place = Place(old, "group", title)
        return (RoomMoved(bot=self.bot, key=f"moved:{old}:{new}", at=at, place=place, to=new),)

    def _standing(self, place: Place, at: int, user: raw.User, role: str, by: Sender | None) -> MemberChanged:
        """A service message and a member update tell of the same change at the same second: one key."""
        key = f"c:{place.native}:{user.id}:{at // 1000}:{role}"
        return MemberChanged(bot=self.bot, key=key, at=at, place=place, who=sender_of(user), role=role, by=by)

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
                place=place_of(message.chat, query.from_, _thread(message)),
                sender=sender_of(query.from_),
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
                place=place_of(change.chat, change.user, None),
                sender=sender_of(change.user),
                message=str(change.message_id),
                before=_emoji(change.old_reaction),
                after=after,
            ),
        )

    def _member(self, change: raw.ChatMemberUpdated) -> Sequence[Event]:
        if change.chat.type not in GROUPS:
            return ()
        member = change.new_chat_member
        place = place_of(change.chat, change.from_, None)
        return (
            self._standing(place, change.date * 1000, member.user, _role(member), sender_of(change.from_)),
        )

    def _own_standing(self, change: raw.ChatMemberUpdated) -> Sequence[Event]:
        if change.chat.type == "channel":
            return ()
        member = change.new_chat_member
        role = _role(member)
        may = change.chat.type in GROUPS and role != "left"
        rights = rights_of(member, reads_all=self.reads_all) if may else ()
        digest = zlib.crc32(" ".join(rights).encode())
        return (
            BotChanged(
                bot=self.bot,
                key=f"my:{change.chat.id}:{change.date}:{role}:{digest}",
                at=change.date * 1000,
                place=place_of(change.chat, change.from_, None),
                role=role,
                rights=rights,
                by=sender_of(change.from_),
            ),
        )


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


def rights_of(member: raw.ChatMember, *, reads_all: bool) -> tuple[str, ...]:
    """What a bot may do in a group; `reads_all`: whether its privacy mode is off.

    `react` is hearing of reactions, `watch` of joins: for both it must be an administrator. To react itself
    takes no right.
    """
    is_admin = member.status == "administrator"
    held = {
        "read": is_admin or reads_all,
        "speak": member.can_send_messages,
        "react": is_admin,
        "watch": is_admin,
        "delete": member.can_delete_messages,
        "pin": member.can_pin_messages,
        "invite": member.can_invite_users,
        "remove": member.can_restrict_members,
    }
    return tuple(right for right, has in held.items() if has)


def staff_listed(bot: str, chat: str, staff: Sequence[ChatMember], now: int) -> StaffListed:
    """Who looks after a group, as an answer of Telegram's lists them."""
    seats = [
        Seat(Sender(str(one.user.id), one.user.full_name, one.user.username), ROLES[one.status])
        for one in staff
        if not one.user.is_bot
    ]
    own = next((one for one in staff if str(one.user.id) == bot.rpartition(":")[2]), None)
    return StaffListed(
        bot=bot,
        key=f"staff:{chat}:{now}",
        at=now,
        place=Place(chat, "group"),
        seats=tuple(seats),
        rights=()
        if own is None
        else rights_of(msgspec.convert(own.to_dict(), raw.ChatMember), reads_all=False),
    )


def _key(message: raw.Message, place: Place, text: str, *, edited: bool) -> str:
    if edited:
        digest = zlib.crc32(text.encode())
        return f"e:{place.native}:{message.message_id}:{message.edit_date}:{digest}"
    return f"m:{place.native}:{message.message_id}"


def _spot(place: Place, person: Sender | None, thread: str | None) -> Place:
    """The place within a chat; a private one is called like its person."""
    if place.kind == "group":
        return place if thread is None else replace(place, thread=thread)
    return Place(place.native, place.kind, "" if person is None else person.name, thread)


def _thread(message: raw.Message | raw.PressedMessage) -> str | None:
    return str(message.message_thread_id) if message.is_topic_message else None


def _emoji(reactions: Iterable[raw.Reaction]) -> tuple[str, ...]:
    return tuple(one.emoji or one.custom_emoji_id or one.type for one in reactions)
