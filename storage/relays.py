"""接龙: the latest list of each title in a room, and sign-up lists with a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from storage.db import Row, Transaction


class Entry(msgspec.Struct, frozen=True):
    """One line of a list: the name in front, the rest, and the account that wrote it for itself."""

    name: str
    text: str
    account: int | None = None


class Relay(msgspec.Struct, frozen=True):
    """A list of a room. `title` is what it is found by, `shown` what people read; `places` 0: no limit."""

    id: int
    room: int
    title: str
    shown: str
    places: int
    entries: tuple[Entry, ...]
    at: int


def _relay(row: Row) -> Relay:
    entries = msgspec.json.decode(row["lines"], type=tuple[Entry, ...])
    return Relay(row["id"], row["room"], row["title"], row["shown"], row["places"], entries, row["at"])


def by_title(tx: Transaction, room: int, title: str) -> Relay | None:
    """The list of a room that is found by this title."""
    row = tx.one("SELECT * FROM relay WHERE room = :room AND title = :title", {"room": room, "title": title})
    return None if row is None else _relay(row)


def by_id(tx: Transaction, relay: int) -> Relay | None:
    """A list by its id."""
    row = tx.one("SELECT * FROM relay WHERE id = :relay", {"relay": relay})
    return None if row is None else _relay(row)


def latest(tx: Transaction, room: int, most: int = 1) -> list[Relay]:
    """The lists of a room that changed last, the newest first."""
    rows = tx.all(
        "SELECT * FROM relay WHERE room = :room ORDER BY at DESC, id DESC LIMIT :most",
        {"room": room, "most": most},
    )
    return list(map(_relay, rows))


def remove(tx: Transaction, room: int, title: str) -> None:
    """The list of a room that is found by this title is gone."""
    tx.run("DELETE FROM relay WHERE room = :room AND title = :title", {"room": room, "title": title})


def keep(tx: Transaction, relay: Relay) -> int:
    """Write a list as it is now (a new one has the id 0); its id."""
    return tx.insert(
        "INSERT INTO relay (room, title, shown, places, lines, at)"
        " VALUES (:room, :title, :shown, :places, :lines, :at)"
        " ON CONFLICT (room, title) DO UPDATE SET shown = excluded.shown, places = excluded.places,"
        " lines = excluded.lines, at = excluded.at RETURNING id",
        {
            "room": relay.room,
            "title": relay.title,
            "shown": relay.shown,
            "places": relay.places,
            "lines": msgspec.json.encode(relay.entries).decode(),
            "at": relay.at,
        },
    )
