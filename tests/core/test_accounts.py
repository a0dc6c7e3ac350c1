from pathlib import Path

from bot.core import accounts
from bot.core.desk import Desk
from storage import links
from tests.handlers.linked import a_class_on_both, join
from tests.stage import a_stage


async def test_who_belongs_together_is_remembered_until_that_changes(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        work = stage.engine.pipeline.work
        await stage.says("小林", "早", room=None)
        assert await work(lambda desk: accounts.own(desk, 1)) == (1,)
        await join(stage, other)
        assert await work(lambda desk: accounts.own(desk, 1)) == (1, 2)
        assert await work(lambda desk: accounts.own(desk, 2)) == (2, 1)

        def parted(desk: Desk) -> tuple[int, ...]:
            links.part(desk.tx, 2, desk.now)
            assert accounts.own(desk, 1) == (1, 2), "nobody said that anything changed"
            accounts.regrouped(desk)
            return accounts.own(desk, 1)

        assert await work(parted) == (1,)
