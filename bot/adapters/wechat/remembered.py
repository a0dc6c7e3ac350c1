"""Answers of the gateway that are kept for a while, so that each thing is asked for once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

Key = TypeVar("Key")
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """At most `most` answers, the oldest forgotten first; who asks while one is on its way waits for it."""

    def __init__(self, ask: Callable[[Key], Awaitable[Value]], most: int) -> None:
        self._ask = ask
        self._most = most
        self._answers: dict[Key, asyncio.Future[Value]] = {}

    async def get(self, key: Key) -> Value:
        """The answer, asked for unless it is known. Raises what asking raises, and then forgets that."""
        answer = self._answers.get(key)
        if answer is None or (answer.done() and (answer.cancelled() or answer.exception() is not None)):
            answer = self._answers[key] = asyncio.ensure_future(self._ask(key))
            answer.add_done_callback(_look_at)
            if len(self._answers) > self._most:
                del self._answers[next(iter(self._answers))]
        return await asyncio.shield(answer)

    def known(self, key: Key) -> Value | None:
        """The answer, if it is known already."""
        answer = self._answers.get(key)
        if answer is None or not answer.done() or answer.cancelled() or answer.exception() is not None:
            return None
        return answer.result()

    def all_known(self) -> list[tuple[Key, Value]]:
        """All answers that are known already."""
        found = [(key, self.known(key)) for key in self._answers]
        return [(key, value) for key, value in found if value is not None]

    def forget(self, key: Key) -> None:
        """Ask for it again the next time."""
        self._answers.pop(key, None)

    def clear(self) -> None:
        """Ask for everything again."""
        self._answers.clear()


def _look_at(answer: asyncio.Future[Value]) -> None:
    """Whoever asked may have gone: then nobody else looks at what went wrong."""
    if not answer.cancelled():
        answer.exception()
