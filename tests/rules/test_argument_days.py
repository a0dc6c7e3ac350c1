"""Days, ranges and weekdays as members type them. Today is Wednesday, 29 April 2026."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.argument_days import DayRange, read_day, read_days, read_weekdays
from rules.arguments import MissingArgument, NotADay, NotWeekdays, OutOfBounds
from rules.days import Day

TODAY = Day("2026-04-29")


@pytest.mark.parametrize(
    ("said", "day"),
    [
        *[("今天", "2026-04-29"), ("明天", "2026-04-30"), ("昨天", "2026-04-28"), ("前天", "2026-04-27")],
        *[("后天", "2026-05-01"), ("大後天", "2026-05-02"), ("大前天", "2026-04-26")],
        *[("Today", "2026-04-29"), ("tomorrow", "2026-04-30"), ("YESTERDAY", "2026-04-28")],
        *[("周五", "2026-05-01"), ("週三", "2026-04-29"), ("星期天", "2026-05-03"), ("礼拜二", "2026-05-05")],
        *[
            ("下周一", "2026-05-04"),
            ("上周日", "2026-04-26"),
            ("这周五", "2026-05-01"),
            ("下個星期三", "2026-05-06"),
        ],
        *[
            ("fri", "2026-05-01"),
            ("Friday", "2026-05-01"),
            ("next wed", "2026-05-06"),
            ("last wed", "2026-04-22"),
        ],
        *[("2026-05-01", "2026-05-01"), ("2026/5/1", "2026-05-01"), ("2026年5月1日", "2026-05-01")],
        *[("5-1", "2026-05-01"), ("5月1日", "2026-05-01"), ("5.1", "2026-05-01"), ("４-２８", "2027-04-28")],
        *[("15号", "2026-05-15"), ("31日", "2026-05-31"), ("2-29", "2028-02-29")],
        *[
            ("3天后", "2026-05-02"),
            ("三天前", "2026-04-26"),
            ("in 3 days", "2026-05-02"),
            ("2 days ago", "2026-04-27"),
        ],
    ],
)
def test_days(said: str, day: str) -> None:
    assert read_day(said, TODAY) == day


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("周五", "2026-04-24"),
        ("周三", "2026-04-29"),
        ("5-1", "2025-05-01"),
        ("4-28", "2026-04-28"),
        ("15号", "2026-04-15"),
        ("2-29", "2024-02-29"),
    ],
)
def test_days_gone_by(said: str, day: str) -> None:
    assert read_day(said, TODAY, past=True) == day


@pytest.mark.parametrize(
    "said",
    [
        "0-1",
        "2-30",
        "13月1日",
        "2026-02-30",
        "32号",
        "abc",
        "t",
        "周八",
        "9999-01-01",
        "5",
        "今天好",
        "天" * 300,
    ],
)
def test_what_is_no_day(said: str) -> None:
    with pytest.raises(NotADay):
        read_day(said, TODAY)


def test_nothing_is_missing() -> None:
    with pytest.raises(MissingArgument):
        read_day("", TODAY)


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("今天", "2026-04-29", "2026-04-29"),
        *[("下周", "2026-05-04", "2026-05-10"), ("下個星期", "2026-05-04", "2026-05-10")],
        *[("本周", "2026-04-29", "2026-05-03"), ("this week", "2026-04-29", "2026-05-03")],
        *[("周末", "2026-05-02", "2026-05-03"), ("next weekend", "2026-05-09", "2026-05-10")],
        ("5-1到5-7", "2026-05-01", "2026-05-07"),
        ("5月1日-5月7日", "2026-05-01", "2026-05-07"),
        ("5.1-5.7", "2026-05-01", "2026-05-07"),
        ("5月1日至7日", "2026-05-01", "2026-05-07"),
        ("5-1到7", "2026-05-01", "2026-05-07"),
        ("5-1 - 5-3", "2026-05-01", "2026-05-03"),
        ("2026-05-01..2026-05-03", "2026-05-01", "2026-05-03"),
        ("12-30到1-2", "2026-12-30", "2027-01-02"),
        ("3天", "2026-04-29", "2026-05-01"),
        ("两周", "2026-04-29", "2026-05-12"),
        ("1 week", "2026-04-29", "2026-05-05"),
        ("明天起3天", "2026-04-30", "2026-05-02"),
        ("明天 3天", "2026-04-30", "2026-05-02"),
        ("明天到后天", "2026-04-30", "2026-05-01"),
        ("周一到周五", "2026-05-04", "2026-05-08"),
        ("mon-fri", "2026-05-04", "2026-05-08"),
        ("tomorrow to friday", "2026-04-30", "2026-05-01"),
    ],
)
def test_ranges(said: str, first: str, last: str) -> None:
    assert read_days(said, TODAY) == DayRange(Day(first), Day(last))


@pytest.mark.parametrize(
    "said",
    [
        *["2026-05-07到2026-05-01", "明天到昨天", "0天", "到", "5-1到", "到5-1", "5-1到5-2到5-3", "x 3天"],
        *["三三天", "明天起十十天", "一一天后", "9999-12-31起3天"],
    ],
)
def test_what_is_no_range(said: str) -> None:
    with pytest.raises(NotADay):
        read_days(said, TODAY)


def test_a_range_has_a_longest_length() -> None:
    assert read_days("7天", TODAY, longest=7).last == "2026-05-05"
    with pytest.raises(OutOfBounds) as raised:
        read_days("8天", TODAY, longest=7)
    assert raised.value.highest == 7


@pytest.mark.parametrize(
    ("said", "days"),
    [
        *[
            ("周一到周五", "01234"),
            ("周一至五", "01234"),
            ("mon-fri", "01234"),
            ("1-5", "01234"),
            ("mon to fri", "01234"),
        ],
        *[
            ("工作日", "01234"),
            ("weekdays", "01234"),
            ("周末", "56"),
            ("週末", "56"),
            ("每天", "0123456"),
            ("Daily", "0123456"),
        ],
        *[
            ("一三五", "024"),
            ("周一三五", "024"),
            ("周一、三、五", "024"),
            ("135", "024"),
            ("1,3,5", "024"),
            ("mon,wed,fri", "024"),
        ],
        *[
            ("周日", "6"),
            ("七", "6"),
            ("sundays", "6"),
            ("Tues and Thurs", "13"),
            ("周一,周三和周日", "026"),
            ("周五到周一", "0456"),
        ],
    ],
)
def test_weekdays(said: str, days: str) -> None:
    assert read_weekdays(said) == {int(day) for day in days}


@pytest.mark.parametrize(
    "said", ["周", "八", "0", "8", "t", "xyz", "mon-", "周一到", "mon-xyz", "每天每天", "一" * 300]
)
def test_what_are_no_weekdays(said: str) -> None:
    with pytest.raises(NotWeekdays):
        read_weekdays(said)


PIECES = st.lists(
    st.sampled_from(
        [
            "周",
            "一",
            "日",
            "到",
            "-",
            "5",
            "31",
            "月",
            "天",
            "前",
            "后",
            "起",
            "9999",
            "mon",
            "下",
            " ",
            "今天",
            ".",
            "2026",
            "next ",
            "to",
            "年",
            "个",
        ]
    ),
    max_size=8,
).map("".join)
DAYS = st.dates(date(2001, 1, 1), date(2198, 12, 31)).map(lambda day: Day(day.isoformat()))


@given(st.text(max_size=50) | PIECES, DAYS, st.booleans())
def test_any_words_are_days_or_refused(said: str, today: Day, past: bool) -> None:
    with suppress(MissingArgument, NotADay, OutOfBounds):
        days = read_days(said, today, past=past, longest=50)
        assert date.fromisoformat(days.first) <= date.fromisoformat(days.last)
        assert date.fromisoformat(days.last) - date.fromisoformat(days.first) < timedelta(days=50)


@given(st.text(max_size=50) | PIECES)
def test_any_words_are_weekdays_or_refused(said: str) -> None:
    with suppress(MissingArgument, NotWeekdays):
        assert set() < read_weekdays(said) <= set(range(7))


@given(DAYS, DAYS)
def test_a_written_day_is_read_back(day: Day, today: Day) -> None:
    assert read_day(day, today) == day


@given(DAYS, DAYS)
def test_a_day_without_its_year_is_the_next_one(day: Day, today: Day) -> None:
    found = read_day(day[5:], today)

    assert found >= today
    assert found[5:] == day[5:]
