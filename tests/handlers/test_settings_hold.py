"""A change of settings holds from the moment it is made: what is recorded stays as it is."""

from pathlib import Path

from storage import activity
from tests.handlers.test_settings import a_class, press, rows, say
from tests.stage import Stage, a_stage, instant


async def points(stage: Stage) -> dict[str, float]:
    """The points of each day of 小林."""
    await stage.engine.database.write(activity.write_down)
    found = await rows(
        stage,
        "SELECT day, sum(points) FROM activity JOIN account ON account.id = activity.account"
        " WHERE account.name = '小林' GROUP BY day",
    )
    return dict(found)


async def score(stage: Stage) -> str:
    """What 小林 is told of the score."""
    return await say(stage, "/me", who="小林")


async def test_points_earned_before_a_change_stay(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "今天背了五十个单词", native="a")
        before = (await points(stage))["2026-05-04"]
        await say(stage, "/set scoring.points_message 10")
        await say(stage, "/set scoring.cap_message 100")
        await stage.until("2026-05-04 09:05")
        await stage.says("小林", "又读了三页语法书，真有意思", native="b")
        after = (await points(stage))["2026-05-04"]
        assert 5 < after - before < 10, "the second message is worth what the second of a day is now"
        await stage.deletes("b")
        await stage.deletes("a")
        assert await points(stage) == {"2026-05-04": 0}


async def test_a_take_back_takes_its_share_of_what_was_earned_by_other_rules(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        texts = ("今天背了五十个单词", "又读了三页语法书，真有意思", "晚上准备做一套听力题")
        for number, text in enumerate(texts):
            await stage.until(f"2026-05-04 09:0{number + 1}")
            await stage.says("小林", text, native=f"n{number}")
        before = (await points(stage))["2026-05-04"]
        await stage.until("2026-05-05 09:00")
        await say(stage, "/set scoring.points_message 100")
        await say(stage, "/set scoring.cap_message 1000")
        assert await points(stage) == {"2026-05-04": before}
        await stage.deletes("n1")
        left = (await points(stage))["2026-05-04"]
        assert before / 2 < left < before


async def test_another_half_life_changes_no_points_of_a_day(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "/start", room=None)
        await stage.says("小林", "打卡 读了三页")
        await stage.until("2026-05-14 09:00")
        before, told = await points(stage), await score(stage)
        await say(stage, "/set scoring.half_life 1")
        await stage.until("2026-05-14 09:10")
        assert await points(stage) == before
        faded = await score(stage)
        assert faded != told
        await say(stage, "/set scoring.half_life default")
        await stage.until("2026-05-14 09:20")
        assert await points(stage) == before
        assert await score(stage) == told


async def test_what_arrives_late_is_taken_by_the_settings_of_its_arrival(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.until("2026-05-04 12:00")
        await say(stage, "/set checkin.words 报到")
        await stage.says("小林", "打卡", at=instant("2026-05-04 11:00"))
        await stage.says("阿哲", "报到", at=instant("2026-05-04 11:00"))
        assert await rows(
            stage, "SELECT DISTINCT name FROM checkin JOIN account ON account.id = account"
        ) == [("阿哲",)]


async def test_what_arrives_late_keeps_the_day_of_its_own_time(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.until("2026-05-05 05:00")
        await say(stage, "/daystart 00:00")
        await stage.says("小林", "打卡", at=instant("2026-05-05 01:00"))
        assert await rows(stage, "SELECT day FROM checkin") == [("2026-05-04",)]


async def test_check_ins_stay_when_their_word_or_feature_goes(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "打卡")
        await say(stage, "/set checkin.words 报到")
        await say(stage, "/set features.checkin off")
        assert await rows(stage, "SELECT standing FROM checkin") == [("counted",)]
        await say(stage, "/set features.checkin on")
        assert "1" in await say(stage, "/streak", who="小林")


async def test_a_new_time_holds_this_very_evening_also_when_taken_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        for who in ("小林", "阿哲"):
            await stage.says(who, "打卡")
        await say(stage, "/set recap.evening_at 20:00")
        assert await stage.until("2026-05-04 19:59") == []
        assert len(await stage.until("2026-05-04 20:01")) == 1
        await stage.until("2026-05-05 12:00")
        for who in ("小林", "阿哲"):
            await stage.says(who, "打卡")
        await say(stage, "/undo 1")
        await press(stage, "撤回这一步")
        assert await stage.until("2026-05-05 21:29") == []
        assert len(await stage.until("2026-05-05 21:31")) == 1


async def test_the_morning_tells_of_those_after_the_evenings_line_as_it_was_said(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await say(stage, "/set all recap.evening list")
        await stage.until("2026-05-04 21:00")
        for who in ("小林", "阿哲"):
            await stage.says(who, "打卡")
        [evening] = await stage.until("2026-05-04 21:31")
        assert "小林" in evening
        for who in ("大力", "阿美", "老王"):
            await stage.says(who, "打卡")
        await say(stage, "/set recap.evening_at 20:00")
        [morning] = await stage.until("2026-05-05 08:30")
        assert "大力" in morning
        assert "小林" not in morning
