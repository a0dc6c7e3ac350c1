"""What a table of check-ins is made of: members, check-ins, leave and streaks, each in one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from rules.days import Day
from rules.streak import Streak
from rules.tasks import Task
from storage import tasks
from storage.statements import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.db import Transaction


class Membership(msgspec.Struct, frozen=True):
    """An account in a room of the community. `left_at` may be unknown (None) also for one who `left`."""

    person: int
    name: str
    room: int
    role: str
    joined_at: int
    left_at: int | None


class Said(msgspec.Struct, frozen=True, gc=False):
    """A counted check-in of a person."""

    person: int
    task: int
    day: Day
    way: str
    late: bool


class Life(msgspec.Struct, frozen=True):
    """A task, and from when to when (UTC ms) there was such a task; None: there still is."""

    task: Task
    created_at: int
    archived_at: int | None


OF_COMMUNITY = (
    "SELECT account.person, account.name, room.id, membership.role, membership.joined_at, membership.left_at"
    " FROM room CROSS JOIN membership ON membership.room = room.id"
    " CROSS JOIN account ON account.id = membership.account"
    " WHERE room.community = :community AND room.standing = 'active' AND account.is_bot = 0"
    " AND (membership.role <> 'left' OR coalesce(membership.left_at, :since) >= :since)"
    " AND room.id <> coalesce((SELECT staff_room FROM community WHERE id = :community), 0)"
    " ORDER BY room.tier, room.id, membership.joined_at, account.id"
)
OF_ROOM = (
    "SELECT account.person, account.name, room.id, membership.role, membership.joined_at, membership.left_at"
    " FROM membership AS here CROSS JOIN account AS own ON own.id = here.account"
    " CROSS JOIN account ON account.person = own.person"
    " CROSS JOIN membership ON membership.account = account.id"
    " CROSS JOIN room ON room.id = membership.room"
    " WHERE here.room = :room AND room.community = :community AND room.standing = 'active'"
    " AND account.is_bot = 0 AND (here.role <> 'left' OR coalesce(here.left_at, :since) >= :since)"
    " AND (membership.role <> 'left' OR coalesce(membership.left_at, :since) >= :since)"
    " AND room.id <> coalesce((SELECT staff_room FROM community WHERE id = :community), 0)"
    " ORDER BY room.tier, room.id, membership.joined_at, account.id"
)
"""Everywhere in the community where those are who are, or were since then, in a room."""

SAID = (
    "SELECT account.person, checkin.task, checkin.day, checkin.way, checkin.late"
    " FROM account CROSS JOIN checkin ON checkin.community = :community AND checkin.account = account.id"
    " AND checkin.day BETWEEN :first AND :last"
    " WHERE account.person IN (SELECT value FROM json_each(:persons)) AND checkin.standing = 'counted'"
)
LEAVES = (
    "SELECT account.person, leave.first, leave.last FROM account"
    " CROSS JOIN leave ON leave.account = account.id AND leave.community = :community"
    " AND leave.last >= :since"
    " WHERE account.person IN (SELECT value FROM json_each(:persons))"
)
STREAKS = (
    "SELECT person, current, longest, total, last_day, freezes FROM streak"
    " WHERE community = :community AND person IN (SELECT value FROM json_each(:persons))"
)
LIVES = (
    "SELECT * FROM task WHERE community = :community AND archived_at IS NULL"
    " UNION ALL SELECT * FROM task WHERE id IN (SELECT value FROM json_each(:done))"
    " AND community = :community AND archived_at IS NOT NULL ORDER BY id"
)


def memberships(tx: Transaction, community: int, room: int | None, since: int) -> list[Membership]:
    """Who is in the members' rooms of a community, or was since an instant (UTC ms), as far as that is known.

    Room by room, the longest there first. With a room only who is or was in it, but everywhere they are.
    """
    values = {"community": community, "room": room, "since": since}
    return [Membership(*row) for row in tx.all(OF_COMMUNITY if room is None else OF_ROOM, values)]


def said(tx: Transaction, community: int, persons: Iterable[int], first: Day, last: Day) -> list[Said]:
    """The counted check-ins of these persons from one day to another."""
    rows = tx.all(SAID, _of(community, persons) | {"first": first, "last": last})
    return [Said(row["person"], row["task"], row["day"], row["way"], bool(row["late"])) for row in rows]


def leaves(
    tx: Transaction, community: int, persons: Iterable[int], since: Day
) -> dict[int, list[tuple[Day, Day]]]:
    """The leave of these persons that ends on `since` or later: its first and last days."""
    found: dict[int, list[tuple[Day, Day]]] = {}
    for row in tx.all(LEAVES, _of(community, persons) | {"since": since}):
        found.setdefault(row["person"], []).append((row["first"], row["last"]))
    return found


def streaks(tx: Transaction, community: int, persons: Iterable[int]) -> dict[int, Streak]:
    """The streaks of those of these persons who ever checked in, as they were after their last day."""
    return {row["person"]: Streak(*row[1:]) for row in tx.all(STREAKS, _of(community, persons))}


def lives(tx: Transaction, community: int, done: Iterable[int]) -> list[Life]:
    """The tasks of a community that are in use, and those of `done` that were put away, the oldest first."""
    rows = tx.all(LIVES, {"community": community, "done": listed(set(done))})
    return [Life(tasks.task_of(row), row["created_at"], row["archived_at"]) for row in rows]


def _of(community: int, persons: Iterable[int]) -> dict[str, object]:
    return {"community": community, "persons": listed(persons)}
