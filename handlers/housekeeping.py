"""Forgetting what has served its time, a little at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.feature import Feature, Job
from rules.durations import DAY, HOUR
from storage import choices, inbox, jobs, manners, outbox, repeats

if TYPE_CHECKING:
    from bot.core.context import Context

EVERY = 6 * HOUR
AT_A_TIME = 2_000
"""Rows forgotten in one slice: some ten milliseconds."""

KEEP_ACTIONS = 30 * DAY
KEEP_SAID = 14 * DAY
KEEP_REPEATS = 3 * DAY
KEEP_RUNS = 400 * DAY


def next_round(_ctx: Context, after: int) -> int | None:
    """Four times a day."""
    return (after // EVERY + 1) * EVERY


def forget(ctx: Context, _position: str | None) -> str | None:
    """Forget a slice of what is old; a position while there is more."""
    if outbox.forget_finished(ctx.tx, ctx.now - KEEP_ACTIONS, AT_A_TIME) == AT_A_TIME:
        return "more"
    manners.forget_said(ctx.tx, ctx.now - KEEP_SAID)
    choices.forget_expired(ctx.tx, ctx.now)
    repeats.forget_old(ctx.tx, ctx.now - KEEP_REPEATS)
    jobs.forget_runs(ctx.tx, ctx.now - KEEP_RUNS)
    return None


def forget_seen(ctx: Context, position: str | None) -> str | None:
    """Forget a slice of the events counted long ago; the last one looked at while there is more."""
    bot, _, key = (position or "").partition(" ")
    reached = inbox.forget_seen(ctx.tx, (bot, key), ctx.now - inbox.SEEN_FOR, AT_A_TIME)
    return None if reached is None else " ".join(reached)


FEATURE = Feature(
    name="housekeeping",
    jobs=(
        Job("housekeeping", forget, next_round, per="house"),
        Job("housekeeping.seen", forget_seen, next_round, per="house"),
    ),
)
