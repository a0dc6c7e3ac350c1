"""What only those who look after a community read: in its staff room, or each in private."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.config import TalkSettings
from bot.core import manners
from bot.core.errors import UserError
from bot.core.port import ButtonPressed, Say, Words
from rules.budget import after_quiet
from rules.roles import rights_of
from storage import people, rooms

if TYPE_CHECKING:
    from bot.core.context import Buttons, Context
    from rules.roles import Right
    from rules.table import Table
    from storage.people import Account
    from storage.rooms import Room

DAY = 86_400_000
NOTICE = 10
MOST_TOLD = 3
"""How many are told in private, the longest known first, where there is no staff room."""


def confide(ctx: Context, words: Words, *, buttons: Buttons = (), table: Table | None = None) -> None:
    """Answer somebody who looks after the community, where no member reads it.

    In order: here when it is private or the staff room, in private, in the staff room; else UserError.
    """
    if not ctx.room.is_group or ctx.is_staff_room:
        ctx.say(words, buttons=buttons, table=table)
    elif ctx.has_account and manners.tell(ctx, ctx.account, words, buttons=buttons, table=table):
        _mention(ctx, manners.SENT_PRIVATELY)
    elif (room := staff_room(ctx)) is not None:
        ctx.put(room, msgspec.structs.replace(_said(ctx, room, words, buttons), table=table))
        _mention(ctx, Words("core.sent_to_staff"))
    else:
        raise UserError("core.write_first")


def _mention(ctx: Context, words: Words) -> None:
    if isinstance(ctx.event, ButtonPressed):
        ctx.answer(words)


def report(
    ctx: Context, words: Words, *, buttons: Buttons = (), tag: str = "", lives_for: int = 3 * DAY
) -> bool:
    """Tell those who look after the community something they did not ask for; whether anybody will be told.

    In the staff room, else in private to some who have the right `settings`. Quiet hours are kept.
    """
    room = staff_room(ctx)
    at = after_quiet(ctx.calendar, manners.quiet_hours(ctx.settings(TalkSettings)), ctx.now)
    if room is not None:
        action = _said(ctx, room, words, buttons, tag)
        ctx.put(room, action, priority=NOTICE, not_before=at, lives_for=lives_for)
        return True
    told = [
        manners.tell(ctx, account, words, buttons=buttons, tag=tag, not_before=at, lives_for=lives_for)
        for account in _reachable(ctx)[:MOST_TOLD]
    ]
    return any(told)


def staff_room(ctx: Context) -> Room | None:
    """The community's staff room, group or private chat, when the bot may write there."""
    number = ctx.community.staff_room
    room = None if number is None else ctx.desk.room_by_id(number)
    return room if room is not None and room.standing == "active" else None


def _said(ctx: Context, room: Room, words: Words, buttons: Buttons, tag: str = "") -> Say:
    account = (
        None
        if room.is_group
        else people.by_native(ctx.tx, ctx.desk.house.bots[room.bot].platform, room.native)
    )
    language = ctx.language_of(room) if account is None else ctx.language_for(account)
    return Say(parts=(words,), language=language, buttons=buttons, thread=room.thread, tag=tag)


def _reachable(ctx: Context) -> list[Account]:
    """One account each of those who have the right `settings` and may be written to."""
    persons = [one for one in people.staff(ctx.tx, ctx.community.id) if "settings" in rights_in(ctx, one)]
    known = [people.of_person(ctx.tx, person) for person in persons]
    reachable = (next((one for one in accounts if one.direct == "open"), None) for accounts in known)
    return [account for account in reachable if account is not None]


def rights_in(ctx: Context, person: int) -> frozenset[Right]:
    """What a person may do in this community, in any room of it."""
    community = ctx.community.id
    roles = people.roles(ctx.tx, community, person) | rooms.platform_roles(ctx.tx, community, person)
    return rights_of(roles, ctx.desk.role_kinds(community))
