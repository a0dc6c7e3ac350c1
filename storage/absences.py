"""What excuses a day: leave, days of rest, pauses of a whole community, and what the bot did not see."""

from __future__ import annotations

from bisect import bisect_right
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from rules.days import Day, shift
from rules.tasks import EVERY_DAY, is_due
from storage import tasks, unseen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rules.calendar import Calendar
    from rules.streak import Excused
    from storage.db import Row, Transaction

BETWEEN = " · "
"""Stands between the reasons of absences that are shown as one."""


class Absence(msgspec.Struct, frozen=True):
    """Days off from the first to the last, both included. `id` is 0 for a pause of the community."""

    id: int
    first: Day
    last: Day
    why: str


def _absence(row: Row) -> Absence:
    return Absence(row["id"], row["first"], row["last"], row["why"])


# Leave of one person.


def add_leave(
    tx: Transaction,
    *,
    community: int,
    account: int,
    first: Day,
    last: Day,
    why: str,
    same_day: bool,
    now: int,
) -> None:
    """An account is on leave on these days. `same_day`: it was asked for on the first of them."""
    tx.run(
        "INSERT INTO leave (community, account, first, last, why, same_day, at)"
        " VALUES (:community, :account, :first, :last, :why, :same_day, :now)",
        {
            "community": community,
            "account": account,
            "first": first,
            "last": last,
            "why": why,
            "same_day": int(same_day),
            "now": now,
        },
    )


def leaves(tx: Transaction, community: int, person: int, since: Day = tasks.FIRST_DAY) -> list[Absence]:
    """The leave of a person that ends on `since` or later, in order of its days."""
    rows = tx.all(
        "SELECT leave.* FROM account JOIN leave ON leave.account = account.id"
        " WHERE account.person = :person AND leave.community = :community AND leave.last >= :since"
        " ORDER BY leave.first, leave.id",
        {"person": person, "community": community, "since": since},
    )
    return list(map(_absence, rows))


def same_day_leaves(tx: Transaction, community: int, person: int, month: str) -> int:
    """How often in a month ('YYYY-MM') a person took leave on the very day."""
    return int(
        tx.value(
            "SELECT count(*) FROM account JOIN leave ON leave.account = account.id"
            " WHERE account.person = :person AND leave.community = :community AND leave.last >= :first"
            " AND leave.same_day = 1 AND substr(leave.first, 1, 7) = :month",
            {"person": person, "community": community, "first": f"{month}-01", "month": month},
        )
    )


def end_leave(tx: Transaction, leave: Absence, last: Day) -> None:
    """A leave ends on `last` already; it is gone when that lies before its first day."""
    if last < leave.first:
        tx.run("DELETE FROM leave WHERE id = :id", {"id": leave.id})
    else:
        tx.run("UPDATE leave SET last = :last WHERE id = :id", {"id": leave.id, "last": last})


def merged(some: Iterable[Absence]) -> list[Absence]:
    """Absences as people read them, in order: what overlaps, or goes on for the same reason, is one."""
    found: list[Absence] = []
    for one in sorted(some, key=lambda one: one.first):
        last = found[-1] if found else None
        if last is not None and (one.first <= last.last or _goes_on(last, one)):
            whys = dict.fromkeys([*last.why.split(BETWEEN), one.why])
            why = BETWEEN.join(filter(None, whys))
            found[-1] = msgspec.structs.replace(last, last=max(last.last, one.last), why=why)
        else:
            found.append(one)
    return found


def _goes_on(before: Absence, one: Absence) -> bool:
    return one.why == before.why and one.first == shift(before.last, 1)


ON_LEAVE = (
    "SELECT DISTINCT account.person FROM leave JOIN account ON account.id = leave.account"
    " WHERE leave.community = :community AND leave.last >= :day AND leave.first <= :day"
)


def on_leave(tx: Transaction, community: int, day: Day) -> set[int]:
    """The persons who are on leave on a day."""
    rows = tx.all(ON_LEAVE, {"community": community, "day": day})
    return {row["person"] for row in rows}


# Pauses of a community.


def add_pause(tx: Transaction, community: int, first: Day, last: Day, why: str) -> None:
    """The community rests on these days; a pause that began on the same day is replaced."""
    tx.run(
        "INSERT INTO pause (community, first, last, why) VALUES (:community, :first, :last, :why)"
        " ON CONFLICT (community, first) DO UPDATE SET last = excluded.last, why = excluded.why",
        {"community": community, "first": first, "last": last, "why": why},
    )


def pauses(tx: Transaction, community: int, since: Day = tasks.FIRST_DAY) -> list[Absence]:
    """The pauses of a community that end on `since` or later, in order."""
    rows = tx.again(
        "SELECT 0 AS id, first, last, why FROM pause WHERE community = :community AND last >= :since"
        " ORDER BY first",
        {"community": community, "since": since},
    )
    return list(map(_absence, rows))


def end_pause(tx: Transaction, community: int, pause: Absence, last: Day) -> None:
    """A pause ends on `last` already; it is gone when that lies before its first day."""
    tx.run(
        "DELETE FROM pause WHERE community = :community AND first = :first",
        {"community": community, "first": pause.first},
    )
    if last >= pause.first:
        add_pause(tx, community, pause.first, last, pause.why)


# What excuses a day.


def excused(tx: Transaction, calendar: Calendar, community: int, person: int) -> Excused:
    """What excuses a few days of a person's streak: who was on leave on a day is read once for everybody."""

    def is_away(day: Day) -> bool:
        return person in tx.made("leave account", (community, day), lambda: on_leave(tx, community, day))

    return partial(_is_excused, tx, calendar, community, person, is_away)


def excused_ever(tx: Transaction, calendar: Calendar, community: int, person: int) -> Excused:
    """The same for many days, or all: the person's own leave is read once for these."""
    own = leaves(tx, community, person)

    def is_away(day: Day) -> bool:
        return any(leave.first <= day <= leave.last for leave in own)

    return partial(_is_excused, tx, calendar, community, person, is_away)


def _is_excused(
    tx: Transaction, calendar: Calendar, community: int, person: int, is_away: Excused, day: Day
) -> bool:
    """Whether it was skipped, nothing was asked for, the person was away, or the bot did not see it."""
    return (
        _is_free(tx, calendar, community, day)
        or is_away(day)
        or day in unseen.days_of(tx, calendar, community, person, day, day)
    )


def _is_free(tx: Transaction, calendar: Calendar, community: int, day: Day) -> bool:
    """Whether a day asks for nothing of anybody; made once for all who missed it."""
    return tx.made(
        "due_days pause",
        (calendar, community, day),
        lambda: (
            calendar.bridged(day)
            or not is_asked(tasks.due_days(tx, community), day)
            or any(pause.first <= day <= pause.last for pause in pauses(tx, community))
        ),
    )


def is_asked(due: list[tuple[Day, int]], day: Day) -> bool:
    """Whether something was asked for on a day, by the history of the community's weekdays."""
    index = bisect_right(due, (day, EVERY_DAY + 1)) - 1
    return bool(due) and is_due(due[max(index, 0)][1], day)
