"""Good manners, kept for every feature: the talk budget, quiet hours, and the ways to reach one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.config import TalkSettings
from bot.core.port import Button, ButtonPressed, Can, Picture, Place, Say, Words
from rules.budget import Quiet, TalkRules, after_quiet, may_nudge, next_line
from storage import manners as rows
from storage import outbox, rooms

if TYPE_CHECKING:
    from bot.core.context import Buttons, Context
    from rules.table import Table
    from storage.people import Account
    from storage.rooms import Room

MINUTE = 60_000
DAY = 86_400_000
VANISH_AFTER = 60
"""Seconds that an answer for one person stays in a room, where there is no other way."""

NOTICE = 10
ANSWERED = ("answered",)
MOST_ANSWERED = 10_000
UNPROMPTED = "core.unprompted"
LETTERS = Words("core.letters")
OPEN_LETTERS = ((Button(Words("core.letters_button"), "letters"),),)
SENT_PRIVATELY = Words("core.sent_privately")


def quiet_hours(settings: TalkSettings) -> Quiet:
    """The quiet hours that the settings say."""
    return Quiet(settings.quiet_from, settings.quiet_until)


def budget(settings: TalkSettings) -> TalkRules:
    """The talk budget that the settings say."""
    return TalkRules(
        settings.lines_a_day,
        settings.minutes_apart,
        settings.nudges_a_day,
        settings.nudges_a_week,
    )


def announce(
    ctx: Context,
    room: Room,
    words: Words,
    *,
    buttons: Buttons,
    picture: Picture | None,
    lives_for: int,
) -> bool:
    """Say something unprompted in a room when its talk budget allows; whether it will be said.

    A line that waits for its time takes plain texts in, so that two of them are one. Nothing can be said in a
    room by hand.
    """
    if room.is_by_hand:
        return False
    settings = ctx.desk.settings(TalkSettings, ctx.community.id, room.id)
    last = ctx.now + lives_for
    waiting = outbox.waiting_on_topic(ctx.tx, room.bot, room.id, UNPROMPTED, after=ctx.now)
    if waiting is not None and waiting["not_before"] <= last and picture is None and not buttons:
        said = msgspec.json.decode(waiting["action"], type=Say)
        joined = msgspec.structs.replace(said, parts=(*said.parts, words))
        outbox.rewrite(ctx.tx, waiting["id"], msgspec.json.encode(joined).decode())
        return True
    at = next_line(
        ctx.calendar,
        rows.talked(ctx.tx, room.id, ctx.now - 2 * DAY),
        ctx.now,
        quiet_hours(settings),
        budget(settings),
    )
    if at is None or at > last:
        return False
    action = Say(
        parts=(words,), language=ctx.language_of(room), buttons=buttons, picture=picture, thread=room.thread
    )
    row = ctx.put(room, action, priority=NOTICE, topic=UNPROMPTED, not_before=at, lives_for=last - at)
    rows.note_talk(ctx.tx, room.id, at, row)
    return True


def may_answer(ctx: Context) -> bool:
    """Whether this person gets one more answer here and now: nobody can make the bot flood a group.

    Leaders and admins, who have work to do, always get theirs.
    """
    if not (ctx.has_account and ctx.room.is_group and ctx.community_id):
        return True
    answered: dict[tuple[int, int], list[int]] = ctx.desk.remember(ANSWERED, dict)
    key = (ctx.room.id, ctx.account.id)
    recent = [at for at in answered.get(key, ()) if at > ctx.now - MINUTE]
    if len(recent) >= ctx.settings(TalkSettings).answers_a_minute and not ctx.rights:
        return False
    if len(answered) >= MOST_ANSWERED:
        answered.clear()
    answered[key] = [*recent, ctx.now]
    return True


def whisper(ctx: Context, words: Words, *, picture: Picture | None, buttons: Buttons) -> None:
    """Answer so that only the one who asked reads it.

    In order: the button's own answer, here when it is private, a direct message, here for a minute.
    """
    if isinstance(ctx.event, ButtonPressed) and picture is None and not buttons and Can.WHISPER in ctx.can:
        ctx.answer(words, alert=True)
    elif not ctx.room.is_group or not ctx.has_account:
        ctx.say(words, picture=picture, buttons=buttons)
    elif tell(ctx, ctx.account, words, picture=picture, buttons=buttons):
        if isinstance(ctx.event, ButtonPressed):
            ctx.answer(SENT_PRIVATELY)
    else:
        vanish = VANISH_AFTER if Can.DELETE in ctx.can else 0
        ctx.say(words, picture=picture, buttons=buttons, vanish_after=vanish)


def tell(
    ctx: Context,
    account: Account,
    words: Words,
    *,
    picture: Picture | None = None,
    table: Table | None = None,
    buttons: Buttons = (),
    tag: str = "",
    not_before: int = 0,
    lives_for: int = DAY,
) -> bool:
    """Write to a person in private; False when the platform does not let the bot."""
    room = way_to(ctx, account)
    if room is None:
        return False
    action = Say(
        parts=(words,),
        language=ctx.language_for(account),
        buttons=buttons,
        picture=picture,
        table=table,
        tag=tag,
    )
    ctx.put(room, action, not_before=not_before, lives_for=lives_for)
    return True


def way_to(ctx: Context, account: Account) -> Room | None:
    """The private chat in which a bot may write to an account; None when the platform lets none."""
    bot = _bot_for(ctx, account)
    return None if account.direct != "open" or bot is None else private_room(ctx, account, bot)


def private_room(ctx: Context, account: Account, bot: str) -> Room:
    """The private chat of a bot with an account."""
    return ctx.desk.room(bot, Place(account.native, "private", account.name))


def _bot_for(ctx: Context, account: Account) -> str | None:
    """The bot that shares a platform with the account: this room's, else that of the member's room."""
    bots = ctx.desk.house.bots
    if ctx.has_room and not ctx.room.is_by_hand and bots[ctx.room.bot].platform == account.platform:
        return ctx.room.bot
    room = None if ctx.community_id is None else rooms.room_of_member(ctx.tx, ctx.community_id, account.id)
    return None if room is None or room.is_by_hand else room.bot


def nudge(
    ctx: Context,
    account: Account,
    feature: str,
    words: Words,
    *,
    picture: Picture | None = None,
    buttons: Buttons,
    lives_for: int = 6 * 60 * MINUTE,
) -> bool:
    """Write to a person unasked, when the nudge budget allows and it is not quiet; whether it was queued.

    Who cannot be written to finds it behind a button in the room, or when they next write in private.
    """
    settings = ctx.settings(TalkSettings)
    at = after_quiet(ctx.calendar, quiet_hours(settings), ctx.now)
    days = [ctx.calendar.day_of(one) for one in rows.nudged(ctx.tx, account.person, ctx.now - 8 * DAY)]
    left = ctx.now + lives_for - at
    if left < 0 or not may_nudge(days, ctx.calendar.day_of(at), budget(settings)):
        return False
    told = tell(ctx, account, words, picture=picture, buttons=buttons, not_before=at, lives_for=left)
    if not told and not _leave_letter(ctx, account, words, lives_for):
        return False
    rows.note_nudge(ctx.tx, account.person, at, feature)
    return True


def slip(ctx: Context, words: Words) -> bool:
    """Tell somebody in passing what the room need not read; whether it will be.

    In a direct message, else behind a button for letters that this day has put in the room anyway.
    """
    if tell(ctx, ctx.account, words):
        return True
    start, end = ctx.calendar.bounds(ctx.today)
    if not rows.has_letters(ctx.tx, ctx.room.id, start):
        return False
    action = msgspec.json.encode(words).decode()
    rows.leave_letter(
        ctx.tx, account=ctx.account.id, room=ctx.room.id, action=action, at=ctx.now, not_after=end
    )
    return True


def _leave_letter(ctx: Context, account: Account, words: Words, lives_for: int) -> bool:
    """Keep a text for somebody who cannot be written to, and put a button in their room that opens it."""
    room = rooms.room_of_member(ctx.tx, ctx.community.id, account.id)
    if room is None or Can.WHISPER not in ctx.can_in(room):
        return False
    action = msgspec.json.encode(words).decode()
    until = ctx.now + lives_for
    start, _ = ctx.calendar.bounds(ctx.today)
    told_today = rows.has_letters(ctx.tx, room.id, start)
    rows.leave_letter(ctx.tx, account=account.id, room=room.id, action=action, at=ctx.now, not_after=until)
    if told_today:
        return True
    announce(ctx, room, LETTERS, buttons=OPEN_LETTERS, picture=None, lives_for=lives_for)
    return True
