"""What was proposed, who decided it, and the lists in which it was put before them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from storage.statements import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from storage.db import Row, Transaction

State = Literal["open", "later", "approved", "declined", "expired", "closed"]
WAITING: tuple[State, ...] = ("open", "later")


class Suggested(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was proposed; the columns as the migration describes them, times in UTC milliseconds."""

    id: int = 0
    community: int
    kind: str
    subject: str
    room: int = 0
    message: str = ""
    about: str
    data: str
    state: State = "open"
    created_at: int
    expires_at: int
    again_at: int | None = None
    put_off: int = 0
    decided_by: int | None = None
    decided_at: int | None = None
    shown_in: int | None = None

    @property
    def waits(self) -> bool:
        """Whether it can still be decided."""
        return self.state in WAITING


def _read(row: Row) -> Suggested:
    return Suggested(**dict(row))


def add(tx: Transaction, suggested: Suggested) -> int:
    """Keep a new one; its number."""
    return tx.insert(
        "INSERT INTO suggestion (community, kind, subject, room, message, about, data, state, created_at,"
        " expires_at) VALUES (:community, :kind, :subject, :room, :message, :about, :data, :state,"
        " :created_at, :expires_at) RETURNING id",
        msgspec.structs.asdict(suggested),
    )


def by_id(tx: Transaction, community: int, number: int) -> Suggested | None:
    """One of a community's by its number."""
    row = tx.one(
        "SELECT * FROM suggestion WHERE id = :number AND community = :community",
        {"number": number, "community": community},
    )
    return None if row is None else _read(row)


LATEST = (
    "SELECT * FROM suggestion WHERE community = :community AND kind = :kind AND subject = :subject"
    " ORDER BY id DESC LIMIT 1"
)


def latest(tx: Transaction, community: int, kind: str, subject: str) -> Suggested | None:
    """The last one about a subject."""
    row = tx.one(LATEST, {"community": community, "kind": kind, "subject": subject})
    return None if row is None else _read(row)


ABOUT_MESSAGE = (
    "SELECT * FROM suggestion WHERE room = :room AND message = :message AND state IN ('open', 'later')"
)


def about_message(tx: Transaction, room: int, message: str) -> list[Suggested]:
    """Those about a message of a room that wait."""
    return list(map(_read, tx.all(ABOUT_MESSAGE, {"room": room, "message": message})))


# Deciding: each is an UPDATE that finds its row only once.


def settle(tx: Transaction, number: int, state: State, by: int | None, now: int) -> Suggested | None:
    """One that waits is this from now on; None when it does not wait any more."""
    row = tx.one(
        "UPDATE suggestion SET state = :state, decided_by = :by, decided_at = :now"
        " WHERE id = :number AND state IN ('open', 'later') RETURNING *",
        {"number": number, "state": state, "by": by, "now": now},
    )
    return None if row is None else _read(row)


def put_off(tx: Transaction, number: int, again_at: int, expires_at: int, most: int) -> Suggested | None:
    """One that is open waits until `again_at`; None when it is not open, or was put off `most` times."""
    row = tx.one(
        "UPDATE suggestion SET state = 'later', again_at = :again_at, put_off = put_off + 1,"
        " expires_at = max(expires_at, :expires_at)"
        " WHERE id = :number AND state = 'open' AND put_off < :most RETURNING *",
        {"number": number, "again_at": again_at, "expires_at": expires_at, "most": most},
    )
    return None if row is None else _read(row)


def move(tx: Transaction, suggested: Suggested, state: State, by: int | None, now: int, lives: int) -> bool:
    """One that is as it was read is this from now on; open again it lives for `lives` at least."""
    values = {"number": suggested.id, "was": suggested.state, "state": state, "by": by, "now": now}
    return (
        tx.run(
            "UPDATE suggestion SET state = :state, decided_by = :by, decided_at = :now, again_at = NULL,"
            " expires_at = max(expires_at, :until) WHERE id = :number AND state = :was",
            values | {"until": now + lives},
        )
        == 1
    )


EXPIRED = (
    "SELECT * FROM suggestion WHERE community = :community AND state IN ('open', 'later')"
    " AND expires_at <= :now ORDER BY id"
)


def expired(tx: Transaction, community: int, now: int) -> list[Suggested]:
    """Those whose time is over."""
    return list(map(_read, tx.all(EXPIRED, {"community": community, "now": now})))


def open_again(tx: Transaction, community: int, now: int) -> None:
    """Those that were put off until now are open again, and in no list."""
    tx.run(
        "UPDATE suggestion SET state = 'open', again_at = NULL, shown_in = NULL"
        " WHERE community = :community AND state IN ('open', 'later') AND again_at <= :now",
        {"community": community, "now": now},
    )


# Showing.

PAGE = (
    "SELECT * FROM suggestion WHERE community = :community AND state IN ('open', 'later') AND id > :after"
    " AND kind IN (SELECT value FROM json_each(:kinds)) AND expires_at > :now ORDER BY id LIMIT :most"
)


def page(
    tx: Transaction, community: int, kinds: Collection[str], *, after: int, now: int, most: int
) -> list[Suggested]:
    """Those of some kinds that wait, behind a number."""
    wanted = listed(kinds)
    values = {"community": community, "kinds": wanted, "after": after, "now": now, "most": most}
    return list(map(_read, tx.all(PAGE, values)))


NOT_SHOWN = (
    "SELECT * FROM suggestion WHERE community = :community AND state IN ('open', 'later')"
    " AND shown_in IS NULL ORDER BY id"
)


def not_shown(tx: Transaction, community: int) -> list[Suggested]:
    """Those that wait and are in no list yet."""
    return list(map(_read, tx.all(NOT_SHOWN, {"community": community})))


OF_LIST = "SELECT * FROM suggestion WHERE shown_in = :list AND community = :community ORDER BY id"


def of_list(tx: Transaction, community: int, number: int) -> list[Suggested]:
    """Those of a list, whatever became of them."""
    return list(map(_read, tx.all(OF_LIST, {"list": number, "community": community})))


def new_list(tx: Transaction, community: int, suggested: Iterable[Suggested], now: int) -> int:
    """Put these into a list of their own; its number."""
    number = tx.insert(
        "INSERT INTO suggestion_list (community, at) VALUES (:community, :now) RETURNING id",
        {"community": community, "now": now},
    )
    tx.many(
        "UPDATE suggestion SET shown_in = :list WHERE id = :id",
        [{"list": number, "id": one.id} for one in suggested],
    )
    return number


LAST_LIST = "SELECT max(at) FROM suggestion_list WHERE community = :community"


def last_list(tx: Transaction, community: int) -> int | None:
    """When the last list was made."""
    found: int | None = tx.value(LAST_LIST, {"community": community})
    return found


def keep_message(tx: Transaction, number: int, room: int, native: str) -> None:
    """A message in a room shows a list."""
    tx.run(
        "INSERT INTO suggestion_message (list, room, native) SELECT id, :room, :native FROM suggestion_list"
        " WHERE id = :list ON CONFLICT (list, room) DO UPDATE SET native = excluded.native",
        {"list": number, "room": room, "native": native},
    )


def messages(tx: Transaction, number: int) -> list[tuple[int, str]]:
    """The messages that show a list: room and native id."""
    rows = tx.all("SELECT room, native FROM suggestion_message WHERE list = :list", {"list": number})
    return [(row["room"], row["native"]) for row in rows]


NEXT = (
    "SELECT min(expires_at) AS expires_at, min(again_at) AS again_at,"
    " min(CASE WHEN shown_in IS NULL THEN created_at END) AS unseen_since"
    " FROM suggestion WHERE community = :community AND state IN ('open', 'later')"
)


class Next(msgspec.Struct, frozen=True):
    """When the first that waits expires, the first put off is open again, the first not shown was made."""

    expires_at: int | None
    again_at: int | None
    unseen_since: int | None


def next_times(tx: Transaction, community: int) -> Next:
    """What falls due among those that wait."""
    row = tx.one(NEXT, {"community": community})
    assert row is not None
    return Next(*row)


def forget_old(tx: Transaction, community: int, before: int) -> None:
    """Forget what was decided before an instant, and lists with nothing left in them."""
    values = {"community": community, "before": before}
    tx.run(
        "DELETE FROM suggestion WHERE community = :community AND decided_at < :before"
        " AND state NOT IN ('open', 'later')",
        values,
    )
    emptied = (
        "SELECT id FROM suggestion_list WHERE community = :community AND at < :before"
        " AND NOT EXISTS (SELECT 1 FROM suggestion WHERE suggestion.shown_in = suggestion_list.id)"
    )
    tx.run(f"DELETE FROM suggestion_message WHERE list IN ({emptied})", values)  # noqa: S608 - fixed text
    tx.run(f"DELETE FROM suggestion_list WHERE id IN ({emptied})", values)  # noqa: S608 - fixed text
