"""Telegram, the project's strict fake of it, for the behaviour suite."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.adapters.telegram import Telegram
from bot.config import Config
from bot.core.clock import Clock
from bot.core.platforms import Platform
from storage.db import Database
from tests.adapters.world import Heard, World
from tests.peers.telegram import FakeServer


class TelegramWorld(World):
    """A fake Bot API server whose people act through its control operations."""

    can = Telegram.can

    def __init__(self, folder: Path, fake: FakeServer) -> None:
        super().__init__(folder)
        self._fake = fake
        self._control = fake.control
        self._groups: dict[str, int] = {}
        self._owners: dict[str, int] = {}
        self._people: dict[str, int] = {}
        self.settings += f'[telegram]\ntoken = "{fake.token}"\napi_root = "{fake.root}"\n'

    def platform(self, config: Config, database: Database, clock: Clock) -> Platform:
        return Telegram(config.telegram, clock)

    async def is_drained(self) -> bool:
        await self._control.wait_idle(timeout=60, settle=0.03)
        return True

    async def _person(self, name: str) -> int:
        if name not in self._people:
            user = await self._control.user(first_name=name, language_code="zh-hans")
            self._people[name] = int(user["id"])
        return self._people[name]

    async def group(self, title: str, *names: str) -> None:
        owner, *members = [await self._person(name) for name in names]
        chat = await self._control.chat(
            title=title, members=members, owner=owner, bots=True, announce=True, type="supergroup"
        )
        self._groups[title] = int(chat["id"])
        self._owners[title] = owner

    async def befriends(self, who: str) -> None:
        await self._control.start(user=await self._person(who))

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
        more: dict[str, Any] = {"photo": True, "caption": text} if picture else {"text": text}
        if file is not None:
            content = base64.b64encode(file[1]).decode()
            more = {"document": {"data": content, "name": file[0]}, "caption": text}
        if reply_to is not None:
            more["reply_to"] = int(reply_to)
        said = await self._control.say(user=await self._person(who), chat=self._chat(group or who), **more)
        return str(said["message_id"])

    def _chat(self, place: str) -> int:
        return self._groups.get(place) or self._people[place]

    async def chooses(self, who: str, label: str, group: str | None = None) -> None:
        place = self._chat(group or who)
        for sent in reversed(await self._control.sent(chat=place, full=True)):
            keyboard = sent["message"].get("reply_markup", {}).get("inline_keyboard", [])
            for button in (button for row in keyboard for button in row if label in button["text"]):
                await self._control.click(
                    user=await self._person(who),
                    chat=place,
                    message_id=sent["message_id"],
                    data=button["callback_data"],
                    wait=15,
                )
                return
        raise AssertionError(f"{label!r} is not offered")

    async def joins(self, who: str, group: str) -> None:
        await self._control.join(
            user=await self._person(who), chat=self._groups[group], by=self._owners[group]
        )

    async def leaves(self, who: str, group: str) -> None:
        await self._control.leave(chat=self._groups[group], user=await self._person(who))

    async def renames(self, group: str, title: str) -> None:
        await self._control.set_chat(chat=self._groups[group], title=title)

    async def heard(self, place: str) -> Sequence[Heard]:
        if place not in self._groups and place not in self._people:
            return []
        return [
            Heard(
                one["text"], {"sendphoto": "picture", "senddocument": "file"}.get(one["method"].lower(), "")
            )
            for one in await self._control.sent(chat=self._chat(place))
        ]

    async def members(self, group: str) -> set[str]:
        info = await self._control.chat_info(chat=self._groups[group])
        names = {user: name for name, user in self._people.items()}
        there = {"member", "administrator", "creator", "restricted"}
        return {
            names[int(user)]
            for user, status in info["members"].items()
            if status in there and int(user) in names
        }

    async def refuses(self, who: str) -> None:
        await self._control.block(user=await self._person(who))
