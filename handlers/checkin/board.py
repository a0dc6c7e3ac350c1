"""What checking in works with: a community's tasks and words, and what a member said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from pydantic import Field

from bot.config import Settings
from rules.recognise import DEFAULT_WORDS, Recognised, Recogniser
from rules.tasks import Openings, Task, proofs_in
from storage import tasks

if TYPE_CHECKING:
    from bot.core.desk import Desk
    from bot.core.events import Message


NAMES = ("班长", "班長")
"""What members call the bot, besides its own name on the platform."""


class CheckinSettings(Settings):
    """Checking in."""

    words: tuple[str, ...] = Field(
        DEFAULT_WORDS,
        min_length=1,
        max_length=50,
        description="What checks in: alone, at the start of a message, or as a #tag.",
    )
    makeups_a_month: int = Field(2, ge=0, le=31, description="Days that a member may make up in a month.")
    makeup_days_back: int = Field(3, ge=1, le=31, description="How many days back a day may be made up.")


class Board(msgspec.Struct, frozen=True):
    """A community's tasks and how it is told who checks in; kept between batches."""

    tasks: tuple[Task, ...]
    recogniser: Recogniser
    asks: bool
    openings: Openings


class Said(msgspec.Struct, frozen=True):
    """One wish to check in: in which message and words, with which proofs, for which task if it says so."""

    native: str
    at: int
    way: str
    note: str = ""
    proofs: tuple[str, ...] = ()
    album: str | None = None
    task: str | None = None


def board(desk: Desk, community: int) -> Board:
    """The community's tasks, read again only after they or its settings changed."""
    return desk.remember((*tasks.REMEMBERED, community), lambda: _board(desk, community))


def _board(desk: Desk, community: int) -> Board:
    chosen = desk.settings(CheckinSettings, community).words
    known = tasks.of_community(desk.tx, community)
    names = [*NAMES, *filter(None, desk.house.usernames.values())]
    recogniser = Recogniser.of(chosen, [task.name for task in known], names)
    return Board(known, recogniser, any(task.asks for task in known), Openings(known))


def said_in(message: Message, found: Recognised) -> Said:
    """What a message says about checking in."""
    proofs = tuple(proofs_in(message.text, message.media))
    return Said(message.native, message.at, found.kind, found.note, proofs, message.album, found.tag)
