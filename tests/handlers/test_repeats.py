"""Several check-ins on one day, and what remains when one of their messages is taken back: as dialogues."""

from pathlib import Path

from tests.stage import Stage, a_stage


async def kept(stage: Stage) -> list[tuple[str, str]]:
    """What has become of the day, and in which words."""
    rows = await stage.engine.database.read(
        lambda tx: tx.all("SELECT standing, note FROM checkin ORDER BY day, task")
    )
    return [(row["standing"], row["note"]) for row in rows]


async def test_the_day_stays_while_one_of_its_messages_stands(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "打卡 读了三页", native="m1")
        assert await stage.says("小林", "打卡 读了五页", native="m2") == ["👌"]
        assert await stage.says("小林", "打卡", native="m3") == ["👌"]
        assert await kept(stage) == [("counted", "读了五页")]
        await stage.deletes("m2")
        assert await kept(stage) == [("counted", "读了三页")]
        await stage.deletes("m1")
        assert await kept(stage) == [("counted", "")]
        await stage.deletes("m3")
        assert await kept(stage) == [("withdrawn", "")]


async def test_the_first_message_may_go_before_its_repeat(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "打卡", native="m1")
        await stage.says("小林", "打卡", native="m2")
        await stage.deletes("m1")
        assert await kept(stage) == [("counted", "")]
        await stage.deletes("m2")
        assert await kept(stage) == [("withdrawn", "")]
        assert (await stage.says("小林", "打卡", native="m3"))[0] == "🎉"


async def test_an_edit_away_from_checking_in_is_like_taking_it_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "打卡 读了三页", native="m1")
        await stage.says("小林", "打卡 读了五页", native="m2")
        await stage.says("小林", "哈哈", native="m2", edited=True)
        assert await kept(stage) == [("counted", "读了三页")]
        await stage.says("小林", "打卡 又读了两页", native="m2", edited=True)
        assert await kept(stage) == [("counted", "又读了两页")]
        await stage.says("小林", "明天再读", native="m1", edited=True)
        await stage.deletes("m2")
        assert [standing for standing, _ in await kept(stage)] == ["withdrawn"]


async def test_an_edited_first_message_says_the_newest_words(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "打卡 读了三页", native="m1")
        await stage.says("小林", "打卡 读了五页", native="m2")
        await stage.says("小林", "打卡 读了三页半", native="m1", edited=True)
        assert await kept(stage) == [("counted", "读了三页半")]
        await stage.deletes("m1")
        assert await kept(stage) == [("counted", "读了五页")]
        await stage.deletes("m2")
        assert [standing for standing, _ in await kept(stage)] == ["withdrawn"]


async def test_a_press_stands_however_many_messages_go(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "大家好")
        await stage.presses_data("小林", "checkin")
        await stage.says("小林", "打卡 读了三页", native="m1")
        await stage.deletes("m1")
        assert await kept(stage) == [("counted", "")]


async def test_what_a_leader_did_not_count_stands_for_nothing_later(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("小林", "打卡 一", native="m1")
        await stage.says("小林", "打卡 二", native="m2")
        await stage.says("班主任", "打回 再写写", reply_to="m2", reply_sender=stage.sender("小林"))
        await stage.says("小林", "打卡 读了三页，写了心得", native="m3")
        await stage.deletes("m3")
        assert [standing for standing, _ in await kept(stage)] == ["withdrawn"]


async def test_what_was_said_beside_is_forgotten_after_some_days(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "打卡 一")
        await stage.says("小林", "打卡 二")
        count = "SELECT count(*) FROM repeat"
        assert await stage.engine.database.read(lambda tx: tx.value(count)) == 1
        await stage.until("2026-05-08 09:00")
        assert await stage.engine.database.read(lambda tx: tx.value(count)) == 0
