"""The pace of an account that must not seem to be a machine: shares of a day and a minute, pauses, sleep."""

from collections.abc import Iterable
from math import ceil

import msgspec

from rules.budget import Quiet, after_quiet
from rules.calendar import Calendar, Rule
from rules.durations import DAY, MINUTE
from rules.pacing import Limit, Pace, next_free

KEPT_FOR_ANSWERS = 0.1
"""Which part of a day's messages goes to those who asked, and to no notices."""


class Human(msgspec.Struct, frozen=True):
    """How much a person writes: messages in any minute and any 24 hours, new contacts in any 24 hours.

    `pause`: the shortest and the longest after each message, milliseconds. `sleeps`: when nothing is sent,
    on the clocks of `zone`; equal times mean never.
    """

    a_minute: int
    a_day: int
    contacts_a_day: int
    pause: tuple[int, int]
    zone: str
    sleeps: Quiet


class Person:
    """What an account lately sent, in all its chats together, and when it may send the next."""

    __slots__ = ("_calendar", "_contacts", "_day", "_human", "_minute", "_notices")

    def __init__(self, human: Human) -> None:
        """Take what is usual for this person; nothing was sent yet."""
        self._human = human
        self._calendar = Calendar((Rule(0, human.zone, 0),))
        unasked = max(1, human.a_day - ceil(human.a_day * KEPT_FOR_ANSWERS))
        self._minute = Pace((Limit(human.a_minute, MINUTE),))
        self._day = Pace((Limit(human.a_day, DAY),))
        self._notices = Pace((Limit(unasked, DAY),))
        self._contacts = Pace((Limit(max(1, human.contacts_a_day), DAY),))

    def next_free(self, now: int, *, answers: bool, befriends: bool = False) -> int:
        """Return the first instant from `now` on (UTC ms) at which one more may go, by all that holds.

        `answers`: somebody waits for it. `befriends`: it makes a new contact; where none is allowed, that
        is always a day ahead.
        """
        if befriends and not self._human.contacts_a_day:
            return now + DAY
        paces = [self._minute, self._day]
        if not answers:
            paces.append(self._notices)
        if befriends:
            paces.append(self._contacts)
        return after_quiet(self._calendar, self._human.sleeps, next_free(now, *paces))

    def sent(self, at: int, chance: float, *, befriends: bool = False) -> None:
        """Note what was sent at `at` (UTC ms); `chance`, 0 to 1, says how long the pause after it is."""
        shortest, longest = self._human.pause
        self.recall([(at, befriends)])
        self._minute.hold(at + shortest + int(chance * (longest - shortest)))

    def recall(self, history: Iterable[tuple[int, bool]]) -> None:
        """Note what was sent before: when (UTC ms, in order), and whether it made a new contact."""
        for at, befriends in history:
            for pace in (self._minute, self._day, self._notices):
                pace.sent(at)
            if befriends:
                self._contacts.sent(at)

    def take_back(self, at: int) -> None:
        """What was noted as sent at `at` (UTC ms) never went out. The pause after it stays."""
        for pace in (self._minute, self._day, self._notices, self._contacts):
            pace.take_back(at)

    def is_used_up(self, now: int) -> bool:
        """Return whether the 24 hours up to `now` (UTC ms) hold all that they may."""
        return self._day.next_free(now) > now
