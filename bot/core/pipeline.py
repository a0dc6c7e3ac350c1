"""The way in: a batch of events, one call on the writer's thread, one commit, then the acknowledgement."""

from __future__ import annotations

import logging
import traceback
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import msgspec

from bot.core import again, looking, roster
from bot.core.again import Lists
from bot.core.context import Context
from bot.core.desk import Desk
from bot.core.dispatch import Dispatch
from bot.core.events import (
    AccountChanged,
    Batch,
    BotChanged,
    ButtonPressed,
    ContactChanged,
    Event,
    MemberChanged,
    Message,
    Reacted,
    RoomListed,
    RoomMoved,
    RoomRenamed,
    RoomsListed,
    StaffListed,
    Undecodable,
)
from bot.core.feature import Signal
from bot.core.jobs import plan_jobs
from bot.core.meeting import meet
from bot.core.memory import Memory
from bot.core.moving import move
from bot.core.port import Can
from rules.facts import RightsChanged, RoomOpened
from storage import communities, inbox, rooms
from storage.failures import StorageFails

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.core.clock import Clock
    from bot.core.house import House
    from storage.db import Database, Transaction
    from storage.people import Account
    from storage.rooms import Room

Result = TypeVar("Result")
log = logging.getLogger("banzhang.pipeline")

EARLIEST = 946_684_800_000
"""The year 2000, UTC milliseconds: an event that says it is older has no time of its own."""


class Pipeline:
    """Takes what platforms heard, and lets the features answer, each batch in one transaction."""

    def __init__(self, database: Database, house: House, clock: Clock) -> None:
        self.database = database
        self.house = house
        self.clock = clock
        self._dispatch = Dispatch(house.features, house.usernames)
        self.memory = Memory()
        self.lists = self._lists_before = Lists()
        self.caught_up: dict[str, int] = {}
        """Up to when all that each bot's stream told is durable, UTC milliseconds."""
        self._watched: dict[str, int] = {}
        self.wake: Callable[[set[str]], None] = lambda _woken: None
        """Called with the bots that have something to send (and "jobs") after a commit."""

    # What platforms call.

    async def take(self, batch: Batch) -> None:
        """Commit a batch; returns only after it is durable. Raises DiskFull when there is no room for it."""
        try:
            await self.work(lambda desk: self._run(desk, batch))
        except StorageFails:
            raise
        except Exception:
            log.exception("a batch of %d events failed; running them one at a time", len(batch.events))
            await self.work(lambda desk: self._run_singly(desk, batch))
        if batch.caught_up_to is not None:
            self.caught_up[batch.bot] = batch.caught_up_to

    async def cursor(self, bot: str, source: str) -> str | None:
        """Where that stream stood at the last commit."""
        return await self.database.read(lambda tx: inbox.cursor(tx, bot, source))

    async def work(self, task: Callable[[Desk], Result]) -> Result:
        """Run a task in one transaction with a desk of its own, then wake who has something to do."""
        desks: list[Desk] = []

        def transact(tx: Transaction) -> Result:
            self._lists_before = self.lists.copy()
            desk = Desk(self.house, self.memory, tx, self.clock.now())
            desks.append(desk)
            result = task(desk)
            desk.flush()
            return result

        result = await self.database.write(transact, self._forget)
        if desks[0].woken:
            self.wake(desks[0].woken)
        return result

    def _forget(self) -> None:
        """What was remembered may stand on rows that were undone; of lists all is as it was before."""
        self.memory.clear()
        self._watched.clear()
        self.lists = self._lists_before

    # Inside the transaction.

    def _run(self, desk: Desk, batch: Batch) -> None:
        desk.coming = events = self._fresh(desk, batch)
        desk.meet = partial(meet, desk, batch.bot, events)
        for event in events:
            self._one(desk, event)
        self._keep_stream(desk, batch)

    def _run_singly(self, desk: Desk, batch: Batch) -> None:
        for event in self._fresh(desk, batch):
            lists = self.lists.copy()
            try:
                desk.part(self._alone, desk, event)
            except StorageFails:
                raise
            except Exception:  # noqa: BLE001 - whatever a bug raises, its event is kept and the others go on
                self.lists = lists
                self._bury(desk, event)
        self._keep_stream(desk, batch)

    def _alone(self, desk: Desk, event: Event) -> None:
        """Handle one event; what it leaves must fail here, not under the next one."""
        self._one(desk, event)
        desk.flush()
        desk.tx.catch_up()

    def _fresh(self, desk: Desk, batch: Batch) -> Sequence[Event]:
        """The events not counted before, noted as counted; of several with one key the first."""
        keys = [event.key for event in batch.events]
        if inbox.all_fresh(desk.tx, batch.bot, keys, desk.now):
            return batch.events
        fresh = inbox.fresh(desk.tx, batch.bot, keys, desk.now)
        events = []
        for event in batch.events:
            if event.key in fresh:
                fresh.remove(event.key)
                events.append(event)
        return events

    def _keep_stream(self, desk: Desk, batch: Batch) -> None:
        if batch.cursor is not None:
            inbox.set_cursor(desk.tx, batch.bot, batch.source, batch.cursor)
        if batch.caught_up_to is not None:
            self._observe(desk, batch, batch.caught_up_to)

    def _observe(self, desk: Desk, batch: Batch, until: int) -> None:
        """Everything up to now is known: jobs may run, and the watch is written down every minute."""
        desk.woken.add("jobs")
        lost = self._lost_since(batch, until)
        if lost is not None:
            inbox.lose(desk.tx, batch.bot, lost, until)
        elif until >= self._watched.get(batch.bot, 0) + inbox.WATCH_STEP:
            inbox.observe(desk.tx, batch.bot, until)
        else:
            return
        self._watched[batch.bot] = until

    def _lost_since(self, batch: Batch, until: int) -> int | None:
        """Since when nothing was told, if so: where nothing is told afterwards, also before this start."""
        if batch.unobserved_since is not None:
            return batch.unobserved_since
        bot = self.house.bots[batch.bot]
        is_first = batch.bot not in self.caught_up
        return until if is_first and Can.BACKLOG not in bot.can else None

    def _bury(self, desk: Desk, event: Event) -> None:
        trace = traceback.format_exc()
        log.error("an event could not be handled and was kept as a dead letter: %s\n%s", event.key, trace)
        if isinstance(event, AccountChanged):
            event = msgspec.structs.replace(event, code="")  # a secret: whoever has it can log an account in
        text = msgspec.json.encode(event).decode()
        inbox.bury(desk.tx, at=desk.now, bot=event.bot, key=event.key, event=text, trace=trace)

    def _keep_unread(self, desk: Desk, event: Undecodable) -> None:
        log.error("an update could not be read and was kept as a dead letter: %s", event.error)
        inbox.bury(desk.tx, at=desk.now, bot=event.bot, key=event.key, event=event.raw, trace=event.error)

    def _one(self, desk: Desk, event: Event) -> None:
        if not EARLIEST <= event.at <= desk.latest:
            event = msgspec.structs.replace(event, at=desk.now)
        if isinstance(event, Message):
            self._message(desk, event)
        elif isinstance(event, ButtonPressed):
            room = desk.room(event.bot, event.place)
            account = desk.account(event.bot, event.sender)
            self._present(desk, room, account)
            self._dispatch.button(desk, room, account, event)
        elif isinstance(event, Undecodable):
            self._keep_unread(desk, event)
        elif isinstance(event, RoomListed | RoomsListed):
            self._listed(desk, event)
        else:
            self._other(desk, event)

    def _message(self, desk: Desk, event: Message) -> None:
        room = self._opened(desk, event)
        account = self._known(desk, room, event)
        if account is None and not event.as_admin:
            return
        taken = self._dispatch.message(desk, room, account, event)
        if account is not None and room.is_group and room.community is not None:
            kind = "edit" if event.edited else "message"
            signal = Signal(
                kind, room.community, room.id, account.id, account.person, event.at, event, counts=not taken
            )
            desk.signals.append(signal)

    def _opened(self, desk: Desk, event: Event) -> Room:
        """The room of an event; a group without a community becomes one of its own, and features are told.

        While it may turn out to be a known one, it is opened quietly, and once more when it did not.
        """
        room = desk.room(event.bot, event.place)
        if not room.is_group or (room.community is not None and room.standing == "active"):
            return room
        quietly = again.may_come_back(desk, self.lists, event.bot, event.place.native)
        if quietly and room.community is not None:
            return room
        new = room.community is None or room.standing == "expected"
        community = room.community or self._found(desk, room)
        room = desk.change_room(room, community=community, standing="expected" if quietly else "active")
        opened = RoomOpened(community=community, at=event.at, room=room.id, new=new, quietly=quietly)
        context = Context(desk, at=event.at, event=event, room=room)
        context.emit(opened)
        looking.look(context)
        return desk.room(event.bot, event.place)

    def _found(self, desk: Desk, room: Room) -> int:
        house = self.house
        community = communities.add(
            desk.tx, house.name or room.title, house.language, house.zone, house.day_starts_at, desk.now
        )
        plan_jobs(desk, community.id)
        return community.id

    def _known(self, desk: Desk, room: Room, event: Message) -> Account | None:
        """Who writes in a group is one of its members, again if they had left."""
        if event.sender is None or event.sender.is_bot:
            return None
        account = desk.account(event.bot, event.sender)
        if self._present(desk, room, account) == "left":
            desk.set_role(room, account, "member")
        return account

    def _present(self, desk: Desk, room: Room, account: Account) -> str:
        """Who acts in a group has a role there; who acts in private may be written to."""
        if room.is_group:
            return desk.role(room, account)
        desk.set_direct(account, "open")
        return "member"

    def _other(self, desk: Desk, event: Event) -> None:
        if isinstance(event, BotChanged) and again.holds_back(desk, self.lists, event):
            return
        room = None if event.place.kind == "account" else self._kept(desk, event)
        sender = getattr(event, "sender", None) or getattr(event, "who", None)
        account = None if sender is None or sender.is_bot else desk.account(event.bot, sender)
        if isinstance(event, MemberChanged) and room is not None and account is not None:
            desk.set_role(room, account, event.role)
        if isinstance(event, Reacted) and room is not None and account is not None:
            self._present(desk, room, account)
        if isinstance(event, StaffListed) and room is not None:
            looking.renew(desk, room, event)
            if event.rights and room.standing == "active":  # an answer may come after the bot was sent away
                self._rights_changed(desk, event, room)
        if isinstance(event, ContactChanged) and account is not None:
            desk.set_direct(account, "open" if event.contact else "closed")
        self._tell(Context(desk, at=event.at, event=event, room=room, account=account), event)

    def _tell(self, context: Context, event: Event) -> None:
        for feature in self.house.features:
            handler = feature.events.get(type(event))
            if handler is not None and feature.name not in context.off:
                handler(context, event)

    def _listed(self, desk: Desk, event: RoomListed | RoomsListed) -> None:
        """Bring rows up to a list; what was found by it is told like what is told at once."""
        for found in roster.listed(desk, self.lists, event):
            if isinstance(found, BotChanged):
                self._other(desk, found)
                continue
            room, account = desk.room(found.bot, found.place), desk.account(found.bot, found.who)
            self._tell(Context(desk, at=found.at, event=found, room=room, account=account), found)

    def _kept(self, desk: Desk, event: Event) -> Room:
        """The room of an event, with what the event says of the room itself written down."""
        if isinstance(event, RoomMoved):
            return self._moved(desk, event)
        room = desk.room(event.bot, event.place)
        if isinstance(event, RoomRenamed):
            return desk.change_room(room, title=event.place.title)
        if isinstance(event, BotChanged) and not room.is_group:
            return self._blocked_or_not(desk, event, room)
        if isinstance(event, BotChanged) and event.role == "left":
            return desk.change_room(room, standing="left", rights=())
        if isinstance(event, BotChanged):
            is_open = room.community is not None and room.standing == "active"
            room = self._rights_changed(desk, event, room)
            if is_open:
                looking.look(Context(desk, at=event.at, event=event, room=room))
        return room

    def _moved(self, desk: Desk, event: RoomMoved) -> Room:
        """Give a room its new id; one that has it already (an answer told of it first) stays as it is."""
        room = rooms.by_native(desk.tx, event.bot, event.place.native)
        room = room or rooms.by_native(desk.tx, event.bot, event.to) or desk.room(event.bot, event.place)
        move(desk, room.id, event.to)
        return desk.room_by_id(room.id)

    def _blocked_or_not(self, desk: Desk, event: BotChanged, room: Room) -> Room:
        """A member blocked the bot, or let it in again."""
        left = event.role == "left"
        if event.by is not None:
            desk.set_direct(desk.account(event.bot, event.by), "closed" if left else "open")
        return desk.change_room(room, standing="left" if left else "active")

    def _rights_changed(self, desk: Desk, event: BotChanged | StaffListed, room: Room) -> Room:
        """Write down what the bot may do; what is new in a room already open is told to features."""
        opens = room.community is None or room.standing != "active"
        before, after = set(room.rights), set(event.rights)
        desk.change_room(room, rights=event.rights)
        room = self._opened(desk, event)
        if before != after and not opens and room.community is not None:
            changed = RightsChanged(
                community=room.community,
                at=event.at,
                room=room.id,
                gained=tuple(sorted(after - before)),
                lost=tuple(sorted(before - after)),
            )
            Context(desk, at=event.at, event=event, room=room).emit(changed)
        return room
