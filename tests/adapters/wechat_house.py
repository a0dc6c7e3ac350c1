"""The house on a real gateway with a fake WeChat behind it: the adapter alone, or the whole engine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from bot.adapters.wechat import Patience, WeChat
from bot.app import feature_settings
from bot.config import Config, load
from bot.core.clock import Clock, WallClock
from bot.core.engine import Engine
from tests.adapters import house
from tests.adapters.house import Heap, until
from tests.peers.wechat.gateway import Gateway

QUICK = Patience(
    ask_every=0.03,
    login=0.2,
    first_wait=0.02,
    longest_wait=0.1,
    taken=0.05,
    token=0.05,
    settled=0.05,
    ready=0.3,
)
"""A gateway on this machine answers at once, but for when the machine has others to serve: then it is waited
for as long as anywhere.
"""

HASTY = msgspec.structs.replace(QUICK, answer=0.4)
"""For a gateway that will not answer."""


def config_for(endpoint: str, token: str, folder: Path, more: str = "") -> Config:
    """The settings of a bot behind a gateway."""
    path = folder / "config.toml"
    text = f'[wechat]\nendpoint = "{endpoint}"\ntoken = "{token}"\n{more}'
    path.write_text(text, encoding="utf-8")
    return load(path, feature_settings(), {})


def a_wechat(
    gateway: Gateway,
    folder: Path,
    *,
    token: str | None = None,
    clock: Clock | None = None,
    patience: Patience = QUICK,
    more: str = "",
) -> WeChat:
    """The adapter alone."""
    config = config_for(gateway.endpoint, token or gateway.token, folder, more)
    return WeChat(config.wechat, clock or WallClock(), patience=patience)


@asynccontextmanager
async def listening(wechat: WeChat, heap: Heap) -> AsyncIterator[Heap]:
    """Let the adapter listen meanwhile; then it is done with."""
    try:
        async with house.listening(wechat, heap):
            yield heap
    finally:
        await wechat.close()


class House(house.House):
    """The whole engine behind the gateway."""

    def __init__(self, engine: Engine, wechat: WeChat) -> None:
        super().__init__(engine)
        self.wechat = wechat

    async def online(self) -> None:
        """Wait until what happens is heard: what happened before never will be."""
        await until(lambda: self.wechat._listening.watch.sees)


@asynccontextmanager
async def a_house(gateway: Gateway, folder: Path, more: str = "") -> AsyncIterator[House]:
    """The engine with this one platform, over a real file in `folder`."""
    config = config_for(gateway.endpoint, gateway.token, folder, more)

    def adapter(clock: Clock) -> WeChat:
        return WeChat(config.wechat, clock, patience=QUICK)

    async with house.running(config, folder, adapter) as running:
        yield House(*running)
