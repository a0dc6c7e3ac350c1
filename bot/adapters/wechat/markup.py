"""Texts as WeChat shows them: it knows no markup, so what was marked up must read well without."""

from __future__ import annotations

import re
from typing import Final

from bot.core.markup import plain

LONGEST_TEXT: Final = 2_000
"""Characters; WeChat cuts off what is a little longer."""

NEAR_END: Final = LONGEST_TEXT // 10
"""Within so many characters of its end a part is rather cut at a space."""

INDENT: Final = "\u3000"
"""As wide as one Chinese character; WeChat keeps it at the beginning of a line."""

_QUOTE = re.compile(r"<blockquote>(.*?)</blockquote>", re.DOTALL)
_STYLE = re.compile(r"</?(?:b|i|u|s|code)>")
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>(?=(\S?))', re.DOTALL)
_SHOWN = re.compile(r"(?:https?|mailto|weixin):")
_SPACE = re.compile(r"\s(?=\S*\Z)")


def readable(html: str) -> str:
    """A text of the small HTML subset without its markup: links as "text: address", quotations in 「」."""
    return plain(_LINK.sub(_link, _QUOTE.sub(_quotation, _STYLE.sub("", html))))


def _link(match: re.Match[str]) -> str:
    """The address behind its text, set off from what follows; none that only another platform opens."""
    address, text, following = match[1], match[2], match[3]
    if not _SHOWN.match(address):
        return text
    shown = address if plain(text).strip() in {"", plain(address)} else f"{text}: {address}"
    return f"{shown} " if following else shown


def _quotation(match: re.Match[str]) -> str:
    """One line in quotation marks; several lines set in."""
    lines = match[1].strip().split("\n")
    return f"「{lines[0]}」" if len(lines) == 1 else "\n".join(INDENT + line for line in lines)


def split(text: str, limit: int = LONGEST_TEXT) -> list[str]:
    """A text in parts of at most `limit` characters, cut between lines where it can be, else at a space."""
    parts: list[str] = []
    for piece in (piece for line in text.split("\n") for piece in _pieces(line, limit)):
        if parts and len(parts[-1]) + 1 + len(piece) <= limit:
            parts[-1] += "\n" + piece
        else:
            parts.append(piece)
    return parts


def _pieces(line: str, limit: int) -> list[str]:
    pieces: list[str] = []
    while len(line) > limit:
        space = _SPACE.search(line, max(1, limit - NEAR_END), limit)
        end = limit if space is None else space.start()
        pieces.append(line[:end])
        line = line[end:].lstrip()
    return [*pieces, line]
