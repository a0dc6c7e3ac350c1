"""Numbers in place of buttons: which number a text says, or asks for, and which ones a new menu gets."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

LARGEST = 99
LONGEST = 10
"""Characters: a longer text says more than a number."""

_KEYCAP = str.maketrans("", "", "\ufe0f\u20e3")
_BARE = re.compile(r"(?:[选選]\s*)?\(?([0-9]{1,2})\)?\s*[.。,、!)]?")

_ALOUD = re.compile(
    r"[扣刷敲]\s*[个個]?\s*([0-9０-９]{1,2})(?!\s*[0-9０-９个個分道题題套页頁遍次章节節组組张張篇集本天小点點词詞])"
)


def chosen(text: str) -> int | None:
    """The number that is all a text says ("1", "1.", "①", "１", "选1"), 1 to 99; None for any other text."""
    if len(text) > LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", text).translate(_KEYCAP)
    match = _BARE.fullmatch(plain.strip())
    return None if match is None else int(match[1]) or None


def asked_aloud(text: str) -> set[int]:
    """The numbers that a text asks all who read it to say ("听懂的扣1，没懂扣2"), 1 to 99.

    What is counted is no such number: 刷2道题, 扣2分.
    """
    return {number for said in _ALOUD.findall(text) if (number := int(said))}


def free_numbers(taken: Collection[int], count: int) -> range | None:
    """The numbers of a menu of `count`: behind those taken, else the first that fit; None when none do."""
    after = max(taken, default=0) + 1
    starts = (after, *range(1, LARGEST + 1))
    for start in starts:
        block = range(start, start + count)
        if block[-1] <= LARGEST and not any(number in taken for number in block):
            return block
    return None
