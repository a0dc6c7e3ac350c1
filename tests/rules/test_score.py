"""Scores: more is not better, and fading never changes an order."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.days import Day, shift
from rules.durations import DAY
from rules.score import (
    EMPTY,
    EPOCH,
    Caps,
    Counts,
    ScoreRules,
    Weights,
    combine,
    cooled_down,
    day_points,
    decayed,
    log_term,
    never_below_zero,
    pair_open,
    parts,
    points_moved,
    rebuild,
    stamp,
)

SIGNALS = Counts.__struct_fields__
COUNTS = st.builds(Counts, **{signal: st.integers(-2, 500) for signal in SIGNALS})
POINTS = st.floats(0.001, 1e6)
HALF_LIVES = st.floats(0.5, 365)
INSTANTS = st.integers(EPOCH - 3650 * DAY, EPOCH + 36_500 * DAY)
TERMS = st.lists(st.tuples(POINTS, INSTANTS), min_size=1, max_size=20)
DAYS = st.integers(0, 20_000).map(lambda number: shift(Day("2020-01-01"), number))


def test_weights_caps_and_counts_speak_of_the_same_signals() -> None:
    assert Weights.__struct_fields__ == Caps.__struct_fields__ == SIGNALS


def test_a_quiet_day_is_worth_nothing() -> None:
    assert day_points(Counts()) == 0
    assert parts(Counts(message=-3)) == {}


def test_a_signal_turned_off_is_worth_nothing() -> None:
    assert day_points(Counts(message=9), ScoreRules(caps=Caps(message=0))) == 0
    assert day_points(Counts(message=9), ScoreRules(weights=Weights(message=0))) == 0


def test_the_hundredth_message_adds_nearly_nothing() -> None:
    first = day_points(Counts(message=1))
    later = day_points(Counts(message=101)) - day_points(Counts(message=100))
    assert first == pytest.approx(8 * (1 - math.exp(-1 / 8)), abs=1e-4)
    assert later < first / 1000


def test_a_check_in_outweighs_an_hour_of_chatter() -> None:
    assert day_points(Counts(checkin=1, message=2)) > day_points(Counts(message=60))


@given(COUNTS, st.sampled_from(SIGNALS))
def test_more_is_worth_more_but_ever_less_so_and_never_above_the_cap(counts: Counts, signal: str) -> None:
    count = max(0, getattr(counts, signal))
    values = [
        day_points(msgspec.structs.replace(counts, **{signal: number})) for number in range(count, count + 3)
    ]
    assert values[0] <= values[1] <= values[2]
    assert values[2] - values[1] <= values[1] - values[0] + 2**-15
    assert parts(counts).get(signal, 0.0) <= getattr(Caps(), signal)
    assert day_points(counts) == sum(parts(counts).values())


@given(st.lists(st.sampled_from(SIGNALS), max_size=80))
def test_the_steps_of_a_day_add_up_to_it_exactly(signals: list[str]) -> None:
    counts, total, steps = Counts(), 0.0, []
    for signal in signals:
        after = msgspec.structs.replace(counts, **{signal: getattr(counts, signal) + 1})
        steps.append(day_points(after) - day_points(counts))
        total += steps[-1]
        counts = after
    assert total == day_points(counts) == sum(reversed(steps))


@given(st.lists(COUNTS, min_size=1, max_size=6))
def test_by_rules_that_never_change_a_day_is_worth_its_counts_exactly(steps: list[Counts]) -> None:
    points, before = 0.0, 0.0
    for counts in steps:
        after = day_points(counts)
        points, before = points_moved(points, before, after), after
        assert points == after


@given(POINTS, st.floats(0, 300), st.floats(0, 300))
def test_what_was_earned_by_other_rules_stays_or_shrinks_by_its_share(
    points: float, before: float, after: float
) -> None:
    moved = points_moved(points, before, after)
    if points != before and after >= before:
        assert moved == points + (after - before)
    elif points != before:
        assert 0 <= moved <= points
        assert moved == pytest.approx(points * after / before, abs=1e-4)


@pytest.mark.parametrize(
    ("last", "at", "scores"),
    [(None, 5, True), (0, 19_999, False), (0, 20_000, True), (20_000, 0, True), (20_000, 1, False)],
)
def test_the_cooldown_works_both_ways_in_time(last: int | None, at: int, scores: bool) -> None:
    assert cooled_down(last, at) is scores


def test_a_pair_has_a_limit() -> None:
    assert [pair_open(already) for already in (0, 4, 5, 6)] == [True, True, False, False]


def test_after_a_half_life_half_is_left() -> None:
    stored = log_term(80, EPOCH + 3 * DAY, 14)
    assert decayed(stored, EPOCH + 3 * DAY, 14) == pytest.approx(80)
    assert decayed(stored, EPOCH + 17 * DAY, 14) == pytest.approx(40)


def test_nothing_is_nothing() -> None:
    assert log_term(0, EPOCH, 14) == log_term(-1, EPOCH, 14) == rebuild([], 14) == EMPTY
    assert rebuild([(Day("2026-01-01"), 0.0)], 14) == EMPTY
    assert combine(EMPTY, EMPTY) == EMPTY
    assert combine(EMPTY, 3.5) == combine(3.5, EMPTY) == 3.5
    assert decayed(EMPTY, EPOCH, 14) == 0


def test_a_century_and_a_tiny_half_life_do_not_overflow() -> None:
    stored = combine(log_term(5, EPOCH, 0.01), log_term(5, EPOCH + 36_500 * DAY, 0.01))
    assert decayed(stored, EPOCH + 36_500 * DAY, 0.01) == pytest.approx(5)
    assert decayed(stored, EPOCH, 0.01) == 2.0**1023


@given(st.integers(0, 3), st.lists(st.sampled_from((-1, 1)), max_size=12))
def test_many_steps_at_once_stop_at_zero_where_each_would(before: int, steps: list[int]) -> None:
    one_by_one, change, lowest = before, 0, 0
    for step in steps:
        one_by_one = max(0, one_by_one + step)
        change += step
        lowest = min(lowest, change)
    assert never_below_zero(before + change, before, lowest) == one_by_one


def test_a_day_is_stamped_with_its_midnight() -> None:
    assert stamp(Day("2026-01-01")) == EPOCH
    assert stamp(Day("2026-01-11")) == EPOCH + 10 * DAY


@given(TERMS, HALF_LIVES)
def test_it_agrees_with_direct_decay(terms: list[tuple[float, int]], half_life: float) -> None:
    now = max(at for _, at in terms)
    stored = EMPTY
    for points, at in terms:
        stored = combine(stored, log_term(points, at, half_life))
    direct = math.fsum(points * 2.0 ** (-(now - at) / (half_life * DAY)) for points, at in terms)
    assert decayed(stored, now, half_life) == pytest.approx(direct, rel=1e-9)


@given(*[st.floats(-4000, 80_000)] * 3)
def test_the_order_of_adding_does_not_matter(one: float, two: float, three: float) -> None:
    assert combine(one, two) == combine(two, one)
    left, right = combine(combine(one, two), three), combine(one, combine(two, three))
    assert left == pytest.approx(right, abs=1e-9)


@given(TERMS, TERMS, HALF_LIVES, st.integers(0, 50), st.integers(0, 50))
def test_an_order_never_changes_with_time(
    one: list[tuple[float, int]],
    other: list[tuple[float, int]],
    half_life: float,
    sooner: int,
    later: int,
) -> None:
    def stored(terms: list[tuple[float, int]]) -> float:
        total = EMPTY
        for points, at in terms:
            total = combine(total, log_term(points, at, half_life))
        return total

    first, second = stored(one), stored(other)
    start = max(at for _, at in one + other)
    for half_lives in (sooner, later):
        now = start + int(half_lives * half_life * DAY)
        shown = decayed(first, now, half_life) - decayed(second, now, half_life)
        assert shown >= 0 if first >= second else shown <= 0


@given(st.dictionaries(DAYS, st.lists(POINTS, min_size=1, max_size=4), max_size=20), HALF_LIVES)
def test_a_rebuild_from_day_rows_agrees_with_what_grew_live(
    gains: dict[Day, list[float]], half_life: float
) -> None:
    live = EMPTY
    for day, steps in gains.items():
        for points in steps:
            live = combine(live, log_term(points, stamp(day), half_life))
    rebuilt = rebuild([(day, math.fsum(steps)) for day, steps in gains.items()], half_life)
    assert rebuilt == live or rebuilt == pytest.approx(live, abs=1e-9)
