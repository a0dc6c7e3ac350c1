"""The table of features, in order: what one tells, those below hear in this order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import (
    absence,
    account,
    admit,
    audit,
    byhand,
    checkin,
    doctor,
    flagging,
    home,
    housekeeping,
    language,
    linking,
    meant,
    mending,
    naming,
    otherwise,
    recap,
    reminders,
    returning,
    roles,
    rooms,
    scoring,
    settings,
    setup,
    staffroom,
    streak,
    suggestions,
    tables,
    tasks,
    terms,
    unclear,
    zone,
)

if TYPE_CHECKING:
    from bot.core.feature import Feature

FEATURES: tuple[Feature, ...] = (
    home.FEATURE,
    settings.FEATURE,
    setup.FEATURE,
    staffroom.FEATURE,
    naming.FEATURE,
    zone.FEATURE,
    language.FEATURE,
    linking.FEATURE,
    roles.FEATURE,
    audit.FEATURE,
    suggestions.FEATURE,
    returning.FEATURE,
    rooms.FEATURE,
    admit.FEATURE,
    flagging.FEATURE,
    byhand.FEATURE,
    doctor.FEATURE,
    account.FEATURE,
    meant.FEATURE,
    mending.FEATURE,
    tasks.FEATURE,
    checkin.FEATURE,
    unclear.FEATURE,
    absence.FEATURE,
    streak.FEATURE,
    terms.FEATURE,
    reminders.FEATURE,
    recap.FEATURE,
    tables.FEATURE,
    scoring.FEATURE,
    housekeeping.FEATURE,
    otherwise.FEATURE,  # the last: it takes what nobody else took
)
