"""People recognised in a room under other ids; when, and how surely, is said in again.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.core import again
from bot.core.context import Context
from bot.core.regrouping import same_person
from bot.core.scene import PLATFORM_ROLES
from rules import matching
from rules.facts import PeopleTakenUp, PersonUnsure
from storage import people, roster

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.core.again import Lists
    from bot.core.desk import Desk
    from bot.core.events import Event, RoomListed, Seat
    from storage.people import Account
    from storage.rooms import Room
    from storage.roster import Member

MOST_ASKED = 20
"""So many unsure people of a room are asked about at most."""


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
    now = Compared({member.native: member for member in known}, again.seats_of(event))
    of = room.bot, room.native
    first = lists.first.get(of, event)
    is_first = not Compared(now.here, again.seats_of(first)).shows_other_ids
    if not now.shows_other_ids:
        if is_first and room.native not in lists.strange.get(room.bot, {}):
            lists.first.pop(of, None)
        return ()
    lists.first[of] = event if is_first else first
    if is_first or event.at < first.at + again.APART:
        return None
    may_be_others = again.is_fresh(desk, room.bot) or lists.known_as.get(room.id, room.native) != room.native
    names = {native: seat.who.name for native, seat in again.seats_of(first).items()} if may_be_others else {}
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
    young = roster.begun_since(desk.tx, platform, list(met), desk.now - again.YOUNG)
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
        again.tell(
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
        again.tell(desk, room, event, PersonUnsure, old=old, new=accounts[native].id)
