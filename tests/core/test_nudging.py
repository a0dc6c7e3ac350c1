"""What concerns somebody who cannot be written to: on WeChat those who look after the room pass it on."""

from pathlib import Path

from bot.core.actions import Say, words
from bot.core.context import Context
from bot.core.desk import Desk
from bot.core.feature import Command, Feature
from handlers import FEATURES
from storage import communities, people, rooms
from storage import manners as rows
from tests.stage import BOT, WECHAT, Stage, a_stage


def poke(ctx: Context, who: str) -> None:
    """Write to somebody unasked."""
    account = people.by_native(ctx.tx, "stage", who)
    assert account is not None
    ctx.nudge(account, "toy", words("core.value", value=f"{who}，今天的还空着，写一句也算。"))


FEATURED = (*FEATURES, Feature(name="toy", commands=(Command("poke", poke, takes=True),)))
MEMBERS = ("小林", "阿哲", "小美")


async def a_staff_room(stage: Stage) -> None:
    await stage.opens("管理群", rights=("read",))

    def make(desk: Desk) -> None:
        room = rooms.by_native(desk.tx, BOT, "管理群")
        assert room is not None
        desk.change_room(room, community=1)
        communities.set_staff_room(desk.tx, 1, room.id)
        desk.forget("community")

    await stage.engine.pipeline.work(make)
    stage.heard()


async def nudges(stage: Stage, who: str) -> int:
    def read(tx: object) -> int:
        account = people.by_native(tx, "stage", who)  # type: ignore[arg-type]
        assert account is not None
        return len(rows.nudged(tx, account.person, 0))  # type: ignore[arg-type]

    return await stage.engine.database.read(read)


async def test_what_waits_for_several_is_one_message_to_staff(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.opens()
        await a_staff_room(stage)
        for name in MEMBERS:
            await stage.says(name, "早")
        for name in MEMBERS[:2]:
            assert await stage.says("小美", f"/poke {name}") == []
        told = await stage.until("2026-05-04 10:30")
        assert told == [
            (
                "「晨读班」有几句话，我没法私下说给本人，请帮我带到：\n"
                "小林（晨读班）\n小林，今天的还空着，写一句也算。\n"
                "阿哲（晨读班）\n阿哲，今天的还空着，写一句也算。"
            )
        ]
        assert stage.last.place == "管理群"
        assert isinstance(stage.last.action, Say)
        assert stage.last.action.mention is None
        assert [await nudges(stage, name) for name in MEMBERS] == [1, 1, 0]


async def test_the_next_such_message_comes_half_a_day_later(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.opens()
        await a_staff_room(stage)
        for name in MEMBERS:
            await stage.says(name, "早")
        await stage.says("小美", "/poke 小林")
        assert len(await stage.until("2026-05-04 10:30")) == 1
        await stage.says("小美", "/poke 阿哲")
        assert await stage.until("2026-05-04 16:00") == []
        assert await nudges(stage, "阿哲") == 0
        await stage.until("2026-05-04 19:30")
        await stage.says("小林", "/poke 阿哲")
        assert len(await stage.until("2026-05-04 21:00")) == 1


async def test_without_a_staff_room_those_who_see_lists_are_asked_in_private(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "你好", room=None)
        await stage.says("小林", "早")
        await stage.says("小林", "/poke 小林")
        assert len(await stage.until("2026-05-04 10:30")) == 1
        assert stage.last.place == "班主任"


async def test_where_nobody_can_pass_it_on_it_is_dropped_and_counts_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.opens()
        await stage.says("小林", "早")
        assert await stage.says("小林", "/poke 小林") == []
        assert await stage.until("2026-05-04 20:00") == []
        assert await nudges(stage, "小林") == 0


async def test_a_contact_is_written_to(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=WECHAT) as stage:
        await stage.opens()
        await stage.says("小林", "早")
        await stage.says("小林", "你好", room=None)
        assert await stage.says("小林", "/poke 小林") == ["小林，今天的还空着，写一句也算。"]
        assert stage.last.place == "小林"
