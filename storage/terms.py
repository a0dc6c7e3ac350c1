"""Terms of a community, and what came of them for those who took part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from rules.days import Day
from rules.terms import Stage, Term
from storage.statements import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from storage.db import Row, Transaction


class Kept(msgspec.Struct, frozen=True):
    """A term as it is kept."""

    id: int
    term: Term


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a term for a person; `longest` is the longest run of days in it."""

    term: int
    person: int
    done: int
    needed: int
    passed: bool
    perfect: bool
    longest: int


def _kept(row: Row) -> Kept:
    stages = msgspec.json.decode(row["stages"], type=tuple[Stage, ...])
    term = Term(row["title"], row["first"], row["days"], row["needed"], stages)
    return Kept(row["id"], term)


def add(tx: Transaction, community: int, term: Term, now: int) -> int:
    """A new term; its id. A community has one open term at a time."""
    return tx.insert(
        "INSERT INTO term (community, title, first, days, needed, stages, created_at)"
        " VALUES (:community, :title, :first, :days, :needed, :stages, :now) RETURNING id",
        {
            "community": community,
            "title": term.title,
            "first": term.first,
            "days": term.days,
            "needed": term.needed,
            "stages": msgspec.json.encode(term.stages).decode(),
            "now": now,
        },
    )


def by_id(tx: Transaction, community: int, term: int) -> Kept | None:
    """A term of a community."""
    row = tx.one(
        "SELECT * FROM term WHERE id = :term AND community = :community",
        {"term": term, "community": community},
    )
    return None if row is None else _kept(row)


def open_term(tx: Transaction, community: int) -> Kept | None:
    """The term that runs, or is to begin."""
    row = tx.one(
        "SELECT * FROM term WHERE community = :community AND closed_at IS NULL", {"community": community}
    )
    return None if row is None else _kept(row)


def last_term(tx: Transaction, community: int) -> Kept | None:
    """The term that began last."""
    row = tx.one(
        "SELECT * FROM term WHERE community = :community ORDER BY first DESC, id DESC LIMIT 1",
        {"community": community},
    )
    return None if row is None else _kept(row)


def call_off(tx: Transaction, term: int) -> None:
    """The term is not held; nothing of it stays. The check-ins of its days are untouched."""
    tx.run("DELETE FROM term_result WHERE term = :term", {"term": term})
    tx.run("DELETE FROM term WHERE id = :term", {"term": term})


def close(tx: Transaction, term: int, now: int) -> None:
    """What came of the term is written down."""
    tx.run("UPDATE term SET closed_at = :now WHERE id = :term", {"term": term, "now": now})


# Who takes part.


PERSONS_OF_DAYS = (
    "SELECT DISTINCT account.person FROM checkin JOIN account ON account.id = checkin.account"
    " WHERE checkin.community = :community AND checkin.day BETWEEN :first AND :last"
    " AND checkin.standing = 'counted' AND account.person > :after ORDER BY account.person LIMIT :most"
)


def persons_of_days(
    tx: Transaction, community: int, first: Day, last: Day, *, after: int, most: int
) -> list[int]:
    """The persons with a counted check-in from one day to another, in order, `most` of them after one."""
    values = {"community": community, "first": first, "last": last, "after": after, "most": most}
    return [row["person"] for row in tx.all(PERSONS_OF_DAYS, values)]


def joined_at(tx: Transaction, community: int, person: int) -> int | None:
    """When (UTC ms) a person first joined a room of the community; None for who is in none."""
    found: int | None = tx.value(
        "SELECT min(membership.joined_at) FROM account JOIN membership ON membership.account = account.id"
        " JOIN room ON room.id = membership.room"
        " WHERE account.person = :person AND room.community = :community AND membership.role <> 'left'"
        " AND room.id <> coalesce((SELECT staff_room FROM community WHERE id = :community), 0)",
        {"person": person, "community": community},
    )
    return found


# What came of it.


def keep_results(tx: Transaction, results: Iterable[Result]) -> None:
    """Write down what came of a term."""
    tx.many(
        "INSERT INTO term_result (term, person, done, needed, passed, perfect, longest)"
        " VALUES (:term, :person, :done, :needed, :passed, :perfect, :longest)"
        " ON CONFLICT (term, person) DO UPDATE SET done = excluded.done, needed = excluded.needed,"
        " passed = excluded.passed, perfect = excluded.perfect, longest = excluded.longest",
        [
            msgspec.structs.asdict(one) | {"passed": int(one.passed), "perfect": int(one.perfect)}
            for one in results
        ],
    )


def result(tx: Transaction, term: int, person: int) -> Result | None:
    """What came of a term for a person."""
    row = tx.one(
        "SELECT * FROM term_result WHERE term = :term AND person = :person", {"term": term, "person": person}
    )
    return None if row is None else _result(row)


RESULTS_OF = (
    "SELECT term_result.* FROM term CROSS JOIN term_result ON term_result.term = term.id"
    " AND term_result.person IN (SELECT value FROM json_each(:persons))"
    " WHERE term.community = :community ORDER BY term.id, term_result.person"
)


def results_of(tx: Transaction, community: int, persons: Collection[int]) -> list[Result]:
    """What came of all terms of a community for some persons."""
    wanted = listed(persons)
    return list(map(_result, tx.all(RESULTS_OF, {"community": community, "persons": wanted})))


def forget_result(tx: Transaction, term: int, person: int) -> None:
    """Nothing came of a term for a person."""
    tx.run(
        "DELETE FROM term_result WHERE term = :term AND person = :person", {"term": term, "person": person}
    )


def last_passed(tx: Transaction, community: int, person: int) -> Result | None:
    """The last term of a community that a person passed."""
    row = tx.one(
        "SELECT term_result.* FROM term_result JOIN term ON term.id = term_result.term"
        " WHERE term_result.person = :person AND term_result.passed = 1 AND term.community = :community"
        " ORDER BY term_result.term DESC LIMIT 1",
        {"person": person, "community": community},
    )
    return None if row is None else _result(row)


def _result(row: Row) -> Result:
    values = dict(row)
    return Result(**values | {"passed": bool(row["passed"]), "perfect": bool(row["perfect"])})


def passed_in_room(tx: Transaction, term: int, room: int) -> list[str]:
    """The names of those in a room who passed a term and do not hide, best first; a hidden one is ""."""
    rows = tx.all(
        "SELECT CASE WHEN person.hidden = 1 THEN '' ELSE min(account.name) END AS name"
        " FROM term_result JOIN person ON person.id = term_result.person"
        " JOIN account ON account.person = person.id"
        " JOIN membership ON membership.account = account.id AND membership.room = :room"
        " WHERE term_result.term = :term AND term_result.passed = 1 AND membership.role <> 'left'"
        " GROUP BY person.id, term_result.done ORDER BY term_result.done DESC, person.id",
        {"term": term, "room": room},
    )
    return [row["name"] for row in rows]


def took_part_in_room(tx: Transaction, term: int, room: int) -> int:
    """How many of those in a room took part in a term."""
    return int(
        tx.value(
            "SELECT count(DISTINCT account.person) FROM term_result"
            " JOIN account ON account.person = term_result.person"
            " JOIN membership ON membership.account = account.id AND membership.room = :room"
            " WHERE term_result.term = :term AND membership.role <> 'left'",
            {"term": term, "room": room},
        )
    )


def results_after(tx: Transaction, term: int, person: int, most: int) -> list[Result]:
    """What came of a term, `most` of those who took part, in order, after a person."""
    rows = tx.all(
        "SELECT * FROM term_result WHERE term = :term AND person > :person ORDER BY person LIMIT :most",
        {"term": term, "person": person, "most": most},
    )
    return list(map(_result, rows))
