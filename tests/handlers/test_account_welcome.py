"""Who may be a contact of the bot, and who may invite it into a group: by the house's rules."""

from pathlib import Path

import msgspec
import pytest

from bot.core.actions import Befriend, Enter
from bot.core.errors import Undeliverable
from storage import people
from tests.handlers.two_platforms import AWAY, Second, two_platforms
from tests.stage import Sent

HOSTILE = ("{{ 7 * 7 }}", "<a href='https://spam.example'>click</a>", "x" * 9_000, "\u202e\x00\x1b[2J", "")


def accepted(second: Second) -> list[str]:
    return [one.place for one in second.sent if isinstance(one.action, Befriend)]


def entered(second: Second) -> int:
    return sum(isinstance(one.action, Enter) for one in second.sent)


async def test_a_member_is_taken_as_a_contact_and_greeted_once(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        await second.says("小林", "早")
        assert await second.asks_to_be_friends("小林", "我是小林") == [
            "Befriend",
            "小林，你好，我是班长，「晨读班」的打卡我来记。回「打卡」记一次，回「帮助」看我还会什么。",
        ]
        account = await stage.engine.database.read(lambda tx: people.by_native(tx, AWAY, "小林"))
        assert account is not None
        assert account.direct == "open"
        assert await second.is_contact("小林") == []


@pytest.mark.parametrize("hello", HOSTILE)
async def test_a_stranger_is_told_nothing_whatever_they_write(tmp_path: Path, hello: str) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        before = len(stage.platform.sent)
        assert await second.asks_to_be_friends("某某商城", hello) == []
        await stage.until("2026-05-06 09:00")
        assert told_of(stage.platform.sent[before:], "某某商城") == []
        assert accepted(second) == []


def told_of(sent: list[Sent], name: str) -> list[Sent]:
    return [one for one in sent if name in repr(one)]


async def test_who_left_every_room_is_a_stranger_again(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        await second.says("小林", "早")
        await stage.engine.database.write(lambda tx: tx.run("UPDATE membership SET role = 'left'"))
        assert await second.asks_to_be_friends("小林") == []


@pytest.mark.parametrize("hello", HOSTILE)
async def test_everybody_may_where_the_house_says_so(tmp_path: Path, hello: str) -> None:
    async with two_platforms(tmp_path, friends="everybody") as (_, second):
        assert await second.asks_to_be_friends("路人", hello) == [
            "Befriend",
            "路人，你好，我是班长，学习群里打卡的事我来记。回「打卡」记一次，回「帮助」看我还会什么。",
        ]


async def test_nobody_may_where_the_house_says_so(tmp_path: Path) -> None:
    async with two_platforms(tmp_path, friends="nobody") as (_, second):
        await second.says("小林", "早")
        assert await second.asks_to_be_friends("小林") == []


async def test_who_runs_the_house_may_before_they_are_in_any_room(tmp_path: Path) -> None:
    config = '[bot]\nadmins = ["wechat:boss"]'
    async with two_platforms(tmp_path, config=config) as (_, second):
        await second.asks_to_be_friends("boss")
        assert accepted(second) == ["boss"]


async def test_a_wish_that_the_platform_refuses_is_followed_by_no_greeting(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (_, second):
        await second.says("小林", "早")
        second.faults.append(Undeliverable("too_old"))
        assert await second.asks_to_be_friends("小林") == []


async def test_a_wish_that_is_told_twice_is_accepted_once(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        await second.says("小林", "早")
        await second.asks_to_be_friends("小林")
        stage.skip(-1)
        await second.asks_to_be_friends("小林")
        assert accepted(second) == ["小林"]


async def test_on_a_platform_without_rules_nothing_is_accepted(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        stage.engine.pipeline.house = msgspec.structs.replace(stage.engine.house, welcome={})
        await second.says("小林", "早")
        assert await second.asks_to_be_friends("小林") == []
        assert await second.invites("小林", "新班") == []


# Invitations into groups.


async def test_it_goes_where_it_is_invited_and_greets_when_it_is_there(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (_, second):
        assert await second.invites("路人", "新班") == ["Enter"]
        assert [one for one in await second.opens("新班") if "班长" in one]


async def test_only_staff_brings_it_where_the_house_says_so(tmp_path: Path) -> None:
    async with two_platforms(tmp_path, rooms="staff") as (stage, second):
        await second.says("路人", "你好", room=None)
        said = await second.invites("路人", "发财群")
        assert said == ["谢谢你请我去「发财群」，我先不去啦。要我来，请照看我的管理员邀请就好。"]
        assert await second.invites("路人", "发财群") == [], "it says so once a day"
        stage.clock.move_to(stage.clock.now() + 86_400_000)
        assert len(await second.invites("路人", "发财群")) == 1
        assert entered(second) == 0
        await second.says("小陈", "早")
        await stage.engine.database.write(
            lambda tx: tx.run(
                "UPDATE membership SET role = 'admin'"
                " WHERE account = (SELECT id FROM account WHERE name = '小陈')"
            )
        )
        stage.engine.pipeline.memory.clear()
        assert await second.invites("小陈", "夜读班") == ["Enter"]


async def test_nobody_brings_it_where_the_house_says_so(tmp_path: Path) -> None:
    async with two_platforms(tmp_path, rooms="nobody") as (_, second):
        assert await second.invites("路人", "新班") == [], "who is no contact cannot be written to"
        await second.is_contact("小林")
        [said] = await second.invites("小林", "")
        assert said.startswith("谢谢你请我进群，我先不去啦。我进哪些群，由照看我的人来定")
        assert entered(second) == 0


@pytest.mark.parametrize("title", HOSTILE)
async def test_a_strange_title_harms_nothing(tmp_path: Path, title: str) -> None:
    async with two_platforms(tmp_path, rooms="nobody") as (_, second):
        await second.is_contact("小林")
        [said] = await second.invites("小林", title)
        assert len(said) < 200
        assert "49" not in said
        assert not {"\u202e", "\x00", "\x1b"} & set(said)
