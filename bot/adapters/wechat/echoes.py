"""What was heard of the account's own messages: whether one of which nobody knows did go out.

A gateway may carry out a call and not say so: it is slow, or the connection breaks. But WeChat tells an
account what it said itself, so before such a message is repeated, its echo is looked for.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

import msgspec

from rules.durations import MINUTE

if TYPE_CHECKING:
    from bot.core.clock import Clock

KEPT: Final = 15 * MINUTE
"""How long an echo is kept and a doubt lasts, milliseconds: longer than any wait between two tries."""

MOST: Final = 2_000


class Echo(msgspec.Struct, frozen=True):
    """One of the account's own messages, as it came back. `text` is a file's name, or nothing, or XML."""

    at: int
    chat: str
    text: str
    message: str


class Echoes:
    """The account's own messages of the last minutes, and those of which nobody knows whether they went."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heard: deque[Echo] = deque(maxlen=MOST)
        self._doubts: dict[tuple[str, str], int] = {}

    def heard(self, chat: str, text: str, message: str) -> None:
        """The account itself said that in a chat; a file is named by its name."""
        now = self._clock.now()
        while self._heard and self._heard[0].at < now - KEPT:
            self._heard.popleft()
        self._heard.append(Echo(now, chat, _same(text), message))

    def doubt(self, chat: str, text: str, since: int) -> None:
        """Nobody knows whether that went out. `since`: when it was tried (UTC ms); the first try counts."""
        now = self._clock.now()
        self._doubts = {key: at for key, at in self._doubts.items() if at >= now - KEPT}
        if len(self._doubts) < MOST:
            self._doubts.setdefault((chat, _same(text)), since)

    def in_doubt(self, chat: str, text: str) -> bool:
        """Whether that was tried before, and nobody knows what came of it."""
        return (chat, _same(text)) in self._doubts

    def arrived(self, chat: str, text: str, *, is_file: bool = False) -> str | None:
        """The message's id, if it was in doubt and has been heard since; each echo ends one doubt.

        A file is known by its name, or, as many gateways lose that, as something without words.
        """
        text = _same(text)
        since = self._doubts.get((chat, text))
        if since is None:
            return None
        found = next(
            (
                one
                for one in self._heard
                if one.at >= since and one.chat == chat and _is(one, text, is_file=is_file)
            ),
            None,
        )
        if found is None:
            return None
        self._heard.remove(found)
        self.settle(chat, text)
        return found.message

    def settle(self, chat: str, text: str) -> None:
        """It is known now whether that went out."""
        self._doubts.pop((chat, _same(text)), None)


def _is(echo: Echo, text: str, *, is_file: bool) -> bool:
    return echo.text == text or (is_file and (not echo.text or echo.text.startswith("<")))


def _same(text: str) -> str:
    """A text without what WeChat changes on the way: spaces of every kind, and at its ends."""
    return " ".join(text.split())
