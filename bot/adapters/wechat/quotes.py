"""Answers on WeChat: a text that repeats whom and what it answers, and which message that was.

「小林：今天读到第三章」
- - - - - - - - - - - - - - -
我也是
"""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from typing import TYPE_CHECKING

import msgspec

from bot.adapters.wechat.raw import MEDIA

if TYPE_CHECKING:
    from bot.core.events import Sender

LINE = re.compile(r"」[^\S\n]*\n[^\S\n]*(?:[-—–－─][^\S\n]*){3,}\n")
"""What stands between a quoted message and the answer: WeChat and its gateways draw it differently."""

MOST_ROOMS, MOST_MESSAGES = 1_000, 200
LONG_ENOUGH = 20
"""Characters after which a quote that breaks off is taken for the beginning of a message."""

LABELS = {
    "photo": "图片",
    "video": "视频",
    "voice": "语音",
    "file": "文件",
    "sticker": "表情",
    "link": "链接",
    "location": "位置",
}
"""What WeChat writes in brackets where it quotes no text."""


class Quote(msgspec.Struct, frozen=True):
    """A text that answers a message: whose and which, as WeChat names both, and the answer itself.

    `said` is both together as they were written: a name may hold a colon.
    """

    name: str
    quoted: str
    own: str
    said: str


class Heard(msgspec.Struct, frozen=True):
    """A message that may be answered."""

    native: str
    sender: Sender
    names: frozenset[str]
    text: str
    media: tuple[str, ...]

    @property
    def shown(self) -> str:
        """What it says, or what WeChat writes in its place."""
        return self.text or " ".join(f"[{LABELS[kind]}]" for kind in self.media if kind in LABELS)


def read_quote(text: str) -> Quote | None:
    """What a text answers; None where it answers nothing. A quote may hold quotes: the last line parts."""
    if not text.startswith("「"):
        return None
    line = None
    for line in LINE.finditer(text):  # noqa: B007 - the last one is wanted
        pass
    if line is None:
        return None
    said = text[1 : line.start()]
    colon = re.search("[：:]", said)
    if colon is None:
        return None
    own = text[line.end() :].strip()
    return Quote(said[: colon.start()].strip(), said[colon.end() :].strip(), own, said.strip())


class Recent:
    """The last messages of each room, so that an answer finds the one that it answers."""

    def __init__(self) -> None:
        self._rooms: OrderedDict[str, deque[Heard]] = OrderedDict()

    def keep(self, room: str, heard: Heard) -> None:
        """A message was said in a room."""
        messages = self._rooms.get(room)
        if messages is None:
            messages = self._rooms[room] = deque(maxlen=MOST_MESSAGES)
        messages.append(heard)
        self._rooms.move_to_end(room)
        if len(self._rooms) > MOST_ROOMS:
            self._rooms.popitem(last=False)

    def answered(self, room: str, quote: Quote) -> Heard | None:
        """The newest message of a room that a quote may mean; None where it may mean those of several people.

        Anybody can take a name, and repeat what its owner said.
        """
        found = [one for one in reversed(self._rooms.get(room, ())) if _means(quote, one)]
        return found[0] if len({one.sender.native for one in found}) == 1 else None


def _means(quote: Quote, heard: Heard) -> bool:
    """Whether a message may be the one quoted, by any of the names of who said it."""
    behind = (quote.said[len(name) :].lstrip() for name in heard.names if quote.said.startswith(name))
    return any(_repeats(rest[1:].strip(), heard) for rest in behind if rest.startswith(("：", ":")))


def _repeats(quoted: str, heard: Heard) -> bool:
    if heard.media and quoted.startswith("["):
        return any(kind in LABELS and LABELS[kind] in quoted for kind in heard.media)
    quoted, text = _same(quoted), _same(heard.text)
    beginning = quoted.rstrip(".…")
    breaks_off = len(beginning) >= LONG_ENOUGH or (beginning and beginning != quoted)
    return bool(text) and (quoted == text or bool(breaks_off and text.startswith(beginning)))


def _same(text: str) -> str:
    return " ".join(text.split())


assert LABELS.keys() <= set(MEDIA.values())
