"""Which of those missing from a list are believed to be gone, and what is waited for."""

from pathlib import Path

from bot.core.again import APART, PATIENCE, Lists
from tests.core.test_roster import lists, rooms_are, standings
from tests.stage import a_stage

OF = "wechat", "room"


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
