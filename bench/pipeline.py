"""Whole updates in process: raw JSON to durable commit, Banzhang beside a plain bot. See bench/README.md.

python -m bench.pipeline            every case, several runs each
python -m bench.pipeline --quick    three cases, once
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
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.banzhang import Banzhang
from bench.load import EACH_A_DAY, Load, answer
from bench.plain import PlainBot

PLAIN_MESSAGES = 2_000
MESSAGES = 20_000
STRANGERS = 500
"""Messages before the clock starts where members are not known; else each has spoken once."""


@dataclass(frozen=True)
class Case:
    """One group: its members, the share of check-ins, whether its members are known, `pinned` to one core."""

    members: int
    checkins: float
    known: bool
    pinned: bool

    @property
    def before(self) -> int:
        """Messages before the clock starts: what is read once at the start is no cost of a message."""
        return self.members if self.known else STRANGERS

    def messages(self, bot: str) -> int:
        """How many are measured; of those who are known a day's at least, whose first ones cost more."""
        if bot == "plain":
            return PLAIN_MESSAGES
        return max(MESSAGES, EACH_A_DAY * self.members) if self.known else MESSAGES


CASES = [
    Case(members, checkins, known, pinned)
    for members, known in ((500, True), (20_000, True), (20_000, False))
    for checkins in (0.0, 0.05, 0.2)
    for pinned in (False, True)
]


async def measure(bot: str, batch: int, case: Case, folder: Path) -> tuple[float, float]:
    """Microseconds per update of one bot in one case: passed, and of CPU time."""
    path = folder / f"{bot}.sqlite3"
    count = case.messages(bot)
    warm = Load(case.before, case.members, case.checkins, in_turn=case.known).updates()
    updates = Load(count, case.members, case.checkins, first=case.before + 1).updates()
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
            await measured.check(case.before + count)
    return spent / count * 1e6, worked / count * 1e6


def run(bot: str, batch: int, case: Case) -> tuple[float, float]:
    """The same in a process of its own, on one core when it is pinned."""
    command = [sys.executable, "-m", "bench.pipeline", "--one", bot, str(batch), json.dumps(asdict(case))]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    spent, worked = map(float, printed.split())
    return spent, worked


def one(bot: str, batch: str, written: str) -> None:
    case = Case(**json.loads(written))
    if case.pinned:
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        spent = asyncio.run(measure(bot, int(batch), case, Path(folder)))
    print(*spent)


def compare(case: Case, runs: int) -> dict[str, object]:
    """Median microseconds of the plain bot, of Banzhang at 100 and at 1,000 a batch, run in turns.

    `work` are those of CPU time; `ratio` compares what passed, which is what counts.
    """
    contenders = (("plain", 100), ("banzhang", 100), ("banzhang", 1_000))
    spent: dict[tuple[str, int], list[tuple[float, float]]] = {contender: [] for contender in contenders}
    for _ in range(runs):
        for bot, batch in contenders:
            spent[bot, batch].append(run(bot, batch, case))
    passed, work = (
        [statistics.median(one[kind] for one in spent[contender]) for contender in contenders]
        for kind in (0, 1)
    )
    plain, hundred, thousand = passed
    return {
        **asdict(case),
        "plain": round(plain),
        "at 100": round(hundred, 1),
        "at 1,000": round(thousand, 1),
        "ratio at 100": round(plain / hundred, 1),
        "ratio at 1,000": round(plain / thousand, 1),
        "work": [round(one, 1) for one in work],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three cases, once")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        one(*chosen.one)
        return
    quick = [case for case in CASES if case.members == 500 and case.pinned == (case.checkins == 0.2)]
    for case in quick if chosen.quick else CASES:
        print(json.dumps(compare(case, 1 if chosen.quick else chosen.runs)), flush=True)


if __name__ == "__main__":
    main()
