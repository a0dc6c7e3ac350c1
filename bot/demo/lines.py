"""What the people of the demo are called and say, read from the file of their language."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import random

FOLDER = Path(__file__).parent


class Talk(msgspec.Struct, frozen=True):
    """A short conversation; each line begins with who says it: a, b or c."""

    lines: tuple[str, ...]


class Sayings(msgspec.Struct, frozen=True):
    """What is said to the bot, and around it."""

    checkin: tuple[str, ...]
    noted: tuple[str, ...]
    tag: str
    picture: tuple[str, ...]
    late: tuple[str, ...]
    leave: tuple[str, ...]
    leave_ahead: tuple[str, ...]
    make_up: tuple[str, ...]
    me: str
    top: str
    streak: str
    year: str
    featured: str
    comments: tuple[str, ...]
    leader: str
    leader_hello: str
    owner_hello: str
    terms: tuple[str, str]
    term_hello: str
    pause: str
    pause_hello: str
    hide: str
    remind: str
    sign_up: str
    count: str
    forgotten: tuple[str, ...]
    passing: tuple[str, ...]
    private: tuple[str, ...]
    relay: str
    relay_lines: tuple[str, ...]
    hello: tuple[str, ...]
    welcome: tuple[str, ...]
    back: tuple[str, ...]
    good_morning: tuple[str, ...]
    good_night: tuple[str, ...]


class ByHand(msgspec.Struct, frozen=True):
    """A group without a bot: how it is made, how its lists go, who is on them, a nickname of the first."""

    make: str
    title: str
    lines: tuple[str, ...]
    names: tuple[str, ...]
    nickname: str


class Lines(msgspec.Struct, frozen=True):
    """Everything invented, in one language. `rooms` go from the lowest tier up."""

    rooms: tuple[str, str, str]
    staff_room: str
    names: tuple[str, ...]
    words: Sayings
    by_hand: ByHand
    subjects: dict[str, tuple[str, ...]]
    talks: tuple[Talk, ...]


def lines_in(language: str) -> Lines:
    """The lines of a language: zh-Hans, zh-Hant or en."""
    text = (FOLDER / f"lines.{language}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Lines)


class Pack:
    """Deals lines in a shuffled order, each once before any comes again."""

    def __init__(self, lines: tuple[str, ...], chance: random.Random) -> None:
        self._lines = lines
        self._chance = chance
        self._left: list[str] = []

    def deal(self, **values: object) -> str:
        """The next line, with numbers and the given values filled in."""
        if not self._left:
            self._left = self._chance.sample(self._lines, len(self._lines))
        return filled(self._left.pop(), self._chance, **values)


def filled(line: str, chance: random.Random, **values: object) -> str:
    """A line with its numbers and values."""
    return line.format(n=chance.randint(12, 60), m=chance.randint(3, 9), **values)
