"""Who changed what is told to those who look after the community alone, and is taken back by a button."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.audit import asking
from handlers.audit.asking import Wanted, carried, packed, unpacked
from rules.argument_days import DayRange
from rules.days import Day
from storage import people
from storage.db import Transaction
from tests.handlers.test_settings import join
from tests.stage import Stage, a_stage


async def a_class(stage: Stage) -> None:
    await stage.opens()
    await stage.joins("班主任", "admin")
    await stage.joins("小林")
    await stage.says("班主任", "/start", room=None)


async def give(stage: Stage, who: str, role: str) -> None:
    def make(tx: Transaction) -> None:
        account = people.by_native(tx, "stage", who)
        assert account is not None
        people.give_role(tx, 1, account.person, role, 0, None)

    await stage.engine.database.write(make)


async def test_every_change_is_told_in_plain_words_newest_first(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "休息日 周末", room=None)
        await stage.says("班主任", "任务 晨读 06:00-08:30")
        await stage.says("班主任", "任务 晨读 改名 早读")
        await stage.until("2026-05-04 10:30")
        await stage.says("班主任", "全班休息 5-5到5-7 春游", room=None)
        [said] = await stage.says("班主任", "记录", room=None)
        assert said == (
            "「晨读班」的改动记录\n\n"
            "#4 5月4日 10:30 班主任：从5月5日起全班休息：没有 → 到5月7日（春游）\n\n"
            "#3 5月4日 09:00 班主任：任务「早读」：名字 晨读 → 早读\n\n"
            "#2 5月4日 09:00 班主任：加了任务「早读」\n\n"
            "#1 5月4日 09:00 班主任：每周休息日：没有 → 周末"
        )
        assert list(stage.last.buttons) == ["撤回 #4", "撤回 #3", "撤回 #2", "撤回 #1"]


async def test_it_is_never_told_before_members(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "/rest 周末")
        await stage.says("班主任", "/audit")
        assert stage.last.place == "班主任"
        assert await stage.says("小林", "记录") == []
        assert "管理员" in (await stage.says("小林", "/audit"))[0]
        assert await stage.presses_data("班主任", "audit:0:") == ["这件事咱们私聊说。"]
        assert await stage.says("班主任", "记录 今天读了三页很开心") == []
        assert "没看懂「不认识的」" in (await stage.says("班主任", "/audit 不认识的", room=None))[0]


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ("小林", [2]),
        ("任务", [2, 3]),
        ("休息日", [1, 4]),
        ("今天", [4]),
        ("昨天", [1, 2, 3]),
        ("5-4到5-5", [1, 2, 3, 4]),
        ("班主任 任务 昨天", [3]),
        ("设置", []),
        ("晨读班", []),
        ("talk.lines_a_day", []),
        ("talk", []),
        ("/rest", [1, 4]),
    ],
)
async def test_it_can_be_asked_for_by_person_act_room_and_days(
    tmp_path: Path, asked: str, numbers: list[int]
) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await give(stage, "小林", "study")
        await stage.says("班主任", "/rest 周末")
        await stage.says("小林", "/task 添加 晨读 06:00-08:30")
        await stage.says("班主任", "/task 添加 晚读 20:00-22:30")
        await stage.until("2026-05-05 09:00")
        await stage.says("班主任", "/rest 周日")
        [said] = await stage.says("班主任", f"/audit {asked}", room=None)
        assert [number for number in range(1, 5) if f"#{number} " in said] == numbers


async def test_pages_go_on_with_what_was_asked_for(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "任务 晨读 06:00-08:30")
        for day in range(14):
            await stage.says("班主任", f"/rest {'周六' if day % 2 else '周日'}", room=None)
        await stage.says("班主任", "/audit 休息日", room=None)
        assert list(stage.last.buttons)[-1] == "更早 ›"
        [_, said] = await stage.presses("班主任", "更早", room=None)
        assert "#9 " in said
        assert "#1 " not in said
        assert list(stage.last.buttons)[-2:] == ["‹ 更近", "更早 ›"]
        [_, said] = await stage.presses("班主任", "更早", room=None)
        assert said.count("#") == 2
        assert "任务" not in said
        assert list(stage.last.buttons)[-1] == "‹ 更近"


async def test_a_change_is_taken_back_and_brought_back_with_one_thumb(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "/rest 周末", room=None)
        await stage.says("班主任", "/audit", room=None)
        [_, said] = await stage.presses("班主任", "撤回 #1", room=None)
        assert said == (
            "要撤回这一步吗？\n#1 5月4日 09:00 班主任：每周休息日：没有 → 周末\n\n"
            "撤回后：每周休息日：周末 → 没有"
        )
        [_, said] = await stage.presses("班主任", "撤回这一步", room=None)
        assert said.startswith("好了，回到了原来的样子。")
        assert await stage.says("班主任", "休息日", room=None) == [
            "现在没有固定的休息日。这样定：休息日 周末"
        ]
        await stage.presses("班主任", "还是按改的来", room=None)
        assert "周末是休息日" in (await stage.says("班主任", "休息日", room=None))[0]
        [_, said] = await stage.presses("班主任", "改动记录", room=None)
        assert said.splitlines()[2::2] == [
            "#3 5月4日 09:00 班主任：恢复了每周休息日：没有 → 周末",
            "#2 5月4日 09:00 班主任：撤回了 #1 每周休息日：没有 → 周末（已撤回）",
            "#1 5月4日 09:00 班主任：每周休息日：没有 → 周末",
        ]


async def test_undo_alone_is_the_last_of_one_s_own(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await give(stage, "小林", "study")
        await stage.says("小林", "/start", room=None)
        await stage.says("班主任", "/rest 周末", room=None)
        await stage.says("小林", "/task 添加 晨读 06:00-08:30")
        await stage.says("班主任", "撤回")
        assert stage.last.place == "班主任"
        assert "每周休息日" in stage.last.text
        [said] = await stage.says("小林", "/undo", room=None)
        assert "加了任务「晨读」" in said
        await stage.presses("小林", "撤回这一步", room=None)
        assert "没有能撤回的" in (await stage.says("小林", "/undo", room=None))[0]
        assert "已经撤回过了" in (await stage.says("班主任", "/undo #2", room=None))[0]
        assert "编号" in (await stage.says("班主任", "/undo 那一步", room=None))[0]


async def test_members_may_say_the_word_and_nothing_happens(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        assert await stage.says("小林", "撤回") == []
        assert "组长或管理员" in (await stage.says("小林", "/undo"))[0]


async def test_several_pressing_at_once_take_it_back_once(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.joins("副班", "admin")
        await stage.says("班主任", "/rest 周末", room=None)
        await stage.presses_data("班主任", "undo:1:do:", room=None)
        assert "已经撤回过了" in (await stage.presses_data("副班", "undo:1:do:", room=None))[0]


@pytest.mark.parametrize(
    "data", ["", "x", "0:zz", "9" * 30, "0:p~r~f~s~d", "0:d!!.??", "0:pzzzzzzzzzzzzzzz", "-1:p1"]
)
async def test_hostile_data_shows_a_list_or_nothing(tmp_path: Path, data: str) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        said = await stage.presses_data("班主任", f"audit:{data}", room=None)
        assert "改动记录" in said[-1]


def test_what_is_asked_for_fits_into_a_button_and_comes_out_of_it() -> None:
    days = DayRange(Day("2026-05-01"), Day("2026-05-07"))
    wanted = Wanted(person=123_456, room=77, feature="tasks", setting=None, days=days)
    assert unpacked(packed(wanted)) == wanted
    assert len(carried("audit:99999", packed(wanted)).encode()) <= asking.LONGEST_DATA
    assert unpacked(packed(Wanted(setting="talk.lines_a_day"))) == Wanted(setting="talk.lines_a_day")
    assert carried("audit:0", "s" + "x" * 60) == "audit:0:"


async def test_two_of_one_name_are_told_apart_by_username(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        for native in ("5001", "5002"):
            sender = {"native": native, "name": "小雨", "username": f"rain{native}"}
            await stage.says(native, "早", sender=sender)
        [said] = await stage.says("班主任", "/audit 小雨", room=None)
        assert "rain5001、rain5002" in said
        assert "还没有" in (await stage.says("班主任", "/audit @rain5002", room=None))[0]


async def test_a_room_is_named_by_its_beginning_or_its_number(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        for room in ("夜读一班", "夜读二班"):
            await join(stage, room)
        assert "改动记录 · 夜读一班" in (await stage.says("班主任", "/audit 夜读一", room=None))[0]
        assert "改动记录 · 夜读二班" in (await stage.says("班主任", "/audit #4", room=None))[0]
        assert await stage.says("班主任", "/audit 夜读", room=None) == [
            "叫「夜读」的群不止一个，写号码就能分清：#3 夜读一班、#4 夜读二班"
        ]
        await stage.joins("夜读")
        assert "改动记录 · 夜读做的" in (await stage.says("班主任", "/audit 夜读", room=None))[0]


somebody = st.none() | st.integers(1, 10**9)
some_days = st.none() | st.tuples(st.dates(), st.dates()).map(
    lambda pair: DayRange(Day(pair[0].isoformat()), Day(pair[1].isoformat()))
)


@given(st.builds(Wanted, person=somebody, room=somebody, feature=st.just("tasks"), days=some_days))
def test_all_that_can_be_asked_for_comes_out_of_a_button_as_it_went_in(wanted: Wanted) -> None:
    assert unpacked(packed(wanted)) == wanted
    assert len(carried("undo:123456:ask", packed(wanted)).encode()) <= asking.LONGEST_DATA


@given(st.text(max_size=60))
def test_whatever_a_button_holds_asks_for_something_or_nothing(data: str) -> None:
    assert isinstance(unpacked(data), Wanted)
