"""The language of a room and of a person."""

from pathlib import Path

from tests.stage import a_stage


async def test_an_admin_chooses_for_the_room(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "/language")
        said = await stage.presses("班主任", "English")
        assert said[1] == "Fine, English it is here from now on."
        assert "Hello everyone" in (await stage.presses("班主任", "Back"))[1]
        assert "An admin" in (await stage.says("小林", "/setup"))[0]


async def test_a_community_of_one_room_speaks_its_language_in_private_too(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        assert await stage.says("班主任", "/language 繁體中文") == ["好，以後在這裡說繁體中文。"]
        await stage.says("小林", "早")
        assert "指令" in (await stage.says("小林", "/x", room=None))[0]


async def test_the_first_task_is_called_in_the_language_of_its_community(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "/language en")
        assert await stage.says("小林", "/tasks") == ["Today\n\nCheck-in all day"]
        await stage.says("班主任", "/language 简体")
        assert await stage.says("小林", "任务") == ["今天的任务\n\n打卡 全天"]


async def test_a_task_keeps_the_name_that_it_was_given(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "任务 打卡 改名 晨读")
        await stage.says("班主任", "/language en")
        assert await stage.says("小林", "/tasks") == ["Today\n\n晨读 all day"]


async def test_one_of_several_rooms_speaks_for_itself(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        for room in ("晨读班", "夜读班"):
            await stage.opens(room)
            await stage.joins("班主任", "admin", room)
        await stage.presses("班主任", "加入", room="夜读班")
        await stage.presses("班主任", "晨读班", room="夜读班")
        await stage.says("班主任", "/language en", room="夜读班")
        assert "An admin" in (await stage.says("小林", "/setup", room="夜读班"))[0]
        assert "管理员" in (await stage.says("小林", "/setup", room="晨读班"))[0]


async def test_a_member_chooses_for_themselves(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "语言")
        assert set(stage.last.buttons) == {"简体中文", "繁體中文", "English"}
        assert await stage.presses("小林", "English") == ["Fine, English between us from now on."]
        assert "管理员" in (await stage.says("小林", "/setup"))[0]
        assert "There is no" in (await stage.says("小林", "/x", room=None))[0]


async def test_a_member_in_a_group_changes_only_their_own(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "/language english")
        assert "管理员" in (await stage.says("阿哲", "/setup"))[0]


async def test_in_private_before_any_class(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        assert await stage.says("路人", "/language tw", room=None) == ["好，以後私下跟你說繁體中文。"]
        assert await stage.says("路人", "/language 文言文", room=None) == [
            "「文言文」我還不會說。我會简体中文、繁體中文和 English。"
        ]


async def test_invented_buttons_harm_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        for data in ("language:", "language:mine:", "language:mine:xx", "language:room:xx", "language:x:en"):
            assert "放太久" in (await stage.presses_data("小林", data))[0]
        assert "群里" in (await stage.presses_data("小林", "language:room:en", room=None))[0]
        assert "管理员定" in (await stage.presses_data("小林", "language:room:en"))[0]


async def test_an_anonymous_admin_chooses_for_the_room(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        said = await stage.says("", "/language en", sender=None, as_admin=True)
        assert said == ["Fine, English it is here from now on."]
