"""From rows to a table: what each day was to each member, and how far they have come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.core.errors import UserError
from handlers.tables.people import Search, Someone, people
from rules.cards import Text, label
from rules.days import Day, gap, shift, span
from rules.streak import look
from rules.table import Asked, Mark, Member, Sheet, Term, background, better, marks
from rules.tasks import Task, is_due
from rules.terms import progress
from storage import absences, rooms, tables, tasks, terms, unseen
from storage.streaks import NONE
from storage.terms import Kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bot.core.context import Context
    from rules.streak import Streak
    from storage.rooms import Room
    from storage.tables import Life, Said
    from storage.terms import Result

MOST_MARKS = 100_000
"""In the largest table: larger ones are no longer gathered at once, nor looked at."""

EVERY_TASK = 0
"""Under which the days are kept on which somebody did any task."""

Days = dict[Day, Mark]
Done = dict[int, dict[int, Days]]
"""By person and task."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which table: its days, perhaps a term's, of a room (None: all of them), of a task (None: all)."""

    period: str
    first: Day
    last: Day
    term: Kept | None
    room: Room | None
    task: Task | None

    @property
    def days(self) -> int:
        """How many days it has."""
        return gap(self.first, self.last) + 1

    @property
    def room_id(self) -> int | None:
        """The room's id, if it is of one."""
        return None if self.room is None else self.room.id


class Gathered(msgspec.Struct, frozen=True):
    """A table's members and sheets; `rooms` is whether the members are of several."""

    members: tuple[Member, ...]
    sheets: tuple[Sheet, ...]
    rooms: bool


class Ground(msgspec.Struct, frozen=True):
    """What holds of everybody: the history of weekdays, the holidays, and days that count for nothing."""

    due: list[tuple[Day, int]]
    rests: list[tuple[Day, Day]]
    bridged: set[Day]

    def excuses(self, day: Day) -> bool:
        """Whether a day without check-in counts against nobody."""
        rests = any(first <= day <= last for first, last in self.rests)
        return rests or day in self.bridged or not absences.is_asked(self.due, day)

    def asked(self, weekdays: int, since: Day | None, until: Day | None) -> Asked:
        """What a task of these weekdays asked for, in its life."""
        return Asked(
            lambda day: is_due(weekdays, day) and absences.is_asked(self.due, day),
            self.rests,
            self.bridged,
            since,
            until,
        )


class Rows(msgspec.Struct, frozen=True):
    """What was read, each for everybody."""

    ground: Ground
    unseen: Mapping[int, frozenset[Day]]
    done: Done
    leaves: Mapping[int, Sequence[tuple[Day, Day]]]
    streaks: Mapping[int, Streak]
    results: Mapping[int, Result]


def gather(ctx: Context, wanted: Wanted) -> Gathered:
    """Everything that a table shows. UserError when there is nothing in it, or too much."""
    community = ctx.community.id
    found = tables.memberships(ctx.tx, community, wanted.room_id, since=ctx.calendar.bounds(wanted.first)[0])
    persons = {one.person for one in found}
    _check_size(ctx, wanted, len(persons))
    said = tables.said(ctx.tx, community, persons, wanted.first, wanted.last)
    rows = _rows(ctx, wanted, persons, said)
    search = Search(ctx.calendar, wanted.room_id, wanted.first, wanted.last, _last_days(said), rows.streaks)
    those = people(search, found)
    sheets = _sheets(ctx, wanted, rows, those, {one.task for one in said})
    if not any(row.strip(Mark.BLANK) for sheet in sheets for row in sheet.marks):
        raise UserError("tables.nothing")
    titles = {one.id: one.title for one in rooms.of_community(ctx.tx, community)}
    members = tuple(_member(ctx, wanted, rows, one, titles) for one in those)
    return Gathered(members, sheets, rooms=wanted.room is None and len(titles) > 1)


def _check_size(ctx: Context, wanted: Wanted, persons: int) -> None:
    count = len(tasks.of_community(ctx.tx, ctx.community.id))
    sheets = count + 1 if wanted.task is None and count > 1 else 1
    if persons * wanted.days * sheets > MOST_MARKS:
        raise UserError("tables.too_much", people=persons, days=wanted.days, sheets=sheets)


# What was read.


def _rows(ctx: Context, wanted: Wanted, persons: set[int], said: Sequence[Said]) -> Rows:
    """What remains to be read, from the first day that matters on: streaks may reach back far."""
    streaks = tables.streaks(ctx.tx, ctx.community.id, persons)
    last_days = [streak.last_day for streak in streaks.values() if streak.last_day is not None]
    since = min(wanted.first, *last_days) if last_days else wanted.first
    until = max(wanted.last, ctx.today)
    results = [] if wanted.term is None else terms.results_after(ctx.tx, wanted.term.id, 0, MOST_MARKS)
    return Rows(
        ground=_ground(ctx, since, until),
        unseen=unseen.days_of_all(ctx.tx, ctx.calendar, ctx.community.id, persons, since, until),
        done=_done(said),
        leaves=tables.leaves(ctx.tx, ctx.community.id, persons, since),
        streaks=streaks,
        results={one.person: one for one in results},
    )


def _ground(ctx: Context, first: Day, last: Day) -> Ground:
    community = ctx.community.id
    bridged = {day for day in span(first, last) if ctx.calendar.bridged(day)}
    pauses = absences.pauses(ctx.tx, community, first)
    return Ground(tasks.due_days(ctx.tx, community), [(one.first, one.last) for one in pauses], bridged)


def _last_days(said: Iterable[Said]) -> dict[int, Day]:
    """The last of these days, for each person."""
    last: dict[int, Day] = {}
    for one in said:
        last[one.person] = max(one.day, last.get(one.person, one.day))
    return last


def _done(said: Iterable[Said]) -> Done:
    done: Done = {}
    for one in said:
        mark = Mark.MADE_UP if one.way == "makeup" else Mark.LATE if one.late else Mark.DONE
        own = done.setdefault(one.person, {})
        for task in (one.task, EVERY_TASK):
            days = own.setdefault(task, {})
            days[one.day] = better(days.get(one.day), mark)
    return done


# The sheets.


def _sheets(
    ctx: Context, wanted: Wanted, rows: Rows, those: Sequence[Someone], done: set[int]
) -> tuple[Sheet, ...]:
    """One for each task, before several of them one for all together."""
    lives = [
        life
        for life in tables.lives(ctx.tx, ctx.community.id, done)
        if wanted.task is None or life.task.id == wanted.task.id
    ]
    sheets = [_of_task(ctx, wanted, rows, those, life) for life in lives]
    if len(lives) != 1:
        every = rows.ground.asked(0b1111111, None, None)
        sheets.insert(0, _sheet(ctx, wanted, rows, those, (EVERY_TASK, label("tables.every_task"), every)))
    return tuple(sheets)


def _of_task(ctx: Context, wanted: Wanted, rows: Rows, those: Sequence[Someone], life: Life) -> Sheet:
    since = ctx.calendar.day_of(life.created_at)
    until = None if life.archived_at is None else shift(ctx.calendar.day_of(life.archived_at), -1)
    asked = rows.ground.asked(life.task.weekdays, since, until)
    return _sheet(ctx, wanted, rows, those, (life.task.id, life.task.name, asked))


def _sheet(
    ctx: Context, wanted: Wanted, rows: Rows, those: Sequence[Someone], of: tuple[int, Text, Asked]
) -> Sheet:
    task, title, asked = of
    days, nothing = span(wanted.first, wanted.last), Days()
    behind = {
        hidden: background(
            days, ctx.today, msgspec.structs.replace(asked, unseen=hidden.union(rows.ground.bridged))
        )
        for hidden in set(rows.unseen.values())
    }
    return Sheet(
        title,
        tuple(
            marks(
                behind[rows.unseen[one.person]],
                wanted.first,
                one.stay,
                rows.leaves.get(one.person, ()),
                rows.done.get(one.person, {}).get(task, nothing),
            )
            for one in those
        ),
    )


# The members.


def _member(ctx: Context, wanted: Wanted, rows: Rows, one: Someone, titles: Mapping[int, str]) -> Member:
    leaves = rows.leaves.get(one.person, ())

    def excused(day: Day) -> bool:
        away = any(first <= day <= last for first, last in leaves)
        return away or day in rows.unseen[one.person] or rows.ground.excuses(day)

    streak = look(rows.streaks.get(one.person, NONE), ctx.today, excused)
    return Member(
        name=one.name,
        room=titles.get(one.room, ""),
        here=one.here,
        streak=streak.current,
        total=streak.total,
        term=None if wanted.term is None else _term(ctx, wanted.term, rows, one, excused),
    )


def _term(ctx: Context, kept: Kept, rows: Rows, one: Someone, excused: Callable[[Day], bool]) -> Term:
    """How far somebody has come; once a term is wound up, what was written down."""
    done = rows.done.get(one.person, {}).get(EVERY_TASK, {})
    reached = progress(kept.term, ctx.today, done, excused, one.stay.since)
    result = rows.results.get(one.person)
    if result is not None:
        return Term(result.done, result.needed, _standing(one, passed=result.passed))
    left = max(0, reached.needed - reached.done)
    standing = _standing(one, passed=reached.passed, left=left if reached.can_pass else 0)
    return Term(reached.done, reached.needed, standing)


def _standing(one: Someone, *, passed: bool, left: int = 0) -> Text:
    """In words: passed, so many days to go, or (0) not this time."""
    if not one.here and not passed:
        return ""
    return label("tables.standing", passed=passed, left=left)
