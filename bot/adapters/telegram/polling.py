"""Asking Telegram for news: an answer is confirmed by the next question, which follows its commit."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.adapters.telegram.decode import NoAnswer
from bot.adapters.telegram.errors import pause_of, says
from bot.adapters.telegram.raw import KINDS
from bot.adapters.telegram.trouble import OTHER_POLLER, UNKNOWN_BOT, take_over
from bot.adapters.telegram.updates import TRAVEL_SECONDS
from bot.core.errors import Stop
from bot.core.events import Batch
from rules.durations import DAY, MINUTE
from storage.failures import DiskFull

if TYPE_CHECKING:
    from telegram import Bot

    from bot.adapters.telegram.decode import Decoder, Heard
    from bot.adapters.telegram.updates import RawUpdates
    from bot.core.clock import Clock
    from bot.core.platforms import Intake

log = logging.getLogger("banzhang.telegram")

AT_ONCE = 100
"""Updates in an answer, at most."""

PATIENCE = 10
"""Seconds that Telegram holds back an answer when there is no news. Due work waits for the end of such a
silence, since only the answer says that nothing was missed: so it is shorter than it could be.
"""

TRAVEL_TIME = 2_000
"""Milliseconds that a message may take to reach Telegram's queue of updates."""

KEPT_FOR = DAY
"""Milliseconds that Telegram keeps updates."""

CONFLICT_WAIT, CONFLICT_FOR = 3.0, MINUTE
"""Seconds between questions while somebody else asks, too; milliseconds after which this is final for a
newcomer. Who was there before waits twice as long: of two the newcomer goes.
"""

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
DISK_WAIT = 5.0


class Polling:
    """One bot's long polling."""

    def __init__(self, bot: Bot, request: RawUpdates, decoder: Decoder, clock: Clock, source: str) -> None:
        asked = {"limit": AT_ONCE, "timeout": PATIENCE, "allowed_updates": json.dumps(KINDS)}
        self._asked = f"{bot.base_url}/getUpdates?{urlencode(asked)}"
        self._request = request
        self._decoder = decoder
        self._clock = clock
        self._source = source
        self._offset: int | None = None
        self._last_id = 0
        self._live = False
        self._silent_since: int | None = None
        self._wait = FIRST_WAIT
        self._conflicts: tuple[int, int] = (0, 0)
        self.contested_at: int | None = None
        """When somebody else last asked for the bot's news, too, UTC milliseconds."""
        self._since = clock.now()

    async def listen(self, intake: Intake) -> None:
        """Bring updates in until cancelled. Raises Stop for a bad token, and when somebody else listens."""
        last_id, answered_at = read_cursor(await intake.cursor(self._decoder.bot, self._source))
        self._last_id = last_id
        self._since = self._clock.now()
        while True:
            heard = await self._ask()
            if heard is None:
                continue
            now = self._clock.now()
            if answered_at is not None and now - answered_at > KEPT_FOR:
                self._silent_since = answered_at
            answered_at = now
            await self._bring(intake, heard, now)

    async def _ask(self) -> Heard | None:
        """The next answer; None when there was none, after a pause."""
        try:
            await self._request.post(self._question(), read_timeout=PATIENCE + TRAVEL_SECONDS)
            heard = self._decoder.answer(self._request.body, self._clock.now(), live=self._live)
        except (TelegramError, NoAnswer) as error:
            await self._clock.sleep(self._pause_after(error))
            return None
        self._wait = FIRST_WAIT
        return heard

    def _question(self) -> str:
        return self._asked if self._offset is None else f"{self._asked}&offset={self._offset}"

    async def _bring(self, intake: Intake, heard: Heard, now: int) -> None:
        """Commit an answer, and confirm it by the next question.

        Numbers may start again lower after a quiet week: once nothing waits, the question names none.
        """
        drained = heard.updates < AT_ONCE
        self._last_id = self._last_id if heard.last_id is None else heard.last_id
        batch = Batch(
            self._decoder.bot,
            heard.events,
            source=self._source,
            cursor=write_cursor(self._last_id, now),
            caught_up_to=now - TRAVEL_TIME if drained else None,
            unobserved_since=self._silent_since if drained else None,
        )
        await commit(intake, batch, self._clock)
        self._offset = None if heard.last_id is None else heard.last_id + 1
        self._live = drained
        if drained:
            self._silent_since = None

    def _pause_after(self, error: Exception) -> float:
        """Seconds to wait after a failed question."""
        if isinstance(error, InvalidToken):
            raise Stop(UNKNOWN_BOT) from None
        if isinstance(error, Conflict):
            self._note_conflict(error)
            return CONFLICT_WAIT
        if isinstance(error, RetryAfter):
            return pause_of(error)
        log.warning("Telegram cannot be asked for news (%s: %s)", type(error).__name__, error)
        self._wait = min(2 * self._wait, LONGEST_WAIT)
        return self._wait / 2

    def _note_conflict(self, error: Conflict) -> None:
        """Somebody else listens; after a minute or two of it the operator must decide. Raises Stop."""
        now = self.contested_at = self._clock.now()
        first, last = self._conflicts
        if now - last > CONFLICT_FOR:
            first = now
            log.warning("somebody else asks for this bot's news, too: %s", error)
        self._conflicts = (first, now)
        patience = CONFLICT_FOR if first - self._since < CONFLICT_FOR else 2 * CONFLICT_FOR
        if now - first >= patience:
            raise Stop(take_over("a webhook") if says(error, "webhook") else OTHER_POLLER) from None


async def commit(intake: Intake, batch: Batch, clock: Clock) -> None:
    """Commit a batch, however long the disk is full; nothing new is asked for meanwhile."""
    while True:
        try:
            return await intake.take(batch)
        except DiskFull:
            log.error("the disk is full: nothing new is taken until there is room; nothing is lost")  # noqa: TRY400
            await clock.sleep(DISK_WAIT)


def write_cursor(last_id: int, answered_at: int) -> str:
    """The number of the last update, and when Telegram answered last (UTC milliseconds)."""
    return f"{last_id} {answered_at}"


def read_cursor(cursor: str | None) -> tuple[int, int | None]:
    """What `write_cursor` wrote."""
    if cursor is None:
        return 0, None
    last_id, _, answered_at = cursor.partition(" ")
    return int(last_id), int(answered_at)
