"""Files that a member sends on the local room's page: text, recordings, and pictures that belong together."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.room import translate
from bot.core.actions import Fetch
from bot.core.errors import Undeliverable
from bot.core.events import Attachment, Message
from bot.core.files import MOST_BYTES
from bot.core.platforms import Outgoing
from storage import local_acts
from tests.web.house import House, a_house
from web.media import LARGEST

LIST = "晨读接龙\n1. 小林\n2. 阿哲\n"
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00"
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


RECORDINGS = {
    "audio/ogg": b"OggS\x00\x02",
    "audio/mpeg": b"ID3\x04\x00",
    "audio/mp4": b"\x00\x00\x00\x1cftypM4A ",
    "audio/wav": b"RIFF\x24\x00\x00\x00WAVEfmt ",
    "audio/webm": b"\x1a\x45\xdf\xa3\x9f",
}


@pytest.mark.parametrize("kind", RECORDINGS)
async def test_a_recording_is_a_voice_message(tmp_path: Path, kind: str) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        content = RECORDINGS[kind]
        sent = await page.post("/room/say", data=FORM, files={"file": ("朗读.m4a", content, "text/html")})
        assert sent.status_code == 200
        message = await heard(house)
        assert (message.media, message.attachment) == (("voice",), None)
        answer = await page.get("/room/files/1")
        assert (answer.content, answer.headers["content-type"]) == (content, kind)
        shown = (await page.get("/room/messages?chat=m2")).json()["messages"][-1]
        assert shown["file"]["media_type"] == kind


async def test_a_recording_may_be_as_large_as_a_picture(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        for size, status in ((LARGEST, 200), (LARGEST + 1, 413)):
            content = b"OggS".ljust(size, b"a")
            answer = await page.post("/room/say", data=FORM, files={"file": ("a.ogg", content, "audio/ogg")})
            assert answer.status_code == status
        assert answer.json() == {"error": "too_large"}
        assert len(await house.messages("m2")) == 1


async def test_a_task_that_asks_for_a_voice_takes_a_recording(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house, house.client() as page:
        await house.says("班主任", "任务 打卡 凭证 语音")
        lin = str(await house.member("小林"))
        form = {"chat": "r1", "member": lin, "text": "打卡"}
        await page.post("/room/say", data=form, files={"file": ("a.ogg", b"OggS", "audio/ogg")})
        await house.settled()
        assert [list(one.reactions) for one in await house.messages() if one.text == "打卡"] == [["🎉"]]


async def test_an_album_is_one_check_in(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house, house.client() as page:
        lin = str(await house.member("小林"))
        for text in ("打卡 读了三页", "", ""):
            form = {"chat": "r1", "member": lin, "text": text, "album": "0a1b-2c"}
            sent = await page.post("/room/say", data=form, files={"picture": ("a.png", PICTURE, "image/png")})
            assert sent.status_code == 200
        await house.settled()
        marked = [list(one.reactions) for one in await house.messages() if one.picture is not None]
        assert marked == [["🎉"], [], []]
        assert await house.database.read(lambda tx: tx.value("SELECT count(*) FROM checkin")) == 1


async def test_an_album_has_a_plain_name(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house, house.client() as page:
        answer = await page.post("/room/say", data=FORM | {"text": "打卡", "album": "<b>"}, files={})
        assert (answer.status_code, answer.json()) == (400, {"error": "unfit"})
        assert await house.messages("m2") == []
