from pathlib import Path

from tests.stage import a_stage


async def test_help_is_answered_in_the_group(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        said = await stage.says("小林", "/help")
        assert "班长" in said[0]
        assert await stage.says("小林", "今天天气不错") == []
