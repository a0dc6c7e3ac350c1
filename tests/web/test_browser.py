"""A person tries the local room in a real browser."""

from __future__ import annotations

import asyncio
import re
import struct
import zlib
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from bot.core.actions import Button, words
from bot.core.context import Context
from bot.core.feature import Command, Feature
from tests.web.browser import PHONE, an_open_page, speak_as, wider_than_the_window, write
from tests.web.house import House

ARABIC = "مرحبا بكم جميعا في هذا الصف الجميل"
DAY = 86_400_000


def hello(ctx: Context, _arguments: str) -> None:
    ctx.say(words("core.letters"), buttons=((Button(words("core.letters_button"), "hello"),),))


def pressed(ctx: Context, _arguments: str) -> None:
    ctx.answer(words("core.letters_none"), alert=True)


GREETER = Feature(
    name="greeter",
    commands=(Command("hello", hello, ("你好",), in_menu=False),),
    buttons={"hello": pressed},
)


def a_picture() -> bytes:
    """A red PNG of 40 × 30."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0)
    body = zlib.compress((b"\0" + b"\xe0\x40\x30" * 40) * 30)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


async def try_members_speak(page: Page) -> None:
    """Two members speak; each sees their own words on their side."""
    left, right = page.locator(".pane").nth(0), page.locator(".pane").nth(1)
    await speak_as(page, "小林")
    await write(left, "早上好")
    await speak_as(page, "阿哲")
    await write(left, f"<b onmouseover=x>{ARABIC}</b>")
    await write(right, "精英班也早")
    await expect(left.locator(".message.own .words")).to_have_text([f"<b onmouseover=x>{ARABIC}</b>"])
    await expect(left.locator(".message:not(.own) .words")).to_have_text(["早上好"])
    await expect(right.locator(".words")).to_have_text(["精英班也早"])


async def try_input_method(page: Page) -> None:
    """An input method's Enter chooses characters; it sends nothing."""
    left = page.locator(".pane").first
    await left.locator("textarea").fill("ni hao")
    await left.locator("textarea").dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    await expect(left.locator("textarea")).to_have_value("ni hao")


async def try_button(page: Page) -> None:
    """The bot's button answers only the one who pressed."""
    left = page.locator(".pane").first
    toasts = page.locator(".toast")
    await write(left, "你好")
    await left.get_by_role("button", name="看看和我有关吗").click()
    await expect(toasts).to_have_count(1)
    await toasts.get_by_role("button").click()
    await expect(toasts).to_have_count(0)


async def try_menu(page: Page) -> None:
    """A message is reacted to, replied to, changed and taken back."""
    left = page.locator(".pane").first
    mine = left.locator(".message.own").last
    await mine.hover()
    await mine.locator(".more").click()
    await page.locator("#menu").get_by_text("🎉").click()
    await expect(left.locator(".reactions button")).to_have_text(["🎉"])
    await mine.locator(".more").click()
    await page.get_by_role("menuitem", name="回复").click()
    await write(left, "自己接一句")
    await expect(left.locator(".message.own .quote span")).to_have_text(["你好"])
    await left.locator(".message.own .more").last.click()
    await page.get_by_role("menuitem", name="改一改").click()
    await write(left, "改好的一句")
    await expect(left.locator(".message.own .words").last).to_have_text("改好的一句")
    await left.locator(".message.own .more").last.click()
    await page.get_by_role("menuitem", name="撤回").click()
    await expect(left.locator(".words", has_text="改好的一句")).to_have_count(0)


async def try_picture(page: Page) -> None:
    """A picture is sent, and opens large."""
    left = page.locator(".pane").first
    await left.locator("input[type=file]").first.set_input_files(
        {"name": "笔记.png", "mimeType": "image/png", "buffer": a_picture()}
    )
    await write(left, "今天的笔记")
    await left.locator(".photo").click()
    await expect(page.locator("#large img")).to_be_visible()
    middle = "({ left, right }) => (left + right) / 2 - innerWidth / 2"
    aside = await page.locator("#large img").evaluate(f"(image) => ({middle})(image.getBoundingClientRect())")
    assert abs(aside) <= 1
    await page.locator("#large button").click()


async def try_day(page: Page, house: House) -> None:
    """A day passes."""
    left = page.locator(".pane").first
    before = house.clock.now()
    day = await page.locator("#day").text_content()
    await page.get_by_role("button", name="＋1 天").click()
    await expect(page.locator("#day")).not_to_have_text(day or "")
    await expect(page.locator(".clock")).not_to_have_class(re.compile("moving"))
    assert house.clock.now() - before == DAY
    await write(left, "新的一天")
    await expect(left.locator(".day")).to_have_count(2)


async def try_newcomers(page: Page) -> None:
    """Somebody new with a long name comes into a new room, also with a long one; every tier is legible."""
    left = page.locator(".pane").first
    known = asyncio.Event()

    async def late(route: Route) -> None:
        await known.wait()
        await route.continue_()

    await page.route("**/room/state", late)
    await page.locator("#add-member").click()
    await page.locator("#ask input[name=words]").fill("名" * 32)
    await page.locator("#ask").get_by_role("button", name="好了").click()
    await expect(left.locator(".line").last).to_contain_text("进来了")
    known.set()
    await expect(left.locator(".line").last).to_have_text(f"{'名' * 32} 进来了")
    await page.unroute("**/room/state")
    await expect(page.locator("#cast button")).to_have_count(7)
    await left.locator(".add-room").click()
    await page.locator("#ask input[name=words]").fill("新手班" * 9)
    await page.locator("#ask").get_by_role("button", name="好了").click()
    await expect(left.get_by_role("tab")).to_have_count(4)
    await expect(left.get_by_role("tab", selected=True)).to_contain_text("新手班")
    assert await page.evaluate(
        "[...document.querySelectorAll('.tier-mark')].every((one) =>"
        " ['[role=tab]', '.places'].every((around) => one.getBoundingClientRect().right"
        " <= one.closest(around).getBoundingClientRect().right))"
    )


async def try_phone(page: Page) -> None:
    """Everything is there after a reload, on a phone too, and nothing is too wide."""
    left, right = page.locator(".pane").nth(0), page.locator(".pane").nth(1)
    await write(left, "很长" * 2_000)
    await page.set_viewport_size(PHONE)
    await page.reload()
    await expect(left.locator(".message.own .words").last).to_have_text("很长" * 2_000)
    await expect(right).to_be_hidden()
    assert not await wider_than_the_window(page)
    await left.get_by_role("tab", name="私聊班长").click()
    await write(left, "你好")
    await expect(left.locator(".from-bot")).to_have_count(1)


@pytest.mark.chromium
async def test_a_person_plays_the_whole_class(tmp_path: Path, chromium: str) -> None:
    async with an_open_page(tmp_path, chromium, (GREETER,)) as (page, house, complaints):
        await try_members_speak(page)
        await try_input_method(page)
        await try_button(page)
        await try_menu(page)
        await try_picture(page)
        await try_day(page, house)
        await try_newcomers(page)
        await try_phone(page)
        assert complaints == []
