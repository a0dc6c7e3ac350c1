"""Telegram: updates in, actions out. The only room of the house that knows python-telegram-bot."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

os.environ.setdefault("PTB_TIMEDELTA", "1")  # python-telegram-bot reads it when it is imported

import httpx
from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.adapters.telegram import calls, menu
from bot.adapters.telegram.decode import Decoder, staff_listed
from bot.adapters.telegram.errors import what_follows
from bot.adapters.telegram.polling import Polling
from bot.adapters.telegram.skew import Skew
from bot.adapters.telegram.trouble import UNKNOWN_BOT, take_over
from bot.adapters.telegram.updates import RawUpdates
from bot.adapters.telegram.webhook import Webhook
from bot.core.actions import Look
from bot.core.errors import RetryLater, Stop
from bot.core.events import Batch
from bot.core.platforms import Condition, Limits
from bot.core.port import Can

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.adapters.telegram.webhook import Server
    from bot.config import TelegramSettings
    from bot.core.clock import Clock
    from bot.core.platforms import CommandEntry, Intake, Outgoing

CONNECTIONS = 8
"""The outbox sends to as many chats at a time; larger pools are slower."""

TALKATIVE = ("httpx", "httpcore", "telegram")
"""Libraries whose logs name the address of each call, and the token in it."""

TELLTALE = "telegram.request"
"""What logs an answer that is broken off, with the words of members in it; such an answer is tried again."""


class Telegram:
    """One bot on Telegram. `server` listens for the webhook, where the settings ask for one."""

    name = "telegram"
    can = (
        Can.REACT
        | Can.WHISPER
        | Can.DELETE
        | Can.MENU
        | Can.BUTTONS
        | Can.EDIT
        | Can.BACKLOG
        | Can.LINK
        | Can.LOOK
    )
    limits = Limits(
        overall_per_second=30, chat_per_second=1, chat_burst=3, group_per_minute=20, wordless_apart=True
    )

    def __init__(self, settings: TelegramSettings, clock: Clock, server: Server | None = None) -> None:
        assert settings.token is not None, "Telegram needs a token"
        token = settings.token.get_secret_value()
        self.bot = f"telegram:{token.partition(':')[0]}"
        self.username = ""
        self._settings = settings
        self._clock = clock
        self._server = server
        trusted = httpx.create_ssl_context()  # read once: that takes longer than many an import
        self._updates = RawUpdates(settings.api_root, trusted)
        self._polling: Polling | None = None
        self._intake: Intake | None = None
        self._skew = Skew(clock)
        self._client = Bot(
            token,
            base_url=f"{settings.api_root}/bot",
            base_file_url=f"{settings.api_root}/file/bot",
            request=HTTPXRequest(
                connection_pool_size=CONNECTIONS,
                pool_timeout=30.0,
                httpx_kwargs={"event_hooks": {"response": [self._skew.note]}, "verify": trusted},
            ),
            get_updates_request=self._updates,
        )
        self._decoder = Decoder(self.bot)

    async def open(self) -> None:
        """Find out who the bot is, and whether its news come to us.

        Raises Stop when they never will, RetryLater when Telegram cannot be reached.
        """
        for library in TALKATIVE:
            logging.getLogger(library).setLevel(logging.WARNING)
        logging.getLogger(TELLTALE).setLevel(logging.CRITICAL)
        try:
            await self._client.initialize()
            webhook = await self._client.get_webhook_info()
        except InvalidToken:
            raise Stop(UNKNOWN_BOT) from None
        except TelegramError as error:
            raise RetryLater(f"{type(error).__name__}: {error.message}") from error
        if webhook.url not in {"", self._wanted_webhook()}:
            raise Stop(take_over(webhook.url))
        self.username = self._decoder.username = self._client.username
        self._decoder.reads_all = bool(self._client.bot.can_read_all_group_messages)

    def _wanted_webhook(self) -> str:
        return (self._settings.webhook_url or "") if self._settings.mode == "webhook" else ""

    async def listen(self, intake: Intake) -> None:
        """Bring events in until cancelled. Raises Stop when a restart would not help."""
        self._intake = intake
        if self._settings.mode == "webhook":
            assert self._server is not None, "a webhook needs a server"
            webhook = Webhook(self._client, self._decoder, self._clock, self._settings)
            await webhook.listen(intake, self._server)
        else:
            root = self._settings.api_root
            self._polling = Polling(self._client, self._updates, self._decoder, self._clock, root)
            await self._polling.listen(intake)

    async def condition(self) -> Condition:
        """How Telegram's side is at this moment."""
        try:
            me = await self._client.get_me()
            webhook = await self._client.get_webhook_info()
        except InvalidToken:
            return self._described("token")
        except TelegramError:
            return self._described("reach")
        self._decoder.reads_all = bool(me.can_read_all_group_messages)
        if webhook.url not in {"", self._wanted_webhook()}:
            return self._described("taken", reads_all=self._decoder.reads_all)
        late = webhook.last_error_date is not None and webhook.pending_update_count > 0
        return self._described("delivery" if webhook.url and late else "", reads_all=self._decoder.reads_all)

    def _described(self, trouble: str, *, reads_all: bool | None = None) -> Condition:
        contested_at = None if self._polling is None else self._polling.contested_at
        return Condition(reads_all, self._skew.last, contested_at, trouble)

    async def carry_out(self, outgoing: Outgoing) -> str | None:
        """Do one action; the id of the message that came of it.

        Raises RetryLater, Undeliverable, Moved, PartSent.
        """
        try:
            if isinstance(outgoing.action, Look):
                await self._look(outgoing.native)
                return None
            return await calls.carry_out(self._client, outgoing)
        except TelegramError as error:
            raise what_follows(error) from error

    async def _look(self, chat: str) -> None:
        """Bring in who looks after a group: Telegram tells of changes alone, and those to admins alone."""
        staff = await self._client.get_chat_administrators(int(chat))
        if self._intake is not None:
            listed = staff_listed(self.bot, chat, staff, self._clock.now())
            await self._intake.take(Batch(self.bot, (listed,)))

    async def publish(self, commands: Sequence[CommandEntry]) -> None:
        """Show the commands in Telegram's menus. Raises RetryLater, Undeliverable."""
        try:
            await menu.publish(self._client, commands)
        except TelegramError as error:
            raise what_follows(error) from error

    async def take_over(self) -> None:
        """End another program's webhook, so that this one gets the news; what waits is kept."""
        try:
            await self._client.initialize()
            await self._client.delete_webhook()
        except InvalidToken:
            raise Stop(UNKNOWN_BOT) from None
        except TelegramError as error:
            raise RetryLater(error.message) from error

    async def close(self) -> None:
        """Let go of connections, also those of a bot that was refused, which the library leaves open."""
        await self._client.shutdown()
        await self._client.request.shutdown()
        await self._updates.shutdown()
