"""A real browser before the local room: what its tests share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, ViewportSize, async_playwright, expect

from bot.core.feature import Feature
from handlers import FEATURES
from tests.web.house import House, a_house
from web.server import address_of, listening, serve

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
expect.set_options(timeout=60_000)  # milliseconds: a busy machine takes its time

PHONE = ViewportSize(width=360, height=667)
WIDE = ViewportSize(width=1280, height=800)


@asynccontextmanager
async def a_browser(chromium: str) -> AsyncIterator[Browser]:
    """The browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def served(house: House, port: int = 0) -> AsyncIterator[str]:
    """The house's page is served meanwhile, at this address."""
    listener = listening("127.0.0.1", port)
    app = house.page.application(listener.getsockname()[1])
    serving = asyncio.create_task(serve(app, listener, house.page.feed.close))
    try:
        yield address_of(listener)
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def a_tab(browser: Browser, address: str) -> tuple[Page, list[str]]:
    """The page, opened anew, and whatever the browser complains about there."""
    page = await browser.new_page(viewport=WIDE, locale="zh-CN")
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(address)
    await expect(page.locator("#cast button").first).to_be_visible()
    return page, complaints


@asynccontextmanager
async def an_open_page(
    folder: Path, chromium: str, features: tuple[Feature, ...] = FEATURES
) -> AsyncIterator[tuple[Page, House, list[str]]]:
    """The page in a browser, the house behind it, and whatever the browser complained about."""
    async with (
        a_house(folder, features=features) as house,
        served(house) as address,
        a_browser(chromium) as browser,
    ):
        page, complaints = await a_tab(browser, address)
        yield page, house, complaints


async def speak_as(page: Page, name: str) -> None:
    """Play this member from now on."""
    await page.locator("#cast button", has_text=name).click()


async def write(pane: Locator, text: str) -> None:
    """Write into a pane, and send it."""
    await pane.locator("textarea").fill(text)
    await pane.locator("textarea").press("Enter")


async def wider_than_the_window(page: Page) -> bool:
    """Whether anything can be scrolled sideways."""
    return bool(
        await page.evaluate(
            "document.documentElement.scrollWidth > innerWidth"
            " || [...document.querySelectorAll('.messages')].some((one) => one.scrollWidth > one.clientWidth)"
        )
    )
