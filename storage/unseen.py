"""Which days passed unseen, and for whom: by the watches of the bots in their rooms, and the tasks' hours."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from rules.calendar import Window
from rules.days import Day, shift, span
from rules.tasks import is_due
from rules.unseen import hides
from storage import inbox
from storage.rooms import BY_HAND
from storage.statements import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from rules.calendar import Calendar
    from storage.db import Transaction

NOTHING: frozenset[Day] = frozenset()
FOREVER = 2**62

Span = tuple[int, int]
Hours = list[tuple[Day, list[tuple[int, Window | None]]]]
"""From which day on tasks are due on which weekdays (bits), and in which window; the oldest first."""

Watcher = tuple[str, int]
"""A bot that is in a person's rooms, and until when (UTC milliseconds) they were in one of them."""

HOURS = (
    "SELECT since, weekdays, opens, closes FROM task_hours WHERE community = :community ORDER BY since, task"
)

WATCHERS = (
    "SELECT account.person, CASE WHEN room.bot = 'byhand' THEN 'byhand:' || room.id ELSE room.bot END AS bot,"
    " max(CASE WHEN membership.role <> 'left' THEN :forever"
    " ELSE coalesce(membership.left_at, :forever) END) AS until"
    " FROM account CROSS JOIN membership ON membership.account = account.id"
    " CROSS JOIN room ON room.id = membership.room"
    " WHERE account.person IN (SELECT value FROM json_each(:persons)) AND room.community = :community"
    " AND room.id <> coalesce((SELECT staff_room FROM community WHERE id = :community), 0)"
    " GROUP BY 1, 2 ORDER BY 1, 2"
)
"""When somebody came is no matter: nothing is asked of them before, and coming back must change nothing."""


def days_of(
    tx: Transaction, calendar: Calendar, community: int, person: int, first: Day, last: Day
) -> frozenset[Day]:
    """The days from one to another that passed unseen for a person."""
    return days_of_all(tx, calendar, community, [person], first, last)[person]


def days_of_all(
    tx: Transaction, calendar: Calendar, community: int, persons: Collection[int], first: Day, last: Day
) -> dict[int, frozenset[Day]]:
    """The days from one to another that passed unseen for each of these persons.

    Where somebody is in rooms of several bots, a day that one of them missed is enough: nobody knows there
    which way they would have come. Who is in no room of the community goes by all of its bots. In a room that
    no bot is in, a day is seen by its list.
    """
    missed = tx.made(
        "room observation task_hours byhand_day",
        (calendar, community, first, last),
        lambda: _missed(tx, calendar, community, first, last),
    )
    if not any(missed.values()):
        return dict.fromkeys(persons, NOTHING)
    known = watchers(tx, community, persons)
    everywhere = [(bot, FOREVER) for bot in missed if not bot.startswith(f"{BY_HAND}:")]
    return {person: _unseen(calendar, missed, known.get(person, everywhere)) for person in persons}


def _missed(
    tx: Transaction, calendar: Calendar, community: int, first: Day, last: Day
) -> dict[str, set[Day]]:
    """The days that each of a community's bots missed, or for which no list came of a room without one."""
    present = {row["bot"] for row in tx.again(BOTS, {"community": community})}
    bots = sorted(present - {BY_HAND})
    missed = {bot: missed_by(tx, calendar, community, bot, first, last) for bot in bots}
    return missed | (_without_list(tx, community, first, last) if BY_HAND in present else {})


NOTED = (
    "SELECT room.id, byhand_day.day FROM room LEFT JOIN byhand_day ON byhand_day.room = room.id"
    " AND byhand_day.day BETWEEN :first AND :last WHERE room.community = :community AND room.bot = 'byhand'"
)


def _without_list(tx: Transaction, community: int, first: Day, last: Day) -> dict[str, set[Day]]:
    """The days for which no list came, for each room of a community that no bot is in."""
    days = set(span(first, last))
    missed: dict[str, set[Day]] = {}
    for row in tx.again(NOTED, {"community": community, "first": first, "last": last}):
        missed.setdefault(f"{BY_HAND}:{row['id']}", set(days)).discard(row["day"])
    return missed


BOTS = "SELECT DISTINCT bot FROM room WHERE community = :community"


def _unseen(
    calendar: Calendar, missed: Mapping[str, Iterable[Day]], watched_by: Iterable[Watcher]
) -> frozenset[Day]:
    return frozenset(
        day for bot, until in watched_by for day in missed[bot] if calendar.bounds(day)[0] < until
    )


def watchers(tx: Transaction, community: int, persons: Collection[int]) -> dict[int, list[Watcher]]:
    """The bots that are in the rooms of these persons, or were while they were in them."""
    values = {
        "community": community,
        "persons": listed(persons),
        "forever": FOREVER,
    }
    found: dict[int, list[Watcher]] = {}
    for row in tx.all(WATCHERS, values):
        found.setdefault(row["person"], []).append((row["bot"], row["until"]))
    return found


def missed_by(
    tx: Transaction, calendar: Calendar, community: int, bot: str, first: Day, last: Day
) -> set[Day]:
    """The days from one to another of which a bot missed so much that they count against nobody.

    A day's time to check in is that of each task that was due, by the hours that the tasks had then: a night
    without a link hides no morning. A window may reach into the next day, so the watch is looked at beyond.
    """
    gaps = inbox.gaps(tx, bot, calendar.bounds(first)[0], calendar.bounds(shift(last, 1))[1])
    if not gaps:
        return set()
    history = hours(tx, community)
    touched = {
        day
        for since, until in gaps
        for day in span(shift(calendar.day_of(since), -1), calendar.day_of(until - 1))
        if first <= day <= last
    }
    return {
        day
        for day in touched
        if any(hides(opens, closes, gaps) for opens, closes in times(calendar, history, day))
    }


def hours(tx: Transaction, community: int) -> Hours:
    """The history of the hours of a community's tasks."""
    found: dict[Day, list[tuple[int, Window | None]]] = {}
    for row in tx.again(HOURS, {"community": community}):
        window = None if row["opens"] is None else Window(row["opens"], row["closes"])
        found.setdefault(row["since"], []).append((row["weekdays"], window))
    return list(found.items())


def times(calendar: Calendar, history: Hours, day: Day) -> set[Span]:
    """The times in which something could be done for a day: the day itself where no task says otherwise."""
    index = bisect_right(history, day, key=lambda entry: entry[0]) - 1
    due = [window for weekdays, window in history[index][1] if is_due(weekdays, day)] if index >= 0 else []
    return {
        calendar.bounds(day) if window is None else calendar.window_bounds(window, day)
        for window in due or [None]
    }
