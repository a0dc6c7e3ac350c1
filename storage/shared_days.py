"""What people with several accounts earned on days on which more than one of them did something in one place.

The record stays with the accounts, each as if it were alone; `shared_day` keeps beside it, as rankings hold
it, what all of a person's rows for a day and room are worth together (rules/together.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rules.days import Day
from rules.score import Counts
from rules.together import Done, Pair, worth
from storage import links
from storage.activity import SIGNALS, Made
from storage.statements import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from rules.together import Place, Reckon, Worth
    from storage.db import Transaction


class Move(NamedTuple):
    """Points that a row of the record gained or lost since it was last settled."""

    person: int
    account: int
    day: Day
    room: int
    points: float


_COLUMNS = ", ".join(f"activity.{name}" for name in SIGNALS)
RECORD = (
    f"SELECT activity.day, activity.room, activity.account, {_COLUMNS}, activity.points,"  # noqa: S608 - the columns are a table's
    " coalesce(unsettled.settled, activity.points) AS settled FROM account"
    " CROSS JOIN activity ON activity.community = :community AND activity.account = account.id"
    " LEFT JOIN unsettled ON unsettled.community = activity.community"
    " AND unsettled.account = activity.account AND unsettled.day = activity.day"
    " AND unsettled.room = activity.room WHERE account.person = :person"
)
ON_DAYS = " AND activity.day IN (SELECT value FROM json_each(:days))"
TWICE = (
    "SELECT day, sum(times - 1) AS times FROM"
    " (SELECT checkin.day, checkin.task, count(*) AS times FROM account"
    " CROSS JOIN checkin ON checkin.community = :community AND checkin.account = account.id"
    " AND checkin.day IN (SELECT value FROM json_each(:days)) AND checkin.standing = 'counted'"
    " WHERE account.person = :person GROUP BY checkin.day, checkin.task HAVING count(*) > 1) AS again"
    " GROUP BY day"
)
OWN_PAIRS = (
    "SELECT pair.day, pair.account, pair.about, pair.replies, pair.reactions FROM account"
    " CROSS JOIN pair ON pair.community = :community AND pair.day IN (SELECT value FROM json_each(:days))"
    " AND pair.account = account.id AND pair.about IN (SELECT id FROM account WHERE person = :person)"
    " WHERE account.person = :person ORDER BY pair.day, pair.account, pair.about"
)


def record(
    tx: Transaction, community: int, person: int, days: Collection[Day] | None = None
) -> dict[Place, list[Done]]:
    """What each account of a person did, by day and room; on all days, or on some."""
    narrowed = "" if days is None else ON_DAYS
    values = {"community": community, "person": person, "days": listed(days or ())}
    found: dict[Place, list[Done]] = {}
    for row in tx.all(RECORD + narrowed, values):
        done = Done(row[2], tuple(row[3:-2]), row[-2], row[-1])
        found.setdefault((row[0], row[1]), []).append(done)
    return found


def reckoned(
    tx: Transaction, community: int, person: int, places: dict[Place, list[Done]], reckon: Reckon
) -> dict[Place, Worth]:
    """What several accounts of a person are worth together, in each of these places that they share."""
    shared = {day for (day, _), rows in places.items() if len(rows) > 1}
    if not shared:
        return {}
    values = {"community": community, "person": person, "days": listed(shared)}
    twice = {Day(row["day"]): row["times"] for row in tx.all(TWICE, values)}
    pairs = [Pair(Day(row[0]), *row[1:]) for row in tx.all(OWN_PAIRS, values)]
    return worth(places, twice, pairs, reckon)


def keep(tx: Transaction, community: int, person: int, points: dict[Place, float]) -> None:
    """Rankings hold these points of a person for these days and rooms."""
    tx.put(
        "INSERT INTO shared_day (community, person, day, room, points)"
        " VALUES (:community, :person, :day, :room, :points)"
        " ON CONFLICT (community, person, day, room) DO UPDATE SET points = excluded.points",
        [(community, person, day, room, one) for (day, room), one in points.items()],
    )


KEPT = (
    "SELECT person, day, room, points FROM shared_day WHERE community = :community"
    " AND person IN (SELECT value FROM json_each(:persons))"
)


def kept(
    tx: Transaction, community: int, persons: Iterable[int], days: Collection[Day] | None = None
) -> dict[tuple[int, Day, int], float]:
    """The points of several accounts together that rankings hold, by person, day and room."""
    narrowed = "" if days is None else " AND day IN (SELECT value FROM json_each(:days))"
    values = {"community": community, "persons": listed(persons), "days": listed(days or ())}
    rows = tx.all(KEPT + narrowed, values)
    return {(row["person"], Day(row["day"]), row["room"]): row["points"] for row in rows}


def forget(tx: Transaction, community: int, persons: Iterable[int]) -> None:
    """These persons' accounts share nothing any more."""
    tx.run(
        "DELETE FROM shared_day WHERE community = :community"
        " AND person IN (SELECT value FROM json_each(:persons))",
        {"community": community, "persons": listed(persons)},
    )


def as_one(tx: Transaction, community: int, person: int, rows: Sequence[Made], reckon: Reckon) -> list[Made]:
    """Rows of a person's accounts as shown to them: one for what several did on the same day in one room."""
    days = {row.day for row in rows}
    places = record(tx, community, person, days)
    together = reckoned(tx, community, person, places, reckon)
    held = kept(tx, community, [person], days)
    alone = [row for row in rows if (row.day, row.room) not in together]
    shared = [
        Made(day, room, Counts(*one.counts), held.get((person, day, room), one.points))
        for (day, room), one in together.items()
    ]
    return sorted((*alone, *shared), key=lambda row: row.day, reverse=True)


def as_persons(tx: Transaction, community: int, moves: Sequence[Move], reckon: Reckon) -> list[Move]:
    """What accounts gained or lost, as their persons did who have several of them."""
    shared = links.among(tx, {move.person for move in moves})
    if not shared:
        return list(moves)
    held = kept(tx, community, shared, {move.day for move in moves})
    found = [move for move in moves if move.person not in shared]
    for person in sorted(shared):
        own = [move for move in moves if move.person == person]
        found += _as_one(tx, community, own, held, reckon)
    return found


def _as_one(
    tx: Transaction,
    community: int,
    moves: Sequence[Move],
    held: dict[tuple[int, Day, int], float],
    reckon: Reckon,
) -> list[Move]:
    """The moves of one person's accounts, by place: what they were worth together before, and are now."""
    person = moves[0].person
    places = record(tx, community, person, {move.day for move in moves})
    gained: dict[Place, float] = {}
    for move in moves:
        gained[move.day, move.room] = gained.get((move.day, move.room), 0.0) + move.points
    reckoned_now = reckoned(tx, community, person, places, reckon)
    together = {place: one.points for place, one in reckoned_now.items() if place in gained}
    keep(tx, community, person, together)
    found = []
    for (day, room), points in gained.items():
        rows = places[day, room]
        settled = sum(row.settled for row in rows) - points
        before = held.get((person, day, room), settled)
        after = together.get((day, room), rows[0].points)
        found.append(Move(person, rows[0].account, day, room, after - before))
    return found
