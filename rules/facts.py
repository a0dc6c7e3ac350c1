"""What features tell each other: ids, numbers and reason codes, never text."""

from __future__ import annotations

import msgspec

from rules.days import Day


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened in a community; listeners run in the same transaction."""

    community: int
    at: int


class CheckedIn(Fact, frozen=True, kw_only=True):
    """A check-in now counts. `way`: word, tag, button, command, relay, makeup, leader, byhand."""

    room: int
    account: int
    person: int
    task: int
    day: Day
    way: str
    late: bool
    first_today: bool
    streak: int
    total: int


class CheckInWithdrawn(Fact, frozen=True, kw_only=True):
    """A check-in that counted does not count any more. `reason`: leader, returned, member, deleted."""

    room: int
    account: int
    person: int
    task: int
    day: Day
    reason: str


class CheckInFeatured(Fact, frozen=True, kw_only=True):
    """A leader marked a check-in as worth reading (`featured`), or took that back."""

    room: int
    account: int
    person: int
    task: int
    day: Day
    featured: bool


class Delivered(Fact, frozen=True, kw_only=True):
    """An action that carried a `tag` was carried out; `native` is the platform's id of what came of it."""

    room: int
    tag: str
    native: str | None


class Undelivered(Fact, frozen=True, kw_only=True):
    """An action that carried a `tag` was refused for good: `reason` is a word of errors.Undeliverable."""

    room: int
    tag: str
    reason: str


class RoomOpened(Fact, frozen=True, kw_only=True):
    """The bot was added to a room that had none of its rows, or came back to one."""

    room: int
    new: bool


class RoomJoined(Fact, frozen=True, kw_only=True):
    """A room that was in a community of its own, or in another, belongs to this one now."""

    room: int


class RightsChanged(Fact, frozen=True, kw_only=True):
    """What the bot may do in a room changed: read, react, delete, pin, invite, remove."""

    room: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]


class TimeRulesChanged(Fact, frozen=True, kw_only=True):
    """From now on the community's days follow another time zone, or begin at another time."""


class SuggestionChanged(Fact, frozen=True, kw_only=True):
    """Something that was put before those who decide, in the list `shown_in`, is not as it is shown there."""

    shown_in: int
