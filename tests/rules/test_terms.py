"""Terms: eighteen of twenty-one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.days import Day, shift
from rules.terms import Progress, Stage, Term, needed_of, progress

FIRST = Day("2026-11-02")
STAGES = (Stage("起步", 7), Stage("坚持", 14), Stage("收官", 21))
TERM = Term("晨读二十一天", FIRST, days=21, needed=18, stages=STAGES)


def day(number: int) -> Day:
    return shift(FIRST, number - 1)


def days(*numbers: int) -> set[Day]:
    return {day(number) for number in numbers}


def nothing(_: Day) -> bool:
    return False


def reached(today: int, done: set[Day], excused: set[Day] | None = None, joined: int = 1) -> Progress:
    return progress(TERM, day(today), done, (excused or set()).__contains__, day(joined))


def test_before_the_term_all_is_open() -> None:
    found = reached(0, set())
    assert (found.number, found.done, found.missed, found.remaining) == (0, 0, 0, 21)
    assert found.can_pass
    assert not found.passed
    assert not found.over


def test_in_the_middle() -> None:
    found = reached(10, days(1, 2, 3, 4, 6, 7, 8, 9))
    assert (found.number, found.done, found.missed, found.remaining, found.needed) == (10, 8, 1, 12, 18)
    assert reached(10, days(1, 2, 3, 4, 6, 7, 8, 9, 10)).remaining == 11


def test_three_days_may_be_missed_but_not_four() -> None:
    assert reached(4, set()).can_pass
    assert not reached(5, set()).can_pass


def test_passed_on_the_eighteenth_day_and_over_at_the_end() -> None:
    done = days(*range(1, 19))
    assert (reached(18, done).passed, reached(18, done).over) == (True, False)
    found = reached(22, done)
    assert (found.passed, found.over, found.done, found.missed) == (True, True, 18, 3)
    assert TERM.last == day(21)


def test_no_day_missed_is_perfect() -> None:
    assert reached(22, days(*range(1, 22))).missed == 0


def test_leave_lowers_what_is_needed_by_its_share() -> None:
    found = reached(22, days(*range(1, 13)), excused=days(*range(15, 22)))
    assert (found.excused, found.needed, found.done, found.missed) == (7, 12, 12, 2)
    assert found.passed


def test_leave_all_the_time_is_no_way_to_pass() -> None:
    found = reached(22, days(1, 2, 3), excused=days(*range(4, 22)))
    assert found.needed == 9
    assert not found.passed


def test_a_day_done_on_leave_counts() -> None:
    found = reached(3, days(1, 2), excused=days(2, 3))
    assert (found.done, found.excused, found.missed) == (2, 1, 0)


def test_who_joins_later_is_asked_for_the_rest() -> None:
    found = reached(11, days(8, 9, 10), joined=8)
    assert (found.done, found.missed, found.remaining, found.needed) == (3, 0, 11, 12)
    assert found.can_pass
    assert not reached(18, set(), joined=18).can_pass


def test_stages() -> None:
    found = reached(9, days(1, 2, 3, 5, 8), excused=days(4))
    assert [(stage.title, stage.first, stage.last) for stage in found.stages] == [
        ("起步", 1, 7),
        ("坚持", 8, 14),
        ("收官", 15, 21),
    ]
    assert [(stage.done, stage.asked, stage.current) for stage in found.stages] == [
        (4, 6, False),
        (1, 7, True),
        (0, 7, False),
    ]


def test_a_least_of_ones_own() -> None:
    strict = Term("", FIRST, days=21, needed=18, least=15)
    assert [needed_of(strict, asked) for asked in (21, 18, 10)] == [18, 16, 15]


NUMBERS = st.integers(1, 21)


@given(st.sets(NUMBERS), st.sets(NUMBERS), NUMBERS, st.integers(0, 22))
def test_every_day_is_in_one_place(done: set[int], excused: set[int], joined: int, today: int) -> None:
    done = {number for number in done if number <= today}
    found = reached(today, days(*done), days(*excused), joined)
    before_joining = sum(number < joined and number not in done for number in range(1, 22))
    assert found.done + found.missed + found.remaining + found.excused + before_joining == 21
    assert found.can_pass or not found.passed
    assert sum(stage.done for stage in found.stages) == found.done == len(done)


@given(st.sets(NUMBERS), NUMBERS)
def test_what_can_no_longer_be_passed_never_is(done: set[int], today: int) -> None:
    so_far = days(*(number for number in done if number <= today))
    at_the_end = reached(22, days(*done))
    assert reached(today, so_far).can_pass or not at_the_end.passed
    assert at_the_end.can_pass == at_the_end.passed


@pytest.mark.parametrize(
    ("length", "needed", "least", "stages"),
    [
        (0, 0, 0, ()),
        (21, 22, 0, ()),
        (21, 0, 0, ()),
        (21, 18, 19, ()),
        (21, 18, 0, (Stage("a", 22),)),
        (21, 18, 0, (Stage("a", 7), Stage("b", 7))),
        (21, 18, 0, (Stage("a", 0),)),
    ],
)
def test_impossible_terms_are_refused(
    length: int, needed: int, least: int, stages: tuple[Stage, ...]
) -> None:
    with pytest.raises(ValueError, match="make no term"):
        Term("", FIRST, length, needed, stages, least)
