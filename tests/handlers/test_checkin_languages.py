"""Check-in in the other languages."""

from pathlib import Path

import pytest

from tests.stage import a_stage

ENGLISH = '[bot]\nlanguage = "en"\n'
TRADITIONAL = '[bot]\nlanguage = "zh-Hant"\n'


async def test_a_day_in_english(tmp_path: Path) -> None:
    async with a_stage(tmp_path, config=ENGLISH) as stage:
        await stage.opens()
        await stage.joins("Ann", "admin")
        assert await stage.says("Bo", "check in, three pages") == ["🎉"]
        assert await stage.says("Bo", "done!") == ["👌"]
        assert await stage.says("Bo", "/tasks") == ["Today\n\nCheck-in all day"]
        card = await stage.says("Ann", "/task add Reading 6am to 8:30am")
        assert card[0].startswith("Reading\nevery day, 06:00–08:30")
        assert await stage.says("Bo", "#reading") == [
            "“Reading” closed at 08:30 today. See you tomorrow; then /makeup makes it up."
        ]
        assert await stage.says("Bo", "/leave tomorrow") == [
            "Noted: May 5. Your streak waits for you. Back early? Send /back."
        ]
        assert await stage.says("Ann", "/pause 5-6 to 5-7 holiday") == [
            "Everybody rests May 6 to May 7 (holiday). No check-ins are asked for, and no streak breaks."
        ]


async def test_a_day_in_traditional_chinese(tmp_path: Path) -> None:
    async with a_stage(tmp_path, config=TRADITIONAL) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        assert await stage.says("小林", "簽到") == ["🎉"]
        assert await stage.says("小林", "補卡 昨天") == ["補卡要附幾個字或一張圖，例如：補卡 昨天 讀了三頁。"]
        assert await stage.says("阿哲", "請假 明天") == [
            "記下了，5月5日。連續天數先停著，不會斷。提前回來就輸入「銷假」。"
        ]
        await stage.says("班主任", "任務 打卡 時間 06:00-08:30")
        assert "晚到也算" in (await stage.says("班主任", "任務 打卡 遲到 開"))[0]


@pytest.mark.parametrize(
    ("config", "asked", "welcome", "saved"),
    [
        (
            ENGLISH,
            "/streak",
            "小林's very first check-in is on page one of my notebook. One day at a time.",
            "May 14 stayed empty; a freeze kept your streak.",
        ),
        (
            TRADITIONAL,
            "連續",
            "小林的第一次打卡，班長記在第一頁了，之後慢慢來。",
            "5月14日空著，保護卡幫你接上了。",
        ),
    ],
)
async def test_a_welcome_and_a_freeze(
    tmp_path: Path, config: str, asked: str, welcome: str, saved: str
) -> None:
    async with a_stage(tmp_path, config=config) as stage:
        await stage.opens()
        await stage.until("2026-05-07 09:00")
        assert await stage.says("小林", "打卡") == ["🎉"]
        assert await stage.until("2026-05-07 09:20") == [welcome]
        for day in (8, 9, 10, 11, 12, 13, 15):
            await stage.until(f"2026-05-{day:02} 09:00")
            await stage.says("小林", "打卡")
        assert saved in (await stage.says("小林", asked, room=None))[0]
