"""Everybody who writes in a batch is met at once: no account twice, nobody's role lost."""

from pathlib import Path

import pytest

from bot.core import meeting
from bot.core.events import Batch, Event, MemberChanged, Sender
from tests.stage import BOT, Stage, a_stage

NAMES = [f"同学{number}" for number in range(120)]


async def take(stage: Stage, *events: Event) -> None:
    await stage.engine.pipeline.take(Batch(BOT, events))


async def roles(stage: Stage) -> dict[str, str]:
    """Everybody's role in the group, by name."""
    rows = await stage.engine.database.read(
        lambda tx: tx.all(
            "SELECT account.name, membership.role FROM account"
            " JOIN membership ON membership.account = account.id WHERE NOT account.is_bot ORDER BY account.id"
        )
    )
    assert len(rows) == len({row["name"] for row in rows})
    return {row["name"]: row["role"] for row in rows}


async def persons(stage: Stage) -> tuple[int, int]:
    """How many accounts there are, and how many persons."""
    row = await stage.engine.database.read(
        lambda tx: tx.one("SELECT count(*), count(DISTINCT person) FROM account")
    )
    assert row is not None
    return row[0], row[1]


async def test_a_whole_class_is_met_once_and_each_is_a_person(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        before = await roles(stage)
        await take(stage, *(stage.message(name, "早上好呀大家") for name in [*NAMES, *NAMES]))
        assert await roles(stage) == before | dict.fromkeys(NAMES, "member")
        accounts, people_of_them = await persons(stage)
        assert accounts == people_of_them
        stage.engine.pipeline.memory.clear()
        await take(stage, *(stage.message(name, "晚上好呀各位") for name in NAMES))
        assert await persons(stage) == (accounts, people_of_them)


async def test_roles_that_were_there_stay_and_who_comes_back_is_a_member(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.joins("小林", "left")
        stage.engine.pipeline.memory.clear()
        await take(stage, stage.message("班主任", "大家早"), stage.message("小林", "我回来啦"))
        found = await roles(stage)
        assert (found["班主任"], found["小林"]) == ("admin", "member")


async def test_what_a_batch_tells_of_a_newcomer_holds_whatever_comes_first(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        place = stage.place("小林", "晨读班")

        def changed(who: str, role: str) -> MemberChanged:
            return MemberChanged(
                bot=BOT, key=f"{who} {role}", at=0, place=place, who=Sender(who, who), role=role
            )

        await take(stage, stage.message("小林", "再见啦大家"), changed("小林", "left"))
        await take(stage, changed("小周", "admin"), stage.message("小周", "大家好呀"))
        found = await roles(stage)
        assert (found["小林"], found["小周"]) == ("left", "admin")


async def test_who_is_only_replied_to_is_known_but_no_member(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        replies = [
            stage.message("小林", "说得真好", reply_to="1", reply_sender=Sender(name, name, is_bot=is_bot))
            for name, is_bot in (("小周", False), ("小林", False), ("机器人", True), ("小周", False))
        ]
        await take(stage, *replies, stage.message("小林", "我也来了"))
        assert await persons(stage) == (2, 2)
        assert (await roles(stage)).keys() == {"小林"}


async def test_memory_does_not_grow_with_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meeting, "MOST_KEPT", 50)
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await take(stage, *(stage.message(name, "早上好呀大家") for name in NAMES))
        await take(stage, stage.message("小林", "我也来了"))
        assert len(stage.engine.pipeline.memory.accounts) == 1
        await take(stage, stage.message(NAMES[0], "晚上好呀各位"))
        assert await roles(stage) == await roles(stage) | dict.fromkeys(NAMES, "member")
