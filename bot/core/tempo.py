"""When the next action may go: what a platform allows in each chat and overall, or the pace of a person."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.core.priority import NOTICE, PRESS
from rules.durations import DAY, MINUTE
from rules.human_pace import Person
from rules.pacing import Limit, Pace, next_free

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from bot.core.platforms import Limits
    from storage.outbox import Pending

log = logging.getLogger("banzhang.outbox")


class Tempo:
    """What was lately sent on one platform."""

    def __init__(self, bot: str, limits: Limits, chance: Random) -> None:
        self._bot = bot
        self._limits = limits
        self._chance = chance
        self._chats: dict[tuple[int, bool], Pace] = {}
        self._all = Pace(_overall(limits))
        self._person = None if limits.human is None else Person(limits.human)
        self._turns: dict[int, int] = {}
        self._told = -DAY

    @property
    def is_human(self) -> bool:
        """Whether the account keeps the pace of a person: one message at a time, those who wait first."""
        return self._person is not None

    def recall(self, history: Iterable[tuple[int, bool]]) -> None:
        """Note what was sent before the start: when (UTC ms, in order), and whether it made a contact."""
        if self._person is not None:
            self._person.recall(history)

    def free_at(self, pending: Pending, now: int) -> int:
        """Return the first instant from `now` on (UTC ms) at which it may go."""
        free = next_free(now, self._chat(pending), self._all)
        if self._person is None or pending.only_looks:
            return free
        answers = pending.priority < NOTICE
        return self._person.next_free(free, answers=answers, befriends=pending.befriends)

    def begins(self, pending: Pending, now: int) -> bool:
        """Whether it goes now: a person's turn is taken at once, as several chats may want it together."""
        if self._person is None or pending.only_looks:
            return True
        if self.free_at(pending, now) > now:
            return False
        self._person.sent(now, self._chance.random(), befriends=pending.befriends)
        self._turns[pending.id] = now
        if self._person.is_used_up(now) and now >= self._told + DAY:
            self._told = now
            log.warning("%s has sent all that it may in 24 hours; what else there is waits", self._bot)
        return True

    def sent(self, pending: Pending, now: int) -> None:
        """Note that it is sent at this instant (UTC ms)."""
        self._chat(pending).sent(now)
        self._all.sent(now)

    def hold(self, pending: Pending, until: int, *, was_tried: bool) -> None:
        """Send nothing in its chat before that instant (UTC ms); what was not tried gives back its turn."""
        self._chat(pending).hold(until)
        turn = self._turns.pop(pending.id, None)
        if self._person is not None and turn is not None and not was_tried:
            self._person.take_back(turn)

    def settle(self, pending: Pending) -> None:
        """It waits no longer."""
        self._turns.pop(pending.id, None)

    def forget(self, room: int, now: int) -> None:
        """Keep nothing of a chat with nothing to say, once that cannot matter any more."""
        for key in ((room, True), (room, False)):
            if key in self._chats and self._chats[key].idle(now):
                del self._chats[key]

    def _chat(self, pending: Pending) -> Pace:
        """The pace of messages in a chat; answers to presses do not count among them, and have their own."""
        is_message = pending.priority != PRESS
        key = (pending.room, is_message)
        if key not in self._chats:
            limits = self._limits
            kept = _of_chat(limits, group=pending.is_group) if is_message else _overall(limits)
            self._chats[key] = Pace(kept)
        return self._chats[key]


def _overall(limits: Limits) -> tuple[Limit, ...]:
    return (Limit(max(1, int(limits.overall_per_second)), 1000),)


def _of_chat(limits: Limits, *, group: bool) -> tuple[Limit, ...]:
    burst = Limit(limits.chat_burst, int(1000 * limits.chat_burst / limits.chat_per_second))
    return (burst, Limit(limits.group_per_minute, MINUTE)) if group else (burst,)
