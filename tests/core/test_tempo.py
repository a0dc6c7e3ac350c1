"""When the next action may go, chat by chat and for the account as a whole."""

import random
from itertools import pairwise

import msgspec
import pytest

from bot.core.platforms import Limits
from bot.core.priority import ANSWER, NOTICE, PRESS
from bot.core.priority import NOD as NOD_PRIORITY
from bot.core.tempo import Tempo
from rules.budget import Quiet
from rules.durations import DAY
from rules.human_pace import Human
from storage.outbox import Pending

TELEGRAM = Limits(30, 1, 3, 20, wordless_apart=True)
HUMAN = Human(10, 20, 2, (2_000, 7_000), "Asia/Shanghai", Quiet(0, 0))
WECHAT = Limits(1, 0.5, 2, 10, HUMAN)
TEAM = Pending(1, 1, ANSWER, None, 0, DAY, 0, is_group=True)
NOD = msgspec.structs.replace(TEAM, id=4, is_wordless=True)
NEWS = msgspec.structs.replace(TEAM, id=2, room=2, priority=NOTICE)
FRIEND = msgspec.structs.replace(TEAM, id=3, room=3, befriends=True, is_group=False)


def tempo(limits: Limits) -> Tempo:
    return Tempo("stage:1", limits, random.Random(7))


def sends(pace: Tempo, pending: Pending, count: int, now: int = 0) -> list[int]:
    times = []
    for _ in range(count):
        now = pace.free_at(pending, now)
        assert pace.begins(pending, now)
        pace.sent(pending, now)
        times.append(now)
    return times


def test_three_at_once_then_one_a_second_and_presses_beside_them() -> None:
    pace = tempo(TELEGRAM)
    assert sends(pace, TEAM, 4) == [0, 0, 0, 3_000]
    assert pace.free_at(msgspec.structs.replace(TEAM, priority=PRESS), 0) == 0
    assert pace.free_at(NEWS, 0) == 0
    assert not pace.is_human


def test_what_says_nothing_counts_in_no_minute() -> None:
    pace = tempo(TELEGRAM)
    assert sends(pace, NOD, 61)[-1] == 60_000
    assert sends(pace, TEAM, 3, 60_000) == [60_000] * 3


def test_what_says_nothing_passes_messages_and_they_it() -> None:
    pace = tempo(TELEGRAM)
    sends(pace, TEAM, 3)
    assert pace.next_turn([TEAM, NOD], 0) == (0, NOD)
    sends(pace, NOD, 3)
    assert pace.next_turn([NOD, TEAM], 0) == (3_000, TEAM)


def test_of_what_may_go_at_once_a_press_is_answered_first_then_goes_what_waits_longest() -> None:
    pace, nod = tempo(TELEGRAM), msgspec.structs.replace(NOD, priority=NOD_PRIORITY)
    assert pace.next_turn([nod, TEAM], 0) == (0, TEAM)
    assert pace.next_turn([msgspec.structs.replace(nod, id=0), TEAM], 0)[1].id == 0
    press = msgspec.structs.replace(TEAM, id=9, priority=PRESS)
    assert pace.next_turn([press, nod, TEAM], 0) == (0, press)


def test_where_it_is_not_apart_what_says_nothing_keeps_its_place_among_messages() -> None:
    pace = tempo(msgspec.structs.replace(TELEGRAM, wordless_apart=False))
    sends(pace, TEAM, 3)
    assert pace.next_turn([TEAM, NOD], 0) == (3_000, TEAM)


def test_what_is_not_to_go_yet_holds_up_nothing() -> None:
    later = msgspec.structs.replace(TEAM, not_before=9_000)
    assert tempo(TELEGRAM).next_turn([later, NEWS], 0) == (0, NEWS)
    assert tempo(TELEGRAM).next_turn([later], 0) == (9_000, later)


def test_a_pause_holds_all_that_is_said_or_done_in_a_chat_and_no_press() -> None:
    pace, press = tempo(TELEGRAM), msgspec.structs.replace(TEAM, priority=PRESS)
    pace.hold(NOD, 5_000, was_tried=True)
    assert [pace.free_at(one, 0) for one in (TEAM, NOD, press, NEWS)] == [5_000, 5_000, 0, 0]
    pace.hold(press, 9_000, was_tried=True)
    assert [pace.free_at(one, 0) for one in (TEAM, press)] == [5_000, 9_000]


def test_a_platform_without_a_persons_pace_takes_no_chance() -> None:
    chance = random.Random(7)
    before = chance.getstate()
    sends(Tempo("stage:1", TELEGRAM, chance), TEAM, 3)
    assert chance.getstate() == before


def test_a_person_writes_one_message_at_a_time() -> None:
    pace = tempo(WECHAT)
    assert pace.begins(TEAM, 0)
    assert not pace.begins(NEWS, 0)
    assert 2_000 <= pace.free_at(NEWS, 0) <= 7_000


def test_a_persons_pauses_differ() -> None:
    times = sends(tempo(WECHAT), TEAM, 10)
    pauses = {later - earlier for earlier, later in pairwise(times)}
    assert len(pauses) > 5
    assert times[-1] > 20_000


def test_what_was_not_even_tried_gives_its_turn_back() -> None:
    pace = tempo(WECHAT)
    last = sends(pace, TEAM, 20)[-1]
    assert pace.free_at(NEWS, last) >= DAY
    pace.hold(TEAM, last + 9_000, was_tried=False)
    assert last + 9_000 <= pace.free_at(TEAM, last) < DAY
    sends(pace, TEAM, 1, last)
    pace.hold(TEAM, last + 99_000, was_tried=True)
    assert pace.free_at(TEAM, last) >= DAY


def test_what_was_sent_before_the_start_counts() -> None:
    pace = tempo(WECHAT)
    pace.recall([(number, number < 2) for number in range(18)])
    assert pace.free_at(NEWS, 1_000_000) == DAY
    assert pace.free_at(TEAM, 1_000_000) == 1_000_000
    assert pace.free_at(FRIEND, 1_000_000) == DAY


def test_a_day_used_up_is_told_once_a_day(caplog: pytest.LogCaptureFixture) -> None:
    pace = tempo(WECHAT)
    last = sends(pace, TEAM, 19)[-1]
    assert caplog.text == ""
    last = sends(pace, TEAM, 3, last)[-1]
    assert caplog.text.count("all that it may in 24 hours") == 1
    sends(pace, TEAM, 20, last)
    assert caplog.text.count("all that it may in 24 hours") == 2


def test_nothing_is_kept_of_what_is_over() -> None:
    pace = tempo(WECHAT)
    sends(pace, TEAM, 1)
    pace.settle(TEAM)
    pace.forget(4_000)
    assert pace._chats
    pace.forget(60_000)
    assert not pace._chats
    assert not pace._turns


def test_of_many_chats_only_those_are_kept_in_which_something_was_lately_sent() -> None:
    pace = tempo(TELEGRAM)
    for room in range(100):
        one = msgspec.structs.replace(NEWS, room=room, is_group=False)
        sends(pace, one, 1, room * 1_000)
        pace.forget(room * 1_000)
    assert {room for room, _ in pace._chats} == {97, 98, 99}
