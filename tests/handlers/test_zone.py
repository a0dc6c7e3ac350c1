"""Time zones and the start of the day: only from now on."""

from pathlib import Path

import pytest

from bot.core.context import Context
from bot.core.feature import Feature, Job
from handlers import FEATURES
from rules.days import Day
from storage import communities
from storage import jobs as rows
from tests.stage import Stage, a_stage, instant


async def zone_now(stage: Stage) -> tuple[str, int]:
    calendar = await stage.engine.database.read(lambda tx: communities.calendar(tx, 1))
    return calendar.rules[-1].zone, calendar.rules[-1].day_starts_at


async def class_with_admin(stage: Stage) -> None:
    await stage.opens()
    await stage.joins("班主任", "admin")


async def test_a_zone_by_two_taps(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await class_with_admin(stage)
        for label in ("就这样", "改一改", "时区", "别的地方"):
            await stage.presses("班主任", label)
        said = await stage.presses("班主任", "东京")
        assert "按东京时间算" in said[1]
        assert list(stage.last.buttons) == ["‹ 返回"]
        assert await zone_now(stage) == ("Asia/Tokyo", 240)
        assert "时区：东京" in (await stage.presses("班主任", "返回"))[1]


async def test_a_zone_by_name_in_many_ways(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await class_with_admin(stage)
        for text, zone in (
            ("/zone Asia/Tokyo", "Asia/Tokyo"),
            ("时区 纽约", "America/New_York"),
            ("時區 europe/london", "Europe/London"),
            ("/zone Kathmandu", "Asia/Kathmandu"),
        ):
            await stage.says("班主任", text)
            assert (await zone_now(stage))[0] == zone


async def test_a_misspelt_zone_is_guessed(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await class_with_admin(stage)
        assert await stage.says("班主任", "/zone Asia/Tokio") == [
            "没找到「Asia/Tokio」这个时区。想说的是 Asia/Tokyo 吗？"
        ]
        assert "写城市就行" in (await stage.says("班主任", "/zone 月球"))[0]


async def test_zone_alone_shows_the_choices(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await class_with_admin(stage)
        await stage.says("班主任", "/zone")
        assert {"北京", "台北", "洛杉矶"} <= set(stage.last.buttons)


async def test_past_days_stay_as_they_were(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 23:00") as stage:
        await class_with_admin(stage)
        await stage.says("班主任", "/zone America/New_York")
        calendar = await stage.engine.database.read(lambda tx: communities.calendar(tx, 1))
        assert calendar.day_of(instant("2026-05-04 05:00")) == Day("2026-05-04")
        assert calendar.day_of(instant("2026-05-04 22:59")) == Day("2026-05-04")
        assert calendar.day_of(instant("2026-05-05 15:59")) == Day("2026-05-04")
        assert calendar.day_of(instant("2026-05-05 16:00")) == Day("2026-05-05")


@pytest.mark.parametrize(("said", "minutes"), [("05:30", 330), ("凌晨三点", 180), ("0:00", 0)])
async def test_the_day_starts_at_another_time(tmp_path: Path, said: str, minutes: int) -> None:
    async with a_stage(tmp_path) as stage:
        await class_with_admin(stage)
        await stage.says("班主任", f"/daystart {said}")
        assert await zone_now(stage) == ("Asia/Shanghai", minutes)


async def test_what_is_no_time_is_said_kindly(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await class_with_admin(stage)
        assert await stage.says("班主任", "/daystart 25:99") == [
            "「25:99」不像一个时间。发「/daystart 04:00」这样就行。"
        ]
        assert "从 04:00 开始" in (await stage.says("班主任", "换日时间"))[0]


async def test_only_admins_change_the_clock(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await class_with_admin(stage)
        assert await stage.says("小林", "/zone UTC") == ["这件事要请管理员来做。"]
        assert await stage.presses_data("小林", "zone:UTC") == ["这件事要请管理员来做。"]
        assert "时区 UTC" not in "".join(await stage.says("小林", "时区 UTC"))
        assert await stage.presses_data("班主任", "zone:Mars/Base") == [
            "这个选项放太久了，重新发一次命令就好。"
        ]
        assert "没在哪个班" in (await stage.presses_data("路人", "zone:UTC", room=None))[0]
        assert await zone_now(stage) == ("Asia/Shanghai", 240)


async def test_the_same_zone_again_changes_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await class_with_admin(stage)
        await stage.says("班主任", "/zone 北京")
        calendar = await stage.engine.database.read(lambda tx: communities.calendar(tx, 1))
        assert len(calendar.rules) == 1


async def test_an_admin_changes_it_in_private_too(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await class_with_admin(stage)
        await stage.says("班主任", "/zone", room=None)
        await stage.presses("班主任", "东京", room=None)
        assert (await zone_now(stage))[0] == "Asia/Tokyo"


async def test_jobs_follow_the_new_clock(tmp_path: Path) -> None:
    def next_noon(ctx: Context, after: int) -> int:
        start, end = ctx.calendar.bounds(ctx.calendar.day_of(after))
        noon = start + 8 * 3_600_000
        return noon if noon > after else end + 8 * 3_600_000

    def never(_ctx: Context, _after: int) -> None:
        return None

    bell = Feature(
        name="bell",
        jobs=(Job("noon", lambda _ctx, _at: None, next_noon), Job("rare", lambda _ctx, _at: None, never)),
    )
    async with a_stage(tmp_path, now="2026-05-04 13:00", features=(*FEATURES, bell)) as stage:
        await class_with_admin(stage)
        await stage.says("班主任", "/zone Asia/Tokyo")
        due = await stage.engine.database.read(lambda tx: rows.due(tx, "noon", 1))
        assert due is not None
        assert due.due_at == instant("2026-05-05 12:00", "Asia/Tokyo")
        assert await stage.engine.database.read(lambda tx: rows.due(tx, "rare", 1)) is None
