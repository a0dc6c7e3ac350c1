"""Which days a table is asked for, as people write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.argument_period import LONGEST, TERM, Asked, days_of, read_period
from rules.arguments import ArgumentError, NotADay, OutOfBounds
from rules.days import Day, shift

TODAY = Day("2026-05-14")
"""A Thursday."""


@pytest.mark.parametrize(
    ("text", "period", "rest"),
    [
        ("", "week", ""),
        ("本周", "week", ""),
        ("本週", "week", ""),
        ("这个星期", "week", ""),
        ("week", "week", ""),
        ("This Week", "week", ""),
        ("本周打卡表", "week", ""),
        ("本周的打卡记录", "week", ""),
        ("上周 晨读", "lastweek", "晨读"),
        ("上周晨读打卡表", "lastweek", "晨读"),
        ("晨读 上周", "lastweek", "晨读"),
        ("上个礼拜", "lastweek", ""),
        ("lastweek", "lastweek", ""),
        ("last week reading", "lastweek", "reading"),
        ("本月", "month", ""),
        ("這個月", "month", ""),
        ("当月", "month", ""),
        ("上个月的统计表", "lastmonth", ""),
        ("last month", "lastmonth", ""),
        ("2026-05", "2026-05", ""),
        ("2025/11", "2025-11", ""),
        ("2026年5月", "2026-05", ""),
        ("5月", "2026-05", ""),
        ("12月份 晨读", "2025-12", "晨读"),
        ("5 月", "2026-05", ""),
        ("学期", TERM, ""),
        ("本學期", TERM, ""),
        ("这期晨读", TERM, "晨读"),
        ("term", TERM, ""),
        ("5-1到5-7", "2026-05-01..2026-05-07", ""),
        ("5月1日至5月7日打卡表", "2026-05-01..2026-05-07", ""),
        ("昨天", "2026-05-13..2026-05-13", ""),
        ("上周五", "2026-05-08..2026-05-08", ""),
        ("晨读", "week", "晨读"),
        ("weekly reading", "week", "weekly reading"),
        ("midterm", "week", "midterm"),
        ("期中复习", "week", "期中复习"),
    ],
)
def test_what_is_asked_for(text: str, period: str, rest: str) -> None:
    assert read_period(text, TODAY) == Asked(period, rest)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("week", "2026-05-11", "2026-05-17"),
        ("lastweek", "2026-05-04", "2026-05-10"),
        ("month", "2026-05-01", "2026-05-31"),
        ("lastmonth", "2026-04-01", "2026-04-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-05-01..2026-05-07", "2026-05-01", "2026-05-07"),
    ],
)
def test_the_days_of_a_period(period: str, first: str, last: str) -> None:
    assert days_of(period, TODAY) == (first, last)


@pytest.mark.parametrize(
    "period", ["", TERM, "2026-13", "..", "2026-05-07..2026-05-01", "2026-05-01..x", "week:1"]
)
def test_what_is_no_period_has_no_days(period: str) -> None:
    with pytest.raises(NotADay):
        days_of(period, TODAY)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("2026-13", NotADay),
        ("13月", NotADay),
        ("5-1到5-7 " * 40, NotADay),
        ("2024-01-01到2026-05-01", OutOfBounds),
    ],
)
def test_what_cannot_be_read(text: str, error: type[ArgumentError]) -> None:
    with pytest.raises(error):
        read_period(text, TODAY)


@given(
    st.text(max_size=60) | st.text("本上这周月期学末五0123456789-/.年月日到至天 weekmonthtlas", max_size=20)
)
def test_any_text_is_a_period_of_some_days_or_an_error(text: str) -> None:
    try:
        asked = read_period(text, TODAY)
    except ArgumentError:
        return
    if asked.period != TERM:
        first, last = days_of(asked.period, TODAY)
        assert first <= last < shift(first, LONGEST)
