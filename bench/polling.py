"""End to end over HTTP long polling against a fake Telegram in a process of its own.

python -m bench.polling: whole updates a second beside a plain bot, and how soon a command is answered.
"""

import argparse
import asyncio
import logging
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.load import WORDS
from bench.plain import PlainBot
from tests.adapters.survival import write_config
from tests.peers.telegram import ServerProcess
from tests.peers.telegram.client import ROOT

HERE = Path.cwd()
"""The databases lie here while they are measured, so start it on the disk that is meant."""

CHECKINS = 0.05
ROUNDS = 3
MEMBERS = 500
COMMANDS = 150
PACE = 0.1
"""Seconds between two commands, and between two loads of chatter."""

CHATTER = 200
"""Messages in a load: 2,000 a second."""


async def configured(fake: ServerProcess, folder: str) -> Path:
    """The settings for a bot on the fake."""
    return write_config(fake, Path(folder), int((await fake.control.stats())["now"]) // 3600 % 24)


async def waiting(fake: ServerProcess, messages: int) -> None:
    """Let so many messages of a new group wait."""
    await written(fake, (await fake.control.group(MEMBERS))["id"], messages)


async def written(fake: ServerProcess, chat: int, messages: int) -> None:
    """Let so many messages of the last hour wait, a twentieth of them check-ins."""
    now = int((await fake.control.stats())["now"])
    window = {"chats": [chat], "start": now - 3600, "end": now, "store": False}
    checkins = int(messages * CHECKINS)
    await fake.control.bulk(n=messages - checkins, words=WORDS, **window)
    await fake.control.bulk(n=checkins, text="打卡", **window)


class CountingBot(PlainBot):
    """A plain bot that polls, and knows when it has handled so many messages."""

    def __init__(self, path: Path, root: str, token: str, messages: int) -> None:
        super().__init__(path)
        self.left = messages
        self.done = asyncio.Event()
        builder = type(self.application).builder().token(token).base_url(f"{root}/bot")
        handlers = self.application.handlers[0]
        self.application = builder.build()
        self.application.add_handlers(list(handlers))

    async def heard(self, update: object, context: object) -> None:
        await super().heard(update, context)  # type: ignore[arg-type]
        self.left -= 1
        if not self.left:
            self.done.set()


Cost = tuple[float, float]
"""Seconds that it took, and seconds of all processors together that the bot used."""


async def plain(root: str, token: str, folder: Path, messages: int) -> Cost:
    """What a plain bot takes for what waits."""
    async with CountingBot(folder / "plain.sqlite3", root, token, messages) as bot:
        updater = bot.application.updater
        assert updater is not None
        await bot.application.start()
        start, used = time.perf_counter(), time.process_time()
        await updater.start_polling(poll_interval=0)
        await bot.done.wait()
        took = time.perf_counter() - start, time.process_time() - used
        await updater.stop()
        await bot.application.stop()
    return took


async def banzhang(_root: str, _token: str, folder: Path, messages: int) -> Cost:
    """What the whole house takes: everything heard and durable, answers on their way meanwhile."""
    from bot.app import DATABASE, assemble, feature_settings, opened  # noqa: PLC0415
    from bot.config import load  # noqa: PLC0415
    from bot.core.clock import WallClock  # noqa: PLC0415
    from bot.platforms import asked_for  # noqa: PLC0415

    config = load(folder / "config.toml", feature_settings(), {})
    clock = WallClock()
    async with opened(config.data_dir / DATABASE) as database:
        engine = assemble(config, database, clock)
        for platform in asked_for(config, clock):
            engine.add(platform)
            await platform.open()
        done = asyncio.Event()
        take, left = engine.pipeline.take, [messages]

        async def counting(batch: object) -> None:
            await take(batch)  # type: ignore[arg-type]
            left[0] -= len(batch.events)  # type: ignore[attr-defined]
            if left[0] <= 0:
                done.set()

        engine.pipeline.take = counting  # type: ignore[method-assign]
        start, used = time.perf_counter(), time.process_time()
        running = asyncio.create_task(engine.run())
        await done.wait()
        took = time.perf_counter() - start, time.process_time() - used
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        for platform in engine.platforms:
            await platform.close()
    return took


async def throughput(bot: str, messages: int) -> Cost:
    """Microseconds for each update, of one bot in a process of its own."""
    async with ServerProcess() as fake:
        await waiting(fake, messages)
        with tempfile.TemporaryDirectory(dir=HERE) as folder:
            await configured(fake, folder)
            command = [sys.executable, "-m", "bench.polling", "--child", bot, "--root", fake.root]
            command += [
                "--token",
                fake.token,
                "--folder",
                folder,
                "--messages",
                str(messages),
            ]
            child = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, cwd=ROOT)
            said, _ = await child.communicate()
            wall, cpu = (float(word) / messages * 1e6 for word in said.split()[-2:])
            return wall, cpu


async def answers(*, busy: bool) -> list[float]:
    """Milliseconds from a member's command to the bot's answer, each member in a chat of their own."""
    async with ServerProcess() as fake:
        control = fake.control
        with tempfile.TemporaryDirectory(dir=HERE) as folder:
            config = await configured(fake, folder)
            program = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "--config", str(config), cwd=ROOT, stderr=subprocess.DEVNULL
            )
            members = await control.users(count=COMMANDS + 1, started=True)
            chat = (await control.group(MEMBERS))["id"]
            await control.start(user=members[0])
            await control.wait_sent(1, seconds=20)
            await control.wait_idle(settle=2)
            chatter = asyncio.create_task(_chatter(fake, chat)) if busy else None
            asked = {}
            for member in members[1:]:
                asked[member] = time.time()  # noqa: TID251 - the fake, another process, notes the same clock
                await control.say(user=member, text="/help")
                await asyncio.sleep(PACE)
            await control.wait_sent(COMMANDS, seconds=30, since=1)
            if chatter is not None:
                chatter.cancel()
            sent = await control.sent()
            program.terminate()
            await program.wait()
            await control.no_violations()
    first = {one["chat_id"]: one["time"] for one in reversed(sent)}
    return [(first[member] - at) * 1000 for member, at in asked.items()]


async def _chatter(fake: ServerProcess, chat: int) -> None:
    """Two thousand messages a second, as they come."""
    loop = asyncio.get_running_loop()
    next_at = loop.time()
    while True:
        now = int(time.time())  # noqa: TID251 - what members write has the present time
        await fake.control.bulk(n=CHATTER, chats=[chat], words=WORDS, start=now, end=now + 1, store=False)
        next_at += PACE
        await asyncio.sleep(max(0, next_at - loop.time()))


async def compare() -> None:
    costs: dict[str, list[Cost]] = {"plain": [], "banzhang": []}
    for _ in range(ROUNDS):
        for bot, messages in (("plain", 10_000), ("banzhang", 150_000)):
            costs[bot].append(await throughput(bot, messages))
    for place, what in enumerate(("passed", "of processors")):
        plain_cost, own_cost = (statistics.median(cost[place] for cost in costs[bot]) for bot in costs)
        print(
            f"µs {what} for an update: plain {plain_cost:,.0f}, banzhang {own_cost:,.1f}:"
            f" {plain_cost / own_cost:.1f} times"
        )
    for busy in (False, True):
        times = sorted(await answers(busy=busy))
        print(
            f"a command {'at 2,000 messages/s' if busy else 'when quiet'}:"
            f" median {statistics.median(times):.0f} ms, p99 {times[int(len(times) * 0.99)]:.0f} ms"
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--child", choices=["plain", "banzhang"])
    parser.add_argument("--root")
    parser.add_argument("--token")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--messages", type=int)
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    if chosen.child is None:
        asyncio.run(compare())
        return
    run = plain if chosen.child == "plain" else banzhang
    print(*asyncio.run(run(chosen.root, chosen.token, chosen.folder, chosen.messages)))


if __name__ == "__main__":
    main()
