"""Lists of members and rooms: who came or went unseen is found; a provider that stumbles is not believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.actions import Look
from bot.core.events import MemberChanged, Place, RoomListed, RoomsListed, Seat, Sender
from bot.core.feature import Feature
from bot.core.port import Can
from handlers import FEATURES
from storage import people, rooms
from tests.stage import ALL, BOT, Stage, a_stage

if TYPE_CHECKING:
    from pathlib import Path

    from bot.core.context import Context
    from storage.db import Transaction

Names = str | tuple[str, str]
"""Somebody by name, or by native id and name."""


def seat(who: Names, role: str = "member", contact: bool | None = None) -> Seat:
    native, name = (who, who) if isinstance(who, str) else who
    return Seat(Sender(native, name), role, contact)


async def lists(
    stage: Stage, *who: Names | Seat, room: str = "晨读班", title: str | None = None
) -> list[str]:
    seats = tuple(one if isinstance(one, Seat) else seat(one) for one in who)
    place = stage.place("", room) if title is None else Place(room, "group", title)
    return await stage.happens(
        RoomListed(bot=BOT, key=stage._key(), at=stage.clock.now(), place=place, seats=seats)
    )


async def rooms_are(stage: Stage, *natives: str) -> list[str]:
    place = Place("", "account")
    return await stage.happens(
        RoomsListed(bot=BOT, key=stage._key(), at=stage.clock.now(), place=place, natives=natives)
    )


async def minutes_pass(stage: Stage, minutes: int = 6) -> None:
    await stage.until(stage.clock.now() + minutes * 60_000)


async def here(stage: Stage, room: int = 1) -> dict[str, str]:
    """Who is in a room, by name, and as what."""

    def read(tx: Transaction) -> dict[str, str]:
        rows = tx.all(
            "SELECT account.name, membership.role FROM membership"
            " JOIN account ON account.id = membership.account WHERE room = :room AND role <> 'left'",
            {"room": room},
        )
        return {row["name"]: row["role"] for row in rows}

    return await stage.engine.database.read(read)


async def how_found(stage: Stage, name: str) -> tuple[int, int, int, int | None]:
    """When somebody came, whether that was found, whether their leaving was, and when they left."""

    def read(tx: Transaction) -> tuple[int, int, int, int | None]:
        row = tx.one(
            "SELECT joined_at, join_found, leave_found, left_at FROM membership"
            " JOIN account ON account.id = membership.account WHERE name = :name",
            {"name": name},
        )
        assert row is not None
        return tuple(row)

    return await stage.engine.database.read(read)


async def test_who_came_and_went_unseen_is_found(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        for name in ("小林", "阿哲", "小美"):
            await stage.joins(name)
        told_at = (await how_found(stage, "小林"))[0]
        await minutes_pass(stage)
        assert await lists(stage, "小林", seat("阿哲", "admin"), "豆豆") == []
        assert await here(stage) == {"小林": "member", "阿哲": "admin", "豆豆": "member"}
        now = stage.clock.now()
        assert await how_found(stage, "小林") == (told_at, 0, 0, None)
        assert (await how_found(stage, "豆豆"))[:2] == (now, 1)
        assert (await how_found(stage, "小美"))[2:] == (1, now)
        await stage.joins("小美")
        assert (await how_found(stage, "小美"))[:2] == (now, 0)


async def test_five_hundred_seats_are_few_words(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("同学7", "打卡")
        crowd = [f"同学{number}" for number in range(500)]
        assert await lists(stage, *crowd) == []
        assert len(await here(stage)) == 500
        assert (await how_found(stage, "同学7"))[1] == 0
        assert await stage.says("同学300", "打卡") == ["🎉"]
        await lists(stage, *crowd, seat("班主任", "admin"))
        digest = await stage.says("班主任", "/digest", room=None)
        assert "同学1" not in digest[0], "when they came is not known: nobody is expected yet"
        assert "2/2" in digest[0]


async def test_names_roles_and_contacts_follow(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        for name in ("小林", "阿哲"):
            await stage.joins(name, "admin")
        await lists(stage, seat(("小林", "小林（备考）"), "owner", contact=True), seat("阿哲", contact=False))
        assert await here(stage) == {"小林（备考）": "owner", "阿哲": "member"}

        def directs(tx: Transaction) -> list[str]:
            return [account.direct for account in people.by_natives(tx, "stage", ["小林", "阿哲"])]

        assert sorted(await stage.engine.database.read(directs)) == ["closed", "open"]
        await lists(stage, "小林", "阿哲", title="早读营")
        assert (await stage.engine.database.read(lambda tx: rooms.by_id(tx, 1))).title == "早读营"


async def test_a_list_that_lacks_most_is_asked_for_again(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ALL | Can.LOOK) as stage:
        await stage.opens()
        crowd = [f"同学{number}" for number in range(9)]
        await lists(stage, *crowd)
        for hiccup in ((), ("同学1",), ("同学1", "新同学")):
            await lists(stage, *hiccup)
            assert len(await here(stage)) == 9 + ("新同学" in hiccup)
        told = await stage.until(stage.clock.now() + 6 * 60_000)
        assert "Look" in told
        assert isinstance(stage.last.action, Look)
        await lists(stage, *crowd)
        await minutes_pass(stage)
        await lists(stage, "同学1")
        assert len(await here(stage)) == 9, "the list in between was whole: it is doubted anew"
        await minutes_pass(stage)
        await lists(stage, "同学1", "同学2")
        assert set(await here(stage)) == {"同学1", "同学2"}


async def test_features_are_told_that_it_was_found(tmp_path: Path) -> None:
    heard: list[tuple[str, str, bool]] = []

    def note(ctx: Context, event: MemberChanged) -> None:
        heard.append((ctx.account.name, event.role, event.found))

    listener = Feature(name="listener", events={MemberChanged: note})
    async with a_stage(tmp_path, features=(*FEATURES, listener)) as stage:
        await stage.opens()
        await lists(stage, *(f"同学{number}" for number in range(20)))
        assert heard == [], "a room that is listed for the first time is no burst of newcomers"
        await lists(stage, *(f"同学{number}" for number in range(1, 20)), "新同学")
        assert sorted(heard) == [("同学0", "left", True), ("新同学", "member", True)]


async def test_a_group_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await lists(stage, "妈", "爸", room="家")
        assert await stage.engine.database.read(lambda tx: rooms.by_native(tx, BOT, "家")) is None
        assert await stage.engine.database.read(lambda tx: people.by_natives(tx, "stage", ["妈"])) == []


async def standings(stage: Stage) -> dict[str, str]:
    def read(tx: Transaction) -> dict[str, str]:
        rows = tx.all("SELECT native, standing FROM room WHERE kind = 'group'")
        return {row["native"]: row["standing"] for row in rows}

    return await stage.engine.database.read(read)


async def test_rooms_that_the_bot_is_out_of_are_found(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        for room in ("甲班", "乙班", "丙班"):
            await stage.opens(room)
        await rooms_are(stage, "甲班", "乙班", "家")
        assert await standings(stage) == {"甲班": "active", "乙班": "active", "丙班": "left"}
        await rooms_are(stage)
        assert (await standings(stage))["甲班"] == "active", "none of them is not believed at once"
        await minutes_pass(stage)
        await rooms_are(stage)
        assert set((await standings(stage)).values()) == {"left"}
