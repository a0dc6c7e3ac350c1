"""The local room's page: what it shows, the acts it sends, and the live line between."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.core.files import MOST_BYTES
from rules.durations import DAY, HOUR
from storage import local_acts, local_files, local_room
from storage.failures import DiskFull
from storage.local_acts import NotAllowed
from web import forms, views
from web.acts import ACTS, EMOJIS, LONGEST_TEXT, Changes
from web.feed import Feed
from web.forms import Refused
from web.guard import Guard
from web.texts import STATIC, language_of, pages, remember_language, texts, theme_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp

    from bot.core.clock import Clock
    from bot.core.platforms import CommandEntry
    from storage.db import Database, Transaction

log = logging.getLogger("banzhang.web")

STEPS = {"hour": HOUR, "day": DAY}


class Step(msgspec.Struct, forbid_unknown_fields=True):
    """The clock is to be moved forward: by an hour or a day."""

    by: str


@dataclass
class RoomPage:
    """What the page works with.

    `wake` tells the bot that members did something; `advance` moves the clock to an instant (UTC
    milliseconds), doing what falls due on the way, and is None where the clock may not be moved.
    `invented` says on the page that nobody on it is real; `accounts`: a page of the bot's accounts is beside
    it. `commands` tells the bot's in some languages; it is asked once for each.
    """

    database: Database
    clock: Clock
    zone: str
    language: str
    wake: Callable[[], None]
    advance: Callable[[int], Awaitable[None]] | None = None
    invented: bool = False
    accounts: bool = False
    commands: Callable[[Sequence[str]], Sequence[CommandEntry]] = lambda _languages: ()
    feed: Feed = field(default_factory=Feed)
    moving: asyncio.Lock = field(default_factory=asyncio.Lock)
    _entries: dict[str, Sequence[CommandEntry]] = field(default_factory=dict)

    def application(
        self, port: int, allowed_hosts: tuple[str, ...] = (), others: Sequence[BaseRoute] = ()
    ) -> ASGIApp:
        """The page as an application that is served on this port, beside the routes of `others`."""
        self._page = pages().get_template("room.html")
        self._texts = texts()
        routes = [
            Route("/", self.page),
            Route("/room/state", self.state),
            Route("/room/messages", self.messages),
            Route("/room/live", self.live),
            Route("/room/pictures/{picture:int}", self.picture),
            Route("/room/files/{file:int}", self.file),
            Route("/room/say", _refusing(self.say), methods=["POST"]),
            Route("/room/clock", _refusing(self.move_clock), methods=["POST"]),
            Route("/room/{act:str}", _refusing(self.act), methods=["POST"]),
            *others,
            Mount("/static", StaticFiles(directory=STATIC)),
        ]
        return Guard(Starlette(routes=routes), port, allowed_hosts)

    # What is shown.

    async def page(self, request: Request) -> Response:
        """The page itself, in the visitor's language and theme."""
        language = language_of(request, self.language)
        html = self._page.render(
            texts=self._texts[language],
            languages={name: words["language"] for name, words in self._texts.items()},
            language=language,
            theme=theme_of(request),
            zone=self.zone,
            emojis=EMOJIS,
            commands=await self._menu(language),
            movable=self.advance is not None,
            invented=self.invented,
            accounts=self.accounts,
            longest=LONGEST_TEXT,
            largest_file=MOST_BYTES,
        )
        response = HTMLResponse(html, headers={"Cache-Control": "no-store"})
        remember_language(request, response, language)
        return response

    async def _menu(self, language: str) -> list[dict[str, Any]]:
        """The bot's commands in a language; all its texts are read for them, beside the loop."""
        if language not in self._entries:
            self._entries[language] = await asyncio.to_thread(self.commands, [language])
        return [msgspec.to_builtins(one) | {"about": one.about[language]} for one in self._entries[language]]

    async def state(self, _request: Request) -> Response:
        """Rooms, members, unread answers and the clock."""
        people = await self.database.read(views.people)
        return _json(people | {"clock": self._clock_view()})

    def _clock_view(self) -> dict[str, Any]:
        return {"now": self.clock.now(), "moving": self.moving.locked()}

    async def messages(self, request: Request) -> Response:
        """The newest messages of a chat, or those before one."""
        chat = request.query_params.get("chat", "")
        before = request.query_params.get("before", "")
        older = int(before) if before.isascii() and before.isdigit() and len(before) < 17 else None
        found = await self.database.read(lambda tx: local_room.messages(tx, chat, older))
        return _json({"messages": [views.message(one) for one in found]})

    async def picture(self, request: Request) -> Response:
        """A picture, as what its bytes are."""
        number: int = request.path_params["picture"]
        found = (
            await self.database.read(lambda tx: local_room.picture(tx, number)) if number < 2**53 else None
        )
        if found is None:
            return _json({"error": "gone"}, 404)
        headers = {
            "Cache-Control": "private, max-age=31536000, immutable",
            "Content-Disposition": "inline",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        return Response(found[1], media_type=found[0], headers=headers)

    async def file(self, request: Request) -> Response:
        """A file to be kept, never to be shown: whatever its bytes are."""
        number: int = request.path_params["file"]
        found = (
            await self.database.read(lambda tx: local_files.content(tx, number)) if number < 2**53 else None
        )
        if found is None:
            return _json({"error": "gone"}, 404)
        name, media_type, content = found
        headers = {
            "Cache-Control": "private, no-store",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        return Response(content, media_type=media_type, headers=headers)

    async def live(self, _request: Request) -> Response:
        """Everything that changes from now on, as server-sent events."""
        if self.feed.is_full:
            return _json({"error": "too_many"}, 503)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._lines(), media_type="text/event-stream", headers=headers)

    async def _lines(self) -> AsyncIterator[bytes]:
        yield b"retry: 1000\n\n"
        zones = await self.database.read(local_room.zones)
        async for what, number in self.feed.listen():
            if what == "quiet":
                yield b": here\n\n"
                continue
            data = await self._change(what, number)
            if data is not None:
                yield _event(what, data)
            before, zones = zones, await self.database.read(local_room.zones)
            if zones != before:
                yield _event("zones", zones)

    async def _change(self, what: str, number: int) -> dict[str, Any] | None:
        """What a page needs to know of a change."""
        if what == "message":
            message = await self.database.read(lambda tx: local_room.message(tx, number))
            return None if message is None else views.message(message)
        if what == "answer":
            answer = await self.database.read(lambda tx: local_room.pressed(tx, number))
            return None if answer is None else msgspec.to_builtins(answer)
        return self._clock_view() if what == "clock" else {}

    # What is done.

    async def say(self, request: Request) -> Response:
        """A member writes (forms.said)."""
        said = await forms.said(request)
        message = await self._write(
            lambda tx: local_acts.say(
                tx,
                chat=said.chat,
                member=said.member,
                text=said.text,
                now=self.clock.now(),
                picture=said.picture,
                file=said.file,
                reply_to=said.reply_to,
                album=said.album,
            )
        )
        self._tell([("message", message)])
        return _json({"message": message})

    async def act(self, request: Request) -> Response:
        """Any other act: JSON as the struct of its name says."""
        kind, does = ACTS.get(request.path_params["act"], (None, None))
        if kind is None or does is None:
            raise Refused(404, "gone")
        form = await forms.act(request, kind)
        changes = await self._write(lambda tx: does(tx, form, self.clock.now()))
        self._tell(changes)
        return _json({})

    async def move_clock(self, request: Request) -> Response:
        """Let time pass: an hour or a day; answered when everything on the way has happened."""
        step = STEPS.get((await forms.act(request, Step)).by)
        if self.advance is None or step is None:
            raise Refused(409, "clock_stands")
        if self.moving.locked():
            raise Refused(409, "clock_moves")
        async with self.moving:
            self.feed.tell("clock")
            await self.advance(self.clock.now() + step)
        self.feed.tell("clock")
        return _json(self._clock_view())

    async def _write(self, act: Callable[[Transaction], Any]) -> Any:  # noqa: ANN401 - what the act returns
        try:
            return await self.database.write(act)
        except NotAllowed as error:
            raise Refused(409, error.reason) from error
        except DiskFull as error:
            log.error("the disk is full: the page takes nothing new until there is room")  # noqa: TRY400
            raise Refused(507, "disk_full") from error

    def _tell(self, changes: Changes) -> None:
        for what, number in changes:
            self.feed.tell(what, number)
        self.wake()


def _event(what: str, data: object) -> bytes:
    """One server-sent event."""
    return b"event: %s\ndata: %s\n\n" % (what.encode(), msgspec.json.encode(data))


def _json(data: object, status: int = 200) -> Response:
    return Response(
        msgspec.json.encode(data), status, {"Cache-Control": "no-store"}, media_type="application/json"
    )


def _refusing(
    handle: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """Answers what cannot be done with its code."""

    async def answer(request: Request) -> Response:
        try:
            return await handle(request)
        except Refused as refused:
            return _json({"error": refused.code}, refused.status)
        except UnicodeError:  # of a body that names a charset in which it cannot be read
            return _json({"error": "unfit"}, 400)

    return answer
