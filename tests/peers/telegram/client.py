"""For tests: start a fake server (in this process or as a child) and drive it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

import aiohttp

DEFAULT_TOKEN = "123456:FAKE-BOT-TOKEN-for-tests-0000000000"
ROOT = Path(__file__).resolve().parents[3]


class ControlError(Exception):
    """An operation was called wrongly (status 400) or is impossible in this world (409)."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(f"{status}: {message}")


class Control:
    """Acts in the fake: `await c.say(user=1, text="hi")` calls POST /_control/say; `help` lists them all."""

    def __init__(self, root: str) -> None:
        self.root = root.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections to the server."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(self, operation: str, **arguments: Any) -> Any:
        """Run one operation; ControlError if the server refuses it."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=600))
        headers = {"Content-Type": "application/json"}
        url = f"{self.root}/_control/{operation}"
        async with self._session.post(url, data=json.dumps(arguments), headers=headers) as answer:
            body = await answer.read()
            if answer.status != 200:
                raise ControlError(answer.status, json.loads(body).get("error", body.decode()))
            return body.decode() if answer.content_type == "text/plain" else json.loads(body)

    def __getattr__(self, operation: str) -> Callable[..., Awaitable[Any]]:
        if operation.startswith("_"):
            raise AttributeError(operation)

        async def run(**arguments: Any) -> Any:
            return await self.call(operation, **arguments)

        return run

    async def group(self, n_members: int = 0, **arguments: Any) -> dict[str, Any]:
        """Create a supergroup with all bots as administrators (unless told otherwise) and n fresh members."""
        ids = await self.users(count=n_members) if n_members else []
        arguments.setdefault("bots", True)
        chat = await self.chat(members=[*arguments.pop("members", []), *ids], **arguments)
        return {**chat, "member_ids": ids}

    async def wait_sent(self, n: int = 1, seconds: float = 60.0, **arguments: Any) -> list[dict[str, Any]]:
        """Return what the bot sent, once there are at least n messages; AssertionError after `seconds`."""
        sent = await self.sent(wait=seconds, min=n, **arguments)
        if len(sent) < n:
            raise AssertionError(f"expected {n} sent messages, got {len(sent)}: {[x['text'] for x in sent]}")
        return cast("list[dict[str, Any]]", sent)

    async def last_seq(self) -> int:
        """Return the number of the newest sent message, for `since=` of a later question."""
        sent = await self.sent(last=1)
        return int(sent[-1]["seq"]) if sent else 0

    async def no_violations(self) -> None:
        """Fail when the bot did anything that the specification does not allow."""
        found = await self.violations()
        assert not found, found


class _Base:
    host, port = "127.0.0.1", 0
    control: Control

    @property
    def root(self) -> str:
        """The server's address; what Banzhang calls `api_root`."""
        return f"http://{self.host}:{self.port}"

    @property
    def base_url(self) -> str:
        """For telegram.ext.ApplicationBuilder.base_url."""
        return self.root + "/bot"

    @property
    def base_file_url(self) -> str:
        """For telegram.ext.ApplicationBuilder.base_file_url."""
        return self.root + "/file/bot"


class FakeServer(_Base):
    """The server inside the running event loop: `async with FakeServer() as s: ... s.control.say(...)`.

    `world` and `server` are its insides: `s.world.config["repeat_quirk"] = False`.
    """

    def __init__(
        self,
        token: str = DEFAULT_TOKEN,
        *,
        limits: bool = False,
        seed: int | None = 1,
        privacy: bool = False,
        selfcheck: bool = True,
        port: int = 0,
    ) -> None:
        from .server import Server

        self.server: Any = Server(seed=seed, limits=limits)
        self.world: Any = self.server.world
        self.token = token
        self._port = port
        if token:
            self.world.add_bot(token, privacy=privacy)
        self.world.config["selfcheck"] = selfcheck

    async def __aenter__(self) -> Self:
        await self.server.start(port=self._port)
        self.port = self.server.port
        self.control = Control(self.root)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.control.close()
        await self.server.stop()


class ServerProcess(_Base):
    """The server as a child process (load tests: its CPU time does not disturb the bot's event loop)."""

    def __init__(
        self,
        token: str = DEFAULT_TOKEN,
        *,
        limits: bool = False,
        privacy: bool = False,
        port: int = 0,
        args: Sequence[str] = (),
    ) -> None:
        self.token = token
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        command = [sys.executable, "-m", "tests.peers.telegram", "--port", str(port), "--token", token]
        command += ["--limits", "real" if limits else "off", *([] if privacy else ["--no-privacy"]), *args]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}, text=True
        )
        line = self._output.readline()
        if not line.startswith("fake Telegram ready"):
            self.stop()
            raise RuntimeError(f"the server did not start: {line!r}")
        self.port = int(line.rsplit(":", 1)[1].split("/")[0])
        self.control = Control(self.root)

    @property
    def _output(self) -> IO[str]:
        return cast("IO[str]", self.process.stdout)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.control.close()
        self.stop()

    def stop(self) -> None:
        """End the process; it is killed when it does not end within five seconds."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._output.close()
