import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.choosing import LARGEST, asked_aloud, chosen, free_numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        (" 12 ", 12),
        ("1.", 1),
        ("3。", 3),
        ("①", 1),
        ("⑫", 12),
        ("１", 1),
        ("⒉", 2),
        ("(4)", 4),
        ("（4）", 4),
        ("选1", 1),
        ("選 2", 2),
        ("7️⃣", 7),
        ("07", 7),
    ],
)
def test_a_bare_number_chooses(text: str, number: int) -> None:
    assert chosen(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "0", "00", "100", "1 2", "1遍", "第1", "一", "-1", "1.5", "+1", "打卡1", "1" * 4000, "1\n打卡", "½"],
)
def test_anything_more_is_talk(text: str) -> None:
    assert chosen(text) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("听懂的扣1", {1}),
        ("看到的同学扣 1，没看到的扣2", {1, 2}),
        ("在的刷个6", {6}),
        ("懂了敲１", {1}),
        ("扣1的同学记得交作业", {1}),
        ("扣100分", set()),
        ("答错扣2分", set()),
        ("今天刷2道题，敲1小时代码", set()),
        ("刷20页", set()),
        ("扣0", set()),
        ("今天打10个电话", set()),
        ("要去的选1", set()),
        ("1", set()),
    ],
)
def test_the_numbers_that_all_are_asked_to_say(text: str, numbers: set[int]) -> None:
    assert asked_aloud(text) == numbers


def test_the_next_menu_goes_on_counting() -> None:
    assert free_numbers(set(), 3) == range(1, 4)
    assert free_numbers({1, 2, 3}, 3) == range(4, 7)
    assert free_numbers({2}, 1) == range(3, 4)


def test_behind_the_last_number_it_begins_again_where_there_is_room() -> None:
    assert free_numbers({1, 98}, 3) == range(2, 5)
    assert free_numbers(set(range(1, LARGEST + 1, 2)), 2) is None


@given(st.sets(st.integers(1, LARGEST)), st.integers(1, LARGEST))
def test_no_number_is_given_twice(taken: set[int], count: int) -> None:
    block = free_numbers(taken, count)
    if block is None:
        assert any(taken.intersection(range(start, start + count)) for start in range(1, LARGEST))
    else:
        assert len(block) == count
        assert not taken.intersection(block)
        assert set(block) <= set(range(1, LARGEST + 1))
