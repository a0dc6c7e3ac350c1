from pathlib import Path

from handlers.housekeeping import AT_A_TIME
from storage import inbox
from storage.db import Transaction
from tests.stage import BOT, a_stage

SILENT = '[recap]\nevening = "off"\ndigest = false\n'


def count(tx: Transaction) -> int:
    return int(tx.value("SELECT count(*) FROM seen"))


async def test_events_are_forgotten_after_three_days_and_no_sooner(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 09:00") as stage:
        await stage.opens()
        messages = [stage.message("小林", f"第 {number} 句") for number in range(2 * AT_A_TIME + 10)]
        await stage.happens(*messages)
        await stage.until("2026-05-07 03:00")
        assert await stage.engine.database.read(count) > 2 * AT_A_TIME
        await stage.until("2026-05-08 03:00")
        assert await stage.engine.database.read(count) == 0


async def test_a_round_reads_by_indexes(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        plan = await stage.engine.database.read(
            lambda tx: (
                tx.plan(inbox.BEHIND, {"bot": "", "key": "", "most": 5})
                + tx.plan(
                    "SELECT id FROM outbox WHERE state <> 'waiting' AND finished_at < :before LIMIT 5",
                    {"before": 1},
                )
                + tx.plan("SELECT id FROM outbox WHERE bot = :bot AND state = 'waiting'", {"bot": BOT})
            )
        )
        assert "SCAN" not in plan


async def test_after_a_month_of_silence_the_bot_still_answers(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 09:00", config=SILENT) as stage:
        await stage.opens()
        await stage.says("小林", "/language")
        await stage.until("2026-06-20 09:00")
        assert await stage.says("小林", "打卡")
