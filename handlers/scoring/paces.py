"""Members' paces in memory, noted batch by batch, and written down together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage import paces
from storage.paces import NOBODY_YET, Pace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.db import Transaction
    from storage.paces import Note, PaceKey

REMEMBERED = 3
"""Scored messages of a member that a new one must differ from."""

WRITTEN_AFTER = 50_000
"""Notes after which paces are written down: so many are read again, within a second, after a restart."""


class Paces:
    """The paces kept between batches. What was noted by those before is written down first."""

    def __init__(self, tx: Transaction) -> None:
        self.known: dict[PaceKey, Pace] = {}
        self._changed: set[PaceKey] = set()
        self._noted = 0
        self._notes: list[Note] = []
        self._take_over(tx, paces.notes(tx))

    def _take_over(self, tx: Transaction, notes: list[Note]) -> None:
        self.read(tx, {note[:2] for note in notes})
        for community, account, at, native, fingerprint in notes:
            key = community, account
            take = self.edited if native in self.known[key].natives else self.scored
            take(key, at, native, fingerprint)
        self._notes.clear()  # they are there already
        self._write_down(tx)

    def read(self, tx: Transaction, keys: Iterable[PaceKey]) -> None:
        """Read the paces that are not known yet."""
        missing: dict[int, set[int]] = {}
        for key in keys:
            if key not in self.known:
                missing.setdefault(key[0], set()).add(key[1])
        for community, accounts in missing.items():
            found = paces.paces(tx, community, accounts)
            for account in accounts:
                self.known[community, account] = found.get(account, NOBODY_YET)

    def scored(self, key: PaceKey, at: int, native: str, fingerprint: bytes) -> None:
        """A message earned points: the next one must differ from it, and keep its distance."""
        pace = self.known[key]
        self.known[key] = Pace(
            at,
            (native, *pace.natives[: REMEMBERED - 1]),
            (fingerprint, *pace.fingerprints[: REMEMBERED - 1]),
        )
        self._note(key, at, native, fingerprint)

    def edited(self, key: PaceKey, at: int, native: str, fingerprint: bytes) -> None:
        """One of the messages that are remembered, from `at`, has another text now."""
        pace = self.known[key]
        place = pace.natives.index(native)
        fingerprints = (*pace.fingerprints[:place], fingerprint, *pace.fingerprints[place + 1 :])
        self.known[key] = Pace(pace.last_at, pace.natives, fingerprints)
        self._note(key, at, native, fingerprint)

    def _note(self, key: PaceKey, at: int, native: str, fingerprint: bytes) -> None:
        self._notes.append((*key, at, native, fingerprint))
        self._changed.add(key)

    def keep(self, tx: Transaction) -> None:
        """Note what changed since the last time; write paces down when much was noted."""
        if not self._notes:
            return
        paces.keep_notes(tx, self._notes)
        self._noted += len(self._notes)
        self._notes = []
        if self._noted >= WRITTEN_AFTER:
            self._write_down(tx)

    def _write_down(self, tx: Transaction) -> None:
        paces.save_paces(tx, [(key, self.known[key]) for key in sorted(self._changed)])
        self._changed.clear()
        self._noted = 0
