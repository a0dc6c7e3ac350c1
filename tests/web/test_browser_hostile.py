"""Whatever people call themselves and write: in the browser it is text, and stays within a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.core.actions import Say
from bot.core.platforms import File, Outgoing
from storage import local_acts
from tests.web.browser import PHONE, an_open_page, speak_as, wider_than_the_window, write
from tests.web.house import House
from tests.web.test_browser import a_picture
from web.acts import LONGEST_TEXT

SCRIPT = "<script>hacked=1</script>"
IMAGE = '"><img src=/x onerror=hacked=1>'
LINK = "<a href=javascript:hacked=1>点我</a>"
BACKWARDS = "\u202egnp.ex\u202c\u2066"
UNSEEN = "\u200b\u200d\u2060\ufeff" * 4
MARKS = "汉" + "\u0301\u0489" * 15
NAMES = [SCRIPT, IMAGE, LINK, BACKWARDS, UNSEEN, MARKS, "W" * 32, "﷽" * 32, "&lt;b&gt;&amp;{{7*7}}${hacked}"]
TASKS = ["<img/onerror=hacked>", "'onload='hacked=1", "W" * 20]
TEXTS = [
    *NAMES,
    "javascript:hacked=1",
    "字" * 4_096,
    "W" * 4_096,
    "<svg onload=hacked=1>" * 100,
    "\n" * 500 + ".",
]
ASKED = ["/me", "/top", "/tasks", "/checkin", f"/help {IMAGE}", f"打卡 {SCRIPT}", "/start"]
TOO_LONG = "W" * 10_000

OUTSIDE = """
    [...document.querySelectorAll("body *")].filter((one) => {
        const { left, right, width } = one.getBoundingClientRect();
        const scrolls = one.closest("#cast, [role=tablist], .chips, svg");
        const floats = getComputedStyle(one).position === "fixed";
        return width && !scrolls && !floats && (left < -1 || right > innerWidth + 1);
    }).map((one) => `${one.tagName}.${one.className}: ${one.textContent.slice(0, 20)}`)
"""
"""What reaches over the window's edges, but for rows that are meant to be scrolled."""

MADE = """
    document.querySelectorAll("body script, iframe, object, [onerror], [onload], img[src='/x']").length
    + [...document.querySelectorAll("a[href]")].filter((one) => !/^https?:/.test(one.protocol)).length
"""
"""Nodes that nobody but an intruder would make."""


async def hostile_class(house: House) -> dict[str, int]:
    """Everybody has such a name, and so have rooms, tasks and the community; the members by name."""
    await house.database.write(lambda tx: tx.run("UPDATE community SET name = :name", {"name": IMAGE}))
    for title in (IMAGE, "W" * 48, BACKWARDS):
        await house.does(local_acts.add_room, title=title, tier=3)
    for name in NAMES:
        member = await house.does(local_acts.add_member, name=name, role="member")
        for room in (1, 3):
            await house.does(local_acts.join, room=room, member=member)
    for task in TASKS:
        await house.says("班主任", f"任务 添加 {task}")
    return {name: await house.member(name) for name in NAMES}


async def hostile_talk(house: House, members: dict[str, int]) -> None:
    """Everybody writes such things, asks, and is answered; the bot sends a file."""
    for place, text in enumerate(TEXTS):
        await house.does(local_acts.say, chat="r1", member=members[NAMES[place % len(NAMES)]], text=text)
    sheet = File(f"{IMAGE}{BACKWARDS}{'W' * 200}.xlsx", "text/html", SCRIPT.encode())
    await house.room.carry_out(Outgoing(Say(parts=(), language="zh-Hans"), "r1", LINK, file=sheet))
    for asked in ASKED:
        for member in (members[SCRIPT], members[BACKWARDS]):
            for chat in ("r1", f"m{member}"):
                await house.does(local_acts.say, chat=chat, member=member, text=asked)


async def nothing_runs(page: Page) -> None:
    assert await page.evaluate("typeof hacked") == "undefined"
    assert await page.evaluate(MADE) == 0


async def holds(page: Page) -> None:
    """Nothing runs, and nothing is too wide."""
    await nothing_runs(page)
    assert await page.evaluate(OUTSIDE) == []
    assert not await wider_than_the_window(page)


async def see_everything(page: Page) -> None:
    """Each room, its people, a reply to and a menu of the last message, a word without end."""
    pane = page.locator(".pane").first
    for place in range(await pane.get_by_role("tab").count()):
        await pane.get_by_role("tab").nth(place).click()
        await holds(page)
    await pane.get_by_role("tab").first.click()
    await pane.locator(".people").click()
    await holds(page)
    await page.keyboard.press("Escape")
    await pane.locator(".message .more").last.click()
    await holds(page)
    await page.get_by_role("menuitem", name="回复").click()
    await holds(page)
    await write(pane, TOO_LONG)
    await expect(pane.locator(".own .words").last).to_have_text(TOO_LONG[:LONGEST_TEXT])
    await holds(page)


async def write_everything(page: Page) -> None:
    """Everything is also written by hand, with a picture whose name is as bad."""
    pane = page.locator(".pane").first
    await pane.locator("input[type=file]").first.set_input_files(
        {"name": f"{IMAGE}.png", "mimeType": "image/png", "buffer": a_picture()}
    )
    await holds(page)
    await write(pane, SCRIPT)
    await expect(pane.locator(".own .words").last).to_have_text(SCRIPT)
    for text in (IMAGE, LINK, BACKWARDS):
        await write(pane, text)
        await expect(pane.locator(".own .words").last).to_have_text(text)
    await holds(page)


@pytest.mark.chromium
async def test_hostile_names_and_texts_are_only_ever_text(tmp_path: Path, chromium: str) -> None:
    asked: list[str] = []
    async with an_open_page(tmp_path, chromium) as (page, house, complaints):
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("popup", lambda popup: complaints.append(popup.url))
        await page.set_viewport_size(PHONE)
        await hostile_talk(house, await hostile_class(house))
        await page.reload()
        for name in (SCRIPT, BACKWARDS):
            await speak_as(page, name)
            await see_everything(page)
        await write_everything(page)
        assert complaints == []
        known = tuple(f"{page.url}{path}" for path in ("static/", "room/"))
        assert [one for one in asked if one != page.url and not one.startswith((*known, "blob:"))] == []
