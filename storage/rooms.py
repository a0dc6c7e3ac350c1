"""Rooms: chats, private ones too, and who is in them in which role."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from rules.arguments import plain
from storage.statements import listed

if TYPE_CHECKING:
    from collections.abc import Collection

    from storage.db import Row, Transaction


BY_HAND = "byhand"
"""The bot, and the platform, of rooms that no bot is in: lists tell what happens there."""


class Room(msgspec.Struct, frozen=True):
    """One chat. `tier` 1 is the top; 0 for a private chat.

    `standing`: expected (the bot is to come for the first time), active, or left (the bot is out).
    """

    id: int
    community: int | None
    bot: str
    native: str
    is_group: bool
    """Whether several people share this room."""
    title: str
    tier: int
    language: str | None
    standing: str
    rights: tuple[str, ...]
    thread: str | None

    @property
    def is_by_hand(self) -> bool:
        """Whether no bot is in this room: it is counted, and nothing can be said there."""
        return self.bot == BY_HAND


def room_of(row: Row) -> Room:
    """The room that a row of them holds."""
    return Room(
        id=row["id"],
        community=row["community"],
        bot=row["bot"],
        native=row["native"],
        is_group=row["kind"] == "group",
        title=row["title"],
        tier=row["tier"],
        language=row["language"],
        standing=row["standing"],
        rights=tuple(row["rights"].split()),
        thread=row["thread"],
    )


def by_native(tx: Transaction, bot: str, native: str) -> Room | None:
    """The room that a platform names so."""
    row = tx.one("SELECT * FROM room WHERE bot = :bot AND native = :native", {"bot": bot, "native": native})
    return None if row is None else room_of(row)


def by_id(tx: Transaction, room: int) -> Room:
    """The room with this id; KeyError when there is none."""
    row = tx.one("SELECT * FROM room WHERE id = :room", {"room": room})
    if row is None:
        raise KeyError(room)
    return room_of(row)


OF_MEMBERS = (
    "SELECT room.* FROM room JOIN community ON community.id = room.community"
    " WHERE room.community = :community AND room.standing = 'active'"
    " AND room.id <> coalesce(community.staff_room, 0)"
)


def of_community(tx: Transaction, community: int) -> list[Room]:
    """The members' rooms of a community that the bot is in, the top tier first."""
    rows = tx.all(f"{OF_MEMBERS} ORDER BY room.tier, room.id", {"community": community})
    return [room_of(row) for row in rows]


def one_of_community(tx: Transaction, community: int, number: int) -> Room | None:
    """A members' room of a community that the bot is in, by its number."""
    row = tx.one(f"{OF_MEMBERS} AND room.id = :number", {"community": community, "number": number})
    return None if row is None else room_of(row)


def called(tx: Transaction, community: int, said: str) -> list[Room]:
    """The members' rooms of a community that are meant by #number, else by title, else by its beginning."""
    name = plain(said)
    known = [(plain(room.title), room) for room in of_community(tx, community)] if name else []
    ways = (
        [room for _, room in known if name == f"#{room.id}"],
        [room for title, room in known if title == name],
        [room for title, room in known if title.startswith(name)],
    )
    return next(filter(None, ways), [])


def add(tx: Transaction, bot: str, native: str, kind: str, title: str, now: int) -> Room:
    """A room not seen before, of no community yet."""
    room = tx.insert(
        "INSERT INTO room (bot, native, kind, title, tier, standing, rights, created_at)"
        " VALUES (:bot, :native, :kind, :title, :tier, 'active', '', :now) RETURNING id",
        {
            "bot": bot,
            "native": native,
            "kind": kind,
            "title": title,
            "tier": 1 if kind == "group" else 0,
            "now": now,
        },
    )
    return by_id(tx, room)


def save(tx: Transaction, room: Room) -> None:
    """Write a room's changeable columns."""
    tx.run(
        "UPDATE room SET community = :community, title = :title, tier = :tier, language = :language,"
        " standing = :standing, rights = :rights, thread = :thread WHERE id = :id",
        msgspec.structs.asdict(room) | {"rights": " ".join(room.rights)},
    )


def move(tx: Transaction, room: int, native: str) -> None:
    """The room has another native id from now on; a room already known by that id gives way to it."""
    tx.run(
        "UPDATE room SET native = native || ' moved ' || id, standing = 'left'"
        " WHERE native = :native AND id <> :room AND bot = (SELECT bot FROM room WHERE id = :room)",
        {"native": native, "room": room},
    )
    tx.run("UPDATE room SET native = :native WHERE id = :room", {"native": native, "room": room})


def is_alone(tx: Transaction, community: int) -> bool:
    """Whether no other community has a room that a bot is in."""
    found = tx.value(
        "SELECT 1 FROM room WHERE community <> :community AND standing = 'active' LIMIT 1",
        {"community": community},
    )
    return found is None


def bots_of(tx: Transaction, community: int) -> set[str]:
    """The bots that are in a community's rooms."""
    rows = tx.all(
        "SELECT DISTINCT bot FROM room WHERE community = :community AND standing = 'active'",
        {"community": community},
    )
    return {row["bot"] for row in rows}


def role(tx: Transaction, room: int, account: int) -> str | None:
    """An account's role in a room (owner, admin, member, left), or None when it was never seen there."""
    found: str | None = tx.value(
        "SELECT role FROM membership WHERE room = :room AND account = :account",
        {"room": room, "account": account},
    )
    return found


SET_ROLE = (
    "INSERT INTO membership (room, account, role, joined_at, left_at, join_found, leave_found)"
    " VALUES (:room, :account, :role, :now, :left_at, :found, :found)"
    " ON CONFLICT (room, account) DO UPDATE SET role = excluded.role,"
    " joined_at = CASE WHEN membership.role = 'left' AND excluded.role <> 'left'"
    " THEN excluded.joined_at ELSE membership.joined_at END,"
    " join_found = CASE WHEN membership.role = 'left' AND excluded.role <> 'left'"
    " THEN excluded.join_found ELSE membership.join_found END,"
    " left_at = CASE WHEN membership.role = 'left' AND excluded.role = 'left'"
    " THEN membership.left_at ELSE excluded.left_at END,"
    " leave_found = CASE WHEN membership.role <> 'left' AND excluded.role = 'left'"
    " THEN excluded.leave_found ELSE membership.leave_found END"
)
"""`found`: 1 when it is not known when they came or left, only that it was found now."""


def set_role(tx: Transaction, room: int, account: int, role: str, now: int) -> None:
    """An account's role in a room is this from now on; who comes back joins anew."""
    tx.run(SET_ROLE, role_since(room, account, role, now, found=False))


def role_since(room: int, account: int, role: str, now: int, *, found: bool) -> dict[str, object]:
    """What fills SET_ROLE."""
    left_at = now if role == "left" else None
    return {
        "room": room,
        "account": account,
        "role": role,
        "now": now,
        "left_at": left_at,
        "found": int(found),
    }


def roles(tx: Transaction, room: int, accounts: Collection[int]) -> dict[int, str]:
    """The roles in a room of those of these accounts that were seen there."""
    rows = tx.all(
        "SELECT account, role FROM membership"
        " WHERE room = :room AND account IN (SELECT value FROM json_each(:accounts))",
        {"room": room, "accounts": listed(accounts)},
    )
    return {row["account"]: row["role"] for row in rows}


def join(tx: Transaction, room: int, account: int, now: int) -> None:
    """An account never seen in a room is its member; the row is written together with others like it."""
    tx.later(
        "INSERT INTO membership (room, account, role, joined_at) VALUES (:room, :account, 'member', :now)",
        (room, account, now),
    )


def room_of_member(tx: Transaction, community: int, account: int) -> Room | None:
    """The room of a community that an account is in: of several the highest tier, the staff room last.

    Where nothing can be said is taken only for who is in no other.
    """
    row = tx.one(
        "SELECT room.* FROM membership JOIN room ON room.id = membership.room"
        " JOIN community ON community.id = room.community"
        " WHERE membership.account = :account AND membership.role <> 'left' AND room.community = :community"
        " AND room.standing = 'active'"
        " ORDER BY room.bot = :by_hand, room.id = coalesce(community.staff_room, 0), room.tier, room.id"
        " LIMIT 1",
        {"account": account, "community": community, "by_hand": BY_HAND},
    )
    return None if row is None else room_of(row)


def platform_roles(tx: Transaction, community: int, person: int) -> set[str]:
    """As what (owner, admin) platforms name a person in the members' rooms of a community."""
    rows = tx.all(
        "SELECT DISTINCT membership.role FROM account"
        " JOIN membership ON membership.account = account.id AND membership.role IN ('owner', 'admin')"
        " JOIN room ON room.id = membership.room JOIN community ON community.id = room.community"
        " WHERE account.person = :person AND room.community = :community AND room.standing = 'active'"
        " AND room.id <> coalesce(community.staff_room, 0)",
        {"person": person, "community": community},
    )
    return {row["role"] for row in rows}
