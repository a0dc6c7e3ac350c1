"""Who asked for how much lately, where all together may have only so much a day: nobody takes it all."""

from __future__ import annotations

from collections import Counter, deque

from rules.durations import DAY

OF_MEMBERS, OF_STAFF = 4, 2
"""Which part of what is left somebody may have had, at the most: a quarter, a half."""


class Shares:
    """What people were answered in the last 24 hours, of an account that sends only so much in them.

    One more is for who had less than a part of what is left: the more ask for more than their due, the less
    each of them gets, and who asks for the first time gets an answer also then. After: Abhijit Choudhury,
    Ellen Hahne, "Dynamic Queue Length Thresholds for Shared-Memory Packet Switches", 1998.
    """

    __slots__ = ("_a_day", "_by_person", "_had")

    def __init__(self, a_day: int) -> None:
        """Take how much there is in any 24 hours; nobody had any of it yet."""
        self._a_day = a_day
        self._had: deque[tuple[int, str]] = deque()
        self._by_person: Counter[str] = Counter()

    def take(self, person: str, now: int, *, staff: bool = False) -> bool:
        """Return whether a person may have one more at `now` (UTC ms), which then is noted as had."""
        while self._had and self._had[0][0] <= now - DAY:
            _, before = self._had.popleft()
            self._by_person[before] -= 1
            if not self._by_person[before]:
                del self._by_person[before]
        left = self._a_day - len(self._had)
        if self._by_person[person] * (OF_STAFF if staff else OF_MEMBERS) >= left:
            return False
        self._had.append((now, person))
        self._by_person[person] += 1
        return True
