"""Start to serving, and memory when idle: the whole program, as `./run` starts it, in an empty folder.

.venv/bin/python bench/start.py [starts]
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
IDLE_FOR = 5.0


def one_start(folder: Path) -> tuple[float, float]:
    """Seconds from the start of the process to the page's first answer, and megabytes resident when idle."""
    (folder / "config.toml").write_text("[web]\nport = 0\n", encoding="utf-8")
    command = [sys.executable, "-m", "bot", "--config", str(folder / "config.toml"), "--data", str(folder)]
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=HOUSE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address is not None
        with urllib.request.urlopen(address[0]) as answer:  # noqa: S310 - the address was printed by the program
            assert answer.status == 200
        seconds = time.perf_counter() - began
        time.sleep(IDLE_FOR)
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        process.terminate()
    resident = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert resident is not None
    return seconds, int(resident[1]) / 1024


def main() -> None:
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    measured = []
    for _ in range(starts):
        with tempfile.TemporaryDirectory() as folder:
            measured.append(one_start(Path(folder)))
    seconds = statistics.median(one for one, _ in measured)
    megabytes = statistics.median(one for _, one in measured)
    print(f"start to serving {seconds:.2f} s, idle {megabytes:.0f} MB (medians of {starts} starts)")


main()
