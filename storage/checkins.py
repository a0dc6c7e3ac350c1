"""Check-ins as they were said: one row for each account, task and day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from rules.days import Day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.db import Row, Transaction

Standing = Literal["counted", "waiting", "returned", "withdrawn"]


class CheckIn(msgspec.Struct, frozen=True, kw_only=True):
    """What an account said for a task on a day, and what has become of it.

    `way`: word, tag, button, command, relay, makeup, leader, byhand. `proof` is the kind it holds, or "".
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

    @property
    def refused(self) -> bool:
        """Whether a leader took it back: its author cannot say it again."""
        return self.standing == "withdrawn" and self.decided_by is not None


def _checkin(row: Row) -> CheckIn:
    values = dict(zip(CheckIn.__struct_fields__, row, strict=True))  # in the order of the table's columns
    values["late"], values["featured"] = bool(values["late"]), bool(values["featured"])
    return CheckIn(**values)


KEY = "community = :community AND account = :account AND day = :day AND task = :task"

ADD = (
    "INSERT INTO checkin (community, account, day, task, room, native, at, note, proof, album, way, late,"
    " standing, featured, comment, decided_by)"
    " VALUES (:community, :account, :day, :task, :room, :native, :at, :note, :proof, :album, :way, :late,"
    " :standing, :featured, :comment, :decided_by)"
)
CHANGE = (
    "UPDATE checkin SET room = :room, native = :native, at = :at, note = :note, proof = :proof,"  # noqa: S608 - fixed text
    " album = :album, way = :way, late = :late, standing = :standing, featured = :featured,"
    f" comment = :comment, decided_by = :decided_by WHERE {KEY}"
)
REWORD = f"UPDATE checkin SET native = :native, note = :note WHERE {KEY}"  # noqa: S608 - fixed text


def keep(tx: Transaction, checkin: CheckIn) -> None:
    """Write a check-in as it is now."""
    known, key = _known(tx, checkin.community, checkin.account, checkin.day), _key(checkin)
    before = known.get(checkin.task)
    known[checkin.task] = checkin
    if before is None or (tx.waits(ADD, key) and not tx.waits(REWORD, key)):
        tx.later(ADD, msgspec.structs.astuple(checkin), key)
    elif _is_reworded(before, checkin):
        tx.later(REWORD, (checkin.native, checkin.note, *key), key)
    else:
        tx.run(CHANGE, msgspec.structs.asdict(checkin))


def _is_reworded(before: CheckIn, now: CheckIn) -> bool:
    """Whether another message and its words are all that is new: so it is with whatever is said again."""
    return msgspec.structs.replace(before, native=now.native, note=now.note) == now


def _key(checkin: CheckIn) -> tuple[int, int, Day, int]:
    return checkin.community, checkin.account, checkin.day, checkin.task


def of_day(tx: Transaction, community: int, account: int, day: Day) -> list[CheckIn]:
    """What an account said for each task on a day."""
    return list(_known(tx, community, account, day).values())


def of_person_on(tx: Transaction, community: int, accounts: Sequence[int], day: Day) -> list[CheckIn]:
    """What a person said for each task on a day: by the first of their accounts, the one that acts.

    Of the others only what stands for the person as well: what counts, and what a leader refused.
    """
    own = of_day(tx, community, accounts[0], day)
    if len(accounts) == 1:
        return own
    rows = {row.task: row for row in own}
    for row in (row for other in accounts[1:] for row in of_day(tx, community, other, day)):
        known = rows.get(row.task)
        if (row.counts and not (known and known.counts)) or (row.refused and known is None):
            rows[row.task] = row
    return list(rows.values())


def _known(tx: Transaction, community: int, account: int, day: Day) -> dict[int, CheckIn]:
    """What an account said on a day, by task, as this transaction keeps it."""
    key = "checkins", community, account, day
    if key not in tx.kept:
        read(tx, community, day, [account])
    known: dict[int, CheckIn] = tx.kept[key]
    return known


OF_DAY = (
    "SELECT * FROM checkin WHERE community = :community AND day = :day"
    " AND account IN (SELECT value FROM json_each(:accounts))"
)


def read(tx: Transaction, community: int, day: Day, accounts: Iterable[int]) -> None:
    """Read at once what these accounts said on a day, so that `of_day` knows it."""
    unknown = [account for account in accounts if ("checkins", community, account, day) not in tx.kept]
    for account in unknown:
        tx.kept["checkins", community, account, day] = {}
    parameters = {"community": community, "day": day, "accounts": msgspec.json.encode(unknown).decode()}
    for row in tx.stored(OF_DAY, parameters):
        checkin = _checkin(row)
        tx.kept["checkins", community, checkin.account, day][checkin.task] = checkin


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
