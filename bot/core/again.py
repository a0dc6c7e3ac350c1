"""Rooms and people taken up again under other ids, as some platforms give them after a login.

Only where most ids that are known are gone. Who is surely who is decided by rules/matching.py, and that it is
by two lists, minutes apart, soon after a login or a start: anybody can give a group a title, and themselves a
name. What is not sure is told to features, and is somebody (or some room) new until a person decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.core.context import Context
from bot.core.regrouping import same_person
from bot.core.scene import PLATFORM_ROLES
from rules import matching
from rules.durations import DAY, HOUR
from rules.facts import PeopleTakenUp, PersonUnsure, RoomTakenUp, RoomUnsure
from storage import inbox, people, rooms, roster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.core.desk import Desk
    from bot.core.events import BotChanged, Event, RoomListed, RoomsListed, Seat
    from rules.facts import Fact
    from storage.people import Account
    from storage.rooms import Room
    from storage.roster import Member

YOUNG = DAY
"""What was first heard of so short a time ago (milliseconds) may be something old under another id."""

FRESH = HOUR
"""So long (milliseconds) after a bot began to watch, by a login or a start, its platform may have given other
ids: it does so at no other time.
"""

APART = 300_000
"""So long (milliseconds) after a list that is not believed another one must say the same."""

PATIENCE = 900_000
"""How long (milliseconds) a new group is not greeted while another list of groups is waited for."""

MOST_ASKED = 20
"""So many unsure people of a room are asked about at most."""


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


# Rooms.


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
    is_fresh = _is_fresh(desk, event.bot)
    sure = {
        room: native
        for room, native in found.sure.items()
        if is_fresh and _agrees(desk, room, seats_of(strange[native]))
    }
    for room, native in sure.items():
        _take_up(desk, old[room], native, event)
    asked = [pair for pair in (*found.sure.items(), *found.unsure) if pair[0] not in sure]
    for room, native in asked:
        _ask_about_room(desk, old[room], strange[native])
    return {old[room].native for room in (*sure, *dict(asked))}


def _is_fresh(desk: Desk, bot: str) -> bool:
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
    _emit(desk, moved, event, RoomTakenUp, before=room.native, after=native, gave_way=other)


def _ask_about_room(desk: Desk, room: Room, listed: RoomListed) -> None:
    candidate = desk.room(listed.bot, listed.place)
    _emit(desk, room, listed, RoomUnsure, candidate=candidate.id)


# People.


def seats_of(event: RoomListed) -> dict[str, Seat]:
    """Who was listed, by native id, other bots left out."""
    return {seat.who.native: seat for seat in event.seats if not seat.who.is_bot}


class Compared(msgspec.Struct, frozen=True):
    """Who is known to be in a room, and who was listed, both by native id."""

    here: Mapping[str, Member]
    seats: Mapping[str, Seat]

    @property
    def gone(self) -> dict[int, Member]:
        """Who was not listed, by account."""
        return {one.account: one for native, one in self.here.items() if native not in self.seats}

    @property
    def new(self) -> dict[str, Seat]:
        """Who was not known to be there, by native id."""
        return {native: seat for native, seat in self.seats.items() if native not in self.here}

    @property
    def shows_other_ids(self) -> bool:
        """Whether most of those known are gone, and as many at least are there as can be most of them."""
        gone, new = len(self.gone), len(self.new)
        return new > 0 and gone * 2 > len(self.here) and len(self.seats) * 2 >= len(self.here)


def take_up_people(
    desk: Desk, lists: Lists, room: Room, event: RoomListed, known: Iterable[Member]
) -> tuple[tuple[int, str], ...] | None:
    """Give who is surely in a room under another id that id; the pairs (account, native id) that are unsure.

    Nothing is done where most of those known still have their ids, or most of them are in no list. None when
    another list is waited for: nothing is to be done by this one.
    """
    now = Compared({member.native: member for member in known}, seats_of(event))
    of = room.bot, room.native
    first = lists.first.get(of, event)
    is_first = not Compared(now.here, seats_of(first)).shows_other_ids
    if not now.shows_other_ids:
        if is_first and room.native not in lists.strange.get(room.bot, {}):
            lists.first.pop(of, None)
        return ()
    lists.first[of] = event if is_first else first
    if is_first or event.at < first.at + APART:
        return None
    may_be_others = _is_fresh(desk, room.bot) or lists.known_as.get(room.id, room.native) != room.native
    names = {native: seat.who.name for native, seat in seats_of(first).items()} if may_be_others else {}
    return _take_up_listed(desk, room, event, now, matching.borne_once(names))


def _take_up_listed(
    desk: Desk, room: Room, event: Event, now: Compared, said_before: Mapping[str, str]
) -> tuple[tuple[int, str], ...]:
    """Take up who has one name in both lists; those that are to be asked about."""
    gone, new = now.gone, now.new
    met = _met(desk, room.bot, new)
    settled = {account.person for account in met.values()} & {member.person for member in gone.values()}
    open_ones = {one: member for one, member in gone.items() if member.person not in settled}
    elders = _elders(desk, room.bot, met, settled)
    found = matching.people(
        {one: member.name for one, member in open_ones.items()},
        {native: seat.who.name for native, seat in new.items() if native not in elders},
        [seat.who.name for native, seat in now.seats.items() if native in now.here or native in elders],
    )
    twice = {
        one: native
        for one, native in found.sure.items()
        if said_before.get(native) == matching.plain(new[native].who.name)
    }
    held = _to_be_asked(desk, room, twice, gone, new)
    sure = {one: native for one, native in twice.items() if one not in held}
    _take_up_all(desk, room, event, {one: gone[one].native for one in sure}, sure, met)
    asked = [pair for pair in found.sure.items() if pair[0] not in sure]
    return (*asked, *found.unsure)[:MOST_ASKED]


def _to_be_asked(
    desk: Desk, room: Room, sure: Mapping[int, str], gone: Mapping[int, Member], new: Mapping[str, Seat]
) -> dict[int, str]:
    """Who looks after something is asked about: anybody can take a name, and the role went with it.

    Not who looks after this room by the platform's own word; but that is no word about other communities.
    """
    held = roster.held(desk.tx, [gone[one].person for one in sure])
    asked = {}
    for one, native in sure.items():
        communities = held.get(gone[one].person, set())
        is_staff_here = new[native].role in PLATFORM_ROLES and communities <= {room.community}
        if communities and not is_staff_here:
            asked[one] = native
    return asked


def _met(desk: Desk, bot: str, new: Mapping[str, Seat]) -> dict[str, Account]:
    """Who of those with new ids has an account already."""
    platform = desk.house.bots[bot].platform
    return {account.native: account for account in people.by_natives(desk.tx, platform, list(new))}


def _elders(desk: Desk, bot: str, met: Mapping[str, Account], settled: set[int]) -> set[str]:
    """Who was met long ago, or is known to be somebody: they are nobody else."""
    platform = desk.house.bots[bot].platform
    young = roster.begun_since(desk.tx, platform, list(met), desk.now - YOUNG)
    return {native for native, account in met.items() if native not in young or account.person in settled}


def _take_up_all(
    desk: Desk,
    room: Room,
    event: Event,
    before: Mapping[int, str],
    sure: Mapping[int, str],
    met: Mapping[str, Account],
) -> None:
    """Who has no account under the new id yet keeps the old one with it; else both are one person's."""
    rekeyed = {account: native for account, native in sure.items() if native not in met}
    roster.rekey(desk.tx, rekeyed, room.bot)
    desk.memory.clear()
    for account, native in sure.items():
        if native in met:
            same_person(Context(desk, at=desk.now, event=event, room=room), account, met[native].id)
    if sure:
        _emit(
            desk,
            room,
            event,
            PeopleTakenUp,
            accounts=tuple((account, before[account], native) for account, native in rekeyed.items()),
            joined=tuple((account, met[native].id) for account, native in sure.items() if native in met),
        )


def ask_about_people(
    desk: Desk,
    room: Room,
    event: Event,
    accounts: Mapping[str, Account],
    unsure: Iterable[tuple[int, str]],
) -> None:
    """Tell features who may be whom."""
    for old, native in unsure:
        _emit(desk, room, event, PersonUnsure, old=old, new=accounts[native].id)


def _emit(desk: Desk, room: Room, event: Event, kind: Callable[..., Fact], **about: object) -> None:
    context = Context(desk, at=desk.now, event=event, room=room)
    context.emit(kind(community=context.community.id, at=desk.now, room=room.id, **about))
