"""The roles that people were given in a community, and what its own roles may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from storage.people import IS_HERE

if TYPE_CHECKING:
    from collections.abc import Collection

    from storage.db import Transaction


class Holder(msgspec.Struct, frozen=True):
    """Somebody who has a role. `is_here`: in a room of the community; else it gives no rights."""

    person: int
    role: str
    is_here: bool


OF_COMMUNITY = " AS is_here, person, name FROM role WHERE community = :community ORDER BY given_at, person"
HOLDERS = f"SELECT {IS_HERE}{OF_COMMUNITY}"


def holders(tx: Transaction, community: int) -> list[Holder]:
    """Everybody who was given a role in a community, the longest first."""
    rows = tx.all(HOLDERS, {"community": community})
    return [Holder(row["person"], row["name"], bool(row["is_here"])) for row in rows]


def give_to_all(
    tx: Transaction, community: int, persons: Collection[int], name: str, now: int, by: int | None
) -> None:
    """Give a role to several persons; who has it keeps it."""
    tx.many(
        "INSERT INTO role (community, person, name, given_at, given_by)"
        " VALUES (:community, :person, :name, :now, :by) ON CONFLICT DO NOTHING",
        [
            {"community": community, "person": person, "name": name, "now": now, "by": by}
            for person in persons
        ],
    )


def take_from_all(tx: Transaction, community: int, name: str) -> None:
    """Nobody has a role any more."""
    tx.run(
        "DELETE FROM role WHERE community = :community AND name = :name",
        {"community": community, "name": name},
    )


def platform_staff(tx: Transaction, community: int) -> list[tuple[int, str]]:
    """Whom platforms name owner or admin in the members' rooms of a community, with that role."""
    rows = tx.all(
        "SELECT DISTINCT account.person, membership.role FROM room"
        " JOIN community ON community.id = room.community"
        " CROSS JOIN membership ON membership.room = room.id AND membership.role IN ('owner', 'admin')"
        " CROSS JOIN account ON account.id = membership.account AND account.is_bot = 0"
        " WHERE room.community = :community AND room.standing = 'active'"
        " AND room.id <> coalesce(community.staff_room, 0) ORDER BY account.person",
        {"community": community},
    )
    return [(row["person"], row["role"]) for row in rows]


# What roles may do.


def kinds(tx: Transaction, community: int) -> dict[str, str]:
    """The rights, as words with spaces between, of roles that a community made or changed."""
    rows = tx.all(
        "SELECT name, rights FROM role_kind WHERE community = :community ORDER BY name",
        {"community": community},
    )
    return {row["name"]: row["rights"] for row in rows}


def set_kind(tx: Transaction, community: int, name: str, rights: str | None) -> None:
    """A role has these rights (words with spaces between) in a community; None: none of its own."""
    values = {"community": community, "name": name, "rights": rights}
    if rights is None:
        tx.run("DELETE FROM role_kind WHERE community = :community AND name = :name", values)
        return
    tx.run(
        "INSERT INTO role_kind (community, name, rights) VALUES (:community, :name, :rights)"
        " ON CONFLICT (community, name) DO UPDATE SET rights = excluded.rights",
        values,
    )
