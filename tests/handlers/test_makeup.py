"""补卡, as dialogues."""

from pathlib import Path

from tests.handlers.asking import streak_of
from tests.stage import a_stage


async def test_a_day_is_made_up_with_words_or_a_picture(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "打卡")
        await stage.until("2026-05-07 09:00")
        await stage.says("小林", "打卡")
        assert await stage.says("小林", "补卡 昨天") == ["补卡要带几个字或一张图，比如：补卡 昨天 读了三页。"]
        assert await stage.says("小林", "补卡 昨天 读了三页") == ["👍"]
        assert (await streak_of(stage, "小林")).current == 2
        assert await stage.says("小林", "补卡 5月5日", media=["photo"]) == ["👍"]
        assert (await streak_of(stage, "小林")).current == 4


async def test_the_day_is_read_also_where_no_space_parts_it_from_the_note(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.until("2026-05-07 09:00")
        assert await stage.says("小林", "打卡") == ["🎉"]
        assert await stage.says("小林", "补卡 昨天，读了三页") == ["👍"]
        assert await stage.says("小林", "补卡 前天读了三页") == ["👍"]
        assert (await streak_of(stage, "小林")).current == 3


async def test_without_a_day_it_is_yesterday(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "打卡")
        await stage.until("2026-05-06 09:00")
        assert await stage.says("小林", "/makeup three pages") == ["👍"]
        assert (await streak_of(stage, "小林")).current == 2
        assert await stage.says("小林", "补卡 又读") == ["5月5日已经记着了，不用补。"]


async def test_two_a_month_and_three_days_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.until("2026-05-20 09:00")
        days = ["可以补最近 3 天的，这样发：补卡 昨天 读了三页。今天的直接打卡就行，收工了就明天再补。"]
        assert await stage.says("小林", "补卡 5-16 读书") == days
        assert await stage.says("小林", "补卡 今天 读书") == days
        assert await stage.says("小林", "补卡两天") == days
        assert await stage.says("小林", "补卡 5-17 读书") == ["🎉"]
        assert await stage.says("小林", "补卡 5-18 读书") == ["👍"]
        assert await stage.says("小林", "补卡 5-19 读书") == [
            "这个月的 2 次补卡都用过了，下个月再给你续上。累计的天数一天都没少。"
        ]
        await stage.until("2026-06-01 09:00")
        assert await stage.says("小林", "补卡 昨天 读书") == ["👍"]


async def test_the_number_is_a_setting(tmp_path: Path) -> None:
    async with a_stage(tmp_path, config="[checkin]\nmakeups_a_month = 0\n") as stage:
        await stage.opens()
        await stage.until("2026-05-20 09:00")
        assert "0 次补卡" in (await stage.says("小林", "补卡 昨天 读书"))[0]


async def test_a_make_up_brings_the_proof_that_its_task_asks_for(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "任务 打卡 凭证 语音")
        await stage.until("2026-05-06 09:00")
        assert await stage.says("小林", "补卡 昨天 读书") == ["「打卡」还差一段语音，发上来就算数。"]
        assert (await stage.says("小林", "补卡 昨天 读书", media=["voice"]))[0] == "🎉"


async def test_a_free_day_needs_no_make_up(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-11 09:00") as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "任务 打卡 星期 工作日")
        assert await stage.says("小林", "补卡 昨天 读书") == ["5月10日没有要打的卡，不用补。"]


async def test_figures_that_are_no_day_are_not_taken_for_yesterday(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        days = ["可以补最近 3 天的，这样发：补卡 昨天 读了三页。今天的直接打卡就行，收工了就明天再补。"]
        assert await stage.says("小林", "补卡 9999-12-31") == days
        assert await stage.says("小林", "补卡 2-30 读书") == days
        assert await stage.says("小林", "补卡 -5") == days
        assert await stage.says("小林", "补卡 3页读完") == ["🎉"]
