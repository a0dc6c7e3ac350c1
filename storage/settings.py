"""What was set in chat, where, and by whom; and the settings that new rooms start with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.db import Transaction


UNSET = msgspec.UNSET
"""The value of a setting that was not set there."""


def value(tx: Transaction, community: int, room: int, name: str) -> object:
    """The value set in chat in just that place (room 0: the whole community), or UNSET."""
    found: str | None = tx.value(
        "SELECT value FROM setting WHERE community = :community AND room = :room AND name = :name",
        {"community": community, "room": room, "name": name},
    )
    return UNSET if found is None else msgspec.json.decode(found)


def set_value(tx: Transaction, community: int, room: int, name: str, value: object) -> None:
    """Keep one value under its full name (`feature.key`), or with UNSET none; room 0: the whole community."""
    if value is UNSET:
        tx.run(
            "DELETE FROM setting WHERE community = :community AND room = :room AND name = :name",
            {"community": community, "room": room, "name": name},
        )
        return
    tx.run(
        "INSERT INTO setting (community, room, name, value) VALUES (:community, :room, :name, :value)"
        " ON CONFLICT (community, room, name) DO UPDATE SET value = excluded.value",
        {"community": community, "room": room, "name": name, "value": msgspec.json.encode(value).decode()},
    )


OF_ROOM = "SELECT name, value FROM setting WHERE community = :community AND room = :room ORDER BY name"


def of_room(tx: Transaction, community: int, room: int) -> dict[str, object]:
    """The values set in chat in just that place (room 0: the whole community), by full name."""
    rows = tx.all(OF_ROOM, {"community": community, "room": room})
    return {row["name"]: msgspec.json.decode(row["value"]) for row in rows}


OF_ROOMS = (
    "SELECT room, name, value FROM setting WHERE community = :community AND room > 0 ORDER BY room, name"
)


def of_rooms(tx: Transaction, community: int) -> dict[int, dict[str, object]]:
    """The values set in chat for rooms of a community alone: by room, by full name."""
    found: dict[int, dict[str, object]] = {}
    for row in tx.all(OF_ROOMS, {"community": community}):
        found.setdefault(row["room"], {})[row["name"]] = msgspec.json.decode(row["value"])
    return found


def move_room(tx: Transaction, room: int, left: int, joined: int) -> None:
    """What was set for a room alone goes with it into another community."""
    values = {"room": room, "left": left, "joined": joined}
    tx.run("DELETE FROM setting WHERE community = :joined AND room = :room", values)
    tx.run("UPDATE setting SET community = :joined WHERE community = :left AND room = :room", values)


ROOMS_WITH = (
    "SELECT setting.room FROM setting CROSS JOIN room ON room.id = setting.room"
    " WHERE setting.community = :community AND setting.name = :name AND room.standing = 'active'"
    " ORDER BY setting.room"
)


def rooms_with(tx: Transaction, community: int, name: str) -> list[int]:
    """The rooms that have a value of their own for a setting."""
    return [row["room"] for row in tx.all(ROOMS_WITH, {"community": community, "name": name})]


class SetBy(msgspec.Struct, frozen=True):
    """Who set something, and when (UTC milliseconds); person None: nobody in particular."""

    person: int | None
    at: int


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
