import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.names import LONGEST, NAMELESS, shown


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("小林", "小林"),
        ("米粒🌾", "米粒🌾"),
        ("  阿 \n\t哲  ", "阿 哲"),
        ("\u202e林小\u202c", "林小"),
        ("一\u200b一", "一一"),
        ("👨\u200d👩\u200d👧 家", "👨\u200d👩\u200d👧 家"),
        ("\u200b\u200e", NAMELESS),
        ("", NAMELESS),
        ("\ufe0f\u200d", NAMELESS),
        ("\ud83d", NAMELESS),
        ("长" * 500, "长" * LONGEST),
    ],
)
def test_a_name_is_shown_on_one_line_and_as_it_is(name: str, line: str) -> None:
    assert shown(name) == line


@given(st.text())
def test_nothing_invisible_is_left_but_what_joins_emoji(name: str) -> None:
    line = shown(name)
    assert 0 < len(line) <= LONGEST
    assert shown(line) == line
    assert not [one for one in line if unicodedata.category(one).startswith("C") and one != "\u200d"]
