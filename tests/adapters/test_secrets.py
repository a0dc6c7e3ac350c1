"""The bot's token is in no log, however much is logged, and not in the database."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from tests.peers.telegram import ServerProcess
from tests.peers.telegram.client import ROOT

TROUBLE = ("500", "502", "timeout", "reset", "truncate", "429")


@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
async def test_trouble_with_telegram_tells_nobody_the_token(tmp_path: Path, known: bool) -> None:
    async with ServerProcess() as fake:
        token = fake.token if known else fake.token.partition(":")[0] + ":not-the-token-of-that-bot-at-all"
        config = tmp_path / "config.toml"
        config.write_text(
            f'[bot]\nlog_level = "debug"\n[telegram]\ntoken = "{token}"\napi_root = "{fake.root}"\n'
            "[room]\nenabled = false\n",
            encoding="utf-8",
        )
        group = (await fake.control.group(2))["id"]
        for kind in TROUBLE:
            await fake.control.fault(kind=kind, count=2, skip=3, hold=0.1, retry_after=1)
            await fake.control.fault(kind=kind, method="getUpdates", count=1, hold=0.1, retry_after=1)
        await fake.control.bulk(n=20, chats=[group])
        program = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", "--config", str(config)),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            if known:
                await fake.control.wait_idle(timeout=120)
                program.send_signal(signal.SIGTERM)
            said, _ = await asyncio.wait_for(program.communicate(), 120)
        finally:
            if program.returncode is None:
                program.kill()
                await program.communicate()
        secret = token.partition(":")[2].encode()
        assert program.returncode == (0 if known else 78)
        assert said
        assert b"Traceback" not in said
        assert secret not in said
        for path in (tmp_path / "data").iterdir():
            assert secret not in path.read_bytes()
