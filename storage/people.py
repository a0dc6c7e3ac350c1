"""People and their accounts: a person is a set of accounts that may be regrouped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from rules.days import Day
from storage.statements import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from storage.db import Row, Transaction


class Account(msgspec.Struct, frozen=True):
    """One person on one platform. `direct`: whether the bot may write first (unknown, open, closed)."""

    id: int
    person: int
    platform: str
    native: str
    name: str
    username: str | None
    is_bot: bool
    direct: str


def _account(row: Row) -> Account:
    return Account(
        id=row["id"],
        person=row["person"],
        platform=row["platform"],
        native=row["native"],
        name=row["name"],
        username=row["username"],
        is_bot=bool(row["is_bot"]),
        direct=row["direct"],
    )


def by_native(tx: Transaction, platform: str, native: str) -> Account | None:
    """The account that a platform names so."""
    row = tx.one(
        "SELECT * FROM account WHERE platform = :platform AND native = :native",
        {"platform": platform, "native": native},
    )
    return None if row is None else _account(row)


def by_natives(tx: Transaction, platform: str, natives: Collection[str]) -> list[Account]:
    """Those of the accounts that a platform names so which were seen before."""
    rows = tx.all(
        "SELECT * FROM account WHERE platform = :platform"
        " AND native IN (SELECT value FROM json_each(:natives))",
        {"platform": platform, "natives": listed(natives)},
    )
    return list(map(_account, rows))


def persons_of(tx: Transaction, accounts: Collection[int]) -> dict[int, int]:
    """Whose these accounts are, by account."""
    rows = tx.all(
        "SELECT id, person FROM account WHERE id IN (SELECT value FROM json_each(:accounts))",
        {"accounts": listed(accounts)},
    )
    return {row[0]: row[1] for row in rows}


def by_id(tx: Transaction, account: int) -> Account:
    """The account with this id; KeyError when there is none."""
    row = tx.one("SELECT * FROM account WHERE id = :account", {"account": account})
    if row is None:
        raise KeyError(account)
    return _account(row)


def of_person(tx: Transaction, person: int) -> list[Account]:
    """A person's accounts, the oldest first."""
    return [
        _account(row)
        for row in tx.all("SELECT * FROM account WHERE person = :person ORDER BY id", {"person": person})
    ]


def add(
    tx: Transaction, *, platform: str, native: str, name: str, username: str | None, is_bot: bool, now: int
) -> Account:
    """An account not seen before, and a person of its own."""
    person = tx.insert("INSERT INTO person (hidden, created_at) VALUES (0, :now) RETURNING id", {"now": now})
    account = tx.insert(
        "INSERT INTO account (person, platform, native, name, username, is_bot, direct, created_at)"
        " VALUES (:person, :platform, :native, :name, :username, :is_bot, 'unknown', :now) RETURNING id",
        {
            "person": person,
            "platform": platform,
            "native": native,
            "name": name,
            "username": username,
            "is_bot": int(is_bot),
            "now": now,
        },
    )
    return Account(account, person, platform, native, name, username, is_bot, "unknown")


class Newcomer(msgspec.Struct, frozen=True):
    """Somebody not seen before, as a platform names them; no bot."""

    native: str
    name: str
    username: str | None


def add_all(tx: Transaction, platform: str, newcomers: Sequence[Newcomer], now: int) -> list[Account]:
    """Like `add` for many at once: an account for each, and a person of its own."""
    persons = tx.put(
        "INSERT INTO person (hidden, created_at) VALUES (0, :now) RETURNING id", [(now,)] * len(newcomers)
    )
    rows = tx.put(
        "INSERT INTO account (person, platform, native, name, username, is_bot, direct, created_at)"
        " VALUES (:person, :platform, :native, :name, :username, 0, 'unknown', :now)"
        " RETURNING id, person, native",
        [
            (person[0], platform, one.native, one.name, one.username, now)
            for person, one in zip(persons, newcomers, strict=True)
        ],
    )
    named = {one.native: one for one in newcomers}
    return [_added(row, platform, named[row["native"]]) for row in rows]


def _added(row: Row, platform: str, one: Newcomer) -> Account:
    return Account(
        row[0], row[1], platform, one.native, one.name, one.username, is_bot=False, direct="unknown"
    )


def rename(tx: Transaction, account: int, name: str, username: str | None) -> None:
    """The platform shows the account so from now on."""
    tx.run(
        "UPDATE account SET name = :name, username = :username WHERE id = :account",
        {"account": account, "name": name, "username": username},
    )


def set_direct(tx: Transaction, account: int, direct: str) -> None:
    """Whether the bot may write to the account first: open or closed."""
    tx.run("UPDATE account SET direct = :direct WHERE id = :account", {"account": account, "direct": direct})


def reachable(tx: Transaction, community: int, person: int) -> Account | None:
    """The one account at which the bot may write to a person first.

    Of several the one that is in a room of the community whose bot is not away, and checked in there last.
    """
    known = [one for one in of_person(tx, person) if one.direct == "open"]
    if len(known) < 2:
        return known[0] if known else None
    return max(known, key=lambda one: (*_last_seen(tx, community, one.id), -one.id))


LAST_SEEN = (
    "SELECT EXISTS (SELECT 1 FROM membership JOIN room ON room.id = membership.room"
    " WHERE membership.account = :account AND membership.role <> 'left'"
    " AND room.community = :community AND room.standing = 'active'"
    " AND NOT EXISTS (SELECT 1 FROM bot_account WHERE bot_account.bot = room.bot AND state <> 'online')),"
    " coalesce(max(day), '') FROM checkin"
    " WHERE community = :community AND account = :account"
)


def _last_seen(tx: Transaction, community: int, account: int) -> tuple[int, Day]:
    """Whether an account is in a room of a community with a bot, and the day of its last check-in there."""
    is_here, last = tx.all(LAST_SEEN, {"community": community, "account": account})[0]
    return is_here, Day(last)


def language(tx: Transaction, person: int) -> str | None:
    """The language a person chose, if any."""
    found: str | None = tx.value("SELECT language FROM person WHERE id = :person", {"person": person})
    return found


def set_language(tx: Transaction, person: int, language: str) -> None:
    """The person wants to be spoken to in this language."""
    tx.run(
        "UPDATE person SET language = :language WHERE id = :person", {"person": person, "language": language}
    )


def is_hidden(tx: Transaction, person: int) -> bool:
    """Whether a person wants to be in no ranking."""
    return bool(tx.value("SELECT hidden FROM person WHERE id = :person", {"person": person}))


def set_hidden(tx: Transaction, person: int, *, hidden: bool) -> None:
    """Whether the person is left out of rankings from now on."""
    tx.run("UPDATE person SET hidden = :hidden WHERE id = :person", {"person": person, "hidden": int(hidden)})


NAMES = (
    "SELECT person, name FROM account WHERE person IN (SELECT value FROM json_each(:persons))"
    " ORDER BY EXISTS (SELECT 1 FROM membership WHERE membership.room = :room"
    " AND membership.account = account.id AND membership.role <> 'left'), id DESC"
)
NAMES_BEFORE = (
    "SELECT link.was AS person, account.name FROM link JOIN account ON account.id = link.account"
    " WHERE link.was IN (SELECT value FROM json_each(:persons))"
)


def names(tx: Transaction, persons: Iterable[int], room: int = 0) -> dict[int, str]:
    """The name shown for each person: that of an account in this room, else that of the oldest account.

    Who has none left, since it belongs to another person now, is named by that one.
    """
    wanted = set(persons)
    found = _names(tx, NAMES, wanted, room)
    lost = wanted - found.keys()
    return found | _names(tx, NAMES_BEFORE, lost, room) if lost else found


def _names(tx: Transaction, query: str, persons: Iterable[int], room: int) -> dict[int, str]:
    rows = tx.all(query, {"persons": listed(persons), "room": room})
    return {row["person"]: row["name"] for row in rows}


def by_now(tx: Transaction, person: int) -> int:
    """Who a person is by now: itself, or the one to whom its account was joined."""
    found: int | None = tx.value(
        "SELECT person FROM link WHERE was = :person AND until IS NULL", {"person": person}
    )
    return person if found is None else found


CALLED = (
    "SELECT DISTINCT account.* FROM room JOIN membership ON membership.room = room.id"
    " JOIN account ON account.id = membership.account"
    " WHERE room.community = :community AND account.is_bot = 0"
    " AND (membership.role <> 'left' OR :also_left = 1)"
    " AND (lower(account.name) = lower(:name) OR lower(account.username) = lower(:username))"
    " ORDER BY account.id LIMIT 50"
)


def called(tx: Transaction, community: int, name: str, *, also_left: bool = False) -> list[Account]:
    """The accounts in a community's rooms that go by a name or @username; `also_left`: those who left too."""
    values = {
        "community": community,
        "name": name,
        "username": name.removeprefix("@"),
        "also_left": int(also_left),
    }
    return list(map(_account, tx.all(CALLED, values)))


def are_one(accounts: Iterable[Account]) -> bool:
    """Whether accounts, at least one, are all one person's."""
    return len({account.person for account in accounts}) == 1


def in_community(tx: Transaction, community: int, account: int) -> Account | None:
    """An account by its number, if it is or was in a room of a community."""
    row = tx.one(
        "SELECT DISTINCT account.* FROM membership JOIN room ON room.id = membership.room"
        " JOIN account ON account.id = membership.account"
        " WHERE membership.account = :account AND room.community = :community AND account.is_bot = 0",
        {"account": account, "community": community},
    )
    return None if row is None else _account(row)


def is_known(tx: Transaction, community: int, person: int) -> bool:
    """Whether a person is or was in a room of a community."""
    found = tx.value(
        "SELECT 1 FROM account JOIN membership ON membership.account = account.id"
        " JOIN room ON room.id = membership.room"
        " WHERE account.person = :person AND room.community = :community LIMIT 1",
        {"person": person, "community": community},
    )
    return found is not None


def give_role(tx: Transaction, community: int, person: int, name: str, now: int, by: int | None) -> bool:
    """Give one of Banzhang's own roles; False when the person had it."""
    return (
        tx.run(
            "INSERT INTO role (community, person, name, given_at, given_by)"
            " VALUES (:community, :person, :name, :now, :by) ON CONFLICT DO NOTHING",
            {"community": community, "person": person, "name": name, "now": now, "by": by},
        )
        == 1
    )


def take_role(tx: Transaction, community: int, person: int, name: str) -> bool:
    """Take one of Banzhang's own roles back; False when the person did not have it."""
    return (
        tx.run(
            "DELETE FROM role WHERE community = :community AND person = :person AND name = :name",
            {"community": community, "person": person, "name": name},
        )
        == 1
    )


IS_HERE = (
    "EXISTS (SELECT 1 FROM account JOIN membership ON membership.account = account.id"
    " JOIN room ON room.id = membership.room WHERE account.person = role.person"
    " AND room.community = role.community AND room.standing = 'active' AND membership.role <> 'left')"
)
"""Whether who has a role is in a room of its community; who left them all has no rights there any more."""

OF_PERSON = "SELECT name FROM role WHERE community = :community AND person = :person"
ROLES = f"{OF_PERSON} AND {IS_HERE}"


def roles(tx: Transaction, community: int, person: int) -> set[str]:
    """The roles of Banzhang's own that a person has in a community while in one of its rooms."""
    return {row["name"] for row in tx.all(ROLES, {"community": community, "person": person})}


STAFF = (
    "SELECT account.person FROM room CROSS JOIN membership ON membership.room = room.id"
    " CROSS JOIN account ON account.id = membership.account"
    " WHERE room.community = :community AND room.standing = 'active' AND account.is_bot = 0"
    " AND room.id <> coalesce((SELECT staff_room FROM community WHERE id = :community), 0)"
    " AND membership.role IN ('owner', 'admin') UNION SELECT person FROM role WHERE community = :community"
)


def staff(tx: Transaction, community: int) -> list[int]:
    """The persons who look after a community: owners and admins of its members' rooms, and who has a role."""
    return sorted(row["person"] for row in tx.all(f"{STAFF} AND {IS_HERE}", {"community": community}))


STAFF_OF_ROOM = (
    "SELECT account.* FROM membership JOIN account ON account.id = membership.account"
    " WHERE membership.room = :room AND membership.role IN ('owner', 'admin')"
)


def staff_of_room(tx: Transaction, room: int) -> list[Account]:
    """The accounts that own a room or are admins of it, by the platform's word."""
    return list(map(_account, tx.all(STAFF_OF_ROOM, {"room": room})))
