"""What becomes of an action where the platform lacks what it takes, so that no handler needs to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.core import choices, manners, reaching
from bot.core.actions import Answer, Delete, Edit, Say
from bot.core.events import ButtonPressed, Message
from bot.core.port import Can
from bot.core.priority import PRESS
from rules.durations import HOUR, MINUTE
from storage import outbox

if TYPE_CHECKING:
    from bot.core.actions import AnyAction, Words
    from bot.core.context import Context
    from storage.rooms import Room


def fitted(ctx: Context, room: Room, action: AnyAction) -> AnyAction | None:
    """The action as the platform of a room can carry it out; None when nothing is left of it.

    An edit that answers a press becomes a message; one of another message is left out, and its numbers follow
    it: those whose button is gone mean nothing any more.
    """
    can = ctx.can_in(room)
    if isinstance(action, Edit) and Can.EDIT not in can:
        return _said_anew(ctx, room, action)
    if isinstance(action, Edit) and Can.BUTTONS not in can:
        choices.close(ctx.desk, room, action.message)
    if isinstance(action, Delete) and Can.DELETE not in can:
        choices.close(ctx.desk, room, action.message)
        return None
    if isinstance(action, Say) and action.vanish_after and Can.DELETE not in can:
        return msgspec.structs.replace(action, vanish_after=0)
    return action


def _said_anew(ctx: Context, room: Room, edit: Edit) -> Say | None:
    """What is said to a press instead of an edit of the pressed message."""
    if not _is_pressed(ctx, room, edit.message):
        choices.close(ctx.desk, room, edit.message, still=edit)
        return None
    choices.close(ctx.desk, room, edit.message)
    toast = _toast(ctx)
    assert ctx.event is not None
    return Say(
        parts=(*toast, edit.words),
        language=edit.language,
        buttons=edit.buttons,
        reply_to=getattr(ctx.event, "press", None),
        mention=whom(ctx),
        thread=ctx.event.place.thread,
    )


def _is_pressed(ctx: Context, room: Room, message: str) -> bool:
    pressed = ctx.event
    return isinstance(pressed, ButtonPressed) and pressed.message == message and room.id == ctx.room.id


def whom(ctx: Context) -> str | None:
    """Whom an answer in a group names, where the platform cannot show by itself what it answers."""
    if not ctx.room.is_group:
        return None
    if isinstance(ctx.event, Message):
        return None if ctx.event.sender is None else ctx.event.sender.native
    is_number = isinstance(ctx.event, ButtonPressed) and Can.BUTTONS not in ctx.can
    return ctx.account.native if is_number else None


def whom_about(ctx: Context, message: str) -> str | None:
    """Whom words about a message name: nobody where it is not the one that was just said or pressed."""
    own = (getattr(ctx.event, "native", None), getattr(ctx.event, "press", None))
    return whom(ctx) if message in own else None


def answer(ctx: Context, words: Words | None, *, alert: bool) -> None:
    """Answer a press: for the presser's eyes, else in private if they may be written to, else in the room.

    Where members would read what is for staff alone, it is left out.
    """
    language = ctx.language_for(ctx.account)
    if Can.WHISPER in ctx.can:
        press = getattr(ctx.event, "press", None)
        assert press is not None, "only a button press can be answered"
        action = Answer(press=press, words=words, language=language, alert=alert)
        ctx.put(ctx.room, action, priority=PRESS, lives_for=2 * MINUTE)
    elif words is not None:
        _answer_in_words(ctx, words, language)


def _answer_in_words(ctx: Context, words: Words, language: str) -> None:
    private = reaching.way_to(ctx, ctx.account) if ctx.is_before_members else None
    if private is not None:
        row = ctx.put(private, Say(parts=(words,), language=language))
    elif ctx.is_before_members and words.text in ctx.desk.house.for_staff:
        return
    else:
        said = Say(parts=(words,), language=ctx.language, mention=whom(ctx), thread=ctx.room.thread)
        row = ctx.put(ctx.room, said, lives_for=HOUR if manners.may_answer(ctx) else -1)
    assert ctx.event is not None
    ctx.desk.answered = (ctx.event.key, row)


def _toast(ctx: Context) -> tuple[Words, ...]:
    """What this press was answered already: it goes into the message that shows what came of it."""
    key, row = ctx.desk.answered
    if ctx.event is None or key != ctx.event.key:
        return ()
    found = outbox.action(ctx.tx, row)
    said = () if found is None else msgspec.json.decode(found, type=Say).parts
    hidden = ctx.is_before_members and any(words.text in ctx.desk.house.for_staff for words in said)
    if not said or hidden:
        return ()
    outbox.take_back(ctx.tx, row)
    return said
