"""What was said unprompted, to rooms and to people, and what waits for one person to open it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.statements import listed

if TYPE_CHECKING:
    from storage.db import Transaction


def talked(tx: Transaction, room: int, since: int) -> list[int]:
    """When unprompted lines were said, or are planned, in a room since an instant."""
    rows = tx.all(
        "SELECT at FROM talk WHERE room = :room AND at >= :since ORDER BY at", {"room": room, "since": since}
    )
    return [row["at"] for row in rows]


def note_talk(tx: Transaction, room: int, at: int, action: int) -> None:
    """An unprompted line is said in a room at that instant."""
    tx.run(
        "INSERT INTO talk (room, at, action) VALUES (:room, :at, :action)",
        {"room": room, "at": at, "action": action},
    )


def nudged(tx: Transaction, person: int, since: int) -> list[int]:
    """When a person was written to unasked, over all rooms and features, since an instant."""
    rows = tx.all(
        "SELECT at FROM nudge WHERE person = :person AND at >= :since ORDER BY at",
        {"person": person, "since": since},
    )
    return [row["at"] for row in rows]


def note_nudge(tx: Transaction, person: int, at: int, feature: str) -> None:
    """A person is written to unasked at that instant."""
    tx.run(
        "INSERT INTO nudge (person, at, feature) VALUES (:person, :at, :feature) ON CONFLICT DO NOTHING",
        {"person": person, "at": at, "feature": feature},
    )


def forget_said(tx: Transaction, before: int) -> None:
    """Forget what was said unprompted before that instant, and letters that nobody opened since."""
    for table in ("talk", "nudge"):
        tx.run(f"DELETE FROM {table} WHERE at < :before", {"before": before})  # noqa: S608 - names from above
    tx.run("DELETE FROM letter WHERE not_after < :before", {"before": before})


def leave_letter(tx: Transaction, *, account: int, room: int, action: str, at: int, not_after: int) -> None:
    """Keep a text for a person until they open it, or it makes no more sense."""
    tx.run(
        "INSERT INTO letter (account, room, action, at, not_after)"
        " VALUES (:account, :room, :action, :at, :not_after)",
        {"account": account, "room": room, "action": action, "at": at, "not_after": not_after},
    )


def has_letters(tx: Transaction, room: int, since: int) -> bool:
    """Whether a letter was left in a room since an instant, and waits."""
    found = tx.value(
        "SELECT 1 FROM letter WHERE room = :room AND at >= :since LIMIT 1", {"room": room, "since": since}
    )
    return found is not None


def has_letter(tx: Transaction, account: int) -> bool:
    """Whether something was kept for a person."""
    return tx.value("SELECT 1 FROM letter WHERE account = :account LIMIT 1", {"account": account}) is not None


def take_letters(tx: Transaction, account: int, now: int, most: int | None = None) -> list[str]:
    """Take away up to `most` texts that wait for a person and still make sense, the oldest first."""
    rows = tx.all(
        "SELECT id, action FROM letter WHERE account = :account AND not_after > :now ORDER BY id",
        {"account": account, "now": now},
    )[:most]
    taken = listed(row["id"] for row in rows)
    tx.run("DELETE FROM letter WHERE id IN (SELECT value FROM json_each(:taken))", {"taken": taken})
    return [row["action"] for row in rows]


def letters_waiting(tx: Transaction, account: int, now: int) -> int:
    """How many texts wait for a person and still make sense."""
    return int(
        tx.value(
            "SELECT count(*) FROM letter WHERE account = :account AND not_after > :now",
            {"account": account, "now": now},
        )
    )
