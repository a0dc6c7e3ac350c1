"""Since when all that happens on WeChat is heard, and since when it is not.

A gateway tells of nothing twice and keeps nothing: what passes while it, the way to it, or the account is
away will never be told, and is called unobserved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from rules.durations import MINUTE

if TYPE_CHECKING:
    from bot.core.clock import Clock

TRAVEL_TIME = 2_000
"""Milliseconds that a message may take to reach the gateway."""

BLIND_FIRST, BLIND_STEP = 5_000, MINUTE
"""After how long, and how often (milliseconds), it is told that nothing is heard, so that due work goes on
without WeChat.
"""

KEEP_STEP = MINUTE
"""How often (milliseconds) the last sign of life is written down, for the next start."""


class Stretch(msgspec.Struct, frozen=True):
    """What a batch says of time: see Batch. `cursor` is the last sign of life, when it is to be kept."""

    caught_up_to: int | None = None
    unobserved_since: int | None = None
    cursor: str | None = None


class Watch:
    """Whether all is heard at this moment, by the signs of life of the gateway."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.is_up = False
        """Whether events can come in."""
        self.is_online = False
        """Whether the account is logged in."""
        self._alive_at = clock.now()
        self._blind_since: int | None = self._alive_at
        self._sees_since = 0
        self._told = 0
        self._tell_blind_at = self._alive_at + BLIND_FIRST
        self._kept = 0

    @property
    def sees(self) -> bool:
        """Whether what happens is heard."""
        return self.is_up and self.is_online

    def begin(self, cursor: str | None) -> None:
        """The program starts: since its last sign of life nothing was heard."""
        self._alive_at = self._blind_since = int(cursor) if cursor else self._clock.now()

    def alive(self, asked_at: int) -> None:
        """The gateway answered what it was asked then (UTC milliseconds), or told of something."""
        self._alive_at = max(self._alive_at, asked_at)

    def opened(self) -> None:
        """Events come in from now on."""
        self.is_up = True
        self._look(self._clock.now())

    def lost(self) -> None:
        """Events come in no more, perhaps since the last sign of life."""
        self.is_up = self.is_online = False
        self._look(self._alive_at)

    def online(self, *, is_online: bool) -> None:
        """The account is logged in, or is not."""
        self.is_online = is_online
        self._look(self._clock.now())

    def _look(self, at: int) -> None:
        if self.sees and not self._sees_since:
            self._sees_since = at
            self._alive_at = max(self._alive_at, at)
        elif not self.sees and self._sees_since:
            self._blind_since = at if self._blind_since is None else self._blind_since
            self._sees_since = 0
            self._tell_blind_at = self._clock.now() + BLIND_FIRST

    def stretch(self, oldest_waiting: int | None) -> Stretch:
        """What a batch may say of time now, when what came in at an instant still waits to be read."""
        if not self.sees:
            return self._blind()
        if self._blind_since is not None:
            return Stretch(max(self._sees_since, self._told), self._blind_since, str(self._alive_at))
        known = self._alive_at if oldest_waiting is None else min(self._alive_at, oldest_waiting)
        caught_up = max(self._told, known - TRAVEL_TIME)
        due = self._alive_at >= self._kept + KEEP_STEP
        return Stretch(caught_up, None, str(self._alive_at) if due else None)

    def _blind(self) -> Stretch:
        now = self._clock.now()
        if now < self._tell_blind_at:
            return Stretch()
        return Stretch(max(now, self._told), self._blind_since)

    def committed(self, stretch: Stretch) -> None:
        """That was told, and is durable."""
        if stretch.caught_up_to is None:
            return
        self._told = stretch.caught_up_to
        if stretch.cursor is not None:
            self._kept = int(stretch.cursor)
        if stretch.unobserved_since is not None and stretch.cursor is not None:
            self._blind_since = None
        elif stretch.unobserved_since is not None:
            self._tell_blind_at = stretch.caught_up_to + BLIND_STEP
