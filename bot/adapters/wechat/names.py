"""Who is who: people are known by id, and shown by the name they have in the room."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
from grpclib import GRPCError
from wechaty_grpc.wechaty import puppet as pb

from bot.adapters.wechat.client import FAULTS
from bot.adapters.wechat.remembered import Remembered
from bot.core.events import Sender

if TYPE_CHECKING:
    from bot.adapters.wechat.client import Client

SECONDS = 5.0
"""How long a name may take: without one a message is read all the same."""

GLANCE = 1.0
"""Seconds that a message may be held up by the question whether its sender may be written to."""

MOST_PEOPLE, MOST_ROOMS, MOST_MEMBERS = 20_000, 1_000, 600
"""How many are kept; a room has at most 500 members."""

LONGEST_NAME, LONGEST_TITLE = 64, 128
"""Characters; WeChat itself allows fewer."""

OFFICIAL = 2
"""The type of accounts that are no persons, but newspapers, shops and WeChat itself."""

SERVICES = frozenset(
    {"weixin", "fmessage", "medianote", "floatbottle", "filehelper", "newsapp", "notifymessage"}
)


class Person(msgspec.Struct, frozen=True):
    """An account as its owner describes it. `friend`: whether it may be written to."""

    name: str
    official: bool
    friend: bool


class Member(msgspec.Struct, frozen=True):
    """How somebody is called in a room, and outside."""

    nickname: str
    name: str


class Group(msgspec.Struct, frozen=True):
    """A room as the gateway describes it."""

    title: str
    owner: str
    admins: frozenset[str]
    members: tuple[str, ...]

    def role(self, native: str) -> str:
        """Somebody's standing there."""
        if native == self.owner:
            return "owner"
        return "admin" if native in self.admins else "member"


NOBODY = Group("", "", frozenset(), ())


class Names:
    """Names and rooms, asked for once and kept until the gateway says that they changed."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._people = Remembered(self._ask_person, MOST_PEOPLE)
        self._groups = Remembered(self._ask_group, MOST_ROOMS)
        self._members: dict[str, Remembered[str, Member]] = {}
        self._last: dict[str, str] = {}
        """The last name each had in a room."""
        self._introduced: set[str] = set()
        """Of whom it was told whether they may be written to."""

    async def _ask_person(self, native: str) -> Person:
        found = await self._client.stub.contact_payload(pb.ContactPayloadRequest(id=native), timeout=SECONDS)
        return Person(found.name[:LONGEST_NAME], int(found.type) == OFFICIAL, found.friend)

    async def _ask_group(self, room: str) -> Group:
        found = await self._client.stub.room_payload(pb.RoomPayloadRequest(id=room), timeout=SECONDS)
        return Group(
            found.topic[:LONGEST_TITLE], found.owner_id, frozenset(found.admin_ids), tuple(found.member_ids)
        )

    async def _ask_member(self, room: str, native: str) -> Member:
        asked = pb.RoomMemberPayloadRequest(id=room, member_id=native)
        found = await self._client.stub.room_member_payload(asked, timeout=SECONDS)
        return Member(found.room_alias[:LONGEST_NAME], found.name[:LONGEST_NAME])

    async def person(self, native: str) -> Person:
        """An account, whoever it is. Raises one of FAULTS."""
        return await self._people.get(native)

    def known_person(self, native: str) -> Person | None:
        """An account, if it was asked for before."""
        return self._people.known(native)

    async def friendship(self, native: str) -> bool | None:
        """Whether somebody may be written to, once of each; None when it was told, or cannot be had soon."""
        if native in self._introduced:
            return None
        try:
            async with asyncio.timeout(GLANCE):
                found = await self.person(native)
        except FAULTS:
            return None
        self.introduced(native)
        return found.friend

    def introduced(self, native: str) -> None:
        """It was told whether somebody may be written to; changes are told by themselves."""
        if len(self._introduced) >= MOST_PEOPLE:
            self._introduced.clear()
        self._introduced.add(native)

    async def group(self, room: str) -> Group:
        """A room. Raises one of FAULTS."""
        return await self._groups.get(room)

    async def group_or_nobody(self, room: str) -> Group:
        """A room; one without name and members when the gateway does not tell."""
        try:
            return await self._groups.get(room)
        except FAULTS:
            return NOBODY

    async def member(self, room: str, native: str) -> Member:
        """How somebody is called in a room. Raises one of FAULTS."""
        members = self._members.get(room)
        if members is None:
            members = Remembered(lambda one: self._ask_member(room, one), MOST_MEMBERS)
            self._members[room] = members
            if len(self._members) > MOST_ROOMS:
                del self._members[next(iter(self._members))]
        return await members.get(native)

    async def learn(self, room: str, native: str) -> None:
        """Ask for all that is known of a member. Raises one of FAULTS, unless it is about this one alone."""
        with suppress(GRPCError):
            await self.member(room, native)
        with suppress(GRPCError):
            await self.person(native)

    async def in_room(self, room: str, native: str) -> Sender:
        """Somebody who acts in a room, under the name they have there, or the last that is known."""
        try:
            member = await self.member(room, native)
            name = member.nickname or member.name
        except FAULTS:
            name = ""
        if not name:
            return await self.alone(native)
        self._keep_last(native, name)
        return Sender(native, name)

    def _keep_last(self, native: str, name: str) -> None:
        self._last.pop(native, None)
        self._last[native] = name
        if len(self._last) > MOST_PEOPLE:
            del self._last[next(iter(self._last))]

    async def alone(self, native: str) -> Sender:
        """Somebody in private, under the last name they had in a room, or their own."""
        try:
            person = await self.person(native)
        except FAULTS:
            person = Person("", official=False, friend=False)
        is_bot = person.official or native in SERVICES or native.startswith("gh_")
        return Sender(native, self._last.get(native) or person.name, is_bot=is_bot)

    async def called(self, room: str, native: str) -> frozenset[str]:
        """All names by which somebody may be addressed in a room."""
        try:
            member = await self.member(room, native)
        except FAULTS:
            return frozenset()
        return frozenset({member.nickname, member.name} - {""})

    def bearers(self, room: str, name: str) -> list[str]:
        """Who is known to have this name in a room."""
        members = self._members.get(room)
        known = [] if members is None else members.all_known()
        return [native for native, member in known if name in {member.nickname, member.name}]

    def forget_person(self, native: str) -> None:
        """Somebody changed how they are called, or whether they are a friend."""
        self._people.forget(native)
        self._introduced.discard(native)
        for members in self._members.values():
            members.forget(native)

    def forget_room(self, room: str) -> None:
        """A room changed, or how its members are called there."""
        self._groups.forget(room)
        self._members.pop(room, None)

    def forget_member(self, room: str, native: str) -> None:
        """Somebody came or went."""
        self._groups.forget(room)
        members = self._members.get(room)
        if members is not None:
            members.forget(native)

    def forget_group(self, room: str) -> None:
        """Who is in a room is to be asked anew; how its members are called there is told when it changes."""
        self._groups.forget(room)

    def forget_groups(self) -> None:
        """It is to be asked anew who is in which room."""
        self._groups.clear()

    def forget_all(self) -> None:
        """Changes may have been missed."""
        self._people.clear()
        self._groups.clear()
        self._members.clear()
        self._introduced.clear()
