"""The house on a real gateway with a fake WeChat behind it: the adapter alone, or the whole engine."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from bot.adapters.wechat import Patience, WeChat
from bot.app import DATABASE, assemble, everything_on, feature_settings, opened
from bot.config import Config, load
from bot.core.clock import Clock, WallClock
from bot.core.engine import Engine
from bot.core.platforms import Limits
from bot.core.port import Batch, Event
from storage.db import Database, Transaction
from tests.peers.wechat.gateway import Gateway
from tests.prepared import prepare

Kind = TypeVar("Kind", bound=Event)

SWIFT = Limits(overall_per_second=1000, chat_per_second=1000, chat_burst=1000, group_per_minute=60_000)
"""For tests that are not about pacing."""

QUICK = Patience(
    ask_every=0.03,
    answer=0.4,
    login=0.2,
    first_wait=0.02,
    longest_wait=0.1,
    taken=0.05,
    token=0.05,
    reading=1.6,
    settled=0.05,
    ready=0.3,
)
"""A gateway on this machine answers at once."""

_numbers = itertools.count(1)


class WeChatWorld:
    """People and rooms of one test behind a gateway that others use, too."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.bot = gateway.bot

    def person(self, name: str, *, friend: bool = True) -> str:
        """Somebody new; their id."""
        native = f"wxid_{next(_numbers)}"
        self.gateway.op("contact", id=native, name=name, friend=friend)
        return native

    def room(self, title: str, *members: str, owner: str | None = None) -> str:
        """A new room with the bot in it; its id."""
        native = f"{next(_numbers)}@chatroom"
        self.gateway.op("room", id=native, topic=title, members=list(members), owner=owner or self.bot)
        return native

    def says(self, who: str, text: str, room: str | None = None, **more: Any) -> str:
        """Somebody writes in a room, or to the bot; the message's id."""
        said = self.gateway.op("say", {"from": who, "room": room, "text": text, **more})
        return str(said["id"])

    def sends(self, who: str, name: str, base64: str, room: str | None = None) -> str:
        """Somebody sends a file."""
        said = self.gateway.op("say", {"from": who, "room": room, "file": {"name": name, "base64": base64}})
        return str(said["id"])

    def said_in(self, room: str, since: int = 0) -> list[str]:
        """What the bot wrote in a room."""
        return [entry["text"] for entry in self.gateway.journal("text", since) if entry["to"] == room]


class Heap:
    """An intake that keeps what it is brought; `faults` are raised first."""

    def __init__(self, cursor: str | None = None) -> None:
        self.batches: list[Batch] = []
        self.faults: list[Exception] = []
        self._cursor = cursor

    async def take(self, batch: Batch) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.batches.append(batch)

    async def cursor(self, bot: str, source: str) -> str | None:
        return self._cursor

    @property
    def events(self) -> list[Event]:
        return [event for batch in self.batches for event in batch.events]

    def of(self, kind: type[Kind], native: str | None = None) -> list[Kind]:
        """The events of a kind, of one place."""
        found = [event for event in self.events if isinstance(event, kind)]
        return [event for event in found if native in {None, event.place.native}]


async def until(condition: Callable[[], Any], seconds: float = 10.0) -> Any:
    """Wait until something is so; what it is then."""
    async with asyncio.timeout(seconds):
        while not (found := condition()):  # noqa: ASYNC110 - whatever it is, it need not tell
            await asyncio.sleep(0.01)
    return found


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
    """Let the adapter listen meanwhile."""
    task = asyncio.create_task(wechat.listen(heap))
    try:
        yield heap
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await wechat.close()


class House:
    """The whole engine behind the gateway."""

    def __init__(self, engine: Engine, wechat: WeChat) -> None:
        self.engine = engine
        self.wechat = wechat
        self.database: Database = engine.database

    async def online(self) -> None:
        """Wait until what happens is heard: what happened before never will be."""
        await until(lambda: self.wechat._listening.watch.sees)

    async def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """What a query finds."""

        def look(tx: Transaction) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in tx.all(sql, values)]

        return await self.database.read(look)

    async def until(self, sql: str, seconds: float = 10.0, **values: Any) -> Sequence[tuple[Any, ...]]:
        """Wait until a query finds something."""
        async with asyncio.timeout(seconds):
            while not (found := await self.rows(sql, **values)):  # noqa: ASYNC110 - rows do not tell
                await asyncio.sleep(0.02)
        return found


@asynccontextmanager
async def a_house(gateway: Gateway, folder: Path, more: str = "") -> AsyncIterator[House]:
    """The engine with this one platform, over a real file in `folder`."""
    config = config_for(gateway.endpoint, gateway.token, folder, more)
    clock = WallClock()
    async with opened(await prepare(folder / "data" / DATABASE)) as database:
        engine = assemble(everything_on(config), database, clock, seed=1)
        wechat = WeChat(config.wechat, clock, patience=QUICK)
        wechat.limits = SWIFT
        engine.add(wechat)
        running = asyncio.create_task(engine.run())
        try:
            yield House(engine, wechat)
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
            await wechat.close()
