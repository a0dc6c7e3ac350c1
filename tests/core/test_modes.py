"""Features that are on or off, room by room."""

from pathlib import Path
from typing import Any

import pytest

from bot.core.changes import set_setting
from bot.core.context import Context
from bot.core.desk import Desk
from bot.core.feature import Command, Feature
from bot.core.modes import all_on, modes_type
from handlers import FEATURES
from storage import communities
from tests.stage import Stage, a_stage


def test_each_feature_that_may_be_off_has_its_setting() -> None:
    kind = modes_type(FEATURES)
    assert kind().model_dump() == {
        "checkin": "on",
        "unclear": "suggest",
        "terms": "off",
        "reminders": "off",
        "recap": "off",
        "scoring": "on",
    }
    on = all_on(kind()).model_dump()
    assert on.pop("unclear") == "suggest"
    assert set(on.values()) == {"on"}


def test_a_feature_with_modes_says_what_it_is() -> None:
    with pytest.raises(AssertionError, match="mute"):
        modes_type([Feature(name="mute", modes=("on", "off"))])


def switch(ctx: Context, arguments: str) -> None:
    """`/switch recap off`: in this room, as a page of settings would."""
    feature, mode = arguments.split()
    set_setting(ctx, f"features.{feature}", mode, ctx.room.id)


SWITCHED = (*FEATURES, Feature(name="switch", commands=(Command("switch", switch),)))


async def rows(stage: Stage, sql: str) -> list[Any]:
    return await stage.engine.database.read(lambda tx: [tuple(row) for row in tx.all(sql)])


async def test_a_new_room_begins_with_check_in_and_scores(tmp_path: Path) -> None:
    async with a_stage(tmp_path, all_on=False) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        assert await stage.says("小林", "打卡") == ["🎉"]
        await stage.says("小林", "今天背了五十个单词")
        assert await stage.says("小林", "/me", room=None)
        assert await stage.says("小林", "/term") == ["「学期」在这里还没打开。"]
        assert await stage.says("班主任", "/term 21天") == [
            "「学期」在这里还没打开。要用的话，发 /settings 打开。"
        ]
        assert await stage.says("小林", "学期") == []
        assert await stage.until("2026-05-05 09:00") == []


async def test_what_is_off_hears_nothing_and_its_buttons_say_so(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=SWITCHED) as stage:
        await stage.opens()
        await stage.says("小林", "/switch checkin off")
        assert await stage.says("小林", "打卡") == []
        assert await stage.presses_data("小林", "checkin") == ["「打卡」在这里还没打开。"]
        await stage.says("小林", "/switch checkin on")
        assert await stage.says("小林", "打卡") == ["🎉"]


async def test_nothing_is_scored_where_scoring_is_off_and_all_elsewhere(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=SWITCHED) as stage:
        await stage.opens()
        await stage.opens("晚读班")
        await stage.says("小林", "/switch scoring off")
        await stage.says("小林", "今天背了五十个单词")
        await stage.says("阿哲", "今天背了五十个单词", room="晚读班")
        assert await rows(stage, "SELECT DISTINCT room FROM message") == [(2,)]


async def test_a_staff_room_studies_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()

        def make_staff(desk: Desk) -> None:
            communities.set_staff_room(desk.tx, 1, 1)
            desk.forget("community")
            desk.forget("settings")

        await stage.engine.pipeline.work(make_staff)
        await stage.joins("班主任", "admin")
        assert await stage.says("小林", "打卡") == []
        assert await stage.says("班主任", "/me") == ["「活跃分和排行」在这里还没打开。"]
        assert await rows(stage, "SELECT * FROM checkin") == []


async def test_in_private_a_feature_is_on_that_is_on_in_some_room(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=SWITCHED, all_on=False) as stage:
        await stage.opens()
        await stage.says("小林", "早上好")
        assert await stage.says("小林", "/term", room=None) == ["「学期」在这里还没打开。"]
        await stage.says("小林", "/switch terms on")
        assert "还没打开" not in (await stage.says("小林", "/term", room=None))[0]
        await stage.happens(stage.bot_changed("left"))
        await stage.opens("晚读班")
        await stage.says("小林", "早上好", room="晚读班")
        assert await stage.says("小林", "/term", room=None) == ["「学期」在这里还没打开。"]
