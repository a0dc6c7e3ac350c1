"""The fake Telegram and a python-telegram-bot client of it."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from tests.peers.telegram import FakeServer


@pytest.fixture
async def fake() -> AsyncIterator[FakeServer]:
    """A fake whose own answers are checked, too."""
    async with FakeServer() as server:
        server.world.config["repeat_quirk"] = False
        yield server
        own = [seen for seen in server.world.violations if seen["kind"] in {"self", "internal"}]
        assert not own, own


@pytest.fixture
async def bot(fake: FakeServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    """A client that asks for every kind of update."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with Bot(
        fake.token,
        base_url=fake.base_url,
        base_file_url=fake.base_file_url,
        request=HTTPXRequest(connection_pool_size=8),
        get_updates_request=HTTPXRequest(connection_pool_size=2),
    ) as client:
        await client.get_updates(allowed_updates=list(fake.server.spec.update_types), timeout=0)
        yield client
