"""The page's clock in a real browser: it goes by the room's own time."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.web.browser import an_open_page, speak_as, write


@pytest.mark.chromium
async def test_the_clock_follows_the_zone_that_the_room_is_given(tmp_path: Path, chromium: str) -> None:
    async with an_open_page(tmp_path, chromium) as (page, _house, complaints):
        left = page.locator(".pane").first
        await expect(page.locator("#now")).to_have_text(re.compile("^09:0"))
        await speak_as(page, "班主任")
        await write(left, "时区 Asia/Tokyo")
        await expect(page.locator("#now")).to_have_text(re.compile("^10:0"))
        await expect(left.locator(".stamp").last).to_have_text(re.compile("^10:0"))
        await page.reload()
        await expect(page.locator("#now")).to_have_text(re.compile("^10:0"))
        assert complaints == []
