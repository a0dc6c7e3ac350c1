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
    featured: bool = False
    """Whether a leader marked it as worth reading before."""


class CheckInWithdrawn(Fact, frozen=True, kw_only=True):
    """A check-in that counted does not count any more. `reason`: leader, returned, member, deleted."""

    room: int
    account: int
    person: int
    task: int
    day: Day
    reason: str
    featured: bool = False


class CheckInFeatured(Fact, frozen=True, kw_only=True):
    """A leader marked a check-in that counts as worth reading (`featured`), or took that back."""

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
    """An action that carried a `tag` was refused for good: `reason` is a word of errors.Undeliverable.

    Or it was tried in vain (too_many_attempts), or never while it made sense (too_late).
    """

    room: int
    tag: str
    reason: str


class RoomOpened(Fact, frozen=True, kw_only=True):
    """The bot was added to a room that had none of its rows, or came back to one.

    `quietly`: it may yet turn out to be a known one under another id, so nobody is greeted.
    """

    room: int
    new: bool
    quietly: bool = False


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


class LanguageChanged(Fact, frozen=True, kw_only=True):
    """A community is spoken to in this language from now on."""

    language: str


class SuggestionChanged(Fact, frozen=True, kw_only=True):
    """Something that was put before those who decide, in the list `shown_in`, is not as it is shown there."""

    shown_in: int


class PeopleRegrouped(Fact, frozen=True, kw_only=True):
    """Accounts changed hands between two persons of whom something is kept in a community.

    `joined`: all that `other` had belong to `person` now; else some that `person` had belong to `other`. What
    a feature derives for either is to be made anew: features that are off are told, too.
    """

    person: int
    other: int
    joined: bool


class RoomTakenUp(Fact, frozen=True, kw_only=True):
    """A room was surely recognised under another native id.

    `gave_way`: the room that had this id since, and has it no more; 0 where there was none.
    """

    room: int
    before: str
    after: str
    gave_way: int = 0


class PeopleTakenUp(Fact, frozen=True, kw_only=True):
    """Some in a room were surely recognised under other native ids.

    `accounts`: an account, its id before and now. `joined`: an account, and the one that the same person has
    under the new id already.
    """

    room: int
    accounts: tuple[tuple[int, str, str], ...]
    joined: tuple[tuple[int, int], ...]


class PersonUnsure(Fact, frozen=True, kw_only=True):
    """An account that is new in a room may be the person of one that is gone."""

    room: int
    old: int
    new: int


class RoomUnsure(Fact, frozen=True, kw_only=True):
    """A group that is new to a bot may be a room that it is out of."""

    room: int
    candidate: int
