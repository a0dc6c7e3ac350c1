"""Albums, recordings and files, sent by hand in a real browser."""

from __future__ import annotations

import asyncio
import io
import wave
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, Locator, Route, expect

from tests.web.browser import PHONE, an_open_page, speak_as, wider_than_the_window, write
from tests.web.test_browser import a_picture


def a_recording() -> bytes:
    """A second of silence."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 1, 8_000, 0, "NONE", ""))
        sound.writeframes(b"\x80" * 8_000)
    return file.getvalue()


def pictures(number: int) -> list[FilePayload]:
    names = [f"{place}.png" for place in range(number)]
    return [{"name": name, "mimeType": "image/png", "buffer": a_picture()} for name in names]


@pytest.mark.chromium
async def test_an_album_and_a_recording_check_in(tmp_path: Path, chromium: str) -> None:
    async with an_open_page(tmp_path, chromium) as (page, house, complaints):
        await page.set_viewport_size(PHONE)
        for said in ("任务 添加 朗读", "任务 朗读 凭证 语音"):
            await house.says("班主任", said)
        await speak_as(page, "小林")
        pane = page.locator(".pane").first
        picture, paper = pane.locator("input[type=file]").first, pane.locator("input[type=file]").nth(1)

        await picture.set_input_files(pictures(10))
        await expect(page.locator(".toast")).to_contain_text("一次最多 9 张图片")
        await picture.set_input_files(pictures(3))
        await expect(pane.locator(".about")).to_contain_text("3 张图片已选好")
        await write(pane, "#打卡 三页笔记")
        await expect(pane.locator(".own .photo")).to_have_count(3)
        await expect(pane.locator(".own .reactions")).to_have_count(1)
        await expect(pane.locator(".about")).to_be_hidden()

        await paper.set_input_files({"name": "朗读.wav", "mimeType": "audio/wav", "buffer": a_recording()})
        await write(pane, "#朗读")
        await expect(pane.locator(".own .reactions")).to_have_count(2)
        seconds = await pane.locator(".own audio").evaluate(
            "(sound) => new Promise((ready) => sound.duration ? ready(sound.duration)"
            " : sound.addEventListener('loadedmetadata', () => ready(sound.duration)))"
        )
        assert seconds == pytest.approx(1)
        assert not await wider_than_the_window(page)
        assert complaints == []


@pytest.mark.chromium
async def test_an_album_stays_together_whatever_is_done_meanwhile(tmp_path: Path, chromium: str) -> None:
    async with an_open_page(tmp_path, chromium) as (page, house, complaints):
        goes_on = asyncio.Event()

        async def hold(route: Route) -> None:
            await goes_on.wait()
            await route.continue_()

        await page.route("**/room/say", hold)
        await speak_as(page, "小林")
        pane = page.locator(".pane").first
        await pane.locator("input[type=file]").first.set_input_files(pictures(3))
        await write(pane, "#打卡 三页笔记")
        await pane.locator("textarea").press("Enter")
        await speak_as(page, "阿哲")
        await pane.get_by_role("tab", name="精英班").click()
        goes_on.set()
        await pane.get_by_role("tab", name="晨读班").click()
        await expect(pane.locator(".photo")).to_have_count(3)
        await expect(pane.locator(".reactions")).to_have_count(1)
        sent = [one.member for one in await house.messages() if one.picture is not None]
        assert sent == [await house.member("小林")] * 3
        assert complaints == []


async def drop(pane: Locator, *files: str) -> bool:
    """Files of these names are dropped on a pane; whether the browser would leave the page for them."""
    stays = await pane.evaluate(
        "(pane, files) => { const dataTransfer = new DataTransfer();"
        " for (const name of files) {"
        " const type = /txt$/.test(name) ? 'text/plain' : /csv$/.test(name) ? 'text/csv' : 'application/x';"
        " dataTransfer.items.add(new File(['x'], name, { type })); }"
        " return pane.dispatchEvent(new DragEvent('drop', { cancelable: true, dataTransfer })); }",
        list(files),
    )
    return bool(stays)


@pytest.mark.chromium
async def test_a_dropped_file_that_is_not_taken_is_said_and_the_page_stays(
    tmp_path: Path, chromium: str
) -> None:
    async with an_open_page(tmp_path, chromium) as (page, _house, complaints):
        pane, toasts = page.locator(".pane").first, page.locator(".toast")
        assert await drop(pane, "a.pdf") is False
        await expect(toasts).to_have_text(["文件我收文字（.txt、.csv）和录音（MP3、M4A、WAV、OGG、WebM）。"])
        await toasts.get_by_role("button").click()
        await drop(pane, "a.pdf", "b.docx", "名单.txt", "更多.csv")
        await expect(toasts).to_have_count(2)
        await expect(toasts.first).to_contain_text("没带上 a.pdf、b.docx：我收图片、文字")
        await expect(toasts.last).to_have_text("没带上 更多.csv：一次发几张图片，或者一个文件。")
        await expect(pane.locator(".about")).to_contain_text("名单.txt")
        assert complaints == []
