"""The local room's rows: rooms, members, messages and pictures, as the page shows them.

A chat is named `r1` (a room) or `m3` (member 3's private chat with the bot). Member 0 is the bot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from storage import local_files
from storage.statements import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.db import Row, Transaction
    from storage.local_files import File

BOT = "room:local"
THE_BOT = 0
PAGE = 60
"""Messages read at a time."""


class Room(msgspec.Struct, frozen=True):
    """A room, and who is in it."""

    id: int
    chat: str
    title: str
    tier: int
    members: tuple[int, ...]


class Member(msgspec.Struct, frozen=True):
    """Somebody whom the page can speak as. `role` is theirs in each room they join: member or owner."""

    id: int
    name: str
    role: str


class Button(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of the bot's buttons: its label, and the data that comes back or the address it opens."""

    label: str
    data: str = ""
    url: str = ""


class Quote(msgspec.Struct, frozen=True):
    """What a message replies to."""

    id: int
    member: int
    text: str
    has_picture: bool
    is_deleted: bool


class Message(msgspec.Struct, frozen=True):
    """A message. The bot's `text` is HTML of the small subset. `kind`: text, or joined, left for a line."""

    id: int
    chat: str
    member: int
    kind: str
    at: int
    text: str
    buttons: tuple[tuple[Button, ...], ...]
    picture: int | None
    file: File | None
    reply: Quote | None
    reactions: dict[str, list[int]]
    is_edited: bool
    is_deleted: bool


class Answer(msgspec.Struct, frozen=True):
    """What a member is told who pressed a button."""

    id: int
    member: int
    text: str
    alert: bool


def chat_of_room(room: int) -> str:
    """The name of a room's chat."""
    return f"r{room}"


def chat_of_member(member: int) -> str:
    """The name of a member's private chat with the bot."""
    return f"m{member}"


def number(chat: str, kind: str) -> int | None:
    """The id in a chat's name when it is of this kind (r or m), else None."""
    digits = chat[1:]
    return int(digits) if chat[:1] == kind and digits.isascii() and digits.isdigit() else None


# The clock.


def clock(tx: Transaction) -> tuple[int, int]:
    """How far the clock was moved ahead (milliseconds), and the latest instant it is known to have shown."""
    row = tx.one("SELECT ahead, latest FROM local_clock WHERE id = 1")
    spoken = tx.value("SELECT at FROM local_message ORDER BY id DESC LIMIT 1") or 0
    return (0, spoken) if row is None else (row["ahead"], max(row["latest"], spoken))


def keep_clock(tx: Transaction, ahead: int, latest: int) -> None:
    """The clock stands so; neither number ever falls."""
    tx.run(
        "INSERT INTO local_clock (id, ahead, latest) VALUES (1, :ahead, :latest)"
        " ON CONFLICT (id) DO UPDATE SET ahead = max(local_clock.ahead, excluded.ahead),"
        " latest = max(local_clock.latest, excluded.latest)",
        {"ahead": ahead, "latest": latest},
    )


# Rooms and members.


def rooms(tx: Transaction) -> list[Room]:
    """Every room, in the order in which they were opened."""
    seats: dict[int, list[int]] = {}
    for row in tx.all("SELECT room, member FROM local_seat ORDER BY room, joined_at, member"):
        seats.setdefault(row["room"], []).append(row["member"])
    return [
        Room(row["id"], chat_of_room(row["id"]), row["title"], row["tier"], tuple(seats.get(row["id"], ())))
        for row in tx.all("SELECT id, title, tier FROM local_room ORDER BY id")
    ]


def zones(tx: Transaction) -> dict[str, str]:
    """The time zone that each room's chat lives by, of rooms that belong to a community."""
    rows = tx.all(
        "SELECT room.native, calendar.zone FROM room JOIN calendar ON calendar.community = room.community"
        " WHERE room.bot = :bot AND room.kind = 'group' ORDER BY room.id, calendar.since",
        {"bot": BOT},
    )
    return {row["native"]: row["zone"] for row in rows}


def members(tx: Transaction) -> list[Member]:
    """Everybody, in the order in which they came."""
    rows = tx.all("SELECT id, name, role FROM local_member ORDER BY id")
    return [Member(row["id"], row["name"], row["role"]) for row in rows]


def member(tx: Transaction, member: int) -> Member | None:
    """The member with this id."""
    row = tx.one("SELECT id, name, role FROM local_member WHERE id = :member", {"member": member})
    return None if row is None else Member(row["id"], row["name"], row["role"])


def is_in(tx: Transaction, chat: str, member: int) -> bool:
    """Whether a member may write in a chat: a room they are in, or their own private one."""
    room = number(chat, "r")
    if room is None:
        return chat == chat_of_member(member)
    found = tx.value(
        "SELECT 1 FROM local_seat WHERE room = :room AND member = :member", {"room": room, "member": member}
    )
    return found is not None


def title(tx: Transaction, chat: str) -> str | None:
    """A chat's title: the room's, or the name of the member whose chat it is; None when there is none."""
    room, member = number(chat, "r"), number(chat, "m")
    if room is not None:
        found: str | None = tx.value("SELECT title FROM local_room WHERE id = :room", {"room": room})
    else:
        found = tx.value("SELECT name FROM local_member WHERE id = :member", {"member": member})
    return found


# Messages.


def messages(tx: Transaction, chat: str, before: int | None = None, most: int = PAGE) -> list[Message]:
    """The newest messages of a chat (older than message `before`), the oldest of them first."""
    rows = tx.all(
        "SELECT * FROM local_message WHERE chat = :chat AND id < :before AND deleted_at IS NULL"
        " ORDER BY id DESC LIMIT :most",
        {"chat": chat, "before": 2**62 if before is None else before, "most": most},
    )
    return _whole(tx, reversed(rows))


def message(tx: Transaction, message: int) -> Message | None:
    """The message with this id."""
    rows = tx.all("SELECT * FROM local_message WHERE id = :message", {"message": message})
    return next(iter(_whole(tx, rows)), None)


def _whole(tx: Transaction, rows: Iterable[Row]) -> list[Message]:
    rows = list(rows)
    reactions = _reactions(tx, [row["id"] for row in rows])
    quotes = _quotes(tx, [row["reply_to"] for row in rows if row["reply_to"] is not None])
    files = local_files.of(tx, [row["file"] for row in rows if row["file"] is not None])
    return [
        _message(row, quotes.get(row["reply_to"]), reactions.get(row["id"], {}), files.get(row["file"]))
        for row in rows
    ]


def _message(row: Row, quote: Quote | None, reactions: dict[str, list[int]], file: File | None) -> Message:
    return Message(
        id=row["id"],
        chat=row["chat"],
        member=row["member"],
        kind=row["kind"],
        at=row["at"],
        text=row["text"],
        buttons=msgspec.json.decode(row["buttons"], type=tuple[tuple[Button, ...], ...]),
        picture=row["picture"],
        file=file,
        reply=quote,
        reactions=reactions,
        is_edited=row["edited_at"] is not None,
        is_deleted=row["deleted_at"] is not None,
    )


def _reactions(tx: Transaction, messages: list[int]) -> dict[int, dict[str, list[int]]]:
    found: dict[int, dict[str, list[int]]] = {}
    rows = tx.all(
        "SELECT message, member, emoji FROM local_reaction"
        " WHERE message IN (SELECT value FROM json_each(:messages)) ORDER BY message, at, member",
        {"messages": listed(messages)},
    )
    for row in rows:
        found.setdefault(row["message"], {}).setdefault(row["emoji"], []).append(row["member"])
    return found


def _quotes(tx: Transaction, messages: list[int]) -> dict[int, Quote]:
    rows = tx.all(
        "SELECT id, member, text, picture, deleted_at FROM local_message"
        " WHERE id IN (SELECT value FROM json_each(:messages))",
        {"messages": listed(messages)},
    )
    return {
        row["id"]: Quote(
            id=row["id"],
            member=row["member"],
            text=row["text"],
            has_picture=row["picture"] is not None,
            is_deleted=row["deleted_at"] is not None,
        )
        for row in rows
    }


def write(
    tx: Transaction,
    *,
    chat: str,
    member: int,
    text: str,
    now: int,
    kind: str = "text",
    buttons: tuple[tuple[Button, ...], ...] = (),
    picture: int | None = None,
    reply_to: int | None = None,
) -> int:
    """Put a message into a chat; its id."""
    return tx.insert(
        "INSERT INTO local_message (chat, member, kind, at, text, buttons, picture, reply_to)"
        " VALUES (:chat, :member, :kind, :now, :text, :buttons, :picture, :reply_to) RETURNING id",
        {
            "chat": chat,
            "member": member,
            "kind": kind,
            "now": now,
            "text": text,
            "buttons": msgspec.json.encode(buttons).decode(),
            "picture": picture,
            "reply_to": reply_to,
        },
    )


def rewrite(
    tx: Transaction, message: int, text: str, buttons: tuple[tuple[Button, ...], ...], now: int
) -> bool:
    """Replace the text and buttons of a message; False when it is gone."""
    changed = tx.run(
        "UPDATE local_message SET text = :text, buttons = :buttons, edited_at = :now"
        " WHERE id = :message AND deleted_at IS NULL",
        {
            "message": message,
            "text": text,
            "buttons": msgspec.json.encode(buttons).decode(),
            "now": now,
        },
    )
    return changed == 1


def delete(tx: Transaction, message: int, now: int) -> None:
    """Take a message away, with all that it held."""
    tx.run(
        "UPDATE local_message SET text = '', buttons = '[]', picture = NULL, file = NULL, deleted_at = :now"
        " WHERE id = :message",
        {"message": message, "now": now},
    )
    tx.run("DELETE FROM local_reaction WHERE message = :message", {"message": message})


def react(tx: Transaction, message: int, member: int, emojis: tuple[str, ...], now: int) -> tuple[str, ...]:
    """A member's reactions to a message are these from now on; what they were."""
    key = {"message": message, "member": member}
    rows = tx.all(
        "SELECT emoji FROM local_reaction WHERE message = :message AND member = :member ORDER BY at, emoji",
        key,
    )
    tx.run("DELETE FROM local_reaction WHERE message = :message AND member = :member", key)
    tx.many(
        "INSERT INTO local_reaction (message, member, emoji, at) VALUES (:message, :member, :emoji, :now)",
        [key | {"emoji": emoji, "now": now} for emoji in emojis],
    )
    return tuple(row["emoji"] for row in rows)


# Pictures.


def keep_picture(tx: Transaction, media_type: str, content: bytes, now: int) -> int:
    """Keep a picture; its id."""
    return tx.insert(
        "INSERT INTO local_picture (media_type, content, created_at) VALUES (:type, :content, :now)"
        " RETURNING id",
        {"type": media_type, "content": content, "now": now},
    )


def picture(tx: Transaction, picture: int) -> tuple[str, bytes] | None:
    """A picture that is still shown somewhere: its media type and content."""
    row = tx.one(
        "SELECT media_type, content FROM local_picture WHERE id = :picture"
        " AND EXISTS (SELECT 1 FROM local_message WHERE local_message.picture = local_picture.id)",
        {"picture": picture},
    )
    return None if row is None else (row["media_type"], row["content"])


# Answers to buttons.


def answer(tx: Transaction, press: int, text: str, *, alert: bool) -> bool:
    """Answer a press; False when there was none."""
    changed = tx.run(
        "UPDATE local_press SET answer = :text, alert = :alert, shown = :shown WHERE id = :press",
        {"press": press, "text": text, "alert": int(alert), "shown": int(not text)},
    )
    return changed == 1


def pressed(tx: Transaction, press: int) -> Answer | None:
    """The answer to a press, once there is one."""
    row = tx.one(
        "SELECT id, member, answer, alert FROM local_press WHERE id = :press AND answer IS NOT NULL",
        {"press": press},
    )
    return None if row is None else _answer(row)


def answers(tx: Transaction) -> list[Answer]:
    """The answers that nobody has read yet, the oldest first."""
    rows = tx.all(
        "SELECT id, member, answer, alert FROM local_press WHERE answer IS NOT NULL AND shown = 0 ORDER BY id"
    )
    return [_answer(row) for row in rows]


def _answer(row: Row) -> Answer:
    return Answer(row["id"], row["member"], row["answer"], bool(row["alert"]))


def shown(tx: Transaction, press: int) -> None:
    """The answer to a press was read."""
    tx.run("UPDATE local_press SET shown = 1 WHERE id = :press AND answer IS NOT NULL", {"press": press})
