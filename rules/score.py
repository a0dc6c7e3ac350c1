"""Activity scores: what a day is worth, and its slow fading that never changes an order.

A score is Σ points·2^(-age/half-life). It is stored forward-decayed, as log2 Σ points·2^(t/half-life) with t
counted from a fixed epoch: a stored number needs no update as time passes, and an index on it ranks members.
Source: Cormode, Shkapenyuk, Srivastava, Xu, "Forward Decay: A Practical Time Decay Model for Streaming
Systems", ICDE 2009. The log form keeps it from overflowing.
"""

import math
from collections.abc import Iterable

import msgspec

from rules.days import Day, ordinal
from rules.durations import DAY

EPOCH = 1_767_225_600_000
"""2026-01-01T00:00Z in UTC ms: t = 0 of the forward decay. Stored scores depend on it: it never changes."""

EMPTY = -math.inf
"""The stored form of a score of zero."""

_GRAIN = 65_536.0
"""Points are whole multiples of 2^-16, which a float adds and subtracts without any error."""

_UNIX_EPOCH = 719_163
"""The ordinal of 1970-01-01."""


class Counts(msgspec.Struct, frozen=True):
    """What a member did and got in one day: how often each signal came and was allowed to score."""

    message: int = 0
    reply_given: int = 0
    reply_got: int = 0
    reaction_given: int = 0
    reaction_got: int = 0
    checkin: int = 0
    featured: int = 0


class Weights(msgspec.Struct, frozen=True):
    """The points of the first of each signal in a day (nearly: see `day_points`)."""

    message: float = 1.0
    reply_given: float = 1.5
    reply_got: float = 2.0
    reaction_given: float = 0.3
    reaction_got: float = 0.7
    checkin: float = 10.0
    featured: float = 15.0


class Caps(msgspec.Struct, frozen=True):
    """The points that each signal approaches in a day but never passes; 0 turns a signal off."""

    message: float = 8.0
    reply_given: float = 10.0
    reply_got: float = 12.0
    reaction_given: float = 2.0
    reaction_got: float = 6.0
    checkin: float = 30.0
    featured: float = 30.0


class ScoreRules(msgspec.Struct, frozen=True):
    """All settings of the score: half-life in days, cooldown in seconds, pair limit in signals a day."""

    weights: Weights = Weights()
    caps: Caps = Caps()
    half_life: float = 14.0
    cooldown: int = 20
    pair_limit: int = 5


USUAL = ScoreRules()


def _saturated(count: int, weight: float, cap: float) -> float:
    if count <= 0 or weight <= 0 or cap <= 0:
        return 0.0
    return round(-cap * math.expm1(-count * weight / cap) * _GRAIN) / _GRAIN


def parts(counts: Counts, rules: ScoreRules = USUAL) -> dict[str, float]:
    """Return a day's points by signal, only those above 0: cap·(1 - exp(-count·weight/cap)).

    The curve rises ever more slowly, so the tenth message is worth less than the first.
    """
    weights, caps = rules.weights, rules.caps
    found = {}
    for signal in Counts.__struct_fields__:
        count = getattr(counts, signal)
        if count > 0:
            found[signal] = _saturated(count, getattr(weights, signal), getattr(caps, signal))
    return {signal: points for signal, points in found.items() if points > 0}


def day_points(counts: Counts, rules: ScoreRules = USUAL) -> float:
    """Return the points of a day: the sum of its `parts`.

    Points are multiples of 2^-16, so the differences between a day's successive values add up to its
    last value exactly, in any order.
    """
    return sum(parts(counts, rules).values())


def points_moved(points: float, before: float, after: float) -> float:
    """Return the points of a day whose counts changed, of which it had `points`.

    `before` and `after` are what the rules of now give for the counts before and now. What the day earned by
    other rules stays: more counts add what they are worth now, fewer take their share of what there was. By
    rules that never changed this is `after` itself; it is a multiple of 2^-16 as well.
    """
    if points == before:
        return after
    if after >= before:
        return points + (after - before)
    return math.floor(points * (after / before) * _GRAIN) / _GRAIN


def never_below_zero(count: int, before: int, lowest: int) -> int:
    """Return a count that stopped at zero on its way; `lowest` is how far down it went from `before`.

    What is taken back may never have counted, as while scores were off; what comes after it does count.
    """
    return count + max(0, -(before + lowest))


def cooled_down(last: int | None, at: int, rules: ScoreRules = USUAL) -> bool:
    """Return whether a message (UTC ms) is far enough from the last one that scored, on either side."""
    return last is None or abs(at - last) >= rules.cooldown * 1000


def pair_open(already: int, rules: ScoreRules = USUAL) -> bool:
    """Return whether one more signal of the same kind between the same two may score today."""
    return already < rules.pair_limit


def stamp(day: Day) -> int:
    """Return the instant (UTC ms) at which all points of a day count: its date's midnight in UTC.

    Live increments and a rebuild from day rows agree because both use it, whatever the zone.
    """
    return (ordinal(day) - _UNIX_EPOCH) * DAY


def log_term(points: float, at: int, half_life: float) -> float:
    """Return the stored form of points gained at `at` (UTC ms); `half_life` in days. EMPTY for none."""
    if points <= 0:
        return EMPTY
    return math.log2(points) + (at - EPOCH) / (half_life * DAY)


def combine(first: float, second: float) -> float:
    """Return the stored form of the sum of two stored scores: max + log2(1 + 2^-|difference|)."""
    high, low = (first, second) if first >= second else (second, first)
    if low == EMPTY:
        return high
    return high + math.log2(1 + math.exp2(low - high))


def decayed(log_score: float, now: int, half_life: float) -> float:
    """Return the score at `now` (UTC ms) from its stored form; `half_life` in days."""
    exponent = log_score - (now - EPOCH) / (half_life * DAY)
    return math.exp2(min(exponent, 1023.0))


def rebuild(day_rows: Iterable[tuple[Day, float]], half_life: float) -> float:
    """Return the stored form of a score from rows of (day, points), in any order."""
    terms = [log_term(points, stamp(day), half_life) for day, points in day_rows]
    greatest = max(terms, default=EMPTY)
    if greatest == EMPTY:
        return EMPTY
    return greatest + math.log2(math.fsum(math.exp2(term - greatest) for term in terms))
