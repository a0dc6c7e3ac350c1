"""The staff room: where lists, alerts and what was changed go, so that no member reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bot.core import changes, staff
from bot.core.actions import Button, Say, words
from bot.core.binding import unbound
from bot.core.errors import UserError
from bot.core.events import BotChanged, ButtonPressed
from bot.core.feature import Command, Feature, Press, Undo
from rules.arguments import plain
from rules.facts import RoomOpened
from storage import communities, outbox, rooms, setups

if TYPE_CHECKING:
    from bot.core.actions import Words
    from bot.core.context import Buttons, Context
    from storage.communities import Community
    from storage.rooms import Room

OFF = frozenset({"off", "关", "關", "关闭", "關閉", "取消", "不要了"})
MOST_CHOICES = 20
HERE = "here"


def command(ctx: Context, arguments: str) -> None:
    """`/staffroom` where staff matters shall go; `/staffroom off`: nowhere in particular any more."""
    if plain(arguments) in OFF:
        _off(ctx)
    elif arguments:
        raise UserError("staffroom.how")
    else:
        _show(ctx, *_asked(ctx))


def press(ctx: Context, arguments: str) -> None:
    """A button: this very room, the community that it is to serve, and whether one is sure."""
    number, _, sure = arguments.partition(":")
    if number == HERE:
        _show(ctx, *_asked(ctx))
        return
    target = next((one for one in _candidates(ctx) if str(one.id) == number), None)
    if target is None:
        raise UserError("core.button_gone")
    _show(ctx, *_chosen(ctx, target, sure=sure == "yes"))


def _show(ctx: Context, text: Words, buttons: Buttons = ()) -> None:
    """After a press in place of what was pressed; in the language of the community that it serves now."""
    room = ctx.desk.room_by_id(ctx.room.id)
    here = ctx.in_community(_of(room), room) if room.is_group else ctx
    if isinstance(ctx.event, ButtonPressed):
        here.edit_pressed(text, buttons=buttons)
    else:
        here.say(text, buttons=buttons)


def _candidates(ctx: Context) -> list[Community]:
    """The communities that this place may serve: those that who asks looks after at this moment.

    A group that is the only room of its community cannot be that one's staff room: nobody would study.
    """
    known = staff.looked_after(ctx, ctx.account)
    if not ctx.room.is_group:
        return known
    others = [one for one in rooms.of_community(ctx.tx, ctx.community.id) if one.id != ctx.room.id]
    return [one for one in known if others or ctx.is_staff_room or one.id != ctx.community.id]


def _asked(ctx: Context) -> tuple[Words, Buttons]:
    known = _candidates(ctx)
    if not known:
        raise UserError("staffroom.none", group=ctx.room.is_group)
    if len(known) == 1:
        return _chosen(ctx, known[0], sure=False)
    names = staff.told_apart(ctx.desk, [one.id for one in known[:MOST_CHOICES]])
    rows = tuple(
        (Button(words("staffroom.community_label", name=name), f"staffroom:{one}"),)
        for one, name in names.items()
    )
    return words("staffroom.which"), rows


def _chosen(ctx: Context, target: Community, *, sure: bool) -> tuple[Words, Buttons]:
    """The place serves a community; a room where members study does so only when one is sure."""
    if target.staff_room == ctx.room.id:
        return words("staffroom.already", community=target.name), ()
    if not sure and _is_studied_in(ctx):
        yes = Button(words("staffroom.yes_button"), f"staffroom:{target.id}:yes")
        people = setups.people_known(ctx.tx, ctx.room.id)
        return words("staffroom.sure", community=target.name, people=people), ((yes,),)
    _mark(ctx, target)
    return words("staffroom.marked", community=target.name, group=ctx.room.is_group), ()


def _is_studied_in(ctx: Context) -> bool:
    """Whether members study in this room, or it is one of several of a community."""
    if not ctx.is_before_members:
        return False
    here = rooms.of_community(ctx.tx, ctx.community.id)
    return len(here) > 1 or setups.has_studied(ctx.tx, ctx.room.id)


def _mark(ctx: Context, target: Community) -> None:
    if ctx.is_staff_room:
        _set(ctx, None)
    room = ctx.desk.room_by_id(ctx.room.id)
    setups.keep(ctx.tx, room.id, page=setups.DONE, came_from=None)
    if room.is_group and room.community != target.id:
        changes.move_room(ctx.in_community(_of(room), room), room, target)
    _set(ctx.in_community(target.id, ctx.desk.room_by_id(room.id)), room.id)


def _set(ctx: Context, number: int | None) -> None:
    """Staff matters of this community go to this room from now on, audited."""
    before = ctx.community.staff_room
    _put(ctx, number)
    ctx.audit("staff_room", "", _name(ctx, before), _name(ctx, number), undo={"room": before})


def put_back(ctx: Context, data: dict[str, Any]) -> object:
    """Staff matters go again where they went before; where they went until now.

    UserError when that place is no room of this community any more.
    """
    before, wanted = ctx.community.staff_room, data["room"]
    if wanted is not None:
        room = ctx.desk.room_by_id(wanted)
        if room.standing != "active" or not _may_return(ctx, room):
            raise UserError("staffroom.not_again")
        if room.is_group and room.community != ctx.community.id:
            there = ctx.in_community(_of(room), room)
            changes.move_room(there, room, ctx.community)
    _put(ctx, wanted)
    return {"room": before}


def _may_return(ctx: Context, room: Room) -> bool:
    """Whether a place can serve again: a group where nobody studied, still this community's or alone in one.

    Who takes that back must look after the other community, too, and it may not be that one's staff room.
    """
    if not room.is_group:
        return True
    if setups.has_studied(ctx.tx, room.id):
        return False
    home = ctx.desk.community(_of(room))
    is_alone = [one.id for one in rooms.of_community(ctx.tx, home.id)] == [room.id]
    return home.id == ctx.community.id or (is_alone and staff.looks_after(ctx, ctx.account, home))


def _of(room: Room) -> int:
    assert room.community is not None
    return room.community


def _put(ctx: Context, number: int | None) -> None:
    """Change the staff room: what waits for it moves along, and the old place is told and let go."""
    before = ctx.community.staff_room
    communities.set_staff_room(ctx.tx, ctx.community.id, number)
    ctx.desk.forget("community", ctx.community.id)
    ctx.desk.forget("settings")
    staff.found_again(ctx)
    if before is not None and before != number:
        _leave(ctx, ctx.desk.room_by_id(before))


def _leave(ctx: Context, old: Room) -> None:
    topic = staff.topic_of(ctx.community.id)
    waiting = outbox.said_later(ctx.tx, old.bot, old.id, topic)
    outbox.give_up_room(
        ctx.tx, old.bot, old.id, "staff_room_moved", ctx.now, topic=None if old.is_group else topic
    )
    new = staff.staff_room(ctx)
    for row in waiting if new is not None else ():
        action = msgspec.json.decode(row.action, type=Say)
        moved = msgspec.structs.replace(action if old.is_group else unbound(action), thread=None)
        left = row.not_after - row.not_before
        assert new is not None
        ctx.put(new, moved, priority=row.priority, topic=topic, not_before=row.not_before, lives_for=left)
    if old.standing == "active" and (old.is_group or old.id != ctx.room.id):
        ctx.say_in(old, words("staffroom.left"))
    _send_home(ctx, old)


def _send_home(ctx: Context, old: Room) -> None:
    """A group that came to be the staff room goes back to its own community: who runs it runs only that."""
    home = setups.of_room(ctx.tx, old.id).came_from
    if old.is_group and home is not None and home != ctx.community.id:
        changes.move_room(ctx, old, ctx.desk.community(home))


def _name(ctx: Context, number: int | None) -> str:
    return "" if number is None else ctx.desk.room_by_id(number).title


def _off(ctx: Context) -> None:
    """No place in particular: staff matters go to some admins in private."""
    if ctx.community.staff_room is None:
        raise UserError("staffroom.none_yet")
    if ctx.is_before_members:
        raise UserError("staffroom.off_there")
    _set(ctx, None)
    if not ctx.room.is_group:
        ctx.confide(words("staffroom.off", community=ctx.community.name))


# When the bot cannot write there any more, and when it can again.


def bot_changed(ctx: Context, event: BotChanged) -> None:
    """The bot was put out of a staff room, or blocked by the one whose private chat it is."""
    for community in communities.with_staff_room(ctx.tx, ctx.room.id):
        there = ctx.in_community(community.id)
        if event.role == "left":
            staff.tell_if_lost(there)
        else:
            staff.found_again(there)


def opened(ctx: Context, _fact: RoomOpened) -> None:
    """The bot is back in the staff room."""
    if ctx.is_staff_room:
        staff.found_again(ctx)
        ctx.say(words("staffroom.marked", community=ctx.community.name, group=True), reply=False)


FEATURE = Feature(
    name="staffroom",
    commands=(
        Command("staffroom", command, ("管理群組", "管理群", "管理群组"), takes=True, needs="settings"),
    ),
    buttons={"staffroom": Press(press, "settings")},
    events={BotChanged: bot_changed},
    listeners={RoomOpened: opened},
    undo={"staff_room": Undo("settings", put_back)},
    for_staff=("staffroom.off", "core.staff_room_lost"),
)
