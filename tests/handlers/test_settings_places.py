"""Settings in chat by who may where: old and invented buttons, other communities, from room to room."""

from pathlib import Path
from typing import Any

import pytest

from storage import communities
from tests.handlers.test_settings import NOT_YOURS, a_class, acts, join, kept, press, say
from tests.stage import a_stage

GONE = "这个选项放太久了，重新发一次命令就好。"

# Rights, places, old buttons.


async def test_an_hour_later_it_works_or_is_refused_kindly(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, "夜读班")
        await stage.says("班主任", "/settings talk", room="夜读班")
        await stage.until("2026-05-04 10:00")
        [_, page] = await press(stage, "一天主动说几句")
        assert page.startswith("「夜读班」这个群")
        await stage.happens(stage.bot_changed("left", room="夜读班"))
        assert await press(stage, "＋") == ["这个群已经不在社群里了，发 /settings 重新看看。"]
        await stage.joins("班主任", "member")
        assert await press(stage, "＋") == [NOT_YOURS]
        await stage.joins("班主任", "left")
        assert len(await press(stage, "＋")) == 1
        assert await kept(stage) == []


async def test_a_private_page_is_about_the_community_it_was_shown_for(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await say(stage, "/settings talk")
        await stage.opens("别的社群")
        await stage.joins("班主任", "admin", "别的社群")
        await stage.joins("班主任", "left", "晨读班")
        [refused] = await press(stage, "下一页")
        assert "另一个社群的，你现在不在那里" in refused
        for data in ("set:at:0@1", "set:at:0@7", "set:to:0:features.recap:on@1"):
            assert len(await stage.presses_data("班主任", data, room=None)) == 1
        assert await kept(stage) == []


async def test_buttons_of_pages_do_nothing_before_members(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        assert await stage.presses_data("班主任", "set:at:0") == [GONE]
        assert await stage.presses_data("小林", "set:at:0") == [NOT_YOURS]


async def test_in_the_staff_room_everybody_with_the_right_uses_one_page(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, "班委群")
        await stage.joins("副班主任", "admin")

        def make_staff(desk: Any) -> None:
            communities.set_staff_room(desk.tx, 1, 2)
            desk.forget("community")
            desk.forget("settings")

        await stage.engine.pipeline.work(make_staff)
        [said] = await stage.says("班主任", "/settings", room="班委群")
        assert stage.last.place == "班委群"
        assert "有 1 个群" in said
        await stage.presses("副班主任", "晨读班", room="班委群")
        [_, page] = await stage.presses("班主任", "说话的分寸", room="班委群")
        assert page.startswith("「晨读班」这个群")
        assert await stage.presses("路人", "安静从几点", room="班委群") == [NOT_YOURS]


@pytest.mark.parametrize(
    "data",
    [
        "set:",
        "set:at:",
        "set:at:99",
        "set:at:x",
        "set:home:-1",
        "set:in:0:nothing:0",
        "set:in:1:scoring:0",
        "set:one:0:bot.admins",
        "set:one:1:recap.evening_at",
        "set:to:0:recap.evening:never",
        "set:to:0:features.recap:suggest",
        "set:as:0:talk.lines_a_day:1e9",
        "set:as:0:recap.evening_at:25:00",
        "set:by:0:recap.milestones:+",
        "set:by:0:talk.lines_a_day:*",
        "set:no:0:telegram.token",
        "set:cp:0:0",
        "set:cpto:1:0",
        "set:cpdo:1:2:0",
        "set:tmdo:0",
        "set:what:0",
        "set:at:" + "9" * 40,
        "set:at:١",
    ],
)
async def test_invented_buttons_set_nothing(tmp_path: Path, data: str) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        [said] = await stage.presses_data("班主任", f"{data}@1", room=None)
        assert said in (GONE, "这个群已经不在社群里了，发 /settings 重新看看。")
        assert await kept(stage) == []


# From room to room.


async def test_settings_are_copied_after_a_look_each_audited(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, "夜读班", "午读班")
        await say(stage, "/set 晨读班 recap.evening list")
        await say(stage, "/set 晨读班 features.terms off")
        await say(stage, "/set 夜读班 talk.lines_a_day 9")
        await say(stage, "/settings")
        [_, page] = await press(stage, "晨读班", "照搬到别的群")
        assert "晨读班" not in stage.last.buttons
        [_, page] = await press(stage, "夜读班")
        assert page.splitlines() == [
            "「晨读班」→「夜读班」",
            "· 学期：开 → 关",
            "· 一天主动说几句：9 → 4",
            "· 晚上说什么：报人数 → 带名字",
        ]
        [toast, page] = await press(stage, "就这样搬")
        assert toast == "搬好了，3 项。"
        assert "不用搬" in page
        own = [(name, value) for room, name, value in await kept(stage) if room == 2]
        assert own == [("features.terms", '"off"'), ("recap.evening", '"list"')]
        assert [act for act in await acts(stage) if act[4] == 2][1:] == [
            ("setting", "features.terms", "", '"off"', 2),
            ("setting", "talk.lines_a_day", "9", "", 2),
            ("setting", "recap.evening", "", '"list"', 2),
        ]


async def test_nothing_is_copied_that_was_not_shown(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, "夜读班")
        await say(stage, "/set 晨读班 recap.evening list")
        await say(stage, "/settings")
        await press(stage, "晨读班", "照搬到别的群", "夜读班")
        seen = stage.last
        await say(stage, "/set 晨读班 recap.evening off")
        [toast, page] = await stage.presses_data(
            "班主任", seen.buttons["就这样搬"].data, message=seen.native, room=None
        )
        assert toast == "刚才有人改过，再看一眼。"
        assert "→ 不说" in page
        assert [name for room, name, _ in await kept(stage) if room == 2] == []
        await press(stage, "就这样搬")
        assert (2, "recap.evening", '"off"') in await kept(stage)


async def test_a_community_of_one_room_has_nowhere_to_copy_to(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "/settings")
        assert await press(stage, "照搬到别的群") == ["社群里只有这一个群，没处可搬。"]


async def test_new_rooms_start_as_the_template_says(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "/settings")
        assert await press(stage, "新群的样板", "照这个群存") == ["这个群没有另设什么，先改几项再存成样板。"]
        await stage.says("班主任", "/set recap.evening list")
        await stage.says("班主任", "/set talk.lines_a_day 2")
        await stage.says("班主任", "/settings")
        [toast, page] = await press(stage, "新群的样板", "照这个群存")
        assert toast == "改好了"
        assert page.splitlines()[:3] == ["新群的样板", "· 一天主动说几句：2", "· 晚上说什么：带名字"]
        await join(stage, "夜读班")
        await stage.happens(stage.bot_changed("left", room="夜读班"))
        await stage.opens("夜读班")
        assert [row[1:] for row in await kept(stage) if row[0] != 1] == [
            ("recap.evening", '"list"'),
            ("talk.lines_a_day", "2"),
        ]
        before = await kept(stage)
        await press(stage, "不要样板")
        await join(stage, "午读班")
        assert await kept(stage) == before


async def test_a_room_that_joins_keeps_what_it_had_set_itself(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "/set recap.evening list")
        await stage.says("班主任", "/set talk.lines_a_day 2")
        await stage.says("班主任", "/settings")
        await press(stage, "新群的样板", "照这个群存")
        await stage.opens("夜读班")
        await stage.joins("班主任", "admin", "夜读班")
        await stage.says("班主任", "/set talk.lines_a_day 7", room="夜读班")
        await stage.presses("班主任", "加入已有社群", room="夜读班")
        await stage.presses("班主任", "晨读班", room="夜读班")
        assert [row[1:] for row in await kept(stage) if row[0] != 1] == [
            ("recap.evening", '"list"'),
            ("talk.lines_a_day", "7"),
        ]
