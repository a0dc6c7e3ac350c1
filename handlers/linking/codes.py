"""Codes that are easy to type and hard to guess: six letters and figures that nobody mistakes for others."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 6
MOST_TYPED = 40


def new(chance: random.Random) -> str:
    """A code."""
    return "".join(chance.choice(SIGNS) for _ in range(LENGTH))


def read(typed: str) -> str | None:
    """The code that somebody typed, however wide, small or spaced its signs; None for anything else."""
    plain = unicodedata.normalize("NFKC", typed[:MOST_TYPED]).upper()
    code = "".join(sign for sign in plain if not sign.isspace() and sign not in "-「」“”\"'")
    return code if len(code) == LENGTH and set(code) <= set(SIGNS) else None


def digest(code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(code.encode()).hexdigest()
