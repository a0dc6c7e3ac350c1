"""Accounts as rows: at which of them somebody can be written to."""

from pathlib import Path

from storage import people
from tests.stage import a_stage


async def test_who_may_be_written_to(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "早")
        assert await stage.engine.database.read(lambda tx: people.reachable(tx, 1, 1)) is None
        await stage.says("小林", "在吗", room=None)
        found = await stage.engine.database.read(lambda tx: people.reachable(tx, 1, 1))
        assert found is not None
        assert found.name == "小林"
