"""Shares of an account's day: nobody takes it all, and who asks for the first time gets an answer."""

from hypothesis import given
from hypothesis import strategies as some

from rules.durations import DAY
from rules.sharing import Shares


def had(shares: Shares, person: str, *, times: int = 1000, now: int = 0, staff: bool = False) -> int:
    return sum(shares.take(person, now, staff=staff) for _ in range(times))


def test_one_gets_a_fifth_and_others_the_rest() -> None:
    shares = Shares(400)
    assert had(shares, "a") == 80
    assert had(shares, "b") == 64
    assert had(shares, "c", times=1) == 1


def test_who_looks_after_the_group_may_have_more() -> None:
    shares = Shares(400)
    assert had(shares, "a", staff=True) == 134


def test_a_day_later_it_is_all_there_again() -> None:
    shares = Shares(400)
    had(shares, "a")
    assert had(shares, "a", now=DAY - 1) == 0
    assert had(shares, "a", now=DAY) == 80


@given(some.lists(some.integers(0, 60), max_size=600))
def test_fewer_than_a_hundred_leave_something_for_the_next(askers: list[int]) -> None:
    shares = Shares(400)
    for asker in askers:
        shares.take(str(asker), 0)
    assert shares.take("new", 0)
