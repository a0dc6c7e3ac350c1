"""The record of activity: one row for each account, room and day of a community.

What becomes of rows in a batch is noted in one row (`day_note`) and follows into the record, whose rows lie
in random places of the file, when much was noted, or before anybody reads it: `write_down`.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from rules.days import Day
from rules.score import Counts
from storage.statements import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from storage.db import Transaction

DayKey = tuple[int, Day, int, int]
"""Community, day, account, room."""

SIGNALS: tuple[str, ...] = Counts.__struct_fields__
"""The columns that count signals, in the order of `rules.score.Counts`."""

ALWAYS, NEVER = Day(""), Day("9999")
"""Before the first day, and behind the last."""

EVERYWHERE = 0
"""The room of what counts in the community as a whole: check-ins."""

_COLUMNS = ", ".join(SIGNALS)
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[tuple[Any, ...]]).decode


class DayRow(msgspec.Struct, gc=False):
    """What one account did and got in one room on a day, and the points of that."""

    counts: tuple[int, ...]
    points: float = 0.0


class Made(msgspec.Struct, frozen=True):
    """A day's row as shown to its member."""

    day: Day
    room: int
    counts: Counts
    points: float


DAYS = (
    f"SELECT account, room, {_COLUMNS}, points FROM activity"  # noqa: S608 - the columns are this file's
    " WHERE community = :community AND day = :day"
    " AND account IN (SELECT value FROM json_each(:accounts))"
)


def days(tx: Transaction, community: int, day: Day, accounts: Collection[int]) -> dict[DayKey, DayRow]:
    """The rows of these accounts on a day as they were written down, in all rooms of the community."""
    rows = tx.all(
        DAYS,
        {"community": community, "day": day, "accounts": listed(accounts)},
    )
    return {(community, day, row[0], row[1]): DayRow(row[2:-1], row[-1]) for row in rows}


SAVE = (
    f"INSERT INTO activity (community, day, account, room, {_COLUMNS}, points)"  # noqa: S608 - see above
    f" VALUES (:community, :day, :account, :room, {', '.join(':' + name for name in SIGNALS)}, :points)"
    " ON CONFLICT (community, day, account, room) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in (*SIGNALS, "points"))
)


def note_days(tx: Transaction, rows: Iterable[tuple[DayKey, DayRow]]) -> None:
    """Keep days as they are now: note them for `write_down`."""
    noted = _encode([(*key, *row.counts, row.points) for key, row in rows])
    tx.run("INSERT INTO day_note (days) VALUES (:days)", {"days": noted})


class Changed(NamedTuple):
    """A row of the record whose points are not what they were."""

    community: int
    day: Day
    account: int
    room: int
    before: float
    points: float


def write_down(tx: Transaction) -> None:
    """Bring the record up to all that was noted; what that changes waits for being settled."""
    let_wait(tx, bring_up(tx))


def bring_up(tx: Transaction) -> list[Changed]:
    """Bring the record up to all that was noted; what that changes, in order, for whoever settles it now."""
    notes = tx.all("SELECT days FROM day_note ORDER BY id")
    if not notes:
        return []
    rows: dict[DayKey, tuple[Any, ...]] = {
        row[:4]: row
        for note in notes
        for row in _decode(note[0])  # of a day's several notes the last
    }
    keys = sorted(rows)  # neighbours follow each other
    before = _points(tx, keys)
    tx.put(SAVE, [rows[key] for key in keys])
    tx.run("DELETE FROM day_note")
    compared = [Changed(*key, before.get(key, 0.0), rows[key][-1]) for key in keys]
    return [row for row in compared if row.before != row.points]


def let_wait(tx: Transaction, changed: Iterable[Changed]) -> None:
    """Keep what scores and tallies hold of rows until they are settled."""
    tx.put(UNSETTLED, [row[:-1] for row in changed])


UNSETTLED = (
    "INSERT INTO unsettled (community, day, account, room, settled)"
    " VALUES (:community, :day, :account, :room, :settled) ON CONFLICT DO NOTHING"
)
"""What scores and tallies hold of a row: its points when it changed first after it was settled."""


def any_waits(tx: Transaction, community: int) -> bool:
    """Whether some row of the record waits for being settled."""
    waits = "SELECT EXISTS (SELECT 1 FROM unsettled WHERE community = :community)"
    return bool(tx.value(waits, {"community": community}))


def has_unsettled(tx: Transaction, community: int) -> bool:
    """Whether some row of the record is not settled, or something noted of it."""
    return bool(tx.value("SELECT EXISTS (SELECT 1 FROM day_note)")) or any_waits(tx, community)


POINTS = (
    "SELECT account, room, points FROM activity WHERE community = :community AND day = :day"
    " AND account IN (SELECT value FROM json_each(:accounts))"
)


def _points(tx: Transaction, keys: Iterable[DayKey]) -> dict[DayKey, float]:
    """The points of these rows as they were written down."""
    found: dict[DayKey, float] = {}
    for (community, day), of_day in groupby(keys, key=itemgetter(0, 1)):
        wanted = {"community": community, "day": day, "accounts": listed({key[2] for key in of_day})}
        found |= {(community, day, row[0], row[1]): row[2] for row in tx.all(POINTS, wanted)}
    return found


NEWEST = (
    f"SELECT day, room, {_COLUMNS}, points FROM activity WHERE community = :community AND account = :account"  # noqa: S608 - see above
    " AND day >= :since AND day < :before AND points > 0 ORDER BY day DESC LIMIT :most"
)


def newest(
    tx: Transaction,
    community: int,
    accounts: Collection[int],
    *,
    since: Day = ALWAYS,
    before: Day = NEVER,
    most: int,
) -> list[Made]:
    """The rows with points of a person's accounts, newest first, from `since` on and before `before`."""
    parameters = {"community": community, "since": since, "before": before, "most": most}
    rows = [row for account in accounts for row in tx.all(NEWEST, parameters | {"account": account})]
    rows.sort(key=lambda row: row["day"], reverse=True)
    return [Made(Day(row["day"]), row["room"], Counts(*row[2:-1]), row["points"]) for row in rows[:most]]
