"""The bots' own accounts, where somebody logs them in: how each stands, and the code to be scanned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from storage.local_room import BOT as LOCAL

if TYPE_CHECKING:
    from storage.db import Row, Transaction

CODE_LIVES = 600_000
"""Milliseconds for which a code is kept: a platform makes another one long before that."""

ONLINE, OFFLINE, WAITING = "online", "offline", "waiting"

OF_COMMUNITY = (
    "SELECT bot_account.* FROM bot_account"
    " WHERE EXISTS (SELECT 1 FROM room WHERE room.bot = bot_account.bot AND room.community = :community)"
    " OR NOT EXISTS (SELECT 1 FROM room WHERE room.community <> :community AND room.bot <> :local)"
    " ORDER BY bot"
)
OF_NOBODY = (
    "SELECT bot_account.* FROM bot_account"
    " WHERE NOT EXISTS (SELECT 1 FROM room WHERE room.bot = bot_account.bot AND room.community IS NOT NULL)"
    " AND (SELECT count(DISTINCT community) FROM room WHERE bot <> :local) <> 1 ORDER BY bot"
)
KEEP = (
    "INSERT INTO bot_account (bot, state, why, since, left_at, code, code_at)"
    " VALUES (:bot, :state, :why, :since, :left_at, :code, :code_at)"
    " ON CONFLICT (bot) DO UPDATE SET state = excluded.state, why = excluded.why, since = excluded.since,"
    " left_at = excluded.left_at, code = excluded.code, code_at = excluded.code_at"
)


class BotAccount(msgspec.Struct, frozen=True):
    """A bot's account: online, offline (`why`) or waiting (for a code that came at `code_at` to be scanned).

    `since` is when that began, `left_at` when it was online last (never yet: first heard of); UTC ms.
    """

    bot: str
    state: str
    why: str
    since: int
    left_at: int
    code_at: int

    @property
    def is_online(self) -> bool:
        """Whether the bot can hear and speak."""
        return self.state == ONLINE


def _account(row: Row) -> BotAccount:
    return BotAccount(row["bot"], row["state"], row["why"], row["since"], row["left_at"], row["code_at"])


def keep(tx: Transaction, bot: str, state: str, now: int, *, code: str = "", why: str = "") -> None:
    """The account stands so from now on; a code is kept only while it waits, why it left until it is back."""
    before = of_bot(tx, bot)
    left_at, since = now, now
    if before is not None:
        left_at = now if before.is_online and state != ONLINE else before.left_at
        since = before.since if before.state == state else now
        why = why or ("" if state == ONLINE else before.why)
    values = {"bot": bot, "state": state, "why": why, "since": since, "left_at": left_at}
    kept = code if state == WAITING else ""
    tx.run(KEEP, values | {"code": kept, "code_at": now if kept else 0})


def of_bot(tx: Transaction, bot: str) -> BotAccount | None:
    """How a bot's account stands; None for one that nobody logs in."""
    row = tx.one("SELECT * FROM bot_account WHERE bot = :bot", {"bot": bot})
    return None if row is None else _account(row)


def all_of_them(tx: Transaction) -> list[BotAccount]:
    """Every account that is logged in by somebody."""
    return [_account(row) for row in tx.all("SELECT * FROM bot_account ORDER BY bot", {})]


def of_community(tx: Transaction, community: int) -> list[BotAccount]:
    """The accounts that are, or were, in a community's rooms; all, where no other has rooms on a platform."""
    return [_account(row) for row in tx.all(OF_COMMUNITY, {"community": community, "local": LOCAL})]


def of_nobody(tx: Transaction) -> list[BotAccount]:
    """The accounts that concern no community yet."""
    return [_account(row) for row in tx.all(OF_NOBODY, {"local": LOCAL})]


def code(tx: Transaction, bot: str, now: int) -> str | None:
    """What the picture to be scanned holds at an instant (UTC ms); None when there is nothing to scan."""
    found: str | None = tx.value(
        "SELECT code FROM bot_account WHERE bot = :bot AND code <> '' AND code_at > :after",
        {"bot": bot, "after": now - CODE_LIVES},
    )
    return found


def forget_codes(tx: Transaction, now: int) -> None:
    """Forget the codes that are too old at an instant (UTC milliseconds)."""
    tx.run(
        "UPDATE bot_account SET code = '', code_at = 0 WHERE code_at <= :before", {"before": now - CODE_LIVES}
    )
