"""Texts read well where there is no markup, and no part is longer than WeChat shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.wechat.markup import LONGEST_TEXT, readable, split


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("记上了，<b>小林</b>。连续 <i>12</i> 天", "记上了，小林。连续 12 天"),
        ("1 &lt; 2 &amp; 3", "1 < 2 & 3"),
        ("试试 <code>/me</code>", "试试 /me"),
        ("<b>今天</b>\n1. 晨读\n2. 背单词", "今天\n1. 晨读\n2. 背单词"),
        (
            '看<a href="https://example.org/?a=1&amp;b=2">这里</a>。',
            "看这里: https://example.org/?a=1&b=2 。",
        ),
        ('<a href="https://example.org">https://example.org</a>', "https://example.org"),
        ('<a href="https://example.org"><b>书单</b></a>\n好', "书单: https://example.org\n好"),
        ('<b><a href="https://example.org">书单</a></b>', "书单: https://example.org"),
        ('<a href="tg://user?id=7">小林</a>来了', "小林来了"),
        ("他说：<blockquote>早</blockquote>", "他说：「早」"),
        ("<blockquote>早\n<b>安</b></blockquote>", "\u3000早\n\u3000安"),
    ],
)
def test_a_text_reads_well_without_markup(html: str, text: str) -> None:
    assert readable(html) == text


def test_a_long_text_is_cut_between_lines() -> None:
    lines = [f"{number}. 同学{number} 读完第三章" for number in range(300)]
    parts = split("\n".join(lines))
    assert len(parts) == 3
    assert [line for part in parts for line in part.split("\n")] == lines


def test_a_long_line_is_cut_at_a_space_near_its_end_else_anywhere() -> None:
    assert split("word " * 500)[0] == ("word " * 400).rstrip()
    assert [len(part) for part in split("好" * 4_500)] == [2_000, 2_000, 500]
    assert [len(part) for part in split("a " + "好" * 2_100)] == [2_000, 102]


@given(st.text(alphabet="a好 \n😀", max_size=400), st.integers(1, 40))
def test_nothing_but_space_is_lost_and_no_part_is_too_long(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(len(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_short_text_stays_whole() -> None:
    text = "好" * LONGEST_TEXT
    assert split(text) == [text]
