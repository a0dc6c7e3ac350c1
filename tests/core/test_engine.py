"""What runs together: one platform's trouble is its own."""

from pathlib import Path

import pytest

from bot.core.errors import Undeliverable
from bot.core.port import CommandEntry
from tests.stage import a_stage


async def refuse(_commands: list[CommandEntry]) -> None:
    raise Undeliverable("bad_request")


async def test_a_platform_that_refuses_the_menu_works_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_stage(tmp_path) as stage:
        monkeypatch.setattr(stage.platform, "publish", refuse)
        await stage.engine._publish(stage.platform)
    assert "does not take the menu" in caplog.text
