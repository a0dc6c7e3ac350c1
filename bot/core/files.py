"""Small files that members send: their bytes as text."""

from __future__ import annotations

import codecs
import re
from typing import Final

from bot.core.errors import Undeliverable

MOST_BYTES: Final = 256 * 1024
"""A larger file is no list that somebody wrote; adapters ask for none."""

_WITH_MARK: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BARE: Final = ("utf-8", "gb18030")
"""What text is written in that does not say so: gb18030 is what Chinese spreadsheets export."""

_NEVER_IN_TEXT: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def text_of(content: bytes) -> str:
    """The text of a file, its lines ended by newlines.

    Raises Undeliverable: `too_large` beyond MOST_BYTES, `not_text` for pictures, archives and the like.
    """
    if len(content) > MOST_BYTES:
        raise Undeliverable("too_large", f"{len(content)} bytes")
    marked = next((name for mark, name in _WITH_MARK if content.startswith(mark)), None)
    for encoding in _BARE if marked is None else (marked,):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _NEVER_IN_TEXT.search(text) is None:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise Undeliverable("not_text")
