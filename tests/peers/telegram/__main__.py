"""The fake Telegram as a program: python -m tests.peers.telegram --port 8081 --token 123456:ABC."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys

from .client import DEFAULT_TOKEN
from .server import Server


async def main() -> None:
    ap = argparse.ArgumentParser(prog="tests.peers.telegram", description=__doc__)
    ap.add_argument("--host", default="127.0.0.1")
    ap.add_argument("--port", type=int, default=8081, help="0: any free port (printed)")
    ap.add_argument("--token", action="append", help=f"bot token, may be repeated (default {DEFAULT_TOKEN})")
    ap.add_argument("--any-token", action="store_true", help="any well-formed token makes a new bot")
    ap.add_argument("--limits", choices=["real", "off"], default="real", help="rate limits (default real)")
    ap.add_argument(
        "--no-privacy", action="store_true", help="bots read all group messages (privacy mode off)"
    )
    ap.add_argument(
        "--strict",
        choices=["reject", "record", "off"],
        default="reject",
        help="calls that violate the spec: 400 and recorded / only recorded / ignored",
    )
    ap.add_argument("--selfcheck", action="store_true", help="check the fake's own output against the spec")
    ap.add_argument("--seed", type=int, default=None)
    a = ap.parse_args()
    s = Server(seed=a.seed, any_token=a.any_token, limits=a.limits == "real")
    s.world.config.update(strict=a.strict, selfcheck=a.selfcheck)
    for t in a.token or ([] if a.any_token else [DEFAULT_TOKEN]):
        s.world.add_bot(t, privacy=not a.no_privacy)
    await s.start(a.host, a.port)
    print(f"fake Telegram ready ({s.spec.version}) on http://{a.host}:{s.port}/", flush=True)  # noqa: T201 - ServerProcess waits for this line
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sig in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sig, stop.set)
    await stop.wait()
    await s.stop()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
