"""Whole updates in process: raw JSON to durable commit, Banzhang beside a plain bot. See bench/README.md.

python -m bench.pipeline            every case, several runs each
python -m bench.pipeline --quick    two cases, once
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.banzhang import Banzhang
from bench.load import Load, answer
from bench.plain import PlainBot

PLAIN_MESSAGES = 2_000
MESSAGES = 20_000
FIRST_MESSAGES = 500
"""Handled before the clock starts, by both: what is read once at the start is no cost of a message."""

CASES = [
    (members, checkins, pinned)
    for members in (500, 20_000)
    for checkins in (0.0, 0.05, 0.2)
    for pinned in (False, True)
]


async def measure(bot: str, members: int, checkins: float, batch: int, folder: Path) -> tuple[float, float]:
    """Microseconds per update of one bot in one case: passed, and of CPU time."""
    path = folder / f"{bot}.sqlite3"
    count = PLAIN_MESSAGES if bot == "plain" else MESSAGES
    warm = Load(FIRST_MESSAGES, members, checkins).updates()
    updates = Load(count, members, checkins, first=FIRST_MESSAGES + 1).updates()
    bodies = [answer(updates[start : start + batch]) for start in range(0, count, batch)]
    async with PlainBot(path) if bot == "plain" else Banzhang(path) as measured:
        await measured.take(answer(warm))
        start, worked = time.perf_counter(), time.process_time()
        for body in bodies:
            await measured.take(body)
        if isinstance(measured, Banzhang):
            await measured.settle()
        spent, worked = time.perf_counter() - start, time.process_time() - worked
        if isinstance(measured, Banzhang):
            await measured.check(FIRST_MESSAGES + count)
    return spent / count * 1e6, worked / count * 1e6


def run(bot: str, members: int, checkins: float, batch: int, *, pinned: bool) -> tuple[float, float]:
    """The same in a process of its own, on one core when `pinned`."""
    arguments = [bot, str(members), str(checkins), str(batch), "1" if pinned else "0"]
    command = [sys.executable, "-m", "bench.pipeline", "--one", *arguments]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    spent, worked = map(float, printed.split())
    return spent, worked


def one(arguments: list[str]) -> None:
    bot, members, checkins, batch, pinned = arguments
    if pinned == "1":
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        spent = asyncio.run(measure(bot, int(members), float(checkins), int(batch), Path(folder)))
    print(*spent)


def compare(members: int, checkins: float, *, pinned: bool, runs: int) -> dict[str, object]:
    """Median microseconds of the plain bot, of Banzhang at 100 and at 1,000 a batch, run in turns.

    `work` are those of CPU time; `ratio` compares what passed, which is what counts.
    """
    contenders = (("plain", 100), ("banzhang", 100), ("banzhang", 1_000))
    spent: dict[tuple[str, int], list[tuple[float, float]]] = {contender: [] for contender in contenders}
    for _ in range(runs):
        for bot, batch in contenders:
            spent[bot, batch].append(run(bot, members, checkins, batch, pinned=pinned))
    passed, work = (
        [statistics.median(one[kind] for one in spent[contender]) for contender in contenders]
        for kind in (0, 1)
    )
    plain, hundred, thousand = passed
    return {
        "members": members,
        "check-ins": checkins,
        "cores": "one" if pinned else "free",
        "plain": round(plain),
        "at 100": round(hundred, 1),
        "at 1,000": round(thousand, 1),
        "ratio at 100": round(plain / hundred, 1),
        "ratio at 1,000": round(plain / thousand, 1),
        "work": [round(one, 1) for one in work],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two cases, once")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--one", nargs=5, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        one(chosen.one)
        return
    cases = [(500, 0.0, False), (500, 0.2, True)] if chosen.quick else CASES
    for members, checkins, pinned in cases:
        runs = 1 if chosen.quick else chosen.runs
        print(
            json.dumps(compare(members, checkins, pinned=pinned, runs=runs), ensure_ascii=False), flush=True
        )


if __name__ == "__main__":
    main()
