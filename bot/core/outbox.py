"""The way out: actions are sent in order within each lane of a chat, paced, retried, and never forgotten."""

from __future__ import annotations

import asyncio
import logging
import traceback
from typing import TYPE_CHECKING

import msgspec

from bot.core import staff
from bot.core.actions import AnyAction, Say, action_of, written
from bot.core.context import MERGE
from bot.core.desk import Desk
from bot.core.errors import Away, RetryLater, Undeliverable
from bot.core.memory import Memory
from bot.core.merging import merge, merges_at
from bot.core.moving import alone, move
from bot.core.platforms import Moved, PartSent
from bot.core.settling import Settled, settle
from bot.core.tempo import Tempo
from rules.durations import DAY, MINUTE
from rules.pacing import backoff
from storage import inbox, outbox, rooms
from storage.failures import DiskFull
from storage.outbox import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.clock import Clock
    from bot.core.delivery import Ready
    from bot.core.pipeline import Pipeline
    from bot.core.platforms import Outgoing, Platform
    from storage.outbox import Pending
    from storage.rooms import Room

log = logging.getLogger("banzhang.outbox")

AT_ONCE = 8
"""Chats sent to at the same time; a connection pool gets slower with more."""

MOST_ATTEMPTS = 100
"""Some fifty minutes of them, nearly what an answer lives: a shorter outage costs no answer."""
FIRST_WAIT, LONGEST_WAIT = 500, MINUTE
DISK_WAIT = 5.0
LAST_WAIT = 5.0
"""Seconds, at most, that an end waits for what is being sent."""


class Outbox:
    """Sends what waits for one bot."""

    def __init__(self, platform: Platform, pipeline: Pipeline, ready: Ready, clock: Clock) -> None:
        self.platform = platform
        self.pipeline = pipeline
        self.ready = ready
        self.clock = clock
        self._queues: dict[int, list[Pending]] = {}
        self._tempo = Tempo(platform.bot, platform.limits, pipeline.house.random)
        self._recalls = self._tempo.is_human
        self._last_row = 0
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._woken = asyncio.Event()
        self._marks: list[tuple[Settled, asyncio.Future[None]]] = []
        self._marking: asyncio.Task[None] | None = None
        self._disk_is_full = False
        self._moves: dict[int, int] = {}
        """Rooms that have another native id, by an answer of the platform's, and since when that is known."""

    def wake(self) -> None:
        """There are new actions for this bot."""
        self._woken.set()

    async def run(self) -> None:
        """Send what waits and what comes, until cancelled."""
        try:
            while True:
                self._woken.clear()
                await self.refresh()
                self._start()
                await self._wait()
        finally:
            await self._end()

    async def _end(self) -> None:
        """Let what is on its way arrive and be noted: after the next start it would be sent again."""
        try:
            if self._busy:
                await asyncio.wait(list(self._busy.values()), timeout=LAST_WAIT)
        finally:
            for task in list(self._busy.values()):
                task.cancel()

    async def refresh(self) -> None:
        """Take in the actions queued since the last look."""
        if self._recalls:
            await self._recall()
        after = self._last_row
        fresh = await self.pipeline.database.read(lambda tx: outbox.waiting(tx, self.platform.bot, after))
        for pending in fresh:
            self._last_row = max(self._last_row, pending.id)
            self._queues.setdefault(pending.room, []).append(pending)
        for room in {pending.room for pending in fresh}:
            self._queues[room].sort(key=lambda one: (one.priority, one.id))

    async def _recall(self) -> None:
        """Look once at what was sent before this start: a restart is no leave to send more in a day."""
        since = self.clock.now() - DAY
        bot = self.platform.bot
        self._tempo.recall(await self.pipeline.database.read(lambda tx: outbox.sent_since(tx, bot, since)))
        self._recalls = False

    def next_due(self) -> int | None:
        """When the next action may go, UTC milliseconds; None when nothing waits."""
        now = self.clock.now()
        return min((turn[0] for room in self._queues if (turn := self._turn(room, now))), default=None)

    async def deliver_due(self) -> bool:
        """Send an action of each chat that may go now; False when none may."""
        await self.refresh()
        now = self.clock.now()
        due = [(room, head) for room in self._in_order() if (head := self._head(room, now))]
        for room, head in due:
            await self._send_head(room, head)
        return bool(due)

    async def is_settled(self) -> bool:
        """Whether nothing is on its way, nothing may go now and nothing new was queued."""
        due = self.next_due()
        if self._busy or (due is not None and due <= self.clock.now()):
            return False
        after = self._last_row
        return not await self.pipeline.database.read(lambda tx: outbox.waiting(tx, self.platform.bot, after))

    def _start(self) -> None:
        now = self.clock.now()
        for room in self._in_order():
            if len(self._busy) >= AT_ONCE:
                return
            if head := self._head(room, now):
                self._queues[room] = self._queues.pop(room)  # the others come first the next time
                self._busy[room] = asyncio.create_task(self._send_and_go_on(room, head))

    def _in_order(self) -> list[int]:
        """The chats; where only one message may go at a time, those first whose answers wait longest."""
        if not self._tempo.is_human:
            return list(self._queues)
        heads = {room: (queue[0].priority, queue[0].id) for room, queue in self._queues.items() if queue}
        return sorted(heads, key=heads.__getitem__)

    async def _send_and_go_on(self, room: int, head: Pending) -> None:
        try:
            await self._send_head(room, head)
        except Exception:
            log.exception("sending to room %d failed; it is tried again", room)
            self._tempo.hold(head, self.clock.now() + LONGEST_WAIT, was_tried=True)
        finally:
            self._busy.pop(room, None)
            self._woken.set()

    async def _wait(self) -> None:
        due = self.next_due()
        free = len(self._busy) < AT_ONCE
        wait = None if due is None or not free else max(0.01, (due - self.clock.now()) / 1000)
        if wait is None or self._woken.is_set():
            await self._woken.wait()
            return
        try:
            async with asyncio.timeout(wait):
                await self._woken.wait()
        except TimeoutError:
            return

    def _head(self, room: int, now: int) -> Pending | None:
        """The action of a chat that goes now, if one may."""
        turn = self._turn(room, now)
        return turn[1] if turn is not None and turn[0] <= now else None

    def _turn(self, room: int, now: int) -> tuple[int, Pending] | None:
        """When the next action of a chat may go, and which that is; None while one is on its way."""
        if room in self._busy or not self._queues[room]:
            return None
        return self._tempo.next_turn(self._queues[room], now)

    async def _send_head(self, room: int, head: Pending) -> None:
        """Send an action whose turn it is, or merge it with its like."""
        if head.not_after < self.clock.now():
            await self._expire(room, head)
            return
        alike = [one for one in self._queues[room] if one.topic == head.topic]
        if (
            head.topic is not None
            and head.topic.startswith(MERGE)
            and len(alike) >= merges_at(self.platform.can)
        ):
            await self._merge(room, head.topic, alike)
            return
        await self._send(room, head)

    async def _expire(self, room: int, head: Pending) -> None:
        """It makes no more sense; who waits for it is told."""
        found = await self.pipeline.database.read(lambda tx: outbox.action(tx, head.id))
        action = None if found is None else action_of(found)
        await self._mark(Outcome(head.id, "expired"), room, action, head)

    async def _merge(self, room: int, topic: str, alike: list[Pending]) -> None:
        ids = [one.id for one in alike]
        await self._write(lambda desk: merge(desk, rooms.by_id(desk.tx, room), topic, ids))
        merged = set(ids)
        self._queues[room] = [one for one in self._queues[room] if one.id not in merged]
        self._tidy(room)

    async def _send(self, room: int, head: Pending) -> None:
        if not self._tempo.begins(head, self.clock.now()):
            return
        found, target = await self.pipeline.database.read(
            lambda tx: (outbox.action(tx, head.id), rooms.by_id(tx, room))
        )
        if found is None:
            self._drop(room, head)
            return
        action = action_of(found)
        if not await self._may_be_read(action, target, head):
            await self._mark(Outcome(head.id, "expired", outcome="for_staff"), room, None, head)
            return
        try:
            outgoing = await self.ready.outgoing(action, target, self.platform.can)
        except Exception:
            log.exception("action %d cannot be made ready; it is kept as a dead letter", head.id)
            await self._bury(head, found, traceback.format_exc())
            await self._mark(Outcome(head.id, "failed", outcome="unfit"), room, None, head)
            return
        self._tempo.sent(head, self.clock.now())
        await self._carry_out(outgoing, target, head, action)

    async def _may_be_read(self, action: AnyAction, target: Room, head: Pending) -> bool:
        """Whether what is for staff alone still goes to staff at this moment."""
        house, now = self.pipeline.house, self.clock.now()
        return not staff.is_for_staff(house, action, head.topic) or await self.pipeline.database.read(
            lambda tx: staff.may_read(Desk(house, Memory(), tx, now), target, head.topic)
        )

    async def _bury(self, head: Pending, action: str, trace: str) -> None:
        """Keep an action that a bug kept from being sent."""
        bot, key = self.platform.bot, f"action:{head.id}"
        await self._write(
            lambda desk: inbox.bury(desk.tx, at=desk.now, bot=bot, key=key, event=action, trace=trace)
        )

    async def _carry_out(self, outgoing: Outgoing, target: Room, head: Pending, action: AnyAction) -> None:
        try:
            native = await self.platform.carry_out(outgoing)
        except RetryLater as error:
            await self._postpone(target.id, head, error, action)
        except Moved as error:
            await self._follow(target.id, head, error.to, action)
        except PartSent as part:
            await self._note_part(target, head, action, part.native)
        except Undeliverable as error:
            log.info("gave up on action %d in room %d: %s", head.id, target.id, error)
            failed = Outcome(head.id, "failed", outcome=error.reason)
            await self._mark(failed, target.id, action, head, target.native)
        else:
            self._moves.pop(target.id, None)
            await self._mark(Outcome(head.id, "sent", native), target.id, action, head, target.native)

    async def _follow(self, room: int, head: Pending, to: str, action: AnyAction) -> None:
        """Send it where the room is now, once that was told in its place among all that happened.

        What was said there before may still be on its way. Where nothing that was known when the move was
        found tells of it, it will never be told.
        """
        found_at = self._moves.setdefault(room, self.clock.now())
        if self.pipeline.caught_up.get(self.platform.bot, 0) < found_at:
            await self._postpone(room, head, RetryLater("the room has moved"), action)
            return
        del self._moves[room]
        await self._write(lambda desk: move(desk, room, to))

    async def _note_part(self, target: Room, head: Pending, action: AnyAction, native: str) -> None:
        """Keep that a part of a text went out, so that only what is left of it is sent from now on."""
        assert isinstance(action, Say), "only a text has parts"
        said = msgspec.structs.replace(action, sent=(*action.sent, native))

        def note(desk: Desk) -> None:
            has_moved = desk.room_by_id(target.id).native != target.native
            outbox.rewrite(desk.tx, head.id, written(alone(said) if has_moved else said))

        await self._write(note)

    async def _postpone(self, room: int, head: Pending, error: RetryLater, action: AnyAction) -> None:
        """Hold the whole chat, so that its order stays; give up after many tries."""
        was_tried = not isinstance(error, Away)
        if was_tried and head.attempts + 1 >= MOST_ATTEMPTS:
            await self._mark(Outcome(head.id, "failed", outcome="too_many_attempts"), room, action, head)
            return
        chance = self.pipeline.house.random.random()
        wait = int(error.seconds * 1000) + backoff(head.attempts, chance, FIRST_WAIT, LONGEST_WAIT)
        self._tempo.hold(head, self.clock.now() + wait, was_tried=was_tried)
        if not was_tried:
            return
        await self._write(lambda desk: outbox.postpone(desk.tx, head.id))
        later = msgspec.structs.replace(head, attempts=head.attempts + 1)
        self._queues[room] = [later if one.id == head.id else one for one in self._queues[room]]

    async def _mark(
        self, outcome: Outcome, room: int, action: AnyAction | None, head: Pending, place: str = ""
    ) -> None:
        """Wait until an outcome is durable; those of many chats share a commit."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._marks.append((Settled(outcome, room, action, place), done))
        if self._marking is None or self._marking.done():
            self._marking = asyncio.create_task(self._write_marks())
        await done
        self._drop(room, head)
        if outcome.state == "failed":
            await self._forget_given_up(room)

    async def _write_marks(self) -> None:
        while self._marks:
            marks, self._marks = self._marks, []
            many = [settled for settled, _ in marks]
            await self._write(lambda desk, many=many: settle(desk, many))  # type: ignore[misc]
            for _, done in marks:
                if not done.cancelled():
                    done.set_result(None)

    async def _write(self, work: Callable[[Desk], None]) -> None:
        """Note something durably; while the disk is full, wait until there is room."""
        while True:
            try:
                await self.pipeline.work(work)
            except DiskFull:
                if not self._disk_is_full:
                    log.error("the disk is full: what was sent cannot be noted until there is room")  # noqa: TRY400
                self._disk_is_full = True
                await self.clock.sleep(DISK_WAIT)
            else:
                self._disk_is_full = False
                return

    async def _forget_given_up(self, room: int) -> None:
        """A chat that was given up on has nothing waiting any more."""
        queued = {one.id for one in self._queues.get(room, [])}
        left = await self.pipeline.database.read(lambda tx: {row for row, _ in outbox.actions(tx, queued)})
        gone = queued - left
        self._queues[room] = [one for one in self._queues.get(room, []) if one.id not in gone]
        self._tidy(room)

    def _drop(self, room: int, head: Pending) -> None:
        self._tempo.settle(head)
        self._queues[room] = [one for one in self._queues[room] if one.id != head.id]
        self._tidy(room)

    def _tidy(self, room: int) -> None:
        """Keep nothing of chats with nothing to say."""
        if not self._queues[room]:
            del self._queues[room]
            self._tempo.forget(self.clock.now())
