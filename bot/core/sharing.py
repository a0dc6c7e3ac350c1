"""Where an account sends only so many messages a day, one person cannot use them up by asking.

What is counted is what somebody's own words, presses and invitations bring about for themselves, in private
and in a group alike. It is counted in memory alone, but not in what a mistake makes forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.actions import Enter, Say
from bot.core.events import BotChanged, ButtonPressed, Message, RoomOffered

if TYPE_CHECKING:
    from bot.core.actions import AnyAction
    from bot.core.context import Context
    from bot.core.events import Sender
    from storage.rooms import Room


def has_share(ctx: Context, room: Room, action: AnyAction) -> bool:
    """Whether who brought this about may have one more message of the account's day."""
    shares = ctx.desk.house.shares.get(room.bot)
    asker = _asker(ctx)
    if shares is None or asker is None or not isinstance(action, Say | Enter):
        return True
    is_own = room.id == ctx.room.id or (not room.is_group and room.native == asker.native)
    if not is_own or (ctx.has_account and ctx.desk.house.is_run_by(ctx.account)):
        return True
    return shares.take(asker.native, ctx.now, staff=bool(ctx.rights))


def _asker(ctx: Context) -> Sender | None:
    """Who said, pressed or offered something, or brought the bot into a group."""
    event = ctx.event
    if isinstance(event, Message | ButtonPressed | RoomOffered):
        return event.sender
    return event.by if isinstance(event, BotChanged) else None
