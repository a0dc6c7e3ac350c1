"""How a room is doing, and which of several needs care first."""

from __future__ import annotations

import msgspec

from rules.durations import DAY

SILENT_AFTER = 2 * DAY
"""Milliseconds without a message after which a room is silent."""

LOW_SHARE = 30
"""Per cent of the active members: fewer check-ins in a week than that are few."""

ENOUGH_MEMBERS = 5
"""A share of fewer members says nothing."""

EARLY_UNTIL = 2
"""The weekday (0 is Monday) from which on the share of a week says something."""


class Health(msgspec.Struct, frozen=True):
    """One room: the rights missing there, and how many of its active members came this week.

    `silent_for` is for how long nobody wrote, in milliseconds; None: nobody was ever heard.
    """

    room: int
    missing: tuple[str, ...]
    silent_for: int | None
    came: int
    active: int
    weekday: int = 6
    """Today's, 0 for Monday; fewer in a community's first days: on how many days people could come before."""

    @property
    def share(self) -> int | None:
        """Those who came this week, in per cent of the active members; None where nobody is active."""
        return round(100 * self.came / self.active) if self.active else None

    @property
    def is_silent(self) -> bool:
        """Whether nothing was heard for days."""
        return self.silent_for is None or self.silent_for > SILENT_AFTER

    @property
    def is_low(self) -> bool:
        """Whether few came this week, once there were days enough to come on."""
        tells = self.weekday >= EARLY_UNTIL and self.active >= ENOUGH_MEMBERS
        return tells and self.share is not None and self.share < LOW_SHARE

    @property
    def needs_care(self) -> bool:
        """Whether somebody should look at it."""
        return "read" in self.missing or self.is_silent or self.is_low


def urgency(health: Health) -> tuple[int, ...]:
    """What rooms are sorted by, the one that needs care most first: deaf, silent, few come, rights, share."""
    return (
        -("read" in health.missing),
        -health.is_silent,
        -health.is_low,
        -len(health.missing),
        101 if health.share is None else health.share,
        health.room,
    )
