"""What a list does: check-ins, leave and membership of those it names; and all of it taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.core import accounts
from rules.days import shift
from rules.names import shown
from rules.relay import name_key
from storage import absences, byhand, checkins, counting, overview, people, rooms, streaks
from storage.checkins import CheckIn
from storage.people import Newcomer
from storage.rooms import BY_HAND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.context import Context
    from rules.days import Day
    from storage.byhand import Line, Roll
    from storage.rooms import Room

WAY = "byhand"


def carry_out(ctx: Context, roll: Roll) -> Roll:
    """Do what the lines of a list say; the list with what became of each. Nothing is done twice."""
    there = _there(ctx, roll)
    lines = _met(there, roll, roll.lines)
    persons = people.persons_of(there.tx, [line.account for line in lines if line.account is not None])
    if roll.day is not None:
        checkins.read(there.tx, there.community.id, roll.day, persons)
        streaks.read(there.tx, there.community.id, persons.values())
    if roll.kind == "members":
        lines = _seated(there, lines)
    else:
        lines = tuple(_done(there, roll, line, persons) for line in lines)
    overview.note_heard(there.tx, {there.room.id: there.now})
    if roll.day is not None and byhand.note_day(there.tx, there.room.id, roll.day):
        _streaks_anew(there, roll.day)
    done = msgspec.structs.replace(roll, state="done", text="", lines=lines)
    byhand.save(there.tx, done)
    return done


def take_back(ctx: Context, roll: Roll, lines: Sequence[Line]) -> None:
    """What these lines of a list did is undone: just that, and nothing that was so before."""
    there = _there(ctx, roll)
    persons = people.persons_of(there.tx, [line.account for line in lines if line.account is not None])
    for line in lines:
        if line.account is None:
            continue
        person = persons[line.account]
        if line.fate == "counted":
            _withdraw(there, roll, line.account, person)
        elif line.fate == "leave":
            _end_leave(there, roll, person)
        if line.fate == "left":
            byhand.set_here(there.tx, there.room.id, [line.account], there.now)
        elif line.is_new:
            _part(there, line.account, person)
        elif line.fate == "joined":
            rooms.set_role(there.tx, there.room.id, line.account, "left", there.now)


def _there(ctx: Context, roll: Roll) -> Context:
    """The same moment in the room that a list is of, where its features are on; no person of it did this."""
    assert roll.room is not None, "a list is carried out once its room is known"
    return ctx.elsewhere(ctx.desk.room_by_id(roll.room), nobody=True)


# Who is meant.


def _met(there: Context, roll: Roll, lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines with an account for everybody who is new; all who are named are in the room from now on."""
    room, tx = there.room, there.tx
    new = {
        name_key(line.called): shown(line.called) for line in lines if line.is_new and line.account is None
    }
    named = _accounts(there, room, new)
    met = tuple(
        msgspec.structs.replace(line, account=named[name_key(line.called)])
        if line.is_new and line.account is None
        else line
        for line in lines
    )
    meant = {name_key(line.called): line.account for line in met if line.is_new and line.account is not None}
    byhand.name_them(tx, room.id, meant)
    if roll.kind == "day":
        byhand.set_here(tx, room.id, _outside(there, met), there.now)
    return met


def _outside(there: Context, lines: Sequence[Line]) -> list[int]:
    known = byhand.here(there.tx, there.room.id)
    meant = {line.account for line in lines if line.account is not None and line.fate != "off"}
    return sorted(meant - known)


def _accounts(there: Context, room: Room, new: dict[str, str]) -> dict[str, int]:
    """An account for each of these names (by their key): the one of before, where it was taken back."""
    natives = {f"{room.id}:{key}": key for key in new}
    before = people.by_natives(there.tx, BY_HAND, natives)
    known = {natives[one.native]: one.id for one in before}
    newcomers = [Newcomer(native, new[key], None) for native, key in natives.items() if key not in known]
    added = people.add_all(there.tx, BY_HAND, newcomers, there.now) if newcomers else []
    return known | {natives[one.native]: one.id for one in added}


def _part(there: Context, account: int, person: int) -> None:
    """Somebody whom a list brought in is out again, unless another list has counted them since."""
    if streaks.of_person(there.tx, there.community.id, person).total == 0:
        byhand.unname(there.tx, there.room.id, account)
        rooms.set_role(there.tx, there.room.id, account, "left", there.now)


# Lists of a day.


def _done(there: Context, roll: Roll, line: Line, persons: dict[int, int]) -> Line:
    """Do what one line says; the line as it came out."""
    if line.account is None:
        return line
    person = persons[line.account]
    if line.fate == "counted":
        done = _count(there, roll, line, line.account, person)
    elif line.fate == "leave":
        done = _take_leave(there, roll, line, line.account, person)
    else:
        return line
    return line if done else msgspec.structs.replace(line, fate="again")


def _count(there: Context, roll: Roll, line: Line, account: int, person: int) -> bool:
    """Let a check-in count that did not; whether it did not. What a leader refused stays refused."""
    assert roll.day is not None
    assert roll.task is not None
    own = accounts.own(there.desk, account)
    known = checkins.of_person_on(there.tx, there.community.id, own, roll.day)
    row = next((row for row in known if row.task == roll.task), None)
    if row is not None and (row.counts or row.decided_by is not None):
        return False
    checkin = CheckIn(
        community=there.community.id,
        account=account,
        day=roll.day,
        task=roll.task,
        room=there.room.id,
        native="",
        at=there.at,
        note=line.note,
        way=WAY,
    )
    counted = counting.count(there.tx, there.calendar, checkin, person, there.room.id)
    there.emit(counted.fact)
    return True


def _withdraw(there: Context, roll: Roll, account: int, person: int) -> None:
    """A check-in that this list counted counts no more; one that was changed since stays as it is."""
    assert roll.day is not None
    known = checkins.of_day(there.tx, there.community.id, account, roll.day)
    row = next((row for row in known if row.task == roll.task and row.way == WAY and row.counts), None)
    if row is None:
        return
    facts = counting.withdraw(
        there.tx,
        there.calendar,
        row,
        person,
        room=row.room,
        standing="withdrawn",
        reason="leader",
        at=there.at,
    )
    for fact in facts:
        there.emit(fact)


def _take_leave(there: Context, roll: Roll, line: Line, account: int, person: int) -> bool:
    """Take leave for somebody on that day; False when they are on leave already."""
    assert roll.day is not None
    if _leave_of(there, person, roll.day) is not None:
        return False
    absences.add_leave(
        there.tx,
        community=there.community.id,
        account=account,
        first=roll.day,
        last=roll.day,
        why=line.note,
        same_day=False,
        now=there.at,
    )
    _streak_anew(there, person, roll.day)
    return True


def _end_leave(there: Context, roll: Roll, person: int) -> None:
    assert roll.day is not None
    leave = _leave_of(there, person, roll.day)
    if leave is not None and leave.first == leave.last:
        absences.end_leave(there.tx, leave, shift(roll.day, -1))
        _streak_anew(there, person, roll.day)


def _leave_of(there: Context, person: int, day: Day) -> absences.Absence | None:
    known = absences.leaves(there.tx, there.community.id, person, day)
    return next((one for one in known if one.first <= day <= one.last), None)


def take_day_back(ctx: Context, roll: Roll) -> None:
    """A list of a day does not stand any more: where no other does, nobody knows who came."""
    there = _there(ctx, roll)
    if roll.day is not None and byhand.forget_day(there.tx, there.room.id, roll.day):
        _streaks_anew(there, roll.day)


def _streaks_anew(there: Context, day: Day) -> None:
    """Whether a day was seen changes the streaks of all who are in the room and came later."""
    if day < there.today:
        persons = people.persons_of(there.tx, byhand.here(there.tx, there.room.id))
        for person in sorted(set(persons.values())):
            _streak_anew(there, person, day)


def _streak_anew(there: Context, person: int, day: Day) -> None:
    """Leave on a day before the last check-in changes what came after it."""
    last = streaks.of_person(there.tx, there.community.id, person).last_day
    if last is not None and day < last:
        streaks.made_anew(there.tx, there.calendar, there.community.id, person)


# Lists of members.


def _seated(there: Context, lines: Sequence[Line]) -> tuple[Line, ...]:
    """Who is on the list is in the room, and only they."""
    before = byhand.here(there.tx, there.room.id)
    seated = tuple(
        msgspec.structs.replace(line, fate="again")
        if line.fate == "joined" and line.account in before
        else line
        for line in lines
        if line.number
    )
    gone = [line for line in lines if not line.number and line.account in before]
    for line in gone:
        assert line.account is not None
        rooms.set_role(there.tx, there.room.id, line.account, "left", there.now)
    joined = [line.account for line in seated if line.fate == "joined" and line.account is not None]
    byhand.set_here(there.tx, there.room.id, joined, there.now)
    return (*seated, *gone)
