"""What was asked for in a room and is answered in private, or comes unasked: the page says where it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.core.actions import Say
from bot.core.platforms import Outgoing
from tests.web.browser import PHONE, an_open_page, speak_as, write


@pytest.mark.chromium
async def test_a_tap_leads_to_the_answer_in_private(tmp_path: Path, chromium: str) -> None:
    async with an_open_page(tmp_path, chromium) as (page, house, complaints):
        await page.set_viewport_size(PHONE)
        await speak_as(page, "小林")
        pane = page.locator(".pane").first
        reminder = Outgoing(Say(parts=(), language="zh-Hans"), f"m{await house.member('小林')}", "晨读还空着")
        for _ in range(2):
            await house.room.carry_out(reminder)
            await expect(page.locator(".toast")).to_have_text(["班长给你发了私聊 ›"])
        await page.locator(".toast .plain").click()
        await pane.get_by_role("tab", name="私聊班长").click()
        await write(pane, "你好")
        await expect(pane.locator(".from-bot")).to_have_count(3)
        await pane.get_by_role("tab", name="晨读班").click()
        await write(pane, "我的")
        await page.get_by_role("button", name="班长在私聊里回你了").click()
        await expect(pane.get_by_role("tab", name="私聊班长")).to_have_attribute("aria-selected", "true")
        await expect(pane.locator(".from-bot").last).to_contain_text("小林，你的活跃分")
        await expect(page.locator(".toast")).to_have_count(0)
        assert complaints == []


@pytest.mark.chromium
async def test_rooms_keep_their_names_beside_each_other(tmp_path: Path, chromium: str) -> None:
    async with an_open_page(tmp_path, chromium) as (page, _house, _complaints):
        left = page.locator(".pane").first
        for title in ("晚自习班", "管理群"):
            await left.locator(".add-room").click()
            await page.locator("#ask input[name=words]").fill(title)
            await page.locator("#ask").get_by_role("button", name="好了").click()
        await expect(left.get_by_role("tab")).to_have_count(5)
        assert (
            await left.evaluate(
                "(pane) => [...pane.querySelectorAll('[role=tab] bdi')].filter("
                "(name) => name.scrollWidth > name.clientWidth || name.getBoundingClientRect().right > 560)"
                ".map((name) => name.textContent)"
            )
            == []
        )
