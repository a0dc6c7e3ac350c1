"""Who writes in a batch, and whom they answer: rows read, or made, with few statements for many members."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bot.core.desk import NEVER_SEEN, nobody
from bot.core.events import Message
from rules.names import shown
from storage import people, rooms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.desk import Desk
    from bot.core.events import Event, Sender
    from storage.people import Account
    from storage.rooms import Room

MOST_KEPT = 65_536
"""Accounts (and roles) kept between batches, some 30 MB; with more, they are read again."""


def meet(desk: Desk, bot: str, events: Iterable[Event]) -> None:
    """Remember the accounts of all who write in a batch or are answered, and the writers' roles.

    It is done once a batch, as soon as somebody in it turns out not to be known: mostly all are. Who was
    never seen gets an account, but is a member of the room only once they write there, as if each message
    came alone. Whoever is not met here (who presses a button, who writes in a new room) is looked up alone.
    """
    desk.meet = nobody
    memory, platform = desk.memory, desk.house.bots[bot].platform
    memory.changed = True
    if max(len(memory.accounts), len(memory.roles)) > MOST_KEPT:
        memory.accounts.clear()
        memory.roles.clear()
    places = _by_place(events)
    writers = {place: _writers(messages) for place, messages in places.items()}
    strangers = {
        native: sender
        for known in (*writers.values(), *map(_answered, places.values()))
        for native, sender in known.items()
        if (platform, native) not in memory.accounts
    }
    if strangers:
        _get_to_know(desk, platform, strangers)
    for place, senders in writers.items():
        room = memory.rooms.get(place)
        if room is not None and room.is_group:
            _look_up_roles(desk, room, {memory.accounts[platform, native].id for native in senders})


def ahead(desk: Desk) -> list[tuple[Room, list[Message]]]:
    """A batch's messages by room, for whoever reads at once what many of them need; told once a batch."""
    events, desk.coming = desk.coming, ()
    rooms = desk.memory.rooms
    return [(rooms[place], messages) for place, messages in _by_place(events).items() if place in rooms]


def writer(desk: Desk, message: Message) -> Account | None:
    """Who wrote a message, if that account was met."""
    if message.sender is None:
        return None
    key = desk.house.bots[message.bot].platform, message.sender.native
    if key not in desk.memory.accounts:
        desk.meet()
    return desk.memory.accounts.get(key)


def _by_place(events: Iterable[Event]) -> dict[tuple[str, str], list[Message]]:
    places: defaultdict[tuple[str, str], list[Message]] = defaultdict(list)
    for event in events:
        if isinstance(event, Message):
            places[event.bot, event.place.native].append(event)
    return places


def _writers(messages: Iterable[Message]) -> dict[str, Sender]:
    senders = [message.sender for message in messages]
    return {sender.native: sender for sender in senders if sender is not None and not sender.is_bot}


def _answered(messages: Iterable[Message]) -> dict[str, Sender]:
    senders = [message.reply_sender for message in messages]
    return {sender.native: sender for sender in senders if sender is not None and not sender.is_bot}


def _get_to_know(desk: Desk, platform: str, senders: dict[str, Sender]) -> None:
    """Remember accounts, with new ones for those who were never seen."""
    found = people.by_natives(desk.tx, platform, senders)
    seen = {account.native for account in found}
    newcomers = [
        people.Newcomer(native, shown(sender.name), sender.username)
        for native, sender in senders.items()
        if native not in seen
    ]
    for account in (*found, *people.add_all(desk.tx, platform, newcomers, desk.now)):
        desk.memory.accounts[platform, account.native] = account


def _look_up_roles(desk: Desk, room: Room, writers: set[int]) -> None:
    """Remember the roles of these accounts in a room; who was never seen there joins as they write."""
    known = desk.memory.roles
    unknown = {account for account in writers if (room.id, account) not in known}
    if unknown:
        roles = rooms.roles(desk.tx, room.id, unknown)
        known.update({(room.id, account): roles.get(account, NEVER_SEEN) for account in unknown})
