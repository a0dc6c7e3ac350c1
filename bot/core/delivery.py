"""An action made ready to be sent: in words, with buttons or numbers, pictures drawn, tables made files."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.core import qr
from bot.core.actions import Answer, AnyAction, Edit, React, Say, Words
from bot.core.calling import in_words
from bot.core.drawing import spoken
from bot.core.markup import plain
from bot.core.pictures import PictureFailed
from bot.core.platforms import Outgoing
from bot.core.port import Can
from bot.core.workbook import workbook

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from bot.core.actions import Button
    from bot.core.calling import Called
    from bot.core.pictures import Pictures
    from bot.core.platforms import File
    from bot.core.render import Render
    from rules.cards import Label
    from storage.rooms import Room

log = logging.getLogger("banzhang.delivery")

LOGIN_CODE = "login"
"""The picture that is the code to be scanned to log a `bot` in; no card."""

LabelledRows = tuple[tuple[tuple[str, "Button"], ...], ...]

ANSWER_CHARACTERS = 200
SHORT = 24
"""Characters: so short a choice is one line."""


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
        if isinstance(action, React) and Can.REACT not in can:
            action = action.said() or action
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
