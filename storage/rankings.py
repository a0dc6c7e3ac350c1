"""Rankings: the first persons of a period, and where one stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.statements import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from storage.db import Transaction

RANKS_TOLD = 1_000
"""Nobody is told a rank beyond this one: it costs more to count, and pleases less to read."""


class Place(NamedTuple):
    """Where a person stands: the rank (None beyond RANKS_TOLD), and the value ranked by."""

    rank: int | None
    value: float


HIDDEN = "SELECT id FROM person WHERE hidden = 1"


def hidden(tx: Transaction) -> list[int]:
    """The persons who want to be in no ranking."""
    return [row[0] for row in tx.all(HIDDEN)]


RANKED = (
    " AND person NOT IN (SELECT value FROM json_each(:left_out))"
    " AND coalesce((SELECT min(CASE membership.role WHEN 'left' THEN 1 ELSE 0 END)"
    " FROM account JOIN membership ON membership.account = account.id JOIN room ON room.id = membership.room"
    " WHERE account.person = ranked.person AND +room.community = :community), 0) = 0"
)
"""Of those who are `ranked` nobody who is left out, or who left all rooms of the community.

The plus keeps it from an index, or all members of the community would be read for each person.
"""

TOP = (
    "SELECT person, points FROM tally AS ranked"  # noqa: S608 - no value in it
    " WHERE community = :community AND period = :period"
    " AND points > 0" + RANKED + " ORDER BY points DESC, person LIMIT :most"
)


def top(
    tx: Transaction, community: int, period: str, left_out: Iterable[int], most: int
) -> list[tuple[int, float]]:
    """The first persons of a period with their points, the most first; of equal ones who came first."""
    rows = tx.all(TOP, {"community": community, "period": period, "left_out": listed(left_out), "most": most})
    return [(row["person"], row["points"]) for row in rows]


BETTER_IN_PERIOD = (
    "SELECT count(*) FROM (SELECT 1 FROM tally AS ranked"  # noqa: S608 - no value in it
    " WHERE community = :community AND period = :period"
    " AND points > :value" + RANKED + " LIMIT :most) AS better"
)


def place_in_period(
    tx: Transaction, community: int, period: str, person: int, left_out: Iterable[int]
) -> Place | None:
    """A person's place in a period; None without points."""
    points: float | None = tx.value(
        "SELECT points FROM tally WHERE community = :community AND period = :period AND person = :person",
        {"community": community, "period": period, "person": person},
    )
    if points is None or points <= 0:
        return None
    parameters = {"community": community, "period": period, "value": points}
    return Place(_rank(tx, BETTER_IN_PERIOD, parameters, left_out), points)


BETTER_BY_SCORE = (
    "SELECT count(*) FROM (SELECT 1 FROM score AS ranked WHERE community = :community"  # noqa: S608 - no value in it
    " AND value > :value" + RANKED + " LIMIT :most) AS better"
)


def place_by_score(tx: Transaction, community: int, person: int, left_out: Iterable[int]) -> Place | None:
    """A person's place by the stored score; None without one."""
    value: float | None = tx.value(
        "SELECT value FROM score WHERE community = :community AND person = :person",
        {"community": community, "person": person},
    )
    if value is None:
        return None
    parameters = {"community": community, "value": value}
    return Place(_rank(tx, BETTER_BY_SCORE, parameters, left_out), value)


def _rank(
    tx: Transaction, better: str, parameters: Mapping[str, object], left_out: Iterable[int]
) -> int | None:
    limits = {"left_out": listed(left_out), "most": RANKS_TOLD}
    found = int(tx.value(better, {**parameters, **limits}))
    return found + 1 if found < RANKS_TOLD else None
