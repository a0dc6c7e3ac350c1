"""Near-duplicates and floods, so that saying the same again earns nothing in any language.

A text is seen as its set of pairs of neighbouring characters: no words, no dictionary, so Chinese,
Japanese, emoji and Latin are alike. A fingerprint has a byte for each pair, one of 256, and does not keep the
text; it can be stored and compared later.
"""

import re
import unicodedata
from codecs import utf_16_le_encode
from collections.abc import Collection
from itertools import pairwise
from typing import Final

MOST_PAIRS: Final = 64
"""Pairs looked at of a long text: those of the lowest rank (a bottom-k sketch, Broder 1997)."""

ALIKE: Final = 0.6
"""Texts at least this similar are near-duplicates: of nine characters one may differ."""

LONGEST_READ: Final = 1000
"""Characters of a text that are looked at; the rest is not read."""

_EVERY_NUMBER: Final = bytes(range(256))
# 65536 modulo this prime is 0.618 of it, the golden section, which spreads pairs of neighbouring letters
# evenly, so that those of the lowest rank are a fair choice.
_PRIME: Final = 40507
_WIDE_MARKS: Final = tuple(zip("，！？：；（）～", ",!?:;()~", strict=True))
_FEWEST_PAIRS_PER_SIGN: Final = 0.2
_SHORTEST_ROUND: Final = 24

_SPACES = "\\t-\\r\x1c- \x85\u1680\u2028\u2029"
_NOISE = re.compile(f"[0-9{_SPACES}\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff]")
_SIGN = "\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
_STICKER = re.compile(r"\[[^\[\]]{1,8}\]")
_SIGNS = re.compile(f"[{_SIGN}]")
_THREE_SIGNS = re.compile(
    rf"[^{_SIGN}]*([{_SIGN}])(?:[^{_SIGN}]|\1)*(?!\1)([{_SIGN}])(?:[^{_SIGN}]|\1|\2)*(?!\1|\2)[{_SIGN}]"
)
_WORDS = re.compile(f"[^\\W\\d_ㄅ-ㆿᄀ-ᇿ{_SIGN}]{{2,}}")


def fingerprint(text: str) -> bytes:
    """A text's fingerprint: the numbers of up to 64 pairs, each once; empty when nothing is left to compare.

    Case, width, digits, spaces, stickers and the length of repetitions make no difference. The same text
    gives the same bytes in every process and version.
    """
    return _fingerprint(_folded(text))


def own_fingerprint(text: str) -> bytes | None:
    """The fingerprint of a text; None for a flood, which says next to nothing.

    That is one word or two Chinese signs, laughter, numbers, emoji, stickers, kaomoji, or a phrase over
    and over.
    """
    folded = _folded(text)
    if not _says_something(folded):
        return None
    pairs = _fingerprint(folded)
    seems_round = len(pairs) < _FEWEST_PAIRS_PER_SIGN * len(folded)
    return None if seems_round and _goes_round(folded) else pairs


def _folded(text: str) -> str:
    folded = _normal(text[:LONGEST_READ]).casefold()
    return _STICKER.sub("", folded) if "[" in folded else folded


def _normal(text: str) -> str:
    """The text in normal form NFKC; marks alone, which most Chinese texts have, need no search for forms."""
    if unicodedata.is_normalized("NFKC", text):
        return text
    for wide, usual in _WIDE_MARKS:
        text = text.replace(wide, usual)
    return unicodedata.normalize("NFKC", text)


def _fingerprint(folded: str) -> bytes:
    if not folded.isalpha():
        folded = _NOISE.sub("", folded)
    units = utf_16_le_encode(folded, "surrogatepass")[0]
    if len(units) == 2:
        units += units
    numbers = _numbers(units)
    if len(numbers) > MOST_PAIRS:
        numbers = _fair_choice(units, numbers)
    return _EVERY_NUMBER.translate(None, _EVERY_NUMBER.translate(None, numbers))


def _numbers(units: bytes) -> bytes:
    """The number of each pair of neighbouring UTF-16 units, reckoned for all of them in one large integer.

    There each unit takes 16 bits, and the next one lies above it. The first step puts ten bits of that one
    over the unit; the second folds both into the lowest eight bits, which thus depend on this pair alone.
    """
    mixed = int.from_bytes(units, "little")
    mixed ^= mixed >> 13
    mixed ^= mixed >> 5
    return mixed.to_bytes(len(units), "little")[:-2:2]


def _fair_choice(units: bytes, numbers: bytes) -> bytes:
    """The numbers of the pairs of the lowest rank."""
    pairs = set(zip(units[::2], units[2::2], numbers, strict=False))
    return bytes(number for _, _, number in sorted(pairs, key=_rank)[:MOST_PAIRS])


def _rank(pair: tuple[int, int, int]) -> int:
    return (pair[0] + 65536 * pair[1]) % _PRIME


def too_alike(fresh: bytes, earlier: Collection[bytes]) -> bool:
    """Whether a message nearly repeats one of the earlier ones: a Jaccard index of `ALIKE` or more.

    That is shared numbers by all numbers. A message without any pair repeats nothing. Most share less than
    that of their own with all the earlier ones together, so that none has to be looked at alone.
    """
    if len(fresh) - len(fresh.translate(None, b"".join(earlier))) < ALIKE * len(fresh):
        return False
    for one in earlier:
        only_here = len(fresh.translate(None, one))
        if len(fresh) - only_here >= ALIKE * (len(one) + only_here):
            return fresh != b""
    return False


def _says_something(words: str) -> bool:
    if _THREE_SIGNS.match(words):
        return True
    return len(set(_SIGNS.findall(words))) + 2 * len(set(_WORDS.findall(words))) >= 3


def _goes_round(folded: str) -> bool:
    pairs = set(pairwise(folded))
    return len(folded) >= _SHORTEST_ROUND and len(pairs) < _FEWEST_PAIRS_PER_SIGN * len(folded)
