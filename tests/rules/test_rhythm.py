"""One's usual time, when to remind, and the next time the clock shows it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.budget import USUAL_QUIET, Quiet
from rules.calendar import Calendar, Rule
from rules.rhythm import into_day, next_time, remind_at, usual_time
from tests.stage import instant

FOUR = 4 * 60


@pytest.mark.parametrize(
    ("times", "usual"),
    [
        ([], None),
        ([420, 430], None),
        ([420, 430, 900], 430),
        ([900, 430, 420, 425], 425),
        ([1500, 1380, 1390], 1390),
    ],
)
def test_the_usual_time_is_the_median(times: list[int], usual: int | None) -> None:
    assert usual_time(times) == usual


def test_the_night_belongs_to_the_day_before() -> None:
    assert into_day(1 * 60, FOUR) == 25 * 60
    assert into_day(4 * 60, FOUR) == FOUR


@pytest.mark.parametrize(
    ("usual", "quiet", "at"),
    [
        (7 * 60, USUAL_QUIET, 8 * 60 + 30),
        (20 * 60 + 30, USUAL_QUIET, 22 * 60),
        (21 * 60 + 30, USUAL_QUIET, 22 * 60 + 15),
        (21 * 60 + 50, USUAL_QUIET, None),
        (23 * 60, USUAL_QUIET, None),
        (25 * 60, USUAL_QUIET, None),
        (5 * 60, USUAL_QUIET, 7 * 60 + 30),
        (21 * 60 + 30, Quiet(0, 0), 23 * 60),
        (27 * 60, Quiet(0, 0), None),
        (12 * 60, Quiet(13 * 60, 14 * 60), 14 * 60),
    ],
)
def test_a_reminder_comes_after_the_usual_time_and_never_in_quiet_hours(
    usual: int, quiet: Quiet, at: int | None
) -> None:
    assert remind_at(usual, quiet, FOUR) == at


@given(
    st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"]),
    st.integers(1_700_000_000_000, 1_800_000_000_000),
    st.integers(0, 1439),
)
def test_the_next_time_comes_within_about_a_day(zone: str, after: int, minutes: int) -> None:
    calendar = Calendar((Rule(0, zone, FOUR),))
    at = next_time(calendar, after, minutes)
    assert after < at <= after + 26 * 3_600_000
    assert next_time(calendar, at - 1, minutes) == at


def test_a_time_that_was_just_now_comes_tomorrow() -> None:
    calendar = Calendar((Rule(0, "Asia/Shanghai", FOUR),))
    now = instant("2026-05-04 21:30")
    assert next_time(calendar, now, 21 * 60 + 30) == instant("2026-05-05 21:30")
    assert next_time(calendar, instant("2026-05-05 03:00"), 60) == instant("2026-05-06 01:00")
