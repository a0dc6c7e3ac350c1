"""Killed at any moment, nothing is lost and nothing counted twice."""

from collections import Counter
from pathlib import Path

from tests.adapters.survival import Load, survive


async def test_kills_lose_nothing_and_count_nothing_twice(tmp_path: Path) -> None:
    load = Load(messages=2500, checkins=500, members=40, rooms=2, kills=3, seed=7)
    truth, ending = await survive(tmp_path, load)
    assert ending.messages == truth.messages
    assert ending.checked_in == Counter(dict.fromkeys(truth.checked_in, 1))
    assert ending.redelivered > 0
    assert ending.dead_letters == 0
    assert set(ending.outbox) <= {"sent", "merged", "expired"}
    for chat, times in ending.said.items():
        assert times - ending.meant[chat] <= load.kills
        assert times <= 20
