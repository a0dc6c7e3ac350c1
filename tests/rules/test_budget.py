"""What may be said unasked, and when."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.budget import Quiet, TalkRules, after_quiet, is_quiet, may_nudge, next_line
from rules.calendar import Calendar, Rule
from rules.days import Day, shift
from rules.durations import MINUTE

SHANGHAI = Calendar((Rule(0, "Asia/Shanghai", 240),))
NEW_YORK = Calendar((Rule(0, "America/New_York", 240),))
TODAY = Day("2026-11-21")
NO_QUIET = Quiet(0, 0)


def clock(text: str, day: Day = TODAY) -> int:
    hour, minute = text.split(":")
    return SHANGHAI.at_wall(day, int(hour) * 60 + int(minute))


def shown(at: int | None) -> str | None:
    if at is None:
        return None
    day, minutes = SHANGHAI.wall(at)
    return f"{day[8:]} {minutes // 60:02d}:{minutes % 60:02d}"


@pytest.mark.parametrize(
    ("said", "now", "when"),
    [
        ([], "12:00", "21 12:00"),
        ([], "05:00", "21 07:30"),
        ([], "22:29", "21 22:29"),
        ([], "22:30", "22 07:30"),
        (["11:40"], "12:00", "21 12:10"),
        (["11:30"], "12:00", "21 12:00"),
        (["22:10"], "22:20", "22 07:30"),
        (["08:00", "10:00", "12:00"], "13:00", "21 13:00"),
        (["08:00", "10:00", "12:00", "14:00"], "15:00", None),
        (["08:00", "10:00", "12:00", "14:00"], "23:00", "22 07:30"),
        (["12:20"], "12:00", "21 12:50"),
        (["12:20", "12:55"], "12:00", "21 13:25"),
        (["12:55", "12:20"], "12:00", "21 13:25"),
    ],
)
def test_the_next_line_in_a_room(said: list[str], now: str, when: str | None) -> None:
    assert shown(next_line(SHANGHAI, [clock(line) for line in said], clock(now))) == when


def test_yesterdays_lines_do_not_use_up_today() -> None:
    said = [clock(text, shift(TODAY, -1)) for text in ("09:00", "11:00", "13:00", "21:30")]
    assert shown(next_line(SHANGHAI, said, clock("09:00"))) == "21 09:00"


def test_the_day_of_the_budget_ends_at_four() -> None:
    said = [clock(text) for text in ("00:10", "01:00", "02:00", "03:00")]
    assert next_line(SHANGHAI, said, clock("03:40"), NO_QUIET) is None
    assert shown(next_line(SHANGHAI, said, clock("04:00"), NO_QUIET)) == "21 04:00"


def test_a_room_without_a_budget_hears_nothing() -> None:
    assert next_line(SHANGHAI, [], clock("12:00"), rules=TalkRules(lines_a_day=0)) is None


@pytest.mark.parametrize(
    ("quiet", "at", "until"),
    [
        (Quiet(), "22:30", "22 07:30"),
        (Quiet(), "00:00", "21 07:30"),
        (Quiet(), "07:30", "21 07:30"),
        (Quiet(), "12:00", "21 12:00"),
        (Quiet(12 * 60, 14 * 60), "13:00", "21 14:00"),
        (Quiet(12 * 60, 14 * 60), "14:00", "21 14:00"),
        (NO_QUIET, "00:00", "21 00:00"),
        (Quiet(0, 1440), "05:00", "22 00:00"),
    ],
)
def test_quiet_hours(quiet: Quiet, at: str, until: str) -> None:
    assert shown(after_quiet(SHANGHAI, quiet, clock(at))) == until
    assert is_quiet(SHANGHAI, quiet, clock(at)) == (after_quiet(SHANGHAI, quiet, clock(at)) > clock(at))


def test_the_hour_that_comes_twice_does_not_turn_time_back() -> None:
    second_pass = int(datetime(2026, 11, 1, 6, 10, tzinfo=UTC).timestamp() * 1000)
    assert after_quiet(NEW_YORK, Quiet(22 * 60, 90), second_pass) == second_pass


INSTANTS = st.integers(clock("00:00"), clock("00:00") + 3 * 1440 * MINUTE)


@given(st.lists(INSTANTS, max_size=8), INSTANTS)
def test_a_line_that_is_allowed_keeps_every_rule(said: list[int], now: int) -> None:
    at = next_line(SHANGHAI, said, now)
    if at is None:
        return
    assert at >= now
    assert not is_quiet(SHANGHAI, Quiet(), at)
    assert all(abs(at - line) >= 30 * MINUTE for line in said)
    assert sum(SHANGHAI.day_of(line) == SHANGHAI.day_of(at) for line in said) < 4


@given(st.lists(INSTANTS, max_size=12))
def test_who_always_asks_stays_within_the_budget(asked: list[int]) -> None:
    said: list[int] = []
    for now in sorted(asked):
        at = next_line(SHANGHAI, said, now)
        said += [] if at is None else [at]
    days = [SHANGHAI.day_of(line) for line in said]
    assert all(days.count(day) <= 4 for day in days)


@pytest.mark.parametrize(
    ("days_ago", "allowed"),
    [
        ([], True),
        ([0], False),
        ([1], True),
        ([1, 3], True),
        ([1, 3, 6], False),
        ([1, 3, 7], True),
    ],
)
def test_a_person_is_nudged_once_a_day_and_thrice_a_week(days_ago: list[int], allowed: bool) -> None:
    assert may_nudge([shift(TODAY, -number) for number in days_ago], TODAY) is allowed
