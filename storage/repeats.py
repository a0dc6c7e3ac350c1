"""What else was said for a check-in on its day: while one of its messages stands, it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from storage.checkins import CheckIn
    from storage.db import Transaction

OF_CHECKIN = "community = :community AND account = :account AND day = :day AND task = :task"


def keep(tx: Transaction, checkin: CheckIn, at: int) -> None:
    """Keep the message that a check-in stands for, which is another's or only one of several from now on."""
    key = checkin.community, checkin.account, checkin.day, checkin.task, checkin.room, checkin.native
    tx.later(
        "INSERT INTO repeat (community, account, day, task, room, native, note, at)"
        " VALUES (:community, :account, :day, :task, :room, :native, :note, :at)"
        " ON CONFLICT (community, account, day, task, room, native)"
        " DO UPDATE SET note = excluded.note, at = excluded.at",
        (*key, checkin.note, at),
        key,
    )


def take_newest(tx: Transaction, checkin: CheckIn) -> CheckIn | None:
    """The check-in as its newest other message says it, one with words if possible; None without any."""
    row = tx.one(
        f"SELECT room, native, note FROM repeat WHERE {OF_CHECKIN} ORDER BY note = '', at DESC LIMIT 1",  # noqa: S608 - fixed text
        msgspec.structs.asdict(checkin),
    )
    if row is None:
        return None
    newest = msgspec.structs.replace(checkin, room=row["room"], native=row["native"], note=row["note"])
    _forget_of(tx, newest)
    return newest


def _forget_of(tx: Transaction, checkin: CheckIn) -> None:
    tx.run(
        f"DELETE FROM repeat WHERE {OF_CHECKIN} AND room = :room AND native = :native",  # noqa: S608 - fixed text
        msgspec.structs.asdict(checkin),
    )


def forget_message(tx: Transaction, room: int, native: str) -> bool:
    """A message of a room stands for nothing more; whether it was one of several."""
    values = {"room": room, "native": native}
    if tx.value("SELECT 1 FROM repeat WHERE room = :room AND native = :native", values) is None:
        return False  # asked of every edit and withdrawal: to read is cheaper than to write
    return tx.run("DELETE FROM repeat WHERE room = :room AND native = :native", values) > 0


def forget_all(tx: Transaction, checkin: CheckIn) -> None:
    """What was said for a check-in before counts no more."""
    tx.run(f"DELETE FROM repeat WHERE {OF_CHECKIN}", msgspec.structs.asdict(checkin))  # noqa: S608 - fixed text


def forget_old(tx: Transaction, before: int) -> None:
    """Forget what was said before an instant (UTC milliseconds): its day is long over."""
    tx.run("DELETE FROM repeat WHERE at < :before", {"before": before})
