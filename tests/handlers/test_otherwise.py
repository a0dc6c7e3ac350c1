"""What nothing else took."""

from pathlib import Path

from tests.stage import BOT, WECHAT, a_stage

LOST = "这句我没听懂，不过我在。发 /help 看看我会做什么。"


async def test_a_misspelt_command_in_private(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        assert await stage.says("小林", "/hepl", room=None) == ["没有 /hepl 这个命令。想说的是 /help 吗？"]
        assert await stage.says("小林", "/qqqqqq", room=None) == [
            "没有 /qqqqqq 这个命令。发 /help 看看我会做什么。"
        ]


async def test_in_a_group_only_what_is_said_to_this_bot(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        stage.engine.house.usernames[BOT] = "BanzhangBot"
        await stage.opens()
        assert await stage.says("小林", "/hepl") == []
        assert await stage.says("小林", "/hepl@OtherBot") == []
        assert await stage.says("小林", "/hepl@banzhangbot") == ["没有 /hepl 这个命令。想说的是 /help 吗？"]
        assert await stage.says("小林", "/hepl@OtherBot", room=None) == []


async def test_members_are_not_offered_what_only_admins_may(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "早")
        assert "/status" not in (await stage.says("小林", "/statsu", room=None))[0]


async def test_plain_words_in_private_get_one_friendly_line_in_ten_minutes(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        assert await stage.says("小林", "你好呀", room=None) == [LOST]
        assert await stage.says("小林", "在吗", room=None) == []
        assert await stage.says("阿哲", "在吗", room=None) == [LOST]
        await stage.until("2026-05-04 09:11")
        assert await stage.says("小林", "在吗", room=None) == [LOST]


async def test_two_at_once_get_one_line(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        both = [stage.message("小林", text, room=None) for text in ("你好呀", "在吗")]
        assert await stage.happens(*both) == [LOST]


async def test_edits_forwards_and_old_words_are_left_alone(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        assert await stage.says("小林", "/hepl", room=None, edited=True) == []
        assert await stage.says("小林", "/hepl", room=None, forwarded=True) == []
        hour_ago = stage.clock.now() - 3_600_000
        assert await stage.says("小林", "/hepl", room=None, at=hour_ago) == []
        assert await stage.says("小林", "在吗", room=None, at=hour_ago) == []


async def test_in_a_group_what_begins_with_its_name_gets_one_line_in_ten_minutes(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await stage.opens()
        await stage.opens("夜跑班")
        assert await stage.says("小林", "你会什么") == []
        lost = "这句我没听懂，不过我在。发「帮助」看看我会做什么。"
        assert await stage.says("小林", "你会什么", to_bot=True) == [lost]
        assert stage.last.action.mention == "小林"  # type: ignore[union-attr]
        assert await stage.says("阿哲", "你会什么", to_bot=True) == []
        assert await stage.says("阿哲", "7", to_bot=True) == []
        assert await stage.says("阿哲", "", room="夜跑班", to_bot=True) == [lost]
        await stage.until("2026-05-04 09:11")
        assert await stage.says("阿哲", "7", to_bot=True) == [lost]


async def test_what_it_understands_is_answered_as_ever(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await stage.opens()
        [said] = await stage.says("小林", "排行", to_bot=True)
        assert "没听懂" not in said
        hour_ago = stage.clock.now() - 3_600_000
        assert await stage.says("小林", "在吗", to_bot=True, at=hour_ago) == []
        assert await stage.says("小林", "在吗", to_bot=True, edited=True) == []
        assert await stage.says("小林", "在吗", to_bot=True, forwarded=True) == []


async def test_who_is_in_no_community_is_told_the_way_there(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        told = ["还没在哪个班里见过你。先在群里说句话，再来找我。"]
        assert await stage.says("小林", "打卡 读了三页", room=None) == told
        assert await stage.says("小林", "在吗", room=None) != told
