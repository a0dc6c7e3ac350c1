"""Several accounts that are one person: since when, what each brought along, and how they part again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from storage import activity
from storage.statements import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.db import Row, Transaction


class Brought(msgspec.Struct, frozen=True, array_like=True):
    """A role in a community that an account brought along, when it was given and by whom."""

    community: int
    name: str
    given_at: int
    given_by: int | None


class Link(msgspec.Struct, frozen=True):
    """An account that belongs to a person with others, and the person that it belonged to by itself."""

    account: int
    person: int
    was: int
    roles: frozenset[Brought]


def _link(row: Row) -> Link:
    roles = msgspec.json.decode(row["roles"], type=frozenset[Brought])
    return Link(row["account"], row["person"], row["was"], roles)


def _encoded(roles: Iterable[Brought]) -> str:
    return msgspec.json.encode(sorted(roles, key=msgspec.structs.astuple)).decode()


# Who belongs together.

TOGETHER = "SELECT account, person FROM link WHERE until IS NULL ORDER BY account"


def together(tx: Transaction) -> dict[int, tuple[int, ...]]:
    """Of each account that is not alone all accounts of its person, the oldest first."""
    groups: dict[int, list[int]] = {}
    for row in tx.all(TOGETHER):
        groups.setdefault(row["person"], []).append(row["account"])
    return {account: tuple(group) for group in groups.values() for account in group}


AMONG = (
    "SELECT DISTINCT person FROM link WHERE until IS NULL"
    " AND person IN (SELECT value FROM json_each(:persons))"
)


def among(tx: Transaction, persons: Iterable[int]) -> set[int]:
    """Those of these persons who have several accounts."""
    return {row["person"] for row in tx.all(AMONG, {"persons": listed(persons)})}


OF_PERSON = "SELECT * FROM link WHERE person = :person AND until IS NULL ORDER BY account"


def of_person(tx: Transaction, person: int) -> list[Link]:
    """The accounts of a person that has several, the oldest first."""
    return [_link(row) for row in tx.all(OF_PERSON, {"person": person})]


def persons_of(tx: Transaction, person: int) -> tuple[int, ...]:
    """A person, and the persons that its accounts were before: what those did, it did."""
    earlier = (link.was for link in of_person(tx, person))
    return (person, *(one for one in earlier if one != person))


PARTED = (
    "SELECT max(until) FROM link WHERE account IN (SELECT id FROM account WHERE person = :person)"
    " AND until IS NOT NULL"
)


def parted_at(tx: Transaction, person: int) -> int | None:
    """When (UTC milliseconds) one of a person's accounts was last parted from others."""
    found: int | None = tx.value(PARTED, {"person": person})
    return found


CONCERNED = (
    "SELECT id FROM community WHERE EXISTS (SELECT 1 FROM account WHERE person IN (:one, :other) AND ("
    "EXISTS (SELECT 1 FROM checkin WHERE community = community.id AND account = account.id)"
    " OR EXISTS (SELECT 1 FROM activity WHERE community = community.id AND account = account.id)))"
    " OR EXISTS (SELECT 1 FROM streak WHERE community = community.id AND person IN (:one, :other))"
    " OR EXISTS (SELECT 1 FROM reminder WHERE community = community.id AND person IN (:one, :other))"
    " ORDER BY id"
)


def concerned(tx: Transaction, one: int, other: int) -> list[int]:
    """The communities in which something is kept, or derived, of two persons."""
    activity.write_down(tx)
    return [row["id"] for row in tx.all(CONCERNED, {"one": one, "other": other})]


# Joining.


def join(tx: Transaction, stays: int, goes: int, now: int) -> None:
    """All accounts of one person belong to another from now on, with roles and wishes.

    What is derived from what they did is to be made anew. Nothing happens where both are the same.
    """
    if stays == goes:
        return
    for person in (stays, goes):
        _remember(tx, person, now)
    values = {"stays": stays, "goes": goes}
    tx.run("UPDATE account SET person = :stays WHERE person = :goes", values)
    tx.run("UPDATE link SET person = :stays WHERE person = :goes AND until IS NULL", values)
    tx.run(
        "UPDATE person SET hidden = max(hidden, (SELECT hidden FROM person WHERE id = :goes)),"
        " language = coalesce(language, (SELECT language FROM person WHERE id = :goes)) WHERE id = :stays",
        values,
    )
    for table, columns in (*WISHES.items(), ("role", ROLE)):
        tx.run(_copy(table, columns), values)
        tx.run(f"DELETE FROM {table} WHERE person = :goes", values)  # noqa: S608 - names from above


ALSO_APART = (
    "UPDATE person SET hidden = (SELECT hidden FROM person WHERE id = :person),"
    " language = coalesce((SELECT language FROM person WHERE id = :person), language) WHERE id = :to"
)
"""Who was in no ranking, or chose a language, while the accounts were one person's still does afterwards."""

ROLE = "name, given_at, given_by, community"
WISHES = {"nudge": "at, feature", "digest_off": "community"}
"""Tables by person, with their other columns, that are taken along by both who join and who part."""


def _copy(table: str, columns: str) -> str:
    return (
        f"INSERT INTO {table} (person, {columns}) SELECT :stays, {columns} FROM {table}"  # noqa: S608 - names from above
        " WHERE person = :goes ON CONFLICT DO NOTHING"
    )


def _remember(tx: Transaction, person: int, now: int) -> None:
    """Note of a person's accounts, before they join others, which roles they bring along.

    What was given to several of them together belongs to the oldest.
    """
    known = of_person(tx, person)
    held = _roles(tx, person)
    alone = held - frozenset().union(*(link.roles for link in known))
    for row in tx.all("SELECT id FROM account WHERE person = :person ORDER BY id", {"person": person}):
        link = next((one for one in known if one.account == row["id"]), None)
        roles = alone | (frozenset() if link is None else link.roles & held)
        alone = frozenset()
        _keep(tx, Link(row["id"], person, person if link is None else link.was, roles), now)


def _keep(tx: Transaction, link: Link, now: int) -> None:
    tx.run(
        "INSERT INTO link (person, account, was, since, roles) VALUES (:person, :account, :was, :now, :roles)"
        " ON CONFLICT (account) WHERE until IS NULL DO UPDATE SET roles = excluded.roles",
        msgspec.structs.asdict(link) | {"now": now, "roles": _encoded(link.roles)},
    )


def _roles(tx: Transaction, person: int) -> frozenset[Brought]:
    rows = tx.all(
        "SELECT community, name, given_at, given_by FROM role WHERE person = :person", {"person": person}
    )
    return frozenset(Brought(*row) for row in rows)


# Parting.


def part(tx: Transaction, account: int, now: int) -> tuple[int, int] | None:
    """Part an account from the others of its person; the persons that there are now, None if it was alone.

    Roles go with the accounts that brought them, as far as they are still held; others stay where they are.
    """
    person = int(tx.value("SELECT person FROM account WHERE id = :account", {"account": account}))
    links = of_person(tx, person)
    if len(links) < 2:
        return None
    own = next(link for link in links if link.account == account)
    others = [link for link in links if link != own]
    leaving, staying = (others, [own]) if own.was == person else ([own], others)
    to = leaving[0].was
    accounts = {"to": to, "now": now, "accounts": listed(link.account for link in leaving)}
    among_them = "account IN (SELECT value FROM json_each(:accounts))"
    tx.run("UPDATE account SET person = :to WHERE id IN (SELECT value FROM json_each(:accounts))", accounts)
    tx.run(f"UPDATE link SET person = :to WHERE until IS NULL AND {among_them}", accounts)  # noqa: S608 - fixed text
    _share_roles(tx, person, to, leaving, staying)
    tx.run(ALSO_APART, {"to": to, "person": person})
    for table, columns in WISHES.items():
        tx.run(_copy(table, columns), {"stays": to, "goes": person})
    for group in (leaving, staying):
        if len(group) == 1:
            _close(tx, group[0].account, now)
    return person, to


def _close(tx: Transaction, account: int, now: int) -> None:
    tx.run(
        "UPDATE link SET until = :now WHERE account = :account AND until IS NULL",
        {"account": account, "now": now},
    )


def _share_roles(
    tx: Transaction, person: int, to: int, leaving: Iterable[Link], staying: Iterable[Link]
) -> None:
    held = {(role.community, role.name) for role in _roles(tx, person)}
    kept = {(role.community, role.name) for link in staying for role in link.roles}
    for role in sorted({role for link in leaving for role in link.roles}, key=msgspec.structs.astuple):
        values = msgspec.structs.asdict(role) | {"person": person, "to": to}
        if (role.community, role.name) in held:
            tx.run(
                "INSERT INTO role (community, person, name, given_at, given_by)"
                " VALUES (:community, :to, :name, :given_at, :given_by) ON CONFLICT DO NOTHING",
                values,
            )
        if (role.community, role.name) not in kept:
            tx.run(
                "DELETE FROM role WHERE community = :community AND person = :person AND name = :name", values
            )
