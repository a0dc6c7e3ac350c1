"""Days, weeks, months and years."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.days import (
    Day,
    Week,
    from_ordinal,
    gap,
    month_days,
    month_of,
    ordinal,
    shift,
    span,
    valid,
    week_of,
    weekday,
    year_days,
    year_of,
)

DATES = st.dates(date(1900, 1, 1), date(2999, 12, 31))


@given(DATES, st.integers(-20_000, 20_000))
def test_a_day_shifted_there_and_back_is_the_same(found: date, count: int) -> None:
    day = Day(found.isoformat())
    assert shift(shift(day, count), -count) == day
    assert gap(day, shift(day, count)) == count
    assert from_ordinal(ordinal(day)) == day


@given(DATES, DATES)
def test_days_sort_as_text_in_the_order_of_time(one: date, other: date) -> None:
    assert (one.isoformat() < other.isoformat()) == (gap(Day(one.isoformat()), Day(other.isoformat())) > 0)


@given(DATES)
def test_a_week_begins_on_monday_and_holds_its_day(found: date) -> None:
    day = Day(found.isoformat())
    week = week_of(day)
    assert weekday(day) == found.weekday()
    assert weekday(week.first) == 0
    assert gap(week.first, week.last) == 6
    assert week.first <= day <= week.last
    assert week_of(week.last) == week


def test_a_week_at_the_turn_of_the_year_belongs_to_one_year() -> None:
    assert week_of(Day("2026-11-21")) == Week("2026-W47", Day("2026-11-16"), Day("2026-11-22"))
    assert week_of(Day("2027-01-03")).key == "2026-W53"


def test_a_span_holds_both_ends() -> None:
    assert span(Day("2028-02-28"), Day("2028-03-01")) == ["2028-02-28", "2028-02-29", "2028-03-01"]
    assert span(Day("2026-11-21"), Day("2026-11-20")) == []


def test_months_and_years_have_all_their_days() -> None:
    assert month_of(Day("2026-11-21")) == "2026-11"
    assert year_of(Day("2026-11-21")) == 2026
    assert (month_days("2026-12")[0], month_days("2026-12")[-1]) == ("2026-12-01", "2026-12-31")
    assert [len(month_days(f"2028-{number:02d}")) for number in (1, 2, 4)] == [31, 29, 30]
    assert len(year_days(2028)) == 366


@pytest.mark.parametrize("text", ["2026-11-21", "1900-01-01", "2999-12-31", "2028-02-29"])
def test_a_day_is_valid(text: str) -> None:
    assert valid(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "21.11.2026",
        "2026-02-29",
        "20261121",
        "2026-W47-6",
        "2026-1-2",
        "9999-12-31",
        "２０２６-11-21",
        "0001-01-01",
    ],
)
def test_anything_else_is_no_day(text: str) -> None:
    assert not valid(text)


def test_what_is_no_month_is_refused() -> None:
    with pytest.raises(ValueError, match="month must be"):
        month_days("2026-13")
