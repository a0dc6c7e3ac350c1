"""The bot's HTML as a tree of allowed tags, so that the page builds nodes and never parses HTML."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TypeAlias
from urllib.parse import urlsplit

from bot.core.markup import TAGS

Node: TypeAlias = "str | list[Node]"
"""A text, or a list: the tag, the address of a link (else empty), then what is inside."""

DEEPEST = 16


class _Reader(HTMLParser):
    """Keeps allowed tags; of everything else only the text stays."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root: list[Node] = []
        self._open: list[tuple[str, list[Node]]] = []

    def _inside(self) -> list[Node]:
        return self._open[-1][1] if self._open else self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS or len(self._open) >= DEEPEST:
            return
        node: list[Node] = [tag, address(dict(attrs).get("href")) if tag == "a" else ""]
        self._inside().append(node)
        self._open.append((tag, node))

    def handle_endtag(self, tag: str) -> None:
        if any(opened == tag for opened, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._inside().append(data)


def address(link: str | None) -> str:
    """A link's address when it leads to the web; else nothing."""
    try:
        parts = urlsplit(link or "")
    except ValueError:
        return ""
    return link or "" if parts.scheme in {"http", "https"} and parts.netloc else ""


def tree(html: str) -> list[Node]:
    """HTML as a list of nodes that hold only allowed tags."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


def text(html: str) -> str:
    """The text of HTML alone."""

    def of(node: Node) -> str:
        return node if isinstance(node, str) else "".join(of(inner) for inner in node[2:])

    return "".join(of(node) for node in tree(html))
