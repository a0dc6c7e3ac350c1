"""Telegram brings its news by itself: each update is answered only after its commit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING

from telegram.error import TelegramError

from bot.adapters.telegram.errors import what_follows
from bot.adapters.telegram.polling import (
    FIRST_WAIT,
    KEPT_FOR,
    LONGEST_WAIT,
    TRAVEL_TIME,
    commit,
    log,
    read_cursor,
    write_cursor,
)
from bot.adapters.telegram.raw import KINDS
from bot.core.errors import RetryLater
from bot.core.events import Batch

if TYPE_CHECKING:
    from telegram import Bot

    from bot.adapters.telegram.decode import Decoder
    from bot.config import TelegramSettings
    from bot.core.clock import Clock
    from bot.core.platforms import Intake

Server = Callable[[Callable[[bytes], Awaitable[None]]], Coroutine[None, None, None]]
"""Serves the webhook until cancelled: hands each believed body on, and answers when that returned."""

LOOK_EVERY, LOOK_SOON = 10.0, 1.0
"""Seconds between two looks whether everything has arrived; and while it has not."""


class Webhook:
    """One bot's webhook."""

    def __init__(self, bot: Bot, decoder: Decoder, clock: Clock, settings: TelegramSettings) -> None:
        self._bot = bot
        self._decoder = decoder
        self._clock = clock
        self._settings = settings
        self._live = False
        self._silent_since: int | None = None

    async def listen(self, intake: Intake, server: Server) -> None:
        """Bring updates in until cancelled."""
        source = self._settings.api_root
        _, answered_at = read_cursor(await intake.cursor(self._decoder.bot, source))
        if answered_at is not None and self._clock.now() - answered_at > KEPT_FOR:
            self._silent_since = answered_at
        async with asyncio.TaskGroup() as group:
            group.create_task(server(lambda body: self._take(intake, body)))
            group.create_task(self._watch(intake))

    async def _take(self, intake: Intake, body: bytes) -> None:
        """Commit one update. Raises DiskFull: Telegram brings it again later."""
        events = self._decoder.update(body, self._clock.now(), live=self._live)
        await intake.take(Batch(self._decoder.bot, events, source=self._settings.api_root))

    async def _watch(self, intake: Intake) -> None:
        """Tell Telegram where to bring the news, then look now and then whether all of it has come."""
        await self._set()
        while True:
            await self._look(intake)
            await self._clock.sleep(LOOK_EVERY if self._live else LOOK_SOON)

    async def _set(self) -> None:
        secret = self._settings.webhook_secret
        assert self._settings.webhook_url is not None
        assert secret is not None
        wait = FIRST_WAIT
        while True:
            try:
                await self._bot.set_webhook(
                    self._settings.webhook_url, secret_token=secret.get_secret_value(), allowed_updates=KINDS
                )
                return
            except TelegramError as error:
                log.warning("the webhook could not be set: %s", error.message)
                follows = what_follows(error)
                wait = min(2 * wait, LONGEST_WAIT)
                await self._clock.sleep(max(wait, follows.seconds if isinstance(follows, RetryLater) else 0))

    async def _look(self, intake: Intake) -> None:
        asked_at = self._clock.now()
        try:
            info = await self._bot.get_webhook_info()
        except TelegramError as error:
            log.warning("Telegram cannot be asked about the webhook: %s", error.message)
            return
        self._live = info.pending_update_count == 0
        if not self._live:
            log.info(
                "%d updates wait; the webhook's last trouble: %s",
                info.pending_update_count,
                info.last_error_message,
            )
            return
        batch = Batch(
            self._decoder.bot,
            (),
            source=self._settings.api_root,
            cursor=write_cursor(0, asked_at),
            caught_up_to=asked_at - TRAVEL_TIME,
            unobserved_since=self._silent_since,
        )
        await commit(intake, batch, self._clock)
        self._silent_since = None
