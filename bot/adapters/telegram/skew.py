"""How far this machine's clock is from Telegram's, by the time that each answer is stamped with."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

    from bot.core.clock import Clock


class Skew:
    """The difference of two clocks, looked at with every answer."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.last: int | None = None
        """How far this clock was ahead at the last answer, milliseconds; stamps are whole seconds."""

    async def note(self, answer: httpx.Response) -> None:
        """Compare the clocks; an answer without a readable stamp tells nothing."""
        try:
            stamped = parsedate_to_datetime(answer.headers.get("Date", ""))
        except ValueError:
            return
        self.last = self._clock.now() - int(stamped.timestamp() * 1000)
