"""Words in private of somebody who is in several classes, as dialogues."""

from pathlib import Path

import pytest

from bot.core.port import Can
from tests.stage import ALL, WECHAT, Stage, a_stage

NOTED = "记下了，5月4日。连续天数先停着，不会断。提前回来就发「销假」。"


async def in_both(stage: Stage) -> None:
    """小林 is in two classes, and joined that of the evening last."""
    for room in ("晨读班", "夜跑班"):
        await stage.opens(room)
        await stage.says("小林", "大家好", room=room)
        await stage.until(stage.clock.now() + 60_000)


async def on_leave(stage: Stage) -> list[str]:
    rows = await stage.engine.database.read(
        lambda tx: tx.all(
            "SELECT community.name FROM leave JOIN community ON community.id = leave.community"
            " ORDER BY leave.id"
        )
    )
    return [row["name"] for row in rows]


async def test_who_is_in_one_class_is_asked_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "大家好")
        assert await stage.says("小林", "请假", room=None) == [NOTED]
        assert stage.last.buttons == {}
        assert await on_leave(stage) == ["晨读班"]


async def test_words_are_for_the_class_one_checked_in_to_last_and_the_answer_says_so(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await in_both(stage)
        await stage.says("小林", "打卡", room="晨读班")
        await stage.until("2026-05-05 09:00")
        await stage.says("小林", "请假", room=None)
        assert list(stage.last.buttons) == ["给「晨读班」的，换一个"]
        assert await on_leave(stage) == ["晨读班"]


async def test_what_needs_a_right_is_for_a_class_where_one_has_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await in_both(stage)
        await stage.joins("小林", "admin", "晨读班")
        [said] = await stage.says("小林", "/rooms", room=None)
        assert said.startswith("晨读班：1 个群")
        assert "给「晨读班」的，换一个" in stage.last.buttons
        await stage.joins("小林", "member", "晨读班")
        assert await stage.says("小林", "/rooms", room=None) == ["这件事要请组长或管理员来做。"]
        assert list(stage.last.buttons) == ["给「夜跑班」的，换一个"]


async def test_another_class_is_chosen_by_two_taps_and_stays_chosen(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await in_both(stage)
        await stage.says("小林", "请假", room=None)
        assert await stage.presses("小林", "换一个", room=None) == ["Answer", "你在这里说的话，记给哪个班？"]
        assert await stage.presses("小林", "晨读班", room=None) == [
            "Answer",
            "好，往后你在这里说的，都记给「晨读班」。前面那条没有动，要记到这边，再发一遍就行。",
        ]
        await stage.says("小林", "请假", room=None)
        await stage.says("小林", "晚上跑了五公里", room="夜跑班")
        await stage.says("小林", "打卡", room="夜跑班")
        await stage.says("小林", "打卡", room=None)
        assert list(stage.last.buttons) == ["给「晨读班」的，换一个"]
        assert await on_leave(stage) == ["夜跑班", "晨读班"]


async def test_after_a_button_of_a_class_words_are_for_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await in_both(stage)
        assert await stage.presses_data("小林", "leave:2026-05-04@1", room=None) == [NOTED]
        await stage.says("小林", "/streak", room=None)
        assert "给「晨读班」的，换一个" in stage.last.buttons


async def test_what_was_left_is_meant_no_more(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await in_both(stage)
        await stage.presses_data("小林", "meant:1@2", room=None)
        await stage.joins("小林", "left", room="晨读班")
        await stage.says("小林", "请假", room=None)
        assert await on_leave(stage) == ["夜跑班"]
        assert stage.last.buttons == {}
        assert await stage.presses_data("小林", "meant:1@2", room=None) == [
            "这个选项放太久了，重新发一次命令就好。"
        ]


async def test_a_refusal_says_which_class_refused(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await in_both(stage)
        await stage.says("小林", "请假 2月30日", room=None)
        assert list(stage.last.buttons) == ["给「夜跑班」的，换一个"]


async def test_an_admin_adds_a_task_in_private_to_the_class_that_is_shown(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await in_both(stage)
        for room in ("夜跑班", "晨读班"):
            await stage.joins("小林", "admin", room=room)
        [said] = await stage.says("小林", "任务 夜跑 20:00-22:00", room=None)
        assert said.startswith("夜跑\n每天，20:00–22:00")
        assert "给「夜跑班」的，换一个" in stage.last.buttons


async def test_what_is_of_no_class_says_no_class(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await in_both(stage)
        await stage.says("小林", "/help", room=None)
        assert stage.last.buttons == {}


OTHERS = "回复数字：1 给「夜跑班」的，换一个"


async def test_without_buttons_it_is_offered_once_an_hour(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await in_both(stage)
        [said] = await stage.says("小林", "连续", room=None)
        assert said.endswith(OTHERS)
        for text in ("连续", "请假", "打卡"):
            [said] = await stage.says("小林", text, room=None)
            assert "换一个" not in said
        assert "记给哪个班？" in (await stage.says("小林", "1", room=None))[0]
        await stage.until("2026-05-04 10:02")
        [said] = await stage.says("小林", "连续", room=None)
        assert "给「夜跑班」的，换一个" in said


@pytest.mark.parametrize("can", [WECHAT, ALL])
async def test_what_was_not_understood_is_of_no_class(tmp_path: Path, can: Can) -> None:
    async with a_stage(tmp_path, can=can) as stage:
        await in_both(stage)
        [said] = await stage.says("小林", "你好呀\n在不在", room=None)
        assert said.startswith("这句我没听懂")
        assert "换一个" not in said
        assert stage.last.buttons == {}
