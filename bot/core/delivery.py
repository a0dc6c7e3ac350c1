"""One action on its way: made ready before it is sent, and settled in one transaction afterwards."""

from __future__ import annotations

import asyncio
import logging
import traceback
from typing import TYPE_CHECKING

import msgspec

from bot.core import choices, qr
from bot.core.actions import Answer, AnyAction, Delete, Edit, Fetch, React, Say, Words, written
from bot.core.binding import parted
from bot.core.calling import in_words
from bot.core.context import Context
from bot.core.drawing import spoken
from bot.core.markup import plain
from bot.core.pictures import PictureFailed
from bot.core.platforms import Outgoing
from bot.core.port import Can
from bot.core.workbook import workbook
from rules.facts import Delivered, Undelivered
from storage import inbox, outbox
from storage.failures import StorageFails

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from bot.core.actions import Button
    from bot.core.calling import Called
    from bot.core.desk import Desk
    from bot.core.pictures import Pictures
    from bot.core.platforms import File
    from bot.core.render import Render
    from rules.cards import Label
    from rules.facts import Fact
    from storage.outbox import Outcome
    from storage.rooms import Room

log = logging.getLogger("banzhang.delivery")

LOGIN_CODE = "login"
"""The picture that is the code to be scanned to log a `bot` in; no card."""

LabelledRows = tuple[tuple[tuple[str, "Button"], ...], ...]

ANSWER_CHARACTERS = 200
SHORT = 24
"""Characters: so short a choice is one line."""

GONE = frozenset({"kicked", "not_found"})
NO_REACTIONS = "reaction_invalid"
"""Reasons of Undeliverable that more follows from."""

TOO_LATE = "too_late"
"""Why something was never done: it makes no more sense."""


class Settled(msgspec.Struct, frozen=True):
    """What became of an action, with what its consequences need."""

    outcome: Outcome
    room: int
    action: AnyAction | None


async def _no_code(_bot: str) -> None:
    """Nothing is to be scanned."""


class Ready:
    """Makes actions ready for a platform: rendered in their language, pictures drawn, tables made files."""

    def __init__(self, render: Render, pictures: Pictures) -> None:
        self.render = render
        self.pictures = pictures
        self.draws = True
        """Whether pictures are drawn; where nobody will look at them, their text alone goes out."""
        self.code: Callable[[str], Awaitable[str | None]] = _no_code
        """Tells what is to be scanned to log a bot in: looked up when it is sent, kept in no action."""
        self.called: Mapping[str, Called] = {}
        """By language, the words that commands are called by."""

    async def outgoing(self, action: AnyAction, room: Room, can: Can) -> Outgoing:
        """The action as the platform of the room will carry it out."""
        if isinstance(action, React) and Can.REACT not in can and action.words is not None:
            action = _in_words(action, action.words)
        if isinstance(action, Say):
            html = self.render.joined(action.parts, action.language)
            html, buttons = self._with_buttons(html, action, can)
            return Outgoing(
                action,
                room.native,
                self._called(html, action.language, can),
                buttons,
                await self._draw(action),
                await self._file(action),
            )
        if isinstance(action, Edit):
            html = self.render.text(action.words, action.language)
            html, buttons = self._with_buttons(html, action, can)
            return Outgoing(action, room.native, self._called(html, action.language, can), buttons)
        if isinstance(action, Answer) and action.words is not None:
            text = plain(self.render.text(action.words, action.language))
            return Outgoing(action, room.native, text[:ANSWER_CHARACTERS])
        return Outgoing(action, room.native)

    def _with_buttons(self, html: str, action: Say | Edit, can: Can) -> tuple[str, LabelledRows]:
        """A text and its buttons; where the platform has none, a number for each, below the text."""
        rows = tuple(
            tuple((plain(self.render.text(button.label, action.language)), button) for button in row)
            for row in action.buttons
            if row
        )
        if not rows or Can.BUTTONS in can:
            return html, rows
        return f"{html}\n\n{self.render.text(_numbers(rows), action.language)}", ()

    def _called(self, html: str, language: str, can: Can) -> str:
        """A text whose commands are words where neither a tap nor a menu opens their /names."""
        known = self.called.get(language)
        return html if known is None or can & (Can.BUTTONS | Can.MENU) else in_words(html, known)

    def _label(self, label: Label, language: str) -> str:
        return plain(self.render.text(Words(label.text, label.values), language))

    async def _draw(self, action: Say) -> bytes | None:
        """The picture of an action; the text alone goes out when it cannot be drawn."""
        if action.picture is None or not self.draws:
            return None
        if action.picture.name == LOGIN_CODE:
            code = await self.code(str(action.picture.data["bot"]))
            return None if code is None else qr.png(code)
        try:
            card = action.picture.card(lambda label: self._label(label, action.language))
            return await self.pictures.draw(action.picture.name, card)
        except PictureFailed:
            log.exception("the card %s could not be drawn; its text goes out alone", action.picture.name)
            return None

    async def _file(self, action: Say) -> File | None:
        """The workbook of an action's table, made beside the loop: a large one takes a second."""
        table = action.table
        if table is None or not self.draws:
            return None
        return await asyncio.to_thread(
            lambda: workbook(spoken(table, lambda label: self._label(label, action.language)))
        )


def _numbers(rows: LabelledRows) -> Words:
    """The lines that stand for rows of buttons; few and short ones are one line."""
    sign = _sign([label for row in rows for label, button in row if button.number])
    lines = [" · ".join(_choice(labelled, sign) for labelled in row) for row in rows]
    links = any(button.url for row in rows for _, button in row)
    if sum(map(len, lines)) <= SHORT and not links:
        lines = [" · ".join(lines)]
    asks = any(button.number for row in rows for _, button in row)
    return Words("core.choices", {"lines": lines, "asks": asks})


def _sign(labels: Iterable[str]) -> str:
    """What stands between numbers and labels: an arrow where a label could be taken for a number to reply."""
    return " → " if any(label.lstrip("✓○● ")[:1].isdigit() for label in labels) else " "


def _choice(labelled: tuple[str, Button], sign: str) -> str:
    label, button = labelled
    if button.url:
        return f"{label}: {button.url}"
    return f"{button.number}{sign}{label}" if button.number else label


def settle(desk: Desk, many: Sequence[Settled]) -> None:
    """Keep what became of actions, and do what follows from it."""
    outbox.finish(desk.tx, [_kept(one) for one in many], desk.now)
    for one in many:
        try:
            desk.part(_follow, desk, one)
        except StorageFails:
            raise
        except Exception:
            log.exception("what follows from action %d failed; it is kept as a dead letter", one.outcome.id)
            _bury(desk, one, traceback.format_exc())


def _kept(one: Settled) -> Outcome:
    """The outcome as its row keeps it: what is in somebody's file is told to who asked, and kept nowhere."""
    return msgspec.structs.replace(one.outcome, native=None) if isinstance(one.action, Fetch) else one.outcome


def _follow(desk: Desk, one: Settled) -> None:
    sent = one.outcome.native if one.outcome.state == "sent" else None
    choices.settle(desk, desk.room_by_id(one.room), one.outcome.id, sent)
    if one.outcome.state == "sent" and one.action is not None:
        _delivered(desk, desk.room_by_id(one.room), one.action, one.outcome.native)
    elif one.outcome.state == "expired" and one.action is not None:
        _tell(desk, desk.room_by_id(one.room), one.action, Undelivered, reason=TOO_LATE)
    elif one.outcome.state == "failed":
        room, reason = desk.room_by_id(one.room), one.outcome.outcome or ""
        if one.action is not None:
            _tell(desk, room, one.action, Undelivered, reason=reason)
        if isinstance(one.action, Say):
            _let_vanish(desk, room, one.action, one.action.sent)
        _give_up(desk, room, reason)
        if reason == NO_REACTIONS and isinstance(one.action, React) and one.action.words is not None:
            Context(desk, at=desk.now, room=room).put(room, _in_words(one.action, one.action.words))


def _in_words(action: React, said: Words) -> Say:
    """What stands for a reaction where there can be none."""
    return Say(parts=(said,), language=action.language, reply_to=action.message, mention=action.mention)


def _bury(desk: Desk, one: Settled, trace: str) -> None:
    """Keep what failed by a bug; the action itself stays sent, or it would be sent again and again."""
    room = desk.room_by_id(one.room)
    event = "" if one.action is None else written(one.action)
    key = f"action:{one.outcome.id}"
    inbox.bury(desk.tx, at=desk.now, bot=room.bot, key=key, event=event, trace=trace)


def _delivered(desk: Desk, room: Room, action: AnyAction, native: str | None) -> None:
    """Tell who waits for it, and let vanish what is to."""
    _tell(desk, room, action, Delivered, native=native)
    if isinstance(action, Say) and native is not None:
        _let_vanish(desk, room, action, (*action.sent, native))


def _let_vanish(desk: Desk, room: Room, action: Say, messages: Sequence[str]) -> None:
    """Plan the end of what is to vanish."""
    start = desk.now + action.vanish_after * 1000
    context = Context(desk, at=desk.now, room=room)
    for message in messages if action.vanish_after else ():
        context.put(room, Delete(message=message), not_before=start)


def _tell(desk: Desk, room: Room, action: AnyAction, fact: Callable[..., Fact], **what: str | None) -> None:
    """Tell who waits for an action what became of it."""
    tag, community = parted(action.tag)
    community = room.community if community is None else community
    if tag and community is not None:
        context = Context(desk, at=desk.now, room=room, community=community)
        context.emit(fact(community=community, at=desk.now, room=room.id, tag=tag, **what))


def _give_up(desk: Desk, room: Room, reason: str) -> None:
    """A chat that the bot is out of takes nothing more; a person who blocked it is not written to."""
    if room.is_group and reason in GONE:
        desk.change_room(room, standing="left", rights=())
    elif reason in GONE | {"blocked"}:
        account = desk.with_whom(room)
        if account is not None:
            desk.set_direct(account, "closed")
    else:
        return
    outbox.give_up_room(desk.tx, room.bot, room.id, reason, desk.now)
