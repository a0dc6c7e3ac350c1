"""Leaders mend check-ins by replying, as dialogues."""

from pathlib import Path

import pytest

from tests.handlers import suggested
from tests.handlers.asking import streak_of
from tests.stage import Stage, a_stage


async def value(stage: Stage, column: str) -> object:
    return await stage.engine.database.read(lambda tx: tx.value(f"SELECT {column} FROM checkin"))  # noqa: S608


async def a_class(stage: Stage) -> None:
    await stage.opens()
    await stage.joins("班主任", "admin")
    await stage.says("小林", "你好", room=None)


async def leader(stage: Stage, text: str, to: str = "m1", author: str = "小林") -> list[str]:
    return await stage.says("班主任", text, reply_to=to, reply_sender=stage.sender(author))


async def test_a_leader_counts_what_the_bot_did_not_see_as_one(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "今天读了三页", native="m1")
        assert await leader(stage, "补") == ["🎉", "👌"]
        assert (await streak_of(stage, "小林")).total == 1
        assert await leader(stage, "补") == ["这条已经算上了。"]


async def test_a_leader_counts_it_for_another_day(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "昨天读了三页", native="m1")
        await leader(stage, "补昨天")
        assert await value(stage, "day") == "2026-05-03"
        assert await leader(stage, "/count 2020-01-01", to="m2") == ["可以补最近 31 天的，比如：补 昨天。"]


@pytest.mark.parametrize("talk", ["补今天的作业", "补明天再说", "补昨天的吧", "优秀本周之星"])
async def test_what_a_leader_says_of_days_is_talk(tmp_path: Path, talk: str) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "昨天读了三页", native="m1")
        assert await leader(stage, talk) == []
        assert (await streak_of(stage, "小林")).total == 0


async def test_another_day_is_counted_in_reply_to_a_check_in_of_today(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "打卡", native="m1")
        assert await leader(stage, "补 昨天") == ["👍", "👌"]
        assert (await streak_of(stage, "小林")).total == 2
        assert await leader(stage, "补 昨天") == ["这条已经算上了。"]


async def test_naming_another_day_leaves_what_was_sent_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "打卡", native="m1")
        await leader(stage, "打回")
        await leader(stage, "补 昨天")
        counted = "SELECT day, standing FROM checkin ORDER BY day"
        rows = await stage.engine.database.read(lambda tx: [tuple(row) for row in tx.all(counted)])
        assert rows == [("2026-05-03", "counted"), ("2026-05-04", "returned")]


async def test_an_honour_earns_as_long_as_the_check_in_counts(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "打卡 三页", native="m1")
        await leader(stage, "优秀")
        assert "打卡 1 次、优秀 1 次" in (await stage.says("小林", "/me", room=None))[0]
        await leader(stage, "撤销")
        assert "活跃分 0" in (await stage.says("小林", "/me", room=None))[0]
        await leader(stage, "补")
        assert "打卡 1 次、优秀 1 次" in (await stage.says("小林", "/me", room=None))[0]
        await leader(stage, "优秀")
        assert "优秀" not in (await stage.says("小林", "/me", room=None))[0]


async def test_an_honour_of_what_does_not_count_earns_once_it_does(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "打卡 三页", native="m1")
        await leader(stage, "撤销")
        await leader(stage, "优秀")
        assert "活跃分 0" in (await stage.says("小林", "/me", room=None))[0]
        await leader(stage, "补")
        assert "优秀 1 次" in (await stage.says("小林", "/me", room=None))[0]


async def test_taken_back_by_a_leader_it_stays_so(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "打卡", native="m1")
        said = await leader(stage, "撤销")
        assert said[-1] == "👌"
        assert "5月4日「打卡」那条组长看过，先不算" in said[0]
        assert (await streak_of(stage, "小林")).total == 0
        assert await stage.says("小林", "打卡") == [
            "「打卡」今天这条组长看过，先不算。想聊聊就找组长说一声。"
        ]
        await leader(stage, "补")
        assert (await streak_of(stage, "小林")).total == 1


async def test_sent_back_it_counts_when_it_comes_again(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "打卡", native="m1")
        said = await leader(stage, "打回 照片看不清")
        assert said[0] == "小林，5月4日「打卡」那条组长想请你再来一次：照片看不清。今天改好重新发就算数。"
        assert stage.platform.sent[-2].place == "小林"
        assert (await streak_of(stage, "小林")).total == 0
        assert (await stage.says("小林", "打卡 重新拍了"))[0] == "🎉"
        assert await value(stage, "comment") == "照片看不清"


async def test_a_comment_and_a_mark_of_honour(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "打卡 三页", native="m1")
        assert await leader(stage, "点评 第二段真好") == ["👌"]
        assert await value(stage, "comment") == "第二段真好"
        assert await leader(stage, "优秀！") == ["🏆", "👌"]
        assert await value(stage, "featured") == 1
        assert await leader(stage, "/feature") == ["👌"]
        assert await value(stage, "featured") == 0
        assert (await streak_of(stage, "小林")).total == 1


@pytest.mark.parametrize("text", ["补", "撤销", "打回 重写", "点评 好", "优秀"])
async def test_from_a_member_these_words_are_just_talk(tmp_path: Path, text: str) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "打卡", native="m1")
        assert await stage.says("阿哲", text, reply_to="m1", reply_sender=stage.sender("小林")) == []
        assert (await streak_of(stage, "小林")).total == 1


@pytest.mark.parametrize("text", ["补充一下", "优秀的同学很多", "打回来的电话"])
async def test_from_a_leader_longer_words_are_just_talk(tmp_path: Path, text: str) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "打卡", native="m1")
        assert await leader(stage, text) == []


@pytest.mark.parametrize("command", ["count", "uncount", "redo", "comment", "feature"])
async def test_the_commands_need_a_reply(tmp_path: Path, command: str) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        assert len(await stage.says("班主任", f"/{command}")) == 1
        assert len(await stage.says("班主任", f"/{command} x", reply_to="nothing")) == 1
        assert await stage.says("小林", f"/{command}", reply_to="m1") == ["这件事要请组长或管理员来做。"]


async def test_a_role_of_the_bots_own_is_enough(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "打卡", native="m1")
        await stage.says("组长", "大家好")
        await stage.engine.database.write(
            lambda tx: tx.run(
                "INSERT INTO role (community, person, name, given_at)"
                " SELECT 1, person, 'leader', 0 FROM account WHERE name = '组长'"
            )
        )
        assert await stage.says("组长", "优秀", reply_to="m1") == ["🏆", "👌"]


async def test_an_anonymous_admin_may_mend(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "打卡", native="m1")
        message = stage.message("班主任", "撤销", reply_to="m1", sender=None, as_admin=True)
        await stage.happens(message)
        assert (await streak_of(stage, "小林")).total == 0
        assert await stage.says("小林", "打卡") == [
            "「打卡」今天这条组长看过，先不算。想聊聊就找组长说一声。"
        ]


async def test_what_was_mended_is_kept_for_the_record(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "打卡", native="m1")
        await leader(stage, "撤销")
        kept = await stage.engine.database.read(
            lambda tx: tx.one("SELECT act, before, after FROM audit WHERE act = 'mend'")
        )
        assert tuple(kept or ()) == ("mend", '{"standing":"counted"}', '{"standing":"withdrawn"}')


async def test_taken_back_in_the_staff_room_the_points_go_too(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await suggested.a_class(stage)
        await stage.says("小林", "读了三页", native="7")
        await stage.says("班主任", "补", reply_to="7", reply_sender=stage.sender("小林"))
        assert "打卡 1 次" in (await stage.says("小林", "/why", room=None))[0]
        await stage.says("班主任", "/undo", room=suggested.STAFF)
        await stage.presses("班主任", "撤回这一步", room=suggested.STAFF)
        assert "打卡 1 次" not in (await stage.says("小林", "/why", room=None))[0]
