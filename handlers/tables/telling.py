"""The words of a table: its title, headings, signs and legend, and what is said beside the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.actions import words
from rules.argument_period import TERM
from rules.cards import label
from rules.days import month_days, month_of
from rules.table import Mark, Table, totals
from rules.table import Words as Headings

if TYPE_CHECKING:
    from bot.core.actions import Words
    from bot.core.context import Context
    from handlers.tables.gathering import Gathered, Wanted

SIGNS = (Mark.DONE, Mark.MADE_UP, Mark.LATE, Mark.LEAVE, Mark.REST, Mark.MISSED)


def table_of(ctx: Context, wanted: Wanted, found: Gathered) -> Table:
    """The table as it goes out; it is put into words, and drawn, when it is sent."""
    about = _about(ctx, wanted)
    return Table(
        file=label("tables.file", **about),
        title=label("tables.title", **about),
        about=label("tables.about", **about),
        author=label("tables.author"),
        made_at=ctx.now,
        words=_headings(found),
        first=wanted.first,
        days=wanted.days,
        rooms=found.rooms,
        members=found.members,
        sheets=found.sheets,
    )


def caption(ctx: Context, wanted: Wanted, found: Gathered) -> Words:
    """What is said beside the file: of whom and when it is, and how it went so far."""
    marks = "".join(found.sheets[0].marks)
    passed = [one for one in found.members if one.term is not None and one.term.done >= one.term.needed]
    return words(
        "tables.caption",
        members=len(found.members),
        counted=totals(marks).counted,
        passed=len(passed),
        sheets=len(found.sheets),
        **_about(ctx, wanted),
    )


def _about(ctx: Context, wanted: Wanted) -> dict[str, object]:
    """Of what, which days by which clock, and when it was made."""
    ends = min(ctx.now, ctx.calendar.bounds(wanted.last)[0])
    rule = next(rule for rule in reversed(ctx.calendar.rules) if rule.since <= ends or rule.since == 0)
    today, minutes = ctx.calendar.wall(ctx.now)
    term = None if wanted.term is None else wanted.term.term
    return {
        "community": ctx.community.name,
        "room": "" if wanted.room is None else wanted.room.title,
        "task": "" if wanted.task is None else wanted.task.name,
        "first": wanted.first,
        "last": wanted.last,
        "year": int(wanted.first[:4]),
        "month": int(wanted.first[5:7]) if _is_month(wanted) else 0,
        "zone": rule.zone,
        "starts": rule.day_starts_at,
        "made_on": today,
        "made_at": minutes,
        "term": wanted.period == TERM,
        "title": "" if term is None else term.title,
        "needed": 0 if term is None else term.needed,
        "days": wanted.days,
    }


def _is_month(wanted: Wanted) -> bool:
    """Whether the days are a whole month."""
    days = month_days(month_of(wanted.first))
    return (wanted.first, wanted.last) == (days[0], days[-1])


def _headings(found: Gathered) -> Headings:
    notes = [label("tables.note_blank"), label("tables.note_sums")]
    if not all(one.here for one in found.members):
        notes.append(label("tables.note_gone"))
    return Headings(
        name=label("tables.name"),
        room=label("tables.room"),
        counted=label("tables.counted"),
        made_up=label("tables.made_up"),
        late=label("tables.late"),
        leave=label("tables.leave"),
        missed=label("tables.missed"),
        streak=label("tables.streak"),
        total=label("tables.total"),
        done=label("tables.done"),
        needed=label("tables.needed"),
        standing=label("tables.passed_or_not"),
        each_day=label("tables.each_day"),
        legend=label("tables.legend"),
        notes=tuple(notes),
        signs={mark.value: label(f"tables.sign_{mark.name.lower()}") for mark in SIGNS},
        weekdays=tuple(label("tables.weekday", number=number) for number in range(7)),
    )
