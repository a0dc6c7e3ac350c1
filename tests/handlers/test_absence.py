"""Leave, days of rest and pauses, as dialogues."""

from pathlib import Path

import pytest

from bot.core.events import Batch
from handlers import absence
from tests.handlers.asking import streak_of
from tests.stage import BOT, Stage, a_stage

HOW = "请假这样发：请假 明天，或者 请假 5-1到5-7 回老家。只发「请假」就是今天。"
NOTED = "记下了，{}。连续天数先停着，不会断。提前回来就发「销假」。"


async def checks_in_on(stage: Stage, *days: int) -> None:
    for day in days:
        await stage.until(f"2026-05-{day:02} 09:00")
        await stage.says("小林", "打卡")


async def test_leave_pauses_a_streak(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await checks_in_on(stage, 4)
        assert await stage.says("小林", "请假 5-5到5-9 回老家") == [NOTED.format("5月5日到5月9日，一共 5 天")]
        await checks_in_on(stage, 10)
        assert (await streak_of(stage, "小林")).current == 2


async def test_without_leave_it_begins_again(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await checks_in_on(stage, 4, 5, 7)
        assert (await streak_of(stage, "小林")).current == 1


async def test_days_are_said_in_one_breath_with_the_word(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.until("2026-05-04 09:00")
        assert await stage.says("小林", "请假明天") == [NOTED.format("5月5日")]
        assert await stage.says("阿哲", "今天请假。") == [NOTED.format("5月4日")]
        assert await stage.says("米粒", "下周请假") == [NOTED.format("5月11日到5月17日，一共 7 天")]
        assert await stage.says("大头", "请假3天") == [NOTED.format("5月4日到5月6日，一共 3 天")]
        assert await stage.says("豆豆", "请假下周一！") == [NOTED.format("5月11日")]
        assert await stage.says("周周", "大后天请假") == [NOTED.format("5月7日")]
        assert await stage.says("冬冬", "请假两天。") == [NOTED.format("5月4日到5月5日，一共 2 天")]
        for talk in ("今天请假的人真多", "请假明天再说吧", "今天我请假了没", "明天请假吗", "昨天"):
            assert await stage.says("乐乐", talk) == [], talk


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("请假 明天！", "5月5日"),
        ("请假 明天，回家，看妈妈", "5月5日"),
        ("请假 明天回家", "5月5日"),
        ("请假 5-5 到 5-7，回家", "5月5日到5月7日，一共 3 天"),
        ("请假 有点累，歇歇", "5月4日"),
    ],
)
async def test_a_day_is_read_beside_signs_and_reasons(tmp_path: Path, said: str, noted: str) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.until("2026-05-04 09:00")
        assert await stage.says("小林", said) == [NOTED.format(noted)]


@pytest.mark.parametrize(
    "said", ["上周请假", "请假下月", "请假 今明两天", "请假 明天和后天", "请假 5-5、5-7"]
)
async def test_other_days_are_asked_for_again_not_taken_for_today(tmp_path: Path, said: str) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.until("2026-05-04 09:00")
        assert await stage.says("小林", said) == [HOW]


async def test_leave_on_the_very_day_is_counted_in_advance_it_is_not(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        for day in (4, 5):
            await stage.until(f"2026-05-{day:02} 09:00")
            assert await stage.says("小林", "请假") == [NOTED.format(f"5月{day}日")]
        await stage.until("2026-05-06 09:00")
        assert await stage.says("小林", "请假 有点累") == [
            "当天的假这个月 2 次都用过了，提前一天说就不限次数。今天实在忙就歇着，累计的天数一天不少。"
        ]
        assert await stage.says("小林", "请假 明天") == [NOTED.format("5月7日")]
        assert await stage.says("小林", "请假 5-7") == ["5月7日已经请过假了，放心。"]
        await stage.until("2026-06-01 09:00")
        assert await stage.says("小林", "请假") == [NOTED.format("6月1日")]


async def test_leave_today_is_taken_before_the_deadline(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "任务 打卡 时间 06:00-10:00")
        assert await stage.says("阿哲", "请假") == [NOTED.format("5月4日")]
        await stage.until("2026-05-04 10:00")
        assert await stage.says("小林", "请假") == [
            "今天的任务都收工了，请不了今天的假。想补上，明天发「补卡」就行。"
        ]


async def test_who_has_checked_in_needs_no_leave(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "打卡")
        assert await stage.says("小林", "请假") == [
            "今天的卡已经打过了，不用请假，歇着吧。别的日子这样说：请假 明天。"
        ]
        assert await stage.says("小林", "请假 3天") == [
            NOTED.format("今天打过卡了，从明天算起：5月5日到5月6日，一共 2 天")
        ]
        assert await stage.says("小林", "请假 下周") == [NOTED.format("5月11日到5月17日，一共 7 天")]


async def test_who_comes_back_early_is_asked_again(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await checks_in_on(stage, 4)
        await stage.says("小林", "请假 5-5到5-9")
        await stage.until("2026-05-07 09:00")
        assert await stage.says("小林", "销假") == ["欢迎回来。5月5日到5月9日的假销了，从今天接着来。"]
        await checks_in_on(stage, 9)
        assert (await streak_of(stage, "小林")).current == 1
        assert await stage.says("小林", "销假") == ["你现在没有请假，正常打卡就好。"]


async def test_leave_that_overlaps_is_told_of_once(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "请假 5-5到5-7")
        await stage.says("小林", "请假 5-6到5-9")
        await stage.says("小林", "请假 5-12")
        assert await stage.says("小林", "销假") == [
            "欢迎回来。5月5日到5月9日、5月12日的假销了，从今天接着来。"
        ]


@pytest.mark.parametrize("text", ["请假 2月30日", "请假 5-7到5-1", "/leave 99-99", "请假 怎么请？"])
async def test_days_that_are_none_are_explained(tmp_path: Path, text: str) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        assert await stage.says("小林", text) == [HOW]


async def test_days_gone_by_need_no_leave(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        assert await stage.says("小林", "请假 昨天") == ["过去的日子不用请假，想补上就发「补卡」。"]


async def test_the_class_rests_on_weekends(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        assert await stage.says("班主任", "休息日") == ["现在没有固定的休息日。这样定：休息日 周末"]
        assert await stage.says("班主任", "休息日 周末") == ["周末是休息日，不打卡连续天数也不断。"]
        await checks_in_on(stage, 8, 11)
        assert (await streak_of(stage, "小林")).current == 2
        await checks_in_on(stage, 12, 13, 14, 15, 16, 18)
        assert (await streak_of(stage, "小林")).current == 8
        assert await stage.says("班主任", "休息日 无") == ["现在没有固定的休息日。这样定：休息日 周末"]
        assert await stage.says("班主任", "休息日 每天") == [
            "休息日这样写：休息日 周末，休息日 周三，取消就写「休息日 无」。至少留一天学习。"
        ]
        assert (await streak_of(stage, "小林")).current == 8


async def test_a_change_of_the_days_of_rest_does_not_reach_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "休息日 周末")
        await checks_in_on(stage, 8, 11)
        await stage.says("班主任", "休息日 无")
        await stage.until("2026-05-12 09:00")
        await stage.says("小林", "打卡", native="m1")
        await stage.deletes("m1")
        assert (await streak_of(stage, "小林")).current == 2


async def test_the_class_pauses_for_a_holiday(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        assert await stage.says("小林", "/pause 5-5到5-9") == ["这件事要请学习委员或管理员来做。"]
        assert await stage.says("班主任", "全班休息 5-5到5-9 春节") == [
            "5月5日到5月9日全班休息（春节），这几天不打卡，连续天数都不会断。"
        ]
        assert (await stage.says("班主任", "全班休息"))[0].startswith("全班休息：5月5日到5月9日 春节")
        await checks_in_on(stage, 4, 10)
        assert (await streak_of(stage, "小林")).current == 2


async def test_a_pause_for_days_gone_by_mends_streaks(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await checks_in_on(stage, 4, 7)
        assert (await streak_of(stage, "小林")).current == 1
        await stage.says("班主任", "/pause 2026-05-05 to 2026-05-06 typhoon")
        assert (await streak_of(stage, "小林")).current == 2
        assert await stage.says("班主任", "/pause cancel") == ["现在没有全班休息。"]
        await stage.says("班主任", "全班休息 明天")
        assert await stage.says("班主任", "全班休息 取消") == ["全班休息取消了，打卡照常。"]
        await stage.says("班主任", "全班休息 今天")
        assert await stage.says("班主任", "全班休息 取消") == ["全班休息结束了，从今天接着打卡。"]


async def test_a_second_pause_in_the_middle_of_the_work_forgets_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(absence, "PEOPLE_A_SLICE", 1)
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        for day in (4, 7):
            await stage.until(f"2026-05-{day:02} 09:00")
            for who in ("小林", "阿哲", "小北"):
                await stage.says(who, "打卡")
        first, second = (stage.message("班主任", f"/pause 2026-05-{day}") for day in ("05", "06"))
        await stage.engine.pipeline.take(Batch(BOT, [first], caught_up_to=stage.clock.now()))
        assert await stage.engine.jobs.run_one()
        assert await stage.happens(second)
        for who in ("小林", "阿哲", "小北"):
            assert (await streak_of(stage, who)).current == 2
