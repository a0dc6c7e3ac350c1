"""Who writes in a batch: their rows read, or made, with few statements for many members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.port import Message
from storage import people, rooms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.desk import Desk
    from bot.core.port import Event, Sender
    from storage.people import Account

MOST_KEPT = 65_536
"""Accounts (and roles) kept between batches, some 30 MB; with more, they are read again."""


def meet(desk: Desk, bot: str, events: Iterable[Event]) -> None:
    """Remember the accounts and roles of all who write in a batch; who was never seen is noted as a member.

    Whoever is not met here (who presses a button, who writes in a new room) is looked up alone.
    """
    memory, platform = desk.memory, desk.house.bots[bot].platform
    if max(len(memory.accounts), len(memory.roles)) > MOST_KEPT:
        memory.accounts.clear()
        memory.roles.clear()
    writers: dict[str, dict[str, Sender]] = {}
    answered: dict[str, Sender] = {}
    for event in events:
        if not isinstance(event, Message) or event.sender is None or event.sender.is_bot:
            continue
        if (platform, event.sender.native) not in memory.accounts:
            writers.setdefault(event.place.native, {})[event.sender.native] = event.sender
        if event.reply_sender is not None and (platform, event.reply_sender.native) not in memory.accounts:
            answered[event.reply_sender.native] = event.reply_sender
    if writers or answered:
        senders = {native: sender for here in writers.values() for native, sender in here.items()}
        _look_up(desk, platform, {*senders, *answered})
        _note(desk, platform, senders.values())
    for place, here in writers.items():
        _take_in(desk, bot, place, [memory.accounts[platform, native].id for native in here])


def _look_up(desk: Desk, platform: str, natives: set[str]) -> None:
    _remember(desk, people.by_natives(desk.tx, platform, natives))


def _note(desk: Desk, platform: str, senders: Iterable[Sender]) -> None:
    """Accounts for those who were never seen."""
    newcomers = [
        people.Newcomer(sender.native, sender.name, sender.username)
        for sender in senders
        if (platform, sender.native) not in desk.memory.accounts
    ]
    _remember(desk, people.add_all(desk.tx, platform, newcomers, desk.now))


def _remember(desk: Desk, accounts: Iterable[Account]) -> None:
    for account in accounts:
        desk.memory.accounts[account.platform, account.native] = account


def _take_in(desk: Desk, bot: str, place: str, accounts: Sequence[int]) -> None:
    """The roles of these accounts in a room; who was never seen there is a member."""
    room = desk.memory.rooms.get((bot, place))
    if room is None or not room.is_group:
        return
    roles = rooms.roles(desk.tx, room.id, accounts)
    new = [account for account in accounts if account not in roles]
    rooms.join(desk.tx, room.id, new, desk.now)
    for account in accounts:
        desk.memory.roles[room.id, account] = roles.get(account, "member")
