"""An account that is another one under a new id: one person, and two again."""

from pathlib import Path

from bot.core import regrouping
from bot.core.context import Context
from storage import people, rooms, streaks
from storage.db import Transaction
from tests.stage import Stage, a_stage


async def regroup(stage: Stage, *, together: bool) -> None:
    run = regrouping.same_person if together else regrouping.two_people
    await stage.engine.pipeline.work(lambda desk: run(Context(desk, at=desk.now, community=1), 1, 2))


async def seen(stage: Stage) -> dict[str, object]:
    """By account: its id, person and role in the room; by person: how many days."""

    def read(tx: Transaction) -> dict[str, object]:
        old, new = people.by_id(tx, 1), people.by_id(tx, 2)
        return {
            "natives": (old.native, new.native),
            "one": old.person == new.person,
            "roles": (rooms.role(tx, 1, 1), rooms.role(tx, 1, 2)),
            "days": tuple(streaks.of_person(tx, 1, one.person).total for one in (old, new)),
        }

    return await stage.engine.database.read(read)


async def test_days_add_up_and_part_again(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "打卡")
        await stage.joins("小林", "left")
        await stage.until("2026-05-05 09:00")
        await stage.says("@小林", "打卡")
        before = await seen(stage)
        assert before == {
            "natives": ("小林", "@小林"),
            "one": False,
            "roles": ("left", "member"),
            "days": (1, 1),
        }
        await regroup(stage, together=True)
        assert await seen(stage) == {
            "natives": ("@小林", "小林"),
            "one": True,
            "roles": ("member", "left"),
            "days": (2, 2),
        }
        await regroup(stage, together=False)
        assert await seen(stage) == before
