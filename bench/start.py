"""Start to serving, and memory when idle: the whole program in an empty folder, without and with Telegram.

python -m bench.start [starts]
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from bench.memory import IDLE_FOR, resident
from tests.peers.telegram import ServerProcess
from tests.peers.telegram.client import ROOT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PAGE = "[web]\nport = 0\n"
Start = tuple[float, float]
"""Seconds from the start of the process to the first answer, and megabytes resident when idle."""


@asynccontextmanager
async def started(config: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The program with these settings, asked to stop at the end."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_text(config, encoding="utf-8")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "--config", str(path), "--data", folder),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        yield process
        process.terminate()
        assert await process.wait() == 0


async def page() -> Start:
    """The local room alone, until its page answers."""
    began = time.perf_counter()
    async with started(PAGE) as process, httpx.AsyncClient() as client:
        assert process.stdout is not None
        address = (await process.stdout.readline()).decode().split()[-1]
        assert (await client.get(address)).status_code == 200
        seconds = time.perf_counter() - began
        await asyncio.sleep(IDLE_FOR)
        return seconds, resident(process.pid)


async def telegram() -> Start:
    """The local room and Telegram, until a member who has asked for help is answered there."""
    async with ServerProcess() as fake:
        (member,) = await fake.control.users(count=1, started=True)
        await fake.control.say(user=member, text="/help")
        settings = f'{PAGE}[telegram]\ntoken = "{fake.token}"\napi_root = "{fake.root}"\n'
        began = time.time()  # noqa: TID251 - the fake, another process, notes the same clock
        async with started(settings) as process:
            (answer,) = await fake.control.wait_sent(1, seconds=20)
            await asyncio.sleep(IDLE_FOR)
            return answer["time"] - began, resident(process.pid)


async def main() -> None:
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    for name, start in (("the room alone, to its page", page), ("with Telegram, to an answer", telegram)):
        measured = [await start() for _ in range(starts)]
        seconds, megabytes = (statistics.median(one) for one in zip(*measured, strict=True))
        print(f"{name}: {seconds:.2f} s, idle {megabytes:.0f} MB (medians of {starts})")


if __name__ == "__main__":
    asyncio.run(main())
