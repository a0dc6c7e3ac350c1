"""Texts and buttons as Telegram takes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.core.markup import plain

if TYPE_CHECKING:
    from bot.core.actions import Button

LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024

_TOKEN = re.compile(r"<[^>]+>|&[^;\s]+;|[^<&]|[<&]", re.DOTALL)
_TAG = re.compile(r"<(/?)([a-z]+)[^>]*>")


def size(html: str) -> int:
    """How long Telegram counts a text: UTF-16 code units, without its markup."""
    return len(plain(html).encode("utf-16-le", "surrogatepass")) // 2


def split(html: str, limit: int = LONGEST_TEXT) -> list[str]:
    """A text in parts of at most `limit`, cut between lines where it can be; markup goes on in the next."""
    if size(html) <= limit:
        return [html]
    parts: list[str] = []
    pieces = [piece for line in html.split("\n") for piece in _pieces(line, limit)]
    for piece in pieces:
        if parts and size(parts[-1]) + 1 + size(piece) <= limit:
            parts[-1] += "\n" + piece
        else:
            parts.append(piece)
    return _closed(parts)


def _pieces(line: str, limit: int) -> list[str]:
    """A line in pieces of at most `limit`; no tag and no entity is cut."""
    if size(line) <= limit:
        return [line]
    pieces, length = [""], 0
    for token in _TOKEN.findall(line):
        more = size(token)
        if length + more > limit:
            pieces.append("")
            length = 0
        pieces[-1] += token
        length += more
    return pieces


def _closed(parts: list[str]) -> list[str]:
    """Close the tags that are open at the end of each part, and open them again in the next."""
    whole: list[str] = []
    still_open: list[str] = []
    for part in parts:
        text = "".join(still_open) + part
        still_open = []
        for match in _TAG.finditer(text):
            if match[1]:
                del still_open[-1:]
            else:
                still_open.append(match[0])
        closing = "".join(f"</{_TAG.match(tag)[2]}>" for tag in reversed(still_open))  # type: ignore[index]
        whole.append(text + closing)
    return whole


def keyboard(rows: tuple[tuple[tuple[str, Button], ...], ...]) -> InlineKeyboardMarkup | None:
    """Buttons below a message; None when there are none."""
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(label, button) for label, button in row] for row in rows])


def _button(label: str, button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(label, url=button.url)
    return InlineKeyboardButton(label, callback_data=button.data)
