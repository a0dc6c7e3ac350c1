"""What admins may want to look after."""

from pathlib import Path

from storage import inbox
from storage.outbox import Outcome, finish
from tests.stage import Stage, a_stage


async def class_with_admin(stage: Stage, rights: tuple[str, ...]) -> None:
    await stage.opens(rights=rights)
    await stage.joins("班主任", "admin")
    await stage.says("班主任", "/start", room=None)


async def test_all_is_well(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await class_with_admin(stage, ("read", "react", "delete", "pin", "invite", "remove"))
        [said] = await stage.says("班主任", "状态")
        assert stage.last.place == "班主任"
        assert said.splitlines()[:3] == [
            "晨读班，北京时间，04:00 换日",
            "1 个群，各群的情况发 /rooms。",
            "一切都好。",
        ]
        assert " MB。" in said


async def test_what_is_missing_failed_or_not_understood_is_said(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await class_with_admin(stage, ("read", "react"))
        await stage.engine.database.write(
            lambda tx: inbox.bury(tx, at=0, bot="b", key="k", event="", trace="")
        )
        now = stage.clock.now()
        await stage.engine.database.write(
            lambda tx: finish(tx, [Outcome(1, "failed", outcome="blocked")], now)
        )
        [said] = await stage.says("班主任", "/status")
        assert "1 条没送到" in said
        assert "有 1 条消息我没看懂" in said
        assert "一切都好" not in said
        assert "有 1 条消息我没看懂" in (await stage.says("班主任", "/help"))[0]


async def test_it_is_for_admins_and_not_before_members(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        assert await stage.says("小林", "/status") == ["这件事要请管理员来做。"]
        assert "悄悄" in (await stage.says("班主任", "/status"))[0]
        [said] = await stage.says("班主任", "/status", room=None)
        assert "晨读班" in said
