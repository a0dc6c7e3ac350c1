"""Due work: on time, once, after all that came before, in slices."""

import asyncio
from pathlib import Path

import pytest

from bot.core.actions import words
from bot.core.context import Context
from bot.core.feature import Feature, Job
from handlers import FEATURES
from rules.days import shift
from rules.durations import HOUR
from storage import inbox, jobs, rooms, settings
from storage.failures import DiskFull
from tests.stage import StagePlatform, a_stage, instant

EIGHT = 8 * 60


def next_eight(ctx: Context, after: int) -> int | None:
    day = ctx.calendar.day_of(after)
    return next(at for n in range(3) if (at := ctx.calendar.instant(shift(day, n), EIGHT)) > after)


def ring(ctx: Context, position: str | None) -> str | None:
    """Ring in two slices, once a day."""
    if position is None:
        return "half"
    if jobs.claim(ctx.tx, "ring", ctx.community.id, ctx.day, ctx.now):
        for room in rooms.of_community(ctx.tx, ctx.community.id):
            ctx.say_in(room, words("core.letters_none"))
    return None


def break_down(_ctx: Context, _position: str | None) -> str | None:
    raise ZeroDivisionError


def bell(run: object = ring) -> tuple[Feature, ...]:
    return (*FEATURES, Feature(name="bell", jobs=(Job("ring", run, next_eight),)))  # type: ignore[arg-type]


RUNG = "这次没有你的，安心学习。"


async def test_a_job_runs_each_day_at_its_time(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=bell()) as stage:
        await stage.opens()
        assert RUNG not in await stage.until("2026-05-05 07:59")
        assert await stage.until("2026-05-05 08:00") == [RUNG]
        assert (await stage.until("2026-05-08 07:00")).count(RUNG) == 2


async def test_a_job_waits_for_what_happened_before_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=bell()) as stage:
        await stage.opens()
        stage.heard()
        stage.clock.move_to(instant("2026-05-05 08:30"))
        while await stage.engine.step():
            pass
        assert RUNG not in stage.heard()
        assert RUNG in await stage.happens()


async def test_a_stream_lost_for_a_day_holds_nothing_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=bell()) as stage:
        await stage.opens()
        stage.clock.move_to(stage.clock.now() + 25 * HOUR)
        while await stage.engine.step():
            pass
        assert RUNG in stage.heard()


async def test_a_full_disk_makes_a_job_wait(tmp_path: Path) -> None:
    disk = {"pages": 1}

    def ring_and_fill(ctx: Context, position: str | None) -> str | None:
        ctx.tx.value(f"PRAGMA max_page_count = {disk['pages']}")
        settings.set_value(ctx.tx, ctx.community.id, 0, "talk.filler", "x" * 100_000)
        return ring(ctx, position)

    async with a_stage(tmp_path, features=bell(ring_and_fill)) as stage:
        await stage.opens()
        stage.clock.move_to(instant("2026-05-05 08:00"))
        with pytest.raises(DiskFull):
            await stage.happens()
        disk["pages"] = 1_000_000
        assert RUNG in await stage.happens()
        assert await stage.engine.database.read(inbox.dead_letters) == 0


async def test_jobs_are_planned_when_a_full_disk_has_room_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_stage(tmp_path, features=bell()) as stage:
        full, planned = [True], asyncio.Event()

        async def plan() -> None:
            if full:
                full.clear()
                raise DiskFull("database or disk is full")
            planned.set()

        monkeypatch.setattr(stage.engine.jobs, "plan", plan)
        running = asyncio.create_task(stage.engine.jobs.run())
        await planned.wait()
        running.cancel()
        assert caplog.messages == ["the disk is full: no job can run until there is room"]


async def test_after_downtime_it_runs_once(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=bell()) as stage:
        await stage.opens()
        stage.heard()
        stage.clock.move_to(instant("2026-05-08 12:00"))
        assert (await stage.until("2026-05-08 13:00")).count(RUNG) == 1


async def test_a_bug_in_a_job_is_kept_and_it_runs_again_the_next_day(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=bell(break_down)) as stage:
        await stage.opens()
        await stage.until("2026-05-06 09:00")
        assert await stage.engine.database.read(inbox.dead_letters) == 2


async def test_a_platform_that_is_away_holds_no_other_community_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=bell()) as stage:
        await stage.opens()
        away = StagePlatform(stage.clock)
        away.bot = "stage:2"
        stage.engine.add(away)
        stage.clock.move_to(instant("2026-05-05 08:30"))
        assert RUNG in await stage.happens()


async def test_a_job_whose_next_time_cannot_be_told_is_asked_again(tmp_path: Path) -> None:
    broken = [False]

    def next_time(ctx: Context, after: int) -> int | None:
        if broken[0]:
            raise ZeroDivisionError
        return next_eight(ctx, after)

    features = (*FEATURES, Feature(name="bell", jobs=(Job("ring", ring, next_time),)))
    async with a_stage(tmp_path, features=features) as stage:
        await stage.opens()
        broken[0] = True
        await stage.until("2026-05-05 08:30")
        broken[0] = False
        assert await stage.engine.database.read(inbox.dead_letters) == 1
        assert RUNG in await stage.until("2026-05-06 08:30")


async def test_a_job_woken_in_the_middle_of_a_run_begins_anew_after_it(tmp_path: Path) -> None:
    ran: list[str | None] = []

    def in_three_slices(_ctx: Context, position: str | None) -> str | None:
        ran.append(position)
        return {None: "1", "1": "2"}.get(position)

    features = (*FEATURES, Feature(name="bell", jobs=(Job("ring", in_three_slices, lambda _c, _a: None),)))
    async with a_stage(tmp_path, features=features) as stage:
        await stage.opens()

        async def wake(at: int) -> None:
            await stage.engine.pipeline.work(lambda desk: jobs.bring_forward(desk.tx, "ring", 1, at))

        now = stage.clock.now()
        await wake(now)
        assert await stage.engine.jobs.run_one()
        await wake(now + HOUR)
        await wake(now)
        await stage.until(now + 1)
        assert ran == [None, "1", "2", None, "1", "2"]
        await stage.until(now + 2 * HOUR)
        assert len(ran) == 6
