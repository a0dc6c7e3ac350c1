"""What only those who look after a community read."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from bot.core import staff
from bot.core.actions import words
from bot.core.context import Context
from bot.core.desk import Desk
from bot.core.events import Sender
from bot.core.feature import Command, Feature
from handlers import FEATURES
from rules.roles import RIGHTS
from storage import bot_accounts, communities, rooms
from tests.handlers.linked import HERE, THERE, a_class_on_both, join
from tests.stage import BOT, Stage, a_stage

LIST = words("setup.saved")


def confide(ctx: Context, _arguments: str) -> None:
    ctx.confide(LIST)


def report(ctx: Context, _arguments: str) -> None:
    if not ctx.report(LIST):
        ctx.say(words("core.write_first", befriends=False))


STAFF = Feature(
    name="staff",
    commands=(Command("confide", confide, places=("group", "private")), Command("tellstaff", report)),
    buttons={"confide": confide},
    for_staff=("roles.reply_to_whom",),
)
FEATURED = (*FEATURES, STAFF)


async def make_staff_room(stage: Stage, room: int | None) -> None:
    def make(desk: Desk) -> None:
        communities.set_staff_room(desk.tx, 1, room)
        if room is not None:
            desk.change_room(desk.room_by_id(room), community=1)
        desk.forget("community")
        desk.forget("settings")

    await stage.engine.pipeline.work(make)


async def make_private_staff_room(stage: Stage, who: str) -> None:
    def make(desk: Desk) -> None:
        room = rooms.by_native(desk.tx, BOT, who)
        assert room is not None
        communities.set_staff_room(desk.tx, 1, room.id)
        desk.forget("community")

    await stage.engine.pipeline.work(make)


def where(stage: Stage) -> str:
    return stage.last.place


async def test_a_list_is_told_in_private(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        assert await stage.says("班主任", "/confide") == ["这份只能悄悄说。先私聊我一句，再来一次就好。"]
        await stage.says("班主任", "/help", room=None)
        assert await stage.says("班主任", "/confide") == ["改好了"]
        assert where(stage) == "班主任"
        assert await stage.presses_data("班主任", "confide") == ["改好了", "发到私聊啦"]


async def test_who_has_no_private_chat_finds_it_in_the_staff_room(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        await stage.opens("管理群")
        await stage.joins("班主任", "admin")
        await make_staff_room(stage, 2)
        assert await stage.says("班主任", "/confide") == ["这份只能悄悄说。先私聊我一句，再来一次就好。"]
        await stage.joins("班主任", "member", "管理群")
        assert await stage.says("班主任", "/confide") == ["改好了"]
        assert where(stage) == "管理群"
        assert await stage.presses_data("班主任", "confide") == ["改好了", "发到管理群啦"]
        await stage.joins("班主任", "left", "管理群")
        assert await stage.says("班主任", "/confide") == ["这份只能悄悄说。先私聊我一句，再来一次就好。"]


async def test_a_report_goes_to_some_admins_until_there_is_a_staff_room(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        await stage.opens("管理群")
        assert await stage.says("小林", "/tellstaff") == ["这份只能悄悄说。先私聊我一句，再来一次就好。"]
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "/help", room=None)
        assert await stage.says("小林", "/tellstaff") == ["改好了"]
        assert where(stage) == "班主任"
        await make_staff_room(stage, 2)
        assert await stage.says("小林", "/tellstaff") == ["改好了"]
        assert where(stage) == "管理群"


async def test_what_is_for_staff_is_refused_before_members_whichever_way_it_takes(tmp_path: Path) -> None:
    secret = words("roles.reply_to_whom")
    ways: dict[str, Callable[[Context], object]] = {
        "say": lambda ctx: ctx.say(secret),
        "edit": lambda ctx: ctx.edit("1", secret),
        "react": lambda ctx: ctx.react("👍", secret, topic="x"),
        "announce": lambda ctx: ctx.announce(ctx.room, secret),
        "whisper": lambda ctx: ctx.whisper(secret),
    }

    def leak(ctx: Context, way: str) -> None:
        ways[way](ctx)

    leaky = Feature(name="leaky", commands=(Command("leak", leak),), for_staff=(secret.text,))
    async with a_stage(tmp_path, features=(*FEATURES, leaky)) as stage:
        await stage.opens()
        await stage.opens("管理群")
        await make_staff_room(stage, 2)
        for way in ways:
            await stage.until(stage.clock.now() + 60_000)
            assert await stage.says("小林", f"/leak {way}") == [
                "这件事不在大家面前说。私聊我，或者到管理群里来。"
            ]
        assert len(await stage.says("小林", "/leak say", room="管理群")) == 1
        assert "管理群里来" not in stage.last.text


async def test_a_private_staff_room_is_one_while_its_owner_looks_after_the_community(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        for who in ("班主任", "副班主任"):
            await stage.joins(who, "admin")
            await stage.says(who, "/help", room=None)
        await make_private_staff_room(stage, "副班主任")
        assert await stage.says("小林", "/tellstaff") == ["改好了"]
        assert where(stage) == "副班主任"
        await stage.joins("副班主任", "member")
        told = await stage.says("小林", "/tellstaff")
        assert where(stage) == "班主任"
        assert "管理群我进不去了" in told[0]
        assert await stage.says("小林", "/tellstaff") == ["改好了"]


async def test_whom_the_file_names_has_every_right_by_whichever_way_it_is_asked(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "早")

        def ask(desk: Desk) -> None:
            room, account = desk.room_by_id(1), desk.account(BOT, Sender("小林", "小林"))
            ctx = Context(desk, at=desk.now, room=room, account=account)
            assert not staff.looks_after(ctx, account, ctx.community)
            assert staff.rights_in(ctx, account.person) == ctx.rights == frozenset()
            named = frozenset({f"{account.platform}:{account.native}"})
            desk.house = msgspec.structs.replace(desk.house, admins=named)
            assert staff.looks_after(ctx, account, ctx.community)
            assert staff.rights_in(ctx, account.person) == ctx.rights == frozenset(RIGHTS)

        await stage.engine.pipeline.work(ask)


async def test_who_is_on_two_platforms_is_told_where_the_account_is_not_away(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        other = await a_class_on_both(stage)
        for side, room in ((stage, HERE), (other, THERE)):
            await side.joins("班主任", "admin", room)
            await side.says("班主任", "/start", room=None)
        await join(stage, other, "班主任", "班主任")
        assert await stage.says("小林", "/tellstaff", room=HERE) == ["改好了"]
        now = stage.clock.now()
        await stage.engine.database.write(lambda tx: bot_accounts.keep(tx, BOT, "offline", now))
        assert await stage.says("小林", "/tellstaff", room=HERE) == []
        assert other.heard() == ["改好了"]


async def test_nobody_is_rung_at_night(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, now="2026-05-04 23:30") as stage:
        await stage.opens()
        await stage.opens("管理群")
        await make_staff_room(stage, 2)
        assert await stage.says("小林", "/tellstaff") == []
        assert await stage.until("2026-05-05 07:30") == ["改好了"]
