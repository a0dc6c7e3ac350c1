"""What a feature is: a table of its commands, buttons, readers, listeners, jobs and settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from pydantic import BaseModel

from bot.core.events import Event, Message
from rules.days import Day
from rules.facts import Fact
from rules.roles import Right
from storage.rooms import Room

if TYPE_CHECKING:
    from bot.core.context import Context
    from bot.core.desk import Desk


Mode = Literal["on", "off", "suggest"]
"""How a feature works in a room; `suggest`: what it would do to people is put before those who decide."""


Glance = Callable[[Message], bool]
"""Whether a message may be one that a reader acts on: asked of every message, so it must be cheap."""


class Signal(msgspec.Struct, frozen=True, gc=False):
    """One sign of activity, kept aside and folded once per batch.

    `kind`: message, edit, delete, reaction, checkin, featured. `amount` is 1, or -1 when taken back.
    `counts` is False for messages that were commands or check-ins: they leave a row but earn nothing.
    `about` is the account that a reply or reaction goes to, where it is known. `day` is the local day that it
    counts for, when that is not the day of `at`.
    """

    kind: str
    community: int
    room: int
    account: int
    person: int
    at: int
    event: Event | None = None
    amount: int = 1
    counts: bool = True
    about: int | None = None
    day: Day | None = None


class Command(msgspec.Struct, frozen=True):
    """A command: `/name`, or one of its words (alone; with arguments behind it when `takes` says so).

    Its line in /help and in the platform's menu is the block `<feature>.about_<name>`. `heard` are words
    that do the same, but which a reader of the feature recognises: they are only shown. `needs` is the right
    that it takes (None: everybody may). `takes_days`: its arguments may be days, and one of these may be said
    in one breath with a word of it.
    """

    name: str
    run: Callable[[Context, str], None]
    words: tuple[str, ...] = ()
    takes: bool = False
    needs: Right | None = None
    places: tuple[str, ...] = ("group", "private")
    needs_community: bool = True
    in_menu: bool = True
    heard: tuple[str, ...] = ()
    takes_days: bool = False


class Press(msgspec.Struct, frozen=True):
    """A button that takes a right, looked up at the moment of each press, also on an old message."""

    run: Callable[[Context, str], None]
    needs: Right


class Undo(msgspec.Struct, frozen=True):
    """How acts of a kind, audited under one name, are taken back.

    `needs` is the right that it takes (None: `run` asks for it), `run(context, data)` puts back what was,
    where `data` is what `Context.audit` was given as `undo`. It returns the data with which it would bring
    the act back (None: nothing does), raises UserError where it cannot be done any more, and audits nothing
    itself.
    """

    needs: Right | None
    run: Callable[[Context, Any], object]


def _three_days(_context: Context) -> int:
    return 3


def _always(_context: Context, _data: object) -> bool:
    return True


class Suggestion(msgspec.Struct, frozen=True):
    """A kind of thing that a feature proposes and a person decides (Context.suggest).

    It is said by the feature's text `suggests_<kind>`, and called `suggested_<kind>`. `needs` is the right
    to decide it. `approve(context, data)` does it and returns the data with which `undo` takes that back;
    `holds` says whether it can still be done as it was meant: else it is closed, and nothing is done. All are
    called with a context in the room that it is about, and with the data that `Context.suggest` was given.
    `days`: how many it waits for somebody to decide.
    """

    needs: Right
    approve: Callable[[Context, Any], object]
    undo: Callable[[Context, Any], None]
    holds: Callable[[Context, Any], bool] = _always
    decline: Callable[[Context, Any], None] | None = None
    days: Callable[[Context], int] = _three_days


class Reader(msgspec.Struct, frozen=True):
    """Plain messages that a feature acts on.

    `wants` gives the glance for a room, or None where there is nothing to read. It is kept until something
    that was remembered is forgotten. `read` says whether it took the message. `begins`: in a group it only
    reads what begins with one of these letters (behind white space), or is to the bot; empty: with any.
    """

    wants: Callable[[Desk, Room], Glance | None]
    read: Callable[[Context, Message], bool]
    begins: str = ""


class Job(msgspec.Struct, frozen=True):
    """Due work of each community (`per="house"`: of the house, as community 0).

    `next_due(context, after)` is the next instant later than `after`, or None (until woken);
    `run(context, position)` returns a position when there is more to do, else None.
    """

    name: str
    run: Callable[[Context, str | None], str | None]
    next_due: Callable[[Context, int], int | None]
    per: Literal["community", "house"] = "community"


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """One feature; `bot.core` calls what it lists, in the order of the table of features."""

    name: str
    daily: bool = False
    """Members use it every day: its commands come first where commands are listed."""
    settings: type[BaseModel] | None = None
    modes: tuple[Mode, ...] = ()
    """The modes it may be in, room by room, a new room's first; none: always on. It has a text `title`."""
    commands: tuple[Command, ...] = ()
    buttons: Mapping[str, Callable[[Context, str], None] | Press] = {}
    """By the prefix of their data; those of staff are a Press, which says the right that it takes."""
    buttons_anywhere: tuple[str, ...] = ()
    """Those of the buttons that also work where there is no community."""
    readers: tuple[Reader, ...] = ()
    events: Mapping[type[Event], Callable[[Context, Any], None]] = {}
    listeners: Mapping[type[Fact], Callable[[Context, Any], None]] = {}
    jobs: tuple[Job, ...] = ()
    undo: Mapping[str, Undo] = {}
    """By the name of an audited act. What was done is said by the text `did_<act>` of the feature."""
    final: Mapping[str, str] = {}
    """The audited acts that nothing takes back, and why; they have a text `did_<act>` too."""
    for_staff: tuple[str, ...] = ()
    """Its texts that no member may read: they are refused in every room of members (bot/core/staff.py)."""
    suggestions: Mapping[str, Suggestion] = {}
    """By kind, a name of its own among all features: what it proposes (Context.suggest) and others decide."""
    fold: Callable[[Desk, list[Signal]], None] | None = None
