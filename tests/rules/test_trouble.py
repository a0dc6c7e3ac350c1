"""What is grave, and when it is told."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.durations import HOUR
from rules.trouble import (
    ALERTS,
    GRAVITY,
    MINOR,
    OF_THE_HOUSE,
    TELL_AGAIN,
    News,
    Told,
    Trouble,
    by_gravity,
    is_little,
    is_off,
    news,
)

GIGABYTE = 10**9


def test_every_kind_has_its_gravity() -> None:
    assert set(GRAVITY) >= ALERTS | MINOR | OF_THE_HOUSE
    assert len(GRAVITY) == len(set(GRAVITY))
    assert not ALERTS & MINOR
    assert [one.kind for one in by_gravity([Trouble("rights"), Trouble("dead"), Trouble("disk")])] == [
        "disk",
        "dead",
        "rights",
    ]


@pytest.mark.parametrize(
    ("free", "total", "little"),
    [
        (199_999_999, GIGABYTE, True),
        (200_000_000, GIGABYTE, False),
        (4 * GIGABYTE, 100 * GIGABYTE, True),
        (5 * GIGABYTE, 100 * GIGABYTE, False),
        (0, 0, True),
    ],
)
def test_a_disk_with_little_room(free: int, total: int, little: bool) -> None:
    assert is_little(free, total) == little


@pytest.mark.parametrize(
    ("skew", "off"), [(None, False), (0, False), (30_000, False), (30_001, True), (-30_001, True)]
)
def test_a_clock_that_is_off(skew: int | None, off: bool) -> None:
    assert is_off(skew) == off


@pytest.mark.parametrize(
    ("kinds", "told", "expected"),
    [
        ([], {}, News((), (), ())),
        (["dead", "disk"], {}, News(("disk", "dead"), (), ())),
        (["disk"], {"disk": Told(1, is_over=False)}, News((), (), ())),
        (["disk"], {"disk": Told(0, is_over=False)}, News(("disk",), (), ())),
        ([], {"disk": Told(1, is_over=False)}, News((), ("disk",), ())),
        ([], {"disk": Told(1, is_over=True)}, News((), (), ())),
        (["disk"], {"disk": Told(1, is_over=True)}, News((), (), ())),
        ([], {"disk": Told(0, is_over=True)}, News((), (), ("disk",))),
        (["rights"], {"rights": Told(1, is_over=False)}, News((), (), ())),
        (["offline"], {"offline": Told(0, is_over=False)}, News((), (), ())),
        ([], {"offline": Told(0, is_over=False)}, News((), ("offline",), ())),
        (["offline"], {"offline": Told(4 * HOUR, is_over=True)}, News(("offline",), (), ())),
        (["offline"], {"offline": Told(5 * HOUR, is_over=True)}, News((), (), ())),
    ],
)
def test_what_is_told_after_six_hours(kinds: list[str], told: dict[str, Told], expected: News) -> None:
    assert news(kinds, told, TELL_AGAIN) == expected


@given(st.lists(st.tuples(st.integers(1, TELL_AGAIN), st.booleans()), max_size=40))
def test_however_it_comes_and_goes_two_lines_are_told_in_six_hours_at_most(
    looks: list[tuple[int, bool]],
) -> None:
    told: dict[str, Told] = {}
    begun: list[int] = []
    ended = now = 0
    for step, is_wrong in looks:
        now += step
        fresh = news(["disk"] if is_wrong else [], told, now)
        if fresh.begun:
            told["disk"] = Told(now, is_over=False)
            begun.append(now)
        if fresh.ended:
            told["disk"] = Told(told["disk"].at, is_over=True)
            ended += 1
        for kind in fresh.forgotten:
            del told[kind]
    assert all(later - earlier >= TELL_AGAIN for earlier, later in pairwise(begun))
    assert ended <= len(begun)
