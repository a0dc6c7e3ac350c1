"""What changed, told to every open page."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

MOST_PAGES = 64
MOST_WAITING = 1_000
HEARTBEAT = 15.0
"""Seconds of silence after which a page is told that the line still stands."""

Change = tuple[str, int]


class Feed:
    """Hands each change (what, and its id) to every page that listens."""

    def __init__(self) -> None:
        self._pages: set[asyncio.Queue[Change]] = set()
        self._closed = asyncio.Event()

    @property
    def is_full(self) -> bool:
        """Whether no more pages can listen."""
        return len(self._pages) >= MOST_PAGES

    def tell(self, what: str, number: int = 0) -> None:
        """Something changed: a `message`, `answer`, `people` or `clock`. Who cannot follow starts anew."""
        for page in self._pages:
            if page.qsize() < MOST_WAITING:
                page.put_nowait((what, number))
            elif page.qsize() == MOST_WAITING:
                page.put_nowait(("again", 0))

    def close(self) -> None:
        """Let every page go."""
        self._closed.set()
        self.tell("end")

    async def listen(self) -> AsyncIterator[Change]:
        """The changes from now on, with `quiet` in between; ends when the feed is closed."""
        page: asyncio.Queue[Change] = asyncio.Queue()
        self._pages.add(page)
        try:
            while not self._closed.is_set():
                yield await _next(page)
        finally:
            self._pages.discard(page)


async def _next(page: asyncio.Queue[Change]) -> Change:
    try:
        async with asyncio.timeout(HEARTBEAT):
            return await page.get()
    except TimeoutError:
        return "quiet", 0
