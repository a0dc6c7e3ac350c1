"""The table of features, in order: what one tells, those below hear in this order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import checkin, home, housekeeping

if TYPE_CHECKING:
    from bot.core.feature import Feature

FEATURES: tuple[Feature, ...] = (
    home.FEATURE,
    checkin.FEATURE,
    housekeeping.FEATURE,
)
