"""What numbers stand for where there are no buttons: those of a chat that may be answered, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from storage.statements import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.db import Transaction


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A number of a chat and the data of the button that it stands for.

    `action` is the outbox row that shows it and `message` what it shows it in, by native id: of an answer
    that took the place of a message, that one. It counts once it was `shown`, for `lasts` milliseconds; but
    not before `aloud_until` (UTC milliseconds), where somebody asked all to say it.
    """

    room: int
    number: int
    data: str
    action: int
    message: str | None
    shown: bool
    lasts: int
    expires_at: int
    aloud_until: int = 0


FREE = "DELETE FROM choice WHERE room = :room AND expires_at <= :now"
TAKEN = "SELECT number, action FROM choice WHERE room = :room"
ANY = "SELECT 1 FROM choice WHERE room = :room LIMIT 1"
TO_COME = "SELECT 1 FROM choice WHERE room = :room AND shown = 0 LIMIT 1"
SHOWN = "SELECT * FROM choice WHERE room = :room AND number = :number AND shown = 1 AND expires_at > :now"
SHOW = (
    "UPDATE choice SET shown = 1, message = coalesce(message, :native), expires_at = :now + lasts"
    " WHERE action = :action"
)
COUNT_ALOUD = (
    "UPDATE choice SET aloud_until = :until WHERE room = :room AND number = :number AND shown = 1"
    " AND expires_at - lasts < :before"
)
CLOSE_ACTION = "DELETE FROM choice WHERE action = :action"
CLOSE = (
    "DELETE FROM choice WHERE room = :room AND message = :message"
    " AND data NOT IN (SELECT value FROM json_each(:but))"
)
EXPIRED = "DELETE FROM choice WHERE expires_at <= :now"


def keep(tx: Transaction, choices: Iterable[Choice]) -> None:
    """Keep the numbers of a menu."""
    tx.many(
        "INSERT INTO choice (room, number, data, action, message, shown, lasts, expires_at)"
        " VALUES (:room, :number, :data, :action, :message, :shown, :lasts, :expires_at)",
        [msgspec.structs.asdict(choice) for choice in choices],
    )


def taken(tx: Transaction, room: int, now: int) -> dict[int, int]:
    """The numbers that are in use in a chat, each with its outbox row; those that are over are free again."""
    tx.run(FREE, {"room": room, "now": now})
    return {row["number"]: row["action"] for row in tx.all(TAKEN, {"room": room})}


def any_in(tx: Transaction, room: int) -> bool:
    """Whether there are numbers in a chat, perhaps over by now."""
    return tx.value(ANY, {"room": room}) is not None


def any_to_come(tx: Transaction, room: int) -> bool:
    """Whether a menu is on its way to a chat."""
    return tx.value(TO_COME, {"room": room}) is not None


def shown(tx: Transaction, room: int, number: int, now: int) -> Choice | None:
    """What a number means in a chat at an instant; None when it means nothing."""
    row = tx.one(SHOWN, {"room": room, "number": number, "now": now})
    return None if row is None else msgspec.convert(dict(row), Choice, strict=False)


def show(tx: Transaction, action: int, native: str, now: int) -> None:
    """The message of an outbox row was sent: its numbers count from now on."""
    tx.run(SHOW, {"action": action, "native": native, "now": now})


def count_aloud(tx: Transaction, room: int, number: int, before: int, until: int) -> None:
    """A number of a menu sent before an instant is only said aloud until another (UTC milliseconds)."""
    tx.run(COUNT_ALOUD, {"room": room, "number": number, "before": before, "until": until})


def close_action(tx: Transaction, action: int) -> None:
    """The numbers of an outbox row mean nothing any more."""
    tx.run(CLOSE_ACTION, {"action": action})


def close(tx: Transaction, room: int, message: str, but: Iterable[str] = ()) -> None:
    """The numbers of a message mean nothing any more, `but` those that stand for this data."""
    kept = listed(but)
    tx.run(CLOSE, {"room": room, "message": message, "but": kept})


def forget_expired(tx: Transaction, now: int) -> None:
    """Forget the numbers that are over."""
    tx.run(EXPIRED, {"now": now})
