"""What is proposed is decided once, by whoever may at that moment, where no member reads, and undone."""

from pathlib import Path

import pytest

from bot.core.events import ButtonPressed
from storage import communities
from tests.handlers.suggested import STAFF, a_class, done, featured, states, vanishes
from tests.stage import Stage, a_stage


async def passes(stage: Stage, minutes: int) -> list[str]:
    return await stage.until(stage.clock.now() + minutes * 60_000)


async def proposed(stage: Stage, *names: str) -> None:
    """These are proposed, and shown to those who decide."""
    for name in names:
        await stage.says("小林", f"/propose {name}")
    await passes(stage, 6)
    stage.heard()


def press(stage: Stage, who: str, label: str) -> ButtonPressed:
    """The event of a press, to be brought in with others."""
    sent = next(sent for sent in reversed(stage.platform.sent) if label in sent.buttons)
    return stage.pressed(who, sent.buttons[label].data, message=sent.native, room=STAFF)


async def test_it_is_proposed_once_while_it_waits(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=featured()) as stage:
        await a_class(stage)
        await proposed(stage, "甲", "甲")
        await proposed(stage, "甲")
        assert await states(stage) == ["open"]


async def test_two_who_press_in_one_batch_decide_once(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=featured()) as stage:
        await a_class(stage)
        await proposed(stage, "甲")
        said = await stage.happens(press(stage, "班主任", "准"), press(stage, "副班主任", "不算"))
        assert "好，准了。" in said
        assert "这件已经定了：准了（班主任）。" in said
        assert await states(stage) == ["approved"]
        assert await done(stage) == ["甲"]


async def test_two_who_press_one_after_the_other_decide_once(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=featured()) as stage:
        await a_class(stage)
        await proposed(stage, "甲")
        first, second = press(stage, "班主任", "不算"), press(stage, "副班主任", "准")
        await stage.happens(first)
        assert "这件已经定了：不算（班主任）。" in await stage.happens(second)
        assert await states(stage) == ["declined"]
        assert await done(stage) == []


async def test_the_right_is_asked_for_at_the_press(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=featured()) as stage:
        await a_class(stage)
        await proposed(stage, "甲", "乙")
        await stage.joins("副班主任", "member")
        for label in ("1 准", "1 不算", "1 以后", "全部准（2 件）"):
            assert await stage.happens(press(stage, "副班主任", label)) == ["这件事要请组长或管理员来做。"]
        assert await states(stage) == ["open", "open"]


async def test_a_kind_asks_for_its_own_right(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=featured("settings")) as stage:
        await a_class(stage)
        await stage.says("组长甲", "早")
        await stage.says("班主任", "/role 组长甲 组长")
        await proposed(stage, "甲")
        assert await stage.happens(press(stage, "组长甲", "准")) == ["这件事要请管理员来做。"]
        await stage.says("组长甲", "/start", room=None)
        assert await stage.says("组长甲", "待办", room=None) == [
            "「晨读班」现在没有等你拿主意的事，喝口水吧。"
        ]


async def test_without_a_staff_room_those_who_decide_are_told_in_private_and_all_see_what_came_of_it(
    tmp_path: Path,
) -> None:
    async with a_stage(tmp_path, features=featured()) as stage:
        await a_class(stage, staff_room=False)
        await stage.says("小林", "/start", room=None)
        await stage.says("小林", "/propose 甲")
        assert len(await passes(stage, 6)) == 2
        assert {sent.place for sent in stage.platform.sent[-2:]} == {"班主任", "副班主任"}
        said = await stage.presses("副班主任", "准", room=None)
        assert said[0] == "好，准了。"
        assert sorted(sent.place for sent in stage.platform.sent[-2:]) == ["副班主任", "班主任"]
        assert all("→ 准了（副班主任）" in one for one in said[1:])


async def test_where_nobody_can_be_told_it_waits_in_the_list(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=featured()) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("小林", "/propose 甲")
        assert await passes(stage, 600) == []
        await stage.says("班主任", "/start", room=None)
        assert "「甲」" in (await stage.says("班主任", "/suggestions", room=None))[0]
        assert (await stage.presses("班主任", "准", room=None))[0] == "好，准了。"
        assert "喝口水吧" in stage.last.text


async def test_lists_are_an_hour_apart_and_hold_no_more_than_six(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=featured()) as stage:
        await a_class(stage)
        for number in range(8):
            await stage.says("小林", f"/propose {number}号")
        (said,) = await passes(stage, 6)
        assert "有 6 件事" in said
        assert "还有 2 件在 /suggestions 里。" in said
        assert await passes(stage, 55) == []
        assert "有 2 件事" in (await passes(stage, 10))[0]


async def test_the_list_is_paged_and_all_approves_what_was_seen_alone(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=featured()) as stage:
        await a_class(stage)
        for number in range(8):
            await stage.says("小林", f"/propose {number}号")
        (said,) = await stage.says("班主任", "/suggestions", room=None)
        assert said.count("小林（晨读班") == 6
        await stage.presses("班主任", "后面的", room=None)
        assert stage.last.text.count("小林（晨读班") == 2
        await stage.says("小林", "/propose 9号")
        await stage.presses("班主任", "全部准（2 件）", room=None)
        assert await done(stage) == ["6号", "7号"]
        await stage.says("班主任", "/suggestions", room=None)
        await stage.presses("班主任", "2 不算", room=None)
        await stage.presses("班主任", "全部准", room=None)
        assert await done(stage) == ["0号", "2号", "3号", "4号", "5号", "6号", "7号", "9号"]


async def test_all_does_nothing_when_there_is_more_than_was_shown(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=featured()) as stage:
        await a_class(stage)
        await proposed(stage, "甲", "乙", "丙")
        await stage.presses("班主任", "1 不算", room=STAFF)
        old = press(stage, "副班主任", "全部准（2 件）")
        await stage.says("班主任", "/undo", room=STAFF)
        await stage.presses("班主任", "撤回这一步", room=STAFF)
        assert "刚刚又多了新的，看一眼再定。" in await stage.happens(old)
        assert await done(stage) == []


async def test_later_is_tomorrow_morning_and_twice_at_most(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=featured(), all_on=False) as stage:
        await a_class(stage)
        await proposed(stage, "甲")
        for morning in ("2026-05-05 08:30", "2026-05-06 08:30"):
            await stage.presses("班主任", "以后再说", room=STAFF)
            assert "→ 放一放，明早再说" in stage.last.text
            assert await stage.until(f"{morning[:10]} 08:29") == []
            assert "「甲」" in (await stage.until(morning))[0]
        assert list(stage.last.buttons) == ["准", "不算"]
        said = await stage.presses_data(
            "班主任", "suggest:later:1:l3-0", message=stage.last.native, room=STAFF
        )
        assert said[0].startswith("已经放过两次了")
        await stage.presses("班主任", "准", room=STAFF)
        assert await done(stage) == ["甲"]


async def test_what_nobody_decides_lapses_and_changes_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=featured(), all_on=False) as stage:
        await a_class(stage)
        await proposed(stage, "甲")
        late = press(stage, "班主任", "准")
        (said,) = await stage.until("2026-05-07 09:01")
        assert "→ 没人定，作罢了" in said
        assert "这件已经定了：没人定，作罢了。" in await stage.happens(late)
        assert await done(stage) == []
        assert await states(stage) == ["expired"]


async def test_what_is_not_so_any_more_closes_by_itself(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=featured()) as stage:
        await a_class(stage)
        await proposed(stage, "甲", "乙", "丙")
        await vanishes(stage, "甲")
        assert "情况变了" in (await stage.presses("班主任", "1 不算", room=STAFF))[0]
        await stage.deletes("乙")
        assert await states(stage) == ["closed", "closed", "open"]
        await vanishes(stage, "丙")
        said = await stage.says("班主任", "/suggestions", room=STAFF)
        assert any("喝口水吧" in one for one in said)
        assert any("这几件都定下来了" in one for one in said)


async def test_an_approval_is_taken_back_and_brought_forward_again_and_a_decline_is_open_again(
    tmp_path: Path,
) -> None:
    async with a_stage(tmp_path, features=featured()) as stage:
        await a_class(stage)
        await proposed(stage, "甲")
        await stage.presses("班主任", "准", room=STAFF)
        await stage.says("班主任", "/undo", room=None)
        await stage.presses("班主任", "撤回这一步", room=None)
        assert (await done(stage), await states(stage)) == ([], ["open"])
        await stage.presses("班主任", "还是按改的来", room=None)
        assert (await done(stage), await states(stage)) == (["甲"], ["approved"])
        await proposed(stage, "乙")
        await passes(stage, 60)
        await stage.presses("班主任", "不算", room=STAFF)
        await stage.says("班主任", "/undo", room=None)
        await stage.presses("班主任", "撤回这一步", room=None)
        assert await states(stage) == ["approved", "open"]
        await stage.presses("副班主任", "准", room=STAFF)
        assert await done(stage) == ["乙", "甲"]


async def test_an_undo_of_what_moved_on_is_refused(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=featured()) as stage:
        await a_class(stage)
        await proposed(stage, "甲")
        await stage.presses("班主任", "不算", room=STAFF)
        await stage.says("班主任", "/undo", room=None)
        await stage.presses("班主任", "撤回这一步", room=None)
        await stage.until("2026-05-08 09:00")
        assert await states(stage) == ["expired"]
        assert await stage.presses("班主任", "还是按改的来", room=None) == [
            "后来又变了，这一步现在撤不回来。"
        ]


async def test_a_list_told_where_members_read_by_now_is_not_shown_again_there(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=featured()) as stage:
        await a_class(stage)
        await proposed(stage, "甲")
        await stage.joins("班主任", "admin", STAFF)
        old = press(stage, "班主任", "准")
        await stage.engine.database.write(lambda tx: communities.set_staff_room(tx, 1, None))
        stage.engine.pipeline.memory.clear()
        assert await stage.happens(old) == ["这件事咱们私聊说。"]
        assert await done(stage) == []


@pytest.mark.parametrize(
    "data",
    [
        "suggest",
        "suggest:",
        "suggest:yes",
        "suggest:yes:1",
        "suggest:yes:1:l1",
        "suggest:yes:-1:l1-0",
        "suggest:yes:１:l1-0",
        "suggest:yes:99:l1-0",
        "suggest:yes:1:x1-0",
        "suggest:no:9999999999999999:l1-0",
        "suggest:eat:1:l1-0",
        "suggest:yes:1:l1-0:more",
        "suggest:all:l1-0",
        "suggest:yes:1:l1-0'; DROP TABLE suggestion",
    ],
)
async def test_hostile_data_decides_nothing(tmp_path: Path, data: str) -> None:
    async with a_stage(tmp_path, features=featured()) as stage:
        await a_class(stage)
        await proposed(stage, "甲")
        assert await stage.presses_data("班主任", data, room=STAFF) == [
            "这个选项放太久了，重新发一次命令就好。"
        ]
        assert await states(stage) == ["open"]


async def test_of_another_community_nothing_is_seen_nor_decided(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=featured()) as stage:
        await a_class(stage)
        await proposed(stage, "甲")
        await stage.opens("外班")
        await stage.joins("外人", "admin", "外班")
        await stage.says("外人", "/start", room=None)
        told = await stage.presses_data("外人", "suggest:yes:1:l1-0", room=None)
        assert told == ["这个选项放太久了，重新发一次命令就好。"]
        shown = await stage.presses_data("外人", "suggest:page:0:l1-0", room=None)
        assert "甲" not in "".join(shown)
        assert await states(stage) == ["open"]


async def test_a_member_who_asks_is_told_who_decides_and_the_word_is_just_talk(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=featured()) as stage:
        await a_class(stage)
        await proposed(stage, "甲")
        assert await stage.says("小林", "待办") == []
        assert await stage.says("小林", "/suggestions") == ["这件事要请组长或管理员来做。"]
        assert await stage.presses_data("小林", "suggest:page:0:p0-0", room=STAFF) == [
            "这件事要请组长或管理员来做。"
        ]


async def test_what_a_feature_that_is_gone_proposed_is_not_shown_and_lapses(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=featured()) as stage:
        await a_class(stage)
        await proposed(stage, "甲")
        await stage.engine.database.write(lambda tx: tx.run("UPDATE suggestion SET kind = 'gone'"))
        assert "喝口水吧" in (await stage.says("班主任", "/suggestions", room=STAFF))[0]
        await stage.engine.database.write(lambda tx: tx.run("UPDATE suggestion SET shown_in = NULL"))
        assert "button" not in str(await stage.presses("班主任", "准", room=STAFF))
        await stage.until("2026-05-07 09:10")
        assert await states(stage) == ["expired"]
        assert await done(stage) == []
