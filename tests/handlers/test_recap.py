"""Looking back on a day: said once, in one line, and nobody is shamed."""

from pathlib import Path

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
        assert await stage.until("2026-05-04 21:40") == ["今天 3 位同学打卡，晚安。"]
        await all_check_in(stage, ("小林", "老王"), "2026-05-04 23:30")
        await all_check_in(stage, ("豆豆",), "2026-05-05 02:00")
        await all_check_in(stage, ("小林",), "2026-05-05 07:00")
        assert await stage.until("2026-05-05 08:10") == ["昨晚又有 2 位同学打卡，早呀。"]


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
        assert await stage.until("2026-05-26 21:40") == ["今天 2 位同学打卡，晚安。"]


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


async def test_leaders_are_told_who_is_missing_and_nobody_else(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "在吗", room=None)
        await stage.says("小林", "在吗", room=None)
        await days_of(stage, NAMES[:4], 4, 4)
        await stage.until("2026-05-05 09:00")
        await stage.says("小美", "请假")
        await days_of(stage, NAMES[:2], 5, 5)
        await stage.until("2026-05-05 21:00")
        said = await stage.until("2026-05-05 21:40")
        assert set(said) == {
            "今天 2 位同学打卡，晚安。",
            "晨读班今天 2/3\n还没见到：老王\n请假：小美\n这些只有你看得到，想起谁就私下问一声。",
        }
        digest = next(sent for sent in stage.platform.sent if "还没见到" in sent.text)
        assert digest.place == "班主任"
        assert "老王" in (await stage.says("班主任", "今日小结"))[0]
        assert stage.last.place == "班主任"
        assert await stage.says("小林", "/digest") == ["这件事要请组长或管理员来做。"]


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
