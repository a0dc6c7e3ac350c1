"""The act of counting: a check-in's row and its person's streak change together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from rules.facts import CheckedIn, CheckInWithdrawn
from rules.streak import Step, advance, milestones
from storage import checkins, streaks
from storage.absences import excused

if TYPE_CHECKING:
    from rules.calendar import Calendar
    from rules.days import Day
    from rules.facts import Fact
    from rules.streak import Streak
    from storage.checkins import CheckIn, Standing
    from storage.db import Transaction


class Counted(msgspec.Struct, frozen=True):
    """What a counted check-in did. `fact` is to be told to the other features."""

    before: Streak
    after: Streak
    frozen: tuple[Day, ...]
    fact: CheckedIn

    @property
    def is_first(self) -> bool:
        """Whether it is the person's very first one here."""
        return self.before.total == 0 and self.after.total == 1

    @property
    def emoji(self) -> str:
        """How to greet it: the first of all, a milestone of the streak or of all days, or one of many."""
        if self.is_first:
            return "🎉"
        marks = milestones(self.before.current, self.after.current)
        return "🔥" if marks or milestones(self.before.total, self.after.total) else "👍"


def count(tx: Transaction, calendar: Calendar, checkin: CheckIn, person: int, room: int) -> Counted:
    """Let a check-in count from now on that did not count before. `room` is the one it is told of."""
    checkins.keep(tx, checkin if checkin.counts else msgspec.structs.replace(checkin, standing="counted"))
    before = streaks.of_person(tx, checkin.community, person)
    step = _step(tx, calendar, checkin, person, before)
    fact = CheckedIn(
        community=checkin.community,
        at=checkin.at,
        room=room,
        account=checkin.account,
        person=person,
        task=checkin.task,
        day=checkin.day,
        way=checkin.way,
        late=checkin.late,
        first_today=step.state.total > before.total,
        streak=step.state.current,
        total=step.state.total,
        featured=checkin.featured,
    )
    return Counted(before, step.state, step.frozen, fact)


def _step(tx: Transaction, calendar: Calendar, checkin: CheckIn, person: int, before: Streak) -> Step:
    """The streak one check-in later; a day before the last one makes it anew from all rows."""
    if before.last_day is not None and checkin.day < before.last_day:
        return Step(streaks.made_anew(tx, calendar, checkin.community, person))
    step = advance(before, checkin.day, excused(tx, calendar, checkin.community, person))
    if step.state is not before:
        streaks.keep(tx, checkin.community, person, step.state)
    return step


def withdraw(
    tx: Transaction,
    calendar: Calendar,
    checkin: CheckIn,
    person: int,
    *,
    room: int,
    standing: Standing,
    reason: str,
    at: int,
    decided_by: int | None = None,
) -> tuple[Fact, ...]:
    """A check-in does not count any more; the facts to tell (none when it did not count before).

    `reason`: leader, returned, member, deleted.
    """
    checkins.keep(tx, msgspec.structs.replace(checkin, standing=standing, decided_by=decided_by))
    if not checkin.counts:
        return ()
    streaks.made_anew(tx, calendar, checkin.community, person)
    fact = CheckInWithdrawn(
        community=checkin.community,
        at=at,
        room=room,
        account=checkin.account,
        person=person,
        task=checkin.task,
        day=checkin.day,
        reason=reason,
        featured=checkin.featured,
    )
    return (fact,)
