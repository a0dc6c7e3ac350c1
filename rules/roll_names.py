"""Who is meant by a name in a list: just the name, or one name that is nearly the same."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

LONGEST_KEY: Final = 64
SHORTEST_SLIP: Final = 3
"""Characters of the shortest name in which one may be too many; another one in its place takes one more.

王小明 and 李小明 are two people.
"""

SHORTEST_PART: Final = 2


class Near:
    """Finds names that are nearly the same: one letter more, less or other, or one name within the other.

    Names are keys (relay.name_key). What it costs to look one up does not grow with their number.
    """

    def __init__(self, known: Iterable[str]) -> None:
        """Keep the names among which to look."""
        self._known = {key for key in known if key and len(key) <= LONGEST_KEY}
        self._slips: dict[str, set[str]] = defaultdict(set)
        self._parts: dict[str, set[str]] = defaultdict(set)
        for key in self._known:
            for slip in _slips(key):
                self._slips[slip].add(key)
            for part in _parts(key):
                self._parts[part].add(key)

    def of(self, key: str) -> str | None:
        """The one known name that is near; None when there is none, or several."""
        if len(key) > LONGEST_KEY:
            return None
        near = {one for slip in _slips(key) for one in self._slips.get(slip, ())}
        near |= self._parts.get(key, set())
        near |= self._known.intersection(_parts(key))
        near = {one for one in near if _is_near(key, one)} - {key}
        return next(iter(near)) if len(near) == 1 else None


def _slips(key: str) -> set[str]:
    """The name, and what is left of it without each one of its letters."""
    if len(key) < SHORTEST_SLIP:
        return set()
    return {key, *(key[:place] + key[place + 1 :] for place in range(len(key)))}


def _parts(key: str) -> set[str]:
    """How the name begins and ends, in every length that may be a name."""
    lengths = range(SHORTEST_PART, len(key))
    return {key[:length] for length in lengths} | {key[-length:] for length in lengths}


def _is_near(one: str, other: str) -> bool:
    """Whether one begins or ends with the other, or has one letter more, or another one."""
    short, long = sorted((one, other), key=len)
    if long.startswith(short) or long.endswith(short):
        return len(short) >= SHORTEST_PART
    if len(short) == len(long):
        return len(one) >= SHORTEST_SLIP + 1 and sum(a != b for a, b in zip(one, other, strict=True)) == 1
    return len(long) == len(short) + 1 and short in _slips(long)
