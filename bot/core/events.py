"""What is heard on platforms: events in, in batches. Native ids are text on every platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence


class Place(msgspec.Struct, frozen=True, gc=False):
    """A chat as a platform names it. `kind`: group or private. A private chat has its member's native id.

    What concerns the bot's account itself happens in no chat: there `kind` is account.
    """

    native: str
    kind: str
    title: str = ""
    thread: str | None = None


class Sender(msgspec.Struct, frozen=True, gc=False):
    """An account as a platform names it (no name: it did not say). Channels and anonymous admins are none."""

    native: str
    name: str
    username: str | None = None
    language: str | None = None
    is_bot: bool = False


class Attachment(msgspec.Struct, frozen=True, gc=False):
    """A file that came with a message: how a Fetch names it, what it is called, its size in bytes."""

    native: str
    name: str
    size: int


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", gc=False):
    """Something a platform said. `key` is unique per bot; `at` is the platform's own time, UTC milliseconds.

    Where the platform gives no time (button presses), `at` is the stream's last one and `at_known` is False.
    """

    bot: str
    key: str
    at: int
    at_known: bool = True
    place: Place


class Message(Event, frozen=True, kw_only=True, tag="message", gc=False):
    """Somebody wrote. `media`: photo, video, voice, audio, file, sticker, link …; `album` gathers several.

    `reply_text` is what the message that it answers says, where that is told.

    `quoted` are the passages (start, end) that repeat somebody else's words.

    `sender` is None for channels and anonymous admins (`as_admin` says it was one of those).

    `to_bot`: it began with the bot's name.
    """

    native: str
    sender: Sender | None
    text: str = ""
    media: tuple[str, ...] = ()
    album: str | None = None
    reply_to: str | None = None
    reply_sender: Sender | None = None
    reply_text: str = ""
    reply_to_bot: bool = False
    to_bot: bool = False
    quoted: tuple[tuple[int, int], ...] = ()
    forwarded: bool = False
    as_admin: bool = False
    edited: bool = False
    attachment: Attachment | None = None

    @property
    def own_text(self) -> str:
        """The text without what it quotes."""
        text = self.text
        if not self.quoted:
            return text
        for start, end in reversed(self.quoted):
            text = text[:start] + text[end:]
        return text


class MessageDeleted(Event, frozen=True, kw_only=True, tag="message_deleted", gc=False):
    """A message was taken back by its author or an admin."""

    native: str


class ButtonPressed(Event, frozen=True, kw_only=True, tag="button_pressed", gc=False):
    """A member pressed one of the bot's buttons; `press` is what an Answer refers to."""

    sender: Sender
    message: str
    data: str
    press: str


class Reacted(Event, frozen=True, kw_only=True, tag="reacted", gc=False):
    """A member's reactions to a message are now `after` (they were `before`)."""

    sender: Sender
    message: str
    before: tuple[str, ...]
    after: tuple[str, ...]


class MemberChanged(Event, frozen=True, kw_only=True, tag="member_changed", gc=False):
    """An account's standing in a room is now `role`: owner, admin, member or left. `by` did it, when told.

    `found`: it was not told when it happened, but found in a list later, perhaps with many others: nobody is
    greeted, or bidden farewell, one by one.
    """

    who: Sender
    role: str
    by: Sender | None = None
    found: bool = False


class Seat(msgspec.Struct, frozen=True, gc=False):
    """Somebody who is in a room. `contact`: whether the bot may write to them, where that is told."""

    who: Sender
    role: str
    contact: bool | None = None


class RoomListed(Event, frozen=True, kw_only=True, tag="room_listed", gc=False):
    """Everybody who is in a room at this moment, the bot left out: who came or went unseen is found now."""

    seats: tuple[Seat, ...]


class StaffListed(Event, frozen=True, kw_only=True, tag="staff_listed", gc=False):
    """Everybody who owns a room or is an admin of it at this moment; nobody else is one any more.

    `rights`: what the bot may do there, where it is listed as an admin itself.
    """

    seats: tuple[Seat, ...]
    rights: tuple[str, ...] = ()


class RoomsListed(Event, frozen=True, kw_only=True, tag="rooms_listed", gc=False):
    """Every group that the bot is in at this moment, by native id: it is out of all others. Of no chat."""

    natives: tuple[str, ...]


class ContactChanged(Event, frozen=True, kw_only=True, tag="contact_changed", gc=False):
    """Whether the bot may write to somebody in private from now on. Of no chat."""

    who: Sender
    contact: bool


class FriendAsked(Event, frozen=True, kw_only=True, tag="friend_asked", gc=False):
    """Somebody asks to be a contact of the bot, with a word of theirs. `place` is their private chat."""

    sender: Sender
    request: str
    hello: str = ""


class RoomOffered(Event, frozen=True, kw_only=True, tag="room_offered", gc=False):
    """Somebody invites the bot into a group. `place` is their private chat."""

    sender: Sender
    offer: str
    title: str = ""


class AccountChanged(Event, frozen=True, kw_only=True, tag="account_changed", gc=False):
    """The bot's own account: online, offline (`why`), or waiting (log in by scanning `code`). Of no chat."""

    state: str
    code: str = ""
    why: str = ""


class BotChanged(Event, frozen=True, kw_only=True, tag="bot_changed", gc=False):
    """The bot's own standing in a chat is now `role`, with rights (read, react, delete, pin, invite …).

    In a private chat `left` says that the member blocked the bot.
    """

    role: str
    rights: tuple[str, ...] = ()
    by: Sender | None = None


class RoomMoved(Event, frozen=True, kw_only=True, tag="room_moved", gc=False):
    """A room has another native id from now on."""

    to: str


class RoomRenamed(Event, frozen=True, kw_only=True, tag="room_renamed", gc=False):
    """A room's title is now the one in `place`."""


class Undecodable(Event, frozen=True, kw_only=True, tag="undecodable", gc=False):
    """Something that the adapter could not read: kept as a dead letter, as it came, with what was wrong."""

    raw: str
    error: str


class Batch(msgspec.Struct, frozen=True):
    """What a platform's stream held: events in order, and where the stream stands once they are committed.

    `caught_up_to`: nothing older is still to come (None: more is waiting).
    `unobserved_since`: what passed between that instant and now will never be told.
    """

    bot: str
    events: Sequence[Event]
    source: str = ""
    cursor: str | None = None
    caught_up_to: int | None = None
    unobserved_since: int | None = None
