"""Who handles what somebody asks for; the dialogues of this are in test_pipeline.py and test_modes.py."""

from pathlib import Path

from bot.core.context import Context
from bot.core.feature import Command, Feature
from bot.core.port import words
from handlers import FEATURES
from tests.stage import a_stage


def rule(ctx: Context, _arguments: str) -> None:
    ctx.say(words("setup.saved"))


RULE = Feature(name="rule", commands=(Command("rule", rule, ("班规",), needs="settings"),))


async def test_a_word_that_needs_a_right_is_talk_when_others_say_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=(*FEATURES, RULE)) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        assert await stage.says("小林", "班规") == []
        assert await stage.says("小林", "/rule") == ["这件事要请管理员来做。"]
        assert await stage.says("班主任", "班规") == ["改好了"]


async def test_a_right_that_was_lost_is_lost_at_once(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=(*FEATURES, RULE)) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.joins("班主任", "member")
        assert await stage.says("班主任", "/rule") == ["这件事要请管理员来做。"]
