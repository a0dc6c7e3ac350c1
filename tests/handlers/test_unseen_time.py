"""What passes while a link is down counts against nobody; a blink of it excuses nobody."""

from pathlib import Path

import pytest

from bot.core.events import Batch
from bot.core.port import Can
from tests.handlers.asking import streak_of
from tests.handlers.tabling import a_class, marks
from tests.stage import ALL, BOT, Stage, a_stage, instant

WECHAT_LIKE = ALL & ~Can.BACKLOG
STEP = 600_000


async def is_down(stage: Stage, until: str) -> list[str]:
    """The link is down from now on; what the bot said meanwhile, and what fell due was done."""
    since, end = stage.clock.now(), instant(until)
    for now in (*range(since + STEP, end, STEP), end):
        stage.clock.move_to(now)
        batch = Batch(BOT, (), caught_up_to=now, unobserved_since=since)
        await stage.engine.pipeline.take(batch)
        while await stage.engine.step():
            pass
    return stage.heard()


async def test_a_day_unseen_breaks_no_streak_and_a_blink_saves_none(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT_LIKE) as stage:
        await stage.opens()
        await stage.says("小林", "打卡")
        await stage.until("2026-05-05 20:00")
        await is_down(stage, "2026-05-06 03:59")
        await stage.until("2026-05-06 09:00")
        await stage.says("小林", "打卡")
        assert (await streak_of(stage, "小林")).current == 2
        await stage.until("2026-05-07 20:00")
        await is_down(stage, "2026-05-07 20:01")
        await stage.until("2026-05-08 09:00")
        await stage.says("小林", "打卡")
        assert (await streak_of(stage, "小林")).current == 1


async def test_a_night_without_a_link_hides_no_morning(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 05:30", can=WECHAT_LIKE) as stage:
        await a_class(stage, "小林")
        await stage.says("班主任", "/task 打卡 时间 6:00-9:00")
        await stage.until("2026-05-04 06:30")
        await stage.says("小林", "打卡")
        await stage.until("2026-05-05 09:00")
        await is_down(stage, "2026-05-05 23:00")
        await stage.until("2026-05-06 07:00")
        await is_down(stage, "2026-05-06 08:00")
        await stage.until("2026-05-07 08:00")
        assert await marks(stage, "小林") == "✓✗·····"


async def test_nobody_is_reminded_of_a_day_that_was_not_seen(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00", can=WECHAT_LIKE) as stage:
        await stage.opens()
        await stage.says("小林", "在吗", room=None)
        for day in (4, 5, 6):
            await stage.until(f"2026-05-{day:02} 09:00")
            await stage.says("小林", "打卡")
        await stage.until("2026-05-07 09:00")
        assert not [said for said in await is_down(stage, "2026-05-07 12:00") if "还空着" in said]
        assert not [said for said in await stage.until("2026-05-08 08:00") if "还空着" in said]
        assert [said for said in await stage.until("2026-05-08 12:00") if "还空着" in said]


async def test_nobody_is_missing_on_a_day_that_was_not_seen(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 09:00", can=WECHAT_LIKE) as stage:
        await a_class(stage, "小林", "阿哲")
        for day in (4, 5, 6):
            await stage.until(f"2026-05-{day:02} 09:00")
            for name in ("小林", "阿哲"):
                await stage.says(name, "打卡")
        await stage.until("2026-05-07 19:00")
        await stage.says("阿哲", "打卡")
        told = await is_down(stage, "2026-05-07 22:00")
        assert not [said for said in told if "还没见到" in said]
        told = await stage.says("班主任", "/digest", room=None)
        assert "小林" not in told[0]
        told = await stage.until("2026-05-08 22:00")
        assert [said for said in told if "还没见到" in said], "only that one day is forgiven"


async def test_a_term_asks_for_fewer_days(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT_LIKE) as stage:
        await a_class(stage, "小林")
        await stage.says("班主任", "学期 5天 通过5 从 今天 名称 晨读营")
        await stage.says("小林", "打卡")
        await stage.until("2026-05-05 09:00")
        await is_down(stage, "2026-05-05 19:00")
        for day in (6, 7, 8):
            await stage.until(f"2026-05-{day:02} 09:00")
            await stage.says("小林", "打卡")
        assert "已经够了" in (await stage.says("小林", "学期"))[0]


async def test_what_falls_due_is_done_while_the_link_is_down(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT_LIKE) as stage:
        await stage.opens()
        for name in ("小林", "阿哲"):
            await stage.says(name, "打卡")
        told = await is_down(stage, "2026-05-04 21:40")
        assert [said for said in told if "2 位同学" in said]


@pytest.mark.parametrize(("can", "is_said"), [(WECHAT_LIKE, True), (ALL, False)])
async def test_what_falls_due_waits_only_for_what_may_still_be_told(
    tmp_path: Path, can: Can, is_said: bool
) -> None:
    async with a_stage(tmp_path, can=can) as stage:
        await stage.opens()
        for name in ("小林", "阿哲"):
            await stage.says(name, "打卡")
        stage.clock.move_to(instant("2026-05-04 21:40"))
        while await stage.engine.step():
            pass
        assert bool([said for said in stage.heard() if "2 位同学" in said]) is is_said
