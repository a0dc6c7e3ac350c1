"""What was set where, who set it when, and the settings that new rooms start with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.db import Transaction


class SetBy(msgspec.Struct, frozen=True):
    """Who set something, and when (UTC milliseconds); person None: nobody in particular."""

    person: int | None
    at: int


OF_ROOM = "SELECT name, value FROM setting WHERE community = :community AND room = :room ORDER BY name"


def of_room(tx: Transaction, community: int, room: int) -> dict[str, object]:
    """The values set in chat in just that place (room 0: the whole community), by full name."""
    rows = tx.all(OF_ROOM, {"community": community, "room": room})
    return {row["name"]: msgspec.json.decode(row["value"]) for row in rows}


ROOMS_WITH = (
    "SELECT setting.room FROM setting CROSS JOIN room ON room.id = setting.room"
    " WHERE setting.community = :community AND setting.name = :name AND room.standing = 'active'"
    " ORDER BY setting.room"
)


def rooms_with(tx: Transaction, community: int, name: str) -> list[int]:
    """The rooms that have a value of their own for a setting."""
    return [row["room"] for row in tx.all(ROOMS_WITH, {"community": community, "name": name})]


LAST_SET = (
    "SELECT person, at FROM audit WHERE community = :community AND act = 'setting'"
    " AND subject = :name AND room = :room ORDER BY id DESC LIMIT 1"
)


def last_set(tx: Transaction, community: int, room: int, name: str) -> SetBy | None:
    """Who changed a setting last in just that place, by the audit."""
    row = tx.one(LAST_SET, {"community": community, "room": room, "name": name})
    return None if row is None else SetBy(row["person"], row["at"])


TEMPLATE = "SELECT name, value FROM room_template WHERE community = :community ORDER BY name"


def template(tx: Transaction, community: int) -> dict[str, object]:
    """The settings that a new room of a community starts with, by full name."""
    rows = tx.all(TEMPLATE, {"community": community})
    return {row["name"]: msgspec.json.decode(row["value"]) for row in rows}


def set_template(tx: Transaction, community: int, values: Mapping[str, object]) -> None:
    """New rooms of a community start with just these settings from now on."""
    tx.run("DELETE FROM room_template WHERE community = :community", {"community": community})
    tx.put(
        "INSERT INTO room_template (community, name, value) VALUES (:community, :name, :value)",
        [(community, name, msgspec.json.encode(value).decode()) for name, value in values.items()],
    )
