"""The first words in a room, and the small menu of its admins."""

from pathlib import Path

import msgspec
import pytest

from storage import communities, rooms
from storage.communities import Community
from storage.db import Transaction
from storage.rooms import Room
from tests.stage import BOT, Stage, a_stage

ALL_RIGHTS = ("read", "react", "delete", "pin", "invite", "remove")
GONE = "这个按钮放太久了，重新发一次命令就好。"


async def room_row(stage: Stage, room: str = "晨读班") -> Room:
    found = await stage.engine.database.read(lambda tx: rooms.by_native(tx, BOT, room))
    assert found is not None
    return found


async def all_communities(stage: Stage) -> list[Community]:
    return await stage.engine.database.read(communities.all_of_them)


async def test_with_every_right_the_first_words_are_short(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        [said] = await stage.opens(rights=ALL_RIGHTS)
        assert said.splitlines() == [
            "大家好，我是班长，以后打卡的事我来记。",
            "现在就能用：点「打卡」，或者发 /checkin；直接说「打卡」也行。",
            "",
            "管理员可以点下面的按钮，把这里安顿好；不动也行，照常用。",
        ]
        assert list(stage.last.buttons) == ["打卡", "加入已有社群", "层级", "时区", "语言 Language"]


async def test_each_missing_right_is_named_with_what_it_is_for(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        [said] = await stage.opens(rights=())
        assert "直接说「打卡」也行" not in said
        for hint in ("设为管理员", "隐私模式", "表情", "删除消息"):
            assert hint in said
        assert "置顶" not in said


async def test_only_what_is_missing_is_named(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        [said] = await stage.opens(rights=("read", "delete"))
        assert "表情" in said
        assert "删除消息" not in said
        assert "隐私模式" not in said


async def test_a_room_opened_by_a_message_claims_nothing_about_rights(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        said = await stage.says("小林", "大家好")
        assert "我是班长" in said[0]
        assert "权限" not in said[0]
        assert await stage.says("小林", "在吗") == []


async def test_the_bot_comes_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.happens(stage.bot_changed("left"))
        [said] = await stage.opens()
        assert said.startswith("我回来啦")
        assert len(await all_communities(stage)) == 1


async def test_a_member_is_told_kindly_that_the_buttons_are_for_admins(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        for label in ("加入已有社群", "层级"):
            assert await stage.presses("小林", label) == [
                "这几个按钮留给管理员。想看自己能做什么，发 /help 就好。"
            ]
        assert await stage.presses("小林", "时区") == ["这件事要请管理员来做。"]
        assert "管理员定" in (await stage.presses("小林", "语言"))[0]


async def test_who_was_an_admin_a_minute_ago_is_none_now(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.presses("班主任", "层级")
        await stage.joins("班主任", "member")
        assert "管理员" in (await stage.presses("班主任", "3"))[0]
        assert (await room_row(stage)).tier == 1


async def test_a_tier_is_chosen_with_two_taps(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "owner")
        assert "1 是最高的一层" in (await stage.presses("班主任", "层级"))[1]
        [toast, menu] = await stage.presses("班主任", "3")
        assert toast == "改好了"
        assert "第 3 层" in menu
        assert (await room_row(stage)).tier == 3


async def test_the_menu_is_resumed_by_setup(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        [said] = await stage.says("班主任", "开始设置")
        assert "社群：晨读班（1 个群）" in said
        assert await stage.says("小林", "开始设置") == []
        assert await stage.says("小林", "/setup") == ["这件事要请管理员来做。"]
        assert await stage.says("", "/setup", sender=None, as_admin=True) == [said]


async def test_a_room_joins_a_community_of_the_same_admin(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens("晨读班")
        await stage.opens("夜读班")
        await stage.joins("班主任", "admin", "晨读班")
        await stage.joins("班主任", "admin", "夜读班")
        night = await room_row(stage, "夜读班")
        assert night.community is not None
        left = night.community
        await stage.engine.database.write(
            lambda tx: communities.set_setting(tx, left, night.id, "talk.lines_a_day", 2)
        )
        await stage.presses("班主任", "加入已有社群", room="夜读班")
        [toast, menu] = await stage.presses("班主任", "晨读班", room="夜读班")
        assert toast == "好，现在和「晨读班」是一家了。"
        assert "社群：晨读班（2 个群）" in menu
        joined = (await room_row(stage, "夜读班")).community
        assert joined == (await room_row(stage, "晨读班")).community
        assert joined is not None
        kept = await stage.engine.database.read(lambda tx: communities.settings(tx, joined, night.id))
        assert kept == {"talk.lines_a_day": 2}
        assert "只有这一个" in (await stage.presses("班主任", "加入已有社群", room="夜读班"))[0]


@pytest.mark.parametrize(
    ("language", "own", "join"),
    [
        ("zh-Hans", ["打卡", "层级", "语言 Language"], "加入已有社群"),
        ("zh-Hant", ["打卡", "層級", "語言 Language"], "加入現有社群"),
        ("en", ["Check in", "Tier", "Language 语言"], "Join a community"),
    ],
)
async def test_a_second_room_is_offered_only_what_differs(
    tmp_path: Path, language: str, own: list[str], join: str
) -> None:
    async with a_stage(tmp_path, config=f'[bot]\nlanguage = "{language}"') as stage:
        await stage.opens("晨读班")

        def expect(tx: Transaction) -> None:
            room = rooms.add(tx, BOT, "夜读班", "group", "夜读班", stage.clock.now())
            home = rooms.by_native(tx, BOT, "晨读班")
            assert home is not None
            rooms.save(tx, msgspec.structs.replace(room, community=home.community, standing="expected"))

        await stage.engine.database.write(expect)
        await stage.opens("夜读班")
        assert list(stage.last.buttons) == own
        await stage.joins("班主任", "admin", "夜读班")
        await stage.says("班主任", "/setup", room="夜读班")
        assert join in stage.last.buttons


async def test_nobody_moves_a_room_into_a_community_of_others(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens("晨读班")
        await stage.opens("别人的班")
        await stage.joins("班主任", "admin", "晨读班")
        theirs = (await room_row(stage, "别人的班")).community
        assert "只有这一个" in (await stage.presses_data("班主任", "setup:join"))[0]
        assert await stage.presses_data("班主任", f"setup:join:{theirs}") == [GONE]
        assert (await room_row(stage, "晨读班")).community != theirs


async def test_an_admin_of_the_whole_house_may_join_any(tmp_path: Path) -> None:
    config = '[bot]\nadmins = ["stage:999"]\n'
    async with a_stage(tmp_path, config=config) as stage:
        await stage.opens("晨读班")
        await stage.opens("夜读班")
        await stage.presses("999", "加入已有社群", room="夜读班")
        assert "一家了" in (await stage.presses("999", "晨读班", room="夜读班"))[0]


async def test_old_and_invented_buttons_harm_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        for data in ("setup:", "setup:tier:0", "setup:tier:6", "setup:tier:x", "setup:x:1", "setup:join:x"):
            assert await stage.presses_data("班主任", data) == [GONE]
        assert await stage.presses_data("班主任", "setup:tier", room=None) == ["这件事要在群里说。"]
        assert await stage.presses_data("路人", "setup:tier", room="没去过的群") == [
            "还没在哪个班里见过你。先在群里说句话，再来找我。"
        ]


async def test_hearing_the_room_is_worth_one_line(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens(rights=())
        assert await stage.opens(rights=("react",)) == []
        assert await stage.opens(rights=ALL_RIGHTS) == ["现在听得见大家说话了，直接说「打卡」就能记上。"]
        assert await stage.opens(rights=ALL_RIGHTS) == []


async def test_lost_rights_are_told_to_who_took_them(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.says("班主任", "/start", room=None)
        await stage.opens(rights=ALL_RIGHTS)
        changed = stage.bot_changed("member", rights=("read", "react"), by=stage.sender("班主任"))
        [said] = await stage.happens(changed)
        assert stage.last.place == "班主任"
        assert "「晨读班」里我少了权限" in said
        assert "删除消息" in said


async def test_a_bot_that_hears_nothing_any_more_says_how_to_check_in(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens(rights=ALL_RIGHTS)
        changed = stage.bot_changed("member", rights=(), by=stage.sender("小林"))
        assert await stage.happens(changed) == ["大家平常说的话我暂时听不见了，打卡请发 /checkin。"]
