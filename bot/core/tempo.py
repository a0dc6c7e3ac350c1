"""When the next action may go: what a platform allows in each chat and overall, or the pace of a person."""

from __future__ import annotations

import logging
from collections import OrderedDict
from typing import TYPE_CHECKING, Literal, get_args

from bot.core.priority import NOTICE, PRESS
from rules.durations import DAY, MINUTE
from rules.human_pace import Person
from rules.pacing import Limit, Pace, next_free

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

    from bot.core.platforms import Limits
    from storage.outbox import Pending

log = logging.getLogger("banzhang.outbox")

Lane = Literal["press", "wordless", "message"]
"""What keeps its order in a chat, and a pace of its own: answers to presses, what says nothing, all else."""


class Tempo:
    """What was lately sent on one platform."""

    def __init__(self, bot: str, limits: Limits, chance: Random) -> None:
        self._bot = bot
        self._limits = limits
        self._chance = chance
        self._chats: OrderedDict[tuple[int, Lane], Pace] = OrderedDict()
        """In the order in which something was last sent."""
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

    def next_turn(self, queue: Sequence[Pending], now: int) -> tuple[int, Pending]:
        """When the next action of a chat may go (UTC ms, from `now` on), and which of its queue that is.

        Each lane keeps its order. Of those that may go at the same time an answer to a press goes first, then
        what waits longest: no lane holds up the other where the account may send no more.
        """
        lanes: dict[Lane, list[Pending]] = {}
        for pending in queue:
            lanes.setdefault(self._lane(pending), []).append(pending)
        turns = [self._turn_of(lane, now) for lane in lanes.values()]
        return min(turns, key=lambda turn: (turn[0], turn[1].priority != PRESS, turn[1].id))

    def _turn_of(self, lane: Sequence[Pending], now: int) -> tuple[int, Pending]:
        at = max(now, min(pending.not_before for pending in lane))
        head = next(pending for pending in lane if pending.not_before <= at)
        return self.free_at(head, at), head

    def free_at(self, pending: Pending, now: int) -> int:
        """Return the first instant from `now` on (UTC ms) at which it may go."""
        free = next_free(now, self._pace(pending, self._lane(pending)), self._all)
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
        lane = self._lane(pending)
        self._pace(pending, lane).sent(now)
        self._chats.move_to_end((pending.room, lane))
        self._all.sent(now)

    def hold(self, pending: Pending, until: int, *, was_tried: bool) -> None:
        """Send nothing in its chat before that instant (UTC ms); what was not tried gives back its turn.

        Answers to presses are not said in the chat: they hold up nothing there, and nothing there them.
        """
        is_press = self._lane(pending) == "press"
        for lane in get_args(Lane):
            if (lane == "press") == is_press:
                self._pace(pending, lane).hold(until)
        turn = self._turns.pop(pending.id, None)
        if self._person is not None and turn is not None and not was_tried:
            self._person.take_back(turn)

    def settle(self, pending: Pending) -> None:
        """It waits no longer."""
        self._turns.pop(pending.id, None)

    def forget(self, now: int) -> None:
        """Keep nothing of chats in which nothing was sent for so long that it cannot matter any more."""
        while self._chats:
            longest_ago = next(iter(self._chats))
            if not self._chats[longest_ago].idle(now):
                return
            del self._chats[longest_ago]

    def _lane(self, pending: Pending) -> Lane:
        if pending.priority == PRESS:
            return "press"
        return "wordless" if pending.is_wordless and self._limits.wordless_apart else "message"

    def _pace(self, pending: Pending, lane: Lane) -> Pace:
        """The pace of a lane of its chat."""
        key = (pending.room, lane)
        if key not in self._chats:
            self._chats[key] = Pace(_of_lane(self._limits, lane, is_group=pending.is_group))
        return self._chats[key]


def _overall(limits: Limits) -> tuple[Limit, ...]:
    return (Limit(max(1, int(limits.overall_per_second)), 1000),)


def _of_lane(limits: Limits, lane: Lane, *, is_group: bool) -> tuple[Limit, ...]:
    if lane == "press":
        return _overall(limits)
    burst = Limit(limits.chat_burst, int(1000 * limits.chat_burst / limits.chat_per_second))
    counts = is_group and lane == "message"
    return (burst, Limit(limits.group_per_minute, MINUTE)) if counts else (burst,)
