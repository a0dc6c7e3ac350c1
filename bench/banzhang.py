"""Banzhang's own way in, without a network: Telegram's decoder, the pipeline, the database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

from bench.load import BOT, FIRST_SECOND, GROUP
from bot.adapters.telegram import Telegram
from bot.adapters.telegram.decode import Decoder
from bot.app import assemble, everything_on, feature_settings, opened
from bot.config import load
from bot.core.clock import VirtualClock
from bot.core.events import Batch, BotChanged, Place
from bot.core.house import Bot
from handlers.scoring.settings import ScoringSettings
from handlers.scoring.settling import AT_A_TIME
from storage import scores

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from storage.db import Database, Transaction

NAME = f"telegram:{BOT['id']}"
COMMUNITY = 1
LATE = (FIRST_SECOND + 400_000_000) * 1000
"""The present: all that is told is backlog."""


class Banzhang:
    """The whole house over one file; what it would answer waits in the outbox."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.decoder = Decoder(NAME)

    async def __aenter__(self) -> Self:
        self._opened: AbstractAsyncContextManager[Database] = opened(self.path)
        self.database = await self._opened.__aenter__()
        config = load(self.path.with_name("config.toml"), feature_settings(), {})
        self.engine = assemble(everything_on(config), self.database, VirtualClock(LATE), seed=1)
        self.engine.house.bots[NAME] = Bot(NAME, "telegram", Telegram.can)
        place = Place(str(GROUP), "group", "晨读班")
        opening = BotChanged(
            bot=NAME, key="opening", at=FIRST_SECOND * 1000, place=place, role="admin", rights=("read",)
        )
        await self.engine.pipeline.take(Batch(NAME, [opening]))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._opened.__aexit__(None, None, None)

    async def take(self, body: bytes) -> None:
        """Take an answer to getUpdates; returns when it is durable."""
        heard = self.decoder.answer(body, LATE, live=False)
        await self.engine.pipeline.take(Batch(NAME, heard.events, "updates", str(heard.last_id)))

    async def settle(self) -> None:
        """Bring scores and rankings up to the record, in slices, as the job does every minute."""
        while await self.engine.pipeline.work(
            lambda desk: scores.settle(desk.tx, COMMUNITY, ScoringSettings().half_life, AT_A_TIME)
        ):
            pass

    async def check(self, messages: int) -> None:
        """Every message must be there, and scores must agree with the record."""
        await self.database.read(lambda tx: _check(tx, messages))


def _check(tx: Transaction, messages: int) -> None:
    assert tx.value("SELECT count(*) FROM message") == messages
    assert tx.value("SELECT count(*) FROM dead_letter") == 0
    assert tx.value("SELECT count(*) FROM unsettled") == 0
    total = tx.value("SELECT sum(points) FROM activity")
    tallied = tx.value("SELECT sum(points) FROM tally WHERE period = 'all'")
    assert total == tallied > 0
