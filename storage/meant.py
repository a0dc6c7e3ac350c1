"""Which of several communities somebody means in private."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.db import Transaction

COMMUNITIES = (
    "SELECT room.community FROM membership JOIN room ON room.id = membership.room"
    " LEFT JOIN meant ON meant.account = membership.account AND meant.community = room.community"
    " WHERE membership.account = :account AND membership.role <> 'left' AND room.community IS NOT NULL"
    " AND room.standing = 'active' GROUP BY room.community ORDER BY count(meant.account) = 0,"
    " coalesce((SELECT max(checkin.day) FROM checkin"
    " WHERE checkin.community = room.community AND checkin.account = :account), '') DESC,"
    " max(membership.joined_at) DESC, room.community"
)


def communities(tx: Transaction, account: int) -> list[int]:
    """The communities that an account is in, what it most likely means first.

    That is the one it chose, or whose button it pressed last, in private; then the one that it checked in
    to last; then the one joined last.
    """
    return [row["community"] for row in tx.all(COMMUNITIES, {"account": account})]


def choose(tx: Transaction, account: int, community: int) -> None:
    """What an account writes in private is for this community from now on."""
    tx.run(
        "INSERT INTO meant (account, community) VALUES (:account, :community)"
        " ON CONFLICT (account) DO UPDATE SET community = excluded.community",
        {"account": account, "community": community},
    )
