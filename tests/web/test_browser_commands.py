"""The list of commands in a real browser: by keyboard and by thumb."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.web.browser import PHONE, an_open_page, speak_as, wider_than_the_window


@pytest.mark.chromium
async def test_commands_are_offered_while_one_is_written(tmp_path: Path, chromium: str) -> None:
    async with an_open_page(tmp_path, chromium) as (page, _house, complaints):
        left = page.locator(".pane").first
        line, commands = left.locator("textarea"), left.get_by_role("option")
        await line.press_sequentially("/st")
        await expect(commands.locator("b")).to_have_text(["/streak"])
        await expect(commands.locator("span")).to_contain_text(["连续"])
        await line.press("Enter")
        await expect(line).to_have_value("/streak ")
        await expect(commands).to_have_count(0)
        await line.press("Enter")
        await expect(left.locator(".message.own .words").last).to_have_text("/streak")
        await line.press_sequentially("/")
        await line.press("ArrowDown")
        await line.press("ArrowUp")
        await line.press("ArrowUp")
        await expect(commands.last).to_have_attribute("aria-selected", "true")
        await line.press("Escape")
        await expect(commands).to_have_count(0)
        await line.fill("/help")
        await line.press("Enter")
        await expect(left.locator(".message.own .words").last).to_have_text("/help")
        await line.fill("早上好 /")
        await expect(commands).to_have_count(0)
        assert complaints == []


@pytest.mark.chromium
async def test_a_thumb_takes_a_command_that_fits_the_place_and_the_person(
    tmp_path: Path, chromium: str
) -> None:
    async with an_open_page(tmp_path, chromium) as (page, _house, complaints):
        await page.set_viewport_size(PHONE)
        left = page.locator(".pane").first
        line, commands = left.locator("textarea"), left.get_by_role("option")
        await left.get_by_role("button", name="命令").click()
        await expect(commands.get_by_text("/relay", exact=True)).to_be_visible()
        await expect(commands.get_by_text("/setup", exact=True)).to_have_count(0)
        assert not await wider_than_the_window(page)
        await commands.get_by_text("/me", exact=True).click()
        await expect(line).to_have_value("/me ")
        await expect(left.get_by_role("button", name="命令")).to_be_hidden()
        await line.fill("")
        await speak_as(page, "班主任")
        await line.press_sequentially("/set")
        await expect(commands.get_by_text("/setup", exact=True)).to_be_visible()
        await line.fill("")
        await left.get_by_role("tab", name=re.compile("私聊")).click()
        await line.press_sequentially("/re")
        await expect(commands.get_by_text("/relay", exact=True)).to_have_count(0)
        await expect(commands.get_by_text("/remind", exact=True)).to_be_visible()
        assert complaints == []
