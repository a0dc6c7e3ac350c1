"""Communities, and their time rules through history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from rules.calendar import Calendar, Rule

if TYPE_CHECKING:
    from storage.db import Row, Transaction


class Community(msgspec.Struct, frozen=True):
    """A set of rooms run together."""

    id: int
    name: str
    language: str
    created_at: int
    staff_room: int | None = None
    """The room, which may be a private one, where lists, alerts and the audit go."""


def add(tx: Transaction, name: str, language: str, zone: str, day_starts_at: int, now: int) -> Community:
    """A new community with the time rules it begins with (`day_starts_at` in minutes after midnight)."""
    community = tx.insert(
        "INSERT INTO community (name, language, created_at) VALUES (:name, :language, :now) RETURNING id",
        {"name": name, "language": language, "now": now},
    )
    set_time_rule(tx, community, 0, zone, day_starts_at)
    return Community(community, name, language, now)


def by_id(tx: Transaction, community: int) -> Community:
    """The community with this id; KeyError when there is none."""
    row = tx.one("SELECT * FROM community WHERE id = :community", {"community": community})
    if row is None:
        raise KeyError(community)
    return _community(row)


def all_of_them(tx: Transaction) -> list[Community]:
    """Every community, the oldest first."""
    return [_community(row) for row in tx.all("SELECT * FROM community ORDER BY id")]


def run_by(tx: Transaction, person: int | None) -> list[Community]:
    """The communities, with rooms that the bot is in, that a person may run; None: all such.

    That is: of which the person runs a members' room, or has a role of Banzhang's own. What their roles let
    them do is not asked here.
    """
    rows = tx.all(
        "SELECT DISTINCT community.* FROM account"
        " JOIN membership ON membership.account = account.id AND membership.role IN ('owner', 'admin')"
        " JOIN room ON room.id = membership.room AND room.standing = 'active'"
        " JOIN community ON community.id = room.community AND room.id <> coalesce(community.staff_room, 0)"
        " WHERE account.person = :person"
        " UNION SELECT community.* FROM role JOIN community ON community.id = role.community"
        " JOIN room ON room.community = community.id AND room.standing = 'active'"
        " WHERE role.person = :person ORDER BY id"
        if person is not None
        else "SELECT DISTINCT community.* FROM community"
        " JOIN room ON room.community = community.id AND room.standing = 'active' ORDER BY community.id",
        {"person": person},
    )
    return [_community(row) for row in rows]


def _community(row: Row) -> Community:
    return Community(row["id"], row["name"], row["language"], row["created_at"], row["staff_room"])


def set_name(tx: Transaction, community: int, name: str) -> None:
    """What the community is called."""
    tx.run("UPDATE community SET name = :name WHERE id = :community", {"community": community, "name": name})


def set_language(tx: Transaction, community: int, language: str) -> None:
    """The language the community's rooms are spoken to in, unless a room has its own."""
    tx.run(
        "UPDATE community SET language = :language WHERE id = :community",
        {"community": community, "language": language},
    )


def set_staff_room(tx: Transaction, community: int, room: int | None) -> None:
    """Lists, alerts and the audit go there from now on; None: to no room."""
    tx.run(
        "UPDATE community SET staff_room = :room WHERE id = :community",
        {"community": community, "room": room},
    )


def with_staff_room(tx: Transaction, room: int) -> list[Community]:
    """The communities whose staff room this is; a private chat may serve several."""
    rows = tx.all("SELECT * FROM community WHERE staff_room = :room ORDER BY id", {"room": room})
    return [_community(row) for row in rows]


def calendar(tx: Transaction, community: int) -> Calendar:
    """The community's days, by the time rules of all its history."""
    rows = tx.all(
        "SELECT since, zone, day_starts_at FROM calendar WHERE community = :community ORDER BY since",
        {"community": community},
    )
    return Calendar(tuple(Rule(row["since"], row["zone"], row["day_starts_at"]) for row in rows))


def set_time_rule(tx: Transaction, community: int, since: int, zone: str, day_starts_at: int) -> None:
    """From `since` on the community's days follow this zone and day start (minutes after midnight)."""
    tx.run(
        "INSERT INTO calendar (community, since, zone, day_starts_at)"
        " VALUES (:community, :since, :zone, :starts)"
        " ON CONFLICT (community, since) DO UPDATE"
        " SET zone = excluded.zone, day_starts_at = excluded.day_starts_at",
        {"community": community, "since": since, "zone": zone, "starts": day_starts_at},
    )
