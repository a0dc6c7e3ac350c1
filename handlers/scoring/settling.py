"""Bringing scores and rankings up to the record, and forgetting what has served its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.scoring.chatter import SETTLE_AFTER
from handlers.scoring.settings import ScoringSettings, scale
from rules.days import Day, shift
from rules.durations import DAY
from storage import activity, communities, messages, scores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.context import Context
    from rules.facts import PeopleRegrouped


AT_A_TIME = 1_000
"""Rows of the record that one slice settles: some twenty milliseconds."""

SETTLING = "settling"
"""The position of the job before all is settled; afterwards it is the last person looked at."""

AT_ONCE = 4_000
"""Rows settled for somebody who waits for a ranking; with more, it lags behind by a minute."""

RENEWED_AT_A_TIME = 50
LOOKED_AT = 5_000
KEEP_DAYS = 60
"""Messages are known for so many days: until then an edit, a withdrawal or a reaction finds them."""


def settle(ctx: Context, most: int = AT_ONCE, accounts: Sequence[int] | None = None) -> int:
    """Bring scores and rankings up to the record, at most so many rows of it; how many it were."""
    half_life = half_life_of(ctx)
    reckon = scale(ctx.desk, ctx.community.id).points
    return scores.settle(ctx.tx, ctx.community.id, half_life, most, accounts, reckon)


def half_life_of(ctx: Context) -> float:
    """After how many days points weigh half, in this community."""
    return ctx.desk.settings(ScoringSettings, ctx.community.id).half_life


def settle_job(ctx: Context, position: str | None) -> str | None:
    """Settle a slice; after the last one, make scores anew that another half-life made. Where to go on."""
    if position is not None and position != SETTLING:
        return _renew(ctx, int(position))
    return SETTLING if settle(ctx, AT_A_TIME) == AT_A_TIME else _renew(ctx, 0)


def _renew(ctx: Context, after: int) -> str | None:
    community, half_life = ctx.community.id, half_life_of(ctx)
    if after == 0 and not scores.any_made_with_another(ctx.tx, community, half_life):
        return None
    stale, reached = scores.made_with_another(ctx.tx, community, half_life, after, AT_A_TIME)
    scores.rebuild_scores(ctx.tx, community, stale[:RENEWED_AT_A_TIME], half_life)
    if len(stale) > RENEWED_AT_A_TIME:
        reached = stale[RENEWED_AT_A_TIME - 1]
    return None if reached is None else str(reached)


def next_settling(ctx: Context, after: int) -> int | None:
    """A minute later while there is something to settle; else when chatter calls for it."""
    return after + SETTLE_AFTER if activity.has_unsettled(ctx.tx, ctx.community.id) else None


def regrouped(ctx: Context, fact: PeopleRegrouped) -> None:
    """Make the scores and rankings of two persons anew, some of whose accounts changed hands."""
    reckon = scale(ctx.desk, fact.community).points
    since = shift(ctx.today, -KEEP_DAYS)
    scores.make_anew(ctx.tx, fact.community, (fact.person, fact.other), half_life_of(ctx), reckon, since)


def forget(ctx: Context, position: str | None) -> str | None:
    """Forget a slice of the messages of long ago; a position while there is more."""
    before = ctx.now - KEEP_DAYS * DAY
    before_day = shift(Day("1970-01-01"), before // DAY - 1)
    if position is None:
        for community in communities.all_of_them(ctx.tx):
            messages.prune_pairs(ctx.tx, community.id, before_day)
            scores.prune_tallies(ctx.tx, community.id, before_day)
    room, _, native = (position or "0:").partition(":")
    reached = messages.prune(ctx.tx, (int(room), native), before, before_day, LOOKED_AT)
    return None if reached is None else f"{reached[0]}:{reached[1]}"


def next_forgetting(_ctx: Context, after: int) -> int | None:
    """Once a day."""
    return (after // DAY + 1) * DAY
