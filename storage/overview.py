"""How the rooms of a community are doing: few statements for any number of rooms, whatever their history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rules.days import Day
    from storage.db import Transaction

HEARD = (
    "SELECT room_heard.room, room_heard.at FROM room CROSS JOIN room_heard ON room_heard.room = room.id"
    " WHERE room.community = :community"
)
CAME = (
    "SELECT room.id AS room, count(DISTINCT account.person) AS active,"
    " count(DISTINCT CASE WHEN streak.last_day >= :monday THEN account.person END) AS came"
    " FROM room CROSS JOIN membership ON membership.room = room.id"
    " CROSS JOIN account ON account.id = membership.account"
    " LEFT JOIN streak ON streak.community = room.community AND streak.person = account.person"
    " WHERE room.community = :community AND room.standing = 'active' AND membership.role <> 'left'"
    " AND account.is_bot = 0 AND (streak.last_day >= :since"
    " OR (membership.joined_at >= :joined_since AND membership.join_found = 0"
    " AND membership.role = 'member'))"
    " GROUP BY room.id"
)


class Share(msgspec.Struct, frozen=True):
    """How many of a room's active members checked in this week."""

    came: int = 0
    active: int = 0


def heard(tx: Transaction, community: int) -> dict[int, int]:
    """When each room of a community was last heard, UTC milliseconds."""
    return {row["room"]: row["at"] for row in tx.all(HEARD, {"community": community})}


def note_heard(tx: Transaction, rooms: Mapping[int, int]) -> None:
    """Members wrote in these rooms at these instants (UTC milliseconds)."""
    tx.many(
        "INSERT INTO room_heard (room, at) VALUES (:room, :at)"
        " ON CONFLICT (room) DO UPDATE SET at = excluded.at WHERE excluded.at > room_heard.at",
        [{"room": room, "at": at} for room, at in rooms.items()],
    )


def shares(
    tx: Transaction, community: int, *, monday: Day, since: Day, joined_since: int
) -> dict[int, Share]:
    """Who came since Monday, of those who came since a day or joined since an instant (UTC ms), by room.

    A room in which nobody is active is not there. Where somebody checked in, in which of the rooms, is no
    matter: they came.
    """
    values = {"community": community, "monday": monday, "since": since, "joined_since": joined_since}
    return {row["room"]: Share(row["came"], row["active"]) for row in tx.all(CAME, values)}
