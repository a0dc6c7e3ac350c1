"""The audit: who changed what, from what, to what, and how it is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from storage import links
from storage.statements import listed

if TYPE_CHECKING:
    from collections.abc import Collection

    from storage.db import Row, Transaction


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change. `person` None: nobody in particular (an anonymous admin, or Banzhang itself).

    Room 0: about the whole community. `undo`: JSON for the handler that takes it back; empty: nothing does.
    `undone_by` is the change that took it back, `undoes` the one that it took back itself; where that one had
    taken another back, this one `brings_back` what was done.
    """

    id: int = 0
    community: int
    at: int
    person: int | None
    act: str
    subject: str
    before: str
    after: str
    room: int
    why: str
    undo: str
    undone_by: int | None = None
    undoes: int | None = None
    brings_back: bool = False


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which changes are asked for; None: whatever it is.

    `subject` is how it begins; `since` and `until` are UTC milliseconds, `until` itself is left out.
    """

    person: int | None = None
    acts: tuple[str, ...] | None = None
    subject: str | None = None
    room: int | None = None
    since: int | None = None
    until: int | None = None


CHANGES = (
    "SELECT audit.*, target.undoes IS NOT NULL AS brings_back"
    " FROM audit LEFT JOIN audit target ON target.id = audit.undoes WHERE audit.community = :community"
)


def _change(row: Row) -> Change:
    return Change(**dict(row) | {"brings_back": bool(row["brings_back"])})


def note(tx: Transaction, change: Change) -> int:
    """Keep a change; its number."""
    return tx.insert(
        "INSERT INTO audit (community, at, person, act, subject, before, after, room, why, undo, undoes)"
        " VALUES (:community, :at, :person, :act, :subject, :before, :after, :room, :why, :undo, :undoes)"
        " RETURNING id",
        msgspec.structs.asdict(change),
    )


def by_id(tx: Transaction, community: int, number: int) -> Change | None:
    """A change of a community by its number."""
    row = tx.one(f"{CHANGES} AND audit.id = :number", {"community": community, "number": number})
    return None if row is None else _change(row)


LATER = (
    f"{CHANGES} AND audit.act = :act AND audit.subject = :subject AND audit.id > :id AND audit.room = :room"
    " AND audit.undone_by IS NULL AND coalesce(audit.undoes, 0) < :id ORDER BY audit.id DESC LIMIT 1"
)


def later(tx: Transaction, change: Change) -> Change | None:
    """The last change of the same since then that stands (what was done and taken back since does not)."""
    row = tx.one(LATER, msgspec.structs.asdict(change))
    return None if row is None else _change(row)


def mark_undone(tx: Transaction, number: int, by: int, *, brings_back: int | None) -> None:
    """A change was taken back by another; if it had taken back a third one itself, that one stands again."""
    tx.run("UPDATE audit SET undone_by = :by WHERE id = :number", {"number": number, "by": by})
    if brings_back is not None:
        tx.run("UPDATE audit SET undone_by = NULL WHERE id = :number", {"number": brings_back})


OWN = (
    " AND audit.person = :person AND audit.undo <> '' AND audit.undone_by IS NULL AND audit.undoes IS NULL"
    " AND audit.act IN (SELECT value FROM json_each(:acts)) ORDER BY audit.id DESC LIMIT 1"
)
LAST_OWN = CHANGES + OWN


def last_own(tx: Transaction, community: int, person: int, acts: Collection[str]) -> Change | None:
    """The last change by a person, of some acts, that can be taken back and is none that took one back."""
    wanted = listed(acts)
    values = [{"community": community, "person": one, "acts": wanted} for one in links.persons_of(tx, person)]
    found = [_change(row) for row in (tx.one(LAST_OWN, each) for each in values) if row is not None]
    return max(found, key=lambda change: change.id, default=None)


def page(tx: Transaction, community: int, wanted: Filter, *, skip: int, most: int) -> list[Change]:
    """The newest `most` changes that are wanted, after the `skip` newest."""
    persons = (None,) if wanted.person is None else links.persons_of(tx, wanted.person)
    if len(persons) > 1:
        each = [msgspec.structs.replace(wanted, person=person) for person in persons]
        found = [change for one in each for change in _page(tx, community, one, 0, skip + most)]
        return sorted(found, key=lambda change: -change.id)[skip : skip + most]
    return _page(tx, community, wanted, skip, most)


def _page(tx: Transaction, community: int, wanted: Filter, skip: int, most: int) -> list[Change]:
    values = _values(wanted) | {"community": community, "skip": skip, "most": most}
    return list(map(_change, tx.all(page_query(wanted), values)))


def page_query(wanted: Filter) -> str:
    """The query of a page: only what is asked for stands in it, so that the index that fits is taken."""
    asked = "".join(condition for name, condition in CONDITIONS.items() if getattr(wanted, name) is not None)
    return f"{CHANGES}{asked} ORDER BY audit.id DESC LIMIT :most OFFSET :skip"


FIRST_SINCE = "(SELECT id FROM audit WHERE community = :community AND at >= {} ORDER BY at, id LIMIT 1)"
CONDITIONS = {
    "person": " AND audit.person = :person",
    "acts": " AND audit.act IN (SELECT value FROM json_each(:acts))",
    "subject": " AND substr(audit.subject, 1, length(:subject)) = :subject",
    "room": " AND audit.room = :room",
    "since": f" AND audit.id >= {FIRST_SINCE.format(':since')}",
    "until": f" AND audit.id < coalesce({FIRST_SINCE.format(':until')}, 9223372036854775807)",
}
"""What each part of a Filter adds to the query. Changes are numbered in the order of their times."""


def _values(wanted: Filter) -> dict[str, object]:
    values = msgspec.structs.asdict(wanted)
    acts = None if wanted.acts is None else listed(wanted.acts)
    return {name: value for name, value in values.items() if value is not None} | {"acts": acts}
