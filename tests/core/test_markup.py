import pytest

from bot.core.markup import complaint, plain, strange_tags


@pytest.mark.parametrize(
    "html",
    [
        "",
        "早",
        "<b>早</b>",
        '<a href="https://example.org/?a=1&amp;b=2">书</a>',
        "<b><i>x</i></b>",
        "1 &lt; 2",
    ],
)
def test_what_can_be_sent(html: str) -> None:
    assert complaint(html) is None


@pytest.mark.parametrize(
    ("html", "because"),
    [
        ("<div>x</div>", "not one of"),
        ("<b>x", "never closed"),
        ("x</b>", "not open"),
        ("<b><i>x</b></i>", "not open"),
        ('<b class="x">x</b>', "more than it may"),
        ('<a onclick="x()">x</a>', "more than it may"),
        ("1 < 2", "lone"),
        ("<3", "lone"),
    ],
)
def test_what_cannot_be_sent(html: str, because: str) -> None:
    assert because in (complaint(html) or "")


def test_strange_tags_are_named() -> None:
    assert strange_tags("<b>x</b><div><BR>") == ["div", "BR"]


def test_as_plain_text() -> None:
    assert plain("<b>a</b> &lt;b&gt; &amp;lt; &#39;") == "a <b> &lt; '"
