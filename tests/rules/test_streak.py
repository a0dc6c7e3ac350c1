"""Streaks: what counts, what pauses, what a freeze saves and what begins again."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.days import Day, shift
from rules.streak import (
    Milestones,
    Step,
    Streak,
    StreakRules,
    advance,
    look,
    milestones,
    rebuild,
)

START = Day("2026-11-01")
ANY_DAYS = st.lists(st.integers(0, 60).map(lambda number: shift(START, number)), max_size=60)
EXCUSED = st.sets(st.integers(0, 60).map(lambda number: shift(START, number)))
RULES = st.builds(StreakRules, earn_every=st.integers(0, 8), keep_at_most=st.integers(0, 4))


def nothing(_: Day) -> bool:
    return False


def days(*numbers: int) -> list[Day]:
    return [shift(START, number - 1) for number in numbers]


def test_days_in_a_row_add_up() -> None:
    state = rebuild(days(1, 2, 3), nothing).state
    assert state == Streak(current=3, longest=3, total=3, last_day=days(3)[0], freezes=0)


def test_a_second_check_in_on_a_day_changes_nothing() -> None:
    state = rebuild(days(1, 2), nothing).state
    assert advance(state, days(2)[0], nothing) == Step(state)


def test_an_earlier_day_wants_a_rebuild() -> None:
    with pytest.raises(ValueError, match="before the last counted day"):
        advance(rebuild(days(5), nothing).state, days(4)[0], nothing)


def test_leave_pauses_and_does_not_break() -> None:
    leave = set(days(3, 4, 5, 6))
    assert rebuild(days(1, 2, 7), leave.__contains__).state.current == 3


def test_a_missed_day_begins_again_at_one_and_tells_what_ended() -> None:
    step = advance(rebuild(days(1, 2, 3), nothing).state, days(5)[0], nothing)
    assert (step.state.current, step.state.longest, step.state.total, step.ended) == (1, 3, 4, 3)


def test_every_seventh_day_earns_a_freeze_and_two_are_kept() -> None:
    assert [rebuild(days(*range(1, last + 1)), nothing).state.freezes for last in (6, 7, 14, 21)] == [
        0,
        1,
        2,
        2,
    ]


def test_a_freeze_is_spent_by_itself_on_a_missed_day() -> None:
    history = rebuild(days(1, 2, 3, 4, 5, 6, 7, 9), nothing)
    assert history.frozen == tuple(days(8))
    assert (history.state.current, history.state.freezes, history.ended) == (8, 0, ())


def test_freezes_that_cannot_save_a_streak_are_kept() -> None:
    history = rebuild(days(1, 2, 3, 4, 5, 6, 7, 10), nothing)
    assert history.frozen == ()
    assert (history.state.current, history.state.freezes) == (1, 1)
    assert history.ended == ((days(7)[0], 7),)


def test_a_freeze_and_leave_work_together() -> None:
    leave = set(days(8, 10))
    history = rebuild(days(1, 2, 3, 4, 5, 6, 7, 11), leave.__contains__)
    assert history.frozen == tuple(days(9))
    assert history.state.current == 8


def test_a_make_up_mends_the_streak() -> None:
    assert rebuild(days(1, 2, 4, 5), nothing).state.current == 2
    assert rebuild(days(1, 2, 4, 5, 3), nothing).state.current == 5


def test_today_is_not_over_and_breaks_nothing() -> None:
    state = rebuild(days(1, 2, 3), nothing).state
    assert look(state, days(3)[0], nothing).done_today
    shown = look(state, days(4)[0], nothing)
    assert (shown.current, shown.ended, shown.done_today) == (3, 0, False)


def test_a_look_tells_that_a_streak_is_over_before_the_next_check_in() -> None:
    shown = look(rebuild(days(1, 2, 3), nothing).state, days(5)[0], nothing)
    assert (shown.current, shown.ended, shown.longest, shown.total) == (0, 3, 3, 3)


def test_a_look_shows_the_freeze_that_will_be_spent() -> None:
    shown = look(rebuild(days(*range(1, 8)), nothing).state, days(9)[0], nothing)
    assert (shown.current, shown.freezes, shown.frozen) == (7, 0, tuple(days(8)))


def test_a_newcomer_has_nothing_to_lose() -> None:
    shown = look(Streak(), START, nothing)
    assert (shown.current, shown.ended, shown.done_today) == (0, 0, False)


@given(ANY_DAYS, EXCUSED, RULES)
def test_day_by_day_and_all_at_once_agree(counted: list[Day], excused: set[Day], rules: StreakRules) -> None:
    state = Streak()
    frozen: list[Day] = []
    for day in sorted(counted):
        step = advance(state, day, excused.__contains__, rules)
        frozen.extend(step.frozen)
        state = step.state
    history = rebuild(counted, excused.__contains__, rules)
    assert (history.state, list(history.frozen)) == (state, frozen)


@given(ANY_DAYS, EXCUSED, RULES)
def test_sums_hold_whatever_happens(counted: list[Day], excused: set[Day], rules: StreakRules) -> None:
    history = rebuild(counted, excused.__contains__, rules)
    state = history.state
    assert state.total == len(set(counted)) == sum(length for _, length in history.ended) + state.current
    assert state.longest == max([state.current, *(length for _, length in history.ended)])
    assert 0 <= state.freezes <= rules.keep_at_most
    assert not set(history.frozen) & (excused | set(counted))


@given(ANY_DAYS, EXCUSED, RULES, st.integers(0, 70))
def test_a_look_foretells_what_the_next_check_in_does(
    counted: list[Day], excused: set[Day], rules: StreakRules, offset: int
) -> None:
    state = rebuild(counted, excused.__contains__, rules).state
    today = shift(state.last_day or START, offset)
    shown = look(state, today, excused.__contains__)
    step = advance(state, today, excused.__contains__, rules)
    assert shown.frozen == step.frozen
    assert shown.ended == step.ended
    assert step.state.current == shown.current + (not shown.done_today)


@given(ANY_DAYS, EXCUSED, st.integers(0, 60))
def test_one_more_excuse_never_shortens_a_streak(counted: list[Day], excused: set[Day], more: int) -> None:
    rules = StreakRules(earn_every=0)
    before = rebuild(counted, excused.__contains__, rules).state
    after = rebuild(counted, (excused | {shift(START, more)}).__contains__, rules).state
    assert after.current >= before.current
    assert after.longest >= before.longest


@pytest.mark.parametrize(
    ("before", "after", "passed"),
    [
        (6, 7, (7,)),
        (7, 8, ()),
        (0, 30, (7, 21, 30)),
        (30, 1, ()),
        (364, 365, (365,)),
        (365, 500, (500,)),
        (499, 1100, (500, 730, 1000, 1095)),
        (1459, 1460, (1460,)),
    ],
)
def test_milestones(before: int, after: int, passed: tuple[int, ...]) -> None:
    assert milestones(before, after) == passed


@given(st.lists(st.integers(0, 3000), min_size=2, max_size=6).map(sorted))
def test_milestones_are_told_once_however_one_gets_there(counts: list[int]) -> None:
    steps = [mark for before, after in pairwise(counts) for mark in milestones(before, after)]
    assert tuple(steps) == milestones(counts[0], counts[-1])


def test_milestones_of_ones_own() -> None:
    assert milestones(0, 25, Milestones(marks=(3,), each=(10,))) == (3, 10, 20)
    assert milestones(0, 25, Milestones(marks=(), each=())) == ()
