"""The local room for the behaviour suite."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bot.adapters.room import LocalRoom
from bot.app import DATABASE, opened
from bot.config import Config
from bot.core.clock import Clock
from bot.core.markup import plain
from bot.core.platforms import Platform
from storage import local_acts, local_room
from storage.db import Database
from tests.adapters.world import Heard, World

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
THE_BOT = 0


class RoomWorld(World):
    """The local room: its acts are what the page does."""

    can = LocalRoom.can

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._groups: dict[str, int] = {}
        self._people: dict[str, int] = {}
        self._room: LocalRoom

    def platform(self, config: Config, database: Database, clock: Clock) -> Platform:
        self._room = LocalRoom(database, clock, config.bot.language)
        return self._room

    async def _act(self, act: Callable[..., Any], **how: Any) -> Any:
        now = self.engine.clock.now()
        if not self.is_up:
            async with opened(self.folder / DATABASE) as database:
                return await database.write(lambda tx: act(tx, now=now, **how))
        done = await self.engine.database.write(lambda tx: act(tx, now=now, **how))
        self._room.wake()
        return done

    async def is_drained(self) -> bool:
        newest = await self.rows("SELECT coalesce(max(id), 0) FROM local_update")
        heard = await self.rows("SELECT cursor FROM stream WHERE bot = :bot", bot=local_room.BOT)
        return bool(heard) and int(heard[0][0]) >= newest[0][0]

    async def _person(self, name: str, role: str = "member") -> int:
        if name not in self._people:
            self._people[name] = await self._act(local_acts.add_member, name=name, role=role)
        return self._people[name]

    async def group(self, title: str, *names: str) -> None:
        self._groups[title] = await self._act(local_acts.add_room, title=title, tier=1)
        for place, name in enumerate(names):
            member = await self._person(name, "member" if place else "owner")
            await self._act(local_acts.join, room=self._groups[title], member=member)

    async def befriends(self, who: str) -> None:
        await self.says(who, "/start")

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
        member = await self._person(who)
        return str(
            await self._act(
                local_acts.say,
                chat=self._chat(group or who),
                member=member,
                text=text,
                picture=("image/png", PNG) if picture else None,
                reply_to=None if reply_to is None else int(reply_to),
            )
        )

    def _chat(self, place: str) -> str:
        if place in self._groups:
            return local_room.chat_of_room(self._groups[place])
        return local_room.chat_of_member(self._people[place])

    async def _said(self, place: str) -> list[local_room.Message]:
        if place not in self._groups and place not in self._people:
            return []
        chat = self._chat(place)
        found = await self.engine.database.read(lambda tx: local_room.messages(tx, chat))
        return [one for one in found if one.member == THE_BOT and not one.is_deleted]

    async def chooses(self, who: str, label: str, group: str | None = None) -> None:
        for message in reversed(await self._said(group or who)):
            for button in (button for row in message.buttons for button in row if label in button.label):
                member = await self._person(who)
                await self._act(local_acts.press, message=message.id, member=member, data=button.data)
                return
        raise AssertionError(f"{label!r} is not offered")

    async def joins(self, who: str, group: str) -> None:
        await self._act(local_acts.join, room=self._groups[group], member=await self._person(who))

    async def leaves(self, who: str, group: str) -> None:
        await self._act(local_acts.leave, room=self._groups[group], member=await self._person(who))

    async def heard(self, place: str) -> Sequence[Heard]:
        return [
            Heard(plain(one.text), "picture" if one.picture is not None else "file" if one.file else "")
            for one in await self._said(place)
        ]

    async def members(self, group: str) -> set[str]:
        rows = await self.rows(
            "SELECT name FROM local_seat JOIN local_member ON local_member.id = member WHERE room = :room",
            room=self._groups[group],
        )
        return {row[0] for row in rows}
