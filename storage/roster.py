"""Who is in a room by a list of its members, and other ids for rooms and people: few statements for many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from storage.checkins import CheckIn
from storage.rooms import SET_ROLE, Room, role_since, room_of
from storage.statements import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from storage.db import Transaction


class Member(msgspec.Struct, frozen=True):
    """An account that is known to be in a room, as its platform names it."""

    account: int
    person: int
    native: str
    name: str


# Lists.

MEMBERS = (
    "SELECT account.id, account.person, account.native, account.name FROM membership"
    " CROSS JOIN account ON account.id = membership.account"
    " WHERE membership.room = :room AND membership.role <> 'left' AND account.is_bot = 0"
)


def members(tx: Transaction, room: int) -> list[Member]:
    """Those who are known to be in a room."""
    return [Member(*row) for row in tx.all(MEMBERS, {"room": room})]


def set_roles(tx: Transaction, room: int, roles: Mapping[int, str], now: int) -> None:
    """The roles of these accounts in a room were found to be these."""
    tx.many(SET_ROLE, [role_since(room, account, role, now, found=True) for account, role in roles.items()])


def rename(tx: Transaction, names: Iterable[tuple[int, str, str | None]]) -> None:
    """Accounts are shown by these names (and user names) from now on."""
    tx.many(
        "UPDATE account SET name = :name, username = :username WHERE id = :account",
        [{"account": account, "name": name, "username": username} for account, name, username in names],
    )


def set_direct(tx: Transaction, accounts: Collection[int], direct: str) -> None:
    """Whether the bot may write to these accounts first: open or closed."""
    tx.run(
        "UPDATE account SET direct = :direct WHERE id IN (SELECT value FROM json_each(:accounts))",
        {"accounts": listed(accounts), "direct": direct},
    )


GROUPS = (
    "SELECT * FROM room WHERE bot = :bot AND kind = 'group' AND standing = 'active' AND community IS NOT NULL"
    " ORDER BY id"
)


def groups(tx: Transaction, bot: str) -> list[Room]:
    """The groups that a bot is known to be in."""
    return [room_of(row) for row in tx.all(GROUPS, {"bot": bot})]


def begun_at(tx: Transaction, room: int) -> int:
    """When a room was first heard of, UTC milliseconds."""
    return int(tx.value("SELECT created_at FROM room WHERE id = :room", {"room": room}))


# Other ids.

BEGUN_SINCE = (
    "SELECT native FROM account WHERE platform = :platform AND created_at >= :since"
    " AND native IN (SELECT value FROM json_each(:natives))"
)


def begun_since(tx: Transaction, platform: str, natives: Collection[str], since: int) -> set[str]:
    """Those of the accounts with these ids that were first heard of since an instant (UTC milliseconds)."""
    values = {"platform": platform, "natives": listed(natives), "since": since}
    return {row["native"] for row in tx.all(BEGUN_SINCE, values)}


def rekey(tx: Transaction, accounts: Mapping[int, str], bot: str) -> None:
    """Accounts have other native ids from now on, and their private chats with the bot too.

    No account may be known by these ids.
    """
    values = [{"account": account, "native": native, "bot": bot} for account, native in accounts.items()]
    tx.many(
        "UPDATE room SET native = :native WHERE bot = :bot AND kind = 'private'"
        " AND native = (SELECT native FROM account WHERE id = :account)"
        " AND NOT EXISTS (SELECT 1 FROM room AS taken WHERE taken.bot = :bot AND taken.native = :native)",
        values,
    )
    tx.many("UPDATE account SET native = :native WHERE id = :account", values)


def give_way_back(tx: Transaction, room: int, native: str, other: int) -> None:
    """A room leaves its id to the one that gave way to it (0: to none), has an id of before, and is left."""
    now = tx.value("SELECT native FROM room WHERE id = :room", {"room": room})
    tx.run(
        "UPDATE room SET native = :native, standing = 'left' WHERE id = :room",
        {"room": room, "native": native},
    )
    tx.run(
        "UPDATE room SET native = :native, standing = 'active' WHERE id = :room",
        {"room": other, "native": now},
    )


def swap(tx: Transaction, taker: int, giver: int, now: int) -> None:
    """Two accounts change native ids, and what goes with them: names, and places in rooms."""
    pair = {"taker": taker, "giver": giver, "now": now}
    rows = {row["id"]: row for row in tx.all("SELECT * FROM account WHERE id IN (:taker, :giver)", pair)}
    tx.run("UPDATE account SET native = native || ' ' || id WHERE id = :giver", pair)
    for account, like in ((taker, giver), (giver, taker)):
        tx.run(
            "UPDATE account SET native = :native, name = :name, username = :username, direct = :direct"
            " WHERE id = :account",
            dict(rows[like]) | {"account": account},
        )
    places = tx.all("SELECT room, role FROM membership WHERE account = :giver AND role <> 'left'", pair)
    for place in places:
        set_roles(tx, place["room"], {taker: place["role"], giver: "left"}, now)


HELD = (
    "SELECT person, community FROM role WHERE person IN (SELECT value FROM json_each(:persons))"
    " UNION SELECT account.person, room.community FROM account"
    " JOIN membership ON membership.account = account.id AND membership.role IN ('owner', 'admin')"
    " JOIN room ON room.id = membership.room AND room.community IS NOT NULL AND room.standing = 'active'"
    " WHERE account.person IN (SELECT value FROM json_each(:persons))"
)


def held(tx: Transaction, persons: Collection[int]) -> dict[int, set[int]]:
    """The communities in which these persons have a role, of Banzhang's own or a platform's.

    What a platform says of one account holds for all that the person has. Who has none is left out.
    """
    found: dict[int, set[int]] = {}
    for row in tx.all(HELD, {"persons": listed(persons)}):
        found.setdefault(row["person"], set()).add(row["community"])
    return found


SAID_IN = "SELECT * FROM checkin WHERE room = :room AND standing = 'counted' ORDER BY at"


def said_in(tx: Transaction, room: int, community: int) -> list[CheckIn]:
    """The check-ins that were said in a room for a community and count."""
    rows = [dict(row) for row in tx.all(SAID_IN, {"room": room}) if row["community"] == community]
    return [msgspec.convert(row, CheckIn, strict=False) for row in rows]


def roles_of(tx: Transaction, person: int) -> set[str]:
    """The roles of Banzhang's own that a person has, in any community."""
    rows = tx.all("SELECT DISTINCT name FROM role WHERE person = :person", {"person": person})
    return {row["name"] for row in rows}
