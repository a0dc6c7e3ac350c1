"""The bot's HTML becomes a tree that holds allowed tags and text, whatever came in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.markup import TAGS
from web.markup import DEEPEST, Node, address, text, tree

TAG_PIECES = ("<b>", "</b>", "<i>", "</i>", "<a href='https://x.org'>", "</a>", "<blockquote>", "<script>")
ODD_PIECES = (
    "</script>",
    "<img src=x onerror=y>",
    "<",
    ">",
    "&",
    "&lt;b&gt;",
    "<!--",
    "-->",
    "<b",
    "'",
    "文",
)
PIECES = st.sampled_from(TAG_PIECES + ODD_PIECES)


@pytest.mark.parametrize(
    ("html", "nodes"),
    [
        ("好", ["好"]),
        ("a &lt;b&gt; &amp;", ["a <b> &"]),
        ("<b>三</b>天", [["b", "", "三"], "天"]),
        ("<b>三<i>四</i></b>", [["b", "", "三", ["i", "", "四"]]]),
        ('<a href="https://x.org/?a=1&amp;b=2">去</a>', [["a", "https://x.org/?a=1&b=2", "去"]]),
        ('<a href="javascript:alert(1)">去</a>', [["a", "", "去"]]),
        ('<b onclick="x()">三</b>', [["b", "", "三"]]),
        ("<img src=x onerror=y>图", ["图"]),
        ("<b>没关", [["b", "", "没关"]]),
        ("</b>多余", ["多余"]),
        ("<b><i>错</b>位</i>", [["b", "", ["i", "", "错"]], "位"]),
    ],
)
def test_allowed_tags_stay_and_others_go(html: str, nodes: list[Node]) -> None:
    assert tree(html) == nodes


def depth(nodes: list[Node]) -> int:
    return max((1 + depth(node[2:]) for node in nodes if isinstance(node, list)), default=0)


def tags(nodes: list[Node]) -> set[str]:
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, list):
            assert isinstance(node[0], str)
            found |= {node[0]} | tags(node[2:])
    return found


@given(st.lists(PIECES).map("".join))
def test_nothing_else_gets_in(html: str) -> None:
    nodes = tree(html)
    assert tags(nodes) <= TAGS
    assert depth(nodes) <= DEEPEST


@given(st.text())
def test_escaped_text_comes_out_as_it_was(said: str) -> None:
    escaped = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert text(escaped) == said


@pytest.mark.parametrize(
    "link",
    [
        "javascript:x",
        "JaVaScRiPt:x",
        "data:text/html,x",
        "//x.org",
        "/room",
        "http://",
        "https://[",
        "",
        None,
    ],
)
def test_only_addresses_of_the_web_are_links(link: str | None) -> None:
    assert address(link) == ""
