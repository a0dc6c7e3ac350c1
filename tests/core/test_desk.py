"""What one transaction works with, and what is remembered between batches."""

from pathlib import Path

from bot.config import TalkSettings
from bot.core.actions import words
from bot.core.changes import set_setting
from bot.core.context import Context
from bot.core.errors import UserError
from bot.core.events import Sender
from bot.core.feature import Command, Feature
from handlers import FEATURES
from storage import people, settings
from tests.stage import BOT, a_stage


def silence(ctx: Context, arguments: str) -> None:
    """Change a setting: for the community, for this room, or not at all."""
    set_setting(ctx, "talk.lines_a_day", len(arguments), ctx.room.id if arguments == "room" else 0)
    if arguments == "undone":
        raise UserError("core.needs_right", right="settings")


def how_many(ctx: Context, _arguments: str) -> None:
    lines = ctx.settings(TalkSettings).lines_a_day
    ctx.say(words("core.only_in_group" if lines == 4 else "core.only_in_private"))


HUSH = Feature(name="hush", commands=(Command("silence", silence, takes=True), Command("lines", how_many)))
FOUR, OTHER = "这件事要在群里说。", "这件事咱们私聊说。"


async def test_a_room_goes_before_its_community_and_that_before_the_file(tmp_path: Path) -> None:
    config = "[talk]\nlines_a_day = 9"
    async with a_stage(tmp_path, features=(*FEATURES, HUSH), config=config) as stage:
        await stage.opens()
        assert await stage.says("小林", "/lines") == [OTHER]
        await stage.says("小林", "/silence 社群一共")
        assert await stage.says("小林", "/lines") == [FOUR]
        await stage.says("小林", "/silence 全社群都一样")
        assert await stage.says("小林", "/lines") == [OTHER]
        await stage.says("小林", "/silence room")
        assert await stage.says("小林", "/lines") == [FOUR]


async def test_what_is_undone_is_not_remembered(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=(*FEATURES, HUSH)) as stage:
        await stage.opens()
        assert await stage.says("小林", "/lines") == [FOUR]
        await stage.says("小林", "/silence undone")
        assert await stage.says("小林", "/lines") == [FOUR]


async def test_a_person_who_renames_is_the_same_person(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "早")
        renamed = Sender("小林", "林深时见鹿", "lin")
        await stage.says(
            "小林", "我改名了", sender={"native": "小林", "name": "林深时见鹿", "username": "lin"}
        )
        account = await stage.engine.database.read(lambda tx: people.by_native(tx, "stage", "小林"))
        assert account is not None
        assert (account.id, account.name, account.username) == (1, renamed.name, "lin")


async def test_who_is_not_named_keeps_the_name_that_is_known(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "早")
        await stage.says("小林", "打卡", sender=Sender("小林", ""))
        names = await stage.engine.database.read(lambda tx: tx.all("SELECT name FROM account"))
        assert [row["name"] for row in names] == ["小林"]


async def test_things_are_read_once_until_forgotten(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        reads: list[int] = []

        def read() -> int:
            reads.append(1)
            return len(reads)

        pipeline = stage.engine.pipeline
        for expected in (1, 1):
            assert await pipeline.work(lambda desk: desk.remember(("thing", 7), read)) == expected
        await pipeline.work(lambda desk: desk.forget("thing"))
        assert await pipeline.work(lambda desk: desk.remember(("thing", 7), read)) == 2
        assert BOT in pipeline.house.bots


async def test_a_kept_setting_that_is_refused_by_now_gives_way_to_the_files(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=(*FEATURES, HUSH)) as stage:
        await stage.opens()
        await stage.engine.database.write(lambda tx: settings.set_value(tx, 1, 0, "talk.lines_a_day", 10_000))
        stage.engine.pipeline.memory.clear()
        assert await stage.says("小林", "/lines") == [FOUR]
