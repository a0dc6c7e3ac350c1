"""Which handler a message belongs to: commands by name or word, buttons by prefix."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

import msgspec

from bot.core.feature import Press
from rules.argument_days import DAY_WORD
from rules.arguments import COUNT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.core.context import Context
    from bot.core.feature import Command, Feature, Reader
    from rules.roles import Right

Thing = TypeVar("Thing")


class Found(msgspec.Struct, frozen=True):
    """A command that a text asks for, whose it is, and what stands behind it."""

    feature: str
    command: Command
    arguments: str


class Pressed(msgspec.Struct, frozen=True):
    """The button that was pressed: whose it is, what it does, the right that it takes, and its arguments."""

    feature: str
    run: Callable[[Context, str], None]
    needs: Right | None
    arguments: str = ""


ENDS = r"[\s!！~～。.]*$"
LONGEST = 200
"""A longer text is no command, whatever it begins with."""

SLASH = re.compile(r"/([^\s/@]{1,32})(?:@([A-Za-z0-9_]+))?(?:\s+|$)(.*)", re.DOTALL)


class Router:
    """The tables of all features, ready to be looked up."""

    def __init__(self, features: tuple[Feature, ...]) -> None:
        """Raise ValueError when two features share a command, a word or a button."""
        self.features = features
        self._by_word: dict[str, tuple[str, Command]] = {}
        self._by_slash: dict[str, tuple[str, Command]] = {}
        self._buttons: dict[str, Pressed] = {}
        self._readers: dict[frozenset[str], tuple[Reader, ...]] = {}
        self._anywhere = {prefix for feature in features for prefix in feature.buttons_anywhere}
        for feature in features:
            for command in feature.commands:
                for word in command.words:
                    _put(self._by_word, word.casefold(), (feature.name, command))
                for name in (command.name, *command.words, *command.heard):
                    _put(self._by_slash, name.casefold(), (feature.name, command))
            for prefix, handler in feature.buttons.items():
                _put(self._buttons, prefix, _button(feature.name, handler))
        self._word = {
            letter: _pattern(self._by_word, letter) for letter in {word[0] for word in self._by_word}
        }
        dated = _either(word for word, (_, command) in self._by_word.items() if command.takes_days)
        self._day_first = re.compile(rf"\s*(?P<rest>{DAY_WORD})\s*(?P<word>{dated}){ENDS}")
        day = rf"(?:{DAY_WORD}|{COUNT}天)"
        self._day_last = re.compile(
            rf"\s*(?P<word>{dated})(?P<rest>{day}(?:[\s,，!！~～。.].*)?)$", re.DOTALL
        )
        self.letters = frozenset(self._word) | frozenset("/今明昨后後前大上下本这這周週")
        """With which a text begins that may be a command, behind white space, in lower case."""

    def command(self, text: str, username: str) -> Found | None:
        """The command that a text asks for; one addressed to another bot is none."""
        if text.startswith("/"):
            return self._slash(text, username)
        match = self._words_in(text) if len(text) < LONGEST else None
        if match is None:
            return None
        feature, command = self._by_word[match["word"].casefold()]
        arguments = (match["rest"] or "").strip()
        return Found(feature, command, arguments) if command.takes or not arguments else None

    def _words_in(self, text: str) -> re.Match[str] | None:
        pattern = self._word.get(text.lstrip()[:1].casefold())
        return (pattern and pattern.match(text)) or self._day_last.match(text) or self._day_first.match(text)

    def _slash(self, text: str, username: str) -> Found | None:
        match = SLASH.match(text)
        if match is None or (match[2] and match[2].casefold() != username.casefold()):
            return None
        known = self._by_slash.get(match[1].casefold())
        return None if known is None else Found(*known, match[3].strip())

    def readers(self, off: frozenset[str]) -> tuple[Reader, ...]:
        """Who reads plain messages, where these features are off."""
        if off not in self._readers:
            on = (feature for feature in self.features if feature.name not in off)
            self._readers[off] = tuple(reader for feature in on for reader in feature.readers)
        return self._readers[off]

    def button(self, data: str) -> Pressed | None:
        """What a button's data `prefix:arguments` asks for."""
        prefix, _, arguments = data.partition(":")
        known = self._buttons.get(prefix)
        return None if known is None else msgspec.structs.replace(known, arguments=arguments)

    def works_anywhere(self, data: str) -> bool:
        """Whether this button also works where there is no community."""
        return data.partition(":")[0] in self._anywhere


def _button(feature: str, handler: Callable[[Context, str], None] | Press) -> Pressed:
    if isinstance(handler, Press):
        return Pressed(feature, handler.run, handler.needs)
    return Pressed(feature, handler, None)


def _pattern(words: Iterable[str], letter: str) -> re.Pattern[str]:
    """What reads the words that begin with a letter, and what may stand behind them."""
    word = _either(word for word in words if word[0] == letter)
    return re.compile(
        rf"\s*(?P<word>{word})(?:(?:[\s：:]+|(?=\d))(?P<rest>.*)|{ENDS})$", re.DOTALL | re.IGNORECASE
    )


def _either(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)"


def _put(table: dict[str, Thing], key: str, value: Thing) -> None:
    if key in table:
        raise ValueError(f"two features share {key!r}")
    table[key] = value
