"""The pace of a person: never more than its shares, a pause after each message, and nothing during sleep."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.budget import Quiet, is_quiet
from rules.calendar import Calendar, Rule
from rules.durations import DAY, MINUTE
from rules.human_pace import Human, Person

SECOND = 1_000
HOUR = 60 * MINUTE
AWAKE = Quiet(0, 0)
NIGHT = Quiet(23 * 60 + 30, 6 * 60)
ALICE = Human(10, 100, 5, (2 * SECOND, 7 * SECOND), "Asia/Shanghai", AWAKE)


def instant(text: str, zone: str = "Asia/Shanghai") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def sends(
    person: Person, now: int, count: int, *, answers: bool = True, befriends: bool = False
) -> list[int]:
    times = []
    for _ in range(count):
        now = person.next_free(now, answers=answers, befriends=befriends)
        person.sent(now, 0.0, befriends=befriends)
        times.append(now)
    return times


def test_after_each_message_there_is_a_pause() -> None:
    person = Person(ALICE)
    person.sent(0, 0.0)
    assert person.next_free(0, answers=True) == 2 * SECOND
    person.sent(2 * SECOND, 1.0)
    assert person.next_free(0, answers=True) == 9 * SECOND


def test_the_last_tenth_of_a_day_is_for_answers() -> None:
    person = Person(ALICE)
    times = sends(person, 0, 90, answers=False)
    assert times[-1] < 10 * MINUTE
    assert person.next_free(times[-1], answers=False) == DAY
    assert not person.is_used_up(times[-1])
    last = sends(person, times[-1], 10)[-1]
    assert last < 15 * MINUTE
    assert person.is_used_up(last)
    assert person.next_free(last, answers=True) == DAY


def test_contacts_have_a_share_of_their_own() -> None:
    person = Person(ALICE)
    last = sends(person, 0, 5, befriends=True)[-1]
    assert person.next_free(last, answers=True, befriends=True) == DAY
    assert person.next_free(last, answers=True) < MINUTE


def test_no_contact_at_all_is_always_a_day_ahead() -> None:
    person = Person(Human(10, 100, 0, (0, 0), "Asia/Shanghai", AWAKE))
    assert person.next_free(5, answers=True, befriends=True) == 5 + DAY


def test_what_was_sent_before_a_restart_counts() -> None:
    person = Person(ALICE)
    person.recall([(number * 10 * SECOND, number < 5) for number in range(100)])
    assert person.is_used_up(HOUR)
    assert person.next_free(HOUR, answers=True) == DAY
    assert not person.is_used_up(DAY)
    assert person.next_free(HOUR, answers=True, befriends=True) == DAY


def test_what_never_went_out_takes_no_share() -> None:
    person = Person(ALICE)
    last = sends(person, 0, 100)[-1]
    person.take_back(last)
    assert not person.is_used_up(last)
    assert person.next_free(last, answers=True) == last + 2 * SECOND


@pytest.mark.parametrize(
    ("now", "zone", "awake"),
    [
        ("2026-05-04 23:29", "Asia/Shanghai", "2026-05-04 23:29"),
        ("2026-05-04 23:30", "Asia/Shanghai", "2026-05-05 06:00"),
        ("2026-05-05 02:00", "Asia/Shanghai", "2026-05-05 06:00"),
        ("2026-05-05 06:00", "Asia/Shanghai", "2026-05-05 06:00"),
        ("2026-03-28 23:45", "Europe/Berlin", "2026-03-29 06:00"),
        ("2026-10-24 23:45", "Europe/Berlin", "2026-10-25 06:00"),
    ],
)
def test_nothing_is_sent_during_sleep(now: str, zone: str, awake: str) -> None:
    person = Person(Human(10, 100, 5, (0, 0), zone, NIGHT))
    assert person.next_free(instant(now, zone), answers=True) == instant(awake, zone)


HUMANS = st.builds(
    Human,
    a_minute=st.integers(1, 20),
    a_day=st.integers(1, 60),
    contacts_a_day=st.integers(0, 5),
    pause=st.tuples(st.integers(0, 3_000), st.integers(3_000, 9_000)),
    zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
    sleeps=st.builds(Quiet, st.integers(0, 1439), st.integers(0, 1439)),
)
STARTS = st.sampled_from(["2026-03-07", "2026-03-28", "2026-04-04", "2026-10-03", "2026-10-24", "2026-10-31"])
WISHES = st.lists(
    st.tuples(st.integers(0, HOUR), st.booleans(), st.booleans(), st.floats(0, 1)), max_size=150
)


@given(HUMANS, STARTS, WISHES)
def test_no_stretch_of_time_holds_more_than_its_share(
    human: Human, start: str, wishes: list[tuple[int, bool, bool, float]]
) -> None:
    person, calendar = Person(human), Calendar((Rule(0, human.zone, 0),))
    now = int(datetime.fromisoformat(start).replace(tzinfo=UTC).timestamp() * 1000)
    times, contacts = [], []
    for wait, answers, befriends, chance in wishes:
        if befriends and not human.contacts_a_day:
            continue
        earlier, now = now, person.next_free(now + wait, answers=answers, befriends=befriends)
        assert now >= earlier + wait
        assert person.next_free(now, answers=answers, befriends=befriends) == now
        assert not is_quiet(calendar, human.sleeps, now) or _clocks_went_back(human.zone, now)
        person.sent(now, chance, befriends=befriends)
        times.append(now)
        contacts += [now] * befriends
    _within(times, human.a_minute, MINUTE)
    _within(times, human.a_day, DAY)
    _within(contacts, max(1, human.contacts_a_day), DAY)
    assert all(later - earlier >= human.pause[0] for earlier, later in pairwise(times))


def _clocks_went_back(zone: str, now: int) -> bool:
    """Whether the hour that shows on the clocks was shown just before: then the night ended in the first."""
    offsets = [datetime.fromtimestamp(at / 1000, ZoneInfo(zone)).utcoffset() for at in (now - HOUR, now)]
    return offsets[0] != offsets[1]


def _within(times: list[int], count: int, per: int) -> None:
    assert all(beyond - first >= per for first, beyond in zip(times, times[count:], strict=False))
