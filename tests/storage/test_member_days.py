"""What each day was to a member."""

from pathlib import Path

from rules.days import Day, span
from rules.month import State
from storage import communities, member_days
from storage.db import Transaction
from tests.stage import Stage, a_stage


async def states(stage: Stage, first: str, last: str, today: str) -> dict[Day, State]:
    def read(tx: Transaction) -> dict[Day, State]:
        calendar = communities.calendar(tx, 1)
        return member_days.states(tx, calendar, 1, 1, first=Day(first), last=Day(last), today=Day(today))

    return await stage.engine.database.read(read)


async def test_every_kind_of_day(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00") as stage:
        await stage.opens()
        await stage.says("小林", "早")
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "休息日 周日")
        for day in span(Day("2026-05-04"), Day("2026-05-09")):
            await stage.until(f"{day} 09:00")
            await stage.says("小林", "打卡")
        await stage.until("2026-05-11 09:00")
        await stage.says("小林", "打卡")
        await stage.says("小林", "请假 12号")
        await stage.says("班主任", "全班休息 5-13")
        await stage.until("2026-05-15 09:00")
        await stage.says("小林", "打卡")
        found = await states(stage, "2026-05-04", "2026-05-31", "2026-05-16")
        assert [found.get(day) for day in span(Day("2026-05-04"), Day("2026-05-16"))] == [
            *[State.DONE] * 6,
            State.REST,
            State.DONE,
            State.LEAVE,
            State.REST,
            State.FROZEN,
            State.DONE,
            None,
        ]
        assert Day("2026-05-24") not in found


async def test_leave_to_come_is_shown_and_a_check_in_is_more(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00") as stage:
        await stage.opens()
        await stage.says("小林", "打卡")
        await stage.says("小林", "请假 5-5到5-7")
        await stage.until("2026-05-05 09:00")
        await stage.says("小林", "打卡")
        found = await states(stage, "2026-05-04", "2026-05-31", "2026-05-05")
        assert [found.get(day) for day in span(Day("2026-05-04"), Day("2026-05-08"))] == [
            State.DONE,
            State.DONE,
            State.LEAVE,
            State.LEAVE,
            None,
        ]


async def test_the_first_of_ones_days(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00") as stage:
        await stage.opens()
        await stage.says("小林", "早")

        def read(tx: Transaction) -> tuple[Day | None, Day | None]:
            calendar = communities.calendar(tx, 1)
            return member_days.first_day(tx, calendar, 1, 1), member_days.first_day(tx, calendar, 1, 99)

        assert await stage.engine.database.read(read) == (Day("2026-05-04"), None)
        await stage.says("小林", "补卡 昨天 读了三页")
        assert await stage.engine.database.read(read) == (Day("2026-05-03"), None)
