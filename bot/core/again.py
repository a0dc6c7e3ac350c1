"""Rooms taken up again under other ids, as some platforms give them after a login; people: recognising.py.

Only where most ids that are known are gone. Who is surely who is decided by rules/matching.py, and that it is
by two lists, minutes apart, soon after a login or a start: anybody can give a group a title, and themselves a
name. What is not sure is told to features, and is somebody (or some room) new until a person decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.core.context import Context
from rules import matching
from rules.durations import DAY, HOUR, MINUTE
from rules.facts import RoomTakenUp, RoomUnsure
from storage import inbox, rooms, roster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.core.desk import Desk
    from bot.core.events import BotChanged, Event, RoomListed, RoomsListed, Seat
    from rules.facts import Fact
    from storage.rooms import Room

YOUNG = DAY
"""What was first heard of so short a time ago (milliseconds) may be something old under another id."""

FRESH = HOUR
"""So long (milliseconds) after a bot began to watch, by a login or a start, its platform may have given other
ids: it does so at no other time.
"""

APART = 5 * MINUTE
"""So long (milliseconds) after a list that is not believed another one must say the same."""

PATIENCE = 900_000
"""How long (milliseconds) a new group is not greeted while another list of groups is waited for."""


class Lists:
    """What platforms listed and is not believed, or not known, yet; touched only on the writer's thread.

    It is not kept: after a start everything is listed anew.
    """

    def __init__(self) -> None:
        self.groups: dict[str, frozenset[str]] = {}
        """By bot: the groups that it is in, by native id."""
        self.strange: dict[str, dict[str, RoomListed]] = {}
        """By bot: the newest lists of groups that are none of its known ones."""
        self.first: dict[tuple[str, str], RoomListed] = {}
        """By bot and native id: the first lists of groups in which people may have other ids."""
        self.known_as: dict[int, str] = {}
        """By room: the native id under which it was known when its people were last listed."""
        self.waiting: dict[str, dict[str, BotChanged]] = {}
        """By bot and native id: that it is in groups that may turn out to be known ones."""
        self._doubts: dict[tuple[str, str], tuple[int, frozenset[str]]] = {}

    def copy(self) -> Lists:
        """The same once more, for what happens next may be undone."""
        other = Lists()
        for name, kept in vars(self).items():
            copied = {of: one.copy() if isinstance(one, dict) else one for of, one in kept.items()}
            setattr(other, name, copied)
        return other

    def listed(self, event: RoomsListed) -> None:
        """Keep which groups there are, and of what was listed of others only what concerns these."""
        bot, present = event.bot, frozenset(event.natives)
        self.groups[bot] = present
        self.strange[bot] = {one: told for one, told in self.strange.get(bot, {}).items() if one in present}
        self.waiting[bot] = {one: told for one, told in self.waiting.get(bot, {}).items() if one in present}
        self.first = {of: told for of, told in self.first.items() if of[0] != bot or of[1] in present}

    def keep_strange(self, event: RoomListed) -> None:
        """Keep the list of a group that is none of the known ones."""
        self.strange.setdefault(event.bot, {})[event.place.native] = event
        self.first.setdefault((event.bot, event.place.native), event)

    def doubted_since(self, bot: str) -> int | None:
        """Since when (UTC milliseconds) the list of a bot's groups waits to be said again, if it does."""
        doubt = self._doubts.get((bot, ""))
        return None if doubt is None else doubt[0]

    def released(self, bot: str) -> list[BotChanged]:
        """What was held back until it is known which groups are new."""
        return [] if self.doubted_since(bot) is not None else list(self.waiting.pop(bot, {}).values())

    def believe(self, of: tuple[str, str], known: int, gone: Iterable[str], now: int) -> frozenset[str]:
        """Which of those missing from a list are believed to be gone.

        All, unless they are more than half of those known: then those who were missing from a list some
        minutes ago, too.
        """
        gone = frozenset(gone)
        if (known - len(gone)) * 2 >= known:
            self._doubts.pop(of, None)
            return gone
        since, before = self._doubts.get(of, (now, gone))
        if now - since < APART:
            self._doubts[of] = since, before & gone
            return frozenset()
        del self._doubts[of]
        return before & gone


def may_be_another(desk: Desk, event: RoomListed) -> bool:
    """Whether a listed group may be a known one under another id: never heard of, or only of late."""
    room = rooms.by_native(desk.tx, event.bot, event.place.native)
    if room is None or room.community is None:
        return event.place.kind == "group"
    return roster.begun_at(desk.tx, room.id) > desk.now - YOUNG


class Groups(msgspec.Struct, frozen=True):
    """A bot's groups: those known, which of these were not listed, and those that may be one of them."""

    known: tuple[Room, ...]
    gone: tuple[Room, ...]
    new: frozenset[str]

    @property
    def ids_hold(self) -> bool:
        """Whether most of those known are where they were."""
        return (len(self.known) - len(self.gone)) * 2 >= len(self.known)


def groups(desk: Desk, lists: Lists, bot: str) -> Groups:
    """How the groups that were listed compare with those that are known.

    What began after all that are gone, and only of late, may be one of them, opened by its first message.
    """
    present = lists.groups[bot]
    rows = roster.groups(desk.tx, bot)
    gone = tuple(room for room in rows if room.native not in present)
    last = max((room.id for room in gone), default=0)
    young = desk.now - YOUNG
    later = {
        room.id for room in rows if gone and room.id > last and roster.begun_at(desk.tx, room.id) > young
    }
    known = tuple(room for room in rows if room.id not in later)
    return Groups(known, gone, present - {room.native for room in known})


def may_come_back(desk: Desk, lists: Lists, bot: str, native: str) -> bool:
    """Whether a group that is new may turn out, by the next list, to be a known one under another id."""
    since = lists.doubted_since(bot)
    return since is not None and desk.now < since + PATIENCE and native in groups(desk, lists, bot).new


def holds_back(desk: Desk, lists: Lists, event: BotChanged) -> bool:
    """Whether it is not told yet that the bot is in a group, for that may be a known one."""
    native = event.place.native
    room = rooms.by_native(desk.tx, event.bot, native)
    is_open = room is not None and room.community is not None and room.standing == "active"
    lists.waiting.get(event.bot, {}).pop(native, None)
    if event.role == "left" or is_open or not may_come_back(desk, lists, event.bot, native):
        return False
    lists.waiting.setdefault(event.bot, {})[native] = event
    return True


def take_up_rooms(desk: Desk, lists: Lists, event: RoomsListed, gone: Iterable[Room]) -> set[str]:
    """Give rooms that are gone by two lists their new ids, where it is sure and ids may have changed.

    Those that are not sure are asked about. The ids that all these had before. Who is in them is known by
    their next lists.
    """
    old = {room.id: room for room in gone}
    new = groups(desk, lists, event.bot).new
    strange = {native: one for native, one in lists.strange[event.bot].items() if native in new}
    found = matching.rooms(
        {number: _group(desk, room) for number, room in old.items()},
        {native: matching.group(one.place.title, _names(one)) for native, one in strange.items()},
    )
    are_fresh = is_fresh(desk, event.bot)
    sure = {
        room: native
        for room, native in found.sure.items()
        if are_fresh and _agrees(desk, room, seats_of(strange[native]))
    }
    for room, native in sure.items():
        _take_up(desk, old[room], native, event)
    asked = [pair for pair in (*found.sure.items(), *found.unsure) if pair[0] not in sure]
    for room, native in asked:
        _ask_about_room(desk, old[room], strange[native])
    return {old[room].native for room in (*sure, *dict(asked))}


def is_fresh(desk: Desk, bot: str) -> bool:
    """Whether a bot logged in, or was started, so short a time ago that ids may have changed."""
    return inbox.watching_since(desk.tx, bot) > desk.now - FRESH


def _agrees(desk: Desk, room: int, seats: Mapping[str, Seat]) -> bool:
    """Whether nobody has the id they had in a room, or most have: where ids change, they do for all."""
    known = {member.native for member in roster.members(desk.tx, room)}
    same = known & seats.keys()
    return not same or len(same) * 2 > len(known)


def _group(desk: Desk, room: Room) -> matching.Group:
    return matching.group(room.title, [member.name for member in roster.members(desk.tx, room.id)])


def _names(event: RoomListed) -> list[str]:
    return [seat.who.name for seat in event.seats]


def _take_up(desk: Desk, room: Room, native: str, event: Event) -> None:
    gave_way = rooms.by_native(desk.tx, room.bot, native)
    rooms.move(desk.tx, room.id, native)
    desk.memory.clear()
    moved, other = desk.room_by_id(room.id), 0 if gave_way is None else gave_way.id
    tell(desk, moved, event, RoomTakenUp, before=room.native, after=native, gave_way=other)


def _ask_about_room(desk: Desk, room: Room, listed: RoomListed) -> None:
    candidate = desk.room(listed.bot, listed.place)
    tell(desk, room, listed, RoomUnsure, candidate=candidate.id)


def seats_of(event: RoomListed) -> dict[str, Seat]:
    """Who was listed, by native id, other bots left out."""
    return {seat.who.native: seat for seat in event.seats if not seat.who.is_bot}


def tell(desk: Desk, room: Room, event: Event, kind: Callable[..., Fact], **about: object) -> None:
    """Tell features what was found of a room's or its people's ids."""
    context = Context(desk, at=desk.now, event=event, room=room)
    context.emit(kind(community=context.community.id, at=desk.now, room=room.id, **about))
