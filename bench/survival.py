"""Fifty thousand updates, ten kills: python -m bench.survival. Ends with an error when anything is lost."""

import asyncio
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.adapters.survival import Load, survive

FIFTY_THOUSAND = Load(messages=47_500, checkins=2_500, members=500, rooms=5, kills=10, seed=11)


async def main() -> None:
    start = time.perf_counter()
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
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    asyncio.run(main())
