"""Who is in a table: the members of its rooms, and those who left while its days still knew them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from rules.days import Day
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
    """Whom a table is about: a room (None: all of them), from a day on.

    `last_days` are the last check-ins within its days, `regulars` all who ever checked in.
    """

    calendar: Calendar
    room: int | None
    first: Day
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
    person = own[0].person
    now = [one for one in own if one.role != "left"]
    inside = [one for one in now or own if search.room in {None, one.room}]
    if not inside:
        return None
    since = search.calendar.day_of(min(one.joined_at for one in now or own))
    if now:
        runs_it = all(one.role in {"owner", "admin"} for one in now)
        stays = not runs_it or person in search.regulars
        return Someone(person, inside[0].name, inside[0].room, here=True, stay=Stay(since)) if stays else None
    until = _left_on(search, own)
    if until is None or until < search.first:
        return None
    return Someone(person, inside[0].name, inside[0].room, here=False, stay=Stay(since, until))


def _left_on(search: Search, own: Sequence[Membership]) -> Day | None:
    """The last day that somebody who left was there: as far as it is known, else of the last check-in."""
    last_day = search.last_days.get(own[0].person)
    known = [search.calendar.day_of(one.left_at) for one in own if one.left_at is not None]
    days = [*known, *([] if last_day is None else [last_day])]
    return max(days, default=None)
