"""Check-ins as they were said: one row for each account, task and day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from rules.days import Day

if TYPE_CHECKING:
    from storage.db import Row, Transaction

Standing = Literal["counted", "waiting", "returned", "withdrawn"]


class CheckIn(msgspec.Struct, frozen=True, kw_only=True):
    """What an account said for a task on a day, and what has become of it.

    `way`: word, tag, button, command, relay, makeup, leader. `proof` is the kind of proof it holds, or "".
    `standing`: counted, waiting (for its proof), returned (a leader asked again), withdrawn.
    `decided_by` is the person who mended it last.
    """

    community: int
    account: int
    day: Day
    task: int
    room: int
    native: str
    at: int
    note: str = ""
    proof: str = ""
    album: str | None = None
    way: str
    late: bool = False
    standing: Standing = "counted"
    featured: bool = False
    comment: str = ""
    decided_by: int | None = None

    @property
    def counts(self) -> bool:
        """Whether it counts."""
        return self.standing == "counted"


def _checkin(row: Row) -> CheckIn:
    values = dict(row)
    return CheckIn(**values | {"late": bool(row["late"]), "featured": bool(row["featured"])})


KEY = "community = :community AND account = :account AND day = :day AND task = :task"


def keep(tx: Transaction, checkin: CheckIn) -> None:
    """Write a check-in as it is now."""
    known = tx.kept.get(("checkins", checkin.community, checkin.account, checkin.day))
    if known is not None:
        known[checkin.task] = checkin
    tx.later(
        "INSERT INTO checkin (community, account, day, task, room, native, at, note, proof, album, way, late,"
        " standing, featured, comment, decided_by)"
        " VALUES (:community, :account, :day, :task, :room, :native, :at, :note, :proof, :album, :way, :late,"
        " :standing, :featured, :comment, :decided_by)"
        " ON CONFLICT (community, account, day, task) DO UPDATE SET room = excluded.room,"
        " native = excluded.native, at = excluded.at, note = excluded.note, proof = excluded.proof,"
        " album = excluded.album, way = excluded.way, late = excluded.late, standing = excluded.standing,"
        " featured = excluded.featured, comment = excluded.comment, decided_by = excluded.decided_by",
        msgspec.structs.astuple(checkin),
    )


def of_day(tx: Transaction, community: int, account: int, day: Day) -> list[CheckIn]:
    """What an account said for each task on a day."""
    key = "checkins", community, account, day
    known: dict[int, CheckIn] | None = tx.kept.get(key)
    if known is None:
        rows = tx.stored(
            "SELECT * FROM checkin WHERE community = :community AND account = :account AND day = :day",
            {"community": community, "account": account, "day": day},
        )
        known = tx.kept[key] = {row["task"]: _checkin(row) for row in rows}
    return list(known.values())


def by_message(tx: Transaction, room: int, native: str) -> list[CheckIn]:
    """The check-ins that a message of a room stands for."""
    rows = tx.all(
        "SELECT * FROM checkin WHERE room = :room AND native = :native", {"room": room, "native": native}
    )
    return list(map(_checkin, rows))


def counted_days(tx: Transaction, community: int, person: int) -> list[Day]:
    """Every day on which one of a person's accounts has a counted check-in, in order."""
    rows = tx.all(
        "SELECT DISTINCT checkin.day FROM account JOIN checkin"
        " ON checkin.community = :community AND checkin.account = account.id"
        " WHERE account.person = :person AND checkin.standing = 'counted' ORDER BY checkin.day",
        {"community": community, "person": person},
    )
    return [row["day"] for row in rows]


def of_person(tx: Transaction, community: int, person: int, first: Day, last: Day) -> list[CheckIn]:
    """The counted check-ins of all accounts of a person from one day to another, in order."""
    rows = tx.all(
        "SELECT checkin.* FROM account JOIN checkin"
        " ON checkin.community = :community AND checkin.account = account.id"
        " AND checkin.day BETWEEN :first AND :last"
        " WHERE account.person = :person AND checkin.standing = 'counted' ORDER BY checkin.day, checkin.at",
        {"community": community, "person": person, "first": first, "last": last},
    )
    return list(map(_checkin, rows))


def people_of_day(tx: Transaction, community: int, day: Day) -> set[int]:
    """The persons who have a counted check-in on a day."""
    rows = tx.all(
        "SELECT DISTINCT account.person FROM checkin JOIN account ON account.id = checkin.account"
        " WHERE checkin.community = :community AND checkin.day = :day AND checkin.standing = 'counted'",
        {"community": community, "day": day},
    )
    return {row["person"] for row in rows}


def made_up_in(tx: Transaction, community: int, person: int, since: int, until: int) -> int:
    """How many counted make-ups a person said from one instant to before another (UTC milliseconds)."""
    return int(
        tx.value(
            "SELECT count(*) FROM account JOIN checkin"
            " ON checkin.community = :community AND checkin.account = account.id"
            " WHERE account.person = :person AND checkin.way = 'makeup' AND checkin.standing = 'counted'"
            " AND checkin.at >= :since AND checkin.at < :until",
            {"community": community, "person": person, "since": since, "until": until},
        )
    )
