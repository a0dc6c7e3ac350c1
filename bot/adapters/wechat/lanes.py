"""What was heard and is still being read: in order within each room, one room not waiting for another.

An event only names a message: of which room it is comes with its content. So nothing overtakes what was told
before it for a moment; after that moment only what is known to be of the same room waits.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

Thing = TypeVar("Thing")

MOMENT = 0.5
"""Seconds that all rooms wait for a message of which the room is not known yet."""

MOST = 5_000
"""Things that may wait before no more is listened to."""


class Entry(Generic[Thing]):
    """One thing that was heard: when (UTC milliseconds), in which room once that is known, its reading."""

    def __init__(self, arrived_at: int, room: str | None) -> None:
        self.arrived_at = arrived_at
        self.room = room
        self.since = asyncio.get_running_loop().time()
        self.task: asyncio.Future[Thing]


class Lanes(Generic[Thing]):
    """Things in the order in which they were heard, let go when it is their turn."""

    def __init__(self) -> None:
        self._waiting: deque[Entry[Thing]] = deque()
        self._space = asyncio.Event()
        self._space.set()
        self.woken = asyncio.Event()
        """Set when something may be ready."""

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def oldest(self) -> int | None:
        """When the first thing that still waits was heard, UTC milliseconds."""
        return min((entry.arrived_at for entry in self._waiting), default=None)

    async def space(self) -> None:
        """Wait until there is room for more."""
        await self._space.wait()

    def add(
        self, arrived_at: int, room: str | None, read: Callable[[Entry[Thing]], Awaitable[Thing]]
    ) -> Entry[Thing]:
        """Begin to read something; the reading may tell the room, and must not raise."""
        entry: Entry[Thing] = Entry(arrived_at, room)
        entry.task = asyncio.ensure_future(read(entry))
        return self._queue(entry)

    def put(self, arrived_at: int, room: str, thing: Thing) -> None:
        """Something that needs no reading."""
        entry: Entry[Thing] = Entry(arrived_at, room)
        entry.task = asyncio.get_running_loop().create_future()
        entry.task.set_result(thing)
        self._queue(entry)

    def _queue(self, entry: Entry[Thing]) -> Entry[Thing]:
        self._waiting.append(entry)
        if len(self._waiting) >= MOST:
            self._space.clear()
        entry.task.add_done_callback(lambda _: self.woken.set())
        return entry

    def release(self, most: int) -> list[Thing]:
        """The things whose turn it is, at most so many."""
        ready: list[Thing] = []
        kept: deque[Entry[Thing]] = deque()
        held: set[str | None] = set()
        now = asyncio.get_running_loop().time()
        all_wait = False
        for entry in self._waiting:
            read = entry.task.done()
            if not read and entry.room is None:
                all_wait = all_wait or now - entry.since < MOMENT
                kept.append(entry)
            elif all_wait or not read or entry.room in held or len(ready) >= most:
                held.add(entry.room)
                kept.append(entry)
            else:
                ready.append(entry.task.result())
        self._waiting = kept
        if len(kept) < MOST:
            self._space.set()
        return ready

    async def clear(self) -> None:
        """Give up what waits."""
        tasks = [entry.task for entry in self._waiting]
        self._waiting.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
