"""Short answers that correct a list by the numbers of its lines: 改 3 阿哲; 3=阿哲, 7 不是; 5 新."""

import re
from typing import Final, Literal

import msgspec

What = Literal["is", "new", "no"]

MOST: Final = 20
LONGEST: Final = 300

_START = re.compile(
    r"\s*(?:改|fix\b|correct\b)?\s*[:：]?\s*(?:第\s*)?\d{1,4}\s*(?:行|條|条)?\s*\D", re.IGNORECASE
)
_ASKED = re.compile(r"\s*(?:改|fix\b|correct\b)\s*[:：]?\s*", re.IGNORECASE)
_PART = re.compile(
    r"(?:第\s*)?(?P<number>\d{1,4})\s*(?:行|條|条)?\s*"
    r"(?:(?P<no>不是|不算|没有|沒有|删掉?|刪掉?|no|not|remove|x|×)"
    r"|[=＝:：→是]?\s*(?P<new>新同学|新同學|新人|新的|新|new)"
    r"|(?P<sign>=|＝|→|->|是|:|：|\bis\b)?\s*(?P<name>(?=.*\D)\S.*?))\s*[。.!！]*",
    re.IGNORECASE,
)


class Correction(msgspec.Struct, frozen=True):
    """What a line is: somebody of this name, somebody new, or nobody who did it."""

    number: int
    what: What
    name: str = ""


def may_be(text: str) -> bool:
    """Whether a text begins like a correction; cheap, for it is asked of every message."""
    return len(text) <= LONGEST and _START.match(text) is not None


def read(text: str) -> tuple[Correction, ...]:
    """The corrections that a text consists of; none for another text.

    A bare name behind a number (3 阿哲) is one only after 改: else it may be talk.
    """
    if len(text) > LONGEST:
        return ()
    asked = _ASKED.match(text)
    rest = text[asked.end() :] if asked is not None else text
    parts = [part for part in re.split(r"\s*[\n,，;；、]\s*", rest.strip()) if part]
    found = [_one(part, asked=asked is not None) for part in parts[: MOST + 1]]
    known = [one for one in found if one is not None]
    return tuple(known) if len(known) == len(found) <= MOST else ()


def _one(part: str, *, asked: bool) -> Correction | None:
    found = _PART.fullmatch(part)
    if found is None:
        return None
    number = int(found["number"])
    if found["no"]:
        return Correction(number, "no")
    if found["new"]:
        return Correction(number, "new")
    return Correction(number, "is", found["name"].strip()) if found["sign"] or asked else None
