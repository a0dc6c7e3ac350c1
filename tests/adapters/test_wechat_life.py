"""The life of the account behind a real gateway: out and in again, friends, and groups it is invited to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.crowd import Crowd
from tests.adapters.house import until
from tests.adapters.wechat_house import House, a_house
from tests.peers.wechat.gateway import Gateway

pytestmark = pytest.mark.node

CODE = "http://login.example/l/7f3a9c51d2"
STANDS = "SELECT 1 FROM bot_account WHERE bot = 'wechat' AND state = :state"


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    with Gateway() as gateway:
        yield Crowd(gateway)


async def code(house: House) -> str | None:
    """What is to be scanned at this moment."""
    return await house.engine.code("wechat")


async def hears(house: House, room: str) -> None:
    await house.until("SELECT 1 FROM room WHERE native = :room AND standing = 'active'", room=room)


async def test_who_is_logged_out_and_in_again_goes_on_and_no_code_is_left(
    crowd: Crowd, tmp_path: Path
) -> None:
    gateway, lin = crowd.gateway, crowd.person("小林")
    room = crowd.room("晨读班", lin)
    async with a_house(gateway, tmp_path) as house:
        await hears(house, room)
        await house.until(STANDS, state="online")
        gateway.op("logout", reason="kicked by the phone")
        await house.until(STANDS + " AND why = 'kicked by the phone'", state="offline")
        gateway.op("scan", qrcode=CODE)
        await house.until(STANDS, state="waiting")
        assert await code(house) == CODE
        gateway.op("login")
        await house.until(STANDS, state="online")
        assert await code(house) is None
        await house.online()
        crowd.says(lin, "帮助")
        await gateway.wait_for("text", to=lin)
        assert await house.rows("SELECT code FROM bot_account") == [("",)]


async def test_a_member_becomes_a_contact_and_is_greeted(crowd: Crowd, tmp_path: Path) -> None:
    lin, stranger = crowd.person("小林", friend=False), crowd.person("某某商城", friend=False)
    room = crowd.room("晨读班", lin)
    async with a_house(crowd.gateway, tmp_path) as house:
        await hears(house, room)
        crowd.says(lin, "早", room)
        await house.until("SELECT 1 FROM account WHERE native = :who", who=lin)
        for number, who in enumerate((stranger, lin)):
            crowd.gateway.op(
                "befriend", {"id": f"wish{number}", "from": who, "hello": "<b>你好</b>{{ 7 * 7 }}"}
            )
        accepted = await crowd.gateway.wait_for("friendshipAccept")
        assert accepted["contact"] == lin
        greeting = await crowd.gateway.wait_for("text", to=lin)
        assert greeting["text"].startswith("小林，你好，我是班长，「晨读班」的打卡我来记。")
        await house.until("SELECT 1 FROM account WHERE native = :who AND direct = 'open'", who=lin)
        assert [one["contact"] for one in crowd.gateway.journal("friendshipAccept")] == [lin]
        assert [one for one in crowd.gateway.journal("text") if one["to"] == stranger] == []


async def test_it_goes_where_it_is_invited(crowd: Crowd, tmp_path: Path) -> None:
    lin = crowd.person("小林")
    first = crowd.room("晨读班", lin)
    async with a_house(crowd.gateway, tmp_path) as house:
        await hears(house, first)
        second = f"{len(first)}77@chatroom"
        crowd.gateway.op("room", id=second, topic="夜读班", members=[lin], owner=lin)
        crowd.gateway.op("invite", {"id": "offer1", "room": second, "from": lin})
        await crowd.gateway.wait_for("roomInvitationAccept")
        await hears(house, second)
        await until(lambda: crowd.said_in(second))
        assert "我是班长" in crowd.said_in(second)[0]


async def test_it_declines_kindly_where_the_house_says_so(crowd: Crowd, tmp_path: Path) -> None:
    lin = crowd.person("小林")
    room = crowd.room("晨读班", lin)
    async with a_house(crowd.gateway, tmp_path, 'rooms = "nobody"\n') as house:
        await hears(house, room)
        crowd.says(lin, "早")
        await house.until("SELECT 1 FROM account WHERE native = :who AND direct = 'open'", who=lin)
        crowd.gateway.op("invite", {"id": "offer1", "room": room, "from": lin})
        await until(lambda: [one for one in crowd.said_in(lin) if "先不去啦" in one], 15)
        assert crowd.gateway.journal("roomInvitationAccept") == []
