"""What the card fonts can draw, how wide it is, and text made drawable: no empty boxes, nothing hidden."""

import struct
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from math import inf
from pathlib import Path

import msgspec

MARK = "•"
"""Stands where no font has a glyph."""
ELLIPSIS = "…"
TEXT_FAMILY = "Noto Sans CJK SC"
EMOJI_FAMILY = "Noto Color Emoji"
RARE_FAMILY = "Noto Sans CJK SC Rare"
"""Hanzi of rare names: like the others, but in a font of their own."""
SCRIPT_FAMILIES = {
    "arabic.ttf": "Noto Sans Arabic",
    "devanagari.ttf": "Noto Sans Devanagari",
    "hebrew.ttf": "Noto Sans Hebrew",
    "rare.otf": RARE_FAMILY,
    "tamil.ttf": "Noto Sans Tamil",
    "thai.ttf": "Noto Sans Thai",
}
FROM_THE_RIGHT = frozenset({"Noto Sans Arabic", "Noto Sans Hebrew"})
EMOJI_SCALE = 0.9
"""Emoji are drawn a little smaller than letters, so that both look the same height."""
LONGEST_TEXT = 600
MOST_MARKS = 3
MOST_SIGNS = 3
JOINER, COLOURED = "\u200d", "\ufe0f"
BLANKS = frozenset("\u115f\u1160\u180e\u2800\u3164\uffa0")
"""Characters that count as letters or signs, but draw nothing."""
SKIN_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
FIRST_FLAG_LETTER, LAST_FLAG_LETTER = 0x1F1E6, 0x1F1FF
NEVER_FIRST = frozenset("，。、；：！？）》」』】”’…·,.;:!?)]}%")


class Piece(msgspec.Struct, frozen=True):
    """What is drawn as one: a character, or an emoji of several. `width` in em.

    `family` is set for scripts whose letters join or stack: their width is that of single letters, a little
    more than what is drawn.
    """

    text: str
    width: float
    emoji: bool = False
    family: str = ""


class Face:
    """A font file's coverage and advance widths, read from its tables.

    https://learn.microsoft.com/typography/opentype/spec/cmap (format 12), hmtx, hhea, head.
    """

    def __init__(self, path: Path) -> None:
        """Read the tables; ValueError if the file has no Unicode cmap of format 12."""
        data = path.read_bytes()
        tables = _tables(data)
        (self._em,) = struct.unpack_from(">H", data, tables["head"] + 18)
        (self._measured,) = struct.unpack_from(">H", data, tables["hhea"] + 34)
        self._advances = struct.unpack_from(f">{self._measured * 2}H", data, tables["hmtx"])[::2]
        self._groups = _groups(data, tables["cmap"])
        self._starts = [start for start, _, _ in self._groups]

    def glyph(self, char: str) -> int:
        """Return the glyph's number; 0 if the font does not have the character."""
        code = ord(char)
        index = bisect_right(self._starts, code) - 1
        if index < 0:
            return 0
        start, end, glyph = self._groups[index]
        return glyph + code - start if code <= end else 0

    def width(self, char: str) -> float:
        """Return the character's advance in em."""
        glyph = min(self.glyph(char), self._measured - 1)
        return float(self._advances[glyph]) / float(self._em)


class Typesetter:
    """Makes text drawable with a text font and an emoji font, measures, shortens and wraps it."""

    def __init__(self, fonts: Path) -> None:
        """Read the fonts and `sequences.txt` (emoji of several characters) of a folder."""
        self._text = Face(fonts / "text.otf")
        self._emoji = Face(fonts / "emoji.ttf")
        self._scripts = {family: Face(fonts / name) for name, family in SCRIPT_FAMILIES.items()}
        lines = (fonts / "sequences.txt").read_text(encoding="ascii").splitlines()
        self._sequences = frozenset("".join(chr(int(code, 16)) for code in line.split()) for line in lines)
        self._longest = max(map(len, self._sequences))
        self._emoji_width = self._emoji.width("🌸") * EMOJI_SCALE

    def pieces(self, text: str) -> list[Piece]:
        """Return what will be drawn for the text: only what the fonts have, at most 600 characters of it."""
        chars = _readable(text[:LONGEST_TEXT])
        found = _few_marks(_single_spaces(_unpiled(self._pieces(chars))))
        if not found and text.strip():
            found = self._letters(MARK)
        return found

    def width(self, text: str, size: float) -> float:
        """Return the drawn width of the text at a font size, in the size's unit."""
        return _width(self.pieces(text)) * size

    def drawable(self, text: str) -> str:
        """Return the text with only what the fonts can draw."""
        return _joined(self.pieces(text))

    def wrap(self, text: str, width: float, size: float) -> list[str]:
        """Return the text as lines of about the same width, none wider than `width`.

        Words stay whole, hanzi may part anywhere but before closing punctuation.
        """
        words = list(_words(self.pieces(text)))
        lines = _lines(words, width / size)
        for percent in range(95, 50, -5):
            narrower = _lines(words, width / size * percent / 100)
            if len(narrower) > len(lines) or max(map(_width, narrower)) * size > width:
                break
            lines = narrower
        return [_joined(line) for line in lines]

    def runs(self, text: str, width: float = inf) -> list[Piece]:
        """Return the text, fitted to a width in em, as runs of one font each."""
        groups = groupby(
            _with_spaces(self._fitted(text, width)), key=lambda piece: (piece.emoji, piece.family)
        )
        parts = ((font, list(group)) for font, group in groups)
        return _going_on([Piece(_joined(part), _width(part), *font) for font, part in parts])

    def _fitted(self, text: str, width: float) -> list[Piece]:
        pieces = self.pieces(text)
        if _width(pieces) <= width:
            return pieces
        dots = self._letters(ELLIPSIS)
        ends = accumulate((piece.width for piece in pieces), initial=_width(dots))
        kept = sum(1 for end in ends if end <= width) - 1
        return [*_trimmed(pieces[: max(kept, 0)]), *dots]

    def _pieces(self, chars: list[tuple[str, bool]]) -> Iterator[Piece]:
        plain = "".join(char for char, _ in chars)
        index = 0
        while index < len(chars):
            length = self._sequence_at(plain, index)
            if length:
                yield Piece(plain[index : index + length], self._emoji_width, emoji=True)
            else:
                yield from self._one(*chars[index])
            index += length or 1

    def _sequence_at(self, plain: str, index: int) -> int:
        for length in range(min(self._longest, len(plain) - index), 1, -1):
            if plain[index : index + length] in self._sequences:
                return length
        return 0

    def _one(self, char: str, coloured: bool) -> list[Piece]:  # noqa: FBT001 - a pair from _readable
        for family, face in self._scripts.items():
            if char != " " and face.glyph(char):
                return [Piece(char, face.width(char), family=family)]
        written = bool(self._text.glyph(char))
        if char == JOINER or _is_sign(char):
            return []
        if self._emoji.glyph(char) and ord(char) > 0x7F and (coloured or not written):
            return self._single_emoji(char)
        return self._letters(char if written else self._alike(char))

    def _single_emoji(self, char: str) -> list[Piece]:
        if FIRST_FLAG_LETTER <= ord(char) <= LAST_FLAG_LETTER:
            return self._letters(chr(ord(char) - FIRST_FLAG_LETTER + ord("A")))
        asked = COLOURED if self._text.glyph(char) else ""
        return [Piece(char + asked, self._emoji_width, emoji=True)]

    def _alike(self, char: str) -> str:
        """Return plain letters that mean the same (𝓐 is A, ž is z), or the mark.

        A sign that belongs on top of a letter is left out: the font would draw it beside the letter.
        """
        parts = unicodedata.normalize("NFKD", char)
        alike = "".join(part for part in parts if self._text.glyph(part) and not _is_sign(part))
        return alike.strip() or MARK

    def _letters(self, text: str) -> list[Piece]:
        return [Piece(char, self._text.width(char)) for char in text]


def _is_sign(char: str) -> bool:
    """Whether a character only adds something to the one before it: an accent, a vowel sign."""
    return unicodedata.category(char).startswith("M")


def _tables(data: bytes) -> dict[str, int]:
    (count,) = struct.unpack_from(">H", data, 4)
    records = (struct.unpack_from(">4s3I", data, 12 + 16 * index) for index in range(count))
    return {tag.decode("ascii"): offset for tag, _, offset, _ in records}


def _groups(data: bytes, cmap: int) -> list[tuple[int, int, int]]:
    """Return (first code, last code, glyph of the first) in order."""
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    for index in range(count):
        (offset,) = struct.unpack_from(">I", data, cmap + 8 + 8 * index)
        (form,) = struct.unpack_from(">H", data, cmap + offset)
        if form == 12:
            (length,) = struct.unpack_from(">I", data, cmap + offset + 12)
            end = cmap + offset + 16 + 12 * length
            return list(struct.iter_unpack(">III", data[cmap + offset + 16 : end]))
    msg = "the font has no character map of format 12"
    raise ValueError(msg)


def _readable(text: str) -> list[tuple[str, bool]]:
    """Return the characters that show, and whether each is wanted in colour."""
    chars: list[tuple[str, bool]] = []
    for char in unicodedata.normalize("NFC", text):
        if char == COLOURED and chars:
            chars[-1] = (chars[-1][0], True)
        else:
            chars.extend((kept, False) for kept in _kept(char))
    return chars


def _kept(char: str) -> str:
    category = unicodedata.category(char)
    if char == JOINER:
        return char
    if category == "Cc" or char.isspace():
        return " "
    if category in {"Cs", "Co"} or char == "\ufffd":
        return MARK
    hidden = category == "Cf" or char in BLANKS or char in SKIN_TONES or 0xFE00 <= ord(char) <= 0xFE0F
    return "" if hidden else char


def _single_spaces(pieces: Iterator[Piece]) -> list[Piece]:
    kept: list[Piece] = []
    for piece in pieces:
        if piece.text != " " or (kept and kept[-1].text != " "):
            kept.append(piece)
    return _trimmed(kept)


def _unpiled(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Yield no more signs around one letter than any language writes: they would reach other lines."""
    piled = 0
    for piece in pieces:
        piled = piled + 1 if unicodedata.category(piece.text[0]) == "Mn" else 0
        if piled <= MOST_SIGNS:
            yield piece


def _few_marks(pieces: list[Piece]) -> list[Piece]:
    kept: list[Piece] = []
    for text, group in groupby(pieces, key=lambda piece: piece.text):
        same = list(group)
        kept.extend(same[:MOST_MARKS] if text == MARK else same)
    return kept


def _trimmed(pieces: list[Piece]) -> list[Piece]:
    return pieces[:-1] if pieces and pieces[-1].text == " " else pieces


def _with_spaces(pieces: list[Piece]) -> list[Piece]:
    """Spaces between words of one script belong to it: from right to left, its words stand in their order."""
    kept = list(pieces)
    for index in range(1, len(kept) - 1):
        before, after = kept[index - 1].family, kept[index + 1].family
        if kept[index].text == " " and before == after:
            kept[index] = msgspec.structs.replace(kept[index], family=before)
    return kept


def _going_on(runs: list[Piece]) -> list[Piece]:
    """What was cut within words from right to left goes on at their left."""
    if len(runs) > 1 and runs[-1].text == ELLIPSIS and runs[-2].family in FROM_THE_RIGHT:
        runs[-2:] = reversed(runs[-2:])
    return runs


def _width(pieces: Sequence[Piece]) -> float:
    return sum(piece.width for piece in pieces)


def _words(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """Yield what must stay on one line: a Latin word with the space before it, or a hanzi with its comma."""
    word: list[Piece] = []
    for piece in pieces:
        joins = _in_word(piece) and word and _in_word(word[-1])
        if word and not joins and piece.text not in NEVER_FIRST and word[-1].text != " ":
            yield word
            word = []
        word.append(piece)
    if word:
        yield word


def _lines(words: list[list[Piece]], width: float) -> list[list[Piece]]:
    lines: list[list[Piece]] = [[]]
    for word in words:
        if lines[-1] and _width(_trimmed([*lines[-1], *word])) > width:
            lines.append([])
        lines[-1].extend(word if lines[-1] or word[0].text != " " else word[1:])
    return [_trimmed(line) for line in lines]


def _in_word(piece: Piece) -> bool:
    if piece.family:
        return piece.family != RARE_FAMILY
    return not piece.emoji and piece.text.isalnum() and piece.width < 1


def _joined(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)
