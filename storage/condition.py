"""How the house and its platforms are: what waits, failed or could not be read, and what staff were told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from rules.trouble import Told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.db import Transaction

LATE = (
    "SELECT outbox.room, room.community, room.kind, room.title, min(outbox.not_before) AS since,"
    " count(*) AS waiting FROM outbox JOIN room ON room.id = outbox.room"
    " WHERE outbox.state = 'waiting' AND outbox.not_before < :before"
    " AND NOT EXISTS (SELECT 1 FROM bot_account WHERE bot = outbox.bot AND state <> 'online')"
    " GROUP BY outbox.room, room.community, room.kind, room.title ORDER BY since"
)
FAILED = (
    "SELECT outbox.outcome, count(*) AS failed FROM outbox JOIN room ON room.id = outbox.room"
    " WHERE outbox.state = 'failed' AND outbox.finished_at >= :since"
    " AND coalesce(outbox.outcome, '') <> 'staff_room_moved'"
    " AND (room.community = :community OR room.community IS NULL)"
    " GROUP BY outbox.outcome ORDER BY failed DESC, outbox.outcome"
)
LOST = (
    "SELECT room.id, right_lost.name FROM right_lost JOIN room ON room.id = right_lost.room"
    " WHERE room.community = :community ORDER BY room.tier, room.id"
)
WATCHED = "SELECT max(until) FROM observation WHERE bot = :bot AND since ="
WATCHED += " (SELECT max(since) FROM observation WHERE bot = :bot)"
OVERDUE = "SELECT name FROM job WHERE due_at < :before AND community IN (0, :community) ORDER BY due_at"
BEHIND = "SELECT id FROM community WHERE id > :community ORDER BY id LIMIT :most"


class BotCondition(msgspec.Struct, frozen=True):
    """What a bot's platform said of itself at an instant (UTC ms); None where it could not tell.

    `skew` is how far this machine's clock is ahead (ms), `contested_at` when another program last asked for
    the bot's news, `trouble` a word for why the platform's side does not work.
    """

    bot: str
    at: int
    reads_all: bool | None = None
    skew: int | None = None
    contested_at: int | None = None
    trouble: str = ""


class Late(msgspec.Struct, frozen=True):
    """A chat in which something waits that could have gone since an instant (UTC ms), and how much does."""

    room: int
    community: int | None
    is_group: bool
    title: str
    since: int
    waiting: int


class DeadLetters(msgspec.Struct, frozen=True):
    """How many events wait for a programmer, when the newest came (UTC ms), and what it was."""

    count: int
    at: int
    kind: str


def keep(tx: Transaction, condition: BotCondition) -> None:
    """Keep what a platform said; when another program was last heard of is not forgotten by a restart."""
    tx.run(
        "INSERT INTO bot_condition (bot, at, reads_all, skew, contested_at, trouble)"
        " VALUES (:bot, :at, :reads_all, :skew, :contested_at, :trouble)"
        " ON CONFLICT (bot) DO UPDATE SET at = excluded.at,"
        " reads_all = coalesce(excluded.reads_all, bot_condition.reads_all), skew = excluded.skew,"
        " contested_at = coalesce(excluded.contested_at, bot_condition.contested_at),"
        " trouble = excluded.trouble",
        msgspec.structs.asdict(condition),
    )


def of_bot(tx: Transaction, bot: str) -> BotCondition | None:
    """What a bot's platform said last, if ever."""
    row = tx.one("SELECT * FROM bot_condition WHERE bot = :bot", {"bot": bot})
    if row is None:
        return None
    reads_all = None if row["reads_all"] is None else bool(row["reads_all"])
    return BotCondition(row["bot"], row["at"], reads_all, row["skew"], row["contested_at"], row["trouble"])


def watched_until(tx: Transaction, bot: str) -> int | None:
    """Up to when all is known that a bot's stream told, UTC milliseconds; None: it never listened."""
    until: int | None = tx.value(WATCHED, {"bot": bot})
    return until


def late(tx: Transaction, before: int) -> list[Late]:
    """The chats in which something that could go waits since before an instant, the longest first.

    It looks at what waits, never at what was sent; what waits for a bot that is logged out could not go.
    """
    return [
        Late(
            row["room"], row["community"], row["kind"] == "group", row["title"], row["since"], row["waiting"]
        )
        for row in tx.all(LATE, {"before": before})
    ]


def failed(tx: Transaction, community: int, since: int) -> dict[str, int]:
    """What was given up since an instant in a community's rooms and in private, by the reason.

    What moved along with a staff room was not given up.
    """
    rows = tx.all(FAILED, {"community": community, "since": since})
    return {row["outcome"] or "": row["failed"] for row in rows}


def dead_letters(tx: Transaction) -> DeadLetters | None:
    """The events kept for a programmer, if there are any; nothing of what is in them."""
    row = tx.one("SELECT at, key FROM dead_letter ORDER BY id DESC LIMIT 1")
    if row is None:
        return None
    kind = row["key"].partition(":")[0]
    count = int(tx.value("SELECT count(*) FROM dead_letter"))
    return DeadLetters(count, row["at"], kind if kind in {"job", "action"} else "event")


def overdue(tx: Transaction, community: int, before: int) -> list[str]:
    """The jobs of a community and of the house that should have run before an instant."""
    return [row["name"] for row in tx.all(OVERDUE, {"community": community, "before": before})]


def schema(tx: Transaction) -> int:
    """The number of the last migration."""
    return int(tx.value("SELECT max(number) FROM migration"))


# Rights that were lost, until they are there again.


def note_lost(tx: Transaction, room: int, names: Iterable[str]) -> None:
    """The bot had these rights in a room, and has them no more."""
    tx.many(
        "INSERT INTO right_lost (room, name) VALUES (:room, :name) ON CONFLICT DO NOTHING",
        [{"room": room, "name": name} for name in names],
    )


def note_regained(tx: Transaction, room: int, names: Iterable[str]) -> None:
    """The bot has these rights again."""
    tx.many(
        "DELETE FROM right_lost WHERE room = :room AND name = :name",
        [{"room": room, "name": name} for name in names],
    )


def lost(tx: Transaction, community: int) -> dict[int, list[str]]:
    """The rights that were lost in a community's rooms and not given back, by room, the top tier first."""
    found: dict[int, list[str]] = {}
    for row in tx.all(LOST, {"community": community}):
        found.setdefault(row["id"], []).append(row["name"])
    return found


# What was told.


def told(tx: Transaction, community: int) -> dict[str, Told]:
    """What those who look after a community (0: the house) were told, by kind."""
    rows = tx.all(
        "SELECT kind, told_at, is_over FROM alert WHERE community = :community", {"community": community}
    )
    return {row["kind"]: Told(row["told_at"], bool(row["is_over"])) for row in rows}


def keep_told(tx: Transaction, community: int, kinds: Iterable[str], now: int) -> None:
    """These kinds of trouble were told now."""
    tx.many(
        "INSERT INTO alert (community, kind, told_at, is_over) VALUES (:community, :kind, :now, 0)"
        " ON CONFLICT (community, kind) DO UPDATE SET told_at = excluded.told_at, is_over = 0",
        [{"community": community, "kind": kind, "now": now} for kind in kinds],
    )


def keep_ended(tx: Transaction, community: int, kinds: Iterable[str]) -> None:
    """It was told that these kinds of trouble are over."""
    tx.many(
        "UPDATE alert SET is_over = 1 WHERE community = :community AND kind = :kind",
        [{"community": community, "kind": kind} for kind in kinds],
    )


def forget(tx: Transaction, community: int, kinds: Iterable[str]) -> None:
    """Nothing is known any more of these kinds of trouble."""
    tx.many(
        "DELETE FROM alert WHERE community = :community AND kind = :kind",
        [{"community": community, "kind": kind} for kind in kinds],
    )


def communities_behind(tx: Transaction, community: int, most: int) -> list[int]:
    """The next communities after one, at most so many."""
    return [row["id"] for row in tx.all(BEHIND, {"community": community, "most": most})]
