"""Near-duplicates and floods, so that saying the same again earns nothing in any language.

A text is seen as its set of pairs of neighbouring characters: no words, no dictionary, so Chinese,
Japanese, emoji and Latin are alike. A fingerprint keeps a number for each pair and not the text; it can
be stored and compared later.
"""

import re
import struct
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

MOST_PAIRS: Final = 64
"""Pairs kept of a long text: the smallest numbers (a bottom-k sketch, Broder 1997), at most 128 bytes."""

ALIKE: Final = 0.6
"""Texts at least this similar are near-duplicates: of nine characters one may differ."""

LONGEST_READ: Final = 1000
"""Characters of a text that are looked at; the rest is not read."""

# The pair (a, b) is a + 65536 b. 65536 modulo this prime is 0.618 of it, the golden section, which spreads
# pairs of neighbouring letters evenly over the 16 bits that are stored.
_PRIME: Final = 40507
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


def pairs_of(text: str) -> set[int]:
    """A text's pairs as numbers of two bytes, up to 64 of them; none when nothing is left to compare.

    Case, width, digits, spaces and the length of repetitions make no difference. The same text gives
    the same numbers in every process and version.
    """
    units = _plain(text).encode("utf-16-le", "surrogatepass")
    if len(units) == 2:
        units += units
    size = len(units)
    even = struct.unpack_from(f"<{size // 4}I", units)
    odd = struct.unpack_from(f"<{(size - 2) // 4}I", units, 2) if size else ()
    pairs = {pair % _PRIME for pair in even + odd}
    return pairs if len(pairs) <= MOST_PAIRS else set(sorted(pairs)[:MOST_PAIRS])


def packed(pairs: set[int]) -> bytes:
    """A fingerprint as it is stored."""
    return struct.pack(f"<{len(pairs)}H", *pairs)


def fingerprint(text: str) -> bytes:
    """A text's fingerprint as it is stored."""
    return packed(pairs_of(text))


def similarity(one: bytes, other: bytes) -> float:
    """The Jaccard index of two fingerprints: shared pairs by all pairs, 0.0 to 1.0 (two empty ones)."""
    if one == other:
        return 1.0
    return _jaccard(set(memoryview(one).cast("H")), other)


def too_alike(fresh: set[int], earlier: Iterable[bytes]) -> bool:
    """Whether a message's pairs nearly repeat an earlier one: a similarity of `ALIKE` or more."""
    shortest, longest = 2 * len(fresh) * ALIKE, 2 * len(fresh) / ALIKE
    return any(shortest <= len(one) <= longest and _jaccard(fresh, one) >= ALIKE for one in earlier)


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


def _jaccard(pairs: set[int], stored: bytes) -> float:
    others = memoryview(stored).cast("H")
    count = len(others)
    if MOST_PAIRS in (len(pairs), count):
        return _jaccard_of_sketches(pairs, set(others))
    shared = len(pairs.intersection(others))
    return shared / ((len(pairs) + count - shared) or 1)


def _jaccard_of_sketches(one: set[int], other: set[int]) -> float:
    """Compares only the numbers that both would have kept: up to the largest one of a full sketch."""
    limit = min(max(sketch) for sketch in (one, other) if len(sketch) == MOST_PAIRS)
    kept, others = ({pair for pair in sketch if pair <= limit} for sketch in (one, other))
    return len(kept & others) / len(kept | others)


def _plain(text: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", text[:LONGEST_READ]).casefold())
