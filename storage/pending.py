"""What waits for its other half: proof without a word, and words whose task is not known yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from storage.db import Transaction


class Loose(msgspec.Struct, frozen=True):
    """A proof that no check-in has used yet: its kind, when it was sent, its album."""

    kind: str
    at: int
    album: str | None


class Question(msgspec.Struct, frozen=True):
    """What an account said that fits several tasks (`said` is kept as it was given), and where."""

    room: int
    said: str


def keep_proof(tx: Transaction, community: int, account: int, proof: Loose) -> None:
    """Keep a proof in case its word follows; an older one of its kind is forgotten."""
    tx.run(
        "INSERT INTO loose_proof (community, account, kind, at, album)"
        " VALUES (:community, :account, :kind, :at, :album) ON CONFLICT (community, account, kind)"
        " DO UPDATE SET at = excluded.at, album = excluded.album",
        msgspec.structs.asdict(proof) | {"community": community, "account": account},
    )


def proofs(tx: Transaction, community: int, account: int, since: int) -> list[Loose]:
    """The proofs that an account sent since an instant (UTC milliseconds) and that were not used."""
    rows = tx.all(
        "SELECT kind, at, album FROM loose_proof"
        " WHERE community = :community AND account = :account AND at >= :since",
        {"community": community, "account": account, "since": since},
    )
    return [Loose(*row) for row in rows]


def use_proofs(tx: Transaction, community: int, account: int) -> None:
    """The proofs of an account now belong to a check-in."""
    tx.run(
        "DELETE FROM loose_proof WHERE community = :community AND account = :account",
        {"community": community, "account": account},
    )


def keep_question(tx: Transaction, community: int, account: int, question: Question) -> None:
    """Keep what an account said until its task is known; an older question of theirs is forgotten."""
    tx.run(
        "INSERT INTO question (community, account, room, said) VALUES (:community, :account, :room, :said)"
        " ON CONFLICT (community, account) DO UPDATE SET room = excluded.room, said = excluded.said",
        msgspec.structs.asdict(question) | {"community": community, "account": account},
    )


def take_question(tx: Transaction, community: int, account: int) -> Question | None:
    """What an account was asked about, which is answered now."""
    row = tx.one(
        "DELETE FROM question WHERE community = :community AND account = :account RETURNING room, said",
        {"community": community, "account": account},
    )
    return None if row is None else Question(*row)
