"""What is wrong with a house or a community: how grave it is, and when those who can mend it are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from rules.durations import HOUR, MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


GRAVITY = (
    "disk",
    "off",
    "offline",
    "silent",
    "contested",
    "reach",
    "clock",
    "stuck",
    "deaf",
    "mute",
    "lost",
    "staff_room",
    "dead",
    "jobs",
    "failed",
    "rights",
)
"""Every kind of trouble, the gravest first."""

MINOR = frozenset({"failed", "rights"})
"""Worth a line when somebody asks; with nothing else, all is well."""

OF_THE_HOUSE = frozenset({"disk", "off", "clock", "dead"})
"""What only those can mend who run the house, where it names any."""

ALERTS = frozenset({"disk", "offline", "silent", "contested", "reach", "clock", "stuck", "lost", "dead"})
"""What is told unasked."""

LEAST_FREE = 200_000_000
"""Bytes: less is little on any disk."""

LEAST_SHARE = 0.05
"""The part of a disk: less free is little."""

LARGEST_SKEW = 30_000
"""Milliseconds that this machine's clock may differ from a platform's."""

STUCK_AFTER = 10 * MINUTE
"""Milliseconds after which what could be sent waits too long, or a stream or a job is late."""

CONTESTED_FOR = HOUR
"""Milliseconds for which it is said that another program asked for the bot's news."""

FRESH_FOR = 30 * MINUTE
"""Milliseconds for which what a platform said of itself holds."""

TELL_AGAIN = 6 * HOUR
"""Milliseconds between two lines about one kind of trouble."""

TOLD_ONCE = frozenset({"offline"})
"""What is told once for as long as it lasts: it can do nothing worse by lasting, and everybody knows."""

SOON_AGAIN = {"offline": 2 * HOUR}
"""The same as TELL_AGAIN for what comes and goes, but cannot wait for long when it comes again."""


class Trouble(msgspec.Struct, frozen=True):
    """Something that is wrong: its kind, and the values that fill its text (JSON-able)."""

    kind: str
    values: dict[str, object] = {}


class Told(msgspec.Struct, frozen=True):
    """When a kind of trouble was told last (UTC ms), and whether it was told, too, that it is over."""

    at: int
    is_over: bool


class News(msgspec.Struct, frozen=True):
    """The kinds of trouble to tell now, those to tell the end of, and those to know nothing of any more."""

    begun: tuple[str, ...]
    ended: tuple[str, ...]
    forgotten: tuple[str, ...]


def by_gravity(troubles: Iterable[Trouble]) -> list[Trouble]:
    """The gravest first."""
    return sorted(troubles, key=lambda trouble: GRAVITY.index(trouble.kind))


def is_little(free: int, total: int) -> bool:
    """Whether a disk of `total` bytes has little room left."""
    return free < LEAST_FREE or free < LEAST_SHARE * total


def is_off(skew: int | None) -> bool:
    """Whether a clock that is `skew` milliseconds ahead (None: not known) is off."""
    return skew is not None and abs(skew) > LARGEST_SKEW


def news(kinds: Iterable[str], told: Mapping[str, Told], now: int) -> News:
    """What of the troubles that there are at `now` (UTC ms) is to be told, after what was told before.

    Each kind is told at most once in TELL_AGAIN, however often it comes and goes, and its end once.
    """
    present = set(kinds)
    rested = {kind for kind, last in told.items() if now - last.at >= SOON_AGAIN.get(kind, TELL_AGAIN)}
    known = {kind for kind in TOLD_ONCE & told.keys() if not told[kind].is_over}
    begun = [
        kind
        for kind in GRAVITY
        if kind in present and (kind not in told or kind in rested) and kind not in known
    ]
    ended = [kind for kind in GRAVITY if kind in told and kind not in present and not told[kind].is_over]
    forgotten = [kind for kind in rested - present if told[kind].is_over]
    return News(tuple(begun), tuple(ended), tuple(forgotten))
