"""What an admin may choose about scores, and the rules that follow from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from pydantic import Field

from bot.config import Settings
from bot.core.desk import Desk
from rules.score import Caps, Counts, ScoreRules, Weights, day_points


class ScoringSettings(Settings):
    """What counts as activity, how much, and how it fades. More is not better: each signal saturates."""

    points_message: float = Field(1.0, ge=0, le=100, description="Points of a day's first message.")
    points_reply_given: float = Field(1.5, ge=0, le=100, description="Points more when it is a reply.")
    points_reply_got: float = Field(2.0, ge=0, le=100, description="Points of the first reply got.")
    points_reaction_given: float = Field(0.3, ge=0, le=100, description="Points of the first reaction given.")
    points_reaction_got: float = Field(0.7, ge=0, le=100, description="Points of the first reaction got.")
    points_checkin: float = Field(10.0, ge=0, le=100, description="Points of the first check-in.")
    points_featured: float = Field(15.0, ge=0, le=100, description="Points of a featured check-in.")
    cap_message: float = Field(8.0, ge=0, le=1000, description="Messages never bring more than this a day.")
    cap_reply_given: float = Field(10.0, ge=0, le=1000, description="Nor replies given.")
    cap_reply_got: float = Field(12.0, ge=0, le=1000, description="Nor replies got.")
    cap_reaction_given: float = Field(2.0, ge=0, le=1000, description="Nor reactions given.")
    cap_reaction_got: float = Field(6.0, ge=0, le=1000, description="Nor reactions got.")
    cap_checkin: float = Field(30.0, ge=0, le=1000, description="Nor check-ins.")
    cap_featured: float = Field(30.0, ge=0, le=1000, description="Nor featured check-ins.")
    half_life: float = Field(14.0, ge=1, le=3650, description="Days after which points weigh half.")
    cooldown: int = Field(20, ge=0, le=3600, description="Seconds between two messages that earn something.")
    pair_limit: int = Field(
        5, ge=0, le=100, description="Replies (and reactions) between two that count a day."
    )
    season: Literal["week", "month"] = Field("week", description="How long a season lasts.")
    rank_staff: bool = Field(default=False, description="Whether admins and leaders appear in rankings.")


class Scale:
    """A community's rules, and the points of a day by them; the same counts are reckoned once."""

    __slots__ = ("points", "rules")

    def __init__(self, rules: ScoreRules) -> None:
        self.rules = rules
        self.points: Callable[[tuple[int, ...]], float] = lru_cache(4096)(
            lambda counts: day_points(Counts(*counts), rules)
        )


def scale(desk: Desk, community: int) -> Scale:
    """The rules of a community as they are set now."""
    return desk.remember(
        ("settings", "scale", community), lambda: Scale(rules(desk.settings(ScoringSettings, community)))
    )


def rules(settings: ScoringSettings) -> ScoreRules:
    """The score's rules that the settings say."""
    signals = Counts.__struct_fields__
    return ScoreRules(
        weights=Weights(**{signal: getattr(settings, f"points_{signal}") for signal in signals}),
        caps=Caps(**{signal: getattr(settings, f"cap_{signal}") for signal in signals}),
        half_life=settings.half_life,
        cooldown=settings.cooldown,
        pair_limit=settings.pair_limit,
    )
