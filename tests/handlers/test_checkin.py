"""Checking in, as dialogues."""

from pathlib import Path

import pytest

from bot.core.events import Batch
from bot.core.port import Can
from storage import manners, people
from storage.db import Transaction
from tests.handlers.asking import buried, checkins_of, streak, streak_of
from tests.stage import ALL, Stage, a_stage, instant

WELCOME = "{}的第一次打卡，班长记在第一页了，往后慢慢来。"


async def test_one_word_is_a_check_in(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        assert await stage.says("小林", "打卡") == ["🎉"]
        assert await stage.says("小林", "打卡 又读了两页") == ["👌"]
        assert await stage.says("小林", "今天谁还没打卡？") == []
        await stage.until("2026-05-05 09:00")
        assert await stage.says("小林", "打卡") == ["👍"]
        assert await checkins_of(stage, "小林") == [
            ("2026-05-04", "counted", "又读了两页"),
            ("2026-05-05", "counted", ""),
        ]
        assert await streak_of(stage, "小林") == streak(2, 2, 2, "2026-05-05", 0)


@pytest.mark.parametrize(
    "text", ["签到", "#打卡 读完第三章", "/checkin 读完第三章", "Done! read chapter 3", "#check-in x"]
)
async def test_every_way_to_say_it(tmp_path: Path, text: str) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        assert (await stage.says("小林", text))[0] == "🎉"


async def test_what_is_quoted_is_not_said(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        assert await stage.says("小林", "打卡 读完第三章\n写得真好", quoted=((0, 8),)) == []
        assert (await stage.says("小林", "真好\n打卡 我也读完了", quoted=((0, 2),)))[0] == "🎉"


async def test_a_milestone_is_greeted_with_fire(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        for day in range(4, 10):
            await stage.until(f"2026-05-{day:02} 09:00")
            await stage.says("小林", "打卡")
        await stage.until("2026-05-10 09:00")
        assert await stage.says("小林", "打卡") == ["🔥"]
        assert (await streak_of(stage, "小林")).freezes == 1


async def test_where_nothing_can_react_a_line_says_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ALL & ~Can.REACT) as stage:
        await stage.opens()
        await stage.says("小林", "打卡")
        assert "记上了，小林。累计 1 天。" in await stage.until("2026-05-04 09:01")


async def test_the_button_of_a_task_answers_only_the_one_who_pressed(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("阿哲", "任务")
        assert "记上了，小林。累计 1 天。" in await stage.presses("小林", "打卡")
        assert await stage.presses("小林", "打卡") == ["小林，今天已经记过啦。"]
        assert await stage.presses_data("小林", "checkin:99") == ["这个选项放太久了，重新发一次命令就好。"]


async def test_an_album_is_one_check_in(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        first = stage.message("小林", "打卡 九宫格", media=["photo"], album="a")
        rest = [stage.message("小林", "", media=["photo"], album="a") for _ in range(8)]
        assert await stage.happens(first, *rest) == ["🎉"]
        assert len(await checkins_of(stage, "小林")) == 1


async def test_an_album_whose_pictures_all_say_it_is_no_repeat(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        said = [stage.message("小林", f"打卡 第{n}页", media=["photo"], album="a") for n in (1, 2, 3)]
        assert await stage.happens(*said) == ["🎉"]
        assert await checkins_of(stage, "小林") == [("2026-05-04", "counted", "第1页")]


async def picture_task(stage: Stage) -> None:
    await stage.opens()
    await stage.joins("班主任", "admin")
    await stage.says("班主任", "任务 打卡 凭证 图片")


async def test_a_missing_picture_is_asked_for_and_counts_when_it_comes(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await picture_task(stage)
        assert await stage.says("小林", "打卡 写了一页") == ["「打卡」还差一张照片，发上来就算数。"]
        assert await checkins_of(stage, "小林") == [("2026-05-04", "waiting", "写了一页")]
        assert await stage.says("阿哲", "", media=["photo"]) == []
        assert (await stage.says("小林", "", media=["photo"]))[0] == "🎉"
        assert await checkins_of(stage, "小林") == [("2026-05-04", "counted", "写了一页")]


async def test_a_picture_before_its_word_counts(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await picture_task(stage)
        assert await stage.says("小林", "", media=["photo"]) == []
        assert (await stage.says("小林", "打卡"))[0] == "🎉"
        await stage.until("2026-05-05 09:00")
        assert await stage.says("小林", "打卡") == ["「打卡」还差一张照片，发上来就算数。"]


async def test_a_picture_of_yesterday_proves_nothing_today(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await picture_task(stage)
        await stage.says("小林", "", media=["photo"])
        await stage.until("2026-05-05 09:00")
        assert await stage.says("小林", "打卡") == ["「打卡」还差一张照片，发上来就算数。"]


async def test_voice_is_a_proof_too(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "任务 打卡 凭证 语音")
        assert await stage.says("小林", "打卡") == ["「打卡」还差一段语音，发上来就算数。"]
        assert await stage.says("小林", "", media=["photo"]) == []
        assert (await stage.says("小林", "", media=["voice"]))[0] == "🎉"


async def test_a_link_is_a_proof_too(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "任务 打卡 凭证 链接")
        assert await stage.says("小林", "打卡") == ["「打卡」还差一个链接，发上来就算数。"]
        assert (await stage.says("小林", "https://example.org/notes"))[0] == "🎉"


async def test_too_few_words_are_completed_by_a_reply(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "任务 打卡 字数 5")
        hint = "「打卡」要写几句，至少 5 个字。连着「打卡」一起发，或者回复自己刚才那条，都行。"
        assert await stage.says("小林", "打卡 读了", native="m1") == [hint]
        assert await stage.says("小林", "好的") == []
        assert (await stage.says("小林", "读了第三章的前半", reply_to="m1"))[0] == "🎉"


async def test_several_open_tasks_are_told_apart_by_tag_or_button(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "任务 添加 晨读")
        await stage.says("班主任", "任务 添加 运动")
        assert (await stage.says("小林", "#晨读 三页"))[0] == "🎉"
        assert await stage.says("小林", "打卡 运动 五公里") == ["👍"]
        assert await stage.says("阿哲", "打卡 跑了五公里", native="m9") == ["记给哪一项？"]
        assert await stage.presses("小林", "运动") == ["这个留给刚才那位同学来选。"]
        said = await stage.presses("阿哲", "运动")
        assert "记上了，阿哲。累计 1 天。" in said
        assert await checkins_of(stage, "阿哲") == [("2026-05-04", "counted", "跑了五公里")]


async def test_an_edit_counts_as_the_newest_text(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        assert await stage.says("小林", "早上好，新的一天", native="m1") == []
        assert (await stage.says("小林", "打卡 早读", native="m1", edited=True))[0] == "🎉"
        await stage.says("小林", "打卡 早读两页", native="m1", edited=True)
        assert await checkins_of(stage, "小林") == [("2026-05-04", "counted", "早读两页")]
        await stage.says("小林", "算了，没读完", native="m1", edited=True)
        assert (await streak_of(stage, "小林")).total == 0
        await stage.says("小林", "打卡 读完了", native="m1", edited=True)
        assert await streak_of(stage, "小林") == streak(1, 1, 1, "2026-05-04", 0)


async def test_an_edit_on_a_later_day_changes_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "打卡", native="m1")
        await stage.until("2026-05-05 09:00")
        await stage.says("小林", "哈哈", native="m1", edited=True)
        assert (await streak_of(stage, "小林")).total == 1


async def test_a_message_taken_back_counts_no_more(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "打卡", native="m1")
        await stage.deletes("m1")
        assert (await streak_of(stage, "小林")).total == 0
        assert (await stage.says("小林", "打卡"))[0] == "🎉"
        await stage.until("2026-05-06 09:00")
        await stage.says("小林", "打卡", native="m2")
        await stage.until("2026-05-07 09:00")
        await stage.deletes("m2")
        assert (await streak_of(stage, "小林")).total == 2


async def test_in_private_it_counts_for_the_members_community(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("外人", "打卡", room=None)
        assert await checkins_of(stage, "外人") == []
        await stage.says("小林", "大家好")
        assert await stage.says("小林", "打卡", room=None) == ["记上了，小林。累计 1 天。"]
        assert await stage.says("小林", "打卡") == ["👌"]


# Time.


async def test_a_day_begins_at_four(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-05 03:59") as stage:
        await stage.opens()
        await stage.says("小林", "打卡")
        await stage.until("2026-05-05 04:00")
        assert await stage.says("小林", "打卡") == ["👍"]
        assert [row[0] for row in await checkins_of(stage, "小林")] == ["2026-05-04", "2026-05-05"]


async def test_a_window_over_midnight_belongs_to_the_evening(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 21:00") as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "任务 打卡 时间 22:00-05:00")
        await stage.says("班主任", "任务 打卡 改名 夜读")
        assert await stage.says("小林", "打卡") == ["「夜读」22:00 才开始，到点再来找我。"]
        await stage.until("2026-05-05 04:30")
        assert (await stage.says("小林", "打卡"))[0] == "🎉"
        assert await checkins_of(stage, "小林") == [("2026-05-04", "counted", "")]
        await stage.until("2026-05-05 05:00")
        assert await stage.says("阿哲", "打卡") == ["「夜读」22:00 才开始，到点再来找我。"]


async def test_late_counts_only_where_the_task_allows_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ALL & ~Can.REACT) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "任务 打卡 时间 06:00-08:30")
        said = ["「打卡」今天 08:30 收工了，明天见。想补上，明天发「补卡」就行。"]
        assert await stage.says("小林", "打卡") == said
        await stage.says("班主任", "任务 打卡 迟到 开")
        await stage.says("小林", "打卡")
        assert "记上了，小林（迟到也算）。累计 1 天。" in await stage.until("2026-05-04 09:01")


async def test_a_weekday_without_the_task_is_free(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-08 09:00") as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "任务 打卡 星期 周一到周五")
        await stage.says("小林", "打卡")
        await stage.until("2026-05-09 09:00")
        assert await stage.says("小林", "打卡") == ["「打卡」今天休息，放心歇着。"]
        await stage.until("2026-05-11 09:00")
        await stage.says("小林", "打卡")
        assert await streak_of(stage, "小林") == streak(2, 2, 2, "2026-05-11", 0)


async def test_a_backlog_counts_for_its_own_days_with_one_line(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-06 09:00") as stage:
        await stage.opens()
        names = [f"同学{number}" for number in range(6)]
        waiting = [
            stage.message(name, "打卡", at=instant(f"2026-05-{day:02} 20:00"))
            for day in (4, 5)
            for name in names
        ]
        said = await stage.happens(*waiting)
        said += await stage.until("2026-05-06 09:05")
        assert said == ["同学0、同学1、同学2、同学3、同学4、同学5，一共 12 次打卡，都记上了。"]
        assert await streak_of(stage, "同学3") == streak(2, 2, 2, "2026-05-05", 0)


async def test_an_older_day_that_arrives_late_mends_the_streak(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-06 09:00") as stage:
        await stage.opens()
        await stage.says("小林", "打卡", at=instant("2026-05-04 20:00"))
        await stage.says("小林", "打卡")
        assert (await streak_of(stage, "小林")).current == 1
        await stage.says("小林", "打卡", at=instant("2026-05-05 20:00"))
        assert await streak_of(stage, "小林") == streak(3, 3, 3, "2026-05-06", 0)


@pytest.mark.parametrize(
    "zone", ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"]
)
async def test_a_streak_runs_through_a_year_of_clock_changes(tmp_path: Path, zone: str) -> None:
    config = f'[community]\nzone = "{zone}"\n'
    async with a_stage(tmp_path, now="2026-01-01 12:00", zone=zone, config=config) as stage:
        await stage.opens()
        start = stage.clock.now()
        days = range(365)
        messages = [stage.message("小林", "打卡", at=start + day * 86_400_000) for day in days]
        stage.clock.move_to(messages[-1].at)
        await stage.happens(*messages)
        assert (await streak_of(stage, "小林")).current == 365


async def a_frozen_day(stage: Stage) -> None:
    """小林 came for seven days, missed the next one, and it is the morning after."""
    await stage.opens()
    for day in range(4, 11):
        await stage.until(f"2026-05-{day:02} 09:00")
        await stage.says("小林", "打卡")
    await stage.until("2026-05-12 09:00")


async def test_a_freeze_is_told_in_private_once(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.says("小林", "在吗", room=None)
        await a_frozen_day(stage)
        assert await stage.says("小林", "打卡") == [
            "👍",
            "5月11日空着，我用一张保护卡帮你接上了，连续还是 8 天。",
        ]
        assert stage.last.place == "小林"
        await stage.until("2026-05-13 09:00")
        assert await stage.says("小林", "打卡") == ["👍"]


async def test_a_freeze_is_never_told_in_the_room(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_frozen_day(stage)
        assert await stage.says("小林", "打卡") == ["👍"]
        for asked in ("我的", "连续"):
            assert "5月11日空着，保护卡帮你接上了。" in (await stage.says("小林", asked, room=None))[0]
        await stage.until("2026-05-20 09:00")
        assert "保护卡帮你" not in (await stage.says("小林", "连续", room=None))[0]


async def test_a_button_tells_of_a_freeze_in_its_own_answer(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_frozen_day(stage)
        assert await stage.presses("小林", "打卡") == [
            "记上了，小林。连续 8 天，累计 8 天，节奏很稳。\n5月11日空着，保护卡帮你接上了。"
        ]


async def test_a_freeze_goes_with_the_letters_that_are_there_anyway(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_frozen_day(stage)
        await stage.says("阿哲", "早")

        def leave(tx: Transaction) -> None:
            other = people.by_native(tx, "stage", "阿哲")
            assert other is not None
            now = stage.clock.now()
            letter = '{"text":"core.letters_none"}'
            manners.leave_letter(tx, account=other.id, room=1, action=letter, at=now, not_after=now + 1)

        await stage.engine.database.write(leave)
        assert await stage.says("小林", "打卡") == ["👍"]
        assert await stage.presses_data("小林", "letters") == [
            "5月11日空着，我用一张保护卡帮你接上了，连续还是 8 天。"
        ]


async def test_newcomers_are_welcomed_in_one_line_once_the_class_runs(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "打卡")
        await stage.until("2026-05-06 09:00")
        assert await stage.says("阿哲", "打卡") == ["🎉"]
        await stage.until("2026-05-07 09:00")
        stage.heard()
        assert await stage.says("小美", "打卡") == ["🎉"]
        assert await stage.until("2026-05-07 09:11") == [WELCOME.format("小美")]
        for name in ("老王", "豆豆", "一一"):
            await stage.until(stage.clock.now() + 120_000)
            assert await stage.says(name, "打卡") == ["🎉"]
        assert await stage.until("2026-05-07 10:00") == [
            "老王、豆豆、一一，第一次打卡都记在第一页了，往后慢慢来。"
        ]
        await stage.until("2026-05-07 23:30")
        assert await stage.says("七七", "打卡") == ["🎉"]
        assert await stage.until("2026-05-08 07:00") == []
        assert WELCOME.format("七七") in await stage.until("2026-05-08 07:40")


async def test_days_that_the_bot_did_not_see_break_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "打卡")
        stage.clock.move_to(instant("2026-05-06 10:00"))
        gone = Batch(
            "stage:1", (), caught_up_to=stage.clock.now(), unobserved_since=instant("2026-05-04 09:05")
        )
        await stage.engine.pipeline.take(gone)
        assert await stage.says("小林", "打卡") == ["👍"]
        assert (await streak_of(stage, "小林")).current == 2


async def test_a_repeated_delivery_counts_once(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        message = stage.message("小林", "打卡")
        await stage.happens(message, message)
        await stage.happens(message)
        assert (await streak_of(stage, "小林")).total == 1
        assert await buried(stage) == []


async def test_who_is_spoken_to_first_is_no_matter(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        stage.engine.house.usernames["stage:1"] = "monitor_bot"
        await stage.opens()
        assert await stage.says("小林", "@班长 打卡 读完第三章") != []
        assert await stage.says("阿哲", "@monitor_bot 打卡") != []
        assert await stage.says("小美", "@班長 打卡") != []
        assert await stage.says("豆豆", "@小林 打卡") == []
