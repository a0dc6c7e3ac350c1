"""Who is in a table: the members of its rooms, and those who left while its days still knew them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from rules.days import Day, shift
from rules.table import Stay

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from rules.calendar import Calendar
    from storage.tables import Membership


class Someone(msgspec.Struct, frozen=True):
    """A member of the table and their stay in the community; `here` is whether they are still in it."""

    person: int
    name: str
    room: int
    here: bool
    stay: Stay


class Search(msgspec.Struct, frozen=True):
    """Whom a table is about: those of a room (None: of all of them), from one day to another.

    `last_days` are the last check-ins within its days, `regulars` all who ever checked in.
    """

    calendar: Calendar
    room: int | None
    first: Day
    last: Day
    last_days: Mapping[int, Day]
    regulars: Container[int]


def people(search: Search, found: Sequence[Membership]) -> list[Someone]:
    """Those who are there, the longest first, room by room; behind them those who left.

    Who runs a room is in the table once they have checked in.
    """
    by_person: dict[int, list[Membership]] = {}
    for one in found:
        by_person.setdefault(one.person, []).append(one)
    known = [someone for own in by_person.values() if (someone := _someone(search, own)) is not None]
    order = {room: place for place, room in enumerate(dict.fromkeys(one.room for one in found))}
    return sorted(known, key=lambda one: (order[one.room], not one.here))


def _someone(search: Search, own: Sequence[Membership]) -> Someone | None:
    """A person by all their memberships; None for one whom the table is not about."""
    now = [one for one in own if one.role != "left"]
    inside = [one for one in now or own if search.room in {None, one.room}]
    if not inside:
        return None
    stay = _stay(search, own)
    if not (stay.reaches(search.first, search.last) or own[0].person in search.last_days):
        return None
    runs_it = bool(now) and all(one.role in {"owner", "admin"} for one in now)
    if runs_it and own[0].person not in search.regulars:
        return None
    return Someone(own[0].person, inside[0].name, inside[0].room, here=bool(now), stay=stay)


def _stay(search: Search, own: Sequence[Membership]) -> Stay:
    """Since when somebody is there; of one who left also until when, else until the last check-in."""
    now = [one for one in own if one.role != "left"]
    since = search.calendar.day_of(min(one.joined_at for one in now or own))
    if now:
        return Stay(since)
    known = [search.calendar.day_of(one.left_at) for one in own if one.left_at is not None]
    last_day = search.last_days.get(own[0].person)
    days = [*known, *([] if last_day is None else [last_day])]
    return Stay(since, max(days, default=shift(since, -1)))
