"""WeChat, a real gateway with a fake WeChat behind it, for the behaviour suite."""

from __future__ import annotations

import base64
import itertools
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.adapters.wechat import WeChat
from bot.config import Config
from bot.core.clock import Clock
from bot.core.platforms import Platform
from storage.db import Database
from tests.adapters.crowd import Crowd
from tests.adapters.house import until
from tests.adapters.wechat_house import QUICK
from tests.adapters.world import Heard, World
from tests.peers.wechat.gateway import Gateway

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n and a picture").decode()
PICTURES = (".png", ".jpg")
_numbers = itertools.count(1)


class WeChatWorld(World):
    """People and groups behind a gateway that other tests use, too: at the end its groups are gone."""

    can = WeChat.can

    def __init__(self, folder: Path, gateway: Gateway) -> None:
        super().__init__(folder)
        self._gateway = gateway
        self._crowd = Crowd(gateway)
        self._since = len(gateway.journal())
        self._groups: dict[str, str] = {}
        self._people: dict[str, str] = {}
        self._said: dict[str, tuple[str, str]] = {}
        self._unheard: list[str] = []
        self.is_later = False
        """Whether the house's clock was moved: what is said then is said by that clock."""
        self.settings += f'[talk]\ngather_minutes = 0\n[wechat]\nendpoint = "{gateway.endpoint}"\n'
        self.settings += f'token = "{gateway.token}"\n'
        self._wechat: WeChat

    def platform(self, config: Config, database: Database, clock: Clock) -> Platform:
        self._wechat = WeChat(config.wechat, clock, patience=QUICK)
        return self._wechat

    async def up(self) -> None:
        await super().up()
        await until(self._sees)

    async def _sees(self) -> bool:
        return self._wechat._listening.watch.sees

    def leave(self) -> None:
        """Let the groups be gone, so that the next test meets none of them."""
        for native in self._groups.values():
            self._gateway.op("forget", room=native)

    async def is_drained(self) -> bool:
        said = "SELECT count(*) FROM seen WHERE key IN (SELECT value FROM json_each(:keys))"
        ((heard,),) = await self.rows(said, keys=json.dumps(self._unheard))
        if heard < len(self._unheard):
            return False
        self._unheard.clear()
        return True

    def _person(self, name: str, *, friend: bool = True) -> str:
        if name not in self._people:
            self._people[name] = self._crowd.person(name, friend=friend)
        return self._people[name]

    def stranger(self, name: str) -> None:
        """Somebody whom the bot's account may not write to."""
        self._person(name, friend=False)

    def unfriends(self, name: str) -> None:
        """Somebody may not be written to any more."""
        self._gateway.op("unfriend", contact=self._people[name])

    async def group(self, title: str, *names: str) -> None:
        native = f"{next(_numbers)}w@chatroom"
        people = [self._person(name) for name in names]
        self._gateway.op("room", id=native, topic=title, members=people, owner=people[0])
        self._gateway.op("join", room=native, contacts=[self._gateway.bot], by=people[0])
        self._groups[title] = native

    async def befriends(self, who: str) -> None:
        await self.says(who, "/start")
        await self.quiet()

    async def says(
        self,
        who: str,
        text: str,
        group: str | None = None,
        *,
        reply_to: str | None = None,
        picture: bool = False,
        file: tuple[str, bytes] | None = None,
    ) -> str:
        if reply_to is not None:
            author, words = self._said[reply_to]
            text = f"「{author}：{words}」\n- - - - - - - - - - - - - - -\n{text}"
        native = await self._send(who, group, text=text)
        if picture:
            native = await self._send(who, group, file={"name": "a.png", "base64": PNG})
        if file is not None:
            content = base64.b64encode(file[1]).decode()
            native = await self._send(who, group, file={"name": file[0], "base64": content})
        self._said[native] = (who, text)
        return native

    async def _send(self, who: str, group: str | None, **what: Any) -> str:
        place = None if group is None else self._groups[group]
        if self.is_later:
            what["timestamp"] = self.engine.clock.now()
        native = str(self._gateway.op("say", {"from": self._person(who), "room": place, **what})["id"])
        if self.is_up:
            self._unheard.append(f"m:{native}")
        return native

    async def chooses(self, who: str, label: str, group: str | None = None) -> None:
        for said in reversed(await self.heard(group or who)):
            found = re.search(rf"(\d+)[ .．、]*{re.escape(label)}", said.text)
            if found:
                await self.says(who, found[1], group)
                return
        raise AssertionError(f"{label!r} is not offered: {await self.heard(group or who)}")

    async def joins(self, who: str, group: str) -> None:
        self._gateway.op("join", room=self._groups[group], contacts=[self._person(who)])

    async def leaves(self, who: str, group: str) -> None:
        self._gateway.op("leave", room=self._groups[group], contacts=[self._person(who)])

    async def renames(self, group: str, title: str) -> None:
        self._gateway.op("topic", room=self._groups[group], topic=title)

    async def heard(self, place: str) -> Sequence[Heard]:
        native = self._groups.get(place) or self._people.get(place)
        return [
            Heard(one.get("text", ""), _kind(one))
            for one in self._gateway.journal(since=self._since)
            if one["kind"] in {"text", "file"} and one["to"] == native
        ]

    async def members(self, group: str) -> set[str]:
        world = self._gateway.op("world")
        names = {native: name for name, native in self._people.items()}
        (room,) = [one for one in world["rooms"] if one["id"] == self._groups[group]]
        return {names[native] for native in room["memberIdList"] if native in names}


def _kind(entry: dict[str, Any]) -> str:
    if entry["kind"] == "text":
        return ""
    return "picture" if entry["name"].endswith(PICTURES) else "file"
