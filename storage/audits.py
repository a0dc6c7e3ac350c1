"""The audit: who changed what, from what, to what, and how it is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from storage.db import Transaction


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change. `person` None: nobody in particular (an anonymous admin, or Banzhang itself).

    Room 0: about the whole community. `undo`: JSON for the handler that takes it back; empty: nothing does.
    """

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


def note(tx: Transaction, change: Change) -> int:
    """Keep a change; its number."""
    return tx.insert(
        "INSERT INTO audit (community, at, person, act, subject, before, after, room, why, undo)"
        " VALUES (:community, :at, :person, :act, :subject, :before, :after, :room, :why, :undo)"
        " RETURNING id",
        msgspec.structs.asdict(change),
    )
