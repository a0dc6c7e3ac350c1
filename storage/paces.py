"""When each member's message last earned points, and the fingerprints of the last three that did.

What changes is noted batch by batch in one short row (`pace_note`), and written into the members' own rows,
which lie in random places of the file, only when much was noted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from storage.statements import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from storage.db import Transaction


class Pace(msgspec.Struct, frozen=True, gc=False):
    """When an account's last message scored (UTC milliseconds); the last three that did, newest first.

    Of those their native ids, each with its room's, and their fingerprints in the same order.
    """

    last_at: int | None = None
    natives: tuple[str, ...] = ()
    fingerprints: tuple[bytes, ...] = ()


PaceKey = tuple[int, int]
"""Community and account."""


Note = tuple[int, int, int, str, bytes]
"""A message scored, or one that had scored was edited.

Community and account, when it was written (UTC milliseconds), its native id with its room's, its
fingerprint as it is stored.
"""


NOBODY_YET = Pace()
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[tuple[str, ...], tuple[bytes, ...]]).decode
_decode_notes = msgspec.msgpack.Decoder(list[Note]).decode


def _pace(last_at: int, recent: bytes | None) -> Pace:
    """What is stored; without `recent` it is from before fingerprints were as they are now."""
    if recent is None:
        return Pace(last_at)
    return Pace(last_at, *_decode(recent))


PACES = (
    "SELECT account, last_at, recent FROM pace"
    " WHERE community = :community AND account IN (SELECT value FROM json_each(:accounts))"
)


def paces(tx: Transaction, community: int, accounts: Collection[int]) -> dict[int, Pace]:
    """The paces, as they were written down last, of those accounts that ever scored."""
    wanted = listed(accounts)
    rows = tx.all(PACES, {"community": community, "accounts": wanted})
    return {row[0]: _pace(row[1], row[2]) for row in rows}


def save_paces(tx: Transaction, paces: Iterable[tuple[PaceKey, Pace]]) -> None:
    """Write paces down; all that was noted of them is in them now."""
    tx.put(
        "INSERT INTO pace (community, account, last_at, recent)"
        " VALUES (:community, :account, :last_at, :recent) ON CONFLICT (community, account)"
        " DO UPDATE SET last_at = excluded.last_at, recent = excluded.recent",
        [(*key, pace.last_at, _encode((pace.natives, pace.fingerprints))) for key, pace in paces],
    )
    tx.run("DELETE FROM pace_note")


def keep_notes(tx: Transaction, notes: list[Note]) -> None:
    """Note what became of paces, in order."""
    tx.run("INSERT INTO pace_note (notes) VALUES (:notes)", {"notes": _encode(notes)})


def notes(tx: Transaction) -> list[Note]:
    """What was noted since paces were written down last, oldest first."""
    rows = tx.all("SELECT notes FROM pace_note ORDER BY id")
    return [note for row in rows for note in _decode_notes(row[0])]
