"""Which changes are asked for: read from words, and kept in the few bytes that a button holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.core.actions import words
from bot.core.retelling import acts_of
from rules.argument_days import DayRange, read_day, read_days
from rules.arguments import ArgumentError, plain
from rules.days import Day, from_ordinal, ordinal
from storage import audits, people, rooms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.core.actions import Words
    from bot.core.context import Context

MOST_WORDS = 12
MOST_ALIKE = 8
LONGEST_SPAN = 366
LONGEST_DATA = 50
"""Bytes of a button's data, without the community that is added to it."""

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
KEY_LETTERS = DIGITS + "_"
LONGEST_DIGITS = 11


class NotUnderstood(Exception):
    """Words that ask for nothing known; `given` is where that begins."""

    def __init__(self, given: str) -> None:
        super().__init__(given)
        self.given = given


class Several(Exception):
    """Several people or rooms have the name that is said; `which` asks who or which is meant."""

    def __init__(self, which: Words) -> None:
        super().__init__(which.text)
        self.which = which


class Wanted(msgspec.Struct, frozen=True):
    """What is asked for: a person, a room, a feature, a setting (or the beginning of its name), days."""

    person: int | None = None
    room: int | None = None
    feature: str | None = None
    setting: str | None = None
    days: DayRange | None = None


def read(ctx: Context, text: str) -> Wanted:
    """What words ask for, each told from the others by what it names. Raises NotUnderstood."""
    words = text.split()
    if len(words) > MOST_WORDS:
        raise NotUnderstood(words[MOST_WORDS])
    wanted: dict[str, object] = {}
    at = 0
    while at < len(words):
        at, (kind, value) = _longest(ctx, words, at)
        wanted[kind] = value
    return Wanted(**wanted)  # type: ignore[arg-type]


def _longest(ctx: Context, words: list[str], at: int) -> tuple[int, tuple[str, object]]:
    """The longest run of words from `at` on that names something, where it ends, and what it names."""
    for end in range(len(words), at, -1):
        said = " ".join(words[at:end])
        for kind, find in KINDS.items():
            found = find(ctx, said)
            if found is not None:
                return end, (kind, found)
    raise NotUnderstood(words[at])


def _days(ctx: Context, said: str) -> DayRange | None:
    try:
        day = read_day(said, ctx.today, past=True)
    except ArgumentError:
        try:
            return read_days(said, ctx.today, past=True, longest=LONGEST_SPAN)
        except ArgumentError:
            return None
    return DayRange(day, day)


def _setting(ctx: Context, said: str) -> str | None:
    """A setting by its full name, or the beginning of it: `talk.lines_a_day`, `talk.`, `talk`."""
    section, _, key = said.casefold().partition(".")
    known = section in ctx.desk.house.sections.values()
    return f"{section}.{key}" if known and not key.strip(KEY_LETTERS) else None


def _feature(ctx: Context, said: str) -> str | None:
    """The feature whose name, or one of whose commands, is said."""
    wanted = plain(said).removeprefix("/")
    if wanted in SETTINGS:
        return "setting"
    for feature in ctx.desk.house.features:
        names = {word for command in feature.commands for word in (command.name, *command.words)}
        if wanted in {feature.name, *map(plain, names)} and acts_of(ctx, feature.name):
            return feature.name
    return None


def _room(ctx: Context, said: str) -> int | None:
    """The room that is meant. Raises Several when it may be more than one."""
    found = rooms.called(ctx.tx, ctx.community.id, said)
    if len(found) > 1:
        known = [{"number": room.id, "title": room.title} for room in found[:MOST_ALIKE]]
        raise Several(words("audit.several_rooms", name=said, rooms=known))
    return found[0].id if found else None


def _person(ctx: Context, said: str) -> int | None:
    """A person of that name. Raises Several when there is more than one."""
    found = people.called(ctx.tx, ctx.community.id, said, also_left=True)
    persons = sorted({account.person for account in found})
    if len(persons) > 1:
        known = [one.username or one.native for one in found]
        raise Several(words("audit.several", name=said, people=known))
    return persons[0] if persons else None


SETTINGS = frozenset({"setting", "settings", "设置", "設定"})
KINDS: dict[str, Callable[[Context, str], object]] = {
    "days": _days,
    "feature": _feature,
    "setting": _setting,
    "person": _person,
    "room": _room,
}
"""In this order: the whole name of a person goes before the beginning of a room's title."""


# From and to the data of buttons.


def packed(wanted: Wanted) -> str:
    """What is asked for in a few bytes, to be carried by a button's data."""
    return "~".join(f"{mark}{value}" for mark, value in _marked(wanted))


def carried(button: str, data: str) -> str:
    """A button's own data with what was asked for behind it, which is left out where it does not fit."""
    whole = f"{button}:{data}"
    return whole if len(whole.encode()) <= LONGEST_DATA else f"{button}:"


def _marked(wanted: Wanted) -> Iterator[tuple[str, str]]:
    if wanted.person is not None:
        yield "p", _digits(wanted.person)
    if wanted.room is not None:
        yield "r", _digits(wanted.room)
    if wanted.feature is not None:
        yield "f", wanted.feature
    if wanted.setting is not None:
        yield "s", wanted.setting
    if wanted.days is not None:
        yield "d", f"{_digits(ordinal(wanted.days.first))}.{_digits(ordinal(wanted.days.last))}"


def unpacked(data: str) -> Wanted:
    """What a button's data asks for; whatever makes no sense asks for nothing."""
    wanted: dict[str, object] = {}
    for part in data.split("~"):
        mark, value = part[:1], part[1:]
        if mark in {"p", "r"}:
            wanted["person" if mark == "p" else "room"] = _number(value)
        elif mark in {"f", "s"} and value:
            wanted["feature" if mark == "f" else "setting"] = value
        elif mark == "d":
            wanted["days"] = _day_range(value)
    return Wanted(**wanted)  # type: ignore[arg-type]


def _day_range(value: str) -> DayRange | None:
    first, _, last = value.partition(".")
    numbers = [_number(first), _number(last)]
    try:
        days = [from_ordinal(number) for number in numbers if number is not None]
    except (ValueError, OverflowError):
        return None
    return DayRange(*days) if len(days) == len(numbers) else None


def _digits(number: int) -> str:
    """A number in base 36."""
    found = ""
    while number or not found:
        number, rest = divmod(number, len(DIGITS))
        found = DIGITS[rest] + found
    return found


def _number(text: str) -> int | None:
    known = 0 < len(text) <= LONGEST_DIGITS and all(sign in DIGITS for sign in text)
    return int(text, len(DIGITS)) if known else None


# Into what storage looks for.


def filter_of(ctx: Context, wanted: Wanted) -> audits.Filter:
    """What is asked for, as storage is asked for it."""
    since = until = None
    if wanted.days is not None:
        since, until = _bounds(ctx, wanted.days.first)[0], _bounds(ctx, wanted.days.last)[1]
    acts: Iterable[str] | None = None
    if wanted.setting is not None:
        acts = ("setting",)
    elif wanted.feature is not None:
        acts = acts_of(ctx, wanted.feature)
    return audits.Filter(
        person=wanted.person,
        acts=None if acts is None else tuple(acts),
        subject=wanted.setting,
        room=wanted.room,
        since=since,
        until=until,
    )


def _bounds(ctx: Context, day: Day) -> tuple[int, int]:
    return ctx.calendar.bounds(day)
