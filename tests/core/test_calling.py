"""What commands are called where nothing opens them by a tap."""

from pathlib import Path

import pytest

from bot.core.calling import called, in_words
from bot.core.port import Can
from handlers import FEATURES
from tests.stage import a_stage

KNOWN = called(FEATURES)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("打卡 /checkin · 补卡 /makeup", "打卡 · 补卡"),
        ("想知道哪一个怎么用，发 /help 加上它的名字。", "想知道哪一个怎么用，发「帮助」加上它的名字。"),
        ("记活跃分，有 /me 和 /top。", "记活跃分，有「我的」和「排行」。"),
        ("比如：/undo 12", "比如：撤回 12"),
        ("照着写，例如 /undo 12", "照着写，例如 撤回 12"),
        ("发「/name 晨读会」这样就行", "发「社群名 晨读会」这样就行"),
        ("在服务器上跑 ./run takeover", "在服务器上跑 ./run takeover"),
        ("<b>粗</b> https://example.org/help", "<b>粗</b> https://example.org/help"),
        ("没有 /nothing 这个命令", "没有 /nothing 这个命令"),
    ],
)
def test_words_take_the_place_of_names(text: str, said: str) -> None:
    assert in_words(text, KNOWN["zh-Hans"]) == said


async def test_without_buttons_and_menu_help_is_words_alone(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=~(Can.BUTTONS | Can.MENU)) as stage:
        await stage.opens()
        [said] = await stage.says("小林", "帮助")
        assert "打卡 · 补卡" in said
        assert "/" not in said


async def test_english_keeps_the_names(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=~(Can.BUTTONS | Can.MENU)) as stage:
        await stage.opens()
        await stage.says("小林", "/language en", room=None)
        assert "/checkin" in (await stage.says("小林", "/help", room=None))[0]


async def test_daily_commands_come_first_and_what_is_off_not_at_all(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        assert "/remind" in (await stage.says("小林", "帮助"))[0]
        await stage.says("班主任", "/set features.reminders off", room=None)
        [said] = await stage.says("小林", "帮助")
        assert said.splitlines()[1].startswith("打卡 /checkin")
        assert "/remind" not in said
