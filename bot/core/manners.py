"""Good manners, kept for every feature: the talk budget, quiet hours, and what one person alone reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.config import TalkSettings
from bot.core import reaching
from bot.core.actions import Say, Words, written
from bot.core.drawing import Picture
from bot.core.events import ButtonPressed
from bot.core.port import Can
from bot.core.priority import NOTICE
from rules.budget import Quiet, TalkRules, next_line
from rules.durations import DAY, HOUR, MINUTE
from storage import manners as rows
from storage import outbox

if TYPE_CHECKING:
    from bot.core.context import Buttons, Context
    from rules.table import Table
    from storage.people import Account
    from storage.rooms import Room

VANISH_AFTER = 60
"""Seconds that an answer for one person stays in a room, where there is no other way."""

GATHER_SLOWEST = 4
"""How many times as long, at most, the pause between lines of nods grows while people go on."""

GATHER_FIRST = 20_000
"""How long (milliseconds) the first nod after a quiet time waits for others."""

ANSWERED = ("answered",)
MOST_ANSWERED = 10_000
UNPROMPTED = "core.unprompted"
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
    last = ctx.now + lives_for
    if picture is None and not buttons and _joined(ctx, room, words, last):
        return True
    settings = ctx.desk.settings(TalkSettings, ctx.community.id, room.id)
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


def _joined(ctx: Context, room: Room, words: Words, last: int) -> bool:
    """Whether a text became a part of the line that waits in a room and is said by then."""
    waiting = outbox.waiting_on_topic(ctx.tx, room.bot, room.id, UNPROMPTED, after=ctx.now)
    if waiting is None or waiting["not_before"] > last:
        return False
    said = msgspec.json.decode(waiting["action"], type=Say)
    longer = msgspec.structs.replace(said, parts=(*said.parts, words))
    outbox.rewrite(ctx.tx, waiting["id"], written(longer))
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


def gathered_at(ctx: Context, line: str, nods: str) -> int:
    """When a nod may be said in a room whose platform has no reactions, UTC milliseconds.

    With all others on the topic `nods`, which become the `line`: soon after a quiet time, then every few
    minutes, and less often the more lines an hour brings.
    """
    if not ctx.room.is_group or ctx.community_id is None:
        return 0
    pause = ctx.settings(TalkSettings).gather_minutes * MINUTE
    if not pause:
        return 0
    bot, room = ctx.room.bot, ctx.room.id
    waiting = outbox.waiting_on_topic(ctx.tx, bot, room, nods, after=ctx.now)
    if waiting is not None:
        return int(waiting["not_before"])
    if any(outbox.waiting_on_topic(ctx.tx, bot, room, topic) is not None for topic in (line, nods)):
        return ctx.now + pause
    last = max(outbox.last_sent(ctx.tx, room, topic) for topic in (line, nods))
    said = sum(outbox.times_sent(ctx.tx, room, topic, ctx.now - HOUR) for topic in (line, nods))
    return max(ctx.now + GATHER_FIRST, last + pause * min(max(said, 1), GATHER_SLOWEST))


def whisper(ctx: Context, words: Words, *, picture: Picture | None, buttons: Buttons) -> None:
    """Answer so that only the one who asked reads it.

    In order: the button's own answer, here when it is private, a direct message, here for a minute.
    """
    if isinstance(ctx.event, ButtonPressed) and picture is None and not buttons and Can.WHISPER in ctx.can:
        ctx.answer(words, alert=True)
    elif not ctx.room.is_group or not ctx.has_account:
        ctx.say(words, picture=picture, buttons=buttons)
    elif tell(ctx, ctx.account, words, picture=picture, buttons=buttons):
        if isinstance(ctx.event, ButtonPressed) and Can.WHISPER in ctx.can:
            ctx.answer(SENT_PRIVATELY)
    else:
        ctx.say(words, picture=picture, buttons=buttons, vanish_after=VANISH_AFTER)


def stays_between(ctx: Context) -> bool:
    """Whether what is whispered now is read by who asked alone, or at least vanishes from the room."""
    if not ctx.room.is_group or Can.DELETE in ctx.can:
        return True
    if isinstance(ctx.event, ButtonPressed) and Can.WHISPER in ctx.can:
        return True
    return ctx.has_account and reaching.way_to(ctx, ctx.account) is not None


def must_befriend(ctx: Context) -> bool:
    """Whether who acts cannot write to the bot in private before they are its contact."""
    return Can.WHISPER not in ctx.can and ctx.has_account and reaching.way_to(ctx, ctx.account) is None


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
    """Write to a person in private; False when no platform lets the bot.

    Who cannot be written to by this account is by another of theirs, but for who acts: an answer comes where
    it was asked.
    """
    acts = ctx.has_account and ctx.account.id == account.id
    room = reaching.way_to(ctx, account) or (None if acts else reaching.way_elsewhere(ctx, account))
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
