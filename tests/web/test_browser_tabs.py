"""Two tabs on one room, and a tab that is still open when the program comes back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Route, expect

from tests.web.browser import a_browser, a_tab, served, speak_as, write
from tests.web.house import a_house


@pytest.mark.chromium
async def test_what_is_done_in_one_tab_shows_in_the_other(tmp_path: Path, chromium: str) -> None:
    async with a_house(tmp_path) as house, served(house) as address, a_browser(chromium) as browser:
        one, complaints = await a_tab(browser, address)
        other, other_complaints = await a_tab(browser, address)
        await speak_as(one, "小林")
        await speak_as(other, "阿哲")
        left, right = one.locator(".pane").first, other.locator(".pane").first
        await write(left, "今天谁一起背单词")
        await expect(right.locator(".message:not(.own) .words").last).to_have_text("今天谁一起背单词")
        await write(right, "打卡 我来")
        await expect(left.locator(".message:not(.own) .words").last).to_have_text("打卡 我来")
        for pane in (left, right):
            await expect(pane.locator(".reactions button")).to_have_count(1)
        day = await other.locator("#day").text_content()
        await one.get_by_role("button", name="＋1 天").click()
        await expect(other.locator("#day")).not_to_have_text(day or "")
        for tab in (one, other):
            await expect(tab.locator(".clock")).not_to_have_class(re.compile("moving"))
        assert await one.locator("#day").text_content() == await other.locator("#day").text_content()
        assert complaints == other_complaints == []


@pytest.mark.chromium
async def test_an_open_tab_goes_on_after_a_restart(tmp_path: Path, chromium: str) -> None:
    async with a_browser(chromium) as browser:
        async with a_house(tmp_path) as house, served(house) as address:
            page, _ = await a_tab(browser, address)
            pane = page.locator(".pane").first
            await speak_as(page, "小林")
            await write(pane, "早上好")
            await expect(pane.locator(".own .words")).to_have_text(["早上好"])
            await pane.locator(".own .more").click()
            await page.get_by_role("menuitem", name="回复").click()
        await expect(page.locator("#lost")).to_be_visible()
        refusals = iter(range(2))

        async def refuse_at_first(route: Route) -> None:
            await (route.continue_() if next(refusals, None) is None else route.fulfill(status=503))

        await page.route("**/room/live", refuse_at_first)
        async with a_house(tmp_path) as house:
            await house.says("阿哲", "你在吗")
            async with served(house, int(address.rstrip("/").rpartition(":")[2])):
                await expect(pane.locator(".words").last).to_have_text("你在吗")
                await expect(page.locator("#lost")).to_be_hidden()
                await write(pane, "在的")
                await expect(pane.locator(".own .words").last).to_have_text("在的")
                await expect(pane.locator(".own .quote span")).to_have_text(["早上好"])
