"""How a check-in is heard: word, #tag, command, button."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec

from bot.core.actions import words
from bot.core.binding import find_community
from bot.core.errors import UserError
from bot.core.events import ButtonPressed, Message
from bot.core.suggesting import drop_about
from handlers.checkin.ahead import look_ahead
from handlers.checkin.board import Said, board, said_in
from handlers.checkin.counting import check_in
from handlers.checkin.following import read_edited, read_following
from handlers.checkin.perhaps import said_in_passing
from rules.facts import LanguageChanged, RoomOpened
from rules.recognise import Recogniser
from rules.tasks import Task, named_first, proofs_in
from storage import pending, tasks

if TYPE_CHECKING:
    from bot.core.context import Context
    from bot.core.desk import Desk
    from bot.core.feature import Glance
    from storage.rooms import Room

FIRST_TASK = {"zh-Hans": "打卡", "zh-Hant": "打卡", "en": "Check-in"}


def wants(desk: Desk, room: Room) -> Glance:
    """What may be a check-in, or belong to one."""
    if room.community is None:
        return lambda message: not message.forwarded
    here = board(desk, room.community)
    names_a_word, asks = here.recogniser.glance.search, here.asks

    def may_check_in(message: Message) -> bool:
        if message.forwarded:
            return False
        if message.edited or message.album is not None or names_a_word(message.text) is not None:
            return True
        return asks and bool(message.media or message.reply_to or "http" in message.text)

    return may_check_in


def read(ctx: Context, message: Message) -> bool:
    """Take a message that checks in, or that follows a check-in; whether it was one."""
    if not ctx.has_account:
        return False
    if not find_community(ctx):
        _refuse_a_stranger(ctx, message)
        return False
    if ctx.desk.coming:
        look_ahead(ctx.desk)
    here = board(ctx.desk, ctx.known_community)
    found = here.recogniser.read(message.own_text)
    sure = found if found is not None and found.certainty == "sure" else None
    taken = True
    if message.edited:
        drop_about(ctx, message.native)
        taken = read_edited(ctx, here, message, sure)
    elif sure is None:
        taken = read_following(ctx, here, message)
    else:
        check_in(ctx, here, said_in(message, sure))
    if not taken and found is not None:
        said_in_passing(ctx, here, message)
    return taken


def _refuse_a_stranger(ctx: Context, message: Message) -> None:
    """UserError for whoever checks in privately and is in no community: it says how to get there."""
    found = None if ctx.room.is_group else _usual().read(message.own_text)
    if found is not None and found.certainty == "sure":
        raise UserError("core.no_community")


@cache
def _usual() -> Recogniser:
    return Recogniser.of()


def command(ctx: Context, arguments: str) -> None:
    """`/checkin note`, perhaps with the task's name or #tag before the note."""
    message = ctx.event
    assert isinstance(message, Message)
    here = board(ctx.desk, ctx.community.id)
    name, note = named_first((task.name for task in here.tasks), arguments)
    proofs = tuple(proofs_in(message.text, message.media))
    check_in(ctx, here, Said(message.native, ctx.at, "command", note, proofs, message.album, name))


def press(ctx: Context, arguments: str) -> None:
    """The button of a task: `checkin:<task>`; `checkin` alone is for whatever is open."""
    task = _task_of_button(ctx, arguments)
    if ctx.community_id is None or (task is None and arguments):
        ctx.answer(words("core.button_gone"))
        return
    name = None if task is None else task.name
    check_in(ctx, board(ctx.desk, ctx.community.id), Said("", ctx.at, "button", task=name))


def press_which(ctx: Context, arguments: str) -> None:
    """The answer to which task was meant: `which:<task>:<account>`; only its author may give it."""
    number, _, account = arguments.partition(":")
    task = _task_of_button(ctx, number)
    if task is None:
        ctx.answer(words("core.button_gone"))
        return
    if account != str(ctx.account.id):
        raise UserError("core.not_yours")
    question = pending.take_question(ctx.tx, ctx.community.id, ctx.account.id)
    if question is None or question.room != ctx.room.id:
        ctx.answer(words("core.button_gone"))
        return
    said = msgspec.json.decode(question.said, type=Said)
    check_in(ctx, board(ctx.desk, ctx.community.id), msgspec.structs.replace(said, task=task.name))
    if isinstance(ctx.event, ButtonPressed):
        ctx.delete(ctx.event.message)


def _task_of_button(ctx: Context, number: str) -> Task | None:
    if ctx.community_id is None:
        return None
    here = board(ctx.desk, ctx.community.id)
    return next((task for task in here.tasks if str(task.id) == number), None)


def opened(ctx: Context, fact: RoomOpened) -> None:
    """A new community begins with one task that takes any word at any hour."""
    if fact.new and not tasks.of_community(ctx.tx, fact.community):
        name = FIRST_TASK[ctx.community.language]
        tasks.add(ctx.tx, fact.community, Task(id=0, name=name), ctx.day, ctx.now)
        ctx.desk.forget(*tasks.REMEMBERED, fact.community)


def renamed(ctx: Context, fact: LanguageChanged) -> None:
    """The task that a community began with follows its language, unless it was given a name of its own."""
    known = tasks.of_community(ctx.tx, fact.community)
    name = FIRST_TASK[fact.language]
    first = next((task for task in known if task.name in FIRST_TASK.values()), None)
    if first is not None and all(task.name != name for task in known):
        tasks.save(ctx.tx, fact.community, msgspec.structs.replace(first, name=name), ctx.day)
        ctx.desk.forget(*tasks.REMEMBERED, fact.community)
