"""The gateway that WeChat's tests stand on: it starts, is driven, and tells what was done."""

import pytest

from tests.peers.wechat import Gateway, GatewayError

pytestmark = pytest.mark.node
ROOM = "r1@chatroom"


def test_it_starts_answers_and_goes() -> None:
    with Gateway() as gateway:
        assert gateway.endpoint.startswith("127.0.0.1:")
        assert gateway.op("world")["loggedIn"]
        gateway.op("contact", id="wxid_alice", name="Alice")
        gateway.op("room", id=ROOM, topic="Team", members=["wxid_alice"], owner=gateway.bot)
        said = gateway.op("say", {"from": "wxid_alice", "room": ROOM, "text": "hello"})
        assert said["id"]
        assert gateway.journal() == []
        with pytest.raises(GatewayError, match="fly: no op fly"):
            gateway.op("fly")
    with pytest.raises(OSError, match="refused"):
        gateway.op("world")


async def test_waiting_for_what_never_comes_says_what_came() -> None:
    with Gateway() as gateway, pytest.raises(TimeoutError, match="no text"):
        await gateway.wait_for("text", timeout=0)


def test_one_that_cannot_start_says_so() -> None:
    with Gateway() as gateway:
        port = int(gateway.endpoint.rpartition(":")[2])
        with pytest.raises(GatewayError, match="before it was ready"):
            Gateway(grpc_port=port).start()
