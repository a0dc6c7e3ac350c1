"""What follows for terms and reminders when two accounts become one person, and when they part."""

from pathlib import Path

from storage import people, reminders, terms
from storage.db import Transaction
from storage.reminders import Reminder
from storage.terms import Result
from tests.handlers.asking import buried
from tests.handlers.linked import HERE, THERE, a_class_on_both, join, part
from tests.stage import Stage, a_stage


def results(tx: Transaction) -> dict[int, Result]:
    return {one.person: one for one in terms.results_of(tx, 1, (1, 2, 3))}


async def a_term_over(stage: Stage, other: Stage) -> None:
    """A term of four days, three to pass: the first account came twice, the second once on another day."""
    await stage.joins("小林", room=HERE)
    await other.joins("小林", room=THERE)
    await stage.joins("班主任", "admin", room=HERE)
    await stage.says("班主任", "学期 4天 通过3 从 今天", room=HERE)
    for day, one in ((4, stage), (5, stage), (6, other)):
        await stage.until(f"2026-05-{day:02} 10:00")
        await one.says("小林", "打卡", room=HERE if one is stage else THERE)
    await stage.until("2026-05-08 09:00")


async def test_a_term_that_is_over_is_counted_again_for_one_who_was_two(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        await a_term_over(stage, other)
        read = stage.engine.database.read
        before = await read(results)
        assert {person: (one.done, one.passed) for person, one in before.items()} == {
            1: (2, False),
            2: (1, False),
        }
        await join(stage, other)
        after = await read(results)
        assert {person: (one.done, one.passed) for person, one in after.items()} == {1: (3, True)}
        await part(other)
        assert await read(results) == before
        assert await buried(stage) == []


async def test_a_term_of_one_of_them_is_the_person_s_as_it_was(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        await other.says("阿美", "大家好", room=THERE)
        await a_term_over(stage, other)
        read = stage.engine.database.read
        assert {person: one.done for person, one in (await read(results)).items()} == {2: 2, 3: 1}
        await join(stage, other, whom="阿美")
        assert {person: one.done for person, one in (await read(results)).items()} == {1: 2, 3: 1}


async def test_a_term_that_runs_counts_both(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        await stage.joins("班主任", "admin", room=HERE)
        await stage.says("班主任", "学期 4天 通过3 从 今天", room=HERE)
        await stage.says("小林", "打卡", room=HERE)
        await other.says("小林", "打卡", room=THERE)
        await stage.until("2026-05-05 09:00")
        await other.says("小林", "打卡", room=THERE)
        await join(stage, other)
        [said] = await stage.says("小林", "学期", room=None)
        assert "2 天" in said


async def test_reminders_are_one_person_s_and_parted_both_keep_them(tmp_path: Path) -> None:
    def wanted(tx: Transaction) -> dict[int, str]:
        return {one.person: one.wanted for one in reminders.of_persons(tx, 1, (1, 2))}

    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        for one, room in ((stage, HERE), (other, THERE)):
            await one.says("小林", "在吗", room=None)
            await one.says("小林", "打卡", room=room)
        await other.says("小林", "提醒 21:00", room=THERE)
        read = stage.engine.database.read
        assert await read(wanted) == {1: "usual", 2: "fixed"}
        await join(stage, other)
        assert await read(wanted) == {1: "fixed"}, "what somebody chose goes before what is usual"
        await part(stage)
        assert await read(wanted) == {1: "fixed", 2: "fixed"}


async def test_a_reminder_is_forgotten(tmp_path: Path) -> None:
    def play(tx: Transaction) -> list[Reminder]:
        reminders.keep(tx, Reminder(community=1, person=1))
        reminders.forget(tx, 1, 1)
        return reminders.of_persons(tx, 1, (1,))

    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "早")
        assert await stage.engine.database.write(play) == []


async def test_reminders_go_to_the_account_that_came_last(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        await join(stage, other)
        await stage.says("小林", "打卡", room=HERE)
        await stage.until("2026-05-05 09:00")
        await other.says("小林", "打卡", room=THERE)

        def platform(tx: Transaction) -> str:
            account = people.reachable(tx, 1, 1)
            assert account is not None
            return account.platform

        read = stage.engine.database.read
        assert await read(platform) == "wechat"
        await stage.until("2026-05-06 09:00")
        await stage.says("小林", "打卡", room=HERE)
        assert await read(platform) == "stage"
