"""The page for the eye and for the keyboard: contrast, names of any length, and ways past long rows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from storage import local_acts
from storage.db import Transaction
from tests.web.browser import PHONE, a_browser, a_tab, served, speak_as, write
from tests.web.house import House, a_house

LONG_AGO = 130
"""Messages: more than the page asks for at once."""

LEAST_CONTRAST = 4.5
"""Of text on what is behind it: https://www.w3.org/TR/WCAG22/#contrast-minimum."""

HARD_TO_READ = """
    (least) => {
        const dye = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
        const painted = (colours) => {
            for (const one of ["#fff", ...colours]) { dye.fillStyle = one; dye.fillRect(0, 0, 1, 1); }
            return [...dye.getImageData(0, 0, 1, 1).data].slice(0, 3);
        };
        const light = (rgb) => {
            const [r, g, b] = rgb.map((one) => one / 255)
                .map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
        };
        const above = (one) => (one ? [...above(one.parentElement), one] : []);
        const grounds = (one) => above(one).map((around) => getComputedStyle(around).backgroundColor);
        const faint = (one) => {
            const behind = grounds(one);
            const ink = getComputedStyle(one, one.placeholder ? "::placeholder" : null).color;
            const two = [light(painted(behind)), light(painted([...behind, ink]))];
            return Math.max(...two) / Math.min(...two) < least;
        };
        const speaks = (part) => part.nodeType === Node.TEXT_NODE && part.data.trim();
        const isText = (one) => one.placeholder || [...one.childNodes].some(speaks);
        return [...document.querySelectorAll("body *")]
            .filter((one) => one.checkVisibility({ opacityProperty: true }) && isText(one) && faint(one))
            .map((one) => `${one.tagName}.${one.className}: ${one.textContent.slice(0, 20)}`);
    }
"""
"""What is shown and stands out too little from what is behind it."""


OPENS_BELOW = """
    () => new Promise((answer) => {
        const edge = (id) => document.getElementById(id).getBoundingClientRect();
        const look = (frames) => {
            if (edge("settings").top >= edge("settings-button").bottom) answer(true);
            else if (frames === 0) answer(false);
            else requestAnimationFrame(() => look(frames - 1));
        };
        look(600);
    })
"""
"""Whether the settings come to stand below their button."""


async def a_full_class(house: House) -> None:
    """Members for every colour, a long name from right to left, and a talk to look at."""
    for name in (*(f"同学{number}" for number in range(12)), "محمد عبد الرحمن بن عبد العزيز"):
        member = await house.does(local_acts.add_member, name=name, role="member")
        await house.does(local_acts.join, room=1, member=member)
        await house.does(local_acts.say, chat="r1", member=member, text="早")
    said = await house.says("小林", "打卡 读了三页")
    await house.database.write(lambda tx: _talk(tx, LONG_AGO, house.clock.now()))
    await house.says("班主任", "写得好", reply_to=said)


def _talk(tx: Transaction, messages: int, now: int) -> None:
    for number in range(messages):
        local_acts.say(tx, chat="r1", member=2, text=f"第 {number} 句", now=now)


async def try_reading_back(page: Page, house: House) -> None:
    """Who reads back stays where they read, while what was said before is brought and something new comes."""
    pane = page.locator(".pane").first
    first = pane.locator(".message .words").first
    seen = await first.text_content() or ""
    await pane.locator(".messages").evaluate("(all) => { all.scrollTop = 30; }")
    await expect(first).not_to_have_text(seen)
    await expect(pane.locator(".words", has_text=re.compile(f"^{seen}$"))).to_be_in_viewport()
    house.page.feed.tell("message", await house.says("阿哲", "我也来说一句"))
    await expect(pane.locator(".newer")).to_be_visible()
    await expect(pane.locator(".words", has_text=re.compile(f"^{seen}$"))).to_be_in_viewport()


async def try_far_back(page: Page) -> None:
    """A reply leads to what was said long ago, in either of two panes on one room; nothing is left out."""
    await page.locator(".pane").last.get_by_role("tab", name="晨读班").click()
    for pane in (page.locator(".pane").first, page.locator(".pane").last):
        await pane.locator(".quote").last.click()
        await expect(pane.locator(".highlight .words", has_text="打卡 读了三页")).to_be_in_viewport()
        shown = await pane.locator("[data-id]").evaluate_all(
            "(all) => all.map((one) => Number(one.dataset.id))"
        )
        assert shown == sorted(shown)
        assert len(shown) > LONG_AGO


async def try_contrast(page: Page) -> None:
    """Everything can be read, in the light and in the dark."""
    await page.emulate_media(reduced_motion="reduce")  # else colours are on their way
    for theme in ("light", "dark"):
        await page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        await page.locator(".pane").first.locator(".more").last.click()
        assert await page.evaluate(HARD_TO_READ, LEAST_CONTRAST) == []
        await page.keyboard.press("Escape")


async def try_people(page: Page) -> None:
    """Who is here is read from the top, also where the button below the list has the focus."""
    await page.locator(".pane .people").first.click()
    await expect(page.locator("#people").get_by_role("button", name="离开这间教室")).to_be_focused()
    scrolled, goes_on = await page.locator("#people").evaluate(
        "(card) => [card.scrollTop, card.scrollHeight > card.clientHeight]"
    )
    assert (scrolled, goes_on) == (0, True)
    await page.keyboard.press("Escape")


async def try_settings(page: Page) -> None:
    """They open below their button, and do not cover it when a notice stands above."""
    await page.locator("#settings-button").click()
    assert await page.evaluate(OPENS_BELOW)
    await page.keyboard.press("Escape")


async def try_keys(page: Page) -> None:
    """The class is one stop, messages can be skipped; one speaks as another and writes, by keys alone."""
    await page.locator("#settings-button").focus()
    await page.keyboard.press("Tab")
    await expect(page.locator("#cast button", has_text="小林")).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await expect(page.locator("#cast button[aria-pressed=true]")).to_contain_text("阿哲")
    for _ in range(5):
        await page.keyboard.press("Tab")
    await expect(page.locator(".skip").first).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.type("手都不用离开键盘")
    await page.keyboard.press("Enter")
    await expect(page.locator(".own .words").last).to_have_text("手都不用离开键盘")


async def try_names(page: Page) -> None:
    """A long name leaves room for the rest of the words, whichever way it is written."""
    await speak_as(page, "محمد")
    await expect(page.locator(".pane textarea").first).to_have_attribute(
        "placeholder", "\u2068محمد عبد ا…\u2069 说…"
    )


@pytest.mark.chromium
async def test_everybody_can_read_and_use_the_page(tmp_path: Path, chromium: str) -> None:
    async with a_house(tmp_path) as house, served(house) as address, a_browser(chromium) as browser:
        house.page.invented = True
        await a_full_class(house)
        page, complaints = await a_tab(browser, address)
        await speak_as(page, "小林")
        await try_reading_back(page, house)
        await try_far_back(page)
        await page.set_viewport_size(PHONE)
        await write(page.locator(".pane").first, "我来看看")
        await try_contrast(page)
        await try_people(page)
        await try_settings(page)
        await try_keys(page)
        await try_names(page)
        assert complaints == []
