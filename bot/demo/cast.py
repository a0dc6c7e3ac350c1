"""Who the people of the demo are: their habits decide what they do each day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    import random

    from bot.demo.lines import Lines

OWNER, LEADER = 0, 1
"""Their places in the cast."""

LOWER, EVENING, UPPER, STAFF = range(4)
"""The rooms by their place; nobody studies in the last."""

HABITS = (
    *("superb", "good", "good", "fading", "good", "returning"),
    *("superb", "good", "good", "good", "loose", "newcomer"),
)
"""How people are, over and over in this order."""

NEWCOMERS_COME = (14, 35)
"""On which day the first and the second group of newcomers begins to arrive."""

Habit = Literal["superb", "good", "loose", "fading", "returning", "newcomer"]


class Character(msgspec.Struct, frozen=True):
    """One of the people.

    `usual` is when they check in, in minutes after midnight; `comes` the day on which they arrive;
    `talks` and `likes` are how often they begin a talk and react, from 0 to 1; `writes_privately`
    says whether they have a private chat with the bot, and `style` how they word a check-in.
    """

    place: int
    name: str
    habit: Habit
    rooms: tuple[int, ...]
    comes: int
    usual: int
    subject: str
    style: Literal["word", "note", "tag", "picture"]
    talks: float
    likes: float
    writes_privately: bool

    @property
    def home(self) -> int:
        """The room where they check in."""
        return self.rooms[0]

    def diligence(self, day: int) -> float:
        """How likely they check in on a day of the play."""
        if day < self.comes:
            return 0.0
        if self.habit == "fading":
            return max(0.05, 0.9 - max(0, day - 18) * 0.03)
        if self.habit == "returning" and 22 <= day < 41:
            return 0.0
        return {"superb": 0.985, "good": 0.88, "loose": 0.6, "returning": 0.86, "newcomer": 0.9}[self.habit]


def cast(lines: Lines, size: int, chance: random.Random) -> tuple[Character, ...]:
    """The first `size` people of the lines: the owner, the leader, then members of all habits."""
    return tuple(_character(place, name, lines, chance) for place, name in enumerate(lines.names[:size]))


def _character(place: int, name: str, lines: Lines, chance: random.Random) -> Character:
    staff = place in {OWNER, LEADER}
    habit = "superb" if staff else HABITS[place % len(HABITS)]
    rooms = _rooms(place, habit)
    return Character(
        place=place,
        name=name,
        habit=habit,  # type: ignore[arg-type] # of the table above
        rooms=rooms,
        comes=_comes(place, habit),
        usual=_usual(rooms[0], chance),
        subject=sorted(lines.subjects)[place % len(lines.subjects)],
        style=chance.choices(("word", "note", "tag", "picture"), (3, 5, 2, 1))[0],
        talks=0.3 if staff else chance.choice((0.05, 0.1, 0.3, 0.6)),
        likes=0.8 if staff else chance.choice((0.1, 0.3, 0.5, 0.8)),
        writes_privately=chance.random() < 0.6,
    )


def _rooms(place: int, habit: str) -> tuple[int, ...]:
    """The owner and the leader are everywhere; the best are in the upper room too."""
    if place in {OWNER, LEADER}:
        return (LOWER, EVENING, UPPER)
    home = LOWER if place % 2 == 0 else EVENING
    return (home, UPPER) if habit == "superb" or place % 7 == 3 else (home,)


def _comes(place: int, habit: str) -> int:
    if habit != "newcomer":
        return 0
    return NEWCOMERS_COME[place // len(HABITS) % 2] + place % 5


def _usual(home: int, chance: random.Random) -> int:
    """Early birds read in the morning; the others study after work."""
    if home == LOWER:
        return chance.choice((390, 420, 435, 450, 480, 510, 760))
    return chance.choice((740, 1140, 1200, 1230, 1260, 1290, 1305))
