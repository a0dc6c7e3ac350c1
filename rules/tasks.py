"""What a task asks for: its days, its window, its proof, and the plan of what each day is about."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final, Literal

import msgspec

from rules.calendar import MINUTES_A_DAY, Calendar, Place, Window
from rules.days import Day, gap, weekday

Proof = Literal["none", "text", "picture", "voice", "link"]
PROOFS: Final[tuple[Proof, ...]] = ("none", "text", "picture", "voice", "link")

EVERY_DAY: Final = 0b1111111
LONGEST_NOTE: Final = 2000
LONGEST_TITLE: Final = 80
LONGEST_PLAN: Final = 400

_MEDIA: Final[dict[str, frozenset[str]]] = {
    "picture": frozenset({"photo", "video"}),
    "voice": frozenset({"voice", "audio"}),
    "link": frozenset({"link"}),
}
_LINK = re.compile(r"https?://\S{3,}", re.IGNORECASE)
_LESSON = re.compile(r"\s*(?:第\s?)?(?:day\s?)?(\d{1,3})\s?[天日课課]?[\s.．、:：)）-]+(\S.*)", re.IGNORECASE)


class Task(msgspec.Struct, frozen=True):
    """Something to check in for.

    `weekdays` is a set of bits, Monday 1 to Sunday 64. `window` None is the community's whole day.
    `shortest` is the fewest characters of a note. `plan_from` is the day of the plan's first title.
    """

    id: int
    name: str
    weekdays: int = EVERY_DAY
    window: Window | None = None
    shortest: int = 0
    proof: Proof = "none"
    late: bool = False
    plan_from: Day | None = None

    @property
    def asks(self) -> bool:
        """Whether a mere word is not enough."""
        return self.shortest > 0 or self.proof != "none"


class Slot(msgspec.Struct, frozen=True):
    """A task's day at some instant, and whether its window is then early, open or late."""

    task: Task
    day: Day
    place: Place

    @property
    def takes(self) -> bool:
        """Whether a check-in counts here."""
        return self.place == "open" or (self.place == "late" and self.task.late)


def weekday_bits(days: Iterable[int]) -> int:
    """A set of weekdays (Monday 0 to Sunday 6) as bits."""
    return sum(1 << day for day in set(days))


def weekdays_of(bits: int) -> list[int]:
    """The weekdays (Monday 0 to Sunday 6) of a set of bits."""
    return [day for day in range(7) if bits >> day & 1]


def is_due(bits: int, day: Day) -> bool:
    """Whether a day's weekday is in a set of bits."""
    return bool(bits >> weekday(day) & 1)


def slot_at(task: Task, calendar: Calendar, at: int) -> Slot | None:
    """The task's day for something said at an instant (UTC ms), or None on a weekday without it."""
    if task.window is None:
        day, place = calendar.day_of(at), "open"
    else:
        day = calendar.window_day(task.window, at)
        place = calendar.place(task.window, day, at)
    return Slot(task, day, place) if is_due(task.weekdays, day) else None  # type: ignore[arg-type]


def closes_at(task: Task, calendar: Calendar, day: Day) -> int:
    """When (UTC ms) a task's day is over in time."""
    return calendar.bounds(day)[1] if task.window is None else calendar.window_bounds(task.window, day)[1]


def proofs_in(text: str, media: Collection[str]) -> list[str]:
    """The kinds of proof that a message holds."""
    found = [kind for kind, kinds in _MEDIA.items() if kinds.intersection(media)] if media else []
    has_link = "://" in text and "link" not in found and _LINK.search(text) is not None
    return [*found, "link"] if has_link else found


def lacks(task: Task, note: str, proofs: Collection[str]) -> Proof | None:
    """What a check-in still lacks: its proof first, then text; None when it is whole."""
    if task.proof in _MEDIA and task.proof not in proofs:
        return task.proof
    least = max(task.shortest, 1 if task.proof == "text" else 0)
    return "text" if least and len("".join(note.split())) < least else None


def slots_at(tasks: Iterable[Task], calendar: Calendar, at: int) -> list[Slot]:
    """Return the slots that an instant (UTC ms) falls into, of those tasks that ask for something then."""
    return [slot for task in tasks if (slot := slot_at(task, calendar, at)) is not None]


def unchanged(tasks: Iterable[Task], calendar: Calendar, at: int) -> tuple[int, int]:
    """From when until before when (UTC ms), around an instant, it falls into the same slots."""
    since, until = calendar.bounds(calendar.day_of(at))
    days = (calendar.day_of(since - 1), calendar.day_of(at), calendar.day_of(until))
    windows = {task.window for task in tasks if task.window is not None}
    turns = {since, until}.union(*(calendar.window_bounds(window, day) for window in windows for day in days))
    return max(turn for turn in turns if turn <= at), min(turn for turn in turns if turn > at)


class Openings:
    """Which slots of some tasks take a check-in, worked out once for as long as they stay the same."""

    __slots__ = ("_calendar", "_since", "_taking", "_tasks", "_until")

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._tasks = tasks
        self._calendar: Calendar | None = None
        self._since = self._until = 0
        self._taking: Sequence[Slot] = ()

    def at(self, calendar: Calendar, at: int) -> Sequence[Slot]:
        """The slots in which a check-in counts at an instant (UTC ms)."""
        if not self._since <= at < self._until or calendar is not self._calendar:
            self._calendar = calendar
            self._since, self._until = unchanged(self._tasks, calendar, at)
            self._taking = [slot for slot in slots_at(self._tasks, calendar, at) if slot.takes]
        return self._taking


def candidates(slots: Sequence[Slot]) -> Sequence[Slot]:
    """Which of several slots may be meant: those in time go before those that are late."""
    return [slot for slot in slots if slot.place == "open"] or slots


def narrowest(slots: Sequence[Slot]) -> Slot:
    """The slot with the shortest window: the most likely one when nobody can be asked."""
    return min(slots, key=lambda slot: MINUTES_A_DAY if slot.task.window is None else slot.task.window.length)


def named_first(names: Iterable[str], text: str) -> tuple[str | None, str]:
    """The task that a text begins with (perhaps as a #tag), the longest name that fits, and the rest."""
    words = text.strip()
    bare = words.lstrip("#＃").lstrip()
    for name in sorted(names, key=len, reverse=True):
        rest = bare[len(name) :]
        if bare[: len(name)].casefold() == name.casefold() and not re.match(r"\w", rest):
            return name, rest.strip(" \t\r\n:：,，")
    return None, words


def read_plan(text: str) -> dict[int, str]:
    """The titles by day number of lines such as "1 The first lesson"; lines without a number follow on.

    Titles are cut at LONGEST_TITLE characters, numbers beyond LONGEST_PLAN and empty lines are left out.
    """
    titles: dict[int, str] = {}
    number = 0
    for line in text.splitlines():
        found = _LESSON.fullmatch(line)
        if not line.strip():
            continue
        number = int(found[1]) if found else number + 1
        if 1 <= number <= LONGEST_PLAN:
            titles[number] = (found[2] if found else line).strip()[:LONGEST_TITLE]
    return titles


def lesson_number(task: Task, day: Day) -> int | None:
    """The number of a day in a task's plan, 1 for the first; None before it or without one."""
    if task.plan_from is None or day < task.plan_from:
        return None
    return gap(task.plan_from, day) + 1
