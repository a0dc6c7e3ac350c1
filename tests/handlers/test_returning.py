"""After a login that gave everybody another id: who is surely who goes on, the others are asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.events import Batch, Place, Sender
from storage import people, rooms, streaks
from tests.core.test_roster import Names, here, lists, minutes_pass, rooms_are, seat, standings
from tests.stage import ALL, BOT, WECHAT, Stage, a_stage

if TYPE_CHECKING:
    from pathlib import Path

    from bot.core.events import Seat
    from rules.streak import Streak
    from storage.db import Transaction

CLASS = ("小林", "阿哲", "小美", "老王", "豆豆")


async def a_class(stage: Stage, *names: str, room: str = "晨读班") -> None:
    """A room whose members were listed, with an owner who talks to the bot in private."""
    await stage.opens(room)
    await lists(stage, *names, seat("班主任", "owner"), room=room)
    await stage.says("班主任", "在吗", room=None)
    stage.heard()


def other(*names: str) -> list[Names | Seat]:
    """The same people under other ids."""
    return [(f"@{name}", name) for name in names]


OWNER = seat(("@班主任", "班主任"), "owner", contact=True)


async def logs_in(stage: Stage) -> None:
    """The bot's account was away for a minute, and is there again."""
    now = stage.clock.now()
    await stage.engine.pipeline.take(Batch(BOT, [], caught_up_to=now, unobserved_since=now - 60_000))


async def moves(stage: Stage, *who: Names | Seat, room: str = "@群", title: str = "晨读班") -> list[str]:
    """After a login the only group is listed twice, minutes apart, with these in it; what is said then."""
    await logs_in(stage)
    for _ in range(2):
        await minutes_pass(stage)
        told = await rooms_are(stage, room)
        told += await lists(stage, *who, room=room, title=title)
    return told


async def streak_of(stage: Stage, native: str) -> Streak:
    def read(tx: Transaction) -> Streak:
        account = people.by_native(tx, "stage", native)
        assert account is not None, native
        return streaks.of_person(tx, 1, account.person)

    return await stage.engine.database.read(read)


async def accounts(stage: Stage) -> int:
    return await stage.engine.database.read(lambda tx: int(tx.value("SELECT count(*) FROM account")))


async def asked(stage: Stage) -> str:
    """What waits to be decided."""
    return (await stage.says("@班主任", "待办", room=None))[0]


async def speaks_under_new_ids(stage: Stage) -> None:
    """小林 checks in under another id, in a room under another id, before either is listed."""
    place, sender = Place("@群", "group", "晨读班"), Sender("@小林", "小林")
    await stage.happens(stage.message("@小林", "打卡", place=place, sender=sender))


async def test_everybody_under_other_ids_goes_on(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, *CLASS)
        await stage.says("小林", "打卡")
        before = await accounts(stage)
        await stage.until("2026-05-05 09:00")
        told = await moves(stage, *other(*CLASS), OWNER)
        assert (
            told == ["「晨读班」换了编号，我认出来了，记录都接上了。要是认错了，在 /audit 里能撤。"]
            or len(told) == 2
        )
        assert await accounts(stage) == before
        assert await standings(stage) == {"@群": "active"}
        assert await stage.says("@小林", "打卡", room="@群") == ["👍"]
        assert (await streak_of(stage, "@小林")).current == 2
        audit = (await stage.says("@班主任", "/audit", room=None))[0]
        assert "自动认出换了编号的群「晨读班」" in audit
        assert "自动按名字认回「晨读班」里换了编号的 6 位同学" in audit


async def test_lists_in_the_other_order_say_the_same(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, *CLASS)
        await a_class(stage, *CLASS, room="晚读班")
        await rooms_are(stage, "晨读班", "晚读班")
        await logs_in(stage)
        await lists(stage, *other(*CLASS), OWNER, room="@晚", title="晚读班")
        await lists(stage, *other("妈", "爸"), room="@家", title="家")
        await rooms_are(stage, "@晨", "@晚", "@家")
        await lists(stage, *other(*CLASS), OWNER, room="@晨", title="晨读班")
        assert await standings(stage) == {"晨读班": "active", "晚读班": "active"}, "by one list alone"
        await minutes_pass(stage)
        await lists(stage, *other(*CLASS), OWNER, room="@晚", title="晚读班")
        await rooms_are(stage, "@晨", "@晚", "@家")
        assert await standings(stage) == {"@晨": "active", "@晚": "active"}
        for native, title in (("@晚", "晚读班"), ("@晨", "晨读班")):
            await lists(stage, *other(*CLASS), OWNER, room=native, title=title)
        assert set(await here(stage, 3)) == {*CLASS, "班主任"}


async def test_a_message_before_the_lists_is_not_lost(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, *CLASS)
        await stage.says("小林", "打卡")
        await stage.until("2026-05-05 09:00")
        await speaks_under_new_ids(stage)
        await moves(stage, *other(*CLASS), OWNER)
        assert (await streak_of(stage, "@小林")).current == 2
        known = await stage.engine.database.read(lambda tx: rooms.by_native(tx, BOT, "@群"))
        assert known is not None
        assert (known.id, known.community) == (1, 1)
        await stage.until("2026-05-06 09:00")
        await stage.says("@小林", "打卡", room="@群")
        assert (await streak_of(stage, "@小林")).current == 3


async def test_what_is_said_before_another_list_is_not_greeted_and_not_lost(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, *CLASS)
        await stage.says("小林", "打卡")
        await stage.until("2026-05-05 09:00")
        await logs_in(stage)
        await rooms_are(stage, "@群")
        await lists(stage, *other(*CLASS), OWNER, room="@群", title="晨读班")
        assert await stage.opens("@群") == []
        await speaks_under_new_ids(stage)
        assert [
            said.text for said in stage.platform.sent if "班长" in said.text and said.place == "@群"
        ] == []
        await moves(stage, *other(*CLASS), OWNER)
        assert (await streak_of(stage, "@小林")).current == 2
        assert await accounts(stage) == len(CLASS) + 2, "one more for who spoke meanwhile"


async def test_a_copy_of_a_class_is_taken_for_it_by_nobody_but_a_person(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, *CLASS)
        await stage.says("小林", "打卡")
        await stage.until("2026-05-05 09:00")
        for _ in range(2):
            await rooms_are(stage, "@群")
            await lists(stage, *other(*CLASS), OWNER, room="@群", title="晨读班")
            assert "晨读班" in await standings(stage), "nobody logged in: no id changed"
            await minutes_pass(stage)
        assert (await streak_of(stage, "小林")).total == 1
        assert "新的群「晨读班」，是原来的「晨读班」吗" in (await stage.says("班主任", "待办", room=None))[0]


async def test_where_one_has_kept_their_id_the_others_have_not_changed_theirs(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, *CLASS, "骗子")
        await moves(stage, *other(*CLASS), OWNER, seat("骗子", "owner"))
        assert (await standings(stage))["晨读班"] == "active"
        assert "新的群「晨读班」，是原来的「晨读班」吗" in (await stage.says("班主任", "待办", room=None))[0]


async def test_who_keep_their_ids_are_taken_along_into_a_room_with_another(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, *CLASS)
        await moves(stage, *CLASS, seat("班主任", "owner"))
        assert await standings(stage) == {"@群": "active"}
        assert set(await here(stage)) == {*CLASS, "班主任"}


async def test_one_list_without_the_class_gives_a_copy_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, *CLASS)
        await logs_in(stage)
        await rooms_are(stage, "@群")
        await lists(stage, *other(*CLASS), OWNER, room="@群", title="晨读班")
        assert await stage.opens("@群") == [], "it may be the class"
        await minutes_pass(stage)
        told = await rooms_are(stage, "晨读班", "@群")
        assert "我是班长" in told[0], "it is none: it is greeted like any other"
        await lists(stage, *other(*CLASS), OWNER, room="@群", title="晨读班")
        assert await standings(stage) == {"晨读班": "active", "@群": "active"}
        assert "没有" in (await stage.says("班主任", "待办", room=None))[0]


async def test_nobody_takes_a_member_s_record_by_their_name(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, "小林", "阿哲")
        await stage.says("小林", "打卡")
        await stage.until("2026-05-05 09:00")
        for _ in range(2):
            await lists(stage, ("@骗子", "小林"), OWNER)
            await minutes_pass(stage)
        assert (await streak_of(stage, "小林")).total == 1
        assert "新来的 小林，是原来的 小林 吗" in (await stage.says("班主任", "待办", room=None))[0]


async def test_by_one_list_nobody_is_somebody_else(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, "小林", "阿哲")
        await stage.until("2026-05-06 09:00")
        await logs_in(stage)
        before = await accounts(stage)
        await lists(stage, ("@骗子", "小林"), OWNER)
        await minutes_pass(stage)
        await lists(stage, "小林", "阿哲", ("@骗子", "小林"), seat("班主任", "owner"))
        assert await accounts(stage) == before + 1
        assert set(await here(stage)) == {"小林", "阿哲", "班主任"}
        await minutes_pass(stage)
        await lists(stage, ("@骗子", "小林"), OWNER)
        assert await accounts(stage) == before + 1, "a whole list came between: the first one is forgotten"


async def test_who_took_a_name_between_two_lists_is_asked_about(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, *CLASS)
        await logs_in(stage)
        await lists(stage, *other(*CLASS[1:]), ("@甲", "骗子"), OWNER)
        await minutes_pass(stage)
        await lists(stage, *other(*CLASS[1:]), ("@甲", "小林"), OWNER)
        assert "新来的 小林，是原来的 小林 吗" in await asked(stage)
        assert await native_of(stage, "阿哲") == "@阿哲"


async def test_clashing_and_changed_names_are_asked_about(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, *CLASS)
        await lists(stage, *CLASS, ("小林二", "小林"), seat("班主任", "owner"))
        for name in ("小林", "豆豆"):
            await stage.says(name, "打卡")
        await stage.until("2026-05-05 09:00")
        same = other("阿哲", "小美", "老王")
        twins = [("@一", "小林"), ("@二", "小林")]
        await moves(stage, *same, *twins, ("@豆豆", "豆豆（备考）"), OWNER)
        waits = await asked(stage)
        assert waits.count("新来的 小林，是原来的 小林 吗") == 4
        assert "新来的 豆豆（备考），是原来的 豆豆 吗？原来那位打过 1 天卡，最近一次是 5月4日" in waits
        await stage.says("@豆豆", "打卡", room="@群")
        assert (await streak_of(stage, "@豆豆")).total == 1, "somebody new until it is said who"
        await stage.presses("@班主任", "3 准", room=None)
        assert (await streak_of(stage, "@豆豆")).current == 2
        assert "@豆豆" in await here(stage)
        waits = await asked(stage)
        assert waits.count("新来的 小林，是原来的 小林 吗") == 4
        await stage.presses("@班主任", "4 准", room=None)
        assert (await asked(stage)).count("小林 吗") == 1, "each of them is one of them"


async def test_what_was_approved_can_be_taken_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, *CLASS)
        await stage.says("豆豆", "打卡")
        await stage.until("2026-05-05 09:00")
        await moves(stage, *other(*CLASS[:4]), ("@豆豆", "豆豆子"), OWNER)
        await stage.says("@豆豆", "打卡", room="@群")
        await asked(stage)
        await stage.presses("@班主任", "准", room=None)
        assert (await streak_of(stage, "@豆豆")).total == 2
        await stage.says("@班主任", "/undo", room=None)
        await stage.presses("@班主任", "撤", room=None)
        assert (await streak_of(stage, "@豆豆")).total == 1
        assert (await streak_of(stage, "豆豆")).total == 1


async def test_a_stranger_with_a_members_name_is_a_stranger(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, *CLASS)
        await stage.says("小林", "打卡")
        await lists(stage, *CLASS, ("@陌生", "小林"), seat("班主任", "owner"))
        assert (await streak_of(stage, "小林")).total == 1
        assert (await streak_of(stage, "@陌生")).total == 0
        await lists(stage, *CLASS[1:], ("@陌生", "小林"), seat("班主任", "owner"))
        assert (await streak_of(stage, "@陌生")).total == 0, "ids hold here: another id is another person"


async def test_who_has_a_role_is_asked_about(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, *CLASS)
        await stage.says("班主任", "/role 小林 组长")
        await moves(stage, *other(*CLASS), OWNER)
        assert "新来的 小林，是原来的 小林 吗" in await asked(stage)
        assert (await stage.says("@小林", "/digest", room="@群"))[-1] == "这件事要请组长或管理员来做。"
        await stage.presses("@班主任", "准", room=None)
        assert "组长" not in (await stage.says("@小林", "/digest", room="@群"))[-1]


async def test_rooms_that_may_be_the_same_are_asked_about(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, *CLASS)
        await stage.says("小林", "打卡")
        await stage.until("2026-05-05 09:00")
        await moves(stage, *other(*CLASS), OWNER, title="早读营")
        assert (await standings(stage))["晨读班"] == "active", "until somebody decides"
        await stage.says("班主任", "在吗", room=None)
        waits = (await stage.says("班主任", "待办", room=None))[0]
        assert "新的群「早读营」，是原来的「晨读班」吗" in waits
        await stage.presses("班主任", "准", room=None)
        assert "晨读班" not in await standings(stage)
        await lists(stage, *other(*CLASS), OWNER, room="@群", title="早读营")
        await stage.says("@小林", "打卡", room="@群")
        assert (await streak_of(stage, "@小林")).current == 2


async def test_a_wrong_guess_is_taken_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, *CLASS)
        await stage.says("小林", "打卡")
        await moves(stage, *other(*CLASS), OWNER)
        await stage.says("@班主任", "/undo 2", room=None)
        assert "回到了原来的样子" in (await stage.presses("@班主任", "撤回这一步", room=None))[-1]
        assert (await streak_of(stage, "小林")).total == 1
        await stage.says("@小林", "打卡", room="@群")
        assert (await streak_of(stage, "@小林")).total == 1, "somebody new"


async def test_ids_that_hold_are_never_touched(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ALL) as stage:
        await a_class(stage, *CLASS)
        await a_class(stage, "甲", "乙", room="晚读班")
        await rooms_are(stage, "晨读班", "@群")
        await lists(stage, *other("甲", "乙"), OWNER, room="@群", title="晚读班")
        assert "@群" not in await standings(stage), "most rooms have their ids: another id is another room"
        await minutes_pass(stage)
        await lists(stage, *other("甲", "乙"), OWNER, room="@群", title="晚读班")
        assert "@群" not in await standings(stage)


async def test_a_number_decides_where_there_are_no_buttons(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await a_class(stage, *CLASS)
        await stage.says("豆豆", "打卡")
        await stage.until("2026-05-05 09:00")
        await moves(stage, *other(*CLASS[:4]), ("@豆豆", "豆豆子"), OWNER)
        await stage.says("@豆豆", "打卡", room="@群")
        assert "回复数字：1 准 · 2 不算" in await asked(stage)
        await stage.says("@班主任", "1", room=None)
        assert (await streak_of(stage, "@豆豆")).current == 2


async def test_a_wrong_room_is_taken_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, *CLASS)
        await moves(stage, *other(*CLASS), OWNER)
        await stage.says("@班主任", "/undo 1", room=None)
        await stage.presses("@班主任", "撤回这一步", room=None)
        assert await standings(stage) == {"晨读班": "left"}
        await lists(stage, *other(*CLASS), OWNER, room="@群", title="晨读班")
        assert await standings(stage) == {"晨读班": "left"}, "it is not recognised by itself again"
        await stage.says("@小林", "打卡", room="@群")
        assert await standings(stage) == {"晨读班": "left", "@群": "active"}


async def test_nobody_says_who_is_an_owner_but_owners(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, *CLASS)

        def an_owner(tx: Transaction) -> None:
            account = people.by_native(tx, "stage", "小林")
            assert account is not None
            people.give_role(tx, 1, account.person, "owner", 0, None)

        await stage.engine.database.write(an_owner)
        await moves(stage, *other(*CLASS), seat(("@班主任", "班主任"), "admin", contact=True))
        await asked(stage)
        told = await stage.presses("@班主任", "准", room=None)
        assert told[0] == "原来那位是群主，要请能给这个职务的人来认。"
        assert (await streak_of(stage, "小林")).total == 0, "still somebody else"


async def test_who_was_joined_by_name_is_parted_again(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, *CLASS)
        await stage.says("小林", "打卡")
        await stage.until("2026-05-05 09:00")
        await speaks_under_new_ids(stage)
        await moves(stage, *other(*CLASS), OWNER)
        assert (await streak_of(stage, "@小林")).total == 2
        assert "#3" in (await stage.says("@班主任", "/audit", room=None))[0]
        await stage.says("@班主任", "/undo 3", room=None)
        assert "自动认出换了编号的 小林" in stage.last.text
        await stage.presses("@班主任", "撤回这一步", room=None)
        assert (await streak_of(stage, "@小林")).total == 1
        await stage.presses("@班主任", "还是按改的来", room=None)
        assert (await streak_of(stage, "@小林")).total == 2


async def test_nobody_takes_a_leader_of_another_community_by_name(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, *CLASS)
        await stage.opens("骗子的群")
        puppets = tuple(f"马甲{number}" for number in range(4))
        owner = seat("骗子", "owner", contact=True)
        await lists(stage, "班主任", *puppets, owner, room="骗子的群")
        await stage.says("骗子", "在吗", room=None)
        for role in ("member", "admin"):
            new = (seat(("@班主任", "班主任"), role), *other(*puppets))
            await minutes_pass(stage)
            await lists(stage, *new, owner, room="骗子的群")
            assert await native_of(stage, "班主任") == "班主任"
        assert "新来的 班主任，是原来的 班主任 吗" in (await stage.says("骗子", "待办", room=None))[0]
        told = await stage.presses("骗子", "准", room=None)
        assert told[0] == "原来那位在别的社群也有身份，要请那边能给职务的人来认。"
        assert await native_of(stage, "班主任") == "班主任"


async def native_of(stage: Stage, name: str) -> str:
    """The id of whoever was first met under a name."""
    sql = "SELECT native FROM account WHERE name = :name ORDER BY id LIMIT 1"
    return await stage.engine.database.read(lambda tx: str(tx.value(sql, {"name": name})))
