"""Rows that name messages of a room, when the room begins to count its messages anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def set_apart(tx: Transaction, room: int, mark: str) -> None:
    """Put a mark before the ids of a room's messages: no message of the new count has one like that.

    All rows of one room, once in its life: no index serves it.
    """
    for statement in NAMED:
        tx.run(statement, {"room": room, "mark": mark})
    for statement in SHOWN:
        tx.run(statement, {"room": room})
