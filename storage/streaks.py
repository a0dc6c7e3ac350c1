"""Each person's streak in a community: derived from counted check-ins, kept so that it is read in one row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from rules.streak import USUAL, History, Look, Streak, look, rebuild
from storage.absences import excused, excused_ever
from storage.checkins import counted_days

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rules.calendar import Calendar
    from rules.days import Day
    from storage.db import Transaction

NONE = Streak()


def of_person(tx: Transaction, community: int, person: int) -> Streak:
    """A person's streak as it was after the last counted day (`shown` tells what it is today)."""
    key = "streak", community, person
    if key not in tx.kept:
        read(tx, community, [person])
    known: Streak = tx.kept[key]
    return known


OF_PERSONS = (
    "SELECT person, current, longest, total, last_day, freezes FROM streak WHERE community = :community"
    " AND person IN (SELECT value FROM json_each(:persons))"
)


def read(tx: Transaction, community: int, persons: Iterable[int]) -> None:
    """Read at once the streaks of these persons, so that `of_person` knows them."""
    unknown = [person for person in persons if ("streak", community, person) not in tx.kept]
    for person in unknown:
        tx.kept["streak", community, person] = NONE
    parameters = {"community": community, "persons": msgspec.json.encode(unknown).decode()}
    for person, *state in tx.stored(OF_PERSONS, parameters):
        tx.kept["streak", community, person] = Streak(*state)


def keep(tx: Transaction, community: int, person: int, state: Streak) -> None:
    """A person's streak is this from now on."""
    tx.kept["streak", community, person] = state
    tx.later(
        "INSERT INTO streak (community, person, current, longest, total, last_day, freezes)"
        " VALUES (:community, :person, :current, :longest, :total, :last_day, :freezes)"
        " ON CONFLICT (community, person) DO UPDATE SET current = excluded.current,"
        " longest = excluded.longest, total = excluded.total, last_day = excluded.last_day,"
        " freezes = excluded.freezes",
        (community, person, *msgspec.structs.astuple(state)),
        (community, person),
    )


def history(tx: Transaction, calendar: Calendar, community: int, person: int) -> History:
    """A person's streak made anew from all counted days, with the days that freezes saved."""
    days = counted_days(tx, community, person)
    return rebuild(days, excused_ever(tx, calendar, community, person), USUAL)


def saved(tx: Transaction, calendar: Calendar, community: int, person: int, since: Day) -> list[Day]:
    """The days since one that freezes saved for a person."""
    return [day for day in history(tx, calendar, community, person).frozen if day >= since]


def made_anew(tx: Transaction, calendar: Calendar, community: int, person: int) -> Streak:
    """Make a person's streak anew after something earlier changed, and keep it."""
    state = history(tx, calendar, community, person).state
    keep(tx, community, person, state)
    return state


def forget(tx: Transaction, community: int, person: int) -> None:
    """A person has no streak in a community any more."""
    tx.run(
        "DELETE FROM streak WHERE community = :community AND person = :person",
        {"community": community, "person": person},
    )
    tx.kept["streak", community, person] = NONE


def people_after(tx: Transaction, community: int, person: int, most: int) -> list[int]:
    """Some persons who have a streak in a community, those after `person` in order."""
    rows = tx.all(
        "SELECT person FROM streak WHERE community = :community AND person > :person"
        " ORDER BY person LIMIT :most",
        {"community": community, "person": person, "most": most},
    )
    return [row["person"] for row in rows]


def shown(tx: Transaction, calendar: Calendar, community: int, person: int, today: Day) -> Look:
    """What to show of a person's streak today."""
    state = of_person(tx, community, person)
    return look(state, today, excused(tx, calendar, community, person))
