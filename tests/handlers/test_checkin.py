"""Checking in, as dialogues."""

from pathlib import Path

from tests.stage import a_stage


async def test_one_word_is_a_check_in(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        assert await stage.says("小林", "打卡") == ["🎉", "小林 的第一次打卡，班长记在第一页了，往后慢慢来。"]
        assert await stage.says("小林", "打卡 又读了两页") == ["👌"]
        assert await stage.says("小林", "今天谁还没打卡？") == []
        await stage.until("2026-05-05 09:00")
        assert await stage.says("小林", "打卡") == ["👍"]
