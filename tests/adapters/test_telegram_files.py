"""A file that somebody sent on Telegram is read as text, small ones alone."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.telegram import Telegram
from bot.core.actions import Fetch
from bot.core.errors import Undeliverable
from bot.core.events import Attachment, Message
from bot.core.files import MOST_BYTES
from tests.adapters.house import Heap, listening, until
from tests.adapters.telegram_house import a_bot, outgoing
from tests.peers.telegram import FakeServer

LIST = "晨读接龙\n1. 小林\n2. 阿哲\n"


@pytest.fixture
async def telegram(fake: FakeServer, tmp_path: Path) -> AsyncIterator[Telegram]:
    async with a_bot(fake, tmp_path) as bot:
        await bot.open()
        yield bot


async def sent(
    fake: FakeServer, telegram: Telegram, content: bytes, name: str = "接龙.txt", **more: Any
) -> Message:
    """What the bot hears of a file that a member sends in a group."""
    group = await fake.control.group(2, title="晨读班")
    info = await fake.control.chat_info(chat=group["id"])
    user = next(one for one, status in info["members"].items() if status == "member")
    document = {"data": base64.b64encode(content).decode(), "name": name, **more}
    heap = Heap()
    async with listening(telegram, heap):
        await fake.control.say(user=int(user), chat=group["id"], document=document, caption="录入")
        (message,) = await until(lambda: heap.of(Message))
    assert isinstance(message, Message)
    return message


async def fetched(telegram: Telegram, message: Message) -> str | None:
    file = message.attachment
    assert file is not None
    chat = int(message.place.native)
    return await telegram.carry_out(outgoing(Fetch(file=file.native, name=file.name), chat))


async def reason(telegram: Telegram, message: Message) -> str:
    with pytest.raises(Undeliverable) as raised:
        await fetched(telegram, message)
    return raised.value.reason


async def test_what_is_heard_of_a_file(fake: FakeServer, telegram: Telegram) -> None:
    message = await sent(fake, telegram, LIST.encode())
    file = message.attachment
    assert file is not None
    assert file == Attachment(file.native, "接龙.txt", len(LIST.encode()))
    assert (message.text, message.media) == ("录入", ("file",))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
async def test_it_is_read_as_it_was_saved(fake: FakeServer, telegram: Telegram, encoding: str) -> None:
    assert await fetched(telegram, await sent(fake, telegram, LIST.encode(encoding))) == LIST


async def test_what_is_no_text_is_refused(fake: FakeServer, telegram: Telegram) -> None:
    assert (
        await reason(telegram, await sent(fake, telegram, b"PK\x03\x04\x00\x00", "名单.xlsx")) == "not_text"
    )


async def test_a_large_file_is_not_even_asked_for(fake: FakeServer, telegram: Telegram) -> None:
    message = await sent(fake, telegram, b"a" * (MOST_BYTES + 1))
    assert await reason(telegram, message) == "too_large"


async def test_a_file_that_telegram_has_no_more(fake: FakeServer, telegram: Telegram) -> None:
    message = await sent(fake, telegram, LIST.encode())
    assert message.attachment is not None
    fake.world.files[message.attachment.native].data = None
    assert await reason(telegram, message) == "bad_request"


async def test_a_file_that_never_was(telegram: Telegram) -> None:
    with pytest.raises(Undeliverable) as raised:
        await telegram.carry_out(outgoing(Fetch(file="BQACAgnothing", name="a.txt"), 5))
    assert raised.value.reason == "bad_request"
