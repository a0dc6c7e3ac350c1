"""The codes that join two accounts: kept as digests, for a quarter of an hour, taken by one account alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from storage.db import Transaction


class Shown(msgspec.Struct, frozen=True):
    """A code that an account was shown in a private chat; it is good until `expires_at` (UTC milliseconds).

    `taken_by` is the account that sent it first: nobody else can use it any more. `agreed`: that one
    confirmed it, and the account that was shown it is asked now.
    """

    account: int
    digest: str
    room: int
    expires_at: int
    taken_by: int | None = None
    agreed: int = 0


def show(tx: Transaction, code: Shown) -> None:
    """Keep the code that an account is shown; one that it was shown before is good no more."""
    tx.run(
        "INSERT INTO link_code (account, digest, room, expires_at, taken_by, agreed)"
        " VALUES (:account, :digest, :room, :expires_at, :taken_by, :agreed) ON CONFLICT (account) DO UPDATE"
        " SET digest = excluded.digest, room = excluded.room, expires_at = excluded.expires_at,"
        " taken_by = excluded.taken_by, agreed = excluded.agreed",
        msgspec.structs.asdict(code),
    )


BY_DIGEST = "SELECT * FROM link_code WHERE digest = :digest AND expires_at > :now"


def find(tx: Transaction, digest: str, now: int) -> Shown | None:
    """The code with this digest, while it is good."""
    row = tx.one(BY_DIGEST, {"digest": digest, "now": now})
    return None if row is None else Shown(**dict(row))


def take(tx: Transaction, account: int, by: int) -> None:
    """The code that an account was shown is another's from now on."""
    tx.run("UPDATE link_code SET taken_by = :by WHERE account = :account", {"account": account, "by": by})


def taken(tx: Transaction, account: int, by: int, now: int) -> Shown | None:
    """The code that an account was shown and another took, while it is good."""
    row = tx.one(
        "SELECT * FROM link_code WHERE account = :account AND taken_by = :by AND expires_at > :now",
        {"account": account, "by": by, "now": now},
    )
    return None if row is None else Shown(**dict(row))


def agree(tx: Transaction, account: int, until: int) -> None:
    """Who took the code that an account was shown confirmed it; that account is asked until then (UTC ms)."""
    tx.run(
        "UPDATE link_code SET agreed = 1, expires_at = :until WHERE account = :account",
        {"account": account, "until": until},
    )


def use_up(tx: Transaction, account: int) -> None:
    """The code that an account was shown is good no more."""
    tx.run("DELETE FROM link_code WHERE account = :account", {"account": account})


def tries(tx: Transaction, account: int, since: int) -> int:
    """How many wrong codes an account sent lately; those counted from before an instant are forgotten."""
    found: int | None = tx.value(
        "SELECT tries FROM link_try WHERE account = :account AND since >= :since",
        {"account": account, "since": since},
    )
    return found or 0


def note_try(tx: Transaction, account: int, now: int, since: int) -> None:
    """An account sent a wrong code; what was counted from before `since` is forgotten."""
    tx.run(
        "INSERT INTO link_try (account, since, tries) VALUES (:account, :now, 1)"
        " ON CONFLICT (account) DO UPDATE SET"
        " tries = CASE WHEN link_try.since < :since THEN 1 ELSE link_try.tries + 1 END,"
        " since = CASE WHEN link_try.since < :since THEN excluded.since ELSE link_try.since END",
        {"account": account, "now": now, "since": since},
    )


def forget_old(tx: Transaction, now: int) -> None:
    """Forget codes that are good no more."""
    tx.run("DELETE FROM link_code WHERE expires_at <= :now", {"now": now})
