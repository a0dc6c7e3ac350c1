"""Near-duplicates and floods, so that saying the same again earns nothing in any language.

A text is seen as its set of pairs of neighbouring characters: no words, no dictionary, so Chinese,
Japanese, emoji and Latin are alike. A fingerprint has a bit for each pair and does not keep the text; it
can be stored and compared later.
"""

import re
import struct
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

MOST_PAIRS: Final = 64
"""Pairs looked at of a long text: those with the smallest numbers (a bottom-k sketch, Broder 1997)."""

BYTES: Final = 64
"""The size of a stored fingerprint."""

ALIKE: Final = 0.6
"""Texts at least this similar are near-duplicates: of nine characters one may differ."""

LONGEST_READ: Final = 1000
"""Characters of a text that are looked at; the rest is not read."""

# The pair (a, b) is a + 65536 b. 65536 modulo this prime is 0.618 of it, the golden section, which spreads
# pairs of neighbouring letters evenly, so that the smallest of a long text are a fair choice.
_PRIME: Final = 40507
# 65536 modulo this prime is 0.76 of it; it is the greatest one below the number of bits.
_BITS: Final = tuple(1 << bit for bit in range(509))
_FEWEST_PAIRS_PER_SIGN: Final = 0.2
_SHORTEST_ROUND: Final = 24

_NOISE = re.compile("[0-9\\s\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff]+")
_SIGN = "\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
_STICKER = re.compile(r"\[[^\[\]]{1,8}\]")
_SIGNS = re.compile(f"[{_SIGN}]")
_THREE_SIGNS = re.compile(
    rf"[^{_SIGN}]*([{_SIGN}])(?:[^{_SIGN}]|\1)*(?!\1)([{_SIGN}])(?:[^{_SIGN}]|\1|\2)*(?!\1|\2)[{_SIGN}]"
)
_WORDS = re.compile(f"[^\\W\\d_ㄅ-ㆿᄀ-ᇿ{_SIGN}]{{2,}}")


def fingerprint(text: str) -> int:
    """A text's fingerprint: a bit for each of up to 64 pairs; 0 when nothing is left to compare.

    Case, width, digits, spaces and the length of repetitions make no difference. The same text gives
    the same number in every process and version.
    """
    units = _plain(text).encode("utf-16-le", "surrogatepass")
    if len(units) == 2:
        units += units
    size = len(units)
    pairs = struct.unpack_from(f"<{size // 4}I", units)
    if size:
        pairs += struct.unpack_from(f"<{(size - 2) // 4}I", units, 2)
    if len(pairs) > MOST_PAIRS:
        pairs = tuple(sorted(set(pairs), key=_hashed)[:MOST_PAIRS])
    bits = 0
    for pair in pairs:
        bits |= _BITS[pair % 509]
    return bits


def _hashed(pair: int) -> int:
    return pair % _PRIME


def packed(fingerprint: int) -> bytes:
    """A fingerprint as it is stored."""
    return fingerprint.to_bytes(BYTES, "little")


def unpacked(stored: bytes) -> int:
    """A stored fingerprint."""
    return int.from_bytes(stored, "little")


def similarity(one: int, other: int) -> float:
    """The Jaccard index of two fingerprints: shared bits by all bits, 0.0 to 1.0 (two empty ones)."""
    return (one & other).bit_count() / (one | other).bit_count() if one | other else 1.0


def too_alike(fresh: int, earlier: Iterable[int]) -> bool:
    """Whether a message nearly repeats one of the earlier ones: a similarity of `ALIKE` or more.

    A message without any pair repeats nothing.
    """
    return fresh != 0 and any(similarity(fresh, one) >= ALIKE for one in earlier)


def is_flood(text: str) -> bool:
    """Whether a message says next to nothing.

    That is one word or two Chinese signs, laughter, numbers, emoji, stickers, kaomoji, or a phrase over
    and over.
    """
    words = _STICKER.sub("", unicodedata.normalize("NFKC", text[:LONGEST_READ]).casefold())
    return not _says_something(words) or _goes_round(words)


def _says_something(words: str) -> bool:
    if _THREE_SIGNS.match(words):
        return True
    return len(set(_SIGNS.findall(words))) + 2 * len(set(_WORDS.findall(words))) >= 3


def _goes_round(words: str) -> bool:
    fewest = _FEWEST_PAIRS_PER_SIGN * len(words)
    if len(words) < _SHORTEST_ROUND or len(set(words)) > fewest:
        return False
    return len(set(pairwise(words))) < fewest


def _plain(text: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", text[:LONGEST_READ]).casefold())
