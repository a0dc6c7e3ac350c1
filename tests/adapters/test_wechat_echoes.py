"""A message of which nobody knows whether it went out is known by its echo."""

import pytest

from bot.adapters.wechat.echoes import KEPT, MOST, Echoes
from bot.core.clock import VirtualClock

TEAM = "r1@chatroom"


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(1_000_000)


@pytest.fixture
def echoes(clock: VirtualClock) -> Echoes:
    return Echoes(clock)


def test_what_was_heard_since_the_try_did_arrive(clock: VirtualClock, echoes: Echoes) -> None:
    start = clock.now()
    clock.move_to(start + 40_000)
    echoes.heard(TEAM, "@小林 早", "m1")
    echoes.doubt(TEAM, "@小林\u2005早\n", start)
    assert echoes.arrived(TEAM, "@小林\u2005早\n") == "m1"


def test_each_echo_ends_one_doubt(clock: VirtualClock, echoes: Echoes) -> None:
    echoes.doubt(TEAM, "早", clock.now())
    echoes.heard(TEAM, "早", "m1")
    assert echoes.arrived(TEAM, "早") == "m1"
    assert echoes.arrived(TEAM, "早") is None
    echoes.doubt(TEAM, "早", clock.now())
    assert echoes.arrived(TEAM, "早") is None


def test_what_was_never_in_doubt_is_said_again(echoes: Echoes) -> None:
    echoes.heard(TEAM, "早", "m1")
    assert echoes.arrived(TEAM, "早") is None


def test_an_earlier_message_with_the_same_words_is_no_echo(clock: VirtualClock, echoes: Echoes) -> None:
    echoes.heard(TEAM, "早", "m1")
    clock.move_to(clock.now() + 1)
    echoes.doubt(TEAM, "早", clock.now())
    assert echoes.arrived(TEAM, "早") is None


def test_other_chats_and_other_words_are_no_echo(clock: VirtualClock, echoes: Echoes) -> None:
    echoes.doubt(TEAM, "早", clock.now())
    echoes.heard("r2@chatroom", "早", "m1")
    echoes.heard(TEAM, "晚", "m2")
    assert echoes.arrived(TEAM, "早") is None


@pytest.mark.parametrize(("text", "is_it"), [("a.png", True), ("", True), ("<msg/>", True), ("早", False)])
def test_a_file_is_known_by_its_name_or_by_having_no_words(
    clock: VirtualClock, echoes: Echoes, text: str, is_it: bool
) -> None:
    echoes.doubt(TEAM, "a.png", clock.now())
    echoes.heard(TEAM, text, "m1")
    assert echoes.arrived(TEAM, "a.png", is_file=True) == ("m1" if is_it else None)


def test_the_first_of_several_tries_counts(clock: VirtualClock, echoes: Echoes) -> None:
    echoes.doubt(TEAM, "早", clock.now())
    echoes.heard(TEAM, "早", "m1")
    clock.move_to(clock.now() + 60_000)
    echoes.doubt(TEAM, "早", clock.now())
    assert echoes.arrived(TEAM, "早") == "m1"


def test_a_doubt_ends_with_a_try_that_is_known_to_have_worked(clock: VirtualClock, echoes: Echoes) -> None:
    echoes.doubt(TEAM, "早", clock.now())
    echoes.settle(TEAM, "早")
    echoes.heard(TEAM, "早", "m2")
    assert echoes.arrived(TEAM, "早") is None


def test_nothing_is_kept_for_long_and_never_much(clock: VirtualClock, echoes: Echoes) -> None:
    for number in range(2 * MOST):
        echoes.heard(TEAM, str(number), f"m{number}")
        echoes.doubt(TEAM, str(number), clock.now())
    assert (len(echoes._heard), len(echoes._doubts)) == (MOST, MOST)
    clock.move_to(clock.now() + KEPT + 1)
    echoes.heard(TEAM, "早", "m")
    echoes.doubt(TEAM, "早", clock.now())
    assert (len(echoes._heard), len(echoes._doubts)) == (1, 1)
