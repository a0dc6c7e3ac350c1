"""What is heard, brought in: every event in its turn, in batches that say how far all is known."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import msgspec

from bot.adapters.wechat.account import Account
from bot.adapters.wechat.decode import BOT, Spoken, bot_changed, spoken
from bot.adapters.wechat.lanes import Lanes
from bot.adapters.wechat.names import Names
from bot.adapters.wechat.quotes import Recent
from bot.adapters.wechat.raw import Dirty, Kind, Told, decode_told, error_line
from bot.adapters.wechat.reading import Reading, undecodable
from bot.adapters.wechat.roster import Roster
from bot.adapters.wechat.stream import Stream
from bot.adapters.wechat.watch import Watch
from bot.core.events import AccountChanged, Batch, BotChanged, Event, RoomListed
from storage.failures import DiskFull

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    from bot.adapters.wechat.client import Client
    from bot.adapters.wechat.stream import Patience
    from bot.core.clock import Clock
    from bot.core.platforms import Intake

    Read: TypeAlias = "Spoken | Sequence[Event]"

log = logging.getLogger("banzhang.wechat")

AT_A_TIME = 500
"""Things in one batch."""

TICK, SHORT_TICK = 1.0, 0.1
"""Seconds between two looks when nothing happens, and while something waits to be read."""

DISK_WAIT = 5.0

MOVES = frozenset({Kind.ROOM_JOIN, Kind.ROOM_LEAVE})
OF_ACCOUNT = frozenset({Kind.LOGIN, Kind.LOGOUT, Kind.SCAN})
READ = frozenset({Kind.MESSAGE, Kind.FRIENDSHIP, Kind.ROOM_INVITE, Kind.ROOM_TOPIC, *MOVES})
"""Kinds of events that become events of Banzhang once they are read."""


class Listening:
    """One gateway's events, from the stream to the intake."""

    def __init__(self, client: Client, clock: Clock, patience: Patience) -> None:
        self._client = client
        self._clock = clock
        self._patience = patience
        self.watch = Watch(clock)
        self.names = Names(client)
        self.account = Account(self.watch, clock)
        self._lanes: Lanes[Read] = Lanes()
        self._recent = Recent()
        self.roster = Roster(client, self.names, self.account, clock, self._put, patience.settled)
        self._reading = Reading(client, self.names, self.account, self.roster.met, patience.reading)
        self.stream = Stream(client, self.watch, clock, patience, self._take, self._connected, self._silent)
        self._unlisted: asyncio.TimerHandle | None = None

    async def run(self, intake: Intake) -> None:
        """Bring events in until cancelled."""
        self.watch.begin(await intake.cursor(BOT, ""))
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.stream.run())
                group.create_task(self.roster.run())
                group.create_task(self._bring(intake))
        finally:
            self._list_at(None)
            await self._lanes.clear()

    # What the stream tells.

    def _connected(self) -> None:
        """Events come in again: what is known of names may be out of date."""
        self.account.connected()
        self.names.forget_all()

    def _silent(self) -> None:
        self._put_account(self.account.silent())

    async def _take(self, kind: int, payload: str) -> None:
        """One event of the stream."""
        await self._lanes.space()
        now, payload = self._clock.now(), self._client.without_token(payload)
        try:
            told = decode_told(payload)
        except (msgspec.DecodeError, UnicodeEncodeError) as error:
            if kind in READ:
                self._put("", [undecodable(payload, str(error), now)])
            return
        if kind in READ:
            self._read(kind, told, payload, now)
        elif kind in OF_ACCOUNT:
            self._put_account(self.account.heard(kind, told))
            if kind == Kind.LOGIN:
                self._list_at(self._patience.ready)
        else:
            self._note(kind, told, payload, now)

    def _read(self, kind: int, told: Told, payload: str, now: int) -> None:
        if kind in MOVES:
            self.roster.moved(told.room_id)
            for native in (*told.invitee_id_list, *told.removee_id_list):
                self.names.forget_member(told.room_id, native)
            if self.account.native in told.invitee_id_list:
                self.roster.look(told.room_id)
        lane = told.room_id or told.friendship_id or told.room_invitation_id or told.payload_id
        self._lanes.add(now, lane or None, lambda entry: self._reading.read(kind, told, payload, entry))

    def _note(self, kind: int, told: Told, payload: str, now: int) -> None:
        """What is no event of Banzhang's."""
        if kind == Kind.READY:
            self._list_at(0.0)
        elif kind == Kind.ERROR:
            log.warning("the gateway of WeChat tells of an error: %s", error_line(told))
        elif kind == Kind.DIRTY and told.payload_type in {Dirty.ROOM, Dirty.ROOM_MEMBER}:
            self.names.forget_room(told.payload_id)
        elif kind == Kind.DIRTY and told.payload_type == Dirty.CONTACT:
            self._read(kind, told, payload, now)

    def _list_at(self, seconds: float | None) -> None:
        """Look at all rooms in so many seconds, unless the gateway says sooner that it knows them all."""
        if self._unlisted is not None:
            self._unlisted.cancel()
            self._unlisted = None
        if seconds is not None:
            loop = asyncio.get_running_loop()
            self._unlisted = loop.call_later(seconds, self.roster.look_at_all)

    def _put(self, room: str, events: Sequence[Event]) -> None:
        self._lanes.put(self._clock.now(), room, events)

    def _put_account(self, changed: AccountChanged | None) -> None:
        if changed is not None:
            self._put("", [changed])

    # What the intake gets.

    async def _bring(self, intake: Intake) -> None:
        while True:
            await self._rest()
            things = self._lanes.release(AT_A_TIME)
            events = [event for thing in things for event in self._events(thing)]
            stretch = self.watch.stretch(self._lanes.oldest)
            if events or stretch.caught_up_to is not None:
                batch = Batch(BOT, self._met(events), **msgspec.structs.asdict(stretch))
                await self._commit(intake, batch)
                self.watch.committed(stretch)

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(SHORT_TICK if len(self._lanes) else TICK):
                await self._lanes.woken.wait()
        except TimeoutError:
            return
        finally:
            self._lanes.woken.clear()

    def _events(self, thing: Read) -> Sequence[Event]:
        return spoken(thing, self._recent) if isinstance(thing, Spoken) else thing

    def _met(self, events: Iterable[Event]) -> Sequence[Event]:
        """The events, and before the first one of a room that the account is in that room.

        Lists come without: they may be of a room that is known under another id (see Roster).
        """
        found: list[Event] = []
        met = self.roster.met
        for event in events:
            native = event.place.native
            if event.place.kind == "group" and not isinstance(event, RoomListed):
                if isinstance(event, BotChanged) and event.role == "left":
                    met.discard(native)
                elif native not in met:
                    met.add(native)
                    if not isinstance(event, BotChanged):
                        key = f"in:{native}:{self._clock.now()}"
                        found.append(bot_changed(event.place, event.at, key, joined=True))
            found.append(event)
        return found

    async def _commit(self, intake: Intake, batch: Batch) -> None:
        """Commit a batch, however long the disk is full."""
        while True:
            try:
                return await intake.take(batch)
            except DiskFull:
                log.error("the disk is full: nothing new is taken until there is room")  # noqa: TRY400
                await self._clock.sleep(DISK_WAIT)
