"""Actions to send, and what became of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from storage.statements import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.db import Row, Transaction


class Pending(msgspec.Struct, frozen=True):
    """An action that waits: when it may go, when it makes no more sense, its place in the chat's order.

    `befriends`: it makes a new contact. `only_looks`: nobody sees that it was done. `is_wordless`: it writes
    nothing, a reaction or a deletion.
    """

    id: int
    room: int
    priority: int
    topic: str | None
    not_before: int
    not_after: int
    attempts: int
    is_group: bool
    befriends: bool = False
    only_looks: bool = False
    is_wordless: bool = False


class Outcome(msgspec.Struct, frozen=True):
    """What became of an action: sent, expired or failed. `native` is the platform's id of the result."""

    id: int
    state: str
    native: str | None = None
    outcome: str | None = None


class Queued(msgspec.Struct, frozen=True, kw_only=True):
    """An action to send, as JSON: between which instants (UTC ms) it may go, what may be merged with it."""

    bot: str
    room: int
    priority: int
    action: str
    topic: str | None
    created_at: int
    not_before: int
    not_after: int


BEFRIEND = '{"do":"befriend"'
"""How the JSON of actions begins that make a new contact."""

LOOK, FETCH = '{"do":"look"', '{"do":"fetch"'
"""How the JSON of actions begins that only read something."""

DELETE, EDIT, REACT = '{"do":"delete"', '{"do":"edit"', '{"do":"react"'
"""How the JSON of actions begins that are done to a message which is there."""

SENT_SINCE = (
    "SELECT finished_at, action LIKE :befriend AS befriends FROM outbox"
    " WHERE state <> 'waiting' AND finished_at > :since AND state = 'sent' AND bot = :bot"
    " AND action NOT LIKE :look AND action NOT LIKE :fetch"
    " ORDER BY finished_at"
)

QUEUE = (
    "INSERT INTO outbox"
    " (bot, room, state, priority, action, topic, created_at, not_before, not_after, attempts)"
    " VALUES (:bot, :room, 'waiting', :priority, :action, :topic, :created_at, :not_before, :not_after, 0)"
)


def put(tx: Transaction, queued: Queued) -> int:
    """Queue an action; its id."""
    return tx.insert(f"{QUEUE} RETURNING id", msgspec.structs.asdict(queued))


def put_later(tx: Transaction, queued: Queued) -> None:
    """Queue an action whose id nobody asks for, in its order among all others."""
    tx.later(QUEUE, msgspec.structs.astuple(queued))


def leave_out(tx: Transaction, queued: Queued, outcome: str) -> int:
    """Keep an action that is not sent, and why; its id."""
    sql = (
        "INSERT INTO outbox (bot, room, state, priority, action, topic, created_at, not_before, not_after,"
        " attempts, finished_at, outcome) VALUES (:bot, :room, 'expired', :priority, :action, :topic,"
        " :created_at, :not_before, :not_after, 0, :created_at, :outcome) RETURNING id"
    )
    return tx.insert(sql, msgspec.structs.asdict(queued) | {"outcome": outcome})


def take_back(tx: Transaction, row: int) -> None:
    """An action that was queued in this transaction becomes part of another one."""
    tx.run("DELETE FROM outbox WHERE id = :row AND state = 'waiting'", {"row": row})


def waiting(tx: Transaction, bot: str, after: int) -> list[Pending]:
    """What was queued for one bot after a row, and waits, in order."""
    rows = tx.all(
        "SELECT outbox.*, room.kind FROM outbox JOIN room ON room.id = outbox.room"
        " WHERE outbox.bot = :bot AND outbox.state = 'waiting' AND outbox.id > :after ORDER BY outbox.id",
        {"bot": bot, "after": after},
    )
    return [_pending(row) for row in rows]


def _pending(row: Row) -> Pending:
    return Pending(
        id=row["id"],
        room=row["room"],
        priority=row["priority"],
        topic=row["topic"],
        not_before=row["not_before"],
        not_after=row["not_after"],
        attempts=row["attempts"],
        is_group=row["kind"] == "group",
        befriends=row["action"].startswith(BEFRIEND),
        only_looks=row["action"].startswith((LOOK, FETCH)),
        is_wordless=row["action"].startswith((DELETE, REACT)),
    )


def action(tx: Transaction, row: int) -> str | None:
    """The action of a row that still waits."""
    found: str | None = tx.value(
        "SELECT action FROM outbox WHERE id = :row AND state = 'waiting'", {"row": row}
    )
    return found


def actions(tx: Transaction, rows: Iterable[int]) -> list[tuple[int, str]]:
    """The actions of rows that still wait, in order."""
    found = tx.all(
        "SELECT id, action FROM outbox"
        " WHERE id IN (SELECT value FROM json_each(:rows)) AND state = 'waiting' ORDER BY id",
        {"rows": listed(rows)},
    )
    return [(row["id"], row["action"]) for row in found]


def rewrite(tx: Transaction, row: int, action: str) -> None:
    """Replace the action of a row that still waits."""
    tx.run(
        "UPDATE outbox SET action = :action WHERE id = :row AND state = 'waiting'",
        {"row": row, "action": action},
    )


def merge(tx: Transaction, rows: Iterable[int], into: int, now: int) -> None:
    """These rows became part of another one."""
    tx.run(
        "UPDATE outbox SET state = 'merged', finished_at = :now, outcome = :into"
        " WHERE id IN (SELECT value FROM json_each(:rows))",
        {"rows": listed(rows), "now": now, "into": str(into)},
    )


def postpone(tx: Transaction, row: int) -> None:
    """A try failed."""
    tx.run("UPDATE outbox SET attempts = attempts + 1 WHERE id = :row", {"row": row})


class Later(msgspec.Struct, frozen=True):
    """Something to say that waits for its time (UTC milliseconds); `action` is JSON."""

    action: str
    priority: int
    not_before: int
    not_after: int


def said_later(tx: Transaction, bot: str, room: int, topic: str) -> list[Later]:
    """What waits to be said in a room on a topic, in order."""
    rows = tx.all(
        "SELECT action, priority, not_before, not_after FROM outbox"
        " WHERE bot = :bot AND room = :room AND state = 'waiting' AND topic = :topic"
        ' AND action LIKE \'{"do":"say"%\' ORDER BY id',
        {"bot": bot, "room": room, "topic": topic},
    )
    return [Later(**dict(row)) for row in rows]


def give_up_on_messages(tx: Transaction, bot: str, room: int, outcome: str, now: int) -> None:
    """Nothing that waits to be done to a message of this room will be done."""
    for begins in (DELETE, EDIT, REACT):
        tx.run(
            "UPDATE outbox SET state = 'expired', outcome = :outcome, finished_at = :now"
            " WHERE bot = :bot AND room = :room AND state = 'waiting' AND action LIKE :begins",
            {"bot": bot, "room": room, "outcome": outcome, "now": now, "begins": f"{begins}%"},
        )


def said_in(tx: Transaction, bot: str, room: int) -> list[tuple[int, str]]:
    """What waits to be said in a room, in order: each row and its action."""
    rows = tx.all(
        "SELECT id, action FROM outbox WHERE bot = :bot AND room = :room AND state = 'waiting'"
        ' AND action LIKE \'{"do":"say"%\' ORDER BY id',
        {"bot": bot, "room": room},
    )
    return [(row["id"], row["action"]) for row in rows]


def give_up_room(
    tx: Transaction, bot: str, room: int, outcome: str, now: int, *, topic: str | None = None
) -> None:
    """Nothing that waits for a room (and is on a topic, when that is given) will be sent."""
    tx.run(
        "UPDATE outbox SET state = 'failed', outcome = :outcome, finished_at = :now"
        " WHERE bot = :bot AND room = :room AND state = 'waiting' AND (:topic IS NULL OR topic = :topic)",
        {"bot": bot, "room": room, "outcome": outcome, "now": now, "topic": topic},
    )


def finish(tx: Transaction, outcomes: Iterable[Outcome], now: int) -> None:
    """Keep what became of these actions."""
    tx.many(
        "UPDATE outbox SET state = :state, finished_at = :now, native = :native, outcome = :outcome"
        " WHERE id = :id",
        [
            {"id": one.id, "state": one.state, "now": now, "native": one.native, "outcome": one.outcome}
            for one in outcomes
        ],
    )


def waiting_on_topic(tx: Transaction, bot: str, room: int, topic: str, after: int = -1) -> Row | None:
    """The row of a topic that waits in a room, the oldest first.

    Only one that may not go before `after` (UTC milliseconds) is surely not on its way already.
    """
    return tx.one(
        "SELECT id, action, not_before FROM outbox"
        " WHERE bot = :bot AND room = :room AND state = 'waiting' AND topic = :topic"
        " AND not_before > :after ORDER BY id LIMIT 1",
        {"bot": bot, "room": room, "topic": topic, "after": after},
    )


TIMES_SENT = (
    "SELECT count(*) FROM outbox"
    " WHERE room = :room AND topic = :topic AND state = 'sent' AND finished_at >= :since"
)
LAST_SENT = "SELECT max(finished_at) FROM outbox WHERE room = :room AND topic = :topic AND state = 'sent'"


def last_sent(tx: Transaction, room: int, topic: str) -> int:
    """When something on a topic was last sent in a room, UTC milliseconds; 0 when nothing was."""
    return int(tx.value(LAST_SENT, {"room": room, "topic": topic}) or 0)


def times_sent(tx: Transaction, room: int, topic: str, since: int) -> int:
    """How often something on a topic was sent in a room since an instant (UTC milliseconds)."""
    return int(tx.value(TIMES_SENT, {"room": room, "topic": topic, "since": since}))


def recent_answer(tx: Transaction, room: int, topic: str, since: int) -> str | None:
    """The native id of the last message sent on a topic in a room since an instant."""
    found: str | None = tx.value(
        "SELECT native FROM outbox WHERE room = :room AND topic = :topic AND state = 'sent'"
        " AND finished_at >= :since AND native IS NOT NULL ORDER BY finished_at DESC LIMIT 1",
        {"room": room, "topic": topic, "since": since},
    )
    return found


def sent_since(tx: Transaction, bot: str, since: int) -> list[tuple[int, bool]]:
    """When each action that a bot sent since an instant went out (UTC ms), and whether it made a contact."""
    kinds = {"befriend": f"{BEFRIEND}%", "look": f"{LOOK}%", "fetch": f"{FETCH}%"}
    rows = tx.all(SENT_SINCE, {"bot": bot, "since": since, **kinds})
    return [(row["finished_at"], bool(row["befriends"])) for row in rows]


def forget_finished(tx: Transaction, before: int, most: int) -> int:
    """Forget actions finished before that instant, `most` at a time; how many were.

    The newest row stays: its id must not return, for an outbox looks only for rows behind those it knows.
    """
    return tx.run(
        "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox"
        " WHERE state <> 'waiting' AND finished_at < :before AND id < (SELECT max(id) FROM outbox)"
        " LIMIT :most)",
        {"before": before, "most": most},
    )


DUE = "SELECT count(*) FROM outbox WHERE state = 'waiting' AND not_before <= :now"


def due(tx: Transaction, now: int) -> int:
    """How many actions wait that could go now, and not those that are meant for later."""
    return int(tx.value(DUE, {"now": now}))
