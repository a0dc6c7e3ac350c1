"""Who handles what somebody asks for; the dialogues of this are in test_pipeline.py and test_modes.py."""

from pathlib import Path

from bot.core.actions import words
from bot.core.context import Context
from bot.core.events import Message
from bot.core.feature import Command, Feature, Reader
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


async def test_a_word_is_a_command_behind_a_slash_too(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=(*FEATURES, RULE)) as stage:
        await stage.opens()
        assert await stage.says("小林", "/打卡 读了三页") == ["🎉"]
        assert await stage.says("小林", "/班规") == ["这件事要请管理员来做。"]
        assert await stage.says("小林", "/班规@other_bot") == []
        assert await stage.says("小林", "/打卡/签到") == []


async def test_a_right_that_was_lost_is_lost_at_once(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=(*FEATURES, RULE)) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.joins("班主任", "member")
        assert await stage.says("班主任", "/rule") == ["这件事要请管理员来做。"]


async def test_a_reader_that_waits_for_a_letter_is_asked_about_nothing_else(tmp_path: Path) -> None:
    asked: list[str] = []

    def glance(message: Message) -> bool:
        asked.append(message.text)
        return message.text.strip() == "喂"

    def answer(ctx: Context, _message: Message) -> bool:
        ctx.say(words("setup.saved"))
        return True

    reader = Reader(lambda _desk, _room: glance, answer, begins="喂a")
    async with a_stage(tmp_path, features=(Feature(name="echo", readers=(reader,)), *FEATURES)) as stage:
        await stage.opens()
        assert await stage.says("小林", " 喂") == ["改好了"]
        assert await stage.says("小林", "今天读了三页") == []
        assert await stage.says("小林", "Apple 怎么读") == []
        assert await stage.says("小林", "说声喂", quoted=((0, 2),)) == []
        assert await stage.says("小林", "班长，喂", to_bot=True) != ["改好了"]
        assert asked == [" 喂", "Apple 怎么读", "说声喂", "班长，喂"]
        await stage.says("小林", "在吗", room=None)
        assert asked[-1] == "在吗"
