"""What several accounts of one person are worth together: what one account would get that did it all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from rules.days import Day
from rules.score import Counts, day_points, points_moved

SIGNALS = Counts.__struct_fields__
CHECKIN = SIGNALS.index("checkin")
REPLIES = SIGNALS.index("reply_given"), SIGNALS.index("reply_got")
REACTIONS = SIGNALS.index("reaction_given"), SIGNALS.index("reaction_got")

Place = tuple[Day, int]
"""A day and a room of a community (0: check-ins, which count in no room)."""

Reckon = Callable[[tuple[int, ...]], float]
"""The points of a day's counts, in the order of Counts, by the rules of now."""


class Done(NamedTuple):
    """What an account did in a place, alone; `settled`: the points of it that rankings hold already."""

    account: int
    counts: tuple[int, ...]
    points: float
    settled: float


class Pair(NamedTuple):
    """How often one account's replies and reactions to another counted on a day."""

    day: Day
    account: int
    about: int
    replies: int
    reactions: int


class Worth(NamedTuple):
    """What several accounts did in a place, as one would have done it, and its points."""

    counts: tuple[int, ...]
    points: float


def by_usual_rules(counts: tuple[int, ...]) -> float:
    """Return the points of a day's counts where nothing was set otherwise."""
    return day_points(Counts(*counts))


def worth(
    places: Mapping[Place, Sequence[Done]],
    twice: Mapping[Day, int],
    pairs: Iterable[Pair],
    reckon: Reckon = by_usual_rules,
) -> dict[Place, Worth]:
    """Return what a person's accounts are worth together, for each place where more than one did something.

    `twice` is how many check-ins of a day are there once more. `pairs` are those between the accounts
    themselves: what one gives to oneself does not count. What was earned by other rules keeps its share.
    """
    shared = {place: rows for place, rows in places.items() if len(rows) > 1}
    left = {place: {row.account: list(row.counts) for row in rows} for place, rows in shared.items()}
    _take_off_own(left, pairs)
    return {
        place: _together(rows, _sum(left[place].values(), rows, twice.get(place[0], 0)), reckon)
        for place, rows in shared.items()
    }


def _sum(left: Iterable[Sequence[int]], rows: Sequence[Done], twice: int) -> tuple[int, ...]:
    counts = [sum(column) for column in zip(*left, strict=True)]
    counts[CHECKIN] = max(counts[CHECKIN] - twice, *(row.counts[CHECKIN] for row in rows))
    return tuple(counts)


def _together(rows: Sequence[Done], counts: tuple[int, ...], reckon: Reckon) -> Worth:
    points, alone = 0.0, 0.0
    for row in rows:
        points += row.points
        alone += reckon(row.counts)
    return Worth(counts, points_moved(points, alone, reckon(counts)))


def _take_off_own(left: dict[Place, dict[int, list[int]]], pairs: Iterable[Pair]) -> None:
    """Take off what went to oneself; as pairs know no room, wherever both have such signals left."""
    rooms: dict[Day, list[Place]] = {}
    for place in sorted(left):
        rooms.setdefault(place[0], []).append(place)
    for pair in pairs:
        for (given, got), times in ((REPLIES, pair.replies), (REACTIONS, pair.reactions)):
            rest = times
            for place in rooms.get(pair.day, ()):
                rest -= _taken(left[place].get(pair.account), given, left[place].get(pair.about), got, rest)


def _taken(giver: list[int] | None, given: int, getter: list[int] | None, got: int, most: int) -> int:
    if giver is None or getter is None:
        return 0
    times = max(0, min(most, giver[given], getter[got]))
    giver[given] -= times
    getter[got] -= times
    return times
