"""What is kept in memory between batches: rows that were read, and who listens where."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from bot.core.feature import Glance, Reader
    from storage.people import Account
    from storage.rooms import Room

Wanting = tuple["Glance", "Reader"]
"""A reader of plain messages, behind the glance that says whether to read one."""


class Asked(NamedTuple):
    """Who is asked whether a message is for them: commands or not, and readers."""

    commands: bool
    readers: Sequence[Wanting]


class Listeners(NamedTuple):
    """Who is asked about a message in a room.

    `numbers`: whether a number may stand for a button there. `by_letter`: who is asked about a text that
    begins with a letter, in lower case; `others`: about one that begins with any other. `everybody`: all.
    """

    numbers: bool
    by_letter: Mapping[str, Asked]
    others: Asked
    everybody: Asked


class Memory:
    """Rows kept between batches, only touched on the writer's thread; dropped whenever anything is undone."""

    def __init__(self) -> None:
        self.rooms: dict[tuple[str, str], Room] = {}
        self.accounts: dict[tuple[str, str], Account] = {}
        self.roles: dict[tuple[int, int], str] = {}
        self.things: dict[Hashable, object] = {}
        self.listeners: dict[int, Listeners] = {}
        """By room: who reads plain messages there; made of things, so forgotten with any of them."""
        self.changed = False

    def clear(self) -> None:
        """Forget everything: the next use reads the rows again, and those may be undone."""
        self.__init__()  # type: ignore[misc]
        self.changed = True
