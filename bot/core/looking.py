"""Who looks after a room: not every platform tells it by itself, nor tells who did before the bot came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.actions import Look
from bot.core.port import Can
from bot.core.priority import NOTICE
from rules.durations import MINUTE
from storage import people

if TYPE_CHECKING:
    from bot.core.context import Context
    from bot.core.desk import Desk
    from bot.core.events import StaffListed
    from storage.rooms import Room

APART = MINUTE
"""How long (milliseconds) lies between two looks because somebody without a right asked for something."""


def look(ctx: Context) -> None:
    """Ask the platform who is in a room, where it answers that."""
    if ctx.has_room and ctx.room.is_group and Can.LOOK in ctx.can:
        ctx.put(ctx.room, Look(), priority=NOTICE)


def look_again(ctx: Context) -> None:
    """Somebody lacks a right in a room: perhaps they got it lately, and it was not told."""
    if not ctx.has_room:
        return
    looked: dict[int, int] = ctx.desk.remember(("looked",), dict)
    if looked.get(ctx.room.id, 0) <= ctx.now - APART:
        looked[ctx.room.id] = ctx.now
        look(ctx)


def renew(desk: Desk, room: Room, event: StaffListed) -> None:
    """Bring the roles in a room up to the list of those who look after it."""
    listed = {desk.account(event.bot, seat.who): seat.role for seat in event.seats if not seat.who.is_bot}
    no_more = [account for account in people.staff_of_room(desk.tx, room.id) if account not in listed]
    for account, role in (listed | dict.fromkeys(no_more, "member")).items():
        if desk.role(room, account) != role:
            desk.set_role(room, account, role)
