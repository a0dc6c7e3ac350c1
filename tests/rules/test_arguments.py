"""Command lines, Chinese command words and whole numbers."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.arguments import (
    LONGEST_ECHO,
    Command,
    MissingArgument,
    NotANumber,
    OutOfBounds,
    after_mention,
    chinese_number,
    plain,
    read_number,
    split_command,
    split_words,
)

WORDS = {"我的": "me", "排行": "top", "请假": "leave", "補卡": "makeup", "top": "top"}


@pytest.mark.parametrize(
    ("said", "name", "arguments"),
    [
        ("/streak", "streak", ""),
        ("/streak@MyBot 3", "streak", "3"),
        ("/Streak@mybot", "streak", ""),
        ("／streak 3", "streak", "3"),
        (" /leave  明天 发烧了 ", "leave", "明天 发烧了"),
        ("/note one\ntwo", "note", "one\ntwo"),
    ],
)
def test_commands(said: str, name: str, arguments: str) -> None:
    assert split_command(said, "MyBot") == Command(name, arguments)


@pytest.mark.parametrize(
    "said", ["", "/", "//", "streak", "/打卡", "/streak@OtherBot", "see /streak", "/a/b", "/streak@"]
)
def test_what_is_no_command_of_this_bot(said: str) -> None:
    assert split_command(said, "MyBot") is None


def test_a_bot_without_a_name_hears_plain_commands_only() -> None:
    assert split_command("/streak") == Command("streak", "")
    assert split_command("/streak@MyBot") is None


@pytest.mark.parametrize(
    ("said", "name", "arguments"),
    [
        ("我的", "me", ""),
        ("  排行 ", "top", ""),
        ("排行！", "top", ""),
        ("排行~", "top", ""),
        ("排行 本周", "top", "本周"),
        ("排行：本周", "top", "本周"),
        ("排行:本周", "top", "本周"),
        ("排行3", "top", "3"),
        ("请假\n明天", "leave", "明天"),
        ("请假 明天 发烧了", "leave", "明天 发烧了"),
        ("補卡5-1", "makeup", "5-1"),
        ("\ufeff我的\u200b", "me", ""),
        ("TOP", "top", ""),
        ("ＴＯＰ 3", "top", "3"),
    ],
)
def test_words_that_are_commands(said: str, name: str, arguments: str) -> None:
    assert split_words(said, WORDS) == Command(name, arguments)


@pytest.mark.parametrize(
    "said",
    ["", "我的书呢", "排行榜在哪", "看看排行", "排行？", "我要请假", "今天 排行", "！", "请假条 怎么写"],
)
def test_words_within_a_sentence_are_talk(said: str) -> None:
    assert split_words(said, WORDS) is None


def test_a_mention_of_the_bot_may_stand_in_front() -> None:
    assert after_mention("@班长 排行", ("班长",)) == "排行"
    assert after_mention("＠Banzhang_Bot\u2005排行 3", ("banzhang_bot",)) == "排行 3"
    assert after_mention("@小林 排行", ("班长",)) == "@小林 排行"
    assert after_mention("排行", ("班长",)) == "排行"


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


@given(st.text(), st.integers(-1000, 1000), st.integers(0, 1000))
def test_numbers_are_in_bounds_or_refused(said: str, lowest: int, width: int) -> None:
    with suppress(MissingArgument, NotANumber, OutOfBounds):
        assert lowest <= read_number(said, lowest, lowest + width) <= lowest + width


@given(st.integers(-(10**30), 10**30))
def test_a_written_number_is_read_back(number: int) -> None:
    assert read_number(str(number), -(10**30), 10**30) == number


@given(st.text(max_size=300))
def test_any_message_can_be_split(said: str) -> None:
    split_command(f"/{said}", "bot")
    split_words(said, WORDS)
    split_words(f"排行{said}", WORDS)
    after_mention(f"@{said}", ("a",))
