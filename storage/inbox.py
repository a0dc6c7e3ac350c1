"""What came in: events already counted, where each stream stands, when it was watched, what failed."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from rules.durations import DAY, MINUTE
from storage.statements import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.db import Transaction

SEEN_FOR = 3 * DAY
"""How long counted events are remembered, milliseconds: platforms redeliver for a day at most."""


NOTE = (
    "INSERT INTO seen (bot, key, at) SELECT :bot, value, :now FROM json_each(:keys) WHERE true"
    " ON CONFLICT DO NOTHING"
)


class _NotAllFresh(Exception):
    """Some event was counted before."""


def all_fresh(tx: Transaction, bot: str, keys: Sequence[str], now: int) -> bool:
    """Whether none of these events was counted before; if so, they are noted as counted now.

    Nearly always so: to be told by a number costs half as much as by the keys that are fresh.
    """
    try:
        tx.part(_note_all, tx, _seen(bot, keys, now), len(keys))
    except _NotAllFresh:
        return False
    return True


def _note_all(tx: Transaction, seen: dict[str, object], count: int) -> None:
    if tx.run(NOTE, seen) != count:
        raise _NotAllFresh


def fresh(tx: Transaction, bot: str, keys: Sequence[str], now: int) -> set[str]:
    """Which of these events were not counted before; they are noted as counted now."""
    return {row[0] for row in tx.all(f"{NOTE} RETURNING key", _seen(bot, keys, now))}


def _seen(bot: str, keys: Sequence[str], now: int) -> dict[str, object]:
    return {"bot": bot, "now": now, "keys": listed(keys)}


SeenKey = tuple[str, str]
"""The bot that heard an event, and the event's key."""

BEHIND = "SELECT bot, key FROM seen WHERE (bot, key) > (:bot, :key) ORDER BY bot, key LIMIT 1 OFFSET :most"


def forget_seen(tx: Transaction, after: SeenKey, before: int, most: int) -> SeenKey | None:
    """Forget which of `most` events behind a place were counted before an instant (UTC milliseconds).

    Where to go on, or None when there is no more. They are looked through in their own order: an index by
    time would be written for every message, for the sake of a look four times a day.
    """
    place = {"bot": after[0], "key": after[1], "most": most, "before": before}
    span = "(bot, key) > (:bot, :key)"
    last = tx.one(BEHIND, place)
    if last is not None:
        place |= {"last_bot": last["bot"], "last_key": last["key"]}
        span += " AND (bot, key) <= (:last_bot, :last_key)"
    tx.run(f"DELETE FROM seen WHERE {span} AND at < :before", place)  # noqa: S608 - no value in it
    return None if last is None else (last["bot"], last["key"])


def cursor(tx: Transaction, bot: str, source: str) -> str | None:
    """Where a stream stood at the last commit."""
    found: str | None = tx.value(
        "SELECT cursor FROM stream WHERE bot = :bot AND source = :source", {"bot": bot, "source": source}
    )
    return found


def set_cursor(tx: Transaction, bot: str, source: str, cursor: str) -> None:
    """The stream stands here now; a restart of its ids may set it lower."""
    tx.run(
        "INSERT INTO stream (bot, source, cursor) VALUES (:bot, :source, :cursor)"
        " ON CONFLICT (bot, source) DO UPDATE SET cursor = excluded.cursor",
        {"bot": bot, "source": source, "cursor": cursor},
    )


WATCH_STEP = MINUTE
"""How often (milliseconds) an unbroken watch is written down; a shorter one between two gaps is none."""

LAST = "SELECT since, until FROM observation WHERE bot = :bot ORDER BY since DESC LIMIT 1"


def observe(tx: Transaction, bot: str, until: int) -> None:
    """The bot watched until now, without a gap."""
    last = tx.one(LAST, {"bot": bot})
    if last is None:
        _begin(tx, bot, until)
    else:
        tx.run(
            "UPDATE observation SET until = max(until, :until) WHERE bot = :bot AND since = :since",
            {"bot": bot, "since": last["since"], "until": until},
        )


def lose(tx: Transaction, bot: str, since: int, until: int) -> None:
    """What passed between two instants will never be told; a new watch begins.

    The watch that ended was written down up to a minute ago: it lasted until `since` when that is so near,
    else nobody knows for how long it did after it was written down. As long as nothing is heard, each call
    moves the beginning of the next watch, so that a gap is two rows however long it is.
    """
    last = tx.one(LAST, {"bot": bot})
    if last is not None and until > last["since"]:
        ended = since if since <= last["until"] + WATCH_STEP else last["until"]
        _end(tx, bot, last["since"], max(ended, last["since"]))
    if last is None or until > last["since"]:
        _begin(tx, bot, until)


def _begin(tx: Transaction, bot: str, at: int) -> None:
    tx.run("INSERT INTO observation (bot, since, until) VALUES (:bot, :at, :at)", {"bot": bot, "at": at})


def _end(tx: Transaction, bot: str, since: int, until: int) -> None:
    """The watch that began at `since` ended at `until`; a short one behind a gap was none."""
    values = {"bot": bot, "since": since, "until": until}
    known = "SELECT 1 FROM observation AS before WHERE before.bot = :bot AND before.since < :since"
    if until - since < WATCH_STEP and tx.value(f"{known} LIMIT 1", values):
        tx.run("DELETE FROM observation WHERE bot = :bot AND since = :since", values)
    else:
        tx.run("UPDATE observation SET until = :until WHERE bot = :bot AND since = :since", values)


def watching_since(tx: Transaction, bot: str) -> int:
    """When the bot began the watch that still goes on, UTC milliseconds; 0 before it ever watched."""
    last = tx.one(LAST, {"bot": bot})
    return 0 if last is None else int(last["since"])


WATCHED = (
    "SELECT since, until FROM observation WHERE bot = :bot"
    " AND since >= coalesce((SELECT max(since) FROM observation WHERE bot = :bot AND since <= :since), 0)"
    " AND since <= coalesce((SELECT min(since) FROM observation WHERE bot = :bot AND since >= :until),"
    " :until) ORDER BY since"
)
"""The watches that touch a span, with the one before it and the one behind it."""


def gaps(tx: Transaction, bot: str, since: int, until: int) -> list[tuple[int, int]]:
    """The spans between `since` and `until` in which the bot, once started, did not watch."""
    watched = tx.again(WATCHED, {"bot": bot, "since": since, "until": until})
    return [
        (max(before["until"], since), min(after["since"], until))
        for before, after in pairwise(watched)
        if after["since"] > since and before["until"] < until
    ]


def bury(tx: Transaction, *, at: int, bot: str, key: str, event: str, trace: str) -> None:
    """Keep an event that a bug kept from being handled."""
    tx.run(
        "INSERT INTO dead_letter (at, bot, key, event, trace) VALUES (:at, :bot, :key, :event, :trace)",
        {"at": at, "bot": bot, "key": key, "event": event, "trace": trace},
    )


def dead_letters(tx: Transaction) -> int:
    """How many events wait for a programmer."""
    return int(tx.value("SELECT count(*) FROM dead_letter"))
