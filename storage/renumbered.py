"""Rows that name messages of a room, when the room begins to count its messages anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from storage.db import Transaction

NAMED = (
    "UPDATE message SET native = :mark || native WHERE room = :room",
    "UPDATE reaction SET native = :mark || native WHERE room = :room",
    "UPDATE checkin SET native = :mark || native WHERE room = :room AND native <> ''",
    "UPDATE repeat SET native = :mark || native WHERE room = :room AND native <> ''",
    "UPDATE suggestion SET message = :mark || message WHERE room = :room AND message <> ''",
)
"""Of messages that people wrote."""

SHOWN = (
    "UPDATE room_setup SET message = NULL WHERE room = :room",
    "DELETE FROM suggestion_message WHERE room = :room",
    "UPDATE outbox SET native = NULL WHERE room = :room AND state = 'sent'",
)
"""Of messages that the bot wrote, kept to change them or to point at them later."""


WITHIN = (
    (
        "SELECT id, data AS kept FROM suggestion WHERE room = :room",
        "UPDATE suggestion SET data = :kept WHERE id = :id",
    ),
    (
        "SELECT id, undo AS kept FROM audit WHERE undo LIKE '%\"native\"%'",
        "UPDATE audit SET undo = :kept WHERE id = :id",
    ),
)
"""Of messages for which a check-in may stand, or stand again, once somebody decides so."""

QUESTIONS = "SELECT community, account, said FROM question WHERE room = :room"
ASKED = "UPDATE question SET said = :said WHERE community = :community AND account = :account"


def set_apart(tx: Transaction, room: int, mark: str) -> None:
    """Put a mark before the ids of a room's messages: no message of the new count has one like that.

    All rows of one room, once in its life: no index serves it.
    """
    for statement in NAMED:
        tx.run(statement, {"room": room, "mark": mark})
    for statement in SHOWN:
        tx.run(statement, {"room": room})
    for read, write in WITHIN:
        for row in tx.all(read, {"room": room} if ":room" in read else {}):
            kept = _marked(msgspec.json.decode(row["kept"]), room, mark)
            tx.run(write, {"id": row["id"], "kept": msgspec.json.encode(kept).decode()})
    for row in tx.all(QUESTIONS, {"room": room}):
        said = _named_anew(msgspec.json.decode(row["said"]), mark)
        tx.run(ASKED, dict(row) | {"said": msgspec.json.encode(said).decode()})
    tx.kept.clear()  # what was read of these rows names messages as before


def _marked(kept: Any, room: int, mark: str) -> Any:  # noqa: ANN401 - JSON may be anything
    """The same with the mark in all check-ins of that room that it holds."""
    if isinstance(kept, list):
        return [_marked(one, room, mark) for one in kept]
    if not isinstance(kept, dict):
        return kept
    if kept.get("room") == room and {"account", "native"} <= kept.keys():
        return _named_anew(kept, mark)
    return {name: _marked(one, room, mark) for name, one in kept.items()}


def _named_anew(said: dict[str, Any], mark: str) -> dict[str, Any]:
    return said | {"native": mark + said["native"]} if said["native"] else said
