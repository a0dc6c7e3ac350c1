"""Ten thousand messages at once, a third of them asking for something: what is said and waits, its weight.

python -m bench.flood             from three groups of 200 at a fake Telegram with its real limits
python -m bench.flood --room      from a class of forty on the local room's page
"""

import argparse
import asyncio
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import httpx

from bench.load import WORDS
from bench.memory import resident
from tests.peers.telegram import ServerProcess
from tests.peers.telegram.client import ROOT
from tests.web.survival import Class, Load

MESSAGES = 10_000
LOOKS = (10, 60, 120)
"""Seconds after the last message at which it is looked at."""

SHARES = {"打卡": 0.1, "/help": 0.1, "/me": 0.05, "/top": 0.05}


@asynccontextmanager
async def program(folder: Path, settings: str = "") -> AsyncIterator[tuple[int, str]]:
    """The program: its process, and its page's address."""
    config = folder / "config.toml"
    config.write_text(f"[web]\nport = 0\n{settings}", encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "--config", str(config), "--data", str(folder)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    yield process.pid, (await process.stdout.readline()).decode().split()[-1]
    process.terminate()
    assert await process.wait() == 0


async def look(folder: Path, process: int, address: str) -> None:
    """Tell how it is while the flood drains."""
    start = time.monotonic()
    for seconds in LOOKS:
        await asyncio.sleep(max(0.0, start + seconds - time.monotonic()))
        began = time.perf_counter()
        async with httpx.AsyncClient() as client:
            assert (await client.get(address)).status_code == 200
        page = (time.perf_counter() - began) * 1000
        with closing(sqlite3.connect(f"file:{folder}/banzhang.sqlite3?mode=ro", uri=True)) as database:
            actions = dict(database.execute("SELECT state, count(*) FROM outbox GROUP BY state"))
            (heard,) = database.execute("SELECT count(*) FROM message").fetchone()
        print(f"{seconds:>4} s: {heard} messages, {actions}, page {page:.0f} ms, {resident(process):.0f} MB")


async def telegram(folder: Path) -> None:
    async with ServerProcess(limits=True) as fake:
        settings = f'[telegram]\ntoken = "{fake.token}"\napi_root = "{fake.root}"\n'
        async with program(folder, settings) as (process, address):
            chats = [(await fake.control.group(200))["id"] for _ in range(3)]
            now = int((await fake.control.stats())["now"])
            window = {"chats": chats, "start": now, "end": now + 1, "store": False}
            for text, share in SHARES.items():
                await fake.control.bulk(n=int(MESSAGES * share), text=text, **window)
            chatter = MESSAGES - int(MESSAGES * sum(SHARES.values()))
            await fake.control.bulk(n=chatter, words=WORDS, **window)
            await look(folder, process, address)
            await fake.control.no_violations()


async def room(folder: Path) -> None:
    class_ = Class(Load(writers=40, kills=0, between=1, seed=1))
    async with program(folder) as (process, address), class_.client:
        class_.client.base_url = httpx.URL(address + "room/")
        class_.client.headers.update({"Origin": address.rstrip("/"), "Sec-Fetch-Site": "same-origin"})
        class_.alive.set()
        chance = random.Random(1)
        start = time.perf_counter()
        said = iter(range(MESSAGES))
        kinds, weights = [*SHARES, ""], [*SHARES.values(), 1 - sum(SHARES.values())]

        async def write(member: int) -> None:
            for _ in said:
                (text,) = chance.choices(kinds, weights)
                await class_.says(member, text or "".join(chance.choices(WORDS, k=8)))

        await asyncio.gather(*map(write, await class_.comes()))
        print(f"{MESSAGES} messages in {time.perf_counter() - start:.0f} s")
        await look(folder, process, address)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--room", action="store_true")
    flood = room if parser.parse_args().room else telegram
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        asyncio.run(flood(Path(folder)))


if __name__ == "__main__":
    main()
