"""Many check-ins in one batch: their rows are read at once for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.meeting import ahead, writer
from handlers.checkin.board import board
from storage import checkins, streaks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.desk import Desk
    from bot.core.events import Message
    from rules.days import Day


def look_ahead(desk: Desk) -> None:
    """Read the check-ins of the day and the streaks of all in this batch who seem to check in."""
    for room, messages in ahead(desk):
        if room.community is not None:
            search = board(desk, room.community).recogniser.glance.search
            _read_all(desk, room.community, [one for one in messages if search(one.text) is not None])


def _read_all(desk: Desk, community: int, messages: Iterable[Message]) -> None:
    calendar = desk.calendar(community)
    accounts: dict[Day, set[int]] = {}
    persons: set[int] = set()
    for message in messages:
        account = writer(desk, message)
        if account is not None and 0 <= message.at <= desk.now:  # else its time will not be taken as it is
            accounts.setdefault(calendar.day_of(message.at), set()).add(account.id)
            persons.add(account.person)
    for day, those in accounts.items():
        checkins.read(desk.tx, community, day, those)
    streaks.read(desk.tx, community, persons)
