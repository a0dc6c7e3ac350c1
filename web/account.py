"""The page of the bot's accounts: how each stands, and the code to scan where one is to be logged in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.core import qr
from rules.trouble import FRESH_FOR
from storage import bot_accounts, condition, local_room
from web.guard import Guard
from web.texts import STATIC, language_of, pages, remember_language, texts, theme_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp

    from bot.core.clock import Clock
    from bot.core.house import Bot
    from storage.db import Database, Transaction

PATH = "/account"
PLATFORMS = frozenset({"telegram", "wechat"})
"""Those that the page has a name for in each language; another one is called what it calls itself."""

STATES = ("waiting", "offline", "amiss", "starting", "online")
"""How an account may stand; those that wait for somebody are shown first."""

NO_STORE = {"Cache-Control": "no-store"}


class Card(msgspec.Struct, frozen=True):
    """How an account stands: online, offline (`why`), waiting, amiss or starting, since an instant (UTC ms).

    `code_at`: when the code came that is to be scanned; 0: there is none.
    """

    bot: str
    platform: str
    name: str
    state: str
    why: str = ""
    since: int = 0
    code_at: int = 0


@dataclass
class AccountPage:
    """What the page works with. `home`: whether there is a local room to go back to."""

    database: Database
    clock: Clock
    zone: str
    language: str
    bots: Mapping[str, Bot]
    usernames: Mapping[str, str]
    home: bool = True

    def routes(self) -> Sequence[BaseRoute]:
        """The page's own addresses, beside those of other pages."""
        self._page = pages().get_template("account.html")
        self._texts = texts()
        return (
            Route(PATH, self.page),
            Route(f"{PATH}/state", self.state),
            Route(f"{PATH}/code", self.code),
        )

    def application(self, port: int, allowed_hosts: tuple[str, ...] = ()) -> ASGIApp:
        """The page alone, where there is no local room, as an application that is served on this port."""
        static = Mount("/static", StaticFiles(directory=STATIC))
        return Guard(
            Starlette(routes=[Route("/", _to_the_page), *self.routes(), static]), port, allowed_hosts
        )

    async def page(self, request: Request) -> Response:
        """The page itself, in the visitor's language and theme."""
        language = language_of(request, self.language)
        cards = await self.database.read(self._cards)
        html = self._page.render(
            texts=self._texts[language],
            languages={name: words["language"] for name, words in self._texts.items()},
            language=language,
            theme=theme_of(request),
            cards=cards,
            platforms=PLATFORMS,
            since=self._clock_time,
            version=_version(cards),
            waits=any(card.state in {"waiting", "starting"} for card in cards),
            home=self.home,
        )
        response = HTMLResponse(html, headers=NO_STORE)
        remember_language(request, response, language)
        return response

    async def state(self, _request: Request) -> Response:
        """What tells an open page whether it is to be shown anew."""
        cards = await self.database.read(self._cards)
        body = msgspec.json.encode({"version": _version(cards)})
        return Response(body, headers=NO_STORE, media_type="application/json")

    async def code(self, request: Request) -> Response:
        """The code that logs a bot in, as a picture, while it waits for that."""
        bot, now = request.query_params.get("bot", ""), self.clock.now()
        code = await self.database.read(lambda tx: bot_accounts.code(tx, bot, now))
        if code is None or bot not in self.bots:
            return Response("", 404, headers=NO_STORE)
        headers = NO_STORE | {"Content-Security-Policy": "default-src 'none'; sandbox"}
        return Response(qr.svg(code), headers=headers, media_type="image/svg+xml")

    def _cards(self, tx: Transaction) -> list[Card]:
        """A card for each account; the local room has none."""
        now = self.clock.now()
        real = [bot for bot in self.bots.values() if bot.bot != local_room.BOT]
        cards = [_card(tx, bot, self.usernames.get(bot.bot, ""), now) for bot in real]
        return sorted(cards, key=lambda card: (STATES.index(card.state), card.bot))

    def _clock_time(self, at: int) -> str:
        """An instant as a clock on the wall shows it, with the day unless it is today."""
        zone = ZoneInfo(self.zone)
        shown, now = (datetime.fromtimestamp(one / 1000, zone) for one in (at, self.clock.now()))
        return shown.strftime("%H:%M" if shown.date() == now.date() else "%m-%d %H:%M")


def _card(tx: Transaction, bot: Bot, name: str, now: int) -> Card:
    account, side = bot_accounts.of_bot(tx, bot.bot), condition.of_bot(tx, bot.bot)
    is_fresh = side is not None and abs(now - side.at) < FRESH_FOR
    if account is not None and not account.is_online:
        code_at = account.code_at if bot_accounts.code(tx, bot.bot, now) is not None else 0
        return Card(bot.bot, bot.platform, name, account.state, account.why, account.left_at, code_at)
    if side is not None and is_fresh and side.trouble:
        return Card(bot.bot, bot.platform, name, "amiss")
    if account is not None:
        return Card(bot.bot, bot.platform, name, "online", since=account.since)
    return Card(bot.bot, bot.platform, name, "online" if is_fresh else "starting")


def _version(cards: Sequence[Card]) -> str:
    """What changes with anything that the page shows; nothing secret is in it."""
    return ";".join(f"{one.bot},{one.state},{one.since},{one.code_at}" for one in cards)


async def _to_the_page(_request: Request) -> Response:
    return RedirectResponse(PATH)
