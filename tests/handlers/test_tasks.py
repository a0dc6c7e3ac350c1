"""Setting tasks up and seeing what is open, as dialogues."""

from pathlib import Path

import pytest

from tests.stage import Stage, a_stage


async def a_class(stage: Stage) -> None:
    await stage.opens()
    await stage.joins("班主任", "admin")


async def test_everybody_sees_what_is_open_today(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        assert await stage.says("小林", "任务") == ["今天的任务\n\n打卡 全天"]
        assert await stage.presses("小林", "打卡") == ["记上了，小林。累计 1 天。"]
        assert await stage.says("小林", "/tasks", room=None) == ["今天的任务\n\n✅ 打卡 全天"]


async def test_a_task_is_added_and_changed_by_words(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        said = await stage.says("班主任", "任务 添加 晨读 06:00-08:30")
        assert said[0].startswith("晨读\n每天，06:00–08:30")
        said = await stage.says("班主任", "任务 晨读 星期 周一到周五")
        assert "工作日，06:00–08:30" in said[0]
        said = await stage.says("班主任", "/task 晨读 late on")
        assert "过点也算" in said[0]
        said = await stage.says("班主任", "任务 晨读 字数 20字")
        assert "至少 20 个字" in said[0]
        said = await stage.says("班主任", "任务 晨读 改名 早读")
        assert said[0].startswith("早读")
        assert await stage.says("班主任", "任务 早读 归档") == ["「早读」收起来了，打过的卡都还在。"]
        assert await stage.says("小林", "任务") == ["今天的任务\n\n打卡 全天"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("任务 早读 05:00-08:00", "早读\n每天，05:00–08:00"),
        ("任务：早读 05:00-08:00", "早读\n每天，05:00–08:00"),
        ("任務 早讀 05:00～08:00", "早讀\n每天，05:00–08:00"),
        ("任务 早读 05：00—08：00", "早读\n每天，05:00–08:00"),
        ("任务 早读 早上5点到8点", "早读\n每天，05:00–08:00"),
        ("任务 早读 早上5-8点", "早读\n每天，05:00–08:00"),
        ("任务 05:00-08:00 早读", "早读\n每天，05:00–08:00"),
        ("任务 早读 工作日 05:00-08:00", "早读\n工作日，05:00–08:00"),
        ("任务 早读 05:00-08:00 周一到周五", "早读\n工作日，05:00–08:00"),
        ("任务 添加 早读 周末", "早读\n周末，全天"),
        ("任务 添加 早读 全天", "早读\n每天，全天"),
        ("添加任务 早读 05:00-08:00", "早读\n每天，05:00–08:00"),
        ("新任务 早读", "早读\n每天，全天"),
        ("加个任务：早读", "早读\n每天，全天"),
        ("设置任务 早读 05:00-08:00", "早读\n每天，05:00–08:00"),
        ("/task early 5am to 8am mon-fri", "early\n工作日，05:00–08:00"),
        ("任务 打卡 05:00-08:00", "打卡\n每天，05:00–08:00"),
        ("任务 打卡 周末 全天", "打卡\n周末，全天"),
    ],
)
async def test_a_task_is_said_in_one_line(tmp_path: Path, text: str, shown: str) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        [said] = await stage.says("班主任", text)
        assert said.startswith(shown)


async def test_a_task_is_changed_by_buttons_by_admins_alone(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "设置任务")
        await stage.presses("班主任", "改「打卡」")
        await stage.says("班主任", "任务 打卡 时间 06:00-23:00")
        assert "，过点也算" in (await stage.presses("班主任", "过点也算"))[-1]
        assert "，过点也算" not in (await stage.presses("班主任", "✅ 过点也算"))[-1]
        assert "每天，全天" in (await stage.presses("班主任", "全天都行"))[-1]
        said = await stage.presses("班主任", "图片")
        assert "带一张照片" in said[1]
        said = await stage.presses("班主任", "工作日")
        assert "工作日，全天" in said[1]
        assert await stage.presses("小林", "语音") == ["这件事要请学习委员或管理员来做。"]
        said = await stage.presses("班主任", "收起来")
        assert said == ["就剩这一项了，先加新的再收。"]


async def test_what_a_member_says_about_tasks_is_just_talk(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        assert await stage.says("小林", "任务 打卡 时间 06:00-08:30") == []
        assert await stage.says("小林", "任务 早读 05:00-08:00") == []
        for talk in ("任务 有点多，慢慢来", "任务 周报 周五", "新任务来啦", "任务 今晚8点 开会 记得来"):
            assert await stage.says("班主任", talk) == []
        assert await stage.says("小林", "/task 打卡 时间 06:00-08:30") == ["这件事要请学习委员或管理员来做。"]


async def test_a_plan_names_each_day(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        plan = "任务 打卡 计划\n1 字母\n2 发音\nDay 3: 问候"
        assert await stage.says("班主任", plan) == ["「打卡」的 3 课都排好了，第一课是5月4日。"]
        assert "第 1 课：字母" in (await stage.says("小林", "任务"))[0]
        await stage.until("2026-05-06 09:00")
        assert "第 3 课：问候" in (await stage.says("小林", "任务"))[0]
        await stage.until("2026-05-07 09:00")
        assert "Day" not in (await stage.says("小林", "任务"))[0]


async def test_a_plan_may_begin_later(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        said = await stage.says("班主任", "任务 打卡 计划 5-10\n字母\n发音")
        assert said == ["「打卡」的 2 课都排好了，第一课是5月10日。"]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/task 跑步", "没有这项任务。现在有：打卡。"),
        ("/task add", "任务名要 1 到 20 个字，中间别有空格。"),
        ("/task add 打卡", "「打卡」已经有了。"),
        ("/task add " + "长" * 21, "任务名要 1 到 20 个字，中间别有空格。"),
        ("/task add 晨读 八点", "时间这样写：06:00-08:30，跨夜也行：22:00-02:00，不限就写「全天」。"),
        ("/task 打卡 时间 25:00-26:00", "时间这样写：06:00-08:30，跨夜也行：22:00-02:00，不限就写「全天」。"),
        ("/task 打卡 星期 周八", "星期这样写：周一到周五，或者 一三五，或者「每天」。"),
        ("/task 打卡 字数 -3", "字数写一个数就行，0 到 500。"),
        ("/task 打卡 凭证 心意", "凭证可以是：无、文字、图片、语音、链接。"),
        ("/task 打卡 迟到 也许", "迟到写「开」或「关」：开就是过点也算。"),
        (
            "/task 打卡 计划",
            "计划这样发：第一行「任务 晨读 计划」，后面一行一课，比如「1 字母和发音」。",
        ),
        (
            "/task 打卡 颜色 红",
            (
                "这样改任务：任务 晨读 时间 06:00-08:30。"
                "能改的有：时间、星期、字数、凭证、迟到、改名、计划、归档。"
            ),
        ),
    ],
)
async def test_what_cannot_be_read_is_explained(tmp_path: Path, text: str, answer: str) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        assert await stage.says("班主任", text) == [answer]


async def test_there_is_an_end_to_tasks(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        for number in range(19):
            await stage.says("班主任", f"/task add 任务{number}")
        assert await stage.says("班主任", "/task add 再来") == ["任务最多 20 项，先收起一项再加。"]


async def test_every_change_is_kept_for_the_record(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "任务 打卡 迟到 开")
        kept = await stage.engine.database.read(
            lambda tx: tx.one("SELECT subject, before, after FROM audit WHERE act = 'task'")
        )
        assert tuple(kept or ()) == ("task:1", '{"late":false}', '{"late":true}')
