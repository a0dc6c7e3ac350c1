"""Codes to be scanned by a phone: as blocks in a terminal, as SVG, as PNG."""

from __future__ import annotations

import io

import segno
from segno.encoder import DataOverflowError

LONGEST = 1_000
"""Characters: a longer text makes squares too small for a phone."""

BORDER = 2
QUIET_ZONE = 4
PIXELS = 10
"""The sides of a square of the PNG."""

WHITE_ON_BLACK = "\x1b[97;40m"
"""Said outright: on a terminal of light ground the code would be its own negative."""
AS_BEFORE = "\x1b[0m"


def fits(text: str) -> bool:
    """Whether a text can be made a code that a phone can read."""
    return 0 < len(text) <= LONGEST and _drawn(text) is not None


def blocks(text: str, columns: int) -> str | None:
    """The code as lines of blocks for a terminal of so many columns; None when it is too narrow."""
    code = _drawn(text)
    if code is None or code.symbol_size(border=BORDER)[0] > columns:
        return None
    out = io.StringIO()
    code.terminal(out, border=BORDER, compact=True)
    return "".join(f"{WHITE_ON_BLACK}{line}{AS_BEFORE}\n" for line in out.getvalue().splitlines())


def svg(text: str) -> bytes:
    """The code as an SVG file, black on white whatever it lies on. ValueError when the text does not fit."""
    return _saved(text, "svg")


def png(text: str) -> bytes:
    """The code as a PNG file. ValueError when the text does not fit."""
    return _saved(text, "png")


def _drawn(text: str) -> segno.QRCode | None:
    try:
        return segno.make_qr(text, error="l")
    except DataOverflowError:
        return None


def _saved(text: str, kind: str) -> bytes:
    code = _drawn(text)
    if code is None:
        raise ValueError("the text is too long for a code")
    out = io.BytesIO()
    code.save(out, kind=kind, scale=PIXELS, border=QUIET_ZONE, dark="#000", light="#fff")
    return out.getvalue()
