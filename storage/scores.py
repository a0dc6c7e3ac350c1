"""Scores and tallies: derived from the record of activity, and what rankings read.

`settle` brings them up to the record. Of each row whose points changed since, `unsettled` says how many they
hold already, so they can be made anew at any moment, and nothing is counted twice after a crash.
"""

from __future__ import annotations

from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING

from rules import score
from rules.days import Day, month_of, week_of
from rules.together import by_usual_rules
from storage import activity, people, shared_days
from storage.shared_days import Move
from storage.statements import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rules.together import Reckon
    from storage.activity import Changed
    from storage.db import Transaction

ALL_TIME = "all"


@lru_cache(maxsize=1024)
def periods(day: Day) -> tuple[str, ...]:
    """The periods that hold a day: itself, its week, its month, all time."""
    return day, week_of(day).key, month_of(day), ALL_TIME


# Settling.


def settle(
    tx: Transaction,
    community: int,
    half_life: float,
    most: int,
    accounts: Sequence[int] | None = None,
    reckon: Reckon = by_usual_rules,
) -> int:
    """Bring scores and tallies up to the record for at most so many of its rows; how many it were.

    `accounts` narrows it to a person's own. `half_life` in days. `reckon` says what several accounts of a
    person are worth together.
    """
    changed = _moves(tx, community, most, accounts)
    if changed:
        moves = shared_days.as_persons(tx, community, changed, reckon)
        _add_to_tallies(tx, community, moves)
        _add_to_scores(tx, community, moves, half_life)
    return len(changed)


UNSETTLED = (
    "SELECT account.person, activity.account, activity.day, activity.room,"
    " activity.points - unsettled.settled"
    " FROM unsettled CROSS JOIN activity ON activity.community = unsettled.community"
    " AND activity.day = unsettled.day AND activity.account = unsettled.account"
    " AND activity.room = unsettled.room CROSS JOIN account ON account.id = unsettled.account"
    " WHERE unsettled.community = :community"
)
"""CROSS keeps the order: from the few rows that wait to the record, whatever the planner has counted."""

OWN = " AND unsettled.account IN (SELECT value FROM json_each(:accounts))"
IN_ORDER = " ORDER BY unsettled.account, unsettled.day, unsettled.room LIMIT :most"
SETTLED = (
    "DELETE FROM unsettled WHERE unsettled.community = :community"
    " AND (unsettled.account, unsettled.day, unsettled.room) <= (:account, :day, :room)"
)


def _moves(tx: Transaction, community: int, most: int, accounts: Sequence[int] | None) -> list[Move]:
    """What the first rows that are not settled gained or lost; they are from now on.

    Where nothing waits, those that were only noted need not wait either, for their points before are known.
    """
    changed = activity.bring_up(tx)
    own = [row for row in changed if row.community == community]
    own.sort(key=attrgetter("account", "day", "room"))  # as those that wait: a person's lie together
    if not own or accounts is not None or activity.any_waits(tx, community):
        activity.let_wait(tx, changed)
        return _waiting(tx, community, most, accounts)
    activity.let_wait(tx, [row for row in changed if row.community != community] + own[most:])
    return _at_once(tx, own[:most])


def _at_once(tx: Transaction, changed: Sequence[Changed]) -> list[Move]:
    persons = people.persons_of(tx, {row.account for row in changed})
    return [
        Move(persons[row.account], row.account, row.day, row.room, row.points - row.before) for row in changed
    ]


def _waiting(tx: Transaction, community: int, most: int, accounts: Sequence[int] | None) -> list[Move]:
    """What the first rows that wait gained or lost; they wait no more."""
    narrowed = "" if accounts is None else OWN
    parameters = {"community": community, "most": most, "accounts": listed(accounts or ())}
    moves = [Move(*row) for row in tx.all(f"{UNSETTLED}{narrowed}{IN_ORDER}", parameters)]
    if moves:
        tx.run(SETTLED + narrowed, parameters | moves[-1]._asdict())
    return moves


def _add_to_tallies(tx: Transaction, community: int, moves: Sequence[Move]) -> None:
    gained: dict[str, dict[int, float]] = {}
    for move in moves:
        for period in periods(move.day):
            persons = gained.setdefault(period, {})
            persons[move.person] = persons.get(move.person, 0.0) + move.points
    _put_tallies(
        tx,
        [
            (community, period, person, points)
            for period, persons in gained.items()  # one period after the other: their rows lie together
            for person, points in persons.items()
        ],
    )


def _put_tallies(tx: Transaction, rows: Sequence[tuple[int, str, int, float]]) -> None:
    tx.put(
        "INSERT INTO tally (community, period, person, points) VALUES (:community, :period, :person, :points)"
        " ON CONFLICT (community, period, person) DO UPDATE SET points = tally.points + excluded.points",
        rows,
    )


def _add_to_scores(tx: Transaction, community: int, moves: Sequence[Move], half_life: float) -> None:
    stored, stale = _stored(tx, community, {move.person for move in moves}, half_life)
    stale |= {move.person for move in moves if move.points < 0}
    changed: dict[int, float] = {}
    for move in moves:
        if move.points <= 0 or move.person in stale:
            continue
        before = changed.get(move.person, stored.get(move.person, score.EMPTY))
        term = score.log_term(move.points, score.stamp(move.day), half_life)
        changed[move.person] = score.combine(before, term)
    _save(tx, community, changed, half_life)
    rebuild_scores(tx, community, stale, half_life)


OF_PERSONS = (
    "SELECT person, value, half_life FROM score"
    " WHERE community = :community AND person IN (SELECT value FROM json_each(:persons))"
)


def _stored(
    tx: Transaction, community: int, persons: Iterable[int], half_life: float
) -> tuple[dict[int, float], set[int]]:
    """The stored scores of these persons, and those whose scores were made with another half-life."""
    rows = tx.all(OF_PERSONS, {"community": community, "persons": listed(persons)})
    stale = {row["person"] for row in rows if row["half_life"] != half_life}
    return {row["person"]: row["value"] for row in rows}, stale


def _save(tx: Transaction, community: int, values: dict[int, float], half_life: float) -> None:
    tx.put(
        "INSERT INTO score (community, person, value, half_life)"
        " VALUES (:community, :person, :value, :half_life) ON CONFLICT (community, person)"
        " DO UPDATE SET value = excluded.value, half_life = excluded.half_life",
        [(community, person, value, half_life) for person, value in values.items()],
    )


# Making anew.


def rebuild_scores(tx: Transaction, community: int, persons: Iterable[int], half_life: float) -> None:
    """Make these persons' scores anew from what is settled of their days. `half_life` in days."""
    wanted = set(persons)
    if wanted:
        _make_scores(tx, community, wanted, _settled_days(tx, community, wanted), half_life)


EarnedDay = tuple[int, Day, float]
"""Person, day, and the points of it in one room that rankings hold."""


def _make_scores(
    tx: Transaction, community: int, persons: Iterable[int], days: Iterable[EarnedDay], half_life: float
) -> None:
    parameters = {"community": community, "persons": listed(persons)}
    tx.run(
        "DELETE FROM score WHERE community = :community"
        " AND person IN (SELECT value FROM json_each(:persons))",
        parameters,
    )
    earned: dict[int, list[tuple[Day, float]]] = {}
    for person, day, points in days:
        earned.setdefault(person, []).append((day, points))
    values = {person: score.rebuild(rows, half_life) for person, rows in earned.items()}
    held = {person: value for person, value in values.items() if value != score.EMPTY}
    _save(tx, community, held, half_life)


SETTLED_DAYS = (
    "SELECT account.person, activity.day, activity.room, coalesce(unsettled.settled, activity.points)"
    " FROM account"
    " CROSS JOIN activity ON activity.community = :community AND activity.account = account.id"
    " LEFT JOIN unsettled ON unsettled.community = activity.community"
    " AND unsettled.account = activity.account AND unsettled.day = activity.day"
    " AND unsettled.room = activity.room"
    " WHERE account.person IN (SELECT value FROM json_each(:persons))"
)


def _settled_days(tx: Transaction, community: int, persons: Iterable[int]) -> list[EarnedDay]:
    """What rankings hold, by person, day and room; of several accounts together where they share a day."""
    rows = tx.all(SETTLED_DAYS, {"community": community, "persons": listed(persons)})
    together = shared_days.kept(tx, community, persons)
    return [
        *((row[0], Day(row[1]), row[3]) for row in rows if (row[0], row[1], row[2]) not in together),
        *((person, day, points) for (person, day, _), points in together.items()),
    ]


def make_anew(
    tx: Transaction,
    community: int,
    persons: Sequence[int],
    half_life: float,
    reckon: Reckon,
    days_since: Day,
) -> None:
    """Make scores and tallies of persons anew, whose accounts belonged to others of them before.

    `half_life` in days. Tallies of single days are made from `days_since` on: earlier ones are forgotten.
    """
    activity.write_down(tx)
    shared_days.forget(tx, community, persons)
    earned = [one for person in persons for one in _earned(tx, community, person, reckon)]
    gained: dict[tuple[str, int], float] = {}
    for person, day, points in earned:
        for period in periods(day):
            key = period, person
            gained[key] = gained.get(key, 0.0) + points
    _forget_tallies(tx, community, persons, {period for period, _ in gained})
    rows = [(community, period, person, points) for (period, person), points in gained.items()]
    _put_tallies(tx, [row for row in rows if len(row[1]) < A_DAY or row[1] >= days_since])
    _make_scores(tx, community, persons, earned, half_life)


A_DAY = len("2026-05-04")
"""The key of a single day is longer than that of any other period."""


def _earned(tx: Transaction, community: int, person: int, reckon: Reckon) -> list[EarnedDay]:
    """All that a person's accounts earned; it is settled from now on."""
    places = shared_days.record(tx, community, person)
    accounts = {row.account for rows in places.values() for row in rows}
    tx.run(
        "DELETE FROM unsettled WHERE community = :community"
        " AND account IN (SELECT value FROM json_each(:accounts))",
        {"community": community, "accounts": listed(accounts)},
    )
    shared = shared_days.reckoned(tx, community, person, places, reckon)
    together = {place: one.points for place, one in shared.items()}
    shared_days.keep(tx, community, person, together)
    points = {place: rows[0].points for place, rows in places.items()} | together
    return [(person, day, one) for (day, _), one in points.items()]


def _forget_tallies(tx: Transaction, community: int, persons: Iterable[int], held: Iterable[str]) -> None:
    tx.run(
        "DELETE FROM tally WHERE community = :community AND period IN (SELECT value FROM json_each(:periods))"
        " AND person IN (SELECT value FROM json_each(:persons))",
        {
            "community": community,
            "persons": listed(persons),
            "periods": listed(held),
        },
    )


def made_with_another(
    tx: Transaction, community: int, half_life: float, after: int, most: int
) -> tuple[list[int], int | None]:
    """Among the persons behind `after`, those whose score another half-life made; and where to go on."""
    rows = tx.all(
        "SELECT person, half_life FROM score WHERE community = :community AND person > :after"
        " ORDER BY person LIMIT :most",
        {"community": community, "after": after, "most": most},
    )
    stale = [row["person"] for row in rows if row["half_life"] != half_life]
    return stale, rows[-1]["person"] if len(rows) == most else None


def any_made_with_another(tx: Transaction, community: int, half_life: float) -> bool:
    """Whether the best or the last score of a community was made with another half-life: those lie apart."""
    ends = [
        tx.value(
            "SELECT half_life FROM score WHERE community = :community"  # noqa: S608 - no value in it
            f" ORDER BY value {order}, person {back} LIMIT 1",
            {"community": community},
        )
        for order, back in (("DESC", "ASC"), ("ASC", "DESC"))
    ]
    return any(found is not None and found != half_life for found in ends)


def is_made_with_another(tx: Transaction, community: int, person: int, half_life: float) -> bool:
    """Whether a person's score was made with another half-life."""
    return bool(_stored(tx, community, {person}, half_life)[1])


def prune_tallies(tx: Transaction, community: int, before: Day) -> int:
    """Forget the rankings of single days before that one; how many rows."""
    return tx.run(
        "DELETE FROM tally WHERE community = :community AND period < :before AND period LIKE '____-__-__'",
        {"community": community, "before": before},
    )
