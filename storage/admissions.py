"""Who was asked into a room, and whether they came: asking is not yet being there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from storage.db import Row, Transaction


class Admission(msgspec.Struct, frozen=True):
    """An account that was asked into a room.

    `state`: asked (it is on its way), invited (the platform took it), arrived, refused, unseen (never came).
    `due_at`: when it is looked at next; `looks`: how often it was. Instants are UTC milliseconds.
    """

    id: int
    community: int
    account: int
    room: int
    state: str
    asked_at: int
    due_at: int
    looks: int


def _admission(row: Row) -> Admission:
    return Admission(**dict(row))


def ask(tx: Transaction, community: int, account: int, room: int, now: int, due_at: int) -> int:
    """Note that an account is asked into a room; the admission's number."""
    return tx.insert(
        "INSERT INTO admission (community, account, room, state, asked_at, due_at, looks)"
        " VALUES (:community, :account, :room, 'asked', :now, :due_at, 0) RETURNING id",
        {"community": community, "account": account, "room": room, "now": now, "due_at": due_at},
    )


OPEN = "SELECT * FROM admission WHERE id = :id AND state IN ('asked', 'invited')"


def by_id(tx: Transaction, admission: int) -> Admission | None:
    """The admission with this number, if it is still open."""
    row = tx.one(OPEN, {"id": admission})
    return None if row is None else _admission(row)


OF_ACCOUNT = (
    "SELECT * FROM admission WHERE account = :account AND room = :room AND state IN ('asked', 'invited')"
)


def of_account(tx: Transaction, account: int, room: int) -> Admission | None:
    """The open admission of an account to a room."""
    row = tx.one(OF_ACCOUNT, {"account": account, "room": room})
    return None if row is None else _admission(row)


def move_on(tx: Transaction, admission: int, state: str) -> None:
    """An admission is in this state from now on."""
    tx.run("UPDATE admission SET state = :state WHERE id = :id", {"id": admission, "state": state})


def look_again(tx: Transaction, admission: int, due_at: int) -> None:
    """It was looked whether somebody came; the next look is at an instant."""
    tx.run(
        "UPDATE admission SET due_at = :due_at, looks = looks + 1 WHERE id = :id",
        {"id": admission, "due_at": due_at},
    )


DUE = (
    "SELECT * FROM admission WHERE community = :community AND due_at <= :until"
    " AND state IN ('asked', 'invited') ORDER BY due_at"
)
FIRST_DUE = "SELECT min(due_at) FROM admission WHERE community = :community AND state IN ('asked', 'invited')"


def due(tx: Transaction, community: int, until: int) -> list[Admission]:
    """The open admissions of a community that are to be looked at."""
    return list(map(_admission, tx.all(DUE, {"community": community, "until": until})))


def first_due(tx: Transaction, community: int) -> int | None:
    """When the next open admission of a community is to be looked at."""
    found: int | None = tx.value(FIRST_DUE, {"community": community})
    return found
