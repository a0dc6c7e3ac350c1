"""Small pictures that members send: a page of a notebook, drawn without any library."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

WIDTH, HEIGHT = 320, 220
PAPERS = ((252, 249, 240), (246, 250, 253), (255, 250, 244), (247, 252, 246))
INKS = ((44, 62, 110), (50, 50, 54), (32, 92, 78), (120, 52, 60))
RULE, MARGIN_LINE = (214, 224, 236), (238, 184, 180)
LINE_HEIGHT, MARGIN = 22, 34
PAPER, RULED, MARGINED, INK = range(4)


def notebook_page(chance: random.Random) -> bytes:
    """A page with some lines of handwriting, as PNG."""
    page = [bytearray(WIDTH) for _ in range(HEIGHT)]
    for row in range(LINE_HEIGHT, HEIGHT, LINE_HEIGHT):
        page[row][:] = bytes([RULED]) * WIDTH
    for line in page:
        line[MARGIN] = MARGINED
    for row in range(LINE_HEIGHT, HEIGHT - LINE_HEIGHT * chance.randint(1, 4), LINE_HEIGHT):
        _write(page, row, chance)
    return _png(page, (chance.choice(PAPERS), RULE, MARGIN_LINE, chance.choice(INKS)))


def _write(page: list[bytearray], baseline: int, chance: random.Random) -> None:
    """One line of signs, each a few strokes in a box."""
    left, size = MARGIN + 8, 13
    while left < WIDTH - chance.randint(20, 120):
        if chance.random() > 0.12:
            for _ in range(chance.randint(3, 5)):
                _stroke(page, left, baseline - 3, size, chance)
        left += size + 3


def _stroke(page: list[bytearray], left: int, bottom: int, size: int, chance: random.Random) -> None:
    """A straight stroke, mostly level or upright as in handwriting."""
    x, y = left + chance.randint(0, size // 2), bottom - chance.randint(2, size)
    step_x, step_y = chance.choice(((1, 0), (1, 0), (0, 1), (0, 1), (1, 1), (-1, 1)))
    for _ in range(chance.randint(4, size - 2)):
        if left <= x < left + size and bottom - size <= y <= bottom:
            page[y][x : x + 2] = bytes([INK]) * len(page[y][x : x + 2])
        x, y = x + step_x, y + step_y


def _png(page: list[bytearray], colours: tuple[tuple[int, int, int], ...]) -> bytes:
    header = struct.pack(">2I5B", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    palette = b"".join(bytes(colour) for colour in colours)
    pixels = zlib.compress(b"".join(b"\0" + row for row in page), 9)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
