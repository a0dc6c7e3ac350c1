"""A member's month and year."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.days import Day, month_days, shift, weekday, year_days
from rules.month import COUNTED, Cell, Month, State, Totals, Year, month, next_month, previous_month, year

TODAY = Day("2026-11-21")
STATES = st.dictionaries(
    st.integers(-400, 400).map(lambda number: shift(TODAY, number)),
    st.sampled_from([state for state in State if state not in {State.TODAY, State.FUTURE, State.OUTSIDE}]),
)


def cells(shown: Month | Year) -> dict[Day, Cell]:
    return {cell.day: cell for week in shown.weeks for cell in week}


def in_a_row(first: str, count: int, state: State = State.DONE) -> dict[Day, State]:
    return {shift(Day(first), number): state for number in range(count)}


def test_a_month_is_laid_out_from_monday_to_sunday() -> None:
    shown = month("2026-11", {}, TODAY)
    assert [len(week) for week in shown.weeks] == [7] * 6
    assert shown.weeks[0][0].day == "2026-10-26"
    assert [cell.state for cell in shown.weeks[0]] == [State.OUTSIDE] * 6 + [State.MISSED]
    assert shown.weeks[-1][-1].day == "2026-12-06"


def test_a_day_is_what_happened_on_it() -> None:
    states = {Day("2026-11-20"): State.LATE, Day("2026-11-23"): State.LEAVE}
    found = cells(month("2026-11", states, TODAY, joined=Day("2026-11-18")))
    assert [found[Day(f"2026-11-{number}")].state for number in range(17, 25)] == [
        State.OUTSIDE,
        State.MISSED,
        State.MISSED,
        State.LATE,
        State.TODAY,
        State.FUTURE,
        State.LEAVE,
        State.FUTURE,
    ]
    assert [day for day, cell in found.items() if cell.today] == [TODAY]


def test_today_done_is_done_and_still_today() -> None:
    cell = cells(month("2026-11", {TODAY: State.DONE}, TODAY))[TODAY]
    assert cell == Cell(TODAY, 21, State.DONE, today=True, level=1)


def test_the_sums_of_a_month() -> None:
    states = in_a_row("2026-11-01", 10) | {
        Day("2026-11-11"): State.MADE_UP,
        Day("2026-11-12"): State.LATE,
        Day("2026-11-13"): State.FROZEN,
        Day("2026-11-14"): State.REST,
        Day("2026-11-25"): State.LEAVE,
        Day("2026-10-31"): State.DONE,
    }
    assert month("2026-11", states, TODAY).totals == Totals(
        counted=12, done=10, late=1, made_up=1, leave=1, rest=1, frozen=1, missed=6
    )


def test_the_longer_the_run_the_warmer() -> None:
    found = cells(month("2026-11", in_a_row("2026-10-31", 22), TODAY))
    levels = [found[Day(f"2026-11-{number:02d}")].level for number in (1, 2, 5, 6, 19, 20, 21)]
    assert levels == [1, 2, 2, 3, 3, 4, 4]


def test_a_run_goes_on_over_leave_and_ends_at_a_missed_day() -> None:
    states = in_a_row("2026-11-01", 9) | {Day("2026-11-03"): State.LEAVE, Day("2026-11-06"): State.MISSED}
    found = cells(month("2026-11", states, TODAY))
    assert [found[Day(f"2026-11-0{number}")].level for number in range(1, 10)] == [1, 1, 0, 2, 2, 0, 1, 1, 2]


def test_a_year_knows_where_its_months_begin() -> None:
    shown = year(2026, {}, TODAY)
    assert shown.month_starts[:3] == (0, 4, 8)
    assert len(shown.month_starts) == 12
    for index, week in enumerate(shown.month_starts):
        assert f"2026-{index + 1:02d}-01" in [cell.day for cell in shown.weeks[week]]
    assert len(shown.weeks) == 53


@given(STATES, st.integers(2025, 2027))
def test_a_year_agrees_with_its_months(states: dict[Day, State], number: int) -> None:
    shown = year(number, states, TODAY)
    whole = cells(shown)
    months = [month(f"{number}-{index:02d}", states, TODAY) for index in range(1, 13)]
    for part in months:
        for day, cell in cells(part).items():
            if cell.state != State.OUTSIDE:
                assert whole[day] == cell
    assert shown.totals.counted == sum(part.totals.counted for part in months)
    assert shown.totals.missed == sum(part.totals.missed for part in months)
    assert [cell.day for week in shown.weeks for cell in week if cell.day[:4] == str(number)] == year_days(
        number
    )


@given(STATES, st.sampled_from(["2026-02", "2026-11", "2028-02"]))
def test_every_week_is_whole_and_only_check_ins_are_warm(states: dict[Day, State], key: str) -> None:
    shown = month(key, states, TODAY)
    for week in shown.weeks:
        assert [weekday(cell.day) for cell in week] == list(range(7))
        assert all((cell.level > 0) == (cell.state in COUNTED) for cell in week)
    assert set(month_days(key)) <= set(cells(shown))


def test_leafing_through_months() -> None:
    assert (previous_month("2026-01"), next_month("2026-12")) == ("2025-12", "2027-01")


def test_what_is_no_month_is_refused() -> None:
    with pytest.raises(ValueError, match="month must be"):
        month("2026-00", {}, TODAY)
