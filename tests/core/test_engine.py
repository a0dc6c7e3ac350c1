"""What runs together: one platform's trouble is its own."""

import asyncio
from pathlib import Path

import pytest

from bot.core import engine
from bot.core.errors import Undeliverable
from bot.core.platforms import CommandEntry, Condition
from bot.core.port import Can
from storage import condition
from storage.failures import DiskFull
from tests.stage import BOT, a_stage


async def refuse(_commands: list[CommandEntry]) -> None:
    raise Undeliverable("bad_request")


async def test_a_platform_that_refuses_the_menu_works_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_stage(tmp_path) as stage:
        monkeypatch.setattr(stage.platform, "publish", refuse)
        await stage.engine._publish(stage.platform)
    assert "does not take the menu" in caplog.text


async def test_no_menu_is_read_for_a_platform_that_shows_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_stage(tmp_path, can=~Can.MENU) as stage:
        read: list[str] = []
        monkeypatch.setattr(stage.engine, "menu", lambda: read.append("menu"))
        await stage.engine._publish(stage.platform)
        assert not read


async def test_the_menu_begins_with_what_is_used_every_day(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        names = [entry.name for entry in stage.engine.menu(["en"])]
        assert names[0] == "checkin"
        assert names.index("me") < names.index("help") < names.index("settings")


async def test_a_look_that_fails_ends_nothing_and_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(engine, "LOOK_EVERY", 0.0)
    faults = [ZeroDivisionError(), DiskFull("no room"), asyncio.CancelledError()]

    async def look() -> None:
        raise faults.pop(0)

    async with a_stage(tmp_path) as stage:
        with pytest.raises(asyncio.CancelledError):
            await stage.engine._now_and_then(look)
    assert "ZeroDivisionError" in caplog.text
    assert "no room" in caplog.text


async def test_what_a_platform_says_of_its_side_is_kept(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.engine.ask(stage.platform)
        assert await stage.engine.database.read(lambda tx: condition.of_bot(tx, BOT)) is None
        stage.platform.side = Condition(reads_all=True, skew=5)
        await stage.engine.ask(stage.platform)
        kept = await stage.engine.database.read(lambda tx: condition.of_bot(tx, BOT))
        assert kept is not None
        assert (kept.at, kept.reads_all, kept.skew) == (stage.clock.now(), True, 5)
