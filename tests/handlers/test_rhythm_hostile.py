"""Whatever is written after a command of a member's rhythm gets an answer and harms nothing."""

from pathlib import Path

import pytest

from storage import inbox
from tests.stage import a_stage

COMMANDS = ("streak", "year", "remind", "term", "certificate", "digest")
NASTY = (
    "0",
    "-1",
    "9" * 400,
    "٢١天 通过٢",
    "²天",
    "21天 从 99-99",
    "21天 通过 -3",
    "21天\n阶段 ٧ 一, ٩٩٩ 二",
    "\u202e\u200b\ud83d",
    "<b>&{{ 7 * 7 }}</script>",
    "'; DROP TABLE term; --",
    "24:61",
    "很" * 4000,
    "\n\n",
)


@pytest.mark.parametrize("command", COMMANDS)
async def test_hostile_arguments(tmp_path: Path, command: str) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "打卡")
        for text in NASTY:
            assert await stage.says("班主任", f"/{command} {text}", room=None), text[:40]
            await stage.says("小林", f"/{command} {text}")
        assert await stage.engine.database.read(inbox.dead_letters) == 0


@pytest.mark.parametrize("prefix", ["streak", "term", "certificate", "leave"])
async def test_hostile_buttons(tmp_path: Path, prefix: str) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "打卡")
        for data in ("", ":", "1", "-1", "9" * 50, "²", "٢٠٢٦-٠٥", "2026-02-30", "share:share:1", "\u202e"):
            assert await stage.presses_data("小林", f"{prefix}:{data}"), data
        assert await stage.engine.database.read(inbox.dead_letters) == 0
