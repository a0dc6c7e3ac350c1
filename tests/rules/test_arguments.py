"""Whole numbers, and what arguments look like without their dress."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.arguments import (
    LONGEST_ECHO,
    MissingArgument,
    NotANumber,
    OutOfBounds,
    chinese_number,
    count_of,
    plain,
    plain_number,
    read_number,
    said,
)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("3", 3),
        (" 3 ", 3),
        ("+4", 4),
        ("-3", -3),
        ("３", 3),
        ("٣", 3),
        ("१२", 12),
        ("三", 3),
        ("两", 2),
        ("十", 10),
        ("二十三", 23),
    ],
)
def test_numbers(said: str, number: int) -> None:
    assert read_number(said, -10, 100) == number


@pytest.mark.parametrize(
    ("data", "number"),
    [
        ("0", 0),
        ("12", 12),
        ("9" * 15, 999_999_999_999_999),
        ("9" * 16, None),
        ("", None),
        ("-1", None),
        (" 1", None),
        ("１", None),
        ("²", None),
        ("1_0", None),
    ],
)
def test_a_buttons_number_is_of_plain_digits_alone(data: str, number: int | None) -> None:
    assert plain_number(data) == number


def test_thousands_may_be_parted() -> None:
    assert read_number("1,000", 0, 5000) == 1000


@pytest.mark.parametrize(
    "said", ["x", "3.5", "3天", "1,00", "--3", "3 4", "½", "9" * 5000, "0x10", "1e3", "十十"]
)
def test_what_is_no_number(said: str) -> None:
    with pytest.raises(NotANumber):
        read_number(said, 0, 100)


@pytest.mark.parametrize("said", ["-1", "101", "9" * 150, "-" + "9" * 150])
def test_numbers_out_of_bounds_say_the_bounds(said: str) -> None:
    with pytest.raises(OutOfBounds) as raised:
        read_number(said, 0, 100)

    assert (raised.value.lowest, raised.value.highest) == (0, 100)
    assert len(raised.value.given) <= LONGEST_ECHO


def test_nothing_is_missing() -> None:
    with pytest.raises(MissingArgument):
        read_number("  ", 0, 100)


def test_a_count_is_digits_or_chinese_words() -> None:
    assert [count_of(words) for words in ("12", "１２", "十二", "三三", "")] == [12, 12, 12, None, None]


def test_chinese_numbers_reach_ninety_nine() -> None:
    assert [chinese_number(words) for words in ("零", "十九", "九十九", "", "百", "十十")] == [
        0,
        19,
        99,
        None,
        None,
        None,
    ]


def test_plain_text_has_one_form() -> None:
    assert plain(" Ａb\u200bC\n d ") == "abc d"


def test_signs_that_end_a_sentence_are_no_part_of_an_argument() -> None:
    assert [said(text) for text in ("本周！", "明天～。", "Week. ", "！")] == ["本周", "明天", "week", "!"]


@given(st.text(), st.integers(-1000, 1000), st.integers(0, 1000))
def test_numbers_are_in_bounds_or_refused(said: str, lowest: int, width: int) -> None:
    with suppress(MissingArgument, NotANumber, OutOfBounds):
        assert lowest <= read_number(said, lowest, lowest + width) <= lowest + width


@given(st.integers(-(10**30), 10**30))
def test_a_written_number_is_read_back(number: int) -> None:
    assert read_number(str(number), -(10**30), 10**30) == number
