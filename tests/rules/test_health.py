"""Which rooms need care, and in which order."""

import pytest

from rules.durations import DAY
from rules.health import Health, urgency

WELL = Health(room=1, missing=(), silent_for=60_000, came=8, active=10)


@pytest.mark.parametrize(
    ("health", "needs_care"),
    [
        (WELL, False),
        (Health(room=1, missing=("delete",), silent_for=0, came=8, active=10), False),
        (Health(room=1, missing=("read",), silent_for=0, came=8, active=10), True),
        (Health(room=1, missing=(), silent_for=3 * DAY, came=8, active=10), True),
        (Health(room=1, missing=(), silent_for=None, came=0, active=0), True),
        (Health(room=1, missing=(), silent_for=0, came=2, active=10), True),
        (Health(room=1, missing=(), silent_for=0, came=0, active=4), False),
        (Health(room=1, missing=(), silent_for=0, came=0, active=10, weekday=1), False),
        (Health(room=1, missing=(), silent_for=0, came=0, active=10, weekday=2), True),
    ],
)
def test_who_needs_care(health: Health, needs_care: bool) -> None:
    assert health.needs_care is needs_care


def test_the_worst_come_first() -> None:
    deaf = Health(room=5, missing=("read", "delete"), silent_for=0, came=9, active=10)
    silent = Health(room=4, missing=(), silent_for=5 * DAY, came=9, active=10)
    low = Health(room=3, missing=(), silent_for=0, came=1, active=10)
    lacking = Health(room=2, missing=("delete",), silent_for=0, came=9, active=10)
    assert sorted([WELL, lacking, low, silent, deaf], key=urgency) == [deaf, silent, low, lacking, WELL]


def test_a_share_of_nobody_is_none() -> None:
    assert Health(room=1, missing=(), silent_for=0, came=0, active=0).share is None
    assert WELL.share == 80
