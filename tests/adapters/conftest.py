"""What the adapters speak with: a fake Telegram, and a real gateway with a fake WeChat behind it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.adapters.crowd import Crowd
from tests.peers.telegram import FakeServer
from tests.peers.wechat.gateway import Gateway


@pytest.fixture
async def fake() -> AsyncIterator[FakeServer]:
    """At the end nothing may have broken its rules."""
    async with FakeServer() as server:
        server.world.config["repeat_quirk"] = False
        yield server
        await server.control.no_violations()


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    """One gateway for all tests of a file: starting it takes a second."""
    with Gateway() as gateway:
        yield gateway


@pytest.fixture
def crowd(gateway: Gateway) -> Crowd:
    return Crowd(gateway)
