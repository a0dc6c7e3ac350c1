"""Messages that may be check-ins: put before leaders, who say whether they count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from pydantic import Field

from bot.config import Settings
from bot.core.actions import words
from bot.core.feature import Feature, Suggestion
from bot.core.port import Can
from storage import checkins, counting, people, repeats, rooms, tasks
from storage.checkins import CheckIn

if TYPE_CHECKING:
    from bot.core.context import Context
    from storage.counting import Counted


class UnclearSettings(Settings):
    """Messages that may be check-ins: whether leaders are asked (suggest), or they count at once (on)."""

    days: int = Field(3, ge=1, le=14, description="After how many days one that nobody decided lapses.")


def holds(ctx: Context, data: dict[str, Any]) -> bool:
    """Whether the day is still open for it: not done since, no leader said no, its author is here."""
    row = msgspec.convert(data, CheckIn)
    was = _kept(ctx, row)
    refused = was is not None and was.standing in {"withdrawn", "returned"} and was.decided_by is not None
    known = tasks.by_id(ctx.tx, row.community, row.task)
    here = rooms.role(ctx.tx, row.room, row.account) not in {None, "left"}
    return here and known is not None and not refused and (was is None or not was.counts)


def approve(ctx: Context, data: dict[str, Any]) -> object:
    """The message counts for its day, as if a leader had said 补; its author sees it by a reaction alone."""
    row = msgspec.convert(data, CheckIn)
    was = _kept(ctx, row)
    if ctx.has_account:
        row = msgspec.structs.replace(row, way="leader", decided_by=ctx.account.person)
    if was is not None:
        repeats.forget_all(ctx.tx, was)
    author = people.by_id(ctx.tx, row.account)
    counted = counting.count(ctx.tx, ctx.calendar, row, author.person, row.room)
    ctx.emit(counted.fact)
    if data["way"] != "relay" and Can.REACT in ctx.can:
        _greet(ctx, row, author.name, counted)
    return {"row": row, "was": was}


def _greet(ctx: Context, row: CheckIn, name: str, counted: Counted) -> None:
    after = counted.after
    noted = words("checkin.done", name=name, streak=after.current, total=after.total, late=row.late)
    ctx.react_to(row.native, counted.emoji, noted, topic="checkin.done")


def undo(ctx: Context, done: dict[str, Any]) -> None:
    """It counts no more, unless it was taken back already, or another message says the same by now."""
    row = msgspec.convert(done["row"], CheckIn)
    was = None if done["was"] is None else msgspec.convert(done["was"], CheckIn)
    now = _kept(ctx, row)
    repeats.forget_message(ctx.tx, row.room, row.native)
    if now is None or not now.counts or (now.room, now.native) != (row.room, row.native):
        return
    other = repeats.take_newest(ctx.tx, now)
    if other is not None:
        checkins.keep(ctx.tx, other)
        return
    person = people.by_id(ctx.tx, row.account).person
    facts = counting.withdraw(
        ctx.tx, ctx.calendar, now, person, room=row.room, standing="withdrawn", reason="leader", at=ctx.at
    )
    for fact in facts:
        ctx.emit(fact)
    if was is not None:
        checkins.keep(ctx.tx, was)


def _kept(ctx: Context, row: CheckIn) -> CheckIn | None:
    known = checkins.of_day(ctx.tx, row.community, row.account, row.day)
    return next((one for one in known if one.task == row.task), None)


FEATURE = Feature(
    name="unclear",
    settings=UnclearSettings,
    modes=("suggest", "on", "off"),
    suggestions={
        "unclear": Suggestion(
            needs="mend",
            approve=approve,
            undo=undo,
            holds=holds,
            days=lambda ctx: ctx.settings(UnclearSettings).days,
        )
    },
    for_staff=("unclear.suggests_unclear",),
)
