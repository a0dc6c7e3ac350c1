"""The local room's rows as the page takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from storage import local_room
from storage.local_room import THE_BOT
from web import markup

if TYPE_CHECKING:
    from storage.db import Transaction
    from storage.local_room import Message, Quote

LONGEST_QUOTE = 120

View = dict[str, Any]


def message(found: Message) -> View:
    """A message: members' words as `text`, the bot's as a tree in `body`."""
    is_bot = found.member == THE_BOT
    return {
        "id": found.id,
        "chat": found.chat,
        "member": found.member,
        "kind": found.kind,
        "at": found.at,
        "text": "" if is_bot else found.text,
        "body": markup.tree(found.text) if is_bot else [],
        "buttons": [
            [{"label": one.label, "data": one.data, "url": markup.address(one.url)} for one in row]
            for row in found.buttons
        ],
        "picture": found.picture,
        "file": None if found.file is None else msgspec.to_builtins(found.file),
        "reply": None if found.reply is None else _quote(found.reply),
        "reactions": list(found.reactions.items()),
        "edited": found.is_edited,
        "deleted": found.is_deleted,
    }


def _quote(found: Quote) -> View:
    words = markup.text(found.text) if found.member == THE_BOT else found.text
    return {
        "id": found.id,
        "member": found.member,
        "text": words[:LONGEST_QUOTE],
        "picture": found.has_picture,
        "deleted": found.is_deleted,
    }


def people(tx: Transaction) -> View:
    """Who there is, in which rooms; by which zones; and the answers that nobody has read yet."""
    return {
        "rooms": [msgspec.to_builtins(room) for room in local_room.rooms(tx)],
        "members": [msgspec.to_builtins(member) for member in local_room.members(tx)],
        "zones": local_room.zones(tx),
        "answers": [msgspec.to_builtins(answer) for answer in local_room.answers(tx)],
    }
