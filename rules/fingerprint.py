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

BYTES: Final = 32
"""The size of a stored fingerprint."""

ALIKE: Final = 0.6
"""Texts at least this similar are near-duplicates: of nine characters one may differ."""

LONGEST_READ: Final = 1000
"""Characters of a text that are looked at; the rest is not read."""

# The pair (a, b) is a + 65536 b. 65536 modulo this prime is 0.618 of it, the golden section, which spreads
# pairs of neighbouring letters evenly, so that the smallest of a long text are a fair choice.
_PRIME: Final = 40507
# 65536 modulo this prime is 25, nearly the number of letters, so that pairs of these take all bits evenly; it
# is the greatest one below the number of bits.
_BITS: Final = tuple(1 << bit for bit in range(251))
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

    Case, width, digits, spaces, stickers and the length of repetitions make no difference. The same text
    gives the same number in every process and version.
    """
    return _fingerprint(_folded(text))


def own_fingerprint(text: str) -> int | None:
    """The fingerprint of a text; None for a flood, which says next to nothing.

    That is one word or two Chinese signs, laughter, numbers, emoji, stickers, kaomoji, or a phrase over
    and over.
    """
    folded = _folded(text)
    if not _says_something(folded):
        return None
    bits = _fingerprint(folded)
    seems_round = bits.bit_count() < _FEWEST_PAIRS_PER_SIGN * len(folded)
    return None if seems_round and _goes_round(folded) else bits


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text[:LONGEST_READ]).casefold()
    return _STICKER.sub("", folded) if "[" in folded else folded


def _fingerprint(folded: str) -> int:
    units = _NOISE.sub("", folded).encode("utf-16-le", "surrogatepass")
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
        bits |= _BITS[pair % 251]
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
    fewest_shared = ALIKE * fresh.bit_count()
    for one in earlier:
        shared = (fresh & one).bit_count()
        if shared >= fewest_shared and shared >= ALIKE * (fresh | one).bit_count():
            return fresh != 0
    return False


def _says_something(words: str) -> bool:
    if _THREE_SIGNS.match(words):
        return True
    return len(set(_SIGNS.findall(words))) + 2 * len(set(_WORDS.findall(words))) >= 3


def _goes_round(folded: str) -> bool:
    pairs = set(pairwise(folded))
    return len(folded) >= _SHORTEST_ROUND and len(pairs) < _FEWEST_PAIRS_PER_SIGN * len(folded)
