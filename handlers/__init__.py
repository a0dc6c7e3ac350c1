"""The table of features, in order: what one tells, those below hear in this order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import (
    checkin,
    home,
    housekeeping,
    language,
    leaders,
    otherwise,
    scoring,
    setup,
    status,
    terms,
    zone,
)

if TYPE_CHECKING:
    from bot.core.feature import Feature

FEATURES: tuple[Feature, ...] = (
    home.FEATURE,
    setup.FEATURE,
    zone.FEATURE,
    language.FEATURE,
    leaders.FEATURE,
    status.FEATURE,
    checkin.FEATURE,
    terms.FEATURE,
    scoring.FEATURE,
    housekeeping.FEATURE,
    otherwise.FEATURE,  # the last: it takes what nobody else took
)
