"""A stage with a second platform: a bot whose account somebody logs in, and which can do little but speak."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.core.events import (
    AccountChanged,
    Batch,
    BotChanged,
    ContactChanged,
    Event,
    FriendAsked,
    Message,
    Place,
    RoomOffered,
    Sender,
)
from bot.core.port import Can
from storage import communities
from storage.db import Transaction
from tests.stage import Sent, Stage, StagePlatform, a_stage

AWAY = "wechat"
CLASS, STAFF, FAR_CLASS = "晨读班", "管理小群", "微信晨读班"
CODE = "http://login.example/l/7f3a9c51d2"


class Second(StagePlatform):
    """The second platform, and what is heard on it."""

    username = ""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.clock, Can.ADD, AWAY)
        self.bot = AWAY
        self.stage = stage

    async def happens(self, *events: Event) -> list[str]:
        """Bring events in; the texts that this bot says."""
        seen = len(self.sent)
        now = self.stage.clock.now()
        await self.stage.engine.pipeline.take(Batch(AWAY, events, caught_up_to=now))
        while await self.stage.engine.step():
            pass
        return [one.text or type(one.action).__name__ for one in self.sent[seen:]]

    def about(self, where: Place) -> dict[str, object]:
        """What every event has."""
        key = self.stage._key()
        return {"bot": AWAY, "key": key, "at": self.stage.clock.now(), "place": where}

    async def account(self, state: str, *, code: str = "", why: str = "") -> list[str]:
        """The account is online, offline or waiting from now on."""
        here = self.about(Place("", "account"))
        return await self.happens(AccountChanged(**here, state=state, code=code, why=why))  # type: ignore[arg-type]

    async def says(self, who: str, text: str, room: str | None = FAR_CLASS) -> list[str]:
        """Somebody writes here."""
        place = Place(who, "private", who) if room is None else Place(room, "group", room)
        here = self.about(place)
        said = Message(**here, native=str(here["key"]), sender=Sender(who, who), text=text)  # type: ignore[arg-type]
        return await self.happens(said)

    async def asks_to_be_friends(self, who: str, hello: str = "") -> list[str]:
        """Somebody wishes to be a contact."""
        here = self.about(Place(who, "private", who))
        asked = FriendAsked(**here, sender=Sender(who, who), request=f"wish of {who}", hello=hello)  # type: ignore[arg-type]
        return await self.happens(asked)

    async def is_contact(self, who: str, *, contact: bool = True) -> list[str]:
        """Somebody is a contact from now on, or no more."""
        here = self.about(Place(who, "private", who))
        return await self.happens(ContactChanged(**here, who=Sender(who, who), contact=contact))  # type: ignore[arg-type]

    async def invites(self, who: str, title: str) -> list[str]:
        """Somebody invites the bot into a group."""
        here = self.about(Place(who, "private", who))
        return await self.happens(RoomOffered(**here, sender=Sender(who, who), offer="an offer", title=title))  # type: ignore[arg-type]

    async def opens(self, room: str) -> list[str]:
        """The bot is in a group now."""
        here = self.about(Place(room, "group", room))
        return await self.happens(BotChanged(**here, role="member", rights=("read",)))  # type: ignore[arg-type]


def together(tx: Transaction) -> None:
    """All rooms are of one community; the second one is its staff room."""
    tx.run("UPDATE room SET community = 1 WHERE kind = 'group'")
    staff = tx.value("SELECT id FROM room WHERE native = :native", {"native": STAFF})
    communities.set_staff_room(tx, 1, staff)


@asynccontextmanager
async def two_platforms(
    folder: Path,
    *,
    now: str = "2026-05-04 09:00",
    config: str = "",
    friends: str = "members",
    rooms: str = "everybody",
    joined: bool = True,
) -> AsyncIterator[tuple[Stage, Second]]:
    """A class and its staff room on one platform; on the other a class of the same community, if `joined`."""
    welcome = f'[wechat]\nfriends = "{friends}"\nrooms = "{rooms}"\n'
    async with a_stage(folder, now=now, config=f"{config}\n{welcome}") as stage:
        second, engine = Second(stage), stage.engine
        engine.add(second)
        for room in (CLASS, STAFF):
            await stage.opens(room)
        if joined:
            await second.opens(FAR_CLASS)
        await engine.database.write(together)
        engine.pipeline.memory.clear()
        await stage.joins("班主任", "admin", CLASS)
        await stage.joins("班主任", "owner", STAFF)
        await stage.says("班主任", "/start", room=None)
        await stage.says("小林", "早", room=CLASS)
        stage.heard()
        second.sent.clear()
        yield stage, second


def told(platform: StagePlatform, place: str, since: int = 0) -> list[Sent]:
    """What was said in a place."""
    return [one for one in platform.sent[since:] if one.place == place]
