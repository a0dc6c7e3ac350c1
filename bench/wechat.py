"""A class of 500 behind a real gateway, and what it costs: python -m bench.wechat. See bench/README.md."""

import argparse
import asyncio
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from grpclib.events import SendRequest, listen

from bench.memory import resident
from bot.adapters.wechat import WeChat
from bot.app import DATABASE, assemble, everything_on, feature_settings, opened
from bot.config import load
from bot.core.clock import WallClock
from bot.core.engine import Engine
from tests.peers.wechat.gateway import Gateway

ROOM = "big@chatroom"
SAY_MORE = 200
SEATS = "SELECT count(*) FROM membership"
CHECKINS = "SELECT count(*) FROM checkin"
MESSAGES = "SELECT count(*) FROM message"
WAITING = "SELECT count(*) FROM outbox WHERE state = 'waiting'"
LOOK_EVERY = 0.05


class Meter:
    """Calls of the gateway, processor time and memory since it was last read."""

    def __init__(self, wechat: WeChat) -> None:
        self._calls: Counter[str] = Counter()
        self._cpu = time.process_time()
        self._at = time.monotonic()
        channel = wechat._client._connection()  # noqa: SLF001 - nobody else needs to look at its calls
        listen(channel, SendRequest, self._count)

    async def _count(self, event: SendRequest) -> None:
        self._calls[event.method_name.rsplit("/", 1)[-1]] += 1

    def read(self, what: str) -> None:
        """Print what was counted, and begin anew."""
        seconds, cpu = time.monotonic() - self._at, time.process_time() - self._cpu
        calls = ", ".join(f"{name} {number}" for name, number in self._calls.most_common())
        print(f"{what}: {seconds:.1f} s, {cpu:.1f} s of a processor, {resident(os.getpid()):.0f} MB; {calls}")
        self._calls.clear()
        self._at, self._cpu = time.monotonic(), time.process_time()


async def counted(engine: Engine, sql: str) -> int:
    return int(await engine.database.read(lambda tx: tx.value(sql)))


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    while not await true():  # noqa: ASYNC110 - rows do not tell
        await asyncio.sleep(LOOK_EVERY)


async def reached(engine: Engine, sql: str, number: int) -> None:
    async def is_reached() -> bool:
        return await counted(engine, sql) >= number

    await until(is_reached)


async def say(gateway: Gateway, people: list[str], text: str, seconds: float) -> None:
    """Each says it, evenly over so many seconds."""
    start = time.monotonic()
    for number, who in enumerate(people, 1):
        await asyncio.to_thread(gateway.op, "say", {"from": who, "room": ROOM, "text": text})
        await asyncio.sleep(max(0.0, start + number * seconds / len(people) - time.monotonic()))


async def play(engine: Engine, wechat: WeChat, gateway: Gateway, people: list[str], minutes: float) -> None:
    meter = Meter(wechat)
    running = asyncio.create_task(engine.run())
    await reached(engine, SEATS, len(people))
    meter.read(f"{len(people)} members listed")
    random.Random(3).shuffle(people)
    await say(gateway, people, "打卡 读了三页", minutes * 60)
    await reached(engine, CHECKINS, len(people))
    meter.read(f"{len(people)} check-ins")
    await say(gateway, people[:SAY_MORE], "今天下雨了呢", 0)
    await reached(engine, MESSAGES, len(people) + SAY_MORE)
    meter.read(f"{SAY_MORE} at once")

    async def all_is_said() -> bool:
        return not await counted(engine, WAITING)

    await until(all_is_said)
    meter.read("until all is said")
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await wechat.close()
    for line in gateway.journal("text"):
        print(f"  {line['text'].splitlines()[0]}")


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--members", type=int, default=499)
    parser.add_argument("--minutes", type=float, default=3.0)
    arguments = parser.parse_args()
    with Gateway() as gateway, tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        people = [f"wxid_{number}" for number in range(arguments.members)]
        for number, native in enumerate(people):
            gateway.op("contact", id=native, name=f"同学{number}", friend=number % 10 == 0)
        gateway.op("room", id=ROOM, topic="五百人班", members=people, owner=people[0])
        path = Path(name) / "config.toml"
        sleepless = 'sleeps_from = "00:00"\nsleeps_until = "00:00"\n'
        path.write_text(
            f'[wechat]\nendpoint = "{gateway.endpoint}"\ntoken = "{gateway.token}"\n{sleepless}', "utf-8"
        )
        config = everything_on(load(path, feature_settings(), {}))
        clock = WallClock()
        async with opened(Path(name) / DATABASE) as database:
            engine, wechat = assemble(config, database, clock, seed=1), WeChat(config.wechat, clock)
            engine.add(wechat)
            await play(engine, wechat, gateway, people, arguments.minutes)


if __name__ == "__main__":
    asyncio.run(main())
