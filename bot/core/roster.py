"""Lists of who is in a room, and of the rooms the bot is in: who came or went unseen is found by them.

A list is a provider's word. One that lacks most of those known is not believed at once: the provider may have
stumbled, or ids may have changed (bot/core/again.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core import again, recognising
from bot.core.actions import Look
from bot.core.context import Context
from bot.core.events import BotChanged, MemberChanged, Place, RoomsListed, Sender
from bot.core.port import Can
from rules.durations import DAY
from rules.names import shown
from storage import people, rooms, roster

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from bot.core.again import Lists
    from bot.core.desk import Desk
    from bot.core.events import Event, RoomListed, Seat
    from storage.people import Account
    from storage.rooms import Room

LOOK_WITHIN = DAY
"""How long (milliseconds) a list that is not believed is asked for."""

Found = MemberChanged | BotChanged
"""What a list told, as if it had been told when it happened."""


def listed(desk: Desk, lists: Lists, event: RoomListed | RoomsListed) -> Sequence[Found]:
    """Bring rows up to a list; what was found by it, of which features are still to be told."""
    if isinstance(event, RoomsListed):
        return _rooms_listed(desk, lists, event)
    return _room_listed(desk, lists, event)


def _room_listed(desk: Desk, lists: Lists, event: RoomListed) -> list[MemberChanged]:
    """The list of a group that is none of the bot's yet may be that of one whose id changed: it is kept."""
    if again.may_be_another(desk, event):
        lists.keep_strange(event)
        if again.may_come_back(desk, lists, event.bot, event.place.native):
            return []
    return _renew(desk, lists, event)


def _rooms_listed(desk: Desk, lists: Lists, event: RoomsListed) -> list[Found]:
    """Find which rooms the bot is out of; those that have another id are taken up again first.

    What came in meanwhile from groups that might have been known ones is told now.
    """
    lists.listed(event)
    now = again.groups(desk, lists, event.bot)
    for room in now.known:
        lists.known_as.setdefault(room.id, room.native)
    known = {room.native: room for room in now.gone}
    gone = lists.believe((event.bot, ""), len(now.known), known, desk.now)
    stay = set() if now.ids_hold else again.take_up_rooms(desk, lists, event, [known[one] for one in gone])
    left = [_out_of(event, known[native]) for native in sorted(gone - stay)]
    return [*left, *lists.released(event.bot)]


def _out_of(event: RoomsListed, room: Room) -> BotChanged:
    place = Place(room.native, "group", room.title)
    key = f"{event.key}:{room.native}"
    return BotChanged(bot=event.bot, key=key, at=event.at, at_known=False, place=place, role="left")


# The members of a room.


def _renew(desk: Desk, lists: Lists, event: RoomListed) -> list[MemberChanged]:
    room = rooms.by_native(desk.tx, event.bot, event.place.native)
    if room is None or room.community is None or not room.is_group:
        return []
    if event.place.title and event.place.title != room.title:
        room = desk.change_room(room, title=event.place.title)
    seats = again.seats_of(event)
    known = roster.members(desk.tx, room.id)
    unsure = recognising.take_up_people(desk, lists, room, event, known)
    if unsure is None:
        _ask_again(desk, room, event)
        return []
    lists.known_as[room.id] = room.native
    known = roster.members(desk.tx, room.id)
    absent = {member.native for member in known} - seats.keys()
    gone = lists.believe((room.bot, room.native), len(known), absent, desk.now)
    if absent and not gone:
        _ask_again(desk, room, event)
    accounts = _accounts(desk, event.bot, seats)
    left = {member.account: member.native for member in known if member.native in gone}
    found = _set_roles(desk, room, {accounts[native].id: seat.role for native, seat in seats.items()}, left)
    _set_direct(desk, accounts, seats)
    recognising.ask_about_people(desk, room, event, accounts, unsure)
    natives = {account.id: native for native, account in accounts.items()} | left
    if len(found) * 2 > len(natives):
        return []  # most are new: it is listed for the first time
    return _events(desk, event, {natives[account]: role for account, role in found.items()})


def _ask_again(desk: Desk, room: Room, event: Event) -> None:
    """Ask for the list once more, a while later: what it says then is believed."""
    context = Context(desk, at=desk.now, event=event, room=room)
    if Can.LOOK in context.can:
        context.put(room, Look(), not_before=desk.now + again.APART, lives_for=LOOK_WITHIN)


def _accounts(desk: Desk, bot: str, seats: Mapping[str, Seat]) -> dict[str, Account]:
    """The accounts of all who are listed, by native id, under the names they have now."""
    platform = desk.house.bots[bot].platform
    found = {account.native: account for account in people.by_natives(desk.tx, platform, list(seats))}
    newcomers = [
        people.Newcomer(native, shown(seat.who.name), seat.who.username)
        for native, seat in seats.items()
        if native not in found
    ]
    renamed = [
        (account.id, name, seat.who.username)
        for account, seat, name in _named(found, seats)
        if (account.name, account.username) != (name, seat.who.username)
    ]
    if not newcomers and not renamed:
        return found
    roster.rename(desk.tx, renamed)
    people.add_all(desk.tx, platform, newcomers, desk.now)
    desk.memory.accounts.clear()
    desk.memory.changed = True
    return {account.native: account for account in people.by_natives(desk.tx, platform, list(seats))}


def _named(found: Mapping[str, Account], seats: Mapping[str, Seat]) -> Iterator[tuple[Account, Seat, str]]:
    for native, account in found.items():
        told = seats[native].who.name
        yield account, seats[native], shown(told) if told else account.name


def _set_roles(desk: Desk, room: Room, listed: Mapping[int, str], left: Collection[int]) -> dict[int, str]:
    """Write down the roles that changed; those."""
    before = rooms.roles(desk.tx, room.id, listed.keys())
    changed = {account: role for account, role in listed.items() if before.get(account) != role}
    changed |= dict.fromkeys(left, "left")
    if changed:
        roster.set_roles(desk.tx, room.id, changed, desk.now)
        desk.memory.roles.update({(room.id, account): role for account, role in changed.items()})
        desk.memory.changed = True
    return changed


def _set_direct(desk: Desk, accounts: Mapping[str, Account], seats: Mapping[str, Seat]) -> None:
    """Whom the bot may write to, where the list says so."""
    for contact, direct in ((True, "open"), (False, "closed")):
        changed = [
            account.id
            for native, account in accounts.items()
            if seats[native].contact is contact and account.direct != direct
        ]
        if changed:
            roster.set_direct(desk.tx, changed, direct)
            desk.memory.accounts.clear()
            desk.memory.changed = True


def _events(desk: Desk, event: RoomListed, changed: Mapping[str, str]) -> list[MemberChanged]:
    platform = desk.house.bots[event.bot].platform
    return [
        MemberChanged(
            bot=event.bot,
            key=f"{event.key}:{account.native}",
            at=event.at,
            at_known=False,
            place=event.place,
            who=Sender(account.native, account.name, account.username),
            role=changed[account.native],
            found=True,
        )
        for account in people.by_natives(desk.tx, platform, list(changed))
    ]
