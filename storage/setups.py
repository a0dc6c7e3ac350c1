"""How far the set-up of a room has come, and where its room came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from storage.db import Transaction

DONE = "done"


class Setup(msgspec.Struct, frozen=True):
    """Where the set-up of a room stands (`done`: it is over), and the message that shows it.

    `came_from` is the community that the room left for the one it is in.
    """

    page: str
    message: str | None = None
    came_from: int | None = None


def of_room(tx: Transaction, room: int) -> Setup:
    """The set-up of a room; of one that was never asked, it is over."""
    row = tx.one("SELECT page, message, came_from FROM room_setup WHERE room = :room", {"room": room})
    return Setup(DONE) if row is None else Setup(**dict(row))


def keep(tx: Transaction, room: int, **changes: str | int | None) -> None:
    """Change what is known of a room's set-up: page, message, came_from."""
    setup = msgspec.structs.replace(of_room(tx, room), **changes)
    tx.run(
        "INSERT INTO room_setup (room, page, message, came_from) VALUES (:room, :page, :message, :came_from)"
        " ON CONFLICT (room) DO UPDATE SET page = excluded.page, message = excluded.message,"
        " came_from = excluded.came_from",
        {"room": room, **msgspec.structs.asdict(setup)},
    )


def turn(tx: Transaction, room: int, page: str, to: str) -> bool:
    """Turn from one page to another; False when somebody was quicker and it is not on that page any more."""
    return (
        tx.run(
            "UPDATE room_setup SET page = :to WHERE room = :room AND page = :page",
            {"room": room, "page": page, "to": to},
        )
        == 1
    )


def has_studied(tx: Transaction, room: int) -> bool:
    """Whether anybody ever checked in in a room."""
    found = tx.value("SELECT 1 FROM checkin WHERE room = :room LIMIT 1", {"room": room})
    return found is not None


def people_known(tx: Transaction, room: int) -> int:
    """How many people are known to be in a room."""
    found: int = tx.value(
        "SELECT count(*) FROM membership JOIN account ON account.id = membership.account"
        " WHERE membership.room = :room AND membership.role <> 'left' AND account.is_bot = 0",
        {"room": room},
    )
    return found
