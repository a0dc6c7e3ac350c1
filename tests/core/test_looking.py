"""Who looks after a room is asked where the platform does not tell it by itself."""

from pathlib import Path

from bot.core.actions import Look
from bot.core.events import BotChanged, Place, Seat, Sender, StaffListed
from bot.core.port import Can
from storage import people, rooms
from tests.stage import ALL, BOT, Stage, a_stage

ASKED = ALL | Can.LOOK


def looks(stage: Stage) -> int:
    return sum(isinstance(sent.action, Look) for sent in stage.platform.sent)


async def lists(stage: Stage, rights: tuple[str, ...] = (), **roles: str) -> None:
    seats = tuple(Seat(Sender(name, name), role) for name, role in roles.items())
    await stage.happens(
        StaffListed(
            bot=BOT,
            key=f"staff{len(roles)}",
            at=stage.clock.now(),
            place=Place("晨读班", "group"),
            seats=seats,
            rights=rights,
        )
    )


async def test_it_is_asked_when_the_bot_comes_and_once_a_day(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ASKED) as stage:
        await stage.opens()
        assert looks(stage) == 1
        await stage.until("2026-05-06 09:30")
        assert looks(stage) == 3


async def test_it_is_asked_when_a_room_is_first_heard_of_by_a_message(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ASKED) as stage:
        await stage.says("小林", "早")
        assert looks(stage) == 1


async def test_rights_that_are_found_out_are_shown_and_announced_to_nobody(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ASKED) as stage:
        await stage.says("小林", "早")
        await lists(stage, rights=("read", "react", "delete", "invite"), 班主任="owner")
        assert "直接说「打卡」" in stage.last.text
        assert await stage.until("2026-05-04 12:00") == []


async def test_an_answer_that_comes_after_the_bot_was_sent_away_opens_no_room(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ASKED) as stage:
        await stage.opens()
        away = BotChanged(
            bot=BOT, key="away", at=stage.clock.now(), place=Place("晨读班", "group"), role="left", rights=()
        )
        await stage.happens(away)
        await lists(stage, rights=("read", "delete"), 班主任="owner")
        room = await stage.engine.database.read(lambda tx: rooms.by_id(tx, 1))
        assert (room.standing, room.rights) == ("left", ())


async def test_where_nobody_answers_it_is_not_asked(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ALL) as stage:
        await stage.opens()
        await stage.until("2026-05-06 09:30")
        assert looks(stage) == 0


async def test_who_is_listed_may_look_after_the_room_and_nobody_else(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ASKED) as stage:
        await stage.opens()
        await stage.says("班主任", "早")
        assert await stage.says("班主任", "/rooms") == ["这件事要请组长或管理员来做。", "Look"]
        await lists(stage, 班主任="owner", 小林="admin")
        await stage.says("班主任", "/start", room=None)
        assert "晨读班" in (await stage.says("班主任", "/rooms"))[0]
        await lists(stage, 班主任="owner")
        assert (await stage.says("小林", "/rooms"))[0] == "这件事要请组长或管理员来做。"


async def test_who_asks_again_and_again_is_not_looked_up_each_time(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ASKED) as stage:
        await stage.opens()
        before = looks(stage)
        for _ in range(4):
            await stage.says("小林", "/rooms")
        assert looks(stage) == before + 1


async def test_who_looks_after_a_room_is_found_by_an_index(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ASKED) as stage:
        plan = await stage.engine.database.read(lambda tx: tx.plan(people.STAFF_OF_ROOM, {"room": 1}))
        assert "SCAN membership" not in plan
        assert "room=?" in plan
