"""What only those who look after a community read: in its staff room, or each in private."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from bot.config import TalkSettings
from bot.core import manners, reaching
from bot.core.actions import Edit, React, Say, Words
from bot.core.errors import UserError
from bot.core.events import ButtonPressed
from bot.core.port import Can
from bot.core.priority import NOTICE
from bot.core.scene import Scene
from rules.budget import after_quiet
from rules.durations import DAY
from rules.roles import rights_of
from storage import bot_accounts, communities, jobs, people, rooms

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.core.actions import AnyAction
    from bot.core.context import Buttons, Context
    from bot.core.desk import Desk
    from bot.core.house import House
    from rules.roles import Right
    from rules.table import Table
    from storage.communities import Community
    from storage.people import Account
    from storage.rooms import Room

TOPIC = "staff:"
LOST = "staff_room_lost"

MOST_TOLD = 3
"""How many are told in private, the longest known first, where there is no staff room."""


# Telling them.


def confide(ctx: Context, words: Words, *, buttons: Buttons = (), table: Table | None = None) -> None:
    """Answer somebody who looks after the community, where no member reads it.

    In order: here when it is private or the staff room, in private, in the staff room if they are in it; else
    UserError.
    """
    if not ctx.is_before_members:
        ctx.say(words, buttons=buttons, table=table)
    elif ctx.has_account and manners.tell(ctx, ctx.account, words, buttons=buttons, table=table):
        _mention(ctx, manners.SENT_PRIVATELY)
    elif (room := staff_room(ctx)) is not None and _is_in(ctx, room):
        said = msgspec.structs.replace(_said(ctx, room, words, buttons), table=table)
        ctx.put(room, said, topic=topic_of(ctx.community.id))
        _mention(ctx, Words("core.sent_to_staff"))
    else:
        raise UserError("core.write_first", befriends=Can.WHISPER not in ctx.can)


def _is_in(ctx: Context, room: Room) -> bool:
    """Whether who asks is known to be in a staff room; of an anonymous admin nothing is known."""
    return not ctx.has_account or rooms.role(ctx.tx, room.id, ctx.account.id) not in (None, "left")


def _mention(ctx: Context, words: Words) -> None:
    if isinstance(ctx.event, ButtonPressed):
        ctx.answer(words)


def report(
    ctx: Context,
    words: Words,
    *,
    buttons: Buttons = (),
    tag: str = "",
    needs: Right = "settings",
    lives_for: int = 3 * DAY,
    around: Collection[str] = (),
) -> bool:
    """Tell those who look after the community something they did not ask for; whether anybody will be told.

    In the staff room, else in private to some who have the right `needs`. Quiet hours are kept. It takes no
    way through the bots that it has to go `around`: those that are away.
    """
    room = staff_room(ctx)
    at = after_quiet(ctx.calendar, manners.quiet_hours(ctx.settings(TalkSettings)), ctx.now)
    if room is not None and room.bot not in around:
        action = _said(ctx, room, words, buttons, tag)
        topic = topic_of(ctx.community.id)
        ctx.put(room, action, priority=NOTICE, topic=topic, not_before=at, lives_for=lives_for)
        return True
    tell_if_lost(ctx)
    return bool(_tell_some(ctx, words, buttons, tag, at, needs, lives_for, around))


def _tell_some(
    ctx: Context,
    words: Words,
    buttons: Buttons,
    tag: str,
    not_before: int,
    needs: Right = "settings",
    lives_for: int = 3 * DAY,
    around: Collection[str] = (),
) -> int:
    """Tell some of those with a right in private; how many."""
    told = _ways(ctx, needs, around)[:MOST_TOLD]
    for room in told:
        action, topic = _said(ctx, room, words, buttons, tag), topic_of(ctx.community.id)
        ctx.put(room, action, topic=topic, not_before=not_before, lives_for=lives_for)
    return len(told)


def places(ctx: Context, needs: Right) -> list[Room]:
    """Where those who look after the community are told things: the staff room, else some private chats."""
    room = staff_room(ctx)
    return [room] if room is not None else _ways(ctx, needs, ())[:MOST_TOLD]


def _ways(ctx: Context, right: Right, around: Collection[str]) -> list[Room]:
    """One private chat each with those who have a right, of a bot that need not be gone around.

    Of several chats with one person the first whose bot is not away.
    """
    persons = [one for one in people.staff(ctx.tx, ctx.community.id) if right in rights_in(ctx, one)]
    known = [people.of_person(ctx.tx, person) for person in persons]
    ways = ([reaching.any_way_to(ctx, account) for account in accounts] for accounts in known)
    open_ways = ([room for room in rooms if room is not None and room.bot not in around] for rooms in ways)
    away = {one.bot for one in bot_accounts.all_of_them(ctx.tx) if not one.is_online}
    return [min(rooms, key=lambda room: room.bot in away) for rooms in open_ways if rooms]


def _said(ctx: Context, room: Room, words: Words, buttons: Buttons, tag: str = "") -> Say:
    language = language_in(ctx, room)
    return Say(parts=(words,), language=language, buttons=buttons, thread=room.thread, tag=tag)


def language_in(ctx: Context, room: Room) -> str:
    """The language of a room; in a private chat that of the one it is with."""
    account = ctx.desk.with_whom(room)
    return ctx.language_of(room) if account is None else ctx.language_for(account)


# The staff room.


def staff_room(ctx: Context) -> Room | None:
    """The community's staff room, group or private chat, when the bot may write there.

    A private chat is one only while who it is with has the right `settings`.
    """
    number = ctx.community.staff_room
    room = None if number is None else ctx.desk.room_by_id(number)
    return room if room is not None and _is_open(ctx, room) else None


def _is_open(ctx: Context, room: Room) -> bool:
    if room.standing != "active" or room.bot not in ctx.desk.house.bots:
        return False
    if room.is_group:
        return room.community == ctx.community.id
    account = ctx.desk.with_whom(room)
    return account is not None and account.direct == "open" and looks_after(ctx, account, ctx.community)


def tell_if_lost(ctx: Context) -> None:
    """Tell some admins in private, once, that the staff room cannot be written to any more."""
    number = ctx.community.staff_room
    if number is None or staff_room(ctx) is not None:
        return
    if jobs.claim(ctx.tx, LOST, ctx.community.id, str(number), ctx.now):
        text = Words("core.staff_room_lost", {"community": ctx.community.name})
        _tell_some(ctx, text, (), "", ctx.now)


def found_again(ctx: Context) -> None:
    """The staff room can be written to: the next time that it cannot is told anew."""
    jobs.release(ctx.tx, LOST, ctx.community.id)


# Who looks after what.


def looks_after(scene: Scene, account: Account, community: Community, right: Right = "settings") -> bool:
    """Whether an account has a right in a community at this moment, wherever it asks."""
    return right in rights_of(scene.roles_of(account, community.id), scene.desk.role_kinds(community.id))


def looked_after(scene: Scene, account: Account, right: Right = "settings") -> list[Community]:
    """The communities, with rooms that the bot is in, in which an account has a right at this moment."""
    if scene.desk.house.is_run_by(account):
        return communities.run_by(scene.tx, None)
    known = communities.run_by(scene.tx, account.person)
    return [one for one in known if looks_after(scene, account, one, right)]


def rights_in(ctx: Context, person: int) -> frozenset[Right]:
    """What a person may do in this community, by any of their accounts and in any room of it."""
    community = ctx.community.id
    accounts = people.of_person(ctx.tx, person)
    roles = [role for one in accounts for role in ctx.roles_of(one, community)]
    return rights_of(roles, ctx.desk.role_kinds(community))


def told_apart(desk: Desk, numbers: Sequence[int]) -> dict[int, str]:
    """What communities are called where one is chosen: those that share a name say their first room, too."""
    names = {number: desk.community(number).name for number in numbers}
    many = Counter(names.values())
    first = {number: rooms.of_community(desk.tx, number)[:1] for number in names}
    return {
        number: f"{name} · {first[number][0].title}" if many[name] > 1 and first[number] else name
        for number, name in names.items()
    }


# What no member reads.


def topic_of(community: int) -> str:
    """On which topic waits what only those who look after a community may read."""
    return f"{TOPIC}{community}"


def keep_from_members(desk: Desk, room: Room, *texts: Words) -> None:
    """UserError when one of these texts for a group is for staff alone, and the group is not."""
    for words in texts:
        if words.text in desk.house.for_staff and not desk.is_staff_room(room):
            raise UserError("core.not_here")


def texts_of(action: AnyAction) -> tuple[Words, ...]:
    """What everybody in the place of an action will read."""
    if isinstance(action, Say):
        return action.parts
    return (action.words,) if isinstance(action, Edit | React) and action.words is not None else ()


def is_for_staff(house: House, action: AnyAction, topic: str | None) -> bool:
    """Whether an action that waits, perhaps on a topic, is for staff alone."""
    declared = any(words.text in house.for_staff for words in texts_of(action))
    return declared or _community_of(topic) is not None


def may_read(desk: Desk, room: Room, topic: str | None) -> bool:
    """Whether what is for staff alone may still go to a place: rooms and rights change while it waits."""
    community = _community_of(topic)
    if room.is_group:
        return desk.is_staff_room(room) and community in {None, room.community}
    account = desk.with_whom(room)
    return community is None or (account is not None and bool(_rights_of(desk, community, account)))


def _community_of(topic: str | None) -> int | None:
    if topic is None or not topic.startswith(TOPIC):
        return None
    return int(topic.removeprefix(TOPIC).partition(":")[0])


def _rights_of(desk: Desk, community: int, account: Account) -> frozenset[Right]:
    return Scene(desk, at=desk.now, account=account, community=community).rights
