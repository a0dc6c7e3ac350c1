"""Reminders at a person's own rhythm, and the times that tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from rules.days import Day, shift
from rules.rhythm import into_day
from storage.statements import listed

if TYPE_CHECKING:
    from collections.abc import Collection

    from rules.calendar import Calendar
    from storage.db import Row, Transaction

LOOKED_AT = 14
"""How many of the last check-ins tell a person's usual time."""

KNOWN_FOR = 60
"""Days after which somebody's usual time is not known any more."""


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """How a person is reminded in a community.

    `wanted`: usual (at their own rhythm), fixed (at `minutes` after midnight), off. `next_at` (UTC ms) is
    when to look at it next, `asked_day` the day of the last one, `unanswered` how many of the last ones were.
    """

    community: int
    person: int
    wanted: str = "usual"
    minutes: int | None = None
    next_at: int | None = None
    asked_day: Day | None = None
    unanswered: int = 0


def _reminder(row: Row) -> Reminder:
    return Reminder(**dict(row))


def of_person(tx: Transaction, community: int, person: int) -> Reminder | None:
    """How a person is reminded in a community; None when that was never settled."""
    row = tx.one(
        "SELECT * FROM reminder WHERE community = :community AND person = :person",
        {"community": community, "person": person},
    )
    return None if row is None else _reminder(row)


def keep(tx: Transaction, reminder: Reminder) -> None:
    """Write down how a person is reminded."""
    tx.run(
        "INSERT INTO reminder (community, person, wanted, minutes, next_at, asked_day, unanswered)"
        " VALUES (:community, :person, :wanted, :minutes, :next_at, :asked_day, :unanswered)"
        " ON CONFLICT (community, person) DO UPDATE SET wanted = excluded.wanted,"
        " minutes = excluded.minutes, next_at = excluded.next_at, asked_day = excluded.asked_day,"
        " unanswered = excluded.unanswered",
        msgspec.structs.asdict(reminder),
    )


DUE = (
    "SELECT * FROM reminder WHERE community = :community AND next_at <= :now"
    " ORDER BY next_at, person LIMIT :most"
)
NEXT = "SELECT min(next_at) FROM reminder WHERE community = :community AND next_at IS NOT NULL"


def due(tx: Transaction, community: int, now: int, most: int) -> list[Reminder]:
    """The reminders to look at now, the oldest first."""
    return list(map(_reminder, tx.all(DUE, {"community": community, "now": now, "most": most})))


def next_due(tx: Transaction, community: int) -> int | None:
    """When (UTC ms) to look at the next reminder of a community."""
    found: int | None = tx.value(NEXT, {"community": community})
    return found


def all_planned(tx: Transaction, community: int) -> list[Reminder]:
    """Every reminder of a community that has a time."""
    rows = tx.all(
        "SELECT * FROM reminder WHERE community = :community AND next_at IS NOT NULL",
        {"community": community},
    )
    return list(map(_reminder, rows))


def last_times(tx: Transaction, community: int, person: int, since: Day) -> list[int]:
    """When (UTC ms) a person came on each of their last days, the newest first; what others noted is none."""
    rows = tx.all(
        "SELECT min(checkin.at) AS at FROM account JOIN checkin"
        " ON checkin.community = :community AND checkin.account = account.id AND checkin.day >= :since"
        " WHERE account.person = :person AND checkin.standing = 'counted'"
        " AND checkin.way NOT IN ('makeup', 'leader', 'byhand')"
        " GROUP BY checkin.day ORDER BY checkin.day DESC LIMIT :most",
        {"community": community, "person": person, "since": since, "most": LOOKED_AT},
    )
    return [row["at"] for row in rows]


def times_of_day(tx: Transaction, calendar: Calendar, community: int, person: int, day: Day) -> list[int]:
    """The times at which a person came on their last days before one, in minutes of the community's day."""
    starts = calendar.rules[-1].day_starts_at
    times = last_times(tx, community, person, shift(day, -KNOWN_FOR))
    return [into_day(calendar.local_minutes(at), starts) for at in times]


def of_persons(tx: Transaction, community: int, persons: Collection[int]) -> list[Reminder]:
    """How these persons are reminded in a community, as far as that was settled."""
    rows = tx.all(
        "SELECT * FROM reminder WHERE community = :community"
        " AND person IN (SELECT value FROM json_each(:persons))",
        {"community": community, "persons": listed(persons)},
    )
    return list(map(_reminder, rows))


def forget(tx: Transaction, community: int, person: int) -> None:
    """Nothing is settled any more about how a person is reminded in a community."""
    tx.run(
        "DELETE FROM reminder WHERE community = :community AND person = :person",
        {"community": community, "person": person},
    )
