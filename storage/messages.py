"""Messages, kept for a while: who wrote each and what it earned; pairs and reactions."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import msgspec

from storage.statements import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from rules.days import Day
    from storage.db import Transaction


class MessageRow(msgspec.Struct, gc=False):
    """One message. `scored`: 1 when it earned; `answered`: the account to whom it counted as a reply."""

    room: int
    native: str
    account: int
    at: int
    scored: int = 0
    answered: int | None = None


class ReactionRow(TypedDict):
    """A reaction that earned points on a day, by `account` for `about`."""

    room: int
    native: str
    account: int
    day: Day
    about: int


class Pair(msgspec.Struct, frozen=True, gc=False):
    """How often one account's replies and reactions to another counted on a day."""

    replies: int = 0
    reactions: int = 0


PairKey = tuple[int, "Day", int, int]
"""Community, day, the account that replies or reacts, and the one that it goes to."""


MESSAGES = (
    "SELECT room, native, account, at, scored, answered FROM message"
    " WHERE room = :room AND native IN (SELECT value FROM json_each(:natives))"
)


def messages(tx: Transaction, room: int, natives: Collection[str]) -> list[MessageRow]:
    """Those of these messages of a room that are still known."""
    rows = tx.all(MESSAGES, {"room": room, "natives": listed(natives)})
    return [MessageRow(*row) for row in rows]


def save_messages(tx: Transaction, rows: Iterable[MessageRow]) -> None:
    """Keep messages, new ones and changed ones; of two under one id the later one."""
    tx.put(
        "INSERT INTO message (room, native, account, at, scored, answered)"
        " VALUES (:room, :native, :account, :at, :scored, :answered)"
        " ON CONFLICT (room, native) DO UPDATE SET account = excluded.account, at = excluded.at,"
        " scored = excluded.scored, answered = excluded.answered",
        list(map(msgspec.structs.astuple, rows)),
    )


def delete_messages(tx: Transaction, rows: Iterable[tuple[int, str]]) -> None:
    """Forget messages, by room and native id."""
    tx.many(
        "DELETE FROM message WHERE room = :room AND native = :native",
        [{"room": room, "native": native} for room, native in rows],
    )


def prune(
    tx: Transaction, after: tuple[int, str], before: int, before_day: Day, most: int
) -> tuple[int, str] | None:
    """Forget what is older than an instant (reactions: than a day) in `most` messages behind a place.

    Where to go on, or None when there is no more.
    """
    place = {"room": after[0], "native": after[1], "most": most, "before": before, "day": before_day}
    last = tx.one(
        "SELECT room, native FROM message WHERE (room, native) > (:room, :native)"
        " ORDER BY room, native LIMIT 1 OFFSET :most",
        place,
    )
    span = "(room, native) > (:room, :native)"
    if last is not None:
        place |= {"last_room": last["room"], "last_native": last["native"]}
        span += " AND (room, native) <= (:last_room, :last_native)"
    tx.run(f"DELETE FROM message WHERE {span} AND at < :before", place)  # noqa: S608 - no value in it
    tx.run(f"DELETE FROM reaction WHERE {span} AND day < :day", place)  # noqa: S608 - no value in it
    return None if last is None else (last["room"], last["native"])


PAIRS = (
    "SELECT account, about, replies, reactions FROM pair WHERE community = :community AND day = :day"
    " AND account IN (SELECT value FROM json_each(:accounts))"
)


def pairs(tx: Transaction, community: int, day: Day, accounts: Collection[int]) -> dict[PairKey, Pair]:
    """What these accounts' replies and reactions to others counted on a day."""
    rows = tx.all(
        PAIRS,
        {"community": community, "day": day, "accounts": listed(accounts)},
    )
    return {
        (community, day, row["account"], row["about"]): Pair(row["replies"], row["reactions"]) for row in rows
    }


def save_pairs(tx: Transaction, changed: Iterable[tuple[PairKey, Pair]]) -> None:
    """Keep how often pairs counted."""
    tx.put(
        "INSERT INTO pair (community, day, account, about, replies, reactions)"
        " VALUES (:community, :day, :account, :about, :replies, :reactions)"
        " ON CONFLICT (community, day, account, about)"
        " DO UPDATE SET replies = excluded.replies, reactions = excluded.reactions",
        [(*key, pair.replies, pair.reactions) for key, pair in changed],
    )


def prune_pairs(tx: Transaction, community: int, before: Day) -> int:
    """Forget the pairs of days before that one; how many."""
    return tx.run(
        "DELETE FROM pair WHERE community = :community AND day < :before",
        {"community": community, "before": before},
    )


REACTIONS = (
    "SELECT room, native, account, day, about FROM reaction"
    " WHERE room = :room AND native IN (SELECT value FROM json_each(:natives))"
)


def reactions(tx: Transaction, room: int, natives: Collection[str]) -> list[ReactionRow]:
    """The reactions to these messages of a room that earned points."""
    rows = tx.all(
        REACTIONS,
        {"room": room, "natives": listed(natives)},
    )
    return [ReactionRow(**dict(row)) for row in rows]  # type: ignore[typeddict-item]


def save_reactions(tx: Transaction, rows: Iterable[ReactionRow]) -> None:
    """Keep reactions that earned points."""
    tx.many(
        "INSERT INTO reaction (room, native, account, day, about)"
        " VALUES (:room, :native, :account, :day, :about) ON CONFLICT DO NOTHING",
        rows,
    )


def delete_reactions(tx: Transaction, rows: Iterable[tuple[int, str, int]]) -> None:
    """Forget reactions, by room, message and account."""
    tx.many(
        "DELETE FROM reaction WHERE room = :room AND native = :native AND account = :account",
        [{"room": room, "native": native, "account": account} for room, native, account in rows],
    )
