"""The ways to one person: the private chat in which a bot may write to them, if there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core import accounts
from bot.core.events import Place
from storage import people, rooms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.context import Context
    from bot.core.desk import Desk
    from storage.people import Account
    from storage.rooms import Room


def way_to(ctx: Context, account: Account) -> Room | None:
    """The private chat with an account by the bot of this room, else by that of the room they are in.

    None where they cannot be written to, or are in no room of this community.
    """
    bot = _bot_near(ctx, account) if account.direct == "open" else None
    return None if bot is None else _private(ctx.desk, account, bot)


def any_way_to(ctx: Context, account: Account) -> Room | None:
    """The same, also with an account that is in no room of this community: by any bot of its platform."""
    near = way_to(ctx, account)
    if near is not None or account.direct != "open":
        return near
    bot = next(_bots(ctx.desk, account), None)
    return None if bot is None else _private(ctx.desk, account, bot)


def way_elsewhere(ctx: Context, account: Account) -> Room | None:
    """The private chat with another account of the same person."""
    others = (people.by_id(ctx.tx, one) for one in accounts.own(ctx.desk, account.id)[1:])
    chats = (chat_with(ctx.desk, one) for one in others if one.direct == "open")
    return next((room for room in chats if room is not None), None)


def chat_with(desk: Desk, account: Account) -> Room | None:
    """The private chat that an account has had with a bot of its platform, whatever community that is in."""
    known = (rooms.by_native(desk.tx, bot, account.native) for bot in _bots(desk, account))
    return next((room for room in known if room is not None and not room.is_group), None)


def _private(desk: Desk, account: Account, bot: str) -> Room:
    return desk.room(bot, Place(account.native, "private", account.name))


def _bots(desk: Desk, account: Account) -> Iterator[str]:
    """The bots that share a platform with an account."""
    return (bot.bot for bot in desk.house.bots.values() if bot.platform == account.platform)


def _bot_near(ctx: Context, account: Account) -> str | None:
    """The bot that shares a platform with the account: this room's, else that of the member's room."""
    if ctx.has_room and not ctx.room.is_by_hand and ctx.room.bot in _bots(ctx.desk, account):
        return ctx.room.bot
    room = None if ctx.community_id is None else rooms.room_of_member(ctx.tx, ctx.community_id, account.id)
    return None if room is None or room.is_by_hand else room.bot
