"""What is kept in memory between batches: never more than the rows say."""

from pathlib import Path

import pytest

from bot.core.desk import Desk
from bot.core.errors import UserError
from bot.core.memory import Memory
from storage import rooms
from tests.stage import a_stage


def test_what_is_forgotten_counts_as_a_change() -> None:
    memory = Memory()
    memory.roles[1, 2] = "member"
    memory.clear()
    assert (memory.roles, memory.changed) == ({}, True)


async def test_what_is_read_again_before_it_is_undone_is_not_remembered(tmp_path: Path) -> None:
    def moved(desk: Desk) -> None:
        rooms.move(desk.tx, 1, "新群")
        desk.memory.clear()
        assert desk.room_by_id(1).native == "新群"
        raise UserError("core.needs_right", right="settings")

    def undone(desk: Desk) -> str:
        with pytest.raises(UserError):
            desk.part(moved, desk)
        return desk.room_by_id(1).native

    async with a_stage(tmp_path) as stage:
        await stage.opens()
        assert await stage.engine.pipeline.work(undone) == "晨读班"
