"""Who came on a day, for the lines that look back on it, and who looks after a community."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from rules.days import Day

if TYPE_CHECKING:
    from storage.db import Row, Transaction


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """A member of a room who checked in on a day, and their streak as it is kept now.

    `here`: in this room, or in none but in private; of several rooms only this one tells what they reached.
    """

    person: int
    name: str
    hidden: bool
    here: bool
    current: int
    longest: int
    total: int
    last_day: Day


CAME = (
    "SELECT person.id AS person, min(own.name) AS name, person.hidden,"
    " streak.current, streak.longest, streak.total, streak.last_day,"
    " max(CASE WHEN checkin.room = :room THEN 1 ELSE 0 END)"
    " >= max(CASE WHEN place.kind = 'group' THEN 1 ELSE 0 END) AS here"
    " FROM membership JOIN account AS own ON own.id = membership.account"
    " JOIN account ON account.person = own.person"
    " JOIN checkin ON checkin.community = :community AND checkin.account = account.id"
    " AND checkin.day = :day AND checkin.standing = 'counted' AND checkin.way <> 'makeup'"
    " JOIN person ON person.id = account.person"
    " JOIN room AS place ON place.id = checkin.room"
    " JOIN streak ON streak.community = checkin.community AND streak.person = person.id"
    " WHERE membership.room = :room AND membership.role <> 'left'"
    " GROUP BY person.id HAVING min(checkin.at) >= :since AND min(checkin.at) < :until"
    " ORDER BY min(checkin.at), person.id"
)
"""By way of the room's members: their days lie together, those of a day do not."""


def came(tx: Transaction, community: int, room: int, day: Day, since: int, until: int) -> list[Came]:
    """The members of a room whose first check-in of a day was said from one instant to before another."""
    values = {"community": community, "room": room, "day": day, "since": since, "until": until}
    return [_came(row) for row in tx.all(CAME, values)]


def _came(row: Row) -> Came:
    return Came(**dict(row) | {"hidden": bool(row["hidden"]), "here": bool(row["here"])})


class Expected(msgspec.Struct, frozen=True):
    """Somebody who would be expected to check in: when they joined (UTC ms), and when they last came."""

    person: int
    name: str
    joined_at: int
    last_day: Day | None


def expected(tx: Transaction, community: int, *, since: Day, joined_since: int) -> list[Expected]:
    """The members who checked in since a day, or joined since an instant (UTC ms), by name."""
    rows = tx.all(
        "SELECT account.person, min(account.name) AS name, min(membership.joined_at) AS joined_at,"
        " max(streak.last_day) AS last_day FROM room"
        " JOIN membership ON membership.room = room.id JOIN account ON account.id = membership.account"
        " LEFT JOIN streak ON streak.community = room.community AND streak.person = account.person"
        " WHERE room.community = :community AND room.standing = 'active' AND membership.role <> 'left'"
        " AND room.id <> coalesce((SELECT staff_room FROM community WHERE id = :community), 0)"
        " AND account.is_bot = 0 AND (streak.last_day >= :since"
        " OR (membership.joined_at >= :joined_since AND membership.join_found = 0"
        " AND membership.role = 'member'))"
        " GROUP BY account.person ORDER BY name, account.person",
        {"community": community, "since": since, "joined_since": joined_since},
    )
    return [Expected(**dict(row)) for row in rows]


def late_on(tx: Transaction, community: int, day: Day) -> set[int]:
    """The persons of whom a check-in of a day counts as late."""
    rows = tx.all(
        "SELECT DISTINCT account.person FROM checkin JOIN account ON account.id = checkin.account"
        " WHERE checkin.community = :community AND checkin.day = :day AND checkin.standing = 'counted'"
        " AND checkin.late = 1",
        {"community": community, "day": day},
    )
    return {row["person"] for row in rows}


def wants_digest(tx: Transaction, community: int, person: int) -> bool:
    """Whether somebody who looks after a community is told in the evening without asking."""
    off = tx.value(
        "SELECT 1 FROM digest_off WHERE community = :community AND person = :person",
        {"community": community, "person": person},
    )
    return off is None


def want_digest(tx: Transaction, community: int, person: int, *, wanted: bool) -> None:
    """Keep whether somebody is told in the evening without asking."""
    tx.run(
        "DELETE FROM digest_off WHERE community = :community AND person = :person"
        if wanted
        else "INSERT INTO digest_off (community, person) VALUES (:community, :person) ON CONFLICT DO NOTHING",
        {"community": community, "person": person},
    )
