"""`/report` (举报), in reply: staff alone sees the message, and takes it away where the bot can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.actions import Button, words
from bot.core.errors import UserError
from bot.core.events import Message
from bot.core.feature import Command, Feature, Press
from bot.core.port import Can
from rules.arguments import plain_number
from rules.durations import HOUR
from storage import jobs, rooms

if TYPE_CHECKING:
    from bot.core.context import Buttons, Context
    from storage.rooms import Room

MOST_AN_HOUR = 3
"""Reports of one member: more are left out, so that nobody rings staff all night."""

MOST_IN_ALL = 12
"""The same of all members of a community together."""

MOST_OF_TEXT = 300
FLAG = "flag"


def report(ctx: Context, arguments: str) -> None:
    """`/report` in reply to a message, with a word why: staff hears of it, once, and nobody else."""
    message = ctx.event
    if not isinstance(message, Message) or message.reply_sender is None or message.reply_to_bot:
        raise UserError("flagging.reply")
    about = message.reply_to or message.reply_text[:MOST_OF_TEXT]
    if _may(ctx) and jobs.claim(ctx.tx, FLAG, ctx.community.id, f"{ctx.room.native}:{about}", ctx.now):
        ctx.report(
            words(
                "flagging.flagged",
                name=ctx.account.name,
                author=message.reply_sender.name,
                room=ctx.room.title,
                said=message.reply_text[:MOST_OF_TEXT],
                why=arguments.strip()[:MOST_OF_TEXT],
                heard=message.reply_to is not None,
                deletes=_deletes(ctx, ctx.room),
            ),
            buttons=_buttons(ctx, message),
        )
    ctx.whisper(words("flagging.thanks"))


def _may(ctx: Context) -> bool:
    """Whether this member's word still counts in this hour."""
    reported: list[tuple[int, int]] = ctx.desk.remember((FLAG, ctx.community.id), list)
    reported[:] = [(at, person) for at, person in reported if at > ctx.now - HOUR]
    own = sum(person == ctx.account.person for _, person in reported)
    if own >= MOST_AN_HOUR or len(reported) >= MOST_IN_ALL:
        return False
    reported.append((ctx.now, ctx.account.person))
    return True


def _deletes(ctx: Context, room: Room) -> bool:
    return Can.DELETE in ctx.can_in(room) and "delete" in room.rights


def _buttons(ctx: Context, message: Message) -> Buttons:
    if not (_deletes(ctx, ctx.room) and message.reply_to):
        return ()
    data = f"{FLAG}:{ctx.room.id}:{message.reply_to}:{ctx.room.native}"
    return ((Button(words("flagging.delete_button"), data),),)


def delete(ctx: Context, arguments: str) -> None:
    """The button below a report: the message is taken away, unless the room counts its messages anew."""
    number, _, which = arguments.partition(":")
    native, _, place = which.partition(":")
    room = rooms.one_of_community(ctx.tx, ctx.community.id, plain_number(number) or 0)
    if room is None or room.native != place or not native or ctx.is_before_members:
        raise UserError("core.button_gone")
    if not _deletes(ctx, room):
        raise UserError("flagging.cannot", room=room.title)
    ctx.elsewhere(room).delete(native)
    ctx.audit("flag", f"room:{room.id}", after="deleted", room=room.id)
    ctx.edit_pressed(words("flagging.deleted", room=room.title))


FEATURE = Feature(
    name="flagging",
    commands=(Command("report", report, ("举报", "檢舉", "舉報"), takes=True, places=("group",)),),
    buttons={FLAG: Press(delete, "settings")},
    final={FLAG: "a message that was deleted cannot be brought back"},
    for_staff=("flagging.flagged", "flagging.deleted"),
)
