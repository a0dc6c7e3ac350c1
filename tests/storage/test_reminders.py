"""Reminders as rows, and the times of somebody's last check-ins."""

from pathlib import Path

from rules.days import Day, span
from storage import reminders
from storage.db import Transaction
from storage.reminders import Reminder
from tests.stage import a_stage, instant

REMINDER = Reminder(community=1, person=1, wanted="fixed", minutes=1200, next_at=500)


async def test_a_reminder_comes_back_as_it_was(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "早")

        def work(tx: Transaction) -> None:
            reminders.keep(tx, REMINDER)
            assert reminders.of_person(tx, 1, 1) == REMINDER
            assert reminders.next_due(tx, 1) == 500
            assert reminders.due(tx, 1, 499, 9) == []
            assert reminders.due(tx, 1, 500, 9) == reminders.all_planned(tx, 1) == [REMINDER]
            later = Reminder(community=1, person=1, asked_day=Day("2026-05-04"), unanswered=2)
            reminders.keep(tx, later)
            assert reminders.of_person(tx, 1, 1) == later
            assert reminders.next_due(tx, 1) is None
            assert reminders.of_person(tx, 1, 2) is None

        await stage.engine.database.write(work)


async def test_one_time_for_each_of_the_last_days(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00") as stage:
        await stage.opens()
        for day in span(Day("2026-05-04"), Day("2026-05-20")):
            await stage.until(f"{day} 09:00")
            await stage.says("小林", "打卡")
        await stage.until("2026-05-22 10:00")
        await stage.says("小林", "补卡 昨天 读了三页")
        read = stage.engine.database.read
        times = await read(lambda tx: reminders.last_times(tx, 1, 1, Day("2026-05-01")))
        assert len(times) == reminders.LOOKED_AT
        assert times[0] == instant("2026-05-20 09:00")
        assert await read(lambda tx: reminders.last_times(tx, 1, 1, Day("2026-05-19"))) == times[:2]
