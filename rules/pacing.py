"""When the next message may be sent: limits of so many in so long, and the wait after a failure."""

from collections import deque

import msgspec


class Limit(msgspec.Struct, frozen=True):
    """At most `count` messages in any `per` milliseconds."""

    count: int
    per: int


class Pace:
    """What was lately sent through one bottleneck (a chat, an account), as far as its limits need it."""

    __slots__ = ("_held_until", "_limits", "_sent")

    def __init__(self, limits: tuple[Limit, ...]) -> None:
        """Take the limits, all of which hold; nothing was sent yet."""
        self._limits = limits
        self._sent: deque[int] = deque(maxlen=max(limit.count for limit in limits))
        self._held_until = 0

    def next_free(self, now: int) -> int:
        """Return the first instant from `now` on (UTC ms) at which one more message keeps all limits.

        Unless something is sent in between, every later instant is free as well.
        """
        sent = self._sent
        free = max(now, self._held_until)
        for limit in self._limits:
            if len(sent) >= limit.count:
                free = max(free, sent[-limit.count] + limit.per)
        return free

    def sent(self, at: int) -> None:
        """Note a message sent at `at` (UTC ms); one from before the last counts as sent with the last."""
        self._sent.append(max(at, self._sent[-1]) if self._sent else at)

    def take_back(self, at: int) -> None:
        """Forget a message noted as sent at `at` (UTC ms), where it is still known: it never went out."""
        if at in self._sent:
            self._sent.remove(at)

    def hold(self, until: int) -> None:
        """Send nothing before `until` (UTC ms): the platform asked for it. A longer hold stays."""
        self._held_until = max(self._held_until, until)

    def idle(self, now: int) -> bool:
        """Return whether nothing noted can matter from `now` on (UTC ms), so that it may be forgotten."""
        longest = max(limit.per for limit in self._limits)
        return self._held_until <= now and (not self._sent or self._sent[-1] + longest <= now)


def next_free(now: int, *paces: Pace) -> int:
    """Return the first instant from `now` on (UTC ms) at which all of the given paces are free."""
    return max((pace.next_free(now) for pace in paces), default=now)


def backoff(attempt: int, chance: float, base: int, top: int) -> int:
    """Return how long to wait (ms) after a failure, anywhere between 0 and min(top, base·2^attempt).

    `attempt` counts from 0, `chance` lies in 0 to 1, `base` and `top` are in ms. "Full jitter" of:
    Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """
    return int(chance * min(top, base << min(attempt, 62)))
