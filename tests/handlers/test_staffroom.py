"""The staff room: marked, moved, given up and lost, and what it hears."""

from pathlib import Path

import msgspec
import pytest

from bot.core.actions import words
from bot.core.context import Context
from bot.core.desk import Desk
from bot.core.events import BotChanged, Place, Sender
from bot.core.undoing import undo
from handlers import staffroom
from storage import communities, rooms
from storage.db import Row
from storage.rooms import Room
from tests.stage import BOT, Stage, a_stage

STAFF = "管理小群"
ALERT = words("rooms.right", right="read")


async def two_groups(stage: Stage) -> None:
    """A class, and a group of its staff in which the bot is; one admin of both, who writes in private too."""
    await stage.opens("晨读班")
    await stage.opens(STAFF)
    await stage.joins("班主任", "admin", "晨读班")
    await stage.joins("班主任", "owner", STAFF)
    await stage.says("班主任", "/start", room=None)


async def room_row(stage: Stage, room: str) -> Room:
    found = await stage.engine.database.read(lambda tx: rooms.by_native(tx, BOT, room))
    assert found is not None
    return found


async def staff_room(stage: Stage, community: int = 1) -> str | None:
    number = (await stage.engine.database.read(lambda tx: communities.by_id(tx, community))).staff_room
    if number is None:
        return None
    return (await stage.engine.database.read(lambda tx: rooms.by_id(tx, number))).native


async def alert(stage: Stage) -> list[str]:
    """Something that staff must know; where it was told."""
    before = len(stage.platform.sent)

    def report(desk: Desk) -> None:
        Context(desk, at=desk.now, community=1).report(ALERT)

    await stage.engine.pipeline.work(report)
    await stage.happens()
    return [sent.place for sent in stage.platform.sent[before:]]


async def acts(stage: Stage, community: int = 1) -> list[Row]:
    return await stage.engine.database.read(
        lambda tx: tx.all("SELECT * FROM audit WHERE community = :c ORDER BY id", {"c": community})
    )


async def test_a_group_becomes_the_staff_room_and_says_what_comes_here(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await two_groups(stage)
        [said] = await stage.says("班主任", "/staffroom", room=STAFF)
        assert "这里是「晨读班」的管理群了" in said
        assert await staff_room(stage) == STAFF
        assert (await room_row(stage, STAFF)).community == 1
        assert await stage.engine.database.read(lambda tx: rooms.of_community(tx, 2)) == []
        assert await alert(stage) == [STAFF]
        assert [row["act"] for row in await acts(stage)] == ["room_joined", "staff_room"]
        assert await stage.says("班主任", "管理群", room=STAFF) == ["这里已经是「晨读班」的管理群了。"]
        assert await stage.says("班主任", "/setup", room=STAFF) == [
            "这里是管理群，不用安顿。各群的情况发 /rooms。"
        ]


async def test_the_greeting_offers_it_with_one_button(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await two_groups(stage)
        said = await stage.presses("班主任", "这是管理群", room=STAFF)
        assert "这里是「晨读班」的管理群了" in said[1]
        assert await staff_room(stage) == STAFF


async def test_of_several_communities_one_is_chosen(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await two_groups(stage)
        await stage.opens("夜读班")
        await stage.joins("班主任", "admin", "夜读班")
        assert await stage.says("班主任", "/staffroom", room=STAFF) == ["这里是哪个社群的管理群？"]
        await stage.presses("班主任", "夜读班", room=STAFF)
        assert await staff_room(stage, 3) == STAFF
        assert await staff_room(stage, 1) is None
        await stage.presses_data("班主任", "staffroom:1", room=STAFF)
        assert await staff_room(stage, 1) == STAFF
        assert await staff_room(stage, 3) is None


async def test_communities_of_one_name_are_told_apart_by_a_group(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await two_groups(stage)
        await stage.opens("夜读班")
        await stage.joins("班主任", "admin", "夜读班")
        await stage.says("班主任", "/name 晨读班", room="夜读班")
        await stage.says("班主任", "/staffroom", room=STAFF)
        assert list(stage.last.buttons) == ["晨读班 · 晨读班", "晨读班 · 夜读班"]


async def test_a_room_of_members_is_marked_only_by_who_is_sure(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await two_groups(stage)
        await stage.says("小林", "打卡", room=STAFF)
        [said] = await stage.says("班主任", "/staffroom", room=STAFF)
        assert "同学们在这里学习，我认得的有 2 位" in said
        assert await staff_room(stage) is None
        await stage.presses("班主任", "都是自己人", room=STAFF)
        assert await staff_room(stage) == STAFF
        assert await stage.says("小林", "打卡", room=STAFF) == []


async def test_it_speaks_the_language_of_the_community_that_it_serves(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await two_groups(stage)
        await stage.says("班主任", "/language en", room="晨读班")
        [said] = await stage.says("班主任", "/staffroom", room=STAFF)
        assert "the staff room of “晨读班” now" in said


async def test_the_only_class_cannot_be_its_own_staff_room(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        assert "先把我请进" in (await stage.says("班主任", "/staffroom"))[0]


async def test_a_private_chat_serves_too(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await two_groups(stage)
        await stage.says("班主任", "/staffroom", room=STAFF)
        [marked, left] = await stage.says("班主任", "/staffroom", room=None)
        assert "都私聊发给你" in left + marked
        assert "以后不发到这里了" in left + marked
        assert await alert(stage) == ["班主任"]
        assert (await room_row(stage, STAFF)).community == 2
        assert "没有管理群了" in (await stage.says("班主任", "/staffroom off", room=None))[0]
        assert await staff_room(stage) is None


async def test_off_sends_the_group_home_and_undo_brings_it_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await two_groups(stage)
        await stage.says("班主任", "/staffroom", room=STAFF)
        assert "先不" not in (await stage.says("班主任", "/staffroom off"))[0]
        assert await staff_room(stage) == STAFF
        assert await stage.says("班主任", "/staffroom off", room=STAFF) == ["管理的事，以后不发到这里了。"]
        assert await staff_room(stage) is None
        assert (await room_row(stage, STAFF)).community == 2
        row = [row for row in await acts(stage) if row["act"] == "staff_room"][-1]
        await stage.engine.pipeline.work(lambda desk: undo(as_admin(desk), row["id"]))
        assert await staff_room(stage) == STAFF
        assert (await room_row(stage, STAFF)).community == 1


def as_admin(desk: Desk) -> Context:
    room = desk.room_by_id(1)
    return Context(desk, at=desk.now, room=room, account=desk.account(BOT, Sender("班主任", "班主任")))


async def test_what_waits_for_the_morning_moves_along(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 23:30") as stage:
        await two_groups(stage)
        await stage.says("班主任", "/staffroom", room=STAFF)
        assert await alert(stage) == []
        await stage.says("班主任", "/staffroom", room=None)
        before = len(stage.platform.sent)
        await stage.until("2026-05-05 08:00")
        assert [s.place for s in stage.platform.sent[before:] if s.text == "听消息"] == ["班主任"]


async def test_the_staff_of_the_group_has_no_right_by_that(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await two_groups(stage)
        await stage.says("班主任", "/staffroom", room=STAFF)
        await stage.joins("助教", "admin", STAFF)
        for text in ("/staffroom off", "/status", "/rooms"):
            [said] = await stage.says("助教", text, room=STAFF)
            assert said.startswith("这件事要请")
        assert await stage.says("", "/status", sender=None, as_admin=True, room=STAFF) == [
            "这件事要请管理员来做。"
        ]
        assert await staff_room(stage) == STAFF


async def test_a_member_marks_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await two_groups(stage)
        await stage.joins("小林", "admin", STAFF)
        await stage.says("小林", "早")
        assert "先把我请进" in (await stage.says("小林", "/staffroom", room=STAFF))[0]
        assert await stage.presses_data("小林", "staffroom:1", room=STAFF) == [
            "这个选项放太久了，重新发一次命令就好。"
        ]
        assert await stage.says("小林", "管理群") == []
        assert await staff_room(stage) is None


@pytest.mark.parametrize("gone", [STAFF, "班主任"])
async def test_admins_are_told_once_when_it_is_lost(tmp_path: Path, gone: str) -> None:
    async with a_stage(tmp_path) as stage:
        await two_groups(stage)
        await stage.joins("副班主任", "admin", "晨读班")
        await stage.says("副班主任", "/start", room=None)
        if gone == STAFF:
            await stage.says("班主任", "/staffroom", room=STAFF)
        else:
            await stage.says("班主任", "/staffroom", room=None)
            await stage.presses("班主任", "晨读班", room=None)
        place = stage.place("班主任", STAFF if gone == STAFF else None)
        left = stage.bot_changed("left", room=gone, by=stage.sender("班主任"))
        said = await stage.happens(placed(left, place))
        told = [text for text in said if "我进不去了" in text]
        assert len(told) == (2 if gone == STAFF else 1)
        assert "副班主任" in await alert(stage)
        assert not [text for text in await stage.happens(placed(left, place, "again")) if "进不去" in text]
        back = stage.bot_changed("member", room=gone, rights=("read",), by=stage.sender("班主任"))
        await stage.happens(placed(back, place))
        assert await alert(stage) == [gone]


def placed(event: BotChanged, place: Place, key: str = "") -> BotChanged:
    return msgspec.structs.replace(event, place=place, key=event.key + key)


def test_words_to_turn_it_off() -> None:
    assert {"off", "关", "關"} <= staffroom.OFF
