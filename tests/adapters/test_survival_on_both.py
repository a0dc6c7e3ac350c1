"""Killed while people write on two platforms: nothing is twice, and what a platform keeps is all there."""

from collections import Counter
from pathlib import Path

import pytest

from tests.adapters.survival import Load
from tests.adapters.survival_on_both import MEMBERS, survive

pytestmark = pytest.mark.node


async def test_kills_lose_nothing_of_telegram_and_count_nothing_twice_on_either(tmp_path: Path) -> None:
    load = Load(messages=1000, checkins=200, members=20, rooms=1, kills=3, seed=7)
    truth, far, ending = await survive(tmp_path, load)
    heard = Counter({native: ending.messages.pop(native) for native in MEMBERS})
    assert ending.messages == truth.messages
    assert ending.checked_in == Counter(dict.fromkeys((*truth.checked_in, *MEMBERS), 1))
    assert heard <= far.said, "what is not told afterwards is missing, and nothing counts twice"
    assert heard.total() < far.said.total(), "what was said while nobody listened is told by nobody"
    assert ending.dead_letters == 0
    assert ending.said.total() - len(ending.said) <= load.kills, "a kill repeats one message at the most"
    assert ending.gaps_there != [], "what passed unseen on WeChat is known"
    assert ending.gaps_here == [], "Telegram keeps what the bot missed"
