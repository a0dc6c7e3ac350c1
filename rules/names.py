"""Names as they are shown: one line, nothing that reorders or hides what stands beside them."""

import unicodedata
from functools import lru_cache

LONGEST = 64
NAMELESS = "•"
JOINERS = "\u200d\ufe0f"
"""What holds emoji together; without it a family falls apart into its people."""


@lru_cache(maxsize=65_536)
def shown(name: str) -> str:
    """Return a name without control, format and surrogate characters, on one line, of at most 64 characters.

    A name in which nothing can be seen becomes "•".
    """
    spaced = "".join(" " if character.isspace() else character for character in name)
    kept = "".join(one for one in spaced if one in JOINERS or not unicodedata.category(one).startswith("C"))
    line = " ".join(kept.split())[:LONGEST].strip()
    return line if line.strip(JOINERS) else NAMELESS
