"""Looking back on a day: said once, in one line, and nobody is shamed."""

from pathlib import Path

import pytest

from storage import people
from storage.db import Transaction
from tests.stage import Stage, a_stage, instant

NAMES = ("小林", "阿哲", "小美", "老王", "豆豆", "一一", "七七", "大刘")


async def all_check_in(stage: Stage, names: tuple[str, ...], when: str) -> None:
    await stage.until(when)
    for name in names:
        await stage.says(name, "打卡")


async def days_of(stage: Stage, names: tuple[str, ...], first: int, last: int) -> None:
    for day in range(first, last + 1):
        await all_check_in(stage, names, f"2026-05-{day:02} 09:00")


async def test_the_evening_counts_and_the_morning_tells_the_rest(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await all_check_in(stage, NAMES[:3], "2026-05-04 20:00")
        assert await stage.until("2026-05-04 21:40") == ["3 位同学把今天那一点做完了，剩下的交给枕头。"]
        await all_check_in(stage, ("小林", "老王", "一一"), "2026-05-04 23:30")
        await all_check_in(stage, ("豆豆",), "2026-05-05 02:00")
        await all_check_in(stage, ("小林",), "2026-05-05 07:00")
        assert await stage.until("2026-05-05 08:10") == ["早呀，昨晚收灯以后又来了 3 位，都记上了。"]


async def test_what_a_leader_counts_on_the_day_itself_counts_in_the_evening(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await with_leader(stage)
        await stage.says("小林", "打卡")
        for name in NAMES[1:3]:
            said = stage.message(name, "今天也读完了三页")
            await stage.happens(said)
            await stage.says("班主任", "补", reply_to=said.native, reply_sender=said.sender)
        assert "3 位同学" in (await stage.until("2026-05-04 21:40"))[0]
        await stage.until("2026-05-05 07:00")
        for name in NAMES[3:6]:
            said = stage.message(name, "昨晚也读了")
            await stage.happens(said)
            await stage.says("班主任", "补 昨天", reply_to=said.native, reply_sender=said.sender)
        assert await stage.until("2026-05-05 08:10") == []


async def test_two_in_the_night_are_no_news_but_a_round_number_is(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        for day in range(4, 10):
            await all_check_in(stage, NAMES[:2], f"2026-05-{day:02} 23:30")
            assert await stage.until(f"2026-05-{day + 1:02} 09:00") == []
        await all_check_in(stage, NAMES[:2], "2026-05-10 23:30")
        assert await stage.until("2026-05-11 08:10") == [
            "早呀，补一条昨晚的好消息：\n小林、阿哲 连续打卡满 7 天。"
        ]


async def test_the_evening_has_more_than_one_way_to_say_it(tmp_path: Path) -> None:
    config = "[recap]\nmilestones = false"
    async with a_stage(tmp_path, config=config) as stage:
        await stage.opens()
        said: list[str] = []
        for day in range(4, 18):
            await all_check_in(stage, NAMES[:2], f"2026-05-{day:02} 09:00")
            said += await stage.until(f"2026-05-{day:02} 21:40")
        assert len(said) == 14
        assert len(set(said)) >= 9
        assert all("2" in line for line in said)
        assert {line for line in said if "周五" in line} == {said[4], said[11]}
        assert said[4] != said[11]


async def test_one_alone_is_no_news(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await all_check_in(stage, ("小林",), "2026-05-04 20:00")
        assert await stage.until("2026-05-06 20:00") == []


async def test_a_list_names_those_who_came_and_spares_those_who_hide(tmp_path: Path) -> None:
    config = '[recap]\nevening = "list"\nevening_at = "21:00"'
    async with a_stage(tmp_path, config=config) as stage:
        await stage.opens()
        await all_check_in(stage, NAMES[:3], "2026-05-04 20:00")

        def hide(tx: Transaction) -> None:
            account = people.by_native(tx, "stage", "阿哲")
            assert account is not None
            people.set_hidden(tx, account.person, hidden=True)

        await stage.engine.database.write(hide)
        assert await stage.until("2026-05-04 21:10") == ["今天来打卡的 3 位：小林、小美，还有 1 位。\n晚安。"]


async def test_a_cohort_gets_one_line(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await days_of(stage, NAMES, 4, 9)
        await stage.until("2026-05-10 08:30")
        await days_of(stage, NAMES[:6], 10, 10)
        await days_of(stage, ("大刘",), 10, 10)
        assert await stage.until("2026-05-10 21:40") == [
            "今天 7 位同学打卡。\n7 位同学连续打卡满 7 天，小林、阿哲、小美、老王、豆豆 都在。\n晚安。"
        ]


async def test_a_streak_and_a_total_are_told_apart(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await days_of(stage, ("小林", "小美"), 4, 9)
        await days_of(stage, ("阿哲",), 4, 5)
        await stage.until("2026-05-14 09:00")
        await days_of(stage, ("阿哲", "小林", "小美"), 14, 14)
        assert await stage.until("2026-05-14 21:40") == [
            "今天 3 位同学打卡。\n小林、小美 累计打卡满 7 天。\n晚安。"
        ]


async def test_the_same_number_once_more_is_no_news(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await days_of(stage, NAMES[:2], 4, 10)
        await days_of(stage, NAMES[:2], 20, 25)
        await stage.until("2026-05-26 08:30")
        await days_of(stage, NAMES[:2], 26, 26)
        assert await stage.until("2026-05-26 21:40") == ["点名完毕：2 声「到」。晚安。"]


async def test_who_is_in_two_rooms_is_praised_in_the_one_of_the_check_in(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens("晨读班")
        await stage.opens("夜读班")
        for room in ("晨读班", "夜读班"):
            await stage.joins("班主任", "admin", room)
        await stage.presses("班主任", "加入已有社群", room="夜读班")
        await stage.presses("班主任", "晨读班", room="夜读班")
        await stage.says("小林", "早", room="夜读班")
        await days_of(stage, ("小林",), 4, 10)
        assert await stage.until("2026-05-10 21:40") == ["小林 连续打卡满 7 天。\n晚安。"]
        assert stage.last.place == "晨读班"


async def test_who_hides_alone_is_not_hinted_at(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await days_of(stage, ("小林",), 4, 9)
        await stage.says("小林", "隐身")
        await stage.until("2026-05-10 08:30")
        await days_of(stage, ("小林",), 10, 10)
        assert await stage.until("2026-05-10 21:40") == []


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-Hans", ["小林 连续打卡满 21 天。", "都说 21 天养成习惯，现在是习惯离不开你了。", "晚安。"]),
        ("zh-Hant", ["小林 連續打卡滿 21 天。", "都說 21 天養成習慣，現在是習慣離不開你了。", "晚安。"]),
        (
            "en",
            [
                "小林 reached 21 days in a row.",
                "They say 21 days make a habit; by now the habit cannot do without you.",
                "Good night.",
            ],
        ),
    ],
)
async def test_21_days_are_worth_a_word(tmp_path: Path, language: str, expected: list[str]) -> None:
    async with a_stage(tmp_path, config=f'[bot]\nlanguage = "{language}"') as stage:
        await stage.opens()
        await days_of(stage, ("小林",), 4, 24)
        [said] = await stage.until("2026-05-24 21:40")
        assert said.splitlines() == expected


async def test_off_is_off_but_round_numbers_are_still_told(tmp_path: Path) -> None:
    async with a_stage(tmp_path, config='[recap]\nevening = "off"') as stage:
        await stage.opens()
        await days_of(stage, NAMES[:2], 4, 9)
        assert await stage.until("2026-05-10 08:30") == []
        await days_of(stage, NAMES[:2], 10, 10)
        assert await stage.until("2026-05-10 21:40") == ["小林、阿哲 连续打卡满 7 天。\n晚安。"]


async def test_after_downtime_it_is_too_late_for_the_evening(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await all_check_in(stage, NAMES[:3], "2026-05-04 20:00")
        stage.heard()
        stage.clock.move_to(instant("2026-05-05 00:30"))
        assert await stage.until("2026-05-05 07:00") == []
        assert await stage.until("2026-05-05 12:00") == []


async def with_leader(stage: Stage) -> None:
    await stage.opens()
    await stage.joins("班主任", "admin")
    await stage.says("班主任", "在吗", room=None)


ONLY_YOU = "No member sees this. If you think of somebody, ask in private how they are."


def digests(said: list[str]) -> list[str]:
    return [line for line in said if line.startswith(("晨读班今天", "晨讀班今天", "晨读班 today"))]


async def test_leaders_are_told_who_is_missing_and_nobody_else(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await with_leader(stage)
        await stage.says("小林", "在吗", room=None)
        await days_of(stage, NAMES[:4], 4, 4)
        await stage.until("2026-05-05 09:00")
        await stage.says("小美", "请假")
        await days_of(stage, NAMES[:2], 5, 5)
        await stage.until("2026-05-05 21:00")
        said = await stage.until("2026-05-05 21:40")
        [told] = digests(said)
        assert told == (
            "晨读班今天 2/3。\n今天还没见到：老王\n请假：小美\n同学们看不到这份。想起谁就私下问一声，不用催。"
        )
        assert len(said) == 2
        digest = next(sent for sent in stage.platform.sent if "还没见到" in sent.text)
        assert digest.place == "班主任"
        assert "老王" in (await stage.says("班主任", "今日小结"))[0]
        assert stage.last.place == "班主任"
        assert await stage.says("小林", "/digest") == ["这件事要请组长或管理员来做。"]


async def test_nobody_is_named_whose_time_is_still_to_come(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await with_leader(stage)
        for day in range(4, 8):
            await all_check_in(stage, ("小林",), f"2026-05-{day:02} 09:00")
            await all_check_in(stage, ("阿哲",), f"2026-05-{day:02} 22:40")
        stage.heard()
        await all_check_in(stage, ("小林",), "2026-05-08 09:00")
        assert digests(await stage.until("2026-05-08 22:00")) == []
        assert await stage.says("班主任", "/digest", room=None) == [
            "晨读班今天 1/2。\n还有 1 位没到平时打卡的点，不用急。"
        ]


async def test_of_who_came_once_the_time_is_known_already(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await with_leader(stage)
        await days_of(stage, NAMES[:3], 4, 4)
        await stage.until("2026-05-05 10:00")
        said = await stage.says("班主任", "/digest", room=None)
        assert said == ["晨读班今天 0/3。\n还有 3 位没到平时打卡的点，不用急。"]
        await stage.until("2026-05-05 10:30")
        said = await stage.says("班主任", "/digest", room=None)
        assert said[0].startswith("晨读班今天 0/3。\n今天还没见到：小林、小美、阿哲\n")


async def test_half_of_the_time_must_be_over_for_who_never_came(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await with_leader(stage)
        await stage.joins("小林")
        await stage.until("2026-05-04 19:50")
        assert "还没见到" not in (await stage.says("班主任", "/digest", room=None))[0]
        await stage.until("2026-05-04 20:10")
        assert "今天还没见到：小林" in (await stage.says("班主任", "/digest", room=None))[0]
        await stage.says("班主任", "任务 打卡 时间 06:00-10:00")
        await stage.until("2026-05-05 07:50")
        assert "还没见到" not in (await stage.says("班主任", "/digest", room=None))[0]
        await stage.until("2026-05-05 08:10")
        assert "今天还没见到：小林" in (await stage.says("班主任", "/digest", room=None))[0]


async def test_who_is_away_for_long_is_told_of_once(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await with_leader(stage)
        await days_of(stage, ("小林", "阿哲"), 4, 7)
        for day, expected in (
            (8, "今天还没见到：阿哲"),
            (9, "今天还没见到：阿哲"),
            (10, "两天以上没见：阿哲"),
        ):
            await stage.until(f"2026-05-{day:02} 08:30")
            await days_of(stage, ("小林",), day, day)
            [said] = digests(await stage.until(f"2026-05-{day:02} 21:40"))
            assert expected in said
        await stage.until("2026-05-11 08:30")
        await days_of(stage, ("小林",), 11, 11)
        assert digests(await stage.until("2026-05-11 21:40")) == []
        assert "两天以上没见：阿哲" in (await stage.says("班主任", "摘要", room=None))[0]


async def test_leaders_do_not_read_of_themselves_and_nothing_when_all_is_well(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await with_leader(stage)
        await stage.joins("小林", "admin")
        await stage.says("小林", "在吗", room=None)
        await days_of(stage, ("班主任", "小林", "阿哲"), 4, 7)
        await stage.until("2026-05-08 08:30")
        await days_of(stage, ("小林", "阿哲"), 8, 8)
        await stage.until("2026-05-08 21:40")
        told = [sent for sent in stage.platform.sent if "还没见到" in sent.text]
        assert [(sent.place, "班主任" in sent.text) for sent in told] == [("小林", True)]
        await stage.until("2026-05-09 08:30")
        await days_of(stage, ("班主任", "小林", "阿哲"), 9, 9)
        assert digests(await stage.until("2026-05-09 21:40")) == []
        assert await stage.says("班主任", "/digest", room=None) == ["晨读班今天 3/3，都来齐了。"]


async def test_a_leader_switches_the_evening_off_and_on(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await with_leader(stage)
        await days_of(stage, ("小林", "阿哲"), 4, 7)
        await stage.until("2026-05-08 21:40")
        said = await stage.presses("班主任", "以后不用发", room=None)
        assert said == ["好，每晚不发了。想看随时发「摘要」，想恢复就发「摘要 开」。"]
        assert digests(await stage.until("2026-05-09 21:40")) == []
        assert (await stage.says("班主任", "摘要 开", room=None))[0].startswith("好，晚上有要惦记的人")
        assert len(digests(await stage.until("2026-05-10 21:40"))) == 1
        assert (await stage.says("班主任", "摘要 关", room=None))[0].startswith("好，每晚不发了")
        assert await stage.says("班主任", "摘要 今天读了三页") == []


async def test_the_digest_is_for_those_who_may_see_lists(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await with_leader(stage)
        await days_of(stage, ("小林", "阿哲"), 4, 7)
        for who in ("小林", "阿哲"):
            await stage.says(who, "在吗", room=None)
        await stage.says("班主任", "/role 小林 值日生", room=None)
        await stage.says("班主任", "/role 阿哲 组长", room=None)
        await stage.until("2026-05-08 21:40")
        told = {sent.place for sent in stage.platform.sent if "还没见到" in sent.text}
        assert told == {"班主任", "阿哲"}
        assert "放太久" in (await stage.presses_data("小林", "digest:off:1", room=None))[0]


async def test_an_invented_button_switches_nothing_off(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await with_leader(stage)
        await stage.says("小林", "打卡")
        for data in ("digest:off:1", "digest:off:x", "digest:on:1", "digest:", f"digest:off:{'9' * 30}"):
            assert await stage.presses_data("小林", data) == ["这个选项放太久了，重新发一次命令就好。"]


async def test_a_digest_speaks_every_language(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await with_leader(stage)
        await days_of(stage, ("小林", "阿哲"), 4, 7)
        await stage.until("2026-05-08 21:00")
        await stage.says("小林", "打卡")
        for language, expected in (
            (
                "zh-Hant",
                "晨读班今天 1/2。\n今天還沒見到：阿哲\n同學們看不到這份。想到誰就私下問候一聲，不用催。",
            ),
            ("en", f"晨读班 today: 1/2.\nNot seen today: 阿哲\n{ONLY_YOU}"),
        ):
            await stage.presses_data("班主任", f"language:mine:{language}", room=None)
            assert (await stage.says("班主任", "/digest", room=None))[0] == expected


async def test_a_digest_is_never_said_before_the_others(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await days_of(stage, NAMES[:2], 4, 4)
        said = await stage.says("班主任", "/digest")
        assert "还没见到" not in said[0]


async def test_a_day_of_rest_asks_nobody(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "在吗", room=None)
        await days_of(stage, NAMES[:2], 4, 4)
        await stage.until("2026-05-05 08:30")
        await stage.says("班主任", "全班放假 今天")
        assert await stage.until("2026-05-05 23:00") == []
        assert await stage.says("班主任", "/digest", room=None) == ["今天不用打卡，没什么要操心的。"]


async def test_the_lines_speak_english_too(tmp_path: Path) -> None:
    async with a_stage(tmp_path, config='[bot]\nlanguage = "en"') as stage:
        await stage.opens()
        for day in range(4, 11):
            await stage.until(f"2026-05-{day:02} 09:00")
            for name in ("Ann", "Ben"):
                await stage.says(name, "/checkin")
        assert await stage.until("2026-05-10 21:40") == [
            "2 of you checked in today.\nAnn and Ben reached 7 days in a row.\nGood night."
        ]
