"""Who is in which room: asked for after each login and return, and now and then, gently."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import msgspec
from grpclib import GRPCError
from wechaty_grpc.wechaty import puppet as pb

from bot.adapters.wechat.client import FAULTS
from bot.adapters.wechat.decode import ACCOUNT, BOT, bot_changed, group
from bot.core.events import RoomListed, RoomsListed, Seat

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.adapters.wechat.account import Account
    from bot.adapters.wechat.client import Client
    from bot.adapters.wechat.names import Group, Names
    from bot.core.clock import Clock
    from bot.core.events import Event

log = logging.getLogger("banzhang.wechat")

EVERY, AGAIN = 6 * 3_600.0, 120.0
"""Seconds between two looks at all rooms when nothing calls for one, and after a look that failed."""

CONFIRM = 400.0
"""Seconds after which all is asked once more: lists may be short, and nothing is done by one alone."""

SETTLED = 2.0
"""Seconds after which a gateway has taken in that somebody came or went."""

AT_ONCE = 4
"""Members that are asked for at a time: a look must hold up no message."""

TRIES = 5


class Roster:
    """Looks who is in the rooms; `tell` is given what is found, with the room (empty: of all)."""

    def __init__(
        self,
        client: Client,
        names: Names,
        account: Account,
        clock: Clock,
        tell: Callable[[str, Sequence[Event]], None],
        settled: float = SETTLED,
    ) -> None:
        self._client = client
        self._names = names
        self._account = account
        self._clock = clock
        self._tell = tell
        self._settled = settled
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._moved: dict[str, float] = {}
        """When somebody last came to a room or left it, by the machine's own clock."""
        self._listed: dict[str, RoomListed] = {}
        """The lists of rooms that were new here when they were counted."""
        self._wanted: set[str] = set()
        self._all_wanted = self._again_wanted = False
        self._woken = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self.met: set[str] = set()
        """The rooms of which something was told, so that the account is in them."""

    def look(self, room: str) -> None:
        """Let a room be looked at soon."""
        self._wanted.add(room)
        self._woken.set()

    def look_at_all(self) -> None:
        """Let all rooms be looked at soon."""
        self._all_wanted = True
        self._woken.set()

    def moved(self, room: str) -> None:
        """Somebody came or went: what is being read of that room at this moment may be out of date."""
        self._moved[room] = asyncio.get_running_loop().time()

    async def run(self) -> None:
        """Look when it is called for, until cancelled. What cannot be read now is read a while later."""
        try:
            while True:
                await self._called_for()
                try:
                    await self._look()
                except FAULTS as error:
                    log.warning("the member lists cannot be read: %s", self._client.says(error))
                    self._later(AGAIN, self.look_at_all)
        finally:
            self._later(0.0, None)

    async def _called_for(self) -> None:
        try:
            async with asyncio.timeout(EVERY):
                await self._woken.wait()
        except TimeoutError:
            self._all_wanted = True
        self._woken.clear()

    def _later(self, seconds: float, call: Callable[[], None] | None) -> None:
        """Call something then, instead of what was to be called before."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if call is None else asyncio.get_running_loop().call_later(seconds, call)

    def _look_again(self) -> None:
        self._again_wanted = True
        self._woken.set()

    async def _look(self) -> None:
        if self._all_wanted:
            self._all_wanted = self._again_wanted = False
            self._later(CONFIRM, self._look_again)
            self._names.forget_all()
            await self._rooms()
        elif self._again_wanted:
            self._again_wanted = False
            await self._rooms()
        await self._asked_for()

    async def _asked_for(self) -> None:
        while self._wanted:
            await self._room(self._wanted.pop())

    async def _rooms(self) -> None:
        """Tell which rooms there are, and who is in them; then that the account is in those new here.

        These are told of once more after that. Thus a known room whose id changed is recognised by its list
        before it can be taken for a new one.
        """
        self._listed.clear()
        inside = await self._tell_rooms()
        for room in inside:
            await self._asked_for()
            await self._room(room)
        for room in [room for room in inside if room in self._listed or room not in self.met]:
            self._arrive(room)

    async def _tell_rooms(self) -> list[str]:
        """Tell which rooms the account is in; those of them that the gateway knows of."""
        self._names.forget_groups()
        rooms, inside = await self._inside()
        self.met.difference_update(set(rooms) - set(inside))
        at = self._clock.now()
        natives = tuple(dict.fromkeys([*inside, *self.met]))
        self._tell("", [RoomsListed(bot=BOT, key=f"rooms:{at}", at=at, place=ACCOUNT, natives=natives)])
        return inside

    def _arrive(self, room: str) -> None:
        listed, at = self._listed.get(room), self._clock.now()
        place = group(room) if listed is None else listed.place
        events: list[Event] = [bot_changed(place, at, f"in:{room}:{at}", joined=True)]
        if listed is not None:
            events.append(msgspec.structs.replace(listed, key=f"again:{room}:{at}"))
        self._tell(room, events)

    async def _inside(self) -> tuple[list[str], list[str]]:
        """All rooms, and those that the account is in, once nobody came or went meanwhile."""
        for _ in range(TRIES):
            began = asyncio.get_running_loop().time()
            answer = await self._client.stub.room_list(pb.RoomListRequest())
            rooms = list(dict.fromkeys([*answer.ids, *self.met]))
            inside = [room for room in rooms if await self._is_inside(room, is_listed=room in answer.ids)]
            if max(self._moved.values(), default=0.0) < began:
                break
            await asyncio.sleep(self._settled)
        return rooms, inside

    async def _is_inside(self, room: str, *, is_listed: bool) -> bool:
        """Whether the account is in a room. A list may hold some that it has left, and lack others."""
        try:
            members = (await self._names.group(room)).members
        except GRPCError:
            return is_listed
        return self._account.native in members if members else is_listed

    async def _room(self, room: str) -> None:
        """Look at one room. Raises one of FAULTS, unless it is about this room alone."""
        try:
            await self._count(room)
        except GRPCError as error:
            log.warning("the member list of a room cannot be read: %s", self._client.says(error))

    async def _count(self, room: str) -> None:
        """Tell who is in a room, once nobody came or went while they were counted. Raises one of FAULTS.

        A list without the account itself is not one of a room that it is in, or is not whole.
        """
        for _ in range(TRIES):
            loop = asyncio.get_running_loop()
            await asyncio.sleep(max(0.0, self._moved.get(room, 0.0) + self._settled - loop.time()))
            began = loop.time()
            self._names.forget_group(room)
            answer = await self._client.stub.room_member_list(pb.RoomMemberListRequest(id=room))
            if self._account.native not in answer.member_ids:
                return
            known = await self._names.group(room)
            seats = await self._seats(room, known, answer.member_ids)
            if self._moved.get(room, 0.0) < began:
                self._found(room, known, seats)
                return

    def _found(self, room: str, known: Group, seats: Sequence[Seat]) -> None:
        at, place = self._clock.now(), group(room, known.title)
        listed = RoomListed(bot=BOT, key=f"seats:{room}:{at}", at=at, place=place, seats=tuple(seats))
        if room not in self.met:
            self._listed[room] = listed
        self._tell(room, [listed])

    async def _seats(self, room: str, known: Group, members: Sequence[str]) -> list[Seat]:
        others = dict.fromkeys(native for native in members if native != self._account.native)
        return await asyncio.gather(*(self._seat(room, known, native) for native in others))

    async def _seat(self, room: str, known: Group, native: str) -> Seat:
        async with self._slots:
            await self._names.learn(room, native)
            who = await self._names.in_room(room, native)
            person = self._names.known_person(native)
        return Seat(who, known.role(native), None if person is None else person.friend)
