"""Times of the day, windows and time zones as members and admins type them."""

from contextlib import suppress
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.argument_times import read_time, read_window, read_zone
from rules.arguments import MissingArgument, NotATime, NotAZone
from rules.calendar import Window

ZONES = frozenset(available_timezones())


@pytest.mark.parametrize(
    ("said", "hour", "minute"),
    [
        *[
            ("7:30", 7, 30),
            ("07：30", 7, 30),
            ("7.30", 7, 30),
            ("１９：３０", 19, 30),
            ("0:00", 0, 0),
            ("24:00", 0, 0),
        ],
        *[
            ("23点", 23, 0),
            ("7點", 7, 0),
            ("7点一刻", 7, 15),
            ("七点半", 7, 30),
            ("7点三刻", 7, 45),
            ("二十三点", 23, 0),
            ("8点05分", 8, 5),
        ],
        *[
            ("晚上10点半", 22, 30),
            ("早上七点", 7, 0),
            ("下午3点20分", 15, 20),
            ("凌晨1点", 1, 0),
            ("晚上12点", 0, 0),
        ],
        *[
            ("晚上1点", 1, 0),
            ("中午12点", 12, 0),
            ("中午1点", 13, 0),
            ("上午12点", 12, 0),
            ("凌晨12点", 0, 0),
            ("下午12点", 12, 0),
        ],
        *[
            ("7:30pm", 19, 30),
            ("7pm", 19, 0),
            ("12am", 0, 0),
            ("12 PM", 12, 0),
            ("7 a.m.", 7, 0),
            ("noon", 12, 0),
            ("午夜", 0, 0),
        ],
    ],
)
def test_times(said: str, hour: int, minute: int) -> None:
    assert read_time(said) == hour * 60 + minute


@pytest.mark.parametrize(
    "said",
    [
        "7",
        "25点",
        "23:60",
        "24:01",
        "7:3",
        "13pm",
        "0am",
        "点",
        "早上",
        "-1:00",
        "十十点",
        "7:30:00",
        "9" * 300,
    ],
)
def test_what_is_no_time(said: str) -> None:
    with pytest.raises(NotATime):
        read_time(said)


def test_nothing_is_missing() -> None:
    with pytest.raises(MissingArgument):
        read_time(" ")


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ("22:00-02:00", 22 * 60, 2 * 60),
        ("早上6点到8点半", 6 * 60, 8 * 60 + 30),
        ("9pm to 11pm", 21 * 60, 23 * 60),
        ("06:00 – 08:00", 6 * 60, 8 * 60),
        ("18:00~24:00", 18 * 60, 0),
        ("晚上8点到10点", 20 * 60, 22 * 60),
        ("晚上8:30-10:00", 20 * 60 + 30, 22 * 60),
        ("晚上8到10点半", 20 * 60, 22 * 60 + 30),
        ("下午三点到五点", 15 * 60, 17 * 60),
        ("晚上11点到7点", 23 * 60, 7 * 60),
        ("晚上10点到2点", 22 * 60, 2 * 60),
        ("晚上8点到早上6点", 20 * 60, 6 * 60),
        ("晚上8点到23点", 20 * 60, 23 * 60),
        ("早上9点到17点", 9 * 60, 17 * 60),
        ("5-8點", 5 * 60, 8 * 60),
        ("5-8am", 5 * 60, 8 * 60),
        ("8-10 pm", 20 * 60, 22 * 60),
        ("全天", 0, 0),
    ],
)
def test_windows(said: str, start: int, end: int) -> None:
    assert read_window(said) == Window(start, end)


@pytest.mark.parametrize("said", ["22:00", "22-2", "-", "6:00-", "6:00-7:00-8:00", "早到晚"])
def test_what_is_no_window(said: str) -> None:
    with pytest.raises(NotATime):
        read_window(said)


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        *[
            ("Asia/Shanghai", "Asia/Shanghai"),
            ("asia/shanghai", "Asia/Shanghai"),
            ("New York", "America/New_York"),
        ],
        *[
            ("america/new york", "America/New_York"),
            ("Shanghai", "Asia/Shanghai"),
            ("Etc/GMT-8", "Etc/GMT-8"),
        ],
        *[
            ("北京时间", "Asia/Shanghai"),
            ("台北時間", "Asia/Taipei"),
            ("东京", "Asia/Tokyo"),
            ("pacific time", "America/Los_Angeles"),
        ],
        *[
            ("UTC+8", "Asia/Shanghai"),
            ("gmt+08:00", "Asia/Shanghai"),
            ("东八区", "Asia/Shanghai"),
            ("+8", "Asia/Shanghai"),
        ],
        *[
            ("UTC-5", "Etc/GMT+5"),
            ("西五区", "Etc/GMT+5"),
            ("UTC+1", "Etc/GMT-1"),
            ("utc+0", "UTC"),
            ("UTC", "UTC"),
        ],
        *[("GMT+5:30", "Asia/Kolkata"), ("UTC+5:45", "Asia/Kathmandu")],
    ],
)
def test_zones(said: str, zone: str) -> None:
    assert read_zone(said, ZONES) == zone


@pytest.mark.parametrize(
    "said", ["mars", "UTC+15", "UTC-5:30", "UTC+99", "../etc/passwd", "/", "东百区", "x" * 300]
)
def test_what_is_no_zone(said: str) -> None:
    with pytest.raises(NotAZone):
        read_zone(said, ZONES)


def test_only_the_zones_given_count() -> None:
    with pytest.raises(NotAZone):
        read_zone("北京时间", {"UTC"})


PIECES = st.lists(
    st.sampled_from(
        [
            "早上",
            "晚上",
            "7",
            "23",
            "60",
            ":",
            "点",
            "半",
            "一刻",
            "十",
            "pm",
            "-",
            "到",
            "utc",
            "+",
            "东",
            "区",
            " ",
            ".",
        ]
    ),
    max_size=8,
).map("".join)


@given(st.text(max_size=50) | PIECES)
def test_any_words_are_a_time_or_refused(said: str) -> None:
    with suppress(MissingArgument, NotATime):
        assert 0 <= read_time(said) < 24 * 60


@given(st.text(max_size=50) | PIECES)
def test_any_words_are_a_window_or_refused(said: str) -> None:
    with suppress(MissingArgument, NotATime):
        window = read_window(said)
        assert {window.opens, window.closes} <= set(range(24 * 60))


@given(st.text(max_size=50) | PIECES)
def test_any_words_are_a_zone_or_refused(said: str) -> None:
    with suppress(MissingArgument, NotAZone):
        assert read_zone(said, ZONES) in ZONES


@given(st.integers(0, 23), st.integers(0, 59))
def test_a_written_time_is_read_back(hour: int, minute: int) -> None:
    assert read_time(f"{hour}:{minute:02}") == read_time(f"{hour}点{minute}分") == hour * 60 + minute
