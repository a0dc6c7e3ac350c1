"""The connection to a gateway: what it says of errors, and that it tells nobody the token."""

import asyncio
from pathlib import Path

import pytest
from grpclib import GRPCError, Status
from wechaty_grpc.wechaty import puppet as pb

from bot.adapters.wechat.client import FAULTS, Client, Link, _apart

TOKEN = "insecure_nobody-knows-it"


def a_client(endpoint: str = "127.0.0.1:1", *, tls: bool = False, ca: Path | None = None) -> Client:
    return Client(Link(endpoint, TOKEN, tls, ca))


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (GRPCError(Status.UNKNOWN, "Error: no\n  at x.js:1"), "UNKNOWN: Error: no"),
        (GRPCError(Status.UNKNOWN), "UNKNOWN"),
        (GRPCError(Status.UNAUTHENTICATED, f"{TOKEN} is wrong"), "UNAUTHENTICATED: … is wrong"),
        (TimeoutError(), "TimeoutError"),
        (OSError("\n away \n x"), "OSError: away"),
        (OSError("x" * 999), "OSError: " + "x" * 200),
    ],
)
def test_an_error_is_one_line_without_the_token(error: Exception, line: str) -> None:
    assert a_client().says(error) == line


def test_the_token_is_in_no_repr() -> None:
    client = a_client()
    assert TOKEN not in f"{client!r} {client._link!r} {vars(client).keys()}"


@pytest.mark.parametrize("endpoint", ["127.0.0.1:1", "[::1]:1"])
async def test_nobody_there_is_one_of_the_faults(endpoint: str) -> None:
    with pytest.raises(FAULTS):
        await a_client(endpoint).stub.version(pb.VersionRequest(), timeout=15)


async def test_a_certificate_that_is_none(tmp_path: Path) -> None:
    missing, empty = tmp_path / "none.pem", tmp_path / "empty.pem"
    empty.touch()
    for ca in (missing, empty):
        with pytest.raises(OSError, match=f"{ca.name} cannot be used"):
            _ = a_client(tls=True, ca=ca).stub


async def test_who_is_cancelled_knows_it_whatever_becomes_of_the_call() -> None:
    calling = asyncio.Event()

    async def call() -> str:
        try:
            calling.set()
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise ConnectionResetError("lost at the same moment") from None
        return "done"

    caller = asyncio.create_task(_apart(call()))
    await calling.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
