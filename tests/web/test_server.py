"""Starting and ending: the address, the next port, and a graceful stop."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from bot.core.errors import Stop
from web.server import NEXT_PORTS, address_of, listening

HOUSE = Path(__file__).parent.parent.parent


def start(folder: Path, config: str) -> subprocess.Popen[str]:
    (folder / "config.toml").write_text(config, encoding="utf-8")
    command = [sys.executable, "-P", "-m", "bot", "--config", str(folder / "config.toml")]
    environment = os.environ | {"PYTHONPATH": str(HOUSE)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_serves_and_ends_gracefully(tmp_path: Path, end: signal.Signals) -> None:
    with start(tmp_path, "[web]\nport = 0\n") as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.fullmatch(r"Banzhang is at (http://127\.0\.0\.1:\d+/)\n", said)
        assert found is not None, said
        with httpx.stream("GET", found[1] + "room/live") as live:
            assert live.status_code == 200
            process.send_signal(end)
            assert process.wait(30) == 0
        assert (tmp_path / "data").is_dir()


def test_a_taken_port_leads_to_the_next() -> None:
    with listening("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with listening("127.0.0.1", port) as second:
            assert port < second.getsockname()[1] < port + NEXT_PORTS
            assert address_of(second) == f"http://127.0.0.1:{second.getsockname()[1]}/"


def test_an_address_that_is_not_this_machines_is_refused_in_one_line() -> None:
    with pytest.raises(Stop, match=r"change \[web\] host or port"):
        listening("192.0.2.1", 8080)


def test_a_page_open_to_the_network_is_still_opened_here() -> None:
    with listening("0.0.0.0", 0) as listener:  # noqa: S104 - what an admin may ask for
        assert address_of(listener).startswith("http://127.0.0.1:")
    if socket.has_ipv6:
        with listening("::1", 0) as listener:
            assert address_of(listener).startswith("http://[::1]:")
