"""Activity scoring: what members do for each other counts, fades, and never shames anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.events import MessageDeleted, Reacted
from bot.core.feature import Command, Feature, Job, Signal
from handlers.scoring.chatter import SETTLE, fold
from handlers.scoring.ranking import press, top
from handlers.scoring.settings import ScoringSettings
from handlers.scoring.settling import forget, next_forgetting, next_settling, regrouped, settle_job
from handlers.scoring.standing import hide, me, press_why, why
from rules.facts import CheckedIn, CheckInFeatured, CheckInWithdrawn, PeopleRegrouped

if TYPE_CHECKING:
    from bot.core.context import Context
    from bot.core.events import Event


def _reacted(ctx: Context, _event: Event) -> None:
    if ctx.has_account:
        ctx.signal("reaction")


def _deleted(ctx: Context, event: Event) -> None:
    if ctx.community_id is not None and ctx.room.is_group:
        ctx.desk.signals.append(Signal("delete", ctx.community_id, ctx.room.id, 0, 0, ctx.at, event))


def _checked_in(ctx: Context, fact: CheckedIn) -> None:
    _count(ctx, fact, 1)


def _withdrawn(ctx: Context, fact: CheckInWithdrawn) -> None:
    _count(ctx, fact, -1)


def _count(ctx: Context, fact: CheckedIn | CheckInWithdrawn, amount: int) -> None:
    """A check-in's points, and those of being featured, which hold as long as it counts."""
    _of_checkin(ctx, "checkin", fact, amount)
    if fact.featured:
        _of_checkin(ctx, "featured", fact, amount)


def _featured(ctx: Context, fact: CheckInFeatured) -> None:
    _of_checkin(ctx, "featured", fact, 1 if fact.featured else -1)


def _of_checkin(
    ctx: Context, kind: str, fact: CheckedIn | CheckInWithdrawn | CheckInFeatured, amount: int
) -> None:
    """A check-in counts for its own day, whenever it is told."""
    signal = Signal(
        kind, fact.community, fact.room, fact.account, fact.person, fact.at, amount=amount, day=fact.day
    )
    ctx.desk.signals.append(signal)


FEATURE = Feature(
    name="scoring",
    daily=True,
    settings=ScoringSettings,
    modes=("on", "off"),
    commands=(
        Command("me", me, ("我的", "我的分")),
        Command("top", top, ("排行", "排行榜"), takes=True, takes_days=True),
        Command("why", why, ("明细", "明細"), takes=True),
        Command("hide", hide, ("隐身", "隱身")),
    ),
    buttons={"top": press, "why": press_why},
    events={Reacted: _reacted, MessageDeleted: _deleted},
    listeners={
        CheckedIn: _checked_in,
        CheckInWithdrawn: _withdrawn,
        CheckInFeatured: _featured,
        PeopleRegrouped: regrouped,
    },
    jobs=(
        Job(SETTLE, settle_job, next_settling),
        Job("scoring.forget", forget, next_forgetting, per="house"),
    ),
    fold=fold,
)
