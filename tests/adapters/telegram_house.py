"""The house on a fake Telegram: the adapter alone, or the whole engine with members who act."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot import platforms
from bot.adapters.telegram import Telegram
from bot.app import feature_settings
from bot.config import Config, load
from bot.core.actions import AnyAction, Button, words
from bot.core.clock import Clock, WallClock
from bot.core.engine import Engine
from bot.core.platforms import Outgoing
from tests.adapters import house
from tests.adapters.house import HastyClock
from tests.peers.telegram import FakeServer


def config_for(fake: FakeServer, folder: Path, more: str = "", token: str = "") -> Config:
    """The settings of a bot on the fake server."""
    path = folder / "config.toml"
    text = f'[telegram]\ntoken = "{token or fake.token}"\napi_root = "{fake.root}"\n{more}'
    path.write_text(text, encoding="utf-8")
    return load(path, feature_settings(), {})


@asynccontextmanager
async def a_bot(
    fake: FakeServer, folder: Path, more: str = "", token: str = "", clock: WallClock | None = None
) -> AsyncIterator[Telegram]:
    """The adapter alone."""
    telegram = Telegram(config_for(fake, folder, more, token).telegram, clock or HastyClock())
    try:
        yield telegram
    finally:
        await telegram.close()


def outgoing(
    action: AnyAction,
    chat: int,
    html: str = "",
    buttons: Sequence[Sequence[tuple[str, str]]] = (),
    picture: bytes | None = None,
) -> Outgoing:
    """An action made ready; buttons as (label, data)."""
    rows = tuple(tuple((label, Button(words("any.label"), data)) for label, data in row) for row in buttons)
    return Outgoing(action, str(chat), html, rows, picture)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class House(house.House):
    """The whole engine, running against the fake."""

    def __init__(self, fake: FakeServer, engine: Engine, telegram: Telegram) -> None:
        super().__init__(engine)
        self.fake = fake
        self.telegram = telegram

    async def quiet(self) -> None:
        """Wait until the bot has heard everything and has nothing more to say."""
        while True:
            await self.fake.control.wait_idle(timeout=60, settle=0.05)
            if not await self.rows("SELECT 1 FROM outbox WHERE state = 'waiting'"):
                return
            await asyncio.sleep(0.02)


@asynccontextmanager
async def a_house(fake: FakeServer, folder: Path, more: str = "") -> AsyncIterator[House]:
    """The engine with this one platform, over a real file in `folder`."""
    config = config_for(fake, folder, more)

    def adapter(clock: Clock) -> Telegram:
        (telegram,) = platforms.asked_for(config, clock)
        assert isinstance(telegram, Telegram)
        return telegram

    async with house.running(config, folder, adapter) as running:
        yield House(fake, *running)
