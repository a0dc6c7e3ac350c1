"""Rooms and people taken up again under other ids, as some platforms give them after a login.

Only where most ids that are known are gone. Who is surely who is decided by rules/matching.py; what is not
sure is told to features, and is somebody (or some room) new until a person decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.core.context import Context
from bot.core.regrouping import same_person
from bot.core.scene import PLATFORM_ROLES
from rules import matching
from rules.durations import DAY
from rules.facts import PeopleTakenUp, PersonUnsure, RoomTakenUp, RoomUnsure
from storage import people, rooms, roster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.core.desk import Desk
    from bot.core.port import Event, RoomListed, Seat
    from rules.facts import Fact
    from storage.people import Account
    from storage.rooms import Room
    from storage.roster import Member

YOUNG = DAY
"""What was first heard of so short a time ago (milliseconds) may be something old under another id."""

APART = 300_000
"""So long (milliseconds) after a list that is not believed another one must say the same."""

PATIENCE = 900_000
"""How long (milliseconds) the lists of all new groups are waited for: one of them may never come."""

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
        self.moved_at: dict[str, int] = {}
        """By bot: when it was found that most of its groups are not where they were."""
        self._doubts: dict[tuple[str, str], tuple[int, frozenset[str]]] = {}

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


def take_up_rooms(desk: Desk, lists: Lists, bot: str, event: Event) -> list[RoomListed]:
    """Give known rooms their new ids, once it is known that ids changed and who is in the new ones.

    The lists of those that were recognised.
    """
    if bot not in lists.groups:
        return []
    now = groups(desk, lists, bot)
    strange = {native: one for native, one in lists.strange.get(bot, {}).items() if native in now.new}
    if now.ids_hold:
        lists.moved_at.pop(bot, None)
        return []
    patient = desk.now < lists.moved_at.setdefault(bot, desk.now) + PATIENCE
    if patient and now.new - strange.keys():
        return []
    found = matching.rooms(
        {room.id: _group(desk, room) for room in now.gone},
        {native: matching.group(one.place.title, _names(one)) for native, one in strange.items()},
    )
    for room, native in found.sure.items():
        _take_up(desk, rooms.by_id(desk.tx, room), native, event)
    for room, native in found.unsure:
        _ask_about_room(desk, rooms.by_id(desk.tx, room), strange[native])
    return [lists.strange[bot].pop(native) for native in found.sure.values()]


def _group(desk: Desk, room: Room) -> matching.Group:
    return matching.group(room.title, [member.name for member in roster.members(desk.tx, room.id)])


def _names(event: RoomListed) -> list[str]:
    return [seat.who.name for seat in event.seats]


def _take_up(desk: Desk, room: Room, native: str, event: Event) -> None:
    gave_way = rooms.by_native(desk.tx, room.bot, native)
    rooms.move(desk.tx, room.id, native)
    desk.memory.clear()
    desk.memory.changed = True
    moved, other = desk.room_by_id(room.id), 0 if gave_way is None else gave_way.id
    _emit(desk, moved, event, RoomTakenUp, before=room.native, after=native, gave_way=other)


def _ask_about_room(desk: Desk, room: Room, listed: RoomListed) -> None:
    candidate = desk.room(listed.bot, listed.place)
    _emit(desk, room, listed, RoomUnsure, candidate=candidate.id)


# People.


def take_up_people(
    desk: Desk, room: Room, event: Event, known: Iterable[Member], seats: Mapping[str, Seat]
) -> tuple[tuple[int, str], ...]:
    """Give who is surely in a room under another id that id; the pairs (account, native id) that are unsure.

    Nothing is done where most of those known still have their ids, or most of them are in no list.
    """
    here = {member.native: member for member in known}
    gone = {member.account: member for native, member in here.items() if native not in seats}
    new = {native: seat for native, seat in seats.items() if native not in here}
    ids_hold = (len(here) - len(gone)) * 2 >= len(here)
    if not gone or not new or ids_hold or len(seats) * 2 < len(here):
        return ()
    met = _met(desk, room.bot, new)
    settled = {account.person for account in met.values()} & {member.person for member in gone.values()}
    open_ones = {one: member for one, member in gone.items() if member.person not in settled}
    elders = _elders(desk, room.bot, met, settled)
    found = matching.people(
        {one: member.name for one, member in open_ones.items()},
        {native: seat.who.name for native, seat in new.items() if native not in elders},
        [seat.who.name for native, seat in seats.items() if native in here or native in elders],
    )
    asked = _to_be_asked(desk, room, found.sure, gone, new)
    sure = {one: native for one, native in found.sure.items() if one not in asked}
    _take_up_all(desk, room, event, {one: gone[one].native for one in sure}, sure, met)
    return (*asked.items(), *found.unsure)[:MOST_ASKED]


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
    desk.memory.changed = True
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
