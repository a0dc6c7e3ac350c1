"""The long poll's own connection: the environment's proxy, and what becomes of trouble on the way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from telegram.error import NetworkError, TimedOut

from bot.adapters.telegram.updates import EMPTY, RawUpdates

ROOT = "http://telegram.example.org"
TRUSTED = httpx.create_ssl_context()


@asynccontextmanager
async def answering(said: bytes) -> AsyncIterator[str]:
    """The address of a server that says this to everybody, whatever they ask."""
    asked: list[asyncio.StreamWriter] = []

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(writer)
        writer.write(said)
        await writer.drain()

    server = await asyncio.start_server(answer, "127.0.0.1")
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for writer in asked:
            writer.close()


async def ask(root: str, patience: float = 15.0) -> tuple[int, bytes, bytes]:
    """The status, what python-telegram-bot sees, and what was said."""
    updates = RawUpdates(root, TRUSTED)
    await updates.initialize()
    try:
        status, shown = await updates.do_request(
            f"{root}/bot99:secret/getUpdates", "POST", read_timeout=patience
        )
    finally:
        await updates.shutdown()
    return status, shown, updates.body


async def test_only_what_went_well_is_kept() -> None:
    async with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnews") as root:
        assert await ask(root) == (200, EMPTY, b"news")
    async with answering(b"HTTP/1.1 409 Conflict\r\nContent-Length: 5\r\n\r\nother") as root:
        assert await ask(root) == (409, b"other", EMPTY)


async def test_trouble_is_told_without_the_token() -> None:
    async with answering(b"") as root:
        with pytest.raises(TimedOut):
            await ask(root, patience=0.2)
    async with answering(b"HTTP/9.9 what") as root:
        with pytest.raises(NetworkError, match=r"^\w+$"):
            await ask(root)
    with pytest.raises(NetworkError, match=r"^\w+$"):
        await ask("http://127.0.0.1:1")


def test_the_environment_names_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert RawUpdates(ROOT, TRUSTED)._proxy is None
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:2")
    assert RawUpdates(ROOT, TRUSTED)._proxy == "http://127.0.0.1:2"
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert RawUpdates(ROOT, TRUSTED)._proxy == "http://127.0.0.1:1"
    monkeypatch.setenv("no_proxy", "example.org")
    assert RawUpdates(ROOT, TRUSTED)._proxy is None
