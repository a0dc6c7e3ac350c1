"""A community is called as its admins say, audited and taken back."""

from pathlib import Path

import pytest

from storage import communities
from tests.stage import Stage, a_stage


async def called(stage: Stage) -> str:
    return (await stage.engine.database.read(lambda tx: communities.by_id(tx, 1))).name


async def a_class(stage: Stage) -> None:
    await stage.opens()
    await stage.joins("班主任", "admin")
    await stage.says("班主任", "/start", room=None)


async def test_an_admin_names_the_community(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        first = await called(stage)
        assert f"叫「{first}」" in (await stage.says("班主任", "/name"))[0]
        assert await stage.says("班主任", "社群名 晨读会") == [
            f"好，「{first}」以后叫「晨读会」。各个群的群名不变。"
        ]
        assert await called(stage) == "晨读会"
        assert "「晨读会」" in (await stage.says("班主任", "/settings", room=None))[0]
        assert await stage.says("班主任", "/name 晨读会") == ["已经叫「晨读会」了，好名字不用改。"]


@pytest.mark.parametrize("talk", ["今天社群名", "社群名今天", "今天撤回", "今天时区", "明天提醒", "今天举报"])
async def test_a_day_beside_a_word_that_takes_none_is_talk(tmp_path: Path, talk: str) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        first = await called(stage)
        assert await stage.says("班主任", talk) == []
        assert await called(stage) == first


async def test_a_name_is_audited_and_taken_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        first = await called(stage)
        await stage.says("班主任", "/name 晨读会")
        assert f"社群的名字：{first} → 晨读会" in (await stage.says("班主任", "/audit", room=None))[0]
        await stage.says("班主任", "/undo", room=None)
        await stage.presses("班主任", "撤回这一步", room=None)
        assert await called(stage) == first
        await stage.presses("班主任", "还是按改的来", room=None)
        assert await called(stage) == "晨读会"


async def test_a_name_is_one_short_line(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        first = await called(stage)
        assert "64 个字以内" in (await stage.says("班主任", "/name " + "读" * 65))[0]
        await stage.says("班主任", "/name \u202e\u200b")
        assert await called(stage) == first
        await stage.says("班主任", "/name <b>晨读\n会</b>\u202e")
        assert await called(stage) == "<b>晨读 会</b>"


async def test_members_name_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        first = await called(stage)
        assert await stage.says("小林", "/name 我的班") == ["这件事要请管理员来做。"]
        await stage.says("小林", "社群名 我的班")
        assert await called(stage) == first


@pytest.mark.parametrize("said", ["null", "1e5", "true", '"x"', "[1,2]"])
async def test_a_name_that_looks_like_a_value_is_retold_as_it_was_said(tmp_path: Path, said: str) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        first = await called(stage)
        await stage.says("班主任", f"/name {said}")
        [told] = await stage.says("班主任", "/audit", room=None)
        assert told.endswith(f"社群的名字：{first} → {said}")
        await stage.says("班主任", "/undo", room=None)
        await stage.presses("班主任", "撤回这一步", room=None)
        [told] = await stage.says("班主任", "/audit", room=None)
        assert f"撤回了 #1 社群的名字：{first} → {said}\n" in told
