"""What tables of check-ins tell of each member and day."""

import random
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bot.core.events import Batch
from handlers.tables.telling import SIGNS
from rules.days import Day, shift, span
from rules.month import State
from rules.table import Mark
from storage import communities, member_days, terms
from storage.db import Transaction
from tests.handlers.tabling import a_class, community_of_all_rooms, marks, rows, sheets
from tests.stage import BOT, Stage, a_stage, instant

STATES = {
    State.DONE: "✓",
    State.LATE: "迟",
    State.MADE_UP: "补",
    State.LEAVE: "假",
    State.REST: "休",
    State.FROZEN: "✗",
}


# What is in it.


async def test_every_kind_of_day(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00") as stage:
        await a_class(stage, "小林", "阿哲")
        await stage.says("班主任", "休息日 周日")
        await stage.says("班主任", "全班休息 5-12")
        for day in ("04", "05", "07", "11"):
            await stage.until(f"2026-05-{day} 09:00")
            await stage.says("小林", "打卡")
        await stage.says("小林", "补卡 5-8 读了三页，写了心得")
        await stage.says("小林", "请假 5-13")
        await stage.until("2026-05-14 09:00")
        await stage.joins("阿美")
        await stage.joins("阿哲", "left")
        await stage.until("2026-05-15 09:00")
        await stage.says("阿美", "打卡")
        assert await marks(stage, "小林", "/export lastweek") == "✓✓✗✓补✗休"
        assert await marks(stage, "小林") == "✓休假✗···"
        assert await marks(stage, "阿哲") == "✗休✗✗···"
        assert await marks(stage, "阿美") == "···✗✓··"
        found = rows(stage.last)
        assert list(found)[:4] == ["名字", "小林", "阿美", "阿哲"]
        assert found["小林"][-6:] == ["0", "0", "1", "1", "0", "5"]
        assert found["每天打卡"][:8] == ["2", "1", "0", "0", "0", "1", "0", "0"]
        assert found["请假"][1:8] == ["0", "0", "1", "0", "0", "0", "0"]


async def test_a_day_that_the_bot_did_not_see_counts_for_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00") as stage:
        await a_class(stage, "小林")
        await stage.says("小林", "打卡")
        await stage.until("2026-05-05 03:00")
        stage.clock.move_to(instant("2026-05-07 09:00"))
        gap = Batch(BOT, (), caught_up_to=stage.clock.now(), unobserved_since=instant("2026-05-05 03:00"))
        await stage.engine.pipeline.take(gap)
        await stage.until("2026-05-09 09:00")
        assert await marks(stage, "小林") == "✓···✗··"


async def test_who_runs_a_room_is_in_it_once_they_checked_in(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-08 09:00") as stage:
        await a_class(stage, "小林")
        await stage.says("小林", "打卡")
        await stage.says("班主任", "打卡表", room=None)
        assert list(rows(stage.last))[1] == "小林"
        assert "班主任" not in rows(stage.last)
        await stage.says("班主任", "打卡")
        assert await marks(stage, "班主任") == "····✓··"


async def test_who_left_before_the_days_is_not_in_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-01 09:00") as stage:
        await a_class(stage, "小林", "阿哲", "阿美")
        for name in ("小林", "阿哲"):
            await stage.says(name, "打卡")
            await stage.joins(name, "left")
        await stage.engine.pipeline.work(lambda desk: desk.tx.run("UPDATE membership SET left_at = NULL"))
        await stage.until("2026-05-05 09:00")
        await stage.says("班主任", "打卡表", room=None)
        assert {"小林", "阿哲"}.isdisjoint(rows(stage.last))
        await stage.joins("新来的")
        assert await marks(stage, "小林", "/export lastweek") == "····✓··"  # until when is not known
        assert "新来的" not in rows(stage.last), "nobody knew them then"


async def test_a_name_is_no_formula(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-08 09:00") as stage:
        await a_class(stage, "=1+1", "@大力", "-2", "+86")
        await stage.says("=1+1", "打卡")
        await stage.says("班主任", "打卡表", room=None)
        assert list(rows(stage.last))[1:5] == ["=1+1", "@大力", "-2", "+86"]
        book = openpyxl.load_workbook(BytesIO(stage.last.file.content if stage.last.file else b""))
        assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n"}  # type: ignore[union-attr] # the one sheet


# Rooms and tasks.


async def test_in_a_group_it_is_that_room_and_in_private_all_of_them(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-08 09:00") as stage:
        await a_class(stage, "小林")
        await stage.opens("精英班")
        await community_of_all_rooms(stage)
        await stage.joins("阿哲", room="精英班")
        await stage.joins("小林", room="精英班")
        await stage.joins("阿美")
        await stage.joins("阿美", room="精英班")
        await stage.joins("阿美", "left")
        await stage.says("阿哲", "打卡", room="精英班")
        await stage.says("小林", "打卡")
        await stage.says("班主任", "/export week")
        assert list(rows(stage.last))[:3] == ["名字", "小林", "每天打卡"], "阿美 is in the other room now"
        await stage.presses("班主任", "本月", room=None)
        assert "阿哲" not in rows(stage.last), "the button is of the same room"
        await stage.says("班主任", "/export week", room=None)
        found = rows(stage.last)
        assert found["名字"][:2] == ["群", "打卡"]
        assert [found[name][0] for name in ("小林", "阿哲", "阿美")] == ["晨读班", "精英班", "精英班"]


async def test_several_tasks_have_a_sheet_each(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 07:00") as stage:
        await a_class(stage, "小林")
        await stage.says("班主任", "/task 添加 背单词 周一到周五")
        await stage.until("2026-05-05 07:00")
        await stage.says("小林", "打卡 #背单词 二十个")
        await stage.until("2026-05-11 07:00")
        await stage.says("班主任", "/export lastweek", room=None)
        assert list(sheets(stage.last)) == ["全部任务", "打卡", "背单词"]
        assert await marks(stage, "小林", "/export lastweek", "全部任务") == "✗✓✗✗✗✗✗"
        assert await marks(stage, "小林", "/export lastweek", "打卡") == "✗✗✗✗✗✗✗"
        assert await marks(stage, "小林", "/export lastweek", "背单词") == "✗✓✗✗✗休休"
        for asked in ("/export lastweek 背单词", "导出上周背单词打卡表", "导出 背单词 上周"):
            assert await marks(stage, "小林", asked) == "✗✓✗✗✗休休"
            assert list(sheets(stage.last)) == ["背单词"]
            assert "背单词" in stage.last.text
        await stage.says("小林", "打卡 #背单词 三十个")
        await stage.presses("班主任", "本周", room=None)
        assert list(sheets(stage.last)) == ["背单词"]


async def test_a_task_put_away_still_shows_what_was_done(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 07:00") as stage:
        await a_class(stage, "小林")
        await stage.says("班主任", "/task 添加 背单词")
        await stage.says("小林", "打卡 #背单词 二十个")
        await stage.until("2026-05-06 07:00")
        await stage.engine.pipeline.work(
            lambda desk: desk.tx.run("UPDATE task SET archived_at = :now WHERE id = 2", {"now": desk.now})
        )
        stage.engine.pipeline.memory.clear()
        await stage.until("2026-05-08 07:00")
        assert await marks(stage, "小林", "/export", "背单词") == "✓✗·····"


# Terms.


async def test_a_term_has_its_pass_rule(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-01 07:00") as stage:
        await a_class(stage, "小林", "阿哲", "阿美")
        await stage.says("班主任", "/term 5天 通过4 叫 晨读营")
        for day in span(Day("2026-05-02"), Day("2026-05-05")):
            await stage.until(f"{day} 07:00")
            await stage.says("小林", "打卡")
            if day != "2026-05-04":
                await stage.says("阿哲", "打卡")
        told = await stage.says("班主任", "导出本学期打卡表", room=None)
        assert told[0].endswith("3 位同学，一共打卡 7 人次，1 位已达标。")
        found = rows(stage.last)
        assert found["名字"][-3:] == ["本期打卡", "达标要", "达标"]
        assert found["小林"][-3:] == ["4", "4", "已达标"]
        assert found["阿哲"][-3:] == ["3", "4", "还差 1 天"]
        assert found["阿美"][-3:] == ["0", "4", "下期再来"]
        await stage.joins("阿美", "left")
        await stage.says("班主任", "导出学期", room=None)
        assert rows(stage.last)["阿美"][-1] == ""
        assert "5 天里打卡 4 天达标" in sheets(stage.last)["打卡"][1][0]
        await stage.until("2026-05-08 07:00")
        assert "已达标" in str(await stage.says("班主任", "/export term", room=None))
        await stage.engine.pipeline.work(
            lambda desk: desk.tx.run("UPDATE checkin SET standing = 'withdrawn' WHERE day = '2026-05-02'")
        )
        await stage.says("班主任", "/export term", room=None)
        assert rows(stage.last)["小林"][-3:] == ["4", "4", "已达标"], "as the certificate says"


async def test_it_takes_no_more_statements_for_more_members(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    execute = Transaction._execute

    def counting(tx: Transaction, sql: str, parameters: Mapping[str, Any]) -> Any:
        asked.append(sql)
        return execute(tx, sql, parameters)

    monkeypatch.setattr(Transaction, "_execute", counting)
    async with a_stage(tmp_path, now="2026-05-08 09:00") as stage:
        await a_class(stage, "小林")
        await stage.says("小林", "打卡")
        await stage.says("班主任", "/export", room=None)
        counts = []
        for size in (1, 30):
            for number in range(size):
                await stage.joins(f"同学{number}")
                await stage.says(f"同学{number}", "打卡")
            asked.clear()
            await stage.says("班主任", "/export", room=None)
            counts.append(len(asked))
        assert counts[0] == counts[1]


# Other pages tell of the same days.


async def live(stage: Stage, names: list[str], chance: random.Random) -> None:
    """Nineteen days on which they check in, make up, take leave, or forget it."""
    for day in span(Day("2026-05-01"), Day("2026-05-19")):
        await stage.until(f"{day} 07:00")
        for name in names:
            if chance.random() < 0.1:
                await stage.says(name, f"请假 {shift(day, chance.randrange(3))}")
            elif chance.random() < 0.7:
                await stage.says(name, chance.choice(["打卡", "打卡", "打卡", "补卡 昨天 读了三页又三页"]))


@pytest.mark.parametrize("seed", range(3))
async def test_the_table_tells_what_each_members_own_calendar_tells(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    names = [f"同学{number}" for number in range(4)]
    async with a_stage(tmp_path, now="2026-05-01 07:00") as stage:
        await a_class(stage, *names)
        await stage.says("班主任", "/term 14天 通过10 从 2026-05-03 叫 晨读营")
        await stage.says("班主任", "休息日 周日")
        await stage.says("班主任", "全班休息 5-13到5-14")
        await live(stage, names, chance)
        own = await stage.engine.database.read(lambda tx: calendars(tx, names))
        for name in names:
            drawn = await marks(stage, name, "/export month")
            for day in span(Day("2026-05-01"), Day("2026-05-19")):
                expected = STATES.get(own[name].get(day, State.MISSED), "✗")
                today = day == "2026-05-19" and own[name].get(day) is None
                assert drawn[int(day[8:]) - 1] == ("·" if today else expected), (name, day)
        await stage.says("班主任", "/export term", room=None)
        found = rows(stage.last)
        results = await stage.engine.database.read(
            lambda tx: {one.person: one for one in terms.results_after(tx, 1, 0, 99)}
        )
        assert results
        for person, name in enumerate(names, 2):
            if person in results:
                assert found[name][-3:-1] == [str(results[person].done), str(results[person].needed)]


def calendars(tx: Transaction, names: list[str]) -> dict[str, dict[Day, State]]:
    calendar = communities.calendar(tx, 1)
    persons = {row["name"]: row["person"] for row in tx.all("SELECT name, person FROM account")}
    first, last = Day("2026-05-01"), Day("2026-05-19")
    return {
        name: member_days.states(tx, calendar, 1, persons[name], first=first, last=last, today=last)
        for name in names
    }


def test_every_sign_is_explained() -> None:
    assert set(SIGNS) == set(Mark) - {Mark.BLANK}
