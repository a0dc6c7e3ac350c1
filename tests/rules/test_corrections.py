"""Short answers that correct a list, and talk that does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.corrections import MOST, Correction, may_be, read

LIN = Correction(3, "is", "阿哲")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3=阿哲", [LIN]),
        ("3＝阿哲", [LIN]),
        ("3 = 阿哲。", [LIN]),
        ("3：阿哲", [LIN]),
        ("改 3 阿哲", [LIN]),
        ("改3阿哲", [LIN]),
        ("改：3 阿哲", [LIN]),
        ("第3行是阿哲", [LIN]),
        ("3 → 阿哲", [LIN]),
        ("fix 3 Ravi", [Correction(3, "is", "Ravi")]),
        ("3 is Ravi K", [Correction(3, "is", "Ravi K")]),
        ("3=@xiaolin", [Correction(3, "is", "@xiaolin")]),
        ("3 不是", [Correction(3, "no")]),
        ("3不算", [Correction(3, "no")]),
        ("3 no", [Correction(3, "no")]),
        ("3 新同学", [Correction(3, "new")]),
        ("3 是新同学", [Correction(3, "new")]),
        ("3 新", [Correction(3, "new")]),
        ("3 new", [Correction(3, "new")]),
        ("3=阿哲，7 不是；9 新", [LIN, Correction(7, "no"), Correction(9, "new")]),
        ("改 3 阿哲\n4 米粒", [LIN, Correction(4, "is", "米粒")]),
        ("3 阿哲", []),
        ("3 个人请假", []),
        ("3点开会", []),
        ("3=阿哲，明天见", []),
        ("改天再说", []),
        ("12:30", []),
        ("", []),
        ("阿哲=3", []),
        ("3=", []),
    ],
)
def test_what_an_answer_says(text: str, found: list[Correction]) -> None:
    assert list(read(text)) == found
    assert may_be(text) or not found


def test_too_many_are_none() -> None:
    assert len(read("，".join(f"{number}=阿哲" for number in range(1, MOST + 1)))) == MOST
    assert read("，".join(f"{number}=阿" for number in range(1, MOST + 2))) == ()
    assert read("3=" + "长" * 400) == ()


@given(st.text(max_size=320))
def test_any_text_is_read(text: str) -> None:
    for one in read(text):
        assert one.what != "is" or one.name
