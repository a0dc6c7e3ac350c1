"""Whose share of an account's day a message takes: that of who asked, and of nobody for what nobody asked."""

from pathlib import Path

from bot.core.actions import Say, words
from bot.core.context import Context
from bot.core.desk import Desk
from bot.core.feature import Command, Feature
from bot.core.priority import NOTICE
from handlers import FEATURES
from rules.sharing import Shares
from tests.stage import BOT, Stage, a_stage

LINE = words("core.value", value="好")


def line(ctx: Context, _arguments: str) -> None:
    ctx.say(LINE)


def news(ctx: Context, _arguments: str) -> None:
    ctx.put(ctx.room, Say(parts=(LINE,), language="zh-Hans"), priority=NOTICE)


TALKER = Feature(
    name="talker",
    commands=(
        Command("line", line, needs_community=False),
        Command("news", news, needs_community=False),
    ),
)


async def outcomes(stage: Stage) -> list[str]:
    sql = "SELECT outcome FROM outbox WHERE outcome IS NOT NULL"
    rows = await stage.engine.database.read(lambda tx: tx.all(sql))
    return [row["outcome"] for row in rows]


async def test_more_than_a_share_is_kept_as_left_out(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=(*FEATURES, TALKER)) as stage:
        stage.engine.house.shares[BOT] = Shares(5)
        assert [await stage.says("小林", "/line", room=None) for _ in range(3)] == [["好"], [], []]
        assert await outcomes(stage) == ["share", "share"]
        assert await stage.says("阿哲", "/line", room=None) == ["好"]


async def test_where_there_is_no_share_all_are_answered(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=(*FEATURES, TALKER)) as stage:
        assert len(await stage.happens(*[stage.message("小林", "/line", room=None) for _ in range(50)])) == 50


async def test_notices_and_what_nobody_asked_for_take_none(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=(*FEATURES, TALKER)) as stage:
        await stage.opens()
        stage.engine.house.shares[BOT] = shares = Shares(1)
        assert shares.take("小林", 0)
        assert await stage.says("小林", "/news") == ["好"]

        def unasked(desk: Desk) -> None:
            Context(desk, at=desk.now, room=desk.room_by_id(1)).say(LINE, reply=False)

        await stage.engine.pipeline.work(unasked)
        assert await stage.happens() == ["好"]


async def test_who_runs_the_house_is_always_answered(tmp_path: Path) -> None:
    config = '[bot]\nadmins = ["wechat:wxid_boss"]'
    async with a_stage(tmp_path, features=(*FEATURES, TALKER), config=config) as stage:
        other = stage.beside()
        stage.engine.house.shares[other.platform.bot] = Shares(1)
        assert [await other.says("wxid_boss", "/line", room=None) for _ in range(3)] == [["好"]] * 3


async def test_a_mistake_makes_no_share_forgotten(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=(*FEATURES, TALKER)) as stage:
        stage.engine.house.shares[BOT] = Shares(5)
        assert await stage.says("小林", "/line", room=None) == ["好"]
        stage.engine.pipeline.memory.clear()
        assert await stage.says("小林", "/line", room=None) == []
