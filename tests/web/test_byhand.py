"""A list as a file, sent from the page in a real browser."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.web.browser import an_open_page, speak_as, write

LIST = "晨读接龙\n1. 小林 读完第三章\n2. 阿哲\n"


@pytest.mark.chromium
async def test_a_file_of_text_is_chosen_sent_and_read(tmp_path: Path, chromium: str) -> None:
    async with an_open_page(tmp_path, chromium) as (page, _house, complaints):
        await speak_as(page, "班主任")
        pane = page.locator(".pane").first
        await pane.get_by_role("tab", name="私聊班长").click()
        await write(pane, "/byhand 晨读二班")
        await expect(pane.locator(".messages")).to_contain_text("晨读二班 建好了")
        paper = pane.locator(".paper input")
        await paper.set_input_files({"name": "big.txt", "mimeType": "text/plain", "buffer": b"a" * 300_000})
        await expect(page.locator("#toasts")).to_contain_text("256 KB")
        await paper.set_input_files(
            {"name": "接龙.txt", "mimeType": "text/plain", "buffer": LIST.encode("utf-16")}
        )
        await expect(pane.locator(".about")).to_contain_text("接龙.txt")
        await pane.locator(".send").click()
        await expect(pane.locator(".messages")).to_contain_text("记上 2 位：小林、阿哲")
        await expect(pane.locator(".message.own .file")).to_contain_text("接龙.txt")
        await expect(pane.locator(".about")).to_be_hidden()
        assert complaints == []
