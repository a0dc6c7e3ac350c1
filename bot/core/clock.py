"""The only file that reads the wall clock."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """Where all time comes from."""

    def now(self) -> int:
        """The present instant, UTC milliseconds."""

    def move_to(self, at: int) -> None:
        """Move forward to an instant; never back."""

    async def sleep(self, seconds: float) -> None:
        """Wait that long on this clock."""


class VirtualClock:
    """A clock that stands still until it is moved: for plays and tests."""

    def __init__(self, now: int) -> None:
        self._now = now

    def now(self) -> int:
        """The present instant, UTC milliseconds."""
        return self._now

    def move_to(self, at: int) -> None:
        """Move forward to an instant; never back."""
        self._now = max(self._now, at)

    async def sleep(self, seconds: float) -> None:
        """Let the clock pass that long at once."""
        self.move_to(self._now + int(seconds * 1000))
        await asyncio.sleep(0)


class WallClock:
    """The machine's clock, `ahead` milliseconds forward: only the local room's clock is ever moved."""

    def __init__(self, ahead: int = 0) -> None:
        self.ahead = ahead

    def now(self) -> int:
        """The present instant, UTC milliseconds."""
        return time.time_ns() // 1_000_000 + self.ahead

    def move_to(self, at: int) -> None:
        """Move forward to an instant; never back."""
        self.ahead += max(0, at - self.now())

    async def sleep(self, seconds: float) -> None:
        """Wait that long on this clock."""
        await asyncio.sleep(seconds)
