"""A file of text that a member sends on the local room's page."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.room import translate
from bot.core.errors import Undeliverable
from bot.core.files import MOST_BYTES
from bot.core.platforms import Outgoing
from bot.core.port import Attachment, Fetch, Message
from storage import local_acts
from tests.web.house import House, a_house

LIST = "晨读接龙\n1. 小林\n2. 阿哲\n"
FORM = {"chat": "m2", "member": "2", "text": ""}


async def heard(house: House) -> Message:
    updates = await house.database.read(lambda tx: local_acts.updates(tx, 0, 100))
    event = translate(updates[-1])
    assert isinstance(event, Message)
    return event


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
async def test_the_bot_reads_it_as_it_was_saved(tmp_path: Path, encoding: str) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        content = LIST.encode(encoding)
        sent = await page.post("/room/say", data=FORM, files={"file": ("接龙.txt", content, "text/html")})
        assert sent.status_code == 200
        message = await heard(house)
        assert message.attachment == Attachment("1", "接龙.txt", len(content))
        assert (message.text, message.media) == ("", ("file",))
        fetch = Outgoing(Fetch(file="1", name="接龙.txt"), "m2")
        assert await house.room.carry_out(fetch) == LIST
        answer = await page.get("/room/files/1")
        assert (answer.content, answer.headers["content-type"]) == (content, "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    ("content", "status", "error"),
    [
        (b"PK\x03\x04\x00\x00", 415, "no_text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 415, "no_text"),
        (b"a" * (MOST_BYTES + 1), 413, "file_too_large"),
    ],
)
async def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, status: int, error: str) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        answer = await page.post("/room/say", data=FORM, files={"file": ("a.txt", content, "text/plain")})
        assert (answer.status_code, answer.json()) == (status, {"error": error})
        assert await house.messages() == []


async def test_a_file_that_is_gone_cannot_be_read(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        sent = await page.post("/room/say", data=FORM, files={"file": ("a.txt", b"a", "text/plain")})
        await page.post("/room/withdraw", json={"member": 2, "message": sent.json()["message"]})
        for file in ("1", "99", "../../etc/passwd", ""):
            with pytest.raises(Undeliverable):
                await house.room.carry_out(Outgoing(Fetch(file=file, name="a.txt"), "m2"))


async def test_a_name_of_a_file_is_one_line(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        name = "\u202etxt.exe" + "长" * 200
        await page.post("/room/say", data=FORM, files={"file": (name, b"a", "text/plain")})
        file = (await heard(house)).attachment
        assert file is not None
        assert file.name == ("txt.exe" + "长" * 200)[:64]
