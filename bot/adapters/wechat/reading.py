"""From what a gateway tells to events, where that takes asking: it only names what happened."""

from __future__ import annotations

import asyncio
import logging
import zlib
from typing import TYPE_CHECKING

from wechaty_grpc.wechaty import puppet as pb

from bot.adapters.wechat.client import FAULTS
from bot.adapters.wechat.decode import (
    ACCOUNT,
    BOT,
    LONGEST_TEXT,
    Spoken,
    bot_changed,
    contact_changed,
    group,
    instant,
    private,
)
from bot.adapters.wechat.quotes import read_quote
from bot.adapters.wechat.raw import Friendship, Kind
from bot.core.events import (
    ContactChanged,
    Event,
    FriendAsked,
    MemberChanged,
    RoomOffered,
    RoomRenamed,
    Seat,
    Sender,
    StaffListed,
    Undecodable,
)

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from typing import TypeAlias

    from bot.adapters.wechat.account import Account
    from bot.adapters.wechat.client import Client
    from bot.adapters.wechat.lanes import Entry
    from bot.adapters.wechat.names import Names
    from bot.adapters.wechat.raw import Told
    from bot.core.events import Place

    Read: TypeAlias = "Spoken | Sequence[Event]"

log = logging.getLogger("banzhang.wechat")

SECONDS = 10.0
"""How long what a message says may be asked for, all tries together."""

PAUSES = (0.2, 1.0, 3.0)
"""Seconds before another try."""

AT_ONCE = 64
"""Things that are asked for at a time."""


class Reading:
    """Asks for what the gateway's events only name. Nothing here raises: what fails is kept as it came."""

    def __init__(
        self, client: Client, names: Names, account: Account, met: Container[str], seconds: float = SECONDS
    ) -> None:
        """`met`: the rooms of which something was told before."""
        self._client = client
        self._names = names
        self._account = account
        self._met = met
        self._seconds = seconds
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def read(self, kind: int, told: Told, payload: str, entry: Entry[Read]) -> Read:
        """What an event says."""
        try:
            async with self._slots, asyncio.timeout(self._seconds):
                return await self._read(kind, told, entry)
        except Exception as error:  # noqa: BLE001 - a gateway may answer with anything; the others go on
            return [undecodable(payload, self._client.says(error), entry.arrived_at)]

    async def _read(self, kind: int, told: Told, entry: Entry[Read]) -> Read:
        if kind == Kind.MESSAGE:
            return await self._message(told.message_id, entry)
        if kind == Kind.DIRTY:
            return await self._contact(told.payload_id, entry.arrived_at)
        if kind == Kind.FRIENDSHIP:
            return await self._friendship(told.friendship_id, entry.arrived_at)
        if kind == Kind.ROOM_INVITE:
            return await self._offer(told.room_invitation_id, entry.arrived_at)
        if kind == Kind.ROOM_TOPIC:
            return self._renamed(told, instant(told.timestamp, entry.arrived_at))
        return await self._members(kind, told, instant(told.timestamp, entry.arrived_at))

    # Messages.

    async def _message(self, native: str, entry: Entry[Read]) -> Read:
        found = await self._payload(native)
        found.text = found.text[:LONGEST_TEXT]
        me = self._account.native
        entry.room = found.room_id or (found.listener_id if found.talker_id == me else found.talker_id)
        at = instant(found.receive_time, entry.arrived_at)
        own = found.talker_id == me
        if own:
            self._client.heard(entry.room, found.filename or found.text, native)
        if not found.talker_id or found.talker_id == found.room_id:
            return ()
        place, sender = await self._where_and_who(found, entry.room)
        is_room = bool(found.room_id)
        quote = read_quote(found.text) if is_room else None
        return Spoken(
            native=native,
            kind=int(found.type),
            at=at,
            place=place,
            sender=Sender(me, sender.name, is_bot=True) if own else sender,
            names=await self._names.called(entry.room, found.talker_id) if is_room else frozenset(),
            text=found.text,
            filename=found.filename,
            own=own,
            mentions_bot=me in found.mention_ids,
            bot_names=await self._bot_names(entry.room) if is_room and "@" in found.text else frozenset(),
            named=None if quote is None else self._named(entry.room, quote.name),
            staff=await self._staff(entry.room, entry.arrived_at) if is_room else None,
            contact=await self._introduced(sender, entry.arrived_at) if is_room and not own else None,
        )

    async def _payload(self, native: str) -> pb.MessagePayloadResponse:
        """What a message says; a gateway that stumbles is asked again. Raises one of FAULTS."""
        asked = pb.MessagePayloadRequest(id=native)
        for pause in PAUSES:
            try:
                return await self._client.stub.message_payload(asked, timeout=self._seconds)
            except FAULTS:
                await asyncio.sleep(pause)
        return await self._client.stub.message_payload(asked, timeout=self._seconds)

    async def _where_and_who(self, found: pb.MessagePayloadResponse, room: str) -> tuple[Place, Sender]:
        if found.room_id:
            known = await self._names.group_or_nobody(room)
            return group(room, known.title), await self._names.in_room(room, found.talker_id)
        other = await self._names.alone(room)
        return private(other), other

    async def _introduced(self, sender: Sender, at: int) -> ContactChanged | None:
        """Whether somebody new here may be written to: a list of all in the room takes a while."""
        friend = await self._names.friendship(sender.native)
        return None if friend is None else contact_changed(sender, at, contact=friend)

    async def _bot_names(self, room: str) -> frozenset[str]:
        return await self._names.called(room, self._account.native)

    def _named(self, room: str, name: str) -> Sender | None:
        """Who alone is called so in a room."""
        bearers = self._names.bearers(room, name)
        if len(bearers) != 1:
            return None
        return Sender(bearers[0], name, is_bot=bearers[0] == self._account.native)

    # Rooms.

    async def _members(self, kind: int, told: Told, at: int) -> Sequence[Event]:
        """Somebody came or went; `by` is who did it, unless they did it themselves."""
        joined = kind == Kind.ROOM_JOIN
        whom = told.invitee_id_list if joined else told.removee_id_list
        actor = told.inviter_id if joined else told.remover_id
        room = await self._names.group_or_nobody(told.room_id)
        by = await self._sender(told.room_id, actor) if actor and actor not in whom else None
        events: list[Event] = []
        for native in whom:
            role = room.role(native) if joined else "left"
            key = f"c:{told.room_id}:{native}:{at}:{role if role == 'left' else 'here'}"
            place = group(told.room_id, room.title)
            if native == self._account.native:
                events.append(bot_changed(place, at, key, joined=joined, by=by))
                staff = await self._staff(told.room_id, at) if joined else None
                events += [] if staff is None else [staff]
            else:
                who = await self._names.in_room(told.room_id, native)
                events.append(MemberChanged(bot=BOT, key=key, at=at, place=place, who=who, role=role, by=by))
        return events

    async def _staff(self, room: str, at: int) -> StaffListed | None:
        """Who looks after a room that is new here, where the gateway tells: a list of all takes a while."""
        known = await self._names.group_or_nobody(room)
        if not known.owner or room in self._met:
            return None
        natives = dict.fromkeys([known.owner, *sorted(known.admins)])
        seats = [
            Seat(await self._names.in_room(room, native), known.role(native))
            for native in natives
            if native != self._account.native
        ]
        key = f"staff:{room}:{at}"
        return StaffListed(bot=BOT, key=key, at=at, place=group(room, known.title), seats=tuple(seats))

    async def _sender(self, room: str, native: str) -> Sender:
        found = await self._names.in_room(room, native)
        return Sender(native, found.name, is_bot=found.is_bot or native == self._account.native)

    def _renamed(self, told: Told, at: int) -> Sequence[Event]:
        key = f"t:{told.room_id}:{at}:{zlib.crc32(told.new_topic.encode())}"
        return (RoomRenamed(bot=BOT, key=key, at=at, place=group(told.room_id, told.new_topic)),)

    # Friends and invitations.

    async def _friendship(self, native: str, at: int) -> Sequence[Event]:
        asked = pb.FriendshipPayloadRequest(id=native)
        found = await self._client.stub.friendship_payload(asked, timeout=self._seconds)
        sender = await self._names.alone(found.contact_id)
        kind, place = int(found.type), private(sender)
        if kind == Friendship.RECEIVE:
            return (
                FriendAsked(
                    bot=BOT,
                    key=f"f:{native}",
                    at=at,
                    place=place,
                    sender=sender,
                    request=native,
                    hello=found.hello,
                ),
            )
        if kind not in {Friendship.CONFIRM, Friendship.VERIFY}:
            return ()
        self._names.introduced(found.contact_id)
        return (contact_changed(sender, at, contact=kind == Friendship.CONFIRM),)

    async def _offer(self, native: str, at: int) -> Sequence[Event]:
        asked = pb.RoomInvitationPayloadRequest(id=native)
        found = await self._client.stub.room_invitation_payload(asked, timeout=self._seconds)
        sender = await self._names.alone(found.inviter_id)
        key = f"i:{native}"
        return (
            RoomOffered(
                bot=BOT, key=key, at=at, place=private(sender), sender=sender, offer=native, title=found.topic
            ),
        )

    async def _contact(self, native: str, at: int) -> Sequence[Event]:
        """Whether an account that changed may be written to now, if that is new."""
        before = self._names.known_person(native)
        self._names.forget_person(native)
        if before is None or native == self._account.native:
            return ()
        try:
            now = await self._names.person(native)
        except FAULTS:
            return ()
        if now.friend == before.friend:
            return ()
        self._names.introduced(native)
        return (contact_changed(await self._names.alone(native), at, contact=now.friend),)


def undecodable(payload: str, error: str, at: int) -> Undecodable:
    """An event that could not be read, as it came."""
    key = f"x:{zlib.crc32(payload.encode('utf-8', 'replace'))}:{at}"
    return Undecodable(bot=BOT, key=key, at=at, place=ACCOUNT, raw=payload, error=error)
