"""What becomes of actions where a platform has neither edits nor answers that one alone sees."""

from pathlib import Path

from bot.core.actions import Button, Say, words
from bot.core.context import Context
from bot.core.feature import Command, Feature
from bot.core.port import Can
from handlers import FEATURES
from tests.stage import ALL, WECHAT, a_stage, actions_by_state

SHOWN = words("core.value", value="选一个")


def menu(ctx: Context, _arguments: str) -> None:
    verbs = ("answer", "secret", "page", "whisper", "both")
    buttons = tuple(Button(words("core.value", value=verb), f"toy:{verb}") for verb in verbs)
    ctx.say(SHOWN, buttons=(buttons,))


def press(ctx: Context, verb: str) -> None:
    if verb == "answer":
        ctx.answer(words("core.value", value="记下了"))
    elif verb == "secret":
        ctx.answer(words("roles.reply_to_whom"))
    elif verb == "page":
        ctx.edit_pressed(words("core.value", value="下一页"), toast=words("roles.reply_to_whom"))
    elif verb == "whisper":
        ctx.whisper(words("core.value", value="悄悄话"))
    else:
        ctx.edit_pressed(words("core.value", value="下一页"), toast=words("core.value", value="改好了"))


def own(ctx: Context, _arguments: str) -> None:
    ctx.whisper(words("core.value", value="只给你"))


TOY = Feature(
    name="toy",
    commands=(Command("menu", menu), Command("own", own)),
    buttons={"toy": press},
    for_staff=("roles.reply_to_whom",),
)
FEATURED = (*FEATURES, TOY)


async def test_an_answer_goes_to_a_contact_in_private(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.opens()
        await stage.says("小林", "你好", room=None)
        await stage.says("小林", "/menu")
        assert await stage.presses("小林", "answer") == ["记下了"]
        assert stage.last.place == "小林"


async def test_an_answer_to_anybody_else_names_them_in_the_room(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.opens()
        await stage.says("小林", "/menu")
        assert await stage.presses("小林", "answer") == ["记下了"]
        assert stage.last.place == "晨读班"
        assert isinstance(stage.last.action, Say)
        assert stage.last.action.mention == "小林"


async def test_what_is_for_staff_is_left_out_before_members(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.opens()
        await stage.says("小林", "/menu")
        assert await stage.presses("小林", "secret") == []
        assert await stage.presses("小林", "page") == ["下一页"]
        await stage.says("小林", "你好", room=None)
        await stage.says("小林", "/menu")
        said = await stage.presses("小林", "page")
        assert [sent.place for sent in stage.platform.sent[-2:]] == ["小林", "晨读班"]
        assert said[1] == "下一页"


async def test_a_toast_and_its_page_are_one_message(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.opens()
        await stage.says("小林", "你好", room=None)
        for _ in range(2):
            await stage.says("小林", "/menu")
            assert await stage.presses("小林", "both") == ["改好了\n\n下一页"]
            assert stage.last.place == "晨读班"


async def test_a_whisper_in_a_room_names_whom_it_is_for_and_stays(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.opens()
        assert await stage.says("小林", "/own") == ["只给你"]
        assert isinstance(stage.last.action, Say)
        assert (stage.last.action.mention, stage.last.action.vanish_after) == ("小林", 0)
        await stage.says("小林", "你好", room=None)
        await stage.says("小林", "/menu")
        assert await stage.presses("小林", "whisper") == ["悄悄话"]
        assert stage.last.place == "小林"


async def test_an_unasked_line_names_nobody(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await stage.opens()
        for name in ("小林", "阿哲", "小美"):
            await stage.says(name, "打卡")
        assert len(await stage.until("2026-05-04 21:31")) == 2
        assert "小林" not in stage.last.text
        assert isinstance(stage.last.action, Say)
        assert stage.last.action.mention is None


async def test_presses_cannot_make_the_bot_flood_a_room(tmp_path: Path) -> None:
    config = "[talk]\nanswers_a_minute = 2"
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT, config=config) as stage:
        await stage.opens()
        await stage.says("小林", "/menu")
        assert [len(await stage.presses("小林", "answer")) for _ in range(3)] == [1, 0, 0]


async def test_where_messages_can_be_edited_but_have_no_buttons_the_numbers_follow(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=ALL & ~Can.BUTTONS) as stage:
        await stage.opens()
        await stage.joins("班主任", "owner")
        assert "3 一步步来" in stage.last.text
        await stage.presses("班主任", "一步步来")
        assert type(stage.last.action).__name__ == "Edit"
        first = stage.number_of("简体中文")
        assert "2/4" in (await stage.says("班主任", str(first)))[-1]
        counts = await stage.engine.database.read(actions_by_state)
        assert counts.get("expired", 0) == 0
