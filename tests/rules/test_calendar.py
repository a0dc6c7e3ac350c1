"""The community's day in several zones, through changes of clocks and of rules."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Calendar, Place, Rule, Window, known_zone
from rules.days import Day, shift
from rules.durations import MINUTE

HOUR = 60 * MINUTE
DAY = 24 * HOUR
ZONES = [
    "Asia/Shanghai",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
    "America/Sao_Paulo",
]
FIRST = 1_262_304_000_000  # 2010
LAST = 1_798_761_600_000  # 2027
STARTS = st.one_of(st.sampled_from([0, 30, 120, 150, 240, 1380, 1439]), st.integers(0, 1439))


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


CLOCK_CHANGES = [
    utc("2026-03-08T07:00"),  # New York
    utc("2026-11-01T06:00"),
    utc("2026-04-04T15:00"),  # Lord Howe
    utc("2026-10-03T15:30"),
    utc("2026-02-15T02:00"),  # Casablanca
    utc("2026-03-22T02:00"),
    utc("2011-12-30T10:00"),  # Apia
    utc("2018-02-18T02:00"),  # Sao Paulo
    utc("2018-11-04T03:00"),
]
INSTANTS = st.one_of(
    st.integers(FIRST, LAST),
    st.builds(int.__add__, st.sampled_from(CLOCK_CHANGES), st.integers(-3 * HOUR, 3 * HOUR)),
    st.builds(int.__add__, st.sampled_from(CLOCK_CHANGES), st.integers(-3 * DAY, 3 * DAY)),
)


def one_zone(zone: str, day_starts_at: int = 240) -> Calendar:
    return Calendar((Rule(0, zone, day_starts_at),))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    changes: list[int] = sorted(draw(st.sets(INSTANTS, max_size=4)))
    if draw(st.booleans()) and changes:
        changes.append(changes[-1] + draw(st.integers(1, 2 * DAY)))
    return Calendar(
        tuple(Rule(since, draw(st.sampled_from(ZONES)), draw(STARTS)) for since in [0, *changes]),
    )


def near(draw: st.DrawFn, calendar: Calendar) -> int:
    """Return an instant that is often near a change of the rules."""
    anywhere = draw(INSTANTS)
    change = draw(st.sampled_from(calendar.rules)).since
    close = change + draw(st.integers(-3 * DAY, 3 * DAY))
    return close if change and draw(st.booleans()) else anywhere


@given(st.data())
def test_every_instant_lies_in_exactly_the_day_that_it_is_told(data: st.DataObject) -> None:
    calendar = data.draw(calendars())
    at = data.draw(st.composite(near)(calendar))
    day = calendar.day_of(at)
    start, end = calendar.bounds(day)
    assert start <= at < end
    assert calendar.day_of(start) == calendar.day_of(end - 1) == day
    assert calendar.bounds(shift(day, 1))[0] == end
    assert calendar.bounds(shift(day, -1))[1] == start


@given(st.data())
def test_days_never_run_back(data: st.DataObject) -> None:
    calendar = data.draw(calendars())
    at = data.draw(st.composite(near)(calendar))
    later = at + data.draw(st.integers(0, 3 * DAY))
    assert calendar.day_of(at) <= calendar.day_of(later)
    fresh = Calendar(calendar.rules)
    assert fresh.day_of(later) == calendar.day_of(later)


@given(st.data())
def test_a_skipped_day_has_no_length_and_is_bridged(data: st.DataObject) -> None:
    calendar = data.draw(calendars())
    change = calendar.rules[-1].since or FIRST
    for offset in range(-2, 4):
        day = shift(calendar.day_of(change), offset)
        start, end = calendar.bounds(day)
        assert start <= end
        assert calendar.bridged(day) == (end - start < 12 * HOUR)
        assert (calendar.day_of(start) == day) == (start < end)


@given(st.sampled_from(ZONES), STARTS, INSTANTS)
def test_without_changes_of_rules_a_day_begins_at_its_wall_time(zone: str, starts: int, at: int) -> None:
    calendar = one_zone(zone, starts)
    day = calendar.day_of(at)
    start = calendar.bounds(day)[0]
    assert start == calendar.instant(day, starts) == calendar.at_wall(day, starts)
    assert calendar.wall(start) >= (day, starts)
    assert all(calendar.wall(start - before * HOUR // 2) != (day, starts) for before in range(1, 5))


def test_a_night_owl_at_three_still_writes_for_yesterday() -> None:
    shanghai = one_zone("Asia/Shanghai")
    assert shanghai.day_of(utc("2026-11-21T19:59:59")) == "2026-11-21"
    assert shanghai.day_of(utc("2026-11-21T20:00:00")) == "2026-11-22"
    assert shanghai.bounds(Day("2026-11-21")) == (utc("2026-11-20T20:00:00"), utc("2026-11-21T20:00:00"))


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/New_York", "2026-03-07", 23),
        ("America/New_York", "2026-10-31", 25),
        ("America/New_York", "2026-06-01", 24),
        ("Australia/Lord_Howe", "2026-10-03", 23.5),
        ("Australia/Lord_Howe", "2026-04-04", 24.5),
        ("Pacific/Apia", "2011-12-29", 24),
        ("Pacific/Apia", "2011-12-30", 0),
    ],
)
def test_a_change_of_clocks_makes_the_day_before_it_longer_or_shorter(
    zone: str, day: str, hours: float
) -> None:
    start, end = one_zone(zone).bounds(Day(day))
    assert end - start == hours * HOUR


def test_midnight_that_the_clock_skips_begins_the_day_at_one() -> None:
    sao_paulo = one_zone("America/Sao_Paulo", 0)
    assert sao_paulo.bounds(Day("2018-11-04"))[0] == utc("2018-11-04T03:00:00")
    assert sao_paulo.local_minutes(utc("2018-11-04T03:00:00")) == 60


def test_a_day_that_starts_in_the_hour_that_the_clock_skips() -> None:
    new_york = one_zone("America/New_York", 150)
    assert new_york.bounds(Day("2026-03-08"))[0] == utc("2026-03-08T07:30")
    assert new_york.day_of(utc("2026-03-08T07:10")) == "2026-03-07"


def test_a_day_that_starts_in_the_hour_that_comes_twice_starts_once() -> None:
    new_york = one_zone("America/New_York", 90)
    assert new_york.bounds(Day("2026-11-01"))[0] == utc("2026-11-01T05:30")
    assert new_york.wall(utc("2026-11-01T06:10")) == ("2026-11-01", 70)
    assert new_york.day_of(utc("2026-11-01T06:10")) == "2026-11-01"


def test_apia_skipped_a_day_and_nobody_missed_it() -> None:
    apia = one_zone("Pacific/Apia")
    assert apia.bridged(Day("2011-12-30"))
    assert not apia.bridged(Day("2011-12-29"))
    assert apia.day_of(apia.bounds(Day("2011-12-30"))[0]) == "2011-12-31"


def test_moving_east_closes_no_day_twice() -> None:
    moved = utc("2026-05-10T16:00:00")
    calendar = Calendar((Rule(0, "America/New_York", 240), Rule(moved, "Asia/Shanghai", 240)))
    assert calendar.day_of(moved - 1) == "2026-05-10"
    assert calendar.day_of(moved) == "2026-05-10"
    assert calendar.bounds(Day("2026-05-10")) == (utc("2026-05-10T08:00:00"), utc("2026-05-10T20:00:00"))


def test_moving_west_makes_a_long_day() -> None:
    moved = utc("2026-05-10T16:00:00")  # midnight in Shanghai, noon in New York
    calendar = Calendar((Rule(0, "Asia/Shanghai", 0), Rule(moved, "America/New_York", 0)))
    assert calendar.day_of(moved - 1) == calendar.day_of(moved) == "2026-05-10"
    assert calendar.bounds(Day("2026-05-10")) == (utc("2026-05-09T16:00:00"), utc("2026-05-11T04:00:00"))


def test_a_day_cut_short_counts_against_nobody() -> None:
    moved = utc("2026-05-10T12:00:00")  # 08:00 in New York, already 02:00 of the 11th on Kiritimati
    calendar = Calendar((Rule(0, "America/New_York", 240), Rule(moved, "Pacific/Kiritimati", 60)))
    assert calendar.bounds(Day("2026-05-10")) == (utc("2026-05-10T08:00:00"), moved)
    assert calendar.bridged(Day("2026-05-10"))
    assert not calendar.bridged(Day("2026-05-11"))


def test_wall_times_of_a_day() -> None:
    shanghai = one_zone("Asia/Shanghai")
    day = Day("2026-11-21")
    assert shanghai.instant(day, 21 * 60 + 30) == utc("2026-11-21T13:30:00")
    assert shanghai.instant(day, 120) == shanghai.instant(day, 26 * 60) == utc("2026-11-21T18:00:00")
    assert shanghai.at_wall(day, 120) == utc("2026-11-20T18:00:00")
    assert shanghai.wall(utc("2026-11-21T18:05:00")) == ("2026-11-22", 125)


def test_a_skipped_wall_time_moves_forward_and_of_two_the_first_is_meant() -> None:
    new_york = one_zone("America/New_York", 0)
    assert new_york.instant(Day("2026-03-08"), 150) == utc("2026-03-08T07:30:00")
    assert new_york.local_minutes(utc("2026-03-08T07:30:00")) == 210
    assert new_york.instant(Day("2026-11-01"), 90) == utc("2026-11-01T05:30:00")


def minutes(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


@pytest.mark.parametrize(
    ("opens", "closes", "day_starts_at", "at", "day", "place"),
    [
        ("06:00", "08:00", "04:00", "2026-11-21T05:59", "2026-11-21", "early"),
        ("06:00", "08:00", "04:00", "2026-11-21T06:00", "2026-11-21", "open"),
        ("06:00", "08:00", "04:00", "2026-11-21T08:00", "2026-11-21", "late"),
        ("06:00", "08:00", "04:00", "2026-11-22T03:59", "2026-11-21", "late"),
        ("22:00", "02:00", "00:00", "2026-11-21T23:00", "2026-11-21", "open"),
        ("22:00", "02:00", "00:00", "2026-11-22T01:59", "2026-11-21", "open"),
        ("22:00", "02:00", "00:00", "2026-11-22T02:00", "2026-11-22", "early"),
        ("22:00", "02:00", "04:00", "2026-11-22T01:59", "2026-11-21", "open"),
        ("22:00", "02:00", "04:00", "2026-11-22T03:00", "2026-11-21", "late"),
        ("22:00", "26:00", "04:00", "2026-11-22T01:59", "2026-11-21", "open"),
        ("22:00", "05:00", "04:00", "2026-11-22T04:30", "2026-11-21", "open"),
        ("01:00", "03:00", "04:00", "2026-11-22T02:00", "2026-11-21", "open"),
        ("03:00", "06:00", "04:00", "2026-11-22T03:30", "2026-11-22", "open"),
        ("03:00", "06:00", "04:00", "2026-11-22T05:00", "2026-11-22", "open"),
        ("00:00", "24:00", "04:00", "2026-11-22T12:00", "2026-11-22", "open"),
        ("05:00", "05:00", "04:00", "2026-11-22T04:30", "2026-11-21", "open"),
    ],
)
def test_a_window_belongs_to_the_day_on_which_it_opened(
    opens: str, closes: str, day_starts_at: str, at: str, day: str, place: Place
) -> None:
    calendar = one_zone("Asia/Shanghai", minutes(day_starts_at))
    window = Window(minutes(opens), minutes(closes))
    instant = utc(at) - 8 * HOUR
    assert calendar.window_day(window, instant) == day
    assert calendar.place(window, Day(day), instant) == place


@given(st.data())
def test_an_open_window_is_found_wherever_one_looks_in_it(data: st.DataObject) -> None:
    calendar = one_zone(data.draw(st.sampled_from(ZONES)), data.draw(STARTS))
    window = Window(data.draw(st.integers(0, 1439)), data.draw(st.integers(0, 1440)))
    day = calendar.day_of(data.draw(INSTANTS))
    opens, closes = calendar.window_bounds(window, day)
    assert opens < closes
    at = data.draw(st.integers(opens, closes - 1))
    found = calendar.window_day(window, at)
    assert calendar.place(window, found, at) == "open" or calendar.bridged(day)
    assert calendar.place(window, day, opens - 1) == "early"
    assert calendar.place(window, day, closes) == "late"


def test_a_window_in_the_hour_that_the_clock_skips_still_opens() -> None:
    new_york = one_zone("America/New_York", 0)
    window = Window(minutes("02:30"), minutes("03:00"))
    assert new_york.window_bounds(window, Day("2026-03-08")) == (
        utc("2026-03-08T07:30:00"),
        utc("2026-03-08T08:00:00"),
    )


def test_a_window_is_found_across_a_skipped_day() -> None:
    apia = one_zone("Pacific/Apia", 30)
    midnight = utc("2011-12-30T10:00")
    assert apia.day_of(midnight) == "2011-12-29"
    assert apia.window_day(Window(0, 1440), midnight) == "2011-12-31"


@pytest.mark.parametrize(("opens", "closes"), [(-1, 60), (1440, 60), (0, 1441), (600, 2881)])
def test_impossible_windows_are_refused(opens: int, closes: int) -> None:
    with pytest.raises(ValueError, match="no daily window"):
        Window(opens, closes)


@pytest.mark.parametrize(
    "rules",
    [
        (),
        (Rule(0, "UTC", 1440),),
        (Rule(0, "UTC", -1),),
        (Rule(0, "UTC", 0), Rule(5, "UTC", 0), Rule(5, "UTC", 0)),
    ],
)
def test_a_history_must_be_in_order(rules: tuple[Rule, ...]) -> None:
    with pytest.raises(ValueError, match="no history"):
        Calendar(rules)


def test_known_zones() -> None:
    assert known_zone("Asia/Shanghai")
    assert not any(known_zone(name) for name in ["Asia/Beijin", "", "../etc/passwd", "Asia", "上海", "a\0b"])
