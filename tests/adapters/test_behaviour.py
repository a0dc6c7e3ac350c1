"""What every platform's adapter must do, asked of each alike: the local room, Telegram, WeChat.

A new adapter gives the suite a world of its own (world.py) and adds it to WORLDS; docs/adapters.md tells how.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.core.port import Can
from tests.adapters.house import until
from tests.adapters.world import World
from tests.adapters.world_room import RoomWorld
from tests.adapters.world_telegram import TelegramWorld
from tests.adapters.world_wechat import WeChatWorld
from tests.peers.telegram import FakeServer

CLASS = "早读一班"


@asynccontextmanager
async def a_world(name: str, folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The world of a platform, with what its stand-in has to say at the end."""
    if name == "telegram":
        async with FakeServer() as fake:
            fake.world.config["repeat_quirk"] = False
            yield TelegramWorld(folder, fake)
            await fake.control.no_violations()
    elif name == "wechat":
        wechat = WeChatWorld(folder, request.getfixturevalue("gateway"))
        yield wechat
        wechat.leave()
    else:
        yield RoomWorld(folder)


WORLDS = ("room", "telegram", pytest.param("wechat", marks=pytest.mark.node))


@pytest.fixture(params=WORLDS)
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """A platform with the house running on it, and a class: 班主任 (who owns it), 小林, 阿哲."""
    async with a_world(request.param, tmp_path, request) as one:
        await one.up()
        try:
            await one.group(CLASS, "班主任", "小林", "阿哲")
            await one.hears(CLASS, "我是班长")
            for name in ("班主任", "小林", "阿哲"):
                await one.says(name, "早", CLASS)
            await one.quiet()
            yield one
        finally:
            await one.down()


async def checked_in(world: World) -> list[tuple[str, str]]:
    """Who has checked in, and with what note; also for a proof that came with it."""
    return [
        (row[0], row[1])
        for row in await world.rows(
            "SELECT name, note FROM checkin JOIN account ON account.id = checkin.account"
            " WHERE standing = 'counted' ORDER BY checkin.at, name"
        )
    ]


async def role_of(world: World, who: str) -> str | None:
    found = await world.rows(
        "SELECT role FROM membership JOIN account ON account.id = membership.account"
        " JOIN room ON room.id = membership.room WHERE account.name = :who AND room.title LIKE :title",
        who=who,
        title=f"%{CLASS}%",
    )
    return found[0][0] if found else None


# What is heard.


async def test_words_are_heard_and_count(world: World) -> None:
    await world.says("小林", "打卡 读了第三章", CLASS)
    await world.quiet()
    assert await checked_in(world) == [("小林", "读了第三章")]


async def test_each_message_counts_once_and_for_who_wrote_it(world: World) -> None:
    await world.says("小林", "打卡", CLASS)
    await world.says("阿哲", "打卡", CLASS)
    await world.says("小林", "打卡 再说一遍", CLASS)
    await world.quiet()
    assert sorted(await checked_in(world)) == [("小林", "再说一遍"), ("阿哲", "")]


async def test_ordinary_talk_is_left_alone(world: World) -> None:
    before = len(await world.heard(CLASS))
    for word in ("今天不想打卡了", "谁还没打卡", "好的"):
        await world.says("小林", word, CLASS)
    await world.quiet()
    assert await checked_in(world) == []
    assert len(await world.heard(CLASS)) == before


async def test_the_bots_own_words_are_nobodys(world: World) -> None:
    await world.says("小林", "/help", CLASS)
    await world.quiet()
    names = {row[0] for row in await world.rows("SELECT name FROM account WHERE is_bot = 0")}
    assert names >= {"小林"}
    assert await world.rows("SELECT 1 FROM dead_letter") == []
    assert all("班长" not in name for name in names)


async def test_a_picture_is_a_proof(world: World) -> None:
    await world.says("班主任", "任务 打卡 凭证 图片", CLASS)
    await world.quiet()
    await world.says("小林", "打卡", CLASS, picture=True)
    await until(lambda: _count_is(world, 1))
    proofs = await world.rows("SELECT proof FROM checkin WHERE standing = 'counted'")
    assert proofs == [("picture",)]


async def test_a_leader_mends_by_replying(world: World) -> None:
    message = await world.says("小林", "今天读了第三章", CLASS)
    await world.quiet()
    await world.says("班主任", "补", CLASS, reply_to=message)
    await world.quiet()
    assert [name for name, _ in await checked_in(world)] == ["小林"]


async def test_a_member_mends_nothing(world: World) -> None:
    message = await world.says("小林", "今天读了第三章", CLASS)
    await world.quiet()
    await world.says("阿哲", "补", CLASS, reply_to=message)
    await world.quiet()
    assert await checked_in(world) == []


async def test_who_comes_and_goes_is_known(world: World) -> None:
    await world.joins("米粒", CLASS)
    await until(lambda: _has_role(world, "米粒", "member"))
    await world.leaves("米粒", CLASS)
    await until(lambda: _has_role(world, "米粒", "left"))
    assert await role_of(world, "米粒") == "left"


async def _has_role(world: World, who: str, role: str) -> bool:
    return await role_of(world, who) == role


async def test_who_owns_the_group_may_look_after_it(world: World) -> None:
    await world.befriends("班主任")
    await world.says("班主任", "/rooms", CLASS)
    assert CLASS in (await world.hears("班主任", CLASS)).text
    await world.says("小林", "/rooms", CLASS)
    await world.quiet()
    assert await world.heard("小林") == []


async def test_a_new_title_is_known(world: World) -> None:
    await world.renames(CLASS, "早读二班")
    await until(lambda: world.rows("SELECT 1 FROM room WHERE title = '早读二班'"))
    assert await world.rows("SELECT 1 FROM room WHERE title = :title", title=CLASS) == []


async def test_hostile_names_and_words_are_only_text(world: World) -> None:
    await world.joins("<b>小&雨</b>", CLASS)
    await world.says("<b>小&雨</b>", "打卡 <script>alert(1)</script> {{ 7*7 }} ' OR 1=1; x", CLASS)
    await world.quiet()
    assert await checked_in(world) == [("<b>小&雨</b>", "<script>alert(1)</script> {{ 7*7 }} ' OR 1=1; x")]
    assert await world.rows("SELECT 1 FROM dead_letter") == []


# What is said.


async def test_an_answer_comes_where_it_was_asked(world: World) -> None:
    await world.befriends("小林")
    assert "班长" in (await world.hears("小林", "班长")).text
    assert await world.heard("阿哲") == []


async def test_a_text_reads_plain(world: World) -> None:
    await world.befriends("小林")
    await world.says("小林", "/help")
    help_text = (await world.hears("小林", "打卡")).text
    for mark in ("<b>", "</b>", "&lt;", "&amp;", "{{"):
        assert mark not in help_text


async def test_a_choice_is_taken(world: World) -> None:
    await world.befriends("小林")
    await world.says("小林", "/language")
    await world.hears("小林", "哪种语言")
    await world.chooses("小林", "English")
    await until(lambda: world.rows("SELECT 1 FROM person WHERE language = 'en'"))
    await world.says("小林", "/help")
    assert "class monitor" in (await world.hears("小林", "class monitor")).text


async def test_a_picture_is_sent(world: World) -> None:
    await world.befriends("小林")
    await world.says("小林", "打卡", CLASS)
    await world.quiet()
    await world.says("小林", "/year")
    await until(lambda: _holds(world, "小林", "picture"))
    assert not await _holds(world, CLASS, "picture")


async def test_a_table_is_sent_as_a_file(world: World) -> None:
    await world.befriends("班主任")
    await world.says("小林", "打卡", CLASS)
    await world.quiet()
    await world.says("班主任", "/export", CLASS)
    await until(lambda: _holds(world, "班主任", "file"))
    assert not await _holds(world, CLASS, "file")


async def _holds(world: World, place: str, what: str) -> bool:
    return any(one.holds == what for one in await world.heard(place))


async def test_answers_keep_their_order(world: World) -> None:
    await world.befriends("小林")
    await world.says("小林", "打卡", CLASS)
    await world.quiet()
    before = len(await _texts(world))
    for word in ("/help", "/language", "/streak"):
        await world.says("小林", word)
    await until(lambda: _texts_since(world, before, 3))
    said = (await _texts(world))[before:]
    for text, part in zip(said, ("打卡", "哪种语言", "连续"), strict=True):
        assert part in text


async def _texts(world: World) -> list[str]:
    return [one.text for one in await world.heard("小林") if one.text]


async def _texts_since(world: World, before: int, count: int) -> bool:
    return len(await _texts(world)) >= before + count


async def test_one_who_refuses_holds_up_nobody(world: World) -> None:
    await world.befriends("小林")
    await world.befriends("阿哲")
    await world.quiet()
    await world.refuses("小林")
    await world.quiet()
    await world.says("小林", "/me", CLASS)
    await world.says("阿哲", "/me")
    await world.hears("阿哲", "分")
    await world.quiet()
    assert await world.rows("SELECT 1 FROM outbox WHERE state = 'waiting' AND not_before = 0") == []


async def test_somebody_is_asked_into_another_group(world: World) -> None:
    if not world.can & (Can.ADD | Can.LINK):
        pytest.skip("nobody is asked in there")
    await world.befriends("班主任")
    await world.group("精读班", "班主任")
    await world.hears("精读班", "班长")
    await world.engine.database.write(
        lambda tx: tx.run(
            "UPDATE room SET community = (SELECT min(community) FROM room) WHERE kind = 'group'"
        )
    )
    world.engine.pipeline.memory.clear()
    await world.says("小林", "早", CLASS)
    await world.quiet()
    await world.says("班主任", "/admit 小林 精读班")
    await world.hears("班主任", "去请小林")
    if Can.ADD in world.can:
        await world.hears("班主任", "小林到「精读班」了")
        assert "小林" in await world.members("精读班")
    else:
        await world.hears("班主任", "链接转给对方")


# What survives.


async def test_nothing_is_said_or_counted_twice_after_a_restart(world: World) -> None:
    await world.befriends("小林")
    await world.says("小林", "打卡 第一天", CLASS)
    await world.says("小林", "/help")
    await world.hears("小林", "打卡")
    await world.quiet()
    before = [await world.heard(place) for place in (CLASS, "小林")]
    await world.down()
    await world.up()
    await world.says("阿哲", "打卡 我也来", CLASS)
    await until(lambda: _count_is(world, 2))
    await world.quiet()
    assert await checked_in(world) == [("小林", "第一天"), ("阿哲", "我也来")]
    assert (await world.heard("小林")) == before[1]
    assert len(before[0]) <= len(await world.heard(CLASS)) <= len(before[0]) + 1


async def _count_is(world: World, count: int) -> bool:
    return len(await checked_in(world)) == count


async def test_what_is_said_meanwhile_counts_where_it_is_told_afterwards(world: World) -> None:
    await world.quiet()
    await world.down()
    await world.says("小林", "打卡 趁你不在", CLASS)
    await world.up()
    if Can.BACKLOG in world.can:
        await until(lambda: _count_is(world, 1))
        assert await checked_in(world) == [("小林", "趁你不在")]
    else:
        await world.says("阿哲", "打卡", CLASS)
        await until(lambda: _count_is(world, 1))
        assert [name for name, _ in await checked_in(world)] == ["阿哲"]
        watches = await world.rows("SELECT count(*) FROM observation")
        assert watches[0][0] >= 2, "the time between is known as unobserved"
