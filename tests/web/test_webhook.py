"""The webhook's door: who knows the secret is heard, and answered only after the commit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from bot.core.errors import Stop
from storage.failures import DiskFull
from tests.web.leaving import leave_midway
from web.server import listening
from web.webhook import LARGEST, SECRET, WebhookServer

KNOWN = "a-secret-of-sixteen-or-more"


class Taker:
    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.is_full = False

    async def __call__(self, body: bytes) -> None:
        if self.is_full:
            raise DiskFull
        self.bodies.append(body)


@asynccontextmanager
async def a_door(taker: Taker) -> AsyncIterator[httpx.AsyncClient]:
    app = WebhookServer("127.0.0.1", 0, "https://study.example.org/telegram", KNOWN).application(taker)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://hook", headers={SECRET: KNOWN}
    ) as client:
        yield client


async def test_what_comes_with_the_secret_is_taken() -> None:
    taker = Taker()
    async with a_door(taker) as door:
        assert (await door.post("/telegram", content=b"{}")).status_code == 200
    assert taker.bodies == [b"{}"]


@pytest.mark.parametrize("said", ["", "wrong", KNOWN + "x", "密"])
async def test_strangers_see_nothing(said: str) -> None:
    taker = Taker()
    async with a_door(taker) as door:
        headers = {SECRET.encode(): said.encode()}
        asked = [
            await door.post("/telegram", content=b"{}", headers=headers),
            await door.get("/telegram", headers=headers),
            await door.post("/elsewhere", content=b"{}"),
        ]
        assert {(answer.status_code, answer.content, str(answer.headers)) for answer in asked} == {
            (404, b"", "Headers({'content-length': '0'})")
        }
    assert taker.bodies == []


async def test_what_is_too_large_is_refused() -> None:
    taker = Taker()
    async with a_door(taker) as door:
        assert (await door.post("/telegram", content=b"x" * (LARGEST + 1))).status_code == 413
    assert taker.bodies == []


async def test_who_leaves_in_the_middle_of_sending_is_not_believed() -> None:
    taker = Taker()
    app = WebhookServer("127.0.0.1", 0, "https://study.example.org/telegram", KNOWN).application(taker)
    await leave_midway(app, "/telegram", {SECRET: KNOWN})
    assert taker.bodies == []


async def test_with_a_full_disk_it_is_to_come_again() -> None:
    taker = Taker()
    taker.is_full = True
    async with a_door(taker) as door:
        assert (await door.post("/telegram", content=b"{}")).status_code == 503


async def test_a_port_that_is_taken_is_said() -> None:
    with listening("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(Stop, match="webhook_port"):
            await WebhookServer("127.0.0.1", port, "https://study.example.org/", KNOWN)(Taker())
