"""How admins announce a term."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.argument_term import NotATerm, NotStages, read_term
from rules.arguments import ArgumentError, MissingArgument, NotADay, OutOfBounds
from rules.days import Day
from rules.terms import Stage, Term

TODAY = Day("2026-04-28")
THREE = (Stage("入门", 7), Stage("坚持", 14), Stage("收官", 21))


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("21天 通过18 从 5-1 名称 晨读营", Term("晨读营", Day("2026-05-01"), 21, 18)),
        ("21天", Term("", Day("2026-04-29"), 21, 18)),
        ("7天", Term("", Day("2026-04-29"), 7, 6)),
        ("从今天开始 二十一天 至少十八天 叫 Early Birds", Term("Early Birds", TODAY, 21, 18)),
        ("21 days pass 18 from 5/1 name Early Birds", Term("Early Birds", Day("2026-05-01"), 21, 18)),
        ("30 days from next monday", Term("", Day("2026-05-04"), 30, 26)),
        ("21天 从4-20 通過 18", Term("", Day("2026-04-20"), 21, 18)),
        (
            "21天 通过18天 名称：晨读营\n阶段 7 入门, 14 坚持, 21 收官",
            Term("晨读营", Day("2026-04-29"), 21, 18, THREE),
        ),
        ("21天\n阶段：第7天 入门、第14天 坚持、第21天 收官", Term("", Day("2026-04-29"), 21, 18, THREE)),
    ],
)
def test_a_term_as_people_write_it(text: str, term: Term) -> None:
    assert read_term(text, TODAY) == term


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", MissingArgument),
        ("晨读营", NotATerm),
        ("21天 " + "很" * 1000, NotATerm),
        ("1天", OutOfBounds),
        ("9999天", OutOfBounds),
        ("21天 通过22", OutOfBounds),
        ("21天 从 13-45", NotADay),
        ("21天 从 2031-05-01", NotATerm),
        ("21天 从 2025-05-01", NotATerm),
        ("21天\n阶段 14 坚持, 7 入门", NotStages),
        ("21天\n阶段 7 入门, 22 收官", NotStages),
        ("21天\n阶段 入门", NotStages),
        ("21天\n阶段 " + ",".join(f"{n} 段" for n in range(1, 20)), NotStages),
    ],
)
def test_what_is_no_term_says_why(text: str, error: type[ArgumentError]) -> None:
    with pytest.raises(error):
        read_term(text, TODAY)


PIECES = st.sampled_from(
    [
        "21天",
        "通过",
        "18",
        "从",
        "5-1",
        "名称",
        "阶段",
        "7 入门",
        ",",
        "\n",
        "晨读",
        "from",
        "pass",
        "0",
        "-3",
    ]
)


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=12).map(" ".join)))
def test_whatever_is_written_is_a_term_or_refused(text: str) -> None:
    try:
        term = read_term(text, TODAY)
    except ArgumentError:
        return
    assert 2 <= term.days <= 366
    assert 1 <= term.needed <= term.days
