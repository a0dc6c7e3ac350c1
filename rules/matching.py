"""Who is who after a platform gave rooms and people other ids: what is sure, and what is worth asking."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping

ALIKE = 0.6
"""How much (of 1) two names must share to be taken for a changed one."""

MOST_COMPARED = 2_500
"""So many pairs of names are compared letter by letter at most: a tenth of a second."""

Old = TypeVar("Old", bound="Hashable")
New = TypeVar("New", bound="Hashable")


class Group(msgspec.Struct, frozen=True):
    """A room as it can be recognised: its title, and the names of those in it."""

    title: str
    names: frozenset[str]


class Found(msgspec.Struct, Generic[Old, New], frozen=True):
    """Which old ones are surely which new ones, and which pairs somebody must be asked about."""

    sure: dict[Old, New]
    unsure: tuple[tuple[Old, New], ...]


def plain(name: str) -> str:
    """A name as it is compared: without spaces, width and case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).casefold()


def group(title: str, names: Iterable[str]) -> Group:
    """A room to be compared."""
    return Group(plain(title), frozenset(filter(None, map(plain, names))))


# People.


def people(gone: Mapping[Old, str], new: Mapping[New, str], staying: Collection[str] = ()) -> Found[Old, New]:
    """Who of those gone from a room is who of those new in it, by their names there.

    `staying` are the names of those whose ids are the same as before. Sure is a name that only one bore
    before and only one bears now. Unsure is a name that several bear, and a name that looks changed: alike,
    or of the only one gone and the only one new.
    """
    before, after = _plain(gone), _plain(new)
    others = set(map(plain, staying))
    clashing = _several(before.values()) | _several(after.values()) | others
    by_name = {name: one for one, name in after.items()}
    sure = {
        one: by_name[name]
        for one, name in before.items()
        if name and name in by_name and name not in clashing
    }
    left = {one: name for one, name in before.items() if one not in sure}
    came = {one: name for one, name in after.items() if one not in set(sure.values())}
    return Found(sure, tuple(_unsure(left, came, others, before, after)))


def _unsure(
    left: Mapping[Old, str],
    came: Mapping[New, str],
    others: Collection[str],
    before: Mapping[Old, str],
    after: Mapping[New, str],
) -> Iterator[tuple[Old, New]]:
    """The pairs worth asking about; where too many have other names than before, only those of one name."""
    alone = len(left) == len(came) == 1
    compared = len(left) * len(came) <= MOST_COMPARED
    was_borne, is_borne = set(before.values()), set(after.values())
    for one, was in left.items():
        for other, name in came.items():
            changed = compared and was not in is_borne and name not in was_borne and alike(was, name)
            if name not in others and (alone or name == was or changed):
                yield one, other


def _plain(names: Mapping[Old, str]) -> dict[Old, str]:
    return {one: plain(name) for one, name in names.items()}


def borne_once(names: Mapping[New, str]) -> dict[New, str]:
    """The plain names that one alone bears, by who bears them."""
    plain_names = _plain(names)
    several = _several(plain_names.values())
    return {one: name for one, name in plain_names.items() if name and name not in several}


def _several(names: Iterable[str]) -> set[str]:
    return {name for name, count in Counter(names).items() if count > 1}


def alike(one: str, other: str) -> bool:
    """Whether one name may be another, changed: longer by something, or mostly the same."""
    shorter, longer = sorted((one, other), key=len)
    if not shorter:
        return False
    return shorter in longer or SequenceMatcher(None, one, other).ratio() >= ALIKE


# Rooms.


def rooms(known: Mapping[Old, Group], present: Mapping[New, Group]) -> Found[Old, New]:
    """Which rooms that are gone are which new ones.

    Sure is the same title with most of the known names, where no other room, old or new, fits as well. Unsure
    is where several do, a changed title over most of the names, and the same title over other names.
    """
    pairs = [(old, new) for old in known for new in present]
    fits = [
        (old, new)
        for old, new in pairs
        if _titled(known[old], present[new]) and most_of(known[old], present[new])
    ]
    olds, news = Counter(old for old, _ in fits), Counter(new for _, new in fits)
    sure = {old: new for old, new in fits if olds[old] == 1 and news[new] == 1}
    taken = set(sure.values())
    unsure = [
        (old, new)
        for old, new in pairs
        if old not in sure
        and new not in taken
        and (_titled(known[old], present[new]) or most_of(known[old], present[new]))
    ]
    return Found(sure, tuple(unsure))


def _titled(one: Group, other: Group) -> bool:
    return bool(one.title) and one.title == other.title


def most_of(known: Group, present: Group) -> bool:
    """Whether most of those who are known to be in a room are in the other one."""
    return len(known.names & present.names) * 2 > len(known.names)
