"""Which of those missing from a list are believed to be gone, and what is waited for."""

from pathlib import Path

from bot.core.again import APART, PATIENCE, Lists
from bot.core.context import Context
from bot.core.events import BotChanged, Event, Place, RoomRenamed, RoomsListed
from bot.core.feature import Feature
from handlers import FEATURES
from storage import inbox
from tests.core.test_roster import lists, minutes_pass, rooms_are, standings
from tests.stage import BOT, a_stage

OF = "wechat", "room"


def stumble(_ctx: Context, _event: Event) -> None:
    raise ZeroDivisionError


STUMBLES = Feature(name="stumbles", events={RoomRenamed: stumble})


def test_few_are_believed_at_once() -> None:
    assert Lists().believe(OF, 10, {"a", "b"}, 0) == {"a", "b"}
    assert Lists().believe(OF, 2, {"a"}, 0) == {"a"}
    assert Lists().believe(OF, 0, set(), 0) == set()


def test_most_are_believed_when_said_again_later() -> None:
    doubtful = Lists()
    assert doubtful.believe(OF, 3, {"a", "b", "c"}, 0) == set()
    assert doubtful.believe(OF, 3, {"a", "b", "c"}, APART - 1) == set()
    assert doubtful.believe(("wechat", "other"), 3, {"a", "b"}, APART) == set()
    assert doubtful.believe(OF, 3, {"a", "b"}, APART) == {"a", "b"}
    assert doubtful.believe(OF, 3, {"a", "b"}, 2 * APART) == set(), "each time anew"


def test_who_was_seen_meanwhile_is_not_gone() -> None:
    doubtful = Lists()
    doubtful.believe(OF, 3, {"a", "b", "c"}, 0)
    doubtful.believe(OF, 3, {"b", "c"}, 1)
    assert doubtful.believe(OF, 3, {"a", "b", "c"}, APART) == {"b", "c"}
    doubtful.believe(OF, 3, {"a", "b", "c"}, 2 * APART)
    assert doubtful.believe(OF, 3, {"a"}, 3 * APART) == {"a"}
    assert doubtful.believe(OF, 3, {"a", "b"}, 4 * APART) == set(), "a whole list ends the doubt"


async def test_what_a_list_said_is_as_it_was_when_its_batch_is_undone(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=(*FEATURES, STUMBLES)) as stage:
        await stage.opens()
        await lists(stage, "小林", "阿哲", "小美")
        await rooms_are(stage, "新班")
        assert await stage.opens("新班") == [], "it is not known yet whether it is new"
        await stage.until(stage.clock.now() + APART)
        both = RoomsListed(
            bot=BOT, key="both", at=stage.clock.now(), place=Place("", "account"), natives=("晨读班", "新班")
        )
        renamed = RoomRenamed(bot=BOT, key="renamed", at=stage.clock.now(), place=stage.place("", "晨读班"))
        assert "我是班长" in (await stage.happens(both, renamed))[0]
        assert await standings(stage) == {"晨读班": "active", "新班": "active"}
        assert await stage.engine.database.read(inbox.dead_letters) == 1


async def test_what_a_list_said_is_as_it_was_when_it_alone_is_undone(tmp_path: Path) -> None:
    bug = [ZeroDivisionError]

    def stumble_at_first(_ctx: Context, _event: Event) -> None:
        for error in bug:
            raise error

    stumbles = Feature(name="stumbles", events={BotChanged: stumble_at_first})
    async with a_stage(tmp_path, features=(*FEATURES, stumbles)) as stage:
        bug.clear()
        await stage.opens()
        await lists(stage, "小林", "阿哲", "小美")
        await rooms_are(stage, "新班")
        await stage.opens("新班")
        await minutes_pass(stage)
        bug.append(ZeroDivisionError)
        await rooms_are(stage, "晨读班", "新班")
        assert await stage.engine.database.read(inbox.dead_letters) == 1
        bug.clear()
        assert "我是班长" in (await rooms_are(stage, "晨读班", "新班"))[0]
        assert await standings(stage) == {"晨读班": "active", "新班": "active"}


async def test_a_list_that_never_comes_is_not_waited_for_forever(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        names = ("小林", "阿哲", "小美")
        await lists(stage, *names)
        await rooms_are(stage, "@群", "@读不到的")
        await lists(stage, *((f"@{name}", name) for name in names), room="@群", title="晨读班")
        assert await standings(stage) == {"晨读班": "active"}
        await stage.until(stage.clock.now() + APART)
        await rooms_are(stage, "@群", "@读不到的")
        assert await standings(stage) == {"@群": "active"}


async def test_a_new_group_is_greeted_at_last_also_where_no_other_list_comes(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await lists(stage, "小林", "阿哲", "小美")
        await rooms_are(stage, "新班")
        assert await stage.opens("新班") == []
        assert await stage.says("小林", "打卡", room="新班") == ["🎉"]
        await stage.until(stage.clock.now() + PATIENCE)
        assert "我是班长" in (await stage.says("小林", "早", room="新班"))[0]


async def test_a_group_that_the_bot_is_out_of_again_is_not_greeted(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await lists(stage, "小林", "阿哲", "小美")
        await rooms_are(stage, "新班", "别班")
        assert await stage.opens("新班") == await stage.opens("别班") == []
        await stage.happens(stage.bot_changed("left", room="新班"))
        await stage.until(stage.clock.now() + APART)
        assert await rooms_are(stage, "晨读班", "新班") == []
        assert (await standings(stage)).get("别班") is None
        assert await standings(stage) == {"晨读班": "active", "新班": "left"}
