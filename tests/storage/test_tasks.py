from pathlib import Path

import msgspec

from rules.calendar import Window
from rules.days import Day
from rules.tasks import Task
from storage import tasks
from tests.storage.rows import some_rows

TODAY = Day("2026-05-04")


async def test_a_task_is_kept_as_it_is(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        night = Task(
            id=0,
            name="夜读",
            weekdays=0b0011111,
            window=Window(22 * 60, 2 * 60),
            shortest=20,
            proof="picture",
            late=True,
            plan_from=TODAY,
        )
        kept = await rows.do(lambda tx: tasks.add(tx, 1, night, TODAY, 0))
        assert kept == msgspec.structs.replace(night, id=2)
        assert await rows.do(lambda tx: tasks.by_id(tx, 1, 2)) == kept
        assert await rows.do(lambda tx: tasks.by_id(tx, 2, 2)) is None
        changed = msgspec.structs.replace(kept, window=None, name="早读")
        await rows.do(lambda tx: tasks.save(tx, 1, changed, TODAY))
        assert [task.name for task in await rows.do(lambda tx: tasks.of_community(tx, 1))] == ["打卡", "早读"]
        await rows.do(lambda tx: tasks.archive(tx, 1, 2, TODAY, 0))
        assert [task.name for task in await rows.do(lambda tx: tasks.of_community(tx, 1))] == ["打卡"]


async def test_a_plan_is_replaced_as_a_whole(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(lambda tx: tasks.set_plan(tx, 1, {1: "字母", 2: "发音"}))
        await rows.do(lambda tx: tasks.set_plan(tx, 1, {1: "问候"}))
        assert await rows.do(lambda tx: tasks.lesson(tx, 1, 1)) == "问候"
        assert await rows.do(lambda tx: tasks.lesson(tx, 1, 2)) is None


async def test_what_is_due_has_a_history(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        task = (await rows.do(lambda tx: tasks.of_community(tx, 1)))[0]
        weekdays = msgspec.structs.replace(task, weekdays=0b0011111)
        await rows.do(lambda tx: tasks.save(tx, 1, weekdays, TODAY))
        await rows.do(lambda tx: tasks.set_rest_days(tx, 1, 0b0000100, Day("2026-06-01")))
        assert await rows.do(lambda tx: tasks.due_days(tx, 1)) == [
            ("1900-01-01", 0b1111111),
            ("2026-05-04", 0b0011111),
            ("2026-06-01", 0b0011011),
        ]
        assert await rows.do(lambda tx: tasks.rest_days(tx, 1)) == 0b0000100
