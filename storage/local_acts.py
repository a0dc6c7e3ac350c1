"""What members do in the local room; each act changes its rows and leaves an update for the bot at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from storage import local_files, local_room
from storage.local_room import THE_BOT, chat_of_room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.db import Transaction
    from storage.local_room import Member, Message

KEPT_UPDATES = 1_000
"""Updates kept behind the newest one: longer than the bot is ever behind."""

MOST_REACTIONS = 3
MOST_ROOMS = 20
MOST_MEMBERS = 500

Kind = Literal["opened", "seated", "said", "edited", "withdrawn", "reacted", "pressed"]


class NotAllowed(Exception):
    """The act cannot be done; `reason` is a short code: gone, not_here, not_yours, too_many."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Update(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One act as the bot learns of it, with the texts and names of its moment.

    `reply_member` is who wrote what a message replies to: 0 the bot, None when it replies to nothing.
    """

    id: int = 0
    kind: Kind
    at: int
    chat: str
    title: str
    tier: int = 0
    member: int = 0
    name: str = ""
    role: str = ""
    message: int = 0
    text: str = ""
    picture: int | None = None
    file: local_files.File | None = None
    album: str = ""
    reply_to: int | None = None
    reply_member: int | None = None
    reply_name: str = ""
    reply_text: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    data: str = ""
    press: int = 0


def updates(tx: Transaction, after: int, most: int) -> list[Update]:
    """The updates that came after one, in order."""
    rows = tx.all(
        "SELECT id, content FROM local_update WHERE id > :after ORDER BY id LIMIT :most",
        {"after": after, "most": most},
    )
    return [
        msgspec.structs.replace(msgspec.json.decode(row["content"], type=Update), id=row["id"])
        for row in rows
    ]


def _act(tx: Transaction, kind: Kind, chat: str, who: Member, now: int) -> Update:
    """What somebody does in a chat at this moment."""
    return Update(kind=kind, at=now, chat=chat, title=_title(tx, chat), member=who.id, name=who.name)


def _tell(tx: Transaction, update: Update, **more: object) -> None:
    """Leave the bot an update, with `more` in its fields."""
    content = msgspec.json.encode(msgspec.structs.replace(update, **more)).decode()
    row = tx.insert("INSERT INTO local_update (content) VALUES (:content) RETURNING id", {"content": content})
    cursor = tx.value("SELECT cursor FROM stream WHERE bot = :bot AND source = ''", {"bot": local_room.BOT})
    oldest = min(int(cursor or 0), row - KEPT_UPDATES)
    tx.run("DELETE FROM local_update WHERE id < :oldest", {"oldest": oldest})


# Who is where.


def add_room(tx: Transaction, title: str, tier: int, now: int) -> int:
    """Open a room of a tier (1 is the top) with the bot in it; its id."""
    if tx.value("SELECT count(*) FROM local_room") >= MOST_ROOMS:
        raise NotAllowed("too_many")
    room = tx.insert(
        "INSERT INTO local_room (title, tier, created_at) VALUES (:title, :tier, :now) RETURNING id",
        {"title": title, "tier": tier, "now": now},
    )
    _tell(tx, Update(kind="opened", at=now, chat=chat_of_room(room), title=title, tier=tier))
    return room


def add_member(tx: Transaction, name: str, role: str, now: int) -> int:
    """Let somebody come who can be spoken as (`role`: member or owner); their id."""
    if tx.value("SELECT count(*) FROM local_member") >= MOST_MEMBERS:
        raise NotAllowed("too_many")
    return tx.insert(
        "INSERT INTO local_member (name, role, created_at) VALUES (:name, :role, :now) RETURNING id",
        {"name": name, "role": role, "now": now},
    )


def join(tx: Transaction, room: int, member: int, now: int, *, silently: bool = False) -> int | None:
    """A member comes into a room; the line that says so, None when there is none (`silently`, or no news)."""
    who = _member(tx, member)
    _title(tx, chat_of_room(room))
    came = tx.run(
        "INSERT INTO local_seat (room, member, joined_at) VALUES (:room, :member, :now)"
        " ON CONFLICT DO NOTHING",
        {"room": room, "member": member, "now": now},
    )
    return _seat(tx, room, who, who.role, "" if silently else "joined", now) if came else None


def leave(tx: Transaction, room: int, member: int, now: int) -> int | None:
    """A member goes out of a room; the line that says so, None when they were not there."""
    who = _member(tx, member)
    went = tx.run(
        "DELETE FROM local_seat WHERE room = :room AND member = :member", {"room": room, "member": member}
    )
    return _seat(tx, room, who, "left", "left", now) if went else None


def _seat(tx: Transaction, room: int, who: Member, role: str, line: str, now: int) -> int | None:
    chat = chat_of_room(room)
    _tell(tx, _act(tx, "seated", chat, who, now), role=role)
    return local_room.write(tx, chat=chat, member=who.id, kind=line, text="", now=now) if line else None


# What is said and done.


def say(
    tx: Transaction,
    *,
    chat: str,
    member: int,
    text: str,
    now: int,
    picture: tuple[str, bytes] | None = None,
    file: tuple[str, str, bytes] | None = None,
    reply_to: int | None = None,
    album: str = "",
) -> int:
    """A member writes, perhaps with a picture (media type, content) or a file (name, media type, content).

    A file is text or a voice message; messages with the same `album` belong together. The message's id.
    """
    who = _speaker(tx, chat, member)
    quoted = None if reply_to is None else _shown(tx, reply_to)
    if quoted is not None and quoted.chat != chat:
        raise NotAllowed("gone")
    kept = None if picture is None else local_room.keep_picture(tx, *picture, now)
    message = local_room.write(
        tx, chat=chat, member=member, text=text, now=now, picture=kept, reply_to=reply_to
    )
    if file is not None:
        local_files.attach(tx, message, *file, now)
    _tell_words(tx, "said", who, _shown(tx, message), quoted, album)
    return message


def edit(tx: Transaction, *, message: int, member: int, text: str, now: int) -> str:
    """A member writes a message of their own anew; the chat it is in."""
    found = _own(tx, message, member)
    local_room.rewrite(tx, message, text, (), now)
    quoted = None if found.reply is None else local_room.message(tx, found.reply.id)
    who = _speaker(tx, found.chat, member)
    _tell_words(tx, "edited", who, _shown(tx, message), quoted)
    return found.chat


def _tell_words(
    tx: Transaction,
    kind: Literal["said", "edited"],
    who: Member,
    message: Message,
    quoted: Message | None,
    album: str = "",
) -> None:
    author = None if quoted is None or quoted.member == THE_BOT else local_room.member(tx, quoted.member)
    _tell(
        tx,
        _act(tx, kind, message.chat, who, message.at),
        message=message.id,
        text=message.text,
        picture=message.picture,
        file=message.file,
        album=album,
        reply_to=None if quoted is None else quoted.id,
        reply_member=None if quoted is None else quoted.member,
        reply_name="" if author is None else author.name,
        reply_text="" if quoted is None else quoted.text,
    )


def withdraw(tx: Transaction, *, message: int, member: int, now: int) -> None:
    """A member takes a message of their own back."""
    found = _own(tx, message, member)
    local_room.delete(tx, message, now)
    _tell(tx, _act(tx, "withdrawn", found.chat, _member(tx, member), now), message=message)


def react(tx: Transaction, *, message: int, member: int, emoji: str, now: int) -> None:
    """A member puts a reaction to a message, or takes it away when it was there."""
    found = _shown(tx, message)
    who = _speaker(tx, found.chat, member)
    before = tuple(one for one, members in found.reactions.items() if member in members)
    after = tuple(one for one in before if one != emoji) if emoji in before else (*before, emoji)
    after = after[-MOST_REACTIONS:]
    local_room.react(tx, message, member, after, now)
    _tell(tx, _act(tx, "reacted", found.chat, who, now), message=message, before=before, after=after)


def press(tx: Transaction, *, message: int, member: int, data: str, now: int) -> int:
    """A member presses a button of the bot's; the press that will be answered."""
    found = _shown(tx, message)
    who = _speaker(tx, found.chat, member)
    if not any(button.data == data and not button.url for row in found.buttons for button in row):
        raise NotAllowed("gone")
    pressed = tx.insert(
        "INSERT INTO local_press (message, member, at, alert, shown) VALUES (:message, :member, :now, 0, 0)"
        " RETURNING id",
        {"message": message, "member": member, "now": now},
    )
    _tell(tx, _act(tx, "pressed", found.chat, who, now), message=message, data=data, press=pressed)
    return pressed


def _member(tx: Transaction, member: int) -> Member:
    who = local_room.member(tx, member)
    if who is None:
        raise NotAllowed("gone")
    return who


def _speaker(tx: Transaction, chat: str, member: int) -> Member:
    who = _member(tx, member)
    if not local_room.is_in(tx, chat, member):
        raise NotAllowed("not_here")
    return who


def _title(tx: Transaction, chat: str) -> str:
    title = local_room.title(tx, chat)
    if title is None:
        raise NotAllowed("gone")
    return title


def _shown(tx: Transaction, message: int) -> Message:
    found = local_room.message(tx, message)
    if found is None or found.is_deleted:
        raise NotAllowed("gone")
    return found


def _own(tx: Transaction, message: int, member: int) -> Message:
    found = _shown(tx, message)
    if found.member != member or found.kind != "text":
        raise NotAllowed("not_yours")
    return found


# The first visit.


class Newcomer(msgspec.Struct, frozen=True):
    """Somebody of the first class: in which of its rooms they are, by their place in the list."""

    name: str
    role: str
    rooms: tuple[int, ...]


def found_class(
    tx: Transaction, rooms: Sequence[tuple[str, int]], newcomers: Sequence[Newcomer], now: int
) -> None:
    """At the very first start there are rooms (title, tier) with people in them; later nothing happens."""
    if tx.value("SELECT 1 FROM local_room LIMIT 1") is not None:
        return
    opened = [add_room(tx, title, tier, now) for title, tier in rooms]
    for newcomer in newcomers:
        member = add_member(tx, newcomer.name, newcomer.role, now)
        for room in newcomer.rooms:
            join(tx, opened[room], member, now, silently=True)
