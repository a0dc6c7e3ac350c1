"""Whether the program grows with what it hears: python -m bench.memory. See bench/README.md."""

import asyncio
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.polling import MEMBERS, configured, written
from tests.peers.telegram import ServerProcess
from tests.peers.telegram.client import ROOT

LOOKS = (20_000, 100_000, 200_000, 400_000)
"""After so many messages it is looked at."""

IDLE_FOR = 5.0


def resident(process: int) -> float:
    """Megabytes that a process holds in memory."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


async def main() -> None:
    async with ServerProcess() as fake:
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
            config = await configured(fake, folder)
            program = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "--config", str(config), cwd=ROOT, stderr=subprocess.DEVNULL
            )
            chat = (await fake.control.group(MEMBERS))["id"]
            heard = 0
            for look in LOOKS:
                await written(fake, chat, look - heard)
                heard = look
                await fake.control.wait_idle(timeout=300, settle=2)
                await asyncio.sleep(IDLE_FOR)
                print(f"after {look:>7,} messages: {resident(program.pid):.0f} MB", flush=True)
            program.terminate()
            assert await program.wait() == 0


if __name__ == "__main__":
    asyncio.run(main())
