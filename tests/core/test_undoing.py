"""What was done is taken back exactly, once, by those who may, and never over a later change."""

from pathlib import Path

from bot.core.actions import words
from bot.core.changes import set_setting
from bot.core.context import Context
from bot.core.feature import Command, Feature
from bot.core.undoing import undo
from handlers import FEATURES
from storage import people
from storage.db import Transaction
from storage.settings import UNSET
from tests.stage import Stage, a_stage

KEY = "talk.lines_a_day"


def choose(ctx: Context, arguments: str) -> None:
    """`/choose 3`, `/choose 3 here`, `/choose - `."""
    value, _, here = arguments.partition(" ")
    set_setting(ctx, KEY, UNSET if value == "-" else int(value), ctx.room.id if here else 0)


def take_back(ctx: Context, arguments: str) -> None:
    undo(ctx, int(arguments))
    ctx.say(words("setup.saved"))


def write(ctx: Context, arguments: str) -> None:
    ctx.audit("note", "x", after=arguments)


CHOOSE = Feature(
    name="choosing",
    commands=(
        Command("choose", choose, takes=True),
        Command("takeback", take_back, takes=True),
        Command("write", write, takes=True),
    ),
)
FEATURED = (*FEATURES, CHOOSE)


async def a_class(stage: Stage) -> None:
    await stage.opens()
    await stage.joins("班主任", "admin")
    await stage.says("小林", "早")


async def settings(stage: Stage) -> dict[tuple[int, str], object]:
    rows = await stage.engine.database.read(lambda tx: tx.all("SELECT * FROM setting"))
    return {(row["room"], row["name"]): row["value"] for row in rows}


async def standing(stage: Stage) -> list[tuple[int, int | None, int | None]]:
    rows = await stage.engine.database.read(lambda tx: tx.all("SELECT * FROM audit ORDER BY id"))
    return [(row["id"], row["undoes"], row["undone_by"]) for row in rows]


async def test_a_setting_goes_back_to_exactly_what_was_set_or_not_set_there(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await a_class(stage)
        await stage.says("班主任", "/choose 3")
        await stage.says("班主任", "/choose 2 here")
        await stage.says("班主任", "/choose 1 here")
        room = next(place for place, _ in await settings(stage) if place)
        assert await settings(stage) == {(0, KEY): "3", (room, KEY): "1"}
        assert await stage.says("班主任", "/takeback 3") == ["改好了"]
        assert await settings(stage) == {(0, KEY): "3", (room, KEY): "2"}
        await stage.says("班主任", "/takeback 1")
        assert await settings(stage) == {(room, KEY): "2"}
        await stage.says("班主任", "/takeback 2")
        assert await settings(stage) == {}


async def test_taking_back_is_kept_and_can_be_taken_back_itself(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await a_class(stage)
        await stage.says("班主任", "/choose 3")
        await stage.says("班主任", "/takeback 1")
        assert await standing(stage) == [(1, None, 2), (2, 1, None)]
        assert await stage.says("班主任", "/takeback 2") == ["改好了"]
        assert await settings(stage) == {(0, KEY): "3"}
        assert await standing(stage) == [(1, None, None), (2, 1, 3), (3, 2, None)]
        [said] = await stage.says("班主任", "/takeback 3")
        assert "没法替你撤回" in said
        assert await stage.says("班主任", "/takeback 1") == ["改好了"]
        assert await settings(stage) == {}


async def test_what_was_changed_since_is_named_and_comes_first(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await a_class(stage)
        await stage.says("班主任", "/choose 3")
        await stage.says("班主任", "/choose 2")
        [said] = await stage.says("班主任", "/takeback 1")
        assert "后来又改过" in said
        assert "#2 5月4日 09:00 班主任：设置「一天主动说几句」：3 → 2" in said
        await stage.says("班主任", "/takeback 2")
        assert await stage.says("班主任", "/takeback 1") == ["改好了"]
        [said] = await stage.says("班主任", "/takeback 3")
        assert "后来又改过" in said
        assert "撤回了 #1" in said


async def test_a_room_s_own_value_is_another_matter_than_the_community_s(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await a_class(stage)
        await stage.says("班主任", "/choose 3")
        await stage.says("班主任", "/choose 2 here")
        assert await stage.says("班主任", "/takeback 1") == ["改好了"]


async def test_it_is_taken_back_once(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await a_class(stage)
        await stage.says("班主任", "/choose 3")
        both = [stage.message(who, "/takeback 1") for who in ("班主任", "班主任")]
        said = await stage.happens(*both)
        assert said[0] == "改好了"
        assert "已经撤回过了" in said[1]


async def test_only_who_has_the_right_at_this_moment(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await a_class(stage)
        await stage.says("班主任", "/choose 3")
        assert await stage.says("小林", "/takeback 1") == ["没有 #1 这条记录。"]

        def make_leader(tx: Transaction) -> None:
            account = people.by_native(tx, "stage", "小林")
            assert account is not None
            people.give_role(tx, 1, account.person, "leader", 0, None)

        await stage.engine.database.write(make_leader)
        assert await stage.says("小林", "/takeback 1") == ["这件事要请管理员来做。"]
        assert await settings(stage) == {(0, KEY): "3"}


async def test_what_nothing_takes_back_says_so(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await a_class(stage)
        await stage.says("班主任", "/write forever")
        for number in (1, 2):
            [said] = await stage.says("班主任", f"/takeback {number}")
            assert ("没法替你撤回" if number == 1 else "没有 #2 这条记录") in said


async def test_a_room_that_moved_is_the_affair_of_its_new_community(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await a_class(stage)
        await stage.opens("夜读班")
        await stage.joins("班主任", "admin", "夜读班")
        await stage.says("班主任", "/choose 2 here")
        await stage.engine.database.write(
            lambda tx: tx.run("UPDATE room SET community = 2 WHERE title = '晨读班'")
        )
        await stage.engine.database.write(
            lambda tx: tx.run("UPDATE room SET community = 1 WHERE title = '夜读班'")
        )
        stage.engine.pipeline.memory.clear()
        [said] = await stage.says("班主任", "/takeback 1", room="夜读班")
        assert "已经搬到别的社群了" in said
