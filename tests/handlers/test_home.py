"""A greeting, help for this person in this place, and letters that wait."""

from pathlib import Path

import msgspec

from bot.core.actions import Words
from bot.core.port import Can
from handlers import FEATURES
from storage import inbox, manners, people, rooms
from tests.stage import ALL, BOT, Stage, a_stage

LETTER = Words("core.letters_button")
OTHER = Words("core.sent_privately")


async def leave(stage: Stage, who: str, *letters: Words) -> None:
    """Keep texts for somebody, as if they could not be written to."""

    def keep(desk: object) -> None:
        tx = desk.tx  # type: ignore[attr-defined]
        account = people.by_native(tx, "stage", who)
        room = rooms.by_native(tx, BOT, "晨读班")
        assert account is not None
        assert room is not None
        now = stage.clock.now()
        for letter in letters:
            manners.leave_letter(
                tx,
                account=account.id,
                room=room.id,
                action=msgspec.json.encode(letter).decode(),
                at=now,
                not_after=now + 3_600_000,
            )

    await stage.engine.pipeline.work(keep)


async def test_a_member_sees_what_members_may_do(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        [said] = await stage.says("小林", "帮助")
        assert said.startswith("我是班长")
        assert "帮助 /help" in said
        assert "管理员" not in said
        assert "/doctor" not in said
        assert len(said.splitlines()) <= 12


async def test_an_admin_sees_more_and_still_not_a_wall(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        [said] = await stage.says("班主任", "/help")
        assert "你管着班里的事，还可以：" in said
        assert "/doctor" in said
        assert len(said.splitlines()) <= 24


async def test_help_in_private_names_what_works_there(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        [said] = await stage.says("班主任", "/help", room=None)
        assert "/zone" in said
        assert "/setup" not in said


async def test_each_language_shows_its_own_words(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "/language 繁體", room=None)
        assert "幫助 /help" in (await stage.says("小林", "/help", room=None))[0]
        await stage.says("小林", "/language en", room=None)
        assert "幫" not in (await stage.says("小林", "/help", room=None))[0]


async def test_the_words_of_admins_are_those_of_their_language(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "owner")
        [said] = await stage.says("班主任", "/help", room=None)
        assert all(one in said for one in ("管理群 /staffroom", "职务 /role", "社群名 /name"))
        await stage.says("班主任", "/language 繁體", room=None)
        [said] = await stage.says("班主任", "/help", room=None)
        assert all(one in said for one in ("管理群組 /staffroom", "職務 /role", "社群名稱 /name"))


async def test_help_tells_about_one_command(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        [said] = await stage.says("小林", "/help /help")
        assert said.startswith("/help（帮助、菜单")
        assert (await stage.says("小林", "/help 帮助")) == [said]
        assert await stage.says("小林", "/help halp") == ["没有「halp」这个命令。想说的是 /help 吗？"]
        assert await stage.says("小林", "/help <b>zzzz") == ["没有「<b>zzzz」这个命令。"]


async def test_every_command_can_be_explained(tmp_path: Path) -> None:
    async with a_stage(tmp_path, config="[talk]\nanswers_a_minute = 1000") as stage:
        await stage.opens()
        for feature in FEATURES:
            for command in feature.commands:
                [said] = await stage.says("小林", f"/help {command.name}")
                assert said.startswith(f"/{command.name}")
        assert await stage.engine.database.read(inbox.dead_letters) == 0


async def test_start_greets_a_stranger_and_tolerates_a_payload(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        for payload in ("", " abc", " ../../etc {{ 1 }} <b>"):
            [said] = await stage.says("路人", f"/start{payload}", room=None)
            assert said.startswith("你好，路人，我是班长。\n把我请进你们的学习群")


async def test_start_greets_a_member_and_opens_the_private_chat(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "大家早")
        [said] = await stage.says("小林", "/start", room=None)
        assert "你在「晨读班」" in said
        await stage.says("小林", "/help")
        assert stage.last.place == "小林"


async def test_start_in_a_group_is_help(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        assert "在这里你可以" in (await stage.says("小林", "/start group"))[0]


async def test_letters_come_with_the_first_private_word(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "大家早")
        await leave(stage, "小林", LETTER)
        said = await stage.says("小林", "/start", room=None)
        assert said[1:] == ["看看和我有关吗"]
        await leave(stage, "小林", LETTER, OTHER)
        assert (await stage.says("小林", "你好", room=None))[:2] == ["看看和我有关吗", "发到私聊啦"]
        assert "看看和我有关吗" not in await stage.says("小林", "你好", room=None)


async def test_a_button_in_the_room_opens_ones_own_letter(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "大家早")
        await leave(stage, "小林", LETTER)
        assert await stage.presses_data("阿哲", "letters") == ["这次没有你的，安心学习。"]
        assert await stage.presses_data("小林", "letters") == ["看看和我有关吗"]
        assert await stage.presses_data("小林", "letters") == ["这次没有你的，安心学习。"]


async def test_several_letters_come_together(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "大家早")
        await leave(stage, "小林", LETTER, OTHER)
        assert await stage.presses_data("小林", "letters") == ["看看和我有关吗\n（还有 1 句，再点一下）"]
        assert await stage.presses_data("小林", "letters") == ["发到私聊啦"]
        await stage.says("小林", "/start", room=None)
        await leave(stage, "小林", LETTER, OTHER)
        said = await stage.presses_data("小林", "letters")
        assert sorted(said) == ["发到私聊啦", "看看和我有关吗\n发到私聊啦"]


async def test_a_letter_too_old_is_not_shown(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "大家早")
        await leave(stage, "小林", LETTER)
        await stage.until("2026-05-04 11:00")
        assert await stage.presses_data("小林", "letters") == ["这次没有你的，安心学习。"]


async def test_help_vanishes_where_it_cannot_be_private(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ALL & ~Can.WHISPER) as stage:
        await stage.opens()
        await stage.says("小林", "/help")
        assert stage.last.place == "晨读班"
        assert await stage.until("2026-05-04 09:02") == ["Delete"]
