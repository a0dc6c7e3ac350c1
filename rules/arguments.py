"""Reads what people type after a command, and the Chinese words that stand for commands.

Every reader returns a plain value or raises an `ArgumentError`, whatever it is given.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Final

import msgspec

LONGEST_ECHO: Final = 40
"""Characters of a refused argument that its error repeats."""

LONGEST_READ: Final = 200
"""Characters of an argument that readers look at; a longer one is refused."""

_SLASH = re.compile(
    r"[/／](?P<name>[A-Za-z0-9_]{1,64})(?:@(?P<bot>\w{1,64}))?(?:\s+(?P<rest>.*))?\s*", re.DOTALL
)
_WORD = re.compile(
    r"[\s\u200b-\u200f\ufeff]*(?P<word>[^\s:：,，\d!！~～。.\u200b-\u200f\ufeff]{1,16})(?:(?P<rest>[\s:：\d].*)|[!！~～。.\s\ufeff\u200b-\u200f]*)",
    re.DOTALL,
)
_MENTION = re.compile(r"\s*[@＠]([^\s@＠]{1,64})\s+")
_NUMBER = re.compile(r"([+-]?)\s*(\d+|\d{1,3}(?:,\d{3})+)")
_CHINESE_DIGITS: Final = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "兩": 2,
}
_CHINESE_NUMBER = re.compile(r"(?:([一二两兩三四五六七八九]?)十)?([零〇一二两兩三四五六七八九]?)")


class ArgumentError(ValueError):
    """An argument that cannot be read. `given` is its beginning, to be shown to the member."""

    def __init__(self, given: str) -> None:
        """Keeps the beginning of what was given."""
        self.given = given.strip()[:LONGEST_ECHO]
        super().__init__(f"cannot read {self.given!r}")


class MissingArgument(ArgumentError):
    """Nothing was given."""


class NotANumber(ArgumentError):
    """Not a whole number."""


class OutOfBounds(ArgumentError):
    """A number, or a count of days, below `lowest` or above `highest`."""

    def __init__(self, given: str, lowest: int, highest: int) -> None:
        """Keeps the bounds beside what was given."""
        super().__init__(given)
        self.lowest = lowest
        self.highest = highest


class NotADay(ArgumentError):
    """Not a day, or one that no calendar has."""


class NotATime(ArgumentError):
    """Not a time of the day."""


class NotWeekdays(ArgumentError):
    """Not a set of weekdays."""


class NotAZone(ArgumentError):
    """Not a time zone."""


class Command(msgspec.Struct, frozen=True):
    """A command's name, and the rest of the message."""

    name: str
    arguments: str


def split_command(text: str, bot_username: str = "") -> Command | None:
    """Splits "/streak@MyBot 3" into its name, in lower case, and the rest; None for text and other bots.

    `bot_username` has no @; without it every command with a bot's name belongs to another.
    """
    found = _SLASH.fullmatch(text.strip())
    if found is None:
        return None
    if found["bot"] and found["bot"].casefold() != bot_username.casefold():
        return None
    return Command(found["name"].lower(), (found["rest"] or "").strip())


def split_words(text: str, commands: Mapping[str, str]) -> Command | None:
    """Splits 「排行 本周」 by a mapping from lower-case words to command names; None for ordinary talk.

    The word is the whole message, or a space, a colon or a number follows it: never a part of a sentence.
    """
    found = _WORD.fullmatch(text)
    if found is None:
        return None
    name = commands.get(found["word"]) or commands.get(plain(found["word"]))
    return None if name is None else Command(name, (found["rest"] or "").strip(" \t\r\n:：\u3000"))


def after_mention(text: str, names: Collection[str]) -> str:
    """The text without a mention of the bot in front: "@班长 排行" is 「排行」. `names` have no @."""
    found = _MENTION.match(text)
    called = {name.casefold() for name in names}
    return text[found.end() :] if found and found[1].casefold() in called else text


def plain(text: str) -> str:
    """An argument in one width and case, without signs that cannot be seen and with single spaces."""
    visible = re.sub("[\u200b-\u200f\u202a-\u202e\u2060\ufe0e\ufe0f\ufeff]", "", text)
    return " ".join(unicodedata.normalize("NFKC", visible).casefold().split())


def given(text: str, error: type[ArgumentError]) -> str:
    """The plain form of an argument. Raises MissingArgument for nothing, `error` for one too long."""
    if not text.strip():
        raise MissingArgument(text)
    if len(text) > LONGEST_READ:
        raise error(text)
    return plain(text)


def read_number(text: str, lowest: int, highest: int) -> int:
    """A whole number within bounds, in any script's digits or in Chinese words up to 九十九.

    Raises MissingArgument, NotANumber or OutOfBounds.
    """
    words = given(text, NotANumber)
    number = chinese_number(words)
    if number is None:
        number = _digits(words, text)
    if not lowest <= number <= highest:
        raise OutOfBounds(text, lowest, highest)
    return number


def chinese_number(words: str) -> int | None:
    """The value of 零 to 九十九 in Chinese words, or None."""
    found = _CHINESE_NUMBER.fullmatch(words)
    if found is None or not words:
        return None
    tens = 0 if found[1] is None else _CHINESE_DIGITS.get(found[1], 1)
    return 10 * tens + _CHINESE_DIGITS.get(found[2], 0)


def _digits(words: str, text: str) -> int:
    found = _NUMBER.fullmatch(words)
    if found is None:
        raise NotANumber(text)
    number = int(found[2].replace(",", ""))
    return -number if found[1] == "-" else number
