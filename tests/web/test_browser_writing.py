"""Writing in a real browser."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Route, expect

from tests.web.browser import an_open_page, write


@pytest.mark.chromium
async def test_what_is_written_while_something_is_sent_stays(tmp_path: Path, chromium: str) -> None:
    async with an_open_page(tmp_path, chromium) as (page, _house, complaints):
        left = page.locator(".pane").first
        go_on = asyncio.Event()

        async def slowly(route: Route) -> None:
            await go_on.wait()
            await route.continue_()

        await page.route("**/room/say", slowly)
        await write(left, "早上好")
        await left.locator("textarea").fill("今天读三页")
        go_on.set()
        await expect(left.locator(".message.own .words")).to_have_text(["早上好"])
        await expect(left.locator("textarea")).to_have_value("今天读三页")
        await left.locator("textarea").press("Enter")
        await expect(left.locator(".message.own .words")).to_have_text(["早上好", "今天读三页"])
        await expect(left.locator("textarea")).to_have_value("")
        for number in range(12):
            await write(left, f"再来第 {number} 句")
            await expect(left.locator(".own .words").last).to_have_text(f"再来第 {number} 句")
            await expect(left.locator(".own .words").last).to_be_in_viewport()
        assert complaints == []


@pytest.mark.chromium
async def test_what_is_begun_in_a_chat_waits_there(tmp_path: Path, chromium: str) -> None:
    async with an_open_page(tmp_path, chromium) as (page, _house, complaints):
        left = page.locator(".pane").first
        text = left.locator("textarea")
        await write(left, "早上好")
        await expect(left.locator(".own .words")).to_have_text(["早上好"])
        await text.fill("写到一半")
        await left.get_by_role("tab", name="私聊班长").click()
        await expect(text).to_have_value("")
        await text.fill("悄悄问一句")
        await page.reload()
        await expect(text).to_have_value("悄悄问一句")
        await left.get_by_role("tab", name="晨读班").click()
        await expect(text).to_have_value("写到一半")
        await left.locator(".own .more").click()
        await page.get_by_role("menuitem", name="改一改").click()
        await expect(text).to_have_value("早上好")
        await write(left, "早上好呀")
        await expect(left.locator(".own .words")).to_have_text(["早上好呀"])
        await expect(text).to_have_value("写到一半")
        await text.press("Enter")
        await expect(left.locator(".own .words")).to_have_text(["早上好呀", "写到一半"])
        await expect(text).to_have_value("")
        await page.reload()
        await expect(text).to_have_value("")
        assert complaints == []
