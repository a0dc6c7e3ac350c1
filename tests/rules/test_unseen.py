"""How much of a time to check in may pass unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.unseen import hides

MINUTE = 60_000
HOUR = 60 * MINUTE


@pytest.mark.parametrize(
    ("length", "missed", "hidden"),
    [
        (24 * HOUR, 2_000, False),
        (24 * HOUR, 59 * MINUTE, False),
        (24 * HOUR, HOUR, True),
        (3 * HOUR, 44 * MINUTE, False),
        (3 * HOUR, 45 * MINUTE, True),
        (20 * MINUTE, 5 * MINUTE, True),
        (20 * MINUTE, 2_000, False),
        (0, 0, False),
    ],
)
def test_an_hour_or_a_quarter(length: int, missed: int, hidden: bool) -> None:
    assert hides(HOUR, HOUR + length, [(HOUR, HOUR + missed)]) is hidden


def test_only_what_lies_within_the_time_counts() -> None:
    assert not hides(6 * HOUR, 9 * HOUR, [(0, 6 * HOUR), (9 * HOUR, 24 * HOUR)])
    assert hides(6 * HOUR, 9 * HOUR, [(5 * HOUR, 7 * HOUR)])


def test_short_gaps_add_up() -> None:
    gaps = [(hour * HOUR, hour * HOUR + 5 * MINUTE) for hour in range(12)]
    assert hides(0, 24 * HOUR, gaps)
    assert not hides(0, 24 * HOUR, gaps[:11])


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)).map(sorted)), st.integers(1, 50))
def test_the_whole_time_unseen_is_always_hidden(gaps: list[list[int]], length: int) -> None:
    pairs = [(start, end) for start, end in gaps]
    assert hides(0, length * MINUTE, [*pairs, (0, length * MINUTE)])
