"""The record of activity: one row for each account, room and day of a community."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


class DayRow(msgspec.Struct, gc=False):
    """What one account did and got in one room on a day. `marked`: it is known to wait for being settled."""

    counts: tuple[int, ...]
    points: float = 0.0
    marked: bool = False


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
    """The rows of these accounts on a day, in all rooms of the community."""
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


def save_days(tx: Transaction, rows: Iterable[tuple[DayKey, DayRow]]) -> None:
    """Keep days as they are now."""
    tx.put(SAVE, [(*key, *row.counts, row.points) for key, row in rows])


def mark_unsettled(tx: Transaction, rows: Iterable[tuple[DayKey, float]]) -> None:
    """These rows' points, as given, are about to change; in scores and tallies they are already."""
    tx.put(
        "INSERT INTO unsettled (community, day, account, room, settled)"
        " VALUES (:community, :day, :account, :room, :settled) ON CONFLICT DO NOTHING",
        [(*key, points) for key, points in rows],
    )


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
