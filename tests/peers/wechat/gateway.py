"""Start and drive the gateway with a fake WeChat behind it (gateway.mjs); standard library only.

with Gateway() as gateway:
    gateway.op("contact", id="wxid_alice", name="Alice")
    gateway.op("room", id="r1@chatroom", topic="Team", members=["wxid_alice"])
    gateway.op("say", {"from": "wxid_alice", "room": "r1@chatroom", "text": "hello"})
    await gateway.wait_for("text", to="r1@chatroom")  # what the bot answered
"""

import asyncio
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Self

HERE = Path(__file__).parent
TOKEN = "insecure_test-token"


class GatewayError(Exception):
    """The gateway did not start, or refused an operation."""


class Gateway:
    """One gateway of our own on 127.0.0.1, as a process that ends with this one."""

    def __init__(
        self, *, tls: bool = False, token: str = TOKEN, grpc_port: int = 0, log: str = "silent"
    ) -> None:
        self.endpoint = ""
        """Where it listens for the bot, as host:port."""
        self.control = ""
        """The address that takes operations."""
        self.token = token
        self.bot = ""
        """The WeChat id of the account behind it."""
        port = ["--grpc-port", str(grpc_port)]
        self._command = ["node", str(HERE / "gateway.mjs"), "--token", token, *port, *["--tls"] * tls]
        self._environment = {**os.environ, "WECHATY_LOG": log, "NODE_NO_WARNINGS": "1"}
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> Self:
        """Start it and wait until it serves, for a second or two."""
        self._process = subprocess.Popen(
            self._command, env=self._environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:  # other lines may be log output
            if line.startswith('{"ready":true'):
                ready = json.loads(line)
                self.endpoint = ready["endpoint"]
                self.control = ready["control"]
                self.bot = ready["bot"]
                return self
        code = self._process.wait()
        self.stop()
        raise GatewayError(f"it ended with {code} before it was ready")

    def stop(self) -> None:
        """Kill it, as a crash would. start() makes a new one with nobody in it, on a new port.

        Give grpc_port to come back at the same place.
        """
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    @property
    def is_up(self) -> bool:
        """Whether it was started and not stopped."""
        return self._process is not None

    def freeze(self) -> None:
        """Let it hang: connections stay open, and nothing is answered until thaw()."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on after freeze()."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def op(self, op: str, body: dict[str, Any] | None = None, **fields: Any) -> Any:
        """Carry out an operation of README.md; its answer, or GatewayError with its reason."""
        data = json.dumps({**(body or {}), **fields}).encode()
        try:
            with urllib.request.urlopen(f"{self.control}/{op}", data=data, timeout=30) as answer:  # noqa: S310 - our own address
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise GatewayError(f"{op}: {json.load(error)['error']}") from None

    def journal(self, kind: str | None = None, since: int = 0) -> list[dict[str, Any]]:
        """What the bot sent or changed, oldest first; of one kind, and after a number."""
        entries: list[dict[str, Any]] = self.op("journal", {"kind": kind, "since": since})
        return entries

    async def wait_for(
        self, kind: str, *, timeout: float = 60, since: int = 0, **fields: Any
    ) -> dict[str, Any]:
        """The first thing of that kind that the bot did with those field values.

        Waits in the event loop, so a bot in the same loop can go on. `timeout` is in seconds.
        """
        deadline = time.monotonic() + timeout
        while True:
            for entry in self.journal(kind, since):
                if all(entry.get(name) == value for name, value in fields.items()):
                    return entry
            if time.monotonic() > deadline:
                raise TimeoutError(f"no {kind} {fields}; journal: {self.journal()}")
            await asyncio.sleep(0.02)
