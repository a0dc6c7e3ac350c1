"""Killed after Telegram took a message and before that was noted: said again at most once, and never lost."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.app import DATABASE, opened
from tests.adapters.survival import write_config
from tests.peers.telegram import ServerProcess
from tests.peers.telegram.client import ROOT
from tests.stage import actions_by_state

ASKING = 6
"""Members who ask, each in a chat of their own: fewer than chats are sent to at once."""


@asynccontextmanager
async def the_program(config: Path, end: signal.Signals = signal.SIGKILL) -> AsyncIterator[None]:
    """The real program runs meanwhile; at the end it is killed, or asked to stop."""
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "--config", str(config), cwd=ROOT, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield
    finally:
        program.send_signal(end)
        await program.wait()


async def all_asked(fake: ServerProcess) -> list[int]:
    """Everybody asks for help; who they are."""
    members: list[int] = await fake.control.users(count=ASKING, started=True)
    for member in members:
        await fake.control.say(user=member, text="/help")
    return members


async def killed_with_answers_on_their_way(fake: ServerProcess, config: Path) -> None:
    """Telegram takes an answer in every chat but does not say so, and the program dies."""
    so_far = len(await fake.control.sent())
    await fake.control.fault(kind="timeout", method="sendMessage", when="after", hold=60)
    async with the_program(config):
        await fake.control.wait_sent(so_far + ASKING, seconds=60)
    await fake.control.faults(clear=True)


async def the_rest(fake: ServerProcess, config: Path, database: Path) -> dict[str, int]:
    """Started once more without trouble until all is said again; how many actions ended how."""
    so_far = len(await fake.control.sent())
    async with the_program(config):
        await fake.control.wait_sent(so_far + ASKING, seconds=60)
        await fake.control.wait_idle(timeout=60, settle=0.5)
    async with opened(database) as found:
        return await found.read(actions_by_state)


async def test_a_kill_between_sending_and_noting_it_repeats_once_and_loses_nothing(tmp_path: Path) -> None:
    async with ServerProcess() as fake:
        config = write_config(fake, tmp_path, hour_now=0)
        members = await all_asked(fake)
        for kills in (1, 2):
            await killed_with_answers_on_their_way(fake, config)
            said = Counter(one["chat_id"] for one in await fake.control.sent())
            assert said == dict.fromkeys(members, kills)
        assert await the_rest(fake, config, tmp_path / "data" / DATABASE) == {"sent": ASKING}
        sent = await fake.control.sent()
        assert Counter(one["chat_id"] for one in sent) == dict.fromkeys(members, 3)
        assert len({one["text"] for one in sent}) == 1
        await fake.control.no_violations()


async def test_what_is_being_sent_is_finished_and_noted_before_it_stops(tmp_path: Path) -> None:
    async with ServerProcess() as fake:
        config = write_config(fake, tmp_path, hour_now=0)
        await all_asked(fake)
        await fake.control.fault(kind="delay", method="sendMessage", when="after", delay=1)
        async with the_program(config, signal.SIGTERM):
            await fake.control.wait_sent(ASKING, seconds=60)
        async with opened(tmp_path / "data" / DATABASE) as found:
            assert await found.read(actions_by_state) == {"sent": ASKING}
        await fake.control.no_violations()
