"""What each day was to a member: checked in, on leave, free, saved by a freeze."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.days import shift, span
from rules.month import State
from storage import absences, checkins, streaks, tasks, unseen

if TYPE_CHECKING:
    from rules.calendar import Calendar
    from rules.days import Day
    from storage.checkins import CheckIn
    from storage.db import Transaction

WARM_UP = 40
"""Days before the first one asked for, from which its heat level follows."""


def states(
    tx: Transaction,
    calendar: Calendar,
    community: int,
    person: int,
    *,
    first: Day,
    last: Day,
    today: Day,
) -> dict[Day, State]:
    """What a person's days were, from some days before `first` to `last`; a day not in it was missed.

    Days to come are free only where leave or a pause was announced.
    """
    start = shift(first, -WARM_UP)
    done: dict[Day, State] = {}
    for checkin in checkins.of_person(tx, community, person, start, last):
        done[checkin.day] = _better(done.get(checkin.day), _state(checkin))
    others = [day for day in span(start, last) if day not in done]
    frozen = streaks.history(tx, calendar, community, person).frozen
    pending = streaks.shown(tx, calendar, community, person, today).frozen
    off = _days_off(tx, calendar, community, person, others, today)
    return off | dict.fromkeys((*frozen, *pending), State.FROZEN) | done


def _days_off(
    tx: Transaction, calendar: Calendar, community: int, person: int, days: list[Day], today: Day
) -> dict[Day, State]:
    """What days without a check-in were free for."""
    due = tasks.due_days(tx, community)
    leaves = absences.leaves(tx, community, person)
    pauses = absences.pauses(tx, community)
    hidden = unseen.days_of(tx, calendar, community, person, days[0], days[-1]) if days else set()
    off: dict[Day, State] = {}
    for day in days:
        if any(leave.first <= day <= leave.last for leave in leaves):
            off[day] = State.LEAVE
        elif any(pause.first <= day <= pause.last for pause in pauses) or (
            day <= today and (day in hidden or calendar.bridged(day) or not absences.is_asked(due, day))
        ):
            off[day] = State.REST
    return off


def _state(checkin: CheckIn) -> State:
    if checkin.way == "makeup":
        return State.MADE_UP
    return State.LATE if checkin.late else State.DONE


BEST_FIRST = (State.DONE, State.LATE, State.MADE_UP)


def _better(known: State | None, state: State) -> State:
    """Of several check-ins of a day the best one is shown; any is more than a day off."""
    if known in BEST_FIRST and BEST_FIRST.index(known) < BEST_FIRST.index(state):
        return known
    return state


def first_day(tx: Transaction, calendar: Calendar, community: int, person: int) -> Day | None:
    """The day on which a person came: that of joining, or of the first check-in when that was earlier."""
    joined_at = tx.value(
        "SELECT min(membership.joined_at) FROM account JOIN membership ON membership.account = account.id"
        " JOIN room ON room.id = membership.room"
        " WHERE account.person = :person AND room.community = :community"
        " AND room.id <> coalesce((SELECT staff_room FROM community WHERE id = :community), 0)",
        {"person": person, "community": community},
    )
    began = tx.value(
        "SELECT min(checkin.day) FROM account JOIN checkin"
        " ON checkin.community = :community AND checkin.account = account.id"
        " WHERE account.person = :person AND checkin.standing = 'counted'",
        {"person": person, "community": community},
    )
    known = [began, None if joined_at is None else calendar.day_of(joined_at)]
    return min((day for day in known if day is not None), default=None)
