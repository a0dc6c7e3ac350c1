"""Ten kills, and nothing lost. Ends with an error when anything is.

python -m bench.survival            fifty thousand updates wait at a fake Telegram
python -m bench.survival --room     a class of thirty writes on the local room's page
"""

import argparse
import asyncio
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.adapters.survival import Load, survive
from tests.web import survival as page

A_CLASS = page.Load(writers=30, kills=10, between=400, seed=5)
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


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--room", action="store_true")
    start = time.perf_counter()
    asyncio.run(on_the_page() if parser.parse_args().room else on_telegram())
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
