"""Rooms that no bot is in: the names in their lists, and the lists that leaders passed on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from rules.days import Day
from rules.roll import Mark

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from storage.db import Row, Transaction

Fate = Literal["counted", "again", "leave", "not", "near", "unread", "twice", "off", "joined", "left"]
State = Literal["awaits", "file", "asks", "done", "undone"]
Kind = Literal["", "day", "members"]


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a list and what became of it.

    `fate`: counted, again (it was so before), leave, not (it says so), near (perhaps it is that account),
    unread, twice, off (a leader said no); in lists of members joined, again, left. `is_new`: this list made
    somebody a member. `name` is how the list calls somebody, `meant` how a leader did instead; `note` is what
    stands behind it, `says` the mark beside it.
    """

    number: int
    words: str
    fate: Fate
    name: str = ""
    meant: str = ""
    note: str = ""
    says: Mark = "done"
    account: int | None = None
    near: int | None = None
    is_new: bool = False

    @property
    def called(self) -> str:
        """What to call whom the line means."""
        return self.meant or self.name


class Roll(msgspec.Struct, frozen=True, kw_only=True):
    """A list that somebody passed on in the chat `sent_in`; `room`, `day` and `task` once they are known.

    `state`: awaits, file (it is being read), asks, done, undone. `kind`: day or members, "" until that is
    known. `change` is the audit row of what it did.
    """

    id: int = 0
    community: int
    sent_in: int
    account: int
    at: int
    state: State
    kind: Kind = ""
    room: int | None = None
    day: Day | None = None
    task: int | None = None
    text: str = ""
    lines: tuple[Line, ...] = ()
    change: int | None = None


def _roll(row: Row) -> Roll:
    lines = msgspec.json.decode(row["lines"], type=tuple[Line, ...])
    return Roll(**dict(row) | {"lines": lines})


def add(tx: Transaction, roll: Roll) -> Roll:
    """A list not known before; with its id."""
    number = tx.insert(
        "INSERT INTO roll (community, sent_in, account, at, state, kind, room, day, task, text, lines,"
        " change) VALUES (:community, :sent_in, :account, :at, :state, :kind, :room, :day, :task, :text,"
        " :lines, :change) RETURNING id",
        _values(roll),
    )
    return msgspec.structs.replace(roll, id=number)


def save(tx: Transaction, roll: Roll) -> None:
    """Write a list as it is now."""
    tx.run(
        "UPDATE roll SET at = :at, state = :state, kind = :kind, room = :room, day = :day, task = :task,"
        " text = :text, lines = :lines, change = :change WHERE id = :id",
        _values(roll),
    )


def _values(roll: Roll) -> dict[str, object]:
    return msgspec.structs.asdict(roll) | {"lines": msgspec.json.encode(roll.lines).decode()}


def by_id(tx: Transaction, community: int, roll: int) -> Roll | None:
    """A list of a community."""
    row = tx.one(
        "SELECT * FROM roll WHERE id = :roll AND community = :community",
        {"roll": roll, "community": community},
    )
    return None if row is None else _roll(row)


LATEST = (
    "SELECT * FROM roll WHERE sent_in = :sent_in AND community = :community AND at >= :since"
    " ORDER BY id DESC LIMIT 1"
)


def latest(tx: Transaction, community: int, sent_in: int, since: int) -> Roll | None:
    """The list that was passed on last in a chat, since an instant (UTC milliseconds)."""
    row = tx.one(LATEST, {"community": community, "sent_in": sent_in, "since": since})
    return None if row is None else _roll(row)


def forget(tx: Transaction, before: int) -> int:
    """Forget lists that were passed on before an instant (UTC milliseconds); how many."""
    return tx.run("DELETE FROM roll WHERE at < :before", {"before": before})


# Names.


def names(tx: Transaction, room: int) -> dict[str, int]:
    """The account that each name in the lists of a room stands for."""
    rows = tx.all("SELECT name, account FROM byhand_name WHERE room = :room", {"room": room})
    return {row["name"]: row["account"] for row in rows}


def name_them(tx: Transaction, room: int, named: Mapping[str, int]) -> None:
    """These names stand for these accounts from now on."""
    tx.put(
        "INSERT INTO byhand_name (room, name, account) VALUES (:room, :name, :account)"
        " ON CONFLICT (room, name) DO UPDATE SET account = excluded.account",
        [(room, name, account) for name, account in named.items()],
    )


def unname(tx: Transaction, room: int, account: int) -> None:
    """No name in the lists of a room stands for an account any more."""
    tx.run(
        "DELETE FROM byhand_name WHERE room = :room AND account = :account",
        {"room": room, "account": account},
    )


def here(tx: Transaction, room: int) -> set[int]:
    """The accounts that are in a room."""
    rows = tx.all("SELECT account FROM membership WHERE room = :room AND role <> 'left'", {"room": room})
    return {row["account"] for row in rows}


def set_here(tx: Transaction, room: int, accounts: Collection[int], now: int) -> None:
    """These accounts are members of a room, those who left again."""
    tx.put(
        "INSERT INTO membership (room, account, role, joined_at) VALUES (:room, :account, 'member', :now)"
        " ON CONFLICT (room, account) DO UPDATE SET role = 'member', left_at = NULL,"
        " joined_at = CASE WHEN membership.role = 'left' THEN excluded.joined_at"
        " ELSE membership.joined_at END",
        [(room, account, now) for account in accounts],
    )


# Days.


def note_day(tx: Transaction, room: int, day: Day) -> bool:
    """A list came for a day: it was seen; whether it was not before."""
    return (
        tx.run(
            "INSERT INTO byhand_day (room, day) VALUES (:room, :day) ON CONFLICT DO NOTHING",
            {"room": room, "day": day},
        )
        == 1
    )


def forget_day(tx: Transaction, room: int, day: Day) -> bool:
    """The last list of a day was taken back: the day passed unseen; False while another list stands."""
    return (
        tx.run(
            "DELETE FROM byhand_day WHERE room = :room AND day = :day AND NOT EXISTS (SELECT 1 FROM roll"
            " WHERE roll.room = :room AND roll.day = :day AND roll.state = 'done')",
            {"room": room, "day": day},
        )
        == 1
    )
