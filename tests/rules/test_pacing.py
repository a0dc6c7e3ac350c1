"""Pacing: never more than a platform allows, and no slower than needed."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rules.pacing import Limit, Pace, backoff, next_free

CHAT = (Limit(3, 3_000),)
GROUP = (*CHAT, Limit(20, 60_000))
ACCOUNT = (Limit(30, 1_000),)

LIMITS = st.lists(
    st.builds(Limit, count=st.integers(1, 8), per=st.integers(1, 5_000)), min_size=1, max_size=3
).map(tuple)


def send_all(limits: tuple[Limit, ...], waits: list[int]) -> list[int]:
    pace, now, times = Pace(limits), 0, []
    for wait in waits:
        now = pace.next_free(now + wait)
        pace.sent(now)
        times.append(now)
    return times


def test_three_at_once_in_a_chat_then_one_by_one() -> None:
    assert send_all(CHAT, [0] * 7) == [0, 0, 0, 3_000, 3_000, 3_000, 6_000]


def test_twenty_a_minute_in_a_group() -> None:
    times = send_all(GROUP, [0] * 21)
    assert times[19] == 18_000
    assert times[20] == 60_000


def test_thirty_a_second_for_the_whole_account() -> None:
    times = send_all(ACCOUNT, [0] * 61)
    assert (times[29], times[30], times[60]) == (0, 1_000, 2_000)


def test_a_busy_account_delays_a_free_chat() -> None:
    account, chat = Pace((Limit(1, 1_000),)), Pace(CHAT)
    account.sent(500)
    assert next_free(600, account, chat) == 1_500
    assert next_free(600, chat) == 600
    assert next_free(600) == 600


def test_a_hold_is_kept_and_never_shortened() -> None:
    pace = Pace(CHAT)
    pace.hold(9_000)
    pace.hold(4_000)
    assert pace.next_free(0) == 9_000
    assert pace.next_free(10_000) == 10_000
    assert not pace.idle(8_999)
    assert pace.idle(9_000)


def test_what_never_went_out_does_not_count() -> None:
    pace = Pace((Limit(2, 1_000),))
    pace.sent(0)
    pace.sent(400)
    pace.take_back(400)
    pace.take_back(999)
    assert pace.next_free(500) == 500
    pace.sent(500)
    assert pace.next_free(500) == 1_000


def test_an_old_pace_may_be_forgotten() -> None:
    pace = Pace(GROUP)
    assert pace.idle(0)
    pace.sent(0)
    assert not pace.idle(59_999)
    assert pace.idle(60_000)


def test_a_late_note_of_an_earlier_send_counts_with_the_last() -> None:
    pace = Pace((Limit(2, 1_000),))
    pace.sent(800)
    pace.sent(300)
    assert pace.next_free(900) == 1_800


@given(LIMITS, st.lists(st.integers(0, 2_000), max_size=60))
def test_no_stretch_of_time_holds_more_than_its_limit(limits: tuple[Limit, ...], waits: list[int]) -> None:
    times = send_all(limits, waits)
    assert all(earlier <= later for earlier, later in pairwise(times))
    for limit in limits:
        for first, beyond in zip(times, times[limit.count :], strict=False):
            assert beyond - first >= limit.per


@given(LIMITS, st.lists(st.integers(0, 2_000), max_size=40), st.integers(0, 9_000))
def test_the_first_free_instant_is_the_first(limits: tuple[Limit, ...], waits: list[int], now: int) -> None:
    pace, at = Pace(limits), 0
    for wait in waits:
        at = pace.next_free(at + wait)
        pace.sent(at)
    free = pace.next_free(max(now, at))
    assert free >= now
    if free > max(now, at):
        assert pace.next_free(free - 1) == free
    assert pace.next_free(free) == free
    assert pace.next_free(free + 77) == free + 77


def test_waits_grow_up_to_a_top() -> None:
    assert [backoff(attempt, 1.0, 1_000, 60_000) for attempt in (0, 1, 5, 6, 10_000)] == [
        1_000,
        2_000,
        32_000,
        60_000,
        60_000,
    ]
    assert backoff(5, 0.0, 1_000, 60_000) == 0


@given(st.integers(0, 10_000), st.floats(0, 1), st.integers(1, 10_000), st.integers(1, 10**7))
def test_a_wait_lies_within_its_bounds(attempt: int, chance: float, base: int, top: int) -> None:
    assert 0 <= backoff(attempt, chance, base, top) <= min(top, base * 2 ** min(attempt, 100))
