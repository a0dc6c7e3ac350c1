"""The page of the accounts: who is logged in, and the code to scan, for this machine alone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from playwright.async_api import expect

from bot.app import DATABASE, opened
from bot.core.clock import VirtualClock
from bot.core.house import Bot
from bot.core.locale import LOCALES
from bot.core.port import Can
from storage import bot_accounts, condition, local_room
from storage.condition import BotCondition
from storage.db import Database
from tests.stage import instant
from tests.web.browser import a_browser
from tests.web.house import ORIGIN, PORT, a_house
from web.account import AccountPage
from web.server import address_of, listening, serve

WECHAT, TELEGRAM = "wechat", "telegram:123"
CODE = "http://login.example/l/7f3a9c51d2"
HOSTILE = '"><script>alert(1)</script>{{ 7 * 7 }}'


class Accounts:
    """The page over a database, with a bot on each of two platforms and in the local room."""

    def __init__(self, database: Database, clock: VirtualClock) -> None:
        self.database = database
        self.clock = clock
        names = ((WECHAT, "wechat"), (TELEGRAM, "telegram"), (local_room.BOT, "room"))
        bots = {bot: Bot(bot, platform, Can(0)) for bot, platform in names}
        usernames = {TELEGRAM: "study_bot"}
        self.page = AccountPage(database, clock, "Asia/Shanghai", "zh-Hans", bots, usernames)

    async def stands(self, state: str, *, code: str = "", why: str = "", bot: str = WECHAT) -> None:
        """An account stands so from now on."""
        now = self.clock.now()
        await self.database.write(lambda tx: bot_accounts.keep(tx, bot, state, now, code=code, why=why))

    async def side(self, bot: str, trouble: str = "") -> None:
        """A platform says how its side is."""
        now = self.clock.now()
        await self.database.write(lambda tx: condition.keep(tx, BotCondition(bot, now, trouble=trouble)))

    def client(self, **headers: str) -> httpx.AsyncClient:
        """A browser with the page open."""
        app = self.page.application(PORT, ("study.example.org",))
        return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN, headers=headers)

    async def shown(self, query: str = "") -> str:
        """The page as it is now."""
        async with self.client() as client:
            answer = await client.get(f"/account{query}")
            assert answer.status_code == 200
            return answer.text


@asynccontextmanager
async def some_accounts(folder: Path) -> AsyncIterator[Accounts]:
    async with opened(folder / DATABASE, durable=False) as database:
        yield Accounts(database, VirtualClock(instant("2026-05-04 09:00")))


def states(html: str) -> list[str]:
    """The states of the cards, from the top."""
    return re.findall(r'<section class="card (\w+)">', html)


async def test_each_account_has_a_card_and_those_that_need_care_are_above(tmp_path: Path) -> None:
    async with some_accounts(tmp_path) as accounts:
        assert states(await accounts.shown()) == ["starting", "starting"]
        await accounts.side(TELEGRAM)
        await accounts.stands("offline", why="frozen")
        html = await accounts.shown()
        assert states(html) == ["offline", "online"]
        assert "微信" in html
        assert "@study_bot" in html
        assert "frozen" in html
        assert "09:00 起" in html
        await accounts.side(WECHAT, "reach")
        await accounts.side(TELEGRAM, "token")
        await accounts.stands("online")
        assert states(await accounts.shown()) == ["amiss", "amiss"]
        await accounts.side(WECHAT)
        assert states(await accounts.shown()) == ["amiss", "online"]


async def test_the_code_is_a_picture_while_it_is_waited_for(tmp_path: Path) -> None:
    async with some_accounts(tmp_path) as accounts, accounts.client() as client:
        assert (await client.get("/account/code?bot=wechat")).status_code == 404
        await accounts.stands("waiting", code=CODE)
        html = await accounts.shown()
        assert CODE not in html
        assert CODE not in (await client.get("/account/state")).text
        [address] = re.findall(r'src="(/account/code[^"]+)"', html)
        answer = await client.get(address.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/svg+xml"
        assert answer.headers["cache-control"] == "no-store"
        assert "<svg" in answer.text
        for bot in ("", "telegram:123", "room:local", "nobody", "%00", "wechat'--"):
            assert (await client.get(f"/account/code?bot={bot}")).status_code == 404
        accounts.clock.move_to(accounts.clock.now() + bot_accounts.CODE_LIVES)
        assert (await client.get("/account/code?bot=wechat")).status_code == 404
        assert "/account/code" not in await accounts.shown()
        await accounts.stands("online")
        assert (await client.get("/account/code?bot=wechat")).status_code == 404


async def test_an_open_page_learns_of_every_change(tmp_path: Path) -> None:
    async with some_accounts(tmp_path) as accounts, accounts.client() as client:
        versions = []
        for state, code in (("offline", ""), ("waiting", CODE), ("waiting", f"{CODE}/2"), ("online", "")):
            accounts.clock.move_to(accounts.clock.now() + 60_000)
            await accounts.stands(state, code=code)
            version = (await client.get("/account/state")).json()["version"]
            assert f'data-version="{version}"' in await accounts.shown()
            versions.append(version)
        assert len(set(versions)) == 4


@pytest.mark.parametrize(
    ("headers", "path", "status"),
    [
        ({"Host": "study.example.org"}, "/account", 200),
        ({"Host": "evil.example"}, "/account", 421),
        ({"Host": "evil.example"}, "/account/code?bot=wechat", 421),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, "/account", 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, "/account", 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, "/account/code?bot=wechat", 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, "/account/code?bot=wechat", 403),
        ({"Sec-Fetch-Site": "same-site"}, "/account/state", 403),
        ({"Sec-Fetch-Site": "same-origin"}, "/account/state", 200),
        ({"Origin": "https://evil.example"}, "/account/code?bot=wechat", 403),
    ],
)
async def test_it_is_closed_to_everybody_but_this_machine(
    tmp_path: Path, headers: dict[str, str], path: str, status: int
) -> None:
    async with some_accounts(tmp_path) as accounts, accounts.client(**headers) as client:
        await accounts.stands("waiting", code=CODE)
        answer = await client.get(path)
        assert answer.status_code == status
        assert CODE not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-frame-options"] == "DENY"


async def test_nothing_is_changed_by_it(tmp_path: Path) -> None:
    async with some_accounts(tmp_path) as accounts, accounts.client(Origin=ORIGIN) as client:
        for path in ("/account", "/account/state", "/account/code"):
            assert (await client.post(path, content=b"")).status_code in {403, 405}


@pytest.mark.parametrize("locale", LOCALES)
async def test_it_speaks_every_language(tmp_path: Path, locale: str) -> None:
    async with some_accounts(tmp_path) as accounts:
        for state in ("waiting", "offline", "online"):
            await accounts.stands(state, code=CODE, why=HOSTILE)
            html = await accounts.shown(f"?lang={locale}")
            assert f'<html lang="{locale}"' in html
            assert "<script>" not in html
            assert "49" not in html
            assert "{" not in re.sub(r"\{\{ 7 \* 7 \}\}", "", html)


async def test_alone_it_is_what_the_address_shows(tmp_path: Path) -> None:
    async with some_accounts(tmp_path) as accounts, accounts.client() as client:
        answer = await client.get("/")
        assert (answer.status_code, answer.headers["location"]) == (307, "/account")
        accounts.page.home = False
        assert 'href="/"' not in await accounts.shown()
        assert (await client.get("/static/account.css")).status_code == 200
        assert (await client.get("/room/state")).status_code == 404


async def test_beside_the_local_room_it_is_one_of_its_pages(tmp_path: Path) -> None:
    async with a_house(tmp_path, runs=False) as house:
        bots, names = house.engine.house.bots, house.engine.house.usernames
        page = AccountPage(house.database, house.clock, "Asia/Shanghai", "zh-Hans", bots, names)
        house.page.accounts = True
        house.app = house.page.application(PORT, others=page.routes())
        async with house.client() as client:
            assert 'href="/account"' in (await client.get("/")).text
            assert "只有本地教室" in (await client.get("/account")).text


@asynccontextmanager
async def served(accounts: Accounts) -> AsyncIterator[str]:
    """The page is served meanwhile, at this address."""
    listener = listening("127.0.0.1", 0)
    app = accounts.page.application(listener.getsockname()[1])
    serving = asyncio.create_task(serve(app, listener, lambda: None))
    try:
        yield f"{address_of(listener)}account"
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


@pytest.mark.chromium
async def test_in_a_browser_the_code_comes_and_goes_by_itself(tmp_path: Path, chromium: str) -> None:
    async with (
        some_accounts(tmp_path) as accounts,
        a_browser(chromium) as browser,
        served(accounts) as address,
    ):
        await accounts.stands("offline")
        page = await browser.new_page(viewport={"width": 360, "height": 667}, locale="zh-CN")
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        await page.goto(address)
        await expect(page.locator(".state").first).to_have_text("不在线")
        await accounts.stands("waiting", code=CODE)
        code = page.locator(".login img")
        await expect(code).to_be_visible()
        assert await code.evaluate("image => image.decode().then(() => image.naturalWidth)") > 200
        assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
        await accounts.stands("online")
        await expect(page.locator(".card.online")).to_be_visible()
        await expect(code).to_have_count(0)
        assert complaints == []
