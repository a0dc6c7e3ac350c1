"""The languages Banzhang speaks, and which of them fits what a platform says about a person."""

from __future__ import annotations

LOCALES = ("zh-Hans", "zh-Hant", "en")

FALLBACK = {"zh-Hans": ("zh-Hans",), "zh-Hant": ("zh-Hant", "zh-Hans"), "en": ("en", "zh-Hans")}
"""Where a text is looked for, by language."""

TRADITIONAL = ("hant", "tw", "hk", "mo")


def locale_of(tag: str) -> str:
    """The language to speak to somebody whose platform says `tag` (such as zh-TW, en-GB, zh-hans)."""
    parts = tag.lower().replace("_", "-").split("-")
    if parts[0] != "zh":
        return "en"
    return "zh-Hant" if any(part in TRADITIONAL for part in parts[1:]) else "zh-Hans"
