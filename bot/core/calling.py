"""What commands are called where nothing opens them by a tap: Chinese words in the place of /names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.core.feature import Command, Feature

    Called = Mapping[str, tuple[str, ...]]

SCRIPTS = {"zh-Hans": "gb2312", "zh-Hant": "big5"}
"""A character set that holds the signs of each script, and none that only the other one has."""

_NAME = re.compile(r"( ?)(?<![\w/.<])/([a-z]+)(?![\w/])( ?)")
_EXAMPLE = ("「", "：", "；", "，", "·", "比如", "例如", "<code>", "\n")
"""What stands before a command that is written out, with what follows it, or in a list of commands."""


def words_of(command: Command, language: str) -> tuple[str, ...]:
    """The words of a command in the script of a language, the most usual first; none but for Chinese."""
    script = SCRIPTS.get(language)
    if script is None:
        return ()
    return tuple(word for word in (*command.heard, *command.words) if _is_in(word, script))


def _is_in(word: str, script: str) -> bool:
    try:
        word.encode(script)
    except UnicodeEncodeError:
        return False
    return True


def called(features: Iterable[Feature]) -> dict[str, Called]:
    """By language, the words of each command by its name."""
    commands = [command for feature in features for command in feature.commands]
    return {
        language: {command.name: words_of(command, language) for command in commands} for language in SCRIPTS
    }


def in_words(html: str, known: Called) -> str:
    """A text with each /name as the word for it; one that stands beside its word already is left out."""

    def word(match: re.Match[str]) -> str:
        words = known.get(match[2], ())
        before = html[: match.start()].rstrip(" ")
        if not words:
            return match[0]
        if before.endswith(words):
            return match[3]
        if not before or before.endswith(_EXAMPLE):
            return f"{match[1]}{words[0]}{match[3]}"
        return f"「{words[0]}」"

    return _NAME.sub(word, html)
