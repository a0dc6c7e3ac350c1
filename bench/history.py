"""Whether the cost of a message stays flat as history and membership grow. See bench/README.md.

python -m bench.history                     10 thousand messages, then a million, each with many members
python -m bench.history --largest           ten million messages and a million members as well
"""

# ruff: noqa: S608 - the only text put into the SQL is this file's own

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.banzhang import COMMUNITY, Banzhang
from bench.load import FIRST_SECOND, Load, answer

if TYPE_CHECKING:
    from storage.db import Transaction

MEASURED = 10_000
ACTIVE = 500
"""Members who write while it is measured; all others are only there."""

BATCH = 1_000
HISTORIES = [(10_000, 500), (100_000, 20_000), (1_000_000, 100_000)]
LARGEST = (10_000_000, 1_000_000)

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"


def fill(tx: Transaction, messages: int, members: int) -> None:
    """The rows that so long a history leaves; the first members are those whom bench.load invents."""
    start = (FIRST_SECOND - 86_400) * 1000
    people = {"count": members, "start": start}
    tx.run(f"INSERT INTO person (hidden, created_at) {NUMBERS} SELECT 0, :start FROM n", people)
    tx.run(
        "INSERT INTO account (person, platform, native, name, username, is_bot, direct, created_at)"
        f" {NUMBERS} SELECT i, 'telegram', CAST(9999999 + i AS TEXT), '同学' || (i - 1), 'member' || (i - 1),"
        " 0, 'unknown', :start FROM n",
        people,
    )
    tx.run(
        "INSERT INTO membership (room, account, role, joined_at)"
        f" {NUMBERS} SELECT 1, i, 'member', :start FROM n",
        people,
    )
    columns = "message, reply_given, reply_got, reaction_given, reaction_got, checkin, featured"
    for days in range(1, 1 + max(1, min(30, messages // members))):
        tx.run(
            f"INSERT INTO activity (community, day, account, room, {columns}, points) {NUMBERS}"
            " SELECT 1, date(:start / 1000, 'unixepoch', :back), i, 1, 1, 0, 0, 0, 0, 0, 0, 1.0 FROM n",
            people | {"back": f"-{days} days"},
        )
    tx.run(
        f"INSERT INTO score (community, person, value, half_life) {NUMBERS}"
        " SELECT 1, i, (i * 7919 % 100003) / 9973.0, 14.0 FROM n",
        people,
    )
    tx.run(
        f"INSERT INTO tally (community, period, person, points) {NUMBERS}"
        " SELECT 1, 'all', i, i * 7919 % 100003 FROM n",
        people,
    )
    tx.run(
        f"INSERT INTO message (room, native, account, at, scored, answered) {NUMBERS}"
        " SELECT 1, CAST(100000000 + i AS TEXT), 1 + i % :members, :start - 1000 * i, 1, NULL FROM n",
        people | {"count": messages, "members": members},
    )


async def measure(messages: int, members: int, folder: Path) -> tuple[float, float]:
    """Microseconds per update with so much behind it, and milliseconds to settle what that left."""
    async with Banzhang(folder / "history.sqlite3") as bot:
        await bot.database.write(lambda tx: fill(tx, messages, members))
        first = Load(1_000, ACTIVE, 0.05, first=1)
        await bot.take(answer(first.updates()))
        updates = Load(MEASURED, ACTIVE, 0.05, first=1_001).updates()
        bodies = [answer(updates[start : start + BATCH]) for start in range(0, MEASURED, BATCH)]
        start = time.perf_counter()
        for body in bodies:
            await bot.take(body)
        taken = time.perf_counter()
        await bot.settle()
        settled = time.perf_counter()
        known = await bot.database.read(lambda tx: int(tx.value("SELECT count(*) FROM account")))
        assert known == members
        assert await bot.database.read(lambda tx: int(tx.value("SELECT id FROM community"))) == COMMUNITY
    return (taken - start) / MEASURED * 1e6, (settled - taken) * 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", action="store_true")
    histories = [*HISTORIES, LARGEST] if parser.parse_args().largest else HISTORIES
    for messages, members in histories:
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
            taken, settled = asyncio.run(measure(messages, members, Path(folder)))
        print(
            f"{messages:>10,} messages, {members:>9,} members: {taken:6.1f} µs, settled in {settled:.0f} ms",
            flush=True,
        )


if __name__ == "__main__":
    main()
