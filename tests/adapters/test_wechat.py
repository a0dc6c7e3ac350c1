"""WeChat from the phone of a member to the rows, and back: the whole house behind a real gateway."""

import base64
from pathlib import Path

import pytest

from bot.adapters.wechat import roster
from bot.core import again
from tests.adapters.crowd import Crowd
from tests.adapters.house import until
from tests.adapters.wechat_house import House, a_house
from tests.peers.wechat.gateway import Gateway

pytestmark = pytest.mark.node

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n and a picture").decode()
CHECKINS = "SELECT 1 FROM checkin c JOIN account a ON a.id = c.account WHERE a.native = :who"
LINE = "\n- - - - - - - - - - - - - - -\n"


def run_by(native: str) -> str:
    """The settings in which somebody may do everything."""
    return f'[bot]\nadmins = ["wechat:{native}"]\n'


async def opened(house: House, room: str) -> None:
    await house.until("SELECT 1 FROM room WHERE native = :room AND standing = 'active'", room=room)


async def test_a_word_in_a_group_is_a_check_in(crowd: Crowd, tmp_path: Path) -> None:
    lin = crowd.person("小林")
    room = crowd.room("晨读班", lin)
    async with a_house(crowd.gateway, tmp_path) as house:
        await opened(house, room)
        crowd.says(lin, "打卡", room)
        await house.until(CHECKINS, who=lin)
        assert await house.rows("SELECT title, rights FROM room WHERE native = :room", room=room) == [
            ("晨读班", "read")
        ]
        assert await house.rows("SELECT name FROM account WHERE native = :who", who=lin) == [("小林",)]


async def test_a_picture_is_proof(crowd: Crowd, tmp_path: Path) -> None:
    lin, mila = crowd.person("小林"), crowd.person("米粒")
    room = crowd.room("晨读班", lin, mila, owner=mila)
    async with a_house(crowd.gateway, tmp_path, run_by(mila)) as house:
        await opened(house, room)
        crowd.says(mila, "任务 打卡 凭证 图片", room)
        await house.until("SELECT 1 FROM task WHERE proof = 'picture'")
        crowd.says(lin, "打卡", room)
        await house.until(CHECKINS + " AND c.standing = 'waiting'", who=lin)
        crowd.sends(lin, "a.png", PNG, room)
        await house.until(CHECKINS + " AND c.standing = 'counted'", who=lin)


async def test_the_bot_called_by_its_name_answers(crowd: Crowd, tmp_path: Path) -> None:
    lin = crowd.person("小林")
    room = crowd.room("晨读班", lin)
    async with a_house(crowd.gateway, tmp_path) as house:
        await opened(house, room)
        crowd.says(lin, "@TestBot\u2005帮助", room, mentions=[crowd.bot])
        await until(lambda: crowd.said_in(room) or crowd.said_in(lin))


async def test_a_word_in_private_is_answered_there(crowd: Crowd, tmp_path: Path) -> None:
    lin = crowd.person("小林")
    async with a_house(crowd.gateway, tmp_path) as house:
        await house.online()
        crowd.says(lin, "/help")
        await until(lambda: crowd.said_in(lin))


async def test_who_acts_in_a_group_is_answered_in_private_before_its_list_is_read(
    crowd: Crowd, tmp_path: Path
) -> None:
    mila, stranger = crowd.person("米粒"), crowd.person("路路", friend=False)
    crowd.gateway.op("delay", method="roomMemberList", ms=60_000)
    try:
        async with a_house(crowd.gateway, tmp_path) as house:
            await house.online()
            room = crowd.room("晨读班", mila, stranger, owner=mila)
            crowd.says(mila, "我的", room)
            assert "米粒" in (await until(lambda: crowd.said_in(mila)))[0]
            crowd.says(stranger, "我的", room)
            await until(lambda: [said for said in crowd.said_in(room) if "路路" in said])
            assert await house.rows("SELECT name, direct FROM account ORDER BY name") == [
                ("米粒", "open"),
                ("路路", "closed"),
            ]
            assert await house.rows("SELECT title FROM room") == [("晨读班",), ("米粒",)], (
                "none for the other"
            )
    finally:
        crowd.gateway.op("delay", method="roomMemberList", ms=0)


async def test_an_owner_s_answer_to_a_message_counts_it(crowd: Crowd, tmp_path: Path) -> None:
    lin, mila = crowd.person("小林"), crowd.person("米粒")
    room = crowd.room("晨读班", lin, mila, owner=mila)
    async with a_house(crowd.gateway, tmp_path, run_by(mila)) as house:
        await opened(house, room)
        crowd.says(lin, "今天读了第三章，很喜欢", room)
        crowd.says(mila, f"「小林：今天读了第三章，很喜欢」{LINE}补", room)
        await house.until(CHECKINS, who=lin)


async def test_a_room_and_its_people_are_known_again_under_other_ids(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "CONFIRM", 0.5)
    monkeypatch.setattr(again, "APART", 50)
    names = ("小林", "阿哲", "米粒", "周周", "安安")
    with Gateway() as first:
        port = int(first.endpoint.rpartition(":")[2])
        before = Crowd(first)
        people = [before.person(name) for name in names]
        room = before.room("晨读班", *people)
        async with a_house(first, tmp_path) as house:
            await opened(house, room)
            before.says(people[0], "打卡", room)
            await house.until(CHECKINS, who=people[0])
            first.stop()
            with Gateway(grpc_port=port) as second:
                second.op("logout")
                after = Crowd(second)
                people = [after.person(name) for name in names]
                moved = after.room("晨读班", *people)
                second.op("login")
                await house.until("SELECT 1 FROM room WHERE native = :room", room=moved)
                await house.until(CHECKINS, who=people[0])
                assert await house.rows("SELECT count(*) FROM room WHERE kind = 'group'") == [(1,)]
                assert await house.rows("SELECT count(*) FROM community") == [(1,)]
