"""Reads what people type after a command.

Every reader returns a plain value or raises an `ArgumentError`, whatever it is given.
"""

import re
import unicodedata
from typing import Final

LONGEST_ECHO: Final = 40
"""Characters of a refused argument that its error repeats."""

LONGEST_READ: Final = 200
"""Characters of an argument that readers look at; a longer one is refused."""

MOST_DIGITS: Final = 15
"""Of a number in a button's data: more than any row has, and fewer than a database refuses."""

COUNT: Final = r"(\d{1,4}|[一二两兩三四五六七八九十]{1,3})"
"""How a small count is written, as a group of a pattern; `count_of` reads it."""

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


def plain(text: str) -> str:
    """An argument in one width and case, without signs that cannot be seen and with single spaces."""
    visible = re.sub("[\u200b-\u200f\u202a-\u202e\u2060\ufe0e\ufe0f\ufeff]", "", text)
    return " ".join(unicodedata.normalize("NFKC", visible).casefold().split())


def said(text: str) -> str:
    """The plain form of an argument without the signs that end a sentence, unless it is nothing else."""
    words = plain(text)
    return words.rstrip(" !~。.,;") or words


def given(text: str, error: type[ArgumentError]) -> str:
    """The plain form of an argument. Raises MissingArgument for nothing, `error` for one too long."""
    if not text.strip():
        raise MissingArgument(text)
    if len(text) > LONGEST_READ:
        raise error(text)
    return said(text)


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


def plain_number(text: str) -> int | None:
    """The number that a button's data says in plain digits; None for anything else, whoever made it up."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


def chinese_number(words: str) -> int | None:
    """The value of 零 to 九十九 in Chinese words, or None."""
    found = _CHINESE_NUMBER.fullmatch(words)
    if found is None or not words:
        return None
    tens = 0 if found[1] is None else _CHINESE_DIGITS.get(found[1], 1)
    return 10 * tens + _CHINESE_DIGITS.get(found[2], 0)


def count_of(words: str) -> int | None:
    """The value of a count in digits or Chinese words; None for words that make no number, such as 三三."""
    return int(words) if words.isdecimal() else chinese_number(words)


def _digits(words: str, text: str) -> int:
    found = _NUMBER.fullmatch(words)
    if found is None:
        raise NotANumber(text)
    number = int(found[2].replace(",", ""))
    return -number if found[1] == "-" else number
