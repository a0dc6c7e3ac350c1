"""What deploy/ holds: a gateway of one's own, spoken to as docs/wechat.md says."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from wechaty_grpc.wechaty import puppet as pb

from bot.__main__ import HOUSE
from bot.adapters.wechat.client import FAULTS, Client, Link
from tests.adapters.telegram_house import free_port

PACKAGES = HOUSE / "tests" / "peers" / "wechat" / "node_modules"
STOCK = PACKAGES / "wechaty-puppet-service" / "dist" / "esm" / "src" / "auth" / "ca.js"
TOKEN = "insecure_4711"

Serve = Callable[..., str]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start deploy/gateway.mjs in a folder of its own; keywords are its variables. Gives its endpoint."""
    shutil.copy(HOUSE / "deploy" / "gateway.mjs", tmp_path)
    (tmp_path / "node_modules").symlink_to(PACKAGES)
    running: list[subprocess.Popen[str]] = []

    def serve(**variables: str) -> str:
        endpoint = f"127.0.0.1:{free_port()}"
        environment = {
            **os.environ,
            "WECHATY_PUPPET": "wechaty-puppet-mock",
            "ENDPOINT": endpoint,
            **variables,
        }
        process = subprocess.Popen(
            ["node", "gateway.mjs"],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        running.append(process)
        assert process.stdout is not None
        assert f"the gateway listens at {endpoint}\n" in process.stdout
        return endpoint

    yield serve
    for process in running:
        process.kill()
        process.communicate()


@asynccontextmanager
async def client(endpoint: str, token: str = TOKEN, ca: Path | None = None) -> AsyncIterator[Client]:
    one = Client(Link(endpoint, token, tls=ca is not None, ca=ca))
    yield one
    one.hang_up()
    await asyncio.sleep(0)  # the connection closes at the loop's next turn


async def version(one: Client) -> str:
    """What the gateway says it is, or why it says nothing."""
    try:
        return (await one.stub.version(pb.VersionRequest())).version
    except FAULTS as error:
        return one.says(error)


@pytest.mark.node
async def test_a_gateway_of_ones_own_lets_in_who_has_its_token(serve: Serve) -> None:
    endpoint = await asyncio.to_thread(serve, WECHATY_TOKEN=TOKEN)
    async with client(endpoint) as right, client(endpoint, "insecure_other") as wrong:
        assert (await version(right)).startswith("1.")
        assert "UNAUTHENTICATED" in await version(wrong)


@pytest.mark.node
async def test_a_gateway_of_ones_own_proves_who_it_is(serve: Serve, tmp_path: Path) -> None:
    def pem(name: str) -> Path:
        script = f"import({str(STOCK)!r}).then(all => process.stdout.write(all.{name}))"
        path = tmp_path / f"{name}.pem"
        path.write_text(
            subprocess.run(["node", "-e", script], check=True, capture_output=True, text=True).stdout
        )
        return path

    files = {"CERTIFICATE": "TLS_INSECURE_SERVER_CERT", "KEY": "TLS_INSECURE_SERVER_KEY"}
    named = {variable: str(pem(name)) for variable, name in files.items()}
    endpoint = await asyncio.to_thread(serve, WECHATY_TOKEN=TOKEN, **named)
    ca = pem("TLS_CA_CERT")
    async with client(endpoint, ca=ca) as right, client(endpoint, "study_4711", ca) as misnamed:
        assert (await version(right)).startswith("1.")
        assert "certificate is not valid for 'study'" in await version(misnamed)
