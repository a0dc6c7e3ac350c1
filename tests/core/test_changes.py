"""Changes that several features make are taken back to just what was."""

from pathlib import Path

from bot.core import changes
from bot.core.context import Context
from bot.core.desk import Desk
from bot.core.events import Sender
from bot.core.spelling import clock_text
from bot.core.undoing import undo
from rules.calendar import Window
from storage import jobs, rooms, tasks
from tests.stage import BOT, Stage, a_stage


def as_admin(desk: Desk) -> Context:
    room = desk.room_by_id(1)
    return Context(desk, at=desk.now, room=room, account=desk.account(BOT, Sender("班主任", "班主任")))


def state(ctx: Context) -> tuple[object, ...]:
    rule = ctx.calendar.rules[-1]
    room = rooms.by_id(ctx.tx, 1)
    return (
        room.language,
        ctx.community.language,
        rule.zone,
        rule.day_starts_at,
        tasks.of_community(ctx.tx, 1),
    )


async def a_class(stage: Stage) -> None:
    await stage.opens()
    await stage.joins("班主任", "admin")


async def test_language_days_and_task_are_changed_and_taken_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)

        def change(desk: Desk) -> None:
            ctx = as_admin(desk)
            before = state(ctx)
            changes.set_language(ctx, ctx.room, "en")
            changes.set_time_rule(ctx, zone="Asia/Tokyo", day_starts_at=0)
            [task] = tasks.of_community(ctx.tx, 1)
            changes.change_task(ctx, task, window=Window(300, 540))
            [task] = tasks.of_community(ctx.tx, 1)
            assert state(ctx) == ("en", "en", "Asia/Tokyo", 0, (task,))
            assert task.window == Window(300, 540)
            for row in ctx.tx.all("SELECT id FROM audit ORDER BY id DESC"):
                undo(as_admin(desk), row["id"])
            assert state(ctx) == before

        await stage.engine.pipeline.work(change)


async def test_a_setting_that_says_when_a_job_is_due_plans_it_anew_and_so_does_taking_it_back(
    tmp_path: Path,
) -> None:
    async with a_stage(tmp_path, now="2026-05-04 09:00") as stage:
        await a_class(stage)

        def change(desk: Desk) -> None:
            ctx = as_admin(desk)

            def evening() -> str:
                due = jobs.due(ctx.tx, "evening", 1)
                assert due is not None
                return clock_text(ctx.calendar.wall(due.due_at)[1])

            changes.set_setting(ctx, "recap.evening_at", "20:00")
            assert evening() == "20:00"
            undo(as_admin(desk), ctx.tx.value("SELECT max(id) FROM audit"))
            assert evening() == "21:30"

        await stage.engine.pipeline.work(change)


async def test_what_is_so_already_is_no_change(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)

        def change(desk: Desk) -> None:
            ctx = as_admin(desk)
            changes.set_time_rule(ctx, zone=ctx.calendar.rules[-1].zone)
            assert ctx.tx.all("SELECT * FROM audit") == []

        await stage.engine.pipeline.work(change)


async def test_a_room_moves_and_remembers_where_it_came_from(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.opens("夜读班")

        def move(desk: Desk) -> None:
            ctx = as_admin(desk)
            there = changes.move_room(ctx, ctx.room, desk.community(2))
            assert there.community.id == 2
            assert rooms.by_id(ctx.tx, 1).community == 2
            assert ctx.tx.value("SELECT came_from FROM room_setup WHERE room = 1") == 1

        await stage.engine.pipeline.work(move)
