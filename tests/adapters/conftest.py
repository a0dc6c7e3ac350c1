"""A fake Telegram for the adapter's tests; at the end nothing may have broken its rules."""

from collections.abc import AsyncIterator

import pytest

from tests.peers.telegram import FakeServer


@pytest.fixture
async def fake() -> AsyncIterator[FakeServer]:
    async with FakeServer() as server:
        server.world.config["repeat_quirk"] = False
        yield server
        await server.control.no_violations()
