"""Ten kills, and nothing lost. Ends with an error when anything is.

python -m bench.survival            fifty thousand updates wait at a fake Telegram
python -m bench.survival --room     a class of thirty writes on the local room's page
python -m bench.survival --both     updates wait at Telegram, and people write behind a gateway of WeChat
"""

import argparse
import asyncio
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.adapters import survival_on_both
from tests.adapters.survival import Load, survive
from tests.web import survival as page

A_CLASS = page.Load(writers=30, kills=10, between=400, seed=5)
TEN_THOUSAND = Load(messages=9_000, checkins=1_000, members=200, rooms=2, kills=10, seed=13)
FIFTY_THOUSAND = Load(messages=47_500, checkins=2_500, members=500, rooms=5, kills=10, seed=11)


async def on_the_page() -> None:
    with tempfile.TemporaryDirectory() as folder:
        ending = await page.survive(Path(folder), A_CLASS)
    ending.check(A_CLASS.kills)
    repeats = ending.rows["answered"] - ending.rows["asked"]
    print(f"messages accepted: {len(ending.accepted)}, under way at a kill: {ending.unknown} acts")
    print(f"actions: {dict(ending.rows['outbox'])}, answers said again: {repeats.total()}")


async def on_telegram() -> None:
    with tempfile.TemporaryDirectory() as folder:
        truth, ending = await survive(Path(folder), FIFTY_THOUSAND)
    assert ending.messages == truth.messages
    assert ending.checked_in == Counter(dict.fromkeys(truth.checked_in, 1))
    assert ending.dead_letters == 0
    assert set(ending.outbox) <= {"sent", "merged", "expired"}
    repeats = {chat: times - ending.meant[chat] for chat, times in ending.said.items()}
    assert all(times <= FIFTY_THOUSAND.kills for times in repeats.values())
    print(f"messages counted once: {ending.messages.total()}, told again: {ending.redelivered}")
    print(f"check-ins counted once: {ending.checked_in.total()}")
    print(f"actions: {dict(ending.outbox)}")
    print(
        f"messages said, by room: {sorted(ending.said.values())}, of these repeats: {sum(repeats.values())}"
    )


async def on_both() -> None:
    with tempfile.TemporaryDirectory() as folder:
        truth, far, ending = await survival_on_both.survive(Path(folder), TEN_THOUSAND)
    members = survival_on_both.MEMBERS
    heard = Counter({native: ending.messages.pop(native) for native in members})
    assert ending.messages == truth.messages
    assert ending.checked_in == Counter(dict.fromkeys((*truth.checked_in, *members), 1))
    assert heard <= far.said
    assert ending.dead_letters == 0
    assert ending.gaps_here == []
    repeats = ending.said.total() - len(ending.said)
    assert repeats <= TEN_THOUSAND.kills
    print(f"messages on Telegram counted once: {ending.messages.total()}")
    print(f"said on WeChat: {far.said.total()}, heard and counted once: {heard.total()}")
    print(f"lines on WeChat: {ending.said.total()}, of these repeats: {repeats}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--room", action="store_true")
    parser.add_argument("--both", action="store_true")
    asked = parser.parse_args()
    start = time.perf_counter()
    asyncio.run(on_the_page() if asked.room else on_both() if asked.both else on_telegram())
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
