"""Lists passed on by hand: what is asked or told before anything is changed."""

from pathlib import Path

from rules.durations import DAY
from tests.stage import Stage, a_stage

OWNER, STAFF = "班主任", "管理群"
LIST = "晨读接龙\n1. 小林\n2. 阿哲\n3. 米粒\n4. 大力"


async def a_class(stage: Stage) -> None:
    await stage.opens()
    await stage.joins(OWNER, "owner")
    await stage.says(OWNER, "/byhand 晨读二班", room=None)
    await stage.says(OWNER, LIST, room=None)


async def test_a_line_that_the_list_lacks_is_told_and_nothing_is_changed(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        [said] = await stage.says(OWNER, "2=小吴，9 不是", room=None)
        assert said.startswith("这份名单里没有第 9 行，一行也没有改。")
        [said] = await stage.says(OWNER, "2=小吴", room=None)
        assert "小吴" in said


async def test_in_the_staff_room_what_names_no_line_is_talk(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.opens(STAFF)
        await stage.joins(OWNER, "owner", STAFF)
        await stage.says(OWNER, "/staffroom", room=STAFF)
        await stage.says(OWNER, LIST, room=STAFF)
        assert await stage.says(OWNER, "12 不是", room=STAFF) == []


async def test_who_is_somebody_else_of_that_name_is_told_so(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says(OWNER, "2 新同学", room=None)
        assert "「阿哲」另是一位" in (await stage.says(OWNER, "/audit", room=None))[0]


async def test_of_a_few_most_do_not_leave_unasked(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        assert "少了 3 位" in (await stage.says(OWNER, "/record 晨读二班 名单\n小林", room=None))[0]
        [said] = await stage.says(OWNER, "/record 晨读二班 名单\n小林\n阿哲\n米粒", room=None)
        assert "不在了 1 位：大力" in said


async def test_a_day_with_nothing_to_tell_leaves_no_gap(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        stage.clock.move_to(stage.clock.now() + DAY)
        [said] = await stage.says(OWNER, LIST, room=None)
        assert said.splitlines()[1:] == [
            "记上 4 位：小林、阿哲、米粒、大力",
            "哪行不对，回「改 1 阿哲」或「1 不是」。",
        ]
