"""All rooms on one screen."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.core.actions import Edit
from storage import communities, overview, rooms
from storage.db import Transaction
from tests.stage import BOT, Stage, a_stage

ALL = ("read", "react", "delete", "invite")


async def a_community(stage: Stage, *names: str) -> None:
    """Rooms of one community, with an admin who writes in private."""
    for name in names:
        await stage.opens(name, rights=ALL)

    def together(tx: Transaction) -> None:
        tx.run("UPDATE room SET community = 1 WHERE kind = 'group'")

    await stage.engine.database.write(together)
    stage.engine.pipeline.memory.clear()
    await stage.joins("班主任", "admin", names[0])
    await stage.says("班主任", "/start", room=None)


async def test_one_line_for_each_room_the_one_that_needs_care_first(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-06 09:00", all_on=False) as stage:
        await a_community(stage, "晨读班", "夜读班", "静悄悄")
        await stage.opens("夜读班", rights=("react",))
        for who in ("小林", "阿哲"):
            await stage.says(who, "打卡", room="晨读班")
        await stage.joins("阿美", room="晨读班")
        await stage.says("米粒", "/checkin", room="夜读班")
        await stage.until("2026-05-06 09:30")
        await stage.says("班主任", "/rooms", room=None)
        assert stage.last.text.splitlines() == [
            "晨读班：3 个群，2 个要照看",
            "❗ 夜读班（第 1 层）30 分钟前，本周 100%（1/1）",
            "↳ 还差：听消息、删消息、邀请人；没开：学期、提醒、晚间小结",
            "❗ 静悄悄（第 1 层）还没听到人说话，本周还没有人打卡",
            "↳ 没开：学期、提醒、晚间小结",
            "· 晨读班（第 1 层）30 分钟前，本周 67%（2/3）",
            "↳ 没开：学期、提醒、晚间小结",
        ]


async def test_a_community_of_its_first_days_is_not_called_idle(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-10 09:00") as stage:  # a Sunday
        await stage.opens("晨读班")
        await stage.joins("班主任", "admin", "晨读班")
        for number in range(9):
            await stage.says(f"同学{number}", "大家好", room="晨读班")
        await stage.says("班主任", "/rooms", room=None)
        assert stage.last.text.splitlines()[:2] == [
            "晨读班：1 个群",
            "· 晨读班（第 1 层）刚刚有人说话，本周 0%（0/9）",
        ]
        await stage.until("2026-05-13 09:00")  # its Wednesday
        await stage.says("同学1", "早", room="晨读班")
        await stage.says("班主任", "/rooms", room=None)
        assert stage.last.text.splitlines()[1].startswith("❗ 晨读班")


async def test_a_room_has_a_page_with_what_to_do(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_community(stage, "晨读班", "夜读班")
        await stage.opens("夜读班", rights=("react",))
        await stage.says("班主任", "各群", room=None)
        await stage.presses("班主任", "夜读班", room=None)
        assert isinstance(stage.last.action, Edit)
        assert "设为管理员" in stage.last.text
        assert "「夜读班」" in (await stage.presses("班主任", "设置 ›", room=None))[-1]
        await stage.says("班主任", "各群", room=None)
        await stage.presses("班主任", "夜读班", room=None)
        assert "2 个群" in (await stage.presses("班主任", "返回", room=None))[-1]


async def test_members_never_see_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_community(stage, "晨读班", "夜读班")
        said = await stage.says("班主任", "/rooms", room="晨读班")
        assert [sent.place for sent in stage.platform.sent[-len(said) :]] == ["班主任"]
        assert await stage.says("小林", "/rooms", room="晨读班") == ["这件事要请组长或管理员来做。"]
        assert await stage.says("小林", "各群", room="晨读班") == []
        assert "组长" in (await stage.presses_data("小林", "rooms:page:0", room="晨读班"))[0]
        assert await stage.presses_data("班主任", "rooms:page:0", room="晨读班") == [
            "这件事不在大家面前说。私聊我，或者到管理群里来。"
        ]


async def test_thirty_rooms_fit_by_pages_of_ten_and_few_statements(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_community(stage, *(f"第 {number} 班" for number in range(1, 31)))
        await stage.says("班主任", "/rooms", room=None)
        assert stage.last.text.count("第 1 层") == 10
        assert {"‹", "1/3", "›"} <= set(stage.last.buttons)
        seen = {label for label in stage.last.buttons if "班" in label}
        for page in ("2/3", "3/3", "1/3"):
            await stage.presses("班主任", "›", room=None)
            assert page in stage.last.buttons
            seen |= {label for label in stage.last.buttons if "班" in label}
        assert len(seen) == 30


async def test_it_takes_no_more_statements_for_more_rooms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    execute = Transaction._execute

    def counting(tx: Transaction, sql: str, parameters: Mapping[str, Any]) -> Any:
        asked.append(sql)
        return execute(tx, sql, parameters)

    monkeypatch.setattr(Transaction, "_execute", counting)
    counts = []
    for size in (2, 20):
        folder = tmp_path / str(size)
        folder.mkdir()
        async with a_stage(folder) as stage:
            await a_community(stage, *(f"第 {number} 班" for number in range(size)))
            await stage.says("班主任", "/rooms", room=None)
            stage.engine.pipeline.memory.clear()
            asked.clear()
            await stage.says("班主任", "/rooms", room=None)
            counts.append(len(asked))
    assert counts[0] == counts[1] < 60


async def test_hostile_data_is_gone(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_community(stage, "晨读班")
        for data in (
            "rooms:",
            "rooms:page:x",
            "rooms:page:٣",
            "rooms:room:999",
            "rooms:x:1",
            "rooms:page:" + "9" * 30,
        ):
            assert await stage.presses_data("班主任", data, room=None) == [
                "这个选项放太久了，重新发一次命令就好。"
            ]
        assert "1 个群" in (await stage.presses_data("班主任", "rooms:page:99", room=None))[-1]


async def test_a_room_is_written_down_as_heard_once_a_minute(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "早")
        first = stage.clock.now()
        stage.clock.move_to(first + 30_000)
        await stage.says("阿哲", "早")
        assert await stage.engine.database.read(lambda tx: overview.heard(tx, 1)) == {1: first}
        stage.clock.move_to(first + 61_000)
        await stage.says("阿哲", "早上好")
        assert await stage.engine.database.read(lambda tx: overview.heard(tx, 1)) == {1: first + 61_000}


async def test_the_staff_room_is_no_room_of_members(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_community(stage, "晨读班", "管理小群")

        def mark(tx: Transaction) -> None:
            room = rooms.by_native(tx, BOT, "管理小群")
            assert room is not None
            communities.set_staff_room(tx, 1, room.id)

        await stage.engine.database.write(mark)
        stage.engine.pipeline.memory.clear()
        [said] = await stage.says("班主任", "/rooms", room="管理小群")
        assert "1 个群" in said
        assert "管理小群" not in said
