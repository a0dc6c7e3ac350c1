"""The small HTML subset in which Banzhang's texts are written."""

from __future__ import annotations

import re

TAGS = frozenset({"b", "i", "u", "s", "code", "a", "blockquote"})
"""What texts may be marked up with; adapters turn it into what their platform knows."""

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)([^<>]*)>")
_ATTRIBUTES = re.compile(r'\s+href="[^"<>]*"')


def complaint(html: str) -> str | None:
    """What keeps a text from being sent as HTML of the subset; None when nothing does."""
    still_open: list[str] = []
    for closing, name, attributes in _TAG.findall(html):
        if name not in TAGS:
            return f"<{name}> is not one of {', '.join(sorted(TAGS))}"
        if attributes and not (name == "a" and not closing and _ATTRIBUTES.fullmatch(attributes)):
            return f"<{name}{attributes}> has more than it may"
        if not closing:
            still_open.append(name)
        elif not still_open or still_open.pop() != name:
            return f"</{name}> closes what is not open"
    if still_open:
        return f"<{still_open[-1]}> is never closed"
    return 'a lone "<" must be written &lt;' if "<" in _TAG.sub("", html) else None


def strange_tags(text: str) -> list[str]:
    """The names of tags in a piece of text that are not of the subset."""
    return list(dict.fromkeys(name for _, name, _ in _TAG.findall(text) if name not in TAGS))


def plain(html: str) -> str:
    """HTML of the small subset as plain text."""
    text = re.sub(r"<[^>]+>", "", html)
    for entity, character in (
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#34;", '"'),
        ("&#39;", "'"),
        ("&quot;", '"'),
        ("&amp;", "&"),
    ):
        text = text.replace(entity, character)
    return text
