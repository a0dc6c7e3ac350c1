"""Numbers in place of buttons: what a WeChat member sees and answers."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bot.core.actions import Button, Say, words
from bot.core.context import Context
from bot.core.desk import Desk
from bot.core.errors import RetryLater, UserError
from bot.core.events import ButtonPressed
from bot.core.feature import Command, Feature
from handlers import FEATURES
from storage import choices
from storage.db import Transaction
from tests.stage import ALL, WECHAT, Stage, a_stage, actions_by_state

Result = TypeVar("Result")
SECOND = 1000
MINUTE = 60_000


def menu(ctx: Context, arguments: str) -> None:
    """A menu of as many buttons as asked for."""
    buttons = tuple(
        (Button(words("core.value", value=f"{place}号"), f"toy:{place}"),)
        for place in range(int(arguments or 2))
    )
    ctx.say(words("core.value", value="选一个"), buttons=buttons)


def linked(ctx: Context, _arguments: str) -> None:
    link = Button(words("core.value", value="看网页"), url="https://example.org/1")
    ctx.say(words("core.value", value="看"), buttons=((link,),))


def toy(ctx: Context, arguments: str) -> None:
    """`keep`: answer; `turn`: show another page; a number: tell what was pressed."""
    assert isinstance(ctx.event, ButtonPressed)
    if arguments == "1":
        again = ((Button(words("core.value", value="回去"), "toy:0"),),)
        toast = words("core.value", value="翻好了")
        ctx.edit_pressed(words("core.value", value="第二页"), buttons=again, toast=toast)
    elif arguments == "2":
        ctx.answer()
    elif arguments == "3":
        ctx.delete(ctx.event.message)
    elif arguments == "4":
        raise UserError("core.left")
    elif arguments == "5":
        ctx.edit("elsewhere", words("core.value", value="别处"))
    else:
        pressed = ctx.event
        ctx.answer(words("core.value", value=f"{pressed.sender.native} {pressed.data} {pressed.message}"))


TOY = Feature(
    name="toy",
    commands=(
        Command("menu", menu, takes=True, needs_community=False),
        Command("linked", linked, needs_community=False),
    ),
    buttons={"toy": toy},
    buttons_anywhere=("toy",),
)
FEATURED = (*FEATURES[:-1], TOY, FEATURES[-1])


async def rows(stage: Stage, work: Callable[[Transaction], Result]) -> Result:
    return await stage.engine.database.write(work)


async def open_numbers(stage: Stage) -> list[int]:
    def read(tx: Transaction) -> list[int]:
        return [row["number"] for row in tx.all("SELECT number FROM choice ORDER BY room, number")]

    return await rows(stage, read)


def remembered(stage: Stage) -> list[object]:
    """What is remembered of whether numbers are open, room by room."""
    things = stage.engine.pipeline.memory.things
    return [known for key, known in things.items() if isinstance(key, tuple) and key[0] == "choices"]


async def test_a_number_is_the_press_of_a_button(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.opens()
        assert await stage.says("小林", "/menu", native="m7") == ["选一个\n\n回复数字：4 → 0号 · 5 → 1号"]
        shown = stage.last.native
        assert stage.last.buttons == {}
        assert await stage.says("阿哲", "④") == [f"阿哲 toy:0 {shown}"]
        assert stage.last.action.mention == "阿哲"  # type: ignore[union-attr]


async def test_a_label_that_is_a_number_itself_stands_behind_an_arrow(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        assert "1 打卡 · 2 就这样，挺好" in (await stage.opens())[0]
        await stage.joins("班主任", "owner")
        await stage.presses("班主任", "一步步来")
        await stage.presses("班主任", "简体中文")
        [task] = await stage.presses("班主任", "北京")
        assert "1 → 全天 ✓ · 2 → 05:00–09:00" in task
        assert stage.number_of("05:00") == 2


async def test_only_a_bare_open_number_is_a_press(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.opens()
        await stage.says("小林", "/menu")
        assert await stage.says("阿哲", "第4天") == []
        assert await stage.says("阿哲", "9") == []
        assert await stage.says("阿哲", "4", forwarded=True) == []
        assert await stage.says("阿哲", "4", edited=True) == []
        assert await stage.says("阿哲", "4", media=["photo"]) == []
        assert await stage.says("阿哲", "4", reply_to="77", reply_sender=stage.sender("小美")) == []
        assert await stage.says("阿哲", "4", reply_sender=stage.sender("小美")) == []
        assert len(await stage.says("阿哲", "4", reply_to="77", reply_to_bot=True)) == 1
        assert len(await stage.says("阿哲", "选一个\n4", quoted=[[0, 4]])) == 1


async def test_menus_that_are_open_together_never_clash(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.opens()
        await stage.until("2026-05-04 10:01")
        assert "1 → 0号 · 2 → 1号" in (await stage.says("小林", "/menu"))[0]
        assert "3 → 0号 · 4 → 1号" in (await stage.says("小林", "/menu"))[0]
        assert "1 → 0号" in (await stage.says("小林", "/menu", room=None))[0]
        await stage.until("2026-05-04 11:02")
        assert "1 → 0号 · 2 → 1号" in (await stage.says("小林", "/menu"))[0]


async def test_where_too_many_are_open_the_oldest_makes_room(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.opens()
        for _ in range(3):
            await stage.says("小林", "/menu 40", room=None)
        numbers = await open_numbers(stage)
        assert len(numbers) == len(set(numbers)) + 3  # the room's own three from its greeting
        assert "1 → 0号" in stage.last.text
        assert "40 → 39号" in stage.last.text


async def test_a_press_that_turns_the_page_is_one_message_with_numbers_of_its_own(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.says("小林", "/menu", room=None)
        assert await stage.says("小林", "2", room=None) == ["翻好了\n\n第二页\n\n回复数字：1 回去"]
        assert await open_numbers(stage) == [1]
        assert await stage.says("小林", "2", room=None) == ["没有这个数字。照上面列的回一个就好。"]


async def test_a_number_after_all_menus_are_over_is_told_where_to_begin(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.says("小林", "/menu", room=None)
        await stage.until("2026-05-05 09:01")
        [said] = await stage.says("小林", "1", room=None)
        assert said == "刚才那几个选项已经收起来了。说「帮助」，我们从头来。"


async def test_a_number_that_is_not_offered_is_said_to_be_none(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.says("小林", "/menu", room=None)
        assert await stage.says("小林", "7", room=None) == ["没有这个数字。照上面列的回一个就好。"]


async def test_a_menu_moved_to_where_there_are_buttons_leaves_no_numbers(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        label = words("core.value", value="旧")
        numbered = Say(parts=(label,), language="en", buttons=((Button(label, "toy:0", number=3),),))

        def move(desk: Desk) -> None:
            Context(desk, at=desk.now, room=desk.room_by_id(1)).put(desk.room_by_id(1), numbered)

        await stage.engine.pipeline.work(move)
        assert await stage.happens() == ["旧"]
        assert await open_numbers(stage) == []


async def test_a_page_stays_the_message_it_took_the_place_of(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.opens()
        await stage.until("2026-05-04 10:01")
        await stage.says("小林", "/menu")
        first = stage.last.native
        await stage.says("小林", "2")
        assert await stage.says("小林", "1") == [f"小林 toy:0 {first}"]


async def test_an_empty_answer_and_what_cannot_be_taken_away_say_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.says("小林", "/menu 4", room=None)
        assert await stage.says("小林", "3", room=None) == []
        assert await stage.says("小林", "4", room=None) == []
        assert await open_numbers(stage) == []
        counts = await stage.engine.database.read(actions_by_state)
        assert counts["expired"] == 1


async def test_an_edit_that_answers_no_press_is_left_out(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.says("小林", "/menu 6", room=None)
        assert await stage.says("小林", "6", room=None) == []
        assert await open_numbers(stage) == [1, 2, 3, 4, 5, 6]


async def test_a_number_that_was_not_sent_yet_means_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        stage.platform.limits = stage.platform.limits.__class__(1, 1, 1, 1)
        stage.engine.add(stage.platform)
        said = await stage.happens(
            stage.message("小林", "/menu", room=None), stage.message("小林", "1", room=None)
        )
        assert said == ["选一个\n\n回复数字：1 → 0号 · 2 → 1号"]


async def test_a_menu_tried_again_shows_the_same_numbers(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        stage.platform.faults = [RetryLater("flood", 5)]
        assert await stage.says("小林", "/menu", room=None) == []
        assert await stage.says("小林", "1", room=None) == []
        assert "1 → 0号 · 2 → 1号" in (await stage.until("2026-05-04 09:01"))[0]
        assert await open_numbers(stage) == [1, 2]
        assert len(await stage.says("小林", "1", room=None)) == 1


async def test_who_counts_aloud_is_not_told_that_they_may_not(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await stage.opens()
        assert "2 就这样，挺好" in stage.last.text
        assert await stage.says("小林", "2") == []
        await stage.joins("班主任", "owner")
        assert "安顿好了" in (await stage.says("班主任", "2"))[0]


async def test_a_number_that_all_are_asked_to_say_is_no_press(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await stage.opens()
        assert "1 打卡" in stage.last.text
        await stage.until("2026-05-04 09:10")
        assert await stage.says("班主任", "大家听懂的扣1") == []
        assert await stage.says("小林", "1") == []
        assert await stage.says("阿哲", "１") == []
        await stage.says("小雨", "1", reply_to="m", reply_to_bot=True)
        assert "小雨" in (await stage.until("2026-05-04 09:30"))[0], "a reply to the menu means it"
        await stage.says("小林", "1")
        await stage.until("2026-05-04 09:45")
        await stage.says("小林", "1")
        assert "记上了，小林" in (await stage.until("2026-05-04 10:20"))[0], (
            "half an hour later it counts again"
        )


async def test_each_of_several_numbers_that_are_asked_for_is_no_press(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await stage.opens()
        assert "1 打卡" in stage.last.text
        await stage.until("2026-05-04 09:10")
        await stage.says("班主任", "没懂的扣2，懂了的扣1")
        assert await stage.says("小林", "1") == []
        assert await stage.until("2026-05-04 09:30") == []


async def test_a_number_of_a_menu_just_sent_is_meant(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await stage.opens()
        await stage.joins("班主任", "owner")
        await stage.says("班主任", "接龙报名 周末徒步 3")
        number = stage.number_of("报名")
        await stage.says("班主任", f"要去的扣{number}")
        assert await stage.says("小林", str(number)) == ["「周末徒步」第 1 位，给你留好了。"]


async def test_other_refusals_are_told(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.opens()
        await stage.says("小林", "/menu 5")
        assert await stage.presses("阿哲", "4号") == ["你已经不在这个群里了，回来以后再选就好。"]


async def test_a_link_has_no_number(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        assert await stage.says("小林", "/linked", room=None) == ["看\n\n看网页: https://example.org/1"]
        assert await open_numbers(stage) == []


async def test_what_could_not_be_sent_keeps_no_numbers(tmp_path: Path) -> None:
    async with a_stage(
        tmp_path, features=FEATURED, can=WECHAT, config="[talk]\nanswers_a_minute = 1"
    ) as stage:
        await stage.opens()
        await stage.until("2026-05-04 10:01")
        await stage.says("小林", "/menu")
        assert await stage.says("小林", "/menu") == []
        assert await open_numbers(stage) == [1, 2]


async def test_numbers_that_are_over_are_swept(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.says("小林", "/menu", room=None)
        await stage.until("2026-05-05 08:00")
        assert await open_numbers(stage) == [1, 2]
        await stage.until("2026-05-05 18:00")
        assert await open_numbers(stage) == []


async def test_a_number_is_counted_once_however_often_it_is_told(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.says("小林", "/menu", room=None)
        message = stage.message("小林", "1", room=None)
        assert len(await stage.happens(message, message)) == 1
        assert await stage.happens(message) == []


async def test_where_there_are_buttons_a_number_is_talk_and_costs_no_query(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=ALL) as stage:
        await stage.opens()
        assert await stage.says("小林", "/menu") == ["选一个"]
        assert await stage.says("阿哲", "1") == []
        assert await open_numbers(stage) == []
        assert remembered(stage) == []


async def test_that_nothing_is_open_in_a_room_is_remembered(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=(TOY,), can=WECHAT) as stage:
        await stage.says("小林", "早")
        assert remembered(stage) == [False]
        await stage.says("小林", "/menu")
        assert remembered(stage) == [True]
        assert await rows(stage, lambda tx: choices.any_in(tx, 1))
