"""What nothing else took: a command misspelt, or plain words to the bot. The last in the table."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from bot.core import choices
from bot.core.actions import words
from bot.core.feature import Feature, Reader
from bot.core.router import SLASH
from storage import outbox

if TYPE_CHECKING:
    from bot.core.context import Context
    from bot.core.desk import Desk
    from bot.core.events import Message
    from bot.core.feature import Glance
    from storage.rooms import Room

TEN_MINUTES = 600_000


def wants(desk: Desk, room: Room) -> Glance:
    """Anything new in private; in a group only what begins with the bot's name, or is a command to it."""
    if not room.is_group:
        return _is_new
    usernames = desk.house.usernames
    return lambda message: (
        (message.to_bot or message.text.startswith("/"))
        and _is_new(message)
        and (message.to_bot or _names(usernames.get(message.bot, ""), message.text))
    )


def _is_new(message: Message) -> bool:
    return not message.edited and not message.forwarded and message.sender is not None


def _names(username: str, text: str) -> bool:
    match = SLASH.match(text)
    return match is not None and bool(username) and (match[2] or "").casefold() == username.casefold()


def read(ctx: Context, message: Message) -> bool:
    """Answer a misspelt command with the one that was meant; other words with where help is."""
    ctx.may_mean_others = False
    match = SLASH.match(message.text)
    if match is None:
        _say_once(ctx, _lost(ctx, message))
        return not ctx.room.is_group
    named = match[2] or ""
    username = ctx.desk.house.usernames.get(ctx.room.bot, "")
    if named and named.casefold() != username.casefold():
        return False
    near = difflib.get_close_matches(match[1].casefold(), _known(ctx), 1)
    if not ctx.is_backlog:
        ctx.say(words("otherwise.unknown", given=match[1], near=near[0] if near else ""))
    return True


def _lost(ctx: Context, message: Message) -> str:
    """What to say to plain words: also numbers, where they stand for buttons, may be none that is offered."""
    if ctx.room.is_group or not choices.is_late(ctx.desk, ctx.room, message):
        return "otherwise.lost"
    return "otherwise.not_offered" if choices.are_open(ctx.desk, ctx.room) else "otherwise.menu_over"


def _known(ctx: Context) -> list[str]:
    """The commands that this person has in this place."""
    place = "group" if ctx.room.is_group else "private"
    return [
        command.name
        for feature in ctx.desk.house.features
        for command in feature.commands
        if place in command.places and ctx.may(command.needs)
    ]


def _say_once(ctx: Context, text: str) -> None:
    """A friendly line, at most every ten minutes, so that nobody talks to a wall of it."""
    said = outbox.recent_answer(ctx.tx, ctx.room.id, text, ctx.now - TEN_MINUTES)
    waits = outbox.waiting_on_topic(ctx.tx, ctx.room.bot, ctx.room.id, text)
    if said is None and waits is None and not ctx.is_backlog:
        ctx.say(words(text), reply=ctx.room.is_group, topic=text)


FEATURE = Feature(name="otherwise", readers=(Reader(wants, read, begins="/"),))
