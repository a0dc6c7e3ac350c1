"""What became of actions, and what follows from it: who waits is told, chats that are closed are given up."""

from pathlib import Path

from bot.core.actions import Say, words
from bot.core.context import Context
from bot.core.errors import Undeliverable
from bot.core.feature import Command, Feature
from handlers import FEATURES
from rules.facts import Delivered
from storage import inbox, people, rooms
from storage.db import Transaction
from tests.stage import Stage, a_stage, actions_by_state


def line(ctx: Context, arguments: str) -> None:
    ctx.say(words("core.sent_privately"), tag=arguments)


def nod(ctx: Context, _arguments: str) -> None:
    ctx.react("👍", words("core.sent_privately"), topic="checkin.done")


def heard(ctx: Context, fact: Delivered) -> None:
    if fact.tag == "tell":
        ctx.say(words("core.letters_none"), reply=False)
    if fact.tag == "bug":
        raise ZeroDivisionError


TALKER = Feature(
    name="talker",
    commands=(Command("line", line, takes=True), Command("nod", nod)),
    listeners={Delivered: heard},
)
FEATURED = (*FEATURES, TALKER)


async def states(stage: Stage) -> dict[str, int]:
    return await stage.engine.database.read(actions_by_state)


async def test_a_room_that_threw_the_bot_out_takes_nothing_more(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        stage.platform.faults = [Undeliverable("kicked")]
        await stage.happens(stage.message("小林", "/line 1"), stage.message("阿哲", "/line 2"))
        assert (await states(stage))["failed"] == 2
        known = await stage.engine.database.read(lambda tx: rooms.of_community(tx, 1))
        assert known == []


async def test_who_blocked_the_bot_is_not_written_to(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        await stage.says("小林", "早")
        stage.platform.faults = [Undeliverable("blocked")]
        await stage.says("小林", "/line 1", room=None)

        def direct(tx: Transaction) -> str:
            account = people.by_native(tx, "stage", "小林")
            assert account is not None
            return account.direct

        assert await stage.engine.database.read(direct) == "closed"
        await stage.says("小林", "/line 1", room=None)
        assert await stage.engine.database.read(direct) == "open"


async def test_what_was_delivered_is_told(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        assert await stage.says("小林", "/line tell") == ["发到私聊啦", "这次没有你的，安心学习。"]


async def test_a_bug_in_what_follows_repeats_nothing_and_holds_up_nobody(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        said = await stage.happens(stage.message("小林", "/line bug"), stage.message("小林", "/line 1"))
        assert said == ["发到私聊啦"] * 2
        assert await stage.engine.database.read(inbox.dead_letters) == 1
        assert (await states(stage)).get("waiting", 0) == 0


async def test_where_a_room_takes_no_reactions_the_words_are_said(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        stage.platform.faults = [Undeliverable("reaction_invalid")]
        assert await stage.says("小林", "/nod", native="7") == ["发到私聊啦"]
        assert isinstance(stage.last.action, Say)
        assert stage.last.action.reply_to == "7"
