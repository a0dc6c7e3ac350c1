"""Reminders, as dialogues: after one's usual time, only if still undone, and soon given up."""

from pathlib import Path

import pytest

from tests.stage import Stage, a_stage, instant

REMINDED = "小林，打卡还空着，写一句也算。忙就回「请假」，我不念叨。"
OTHER_WAYS = (
    "小林，班长的本子上打卡还空着，一句就满。今天忙就回「请假」，没关系。",
    "小林，路过提一句：打卡还空着，写一句也算。要歇一天就回「请假」，我当没来过。",
)
LAST = f"{REMINDED}\n先提到这儿，不多打扰。想要了回「提醒」随时再开。"
OFF = "好，不提醒了。想要了回「提醒」随时再开。"


def on(clock: str) -> str:
    return f"好，{clock} 还没见你打卡，我就提一句。打过了、请假、休息日都不吵你；不要了回「提醒 关」。"


async def knows(stage: Stage, *, private: bool = True, at: str = "09:00", days: int = 3) -> None:
    """小林 has come for some days at the same hour, and has written to the bot or not."""
    await stage.opens()
    if private:
        await stage.says("小林", "在吗", room=None)
    for day in range(4, 4 + days):
        await stage.until(f"2026-05-{day:02} {at}")
        await stage.says("小林", "打卡")


async def heard(stage: Stage, when: str) -> list[str]:
    """What 小林 is reminded of until then, as it is said on the first of three days."""
    told = [said for said in await stage.until(when) if "还空着" in said]
    for way in OTHER_WAYS:
        told = [said.replace(way, REMINDED) for said in told]
    return told


async def test_ninety_minutes_after_the_usual_time(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00") as stage:
        await knows(stage)
        assert await heard(stage, "2026-05-07 10:29") == []
        assert await heard(stage, "2026-05-07 10:31") == [REMINDED]
        assert stage.last.place == "小林"
        assert list(stage.last.buttons) == ["打卡", "今天请假"]


async def test_who_has_come_is_left_in_peace(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00") as stage:
        await knows(stage, days=9)
        assert await heard(stage, "2026-05-12 23:00") == []


async def test_who_never_wrote_to_the_bot_is_not_written_to(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00") as stage:
        await knows(stage, private=False)
        assert await heard(stage, "2026-05-20 10:00") == []


async def test_by_default_can_be_switched_off(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00", config="[reminders]\nby_default = false") as stage:
        await knows(stage)
        assert await heard(stage, "2026-05-10 10:00") == []


async def test_a_tap_checks_in(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00") as stage:
        await knows(stage)
        await stage.until("2026-05-07 11:00")
        assert any("连续 4 天" in said for said in await stage.presses("小林", "打卡", room=None))
        assert await heard(stage, "2026-05-08 10:00") == []
        assert await heard(stage, "2026-05-08 11:00") == [REMINDED]


async def test_a_tap_takes_leave_and_answers_the_reminder(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00") as stage:
        await knows(stage)
        await stage.until("2026-05-07 11:00")
        assert "记下了" in (await stage.presses("小林", "今天请假", room=None))[0]
        assert await heard(stage, "2026-05-08 11:00") == [REMINDED]
        await stage.until("2026-05-09 09:00")
        assert "过去的日子" in (await stage.presses("小林", "今天请假", room=None))[0]


async def test_two_unanswered_ones_end_them_and_say_so(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00") as stage:
        await knows(stage)
        assert await heard(stage, "2026-05-07 12:00") == [REMINDED]
        assert await heard(stage, "2026-05-08 12:00") == [LAST]
        assert await heard(stage, "2026-05-20 12:00") == []
        await stage.says("小林", "打卡")
        assert await heard(stage, "2026-05-25 12:00") == []
        assert await stage.says("小林", "提醒", room=None) == [on("10:30")]
        assert await heard(stage, "2026-05-26 12:00") == [REMINDED]


async def test_an_answer_to_the_last_one_keeps_them(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00") as stage:
        await knows(stage)
        assert await heard(stage, "2026-05-08 12:00") == [REMINDED, LAST]
        await stage.says("小林", "打卡")
        assert await heard(stage, "2026-05-09 12:00") == [REMINDED]


async def test_one_unanswered_long_ago_is_forgiven(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00") as stage:
        await knows(stage)
        assert await heard(stage, "2026-05-08 08:00") == [REMINDED]
        for day in range(8, 22):
            await stage.until(f"2026-05-{day:02} 09:00")
            await stage.says("小林", "打卡")
        assert await heard(stage, "2026-05-23 08:00") == [REMINDED]
        assert await heard(stage, "2026-05-24 08:00") == [LAST]


async def test_a_time_of_ones_own(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("小林")
        await stage.says("小林", "在吗", room=None)
        assert await stage.says("小林", "提醒 20:00", room=None) == [on("20:00")]
        assert await heard(stage, "2026-05-04 20:10") == [REMINDED]
        assert await stage.says("小林", "提醒 关", room=None) == [OFF]
        assert await heard(stage, "2026-05-08 20:10") == []
        assert await stage.says("小林", "提醒", room=None) == [
            "好，等我多见你几次，知道你平时几点来，就按你的点提醒。也可以自己定：提醒 21:00"
        ]


async def test_what_cannot_be_is_explained(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("小林")
        assert await stage.says("小林", "提醒 25:00", room=None) == [
            "这样说就行：「提醒 21:00」定个点，「提醒 平时」按你的习惯来，「提醒 关」就不吵你。"
        ]
        assert await stage.says("小林", "/remind 23:30", room=None) == [
            "22:30 到 07:30 大家都歇着，我不出声。换个早点的时间吧。"
        ]
        assert "还差一步：先私聊我说句话" in (await stage.says("小美", "提醒 20:00"))[0]
        assert "匿名" in (await stage.says("", "/remind", sender=None, as_admin=True))[0]


async def test_leave_rest_and_closed_windows_are_respected(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00") as stage:
        await knows(stage)
        await stage.joins("班主任", "admin")
        await stage.says("小林", "请假 7号")
        assert await heard(stage, "2026-05-07 12:00") == []
        await stage.says("班主任", "全班休息 5-8到5-10")
        assert await heard(stage, "2026-05-10 12:00") == []
        await stage.says("班主任", "/task 打卡 时间 06:00-10:00")
        assert await heard(stage, "2026-05-11 12:00") == []


async def test_a_task_that_asks_for_more_promises_no_less(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00") as stage:
        await knows(stage)
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "/task 打卡 凭证 图片")
        assert await heard(stage, "2026-05-07 11:00") == ["小林，打卡还空着。忙就回「请假」，我不念叨。"]
        assert list(stage.last.buttons) == ["今天请假"]


async def test_the_evening_learner_is_reminded_before_the_quiet_hours(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00") as stage:
        await knows(stage, at="21:35")
        assert await heard(stage, "2026-05-07 22:14") == []
        assert await heard(stage, "2026-05-07 22:16") == [REMINDED]


async def test_the_night_owl_is_left_in_peace(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00") as stage:
        await knows(stage, at="23:40")
        assert await heard(stage, "2026-05-10 22:00") == []


async def test_a_reminder_too_late_is_none(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00") as stage:
        await knows(stage)
        await stage.until("2026-05-07 09:00")
        stage.clock.move_to(instant("2026-05-07 12:30"))
        assert await heard(stage, "2026-05-07 23:00") == []
        assert await heard(stage, "2026-05-08 11:00") == [REMINDED]


async def test_three_a_week_are_the_most(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00") as stage:
        await knows(stage)
        reminded = 0
        for day in range(7, 14):
            said = await heard(stage, f"2026-05-{day:02} 12:00")
            reminded += len(said)
            await stage.says("小林", "打卡")
        assert reminded == 3


async def test_a_changed_clock_changes_the_hour(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00") as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.joins("小林")
        await stage.says("小林", "在吗", room=None)
        await stage.says("小林", "提醒 20:00", room=None)
        await stage.says("班主任", "/zone Asia/Tokyo")
        assert await heard(stage, "2026-05-04 19:05") == [REMINDED]


WAYS = {
    "zh-Hans": (REMINDED, *OTHER_WAYS),
    "zh-Hant": (
        "小林，打卡還空著，寫一句也算。忙就回「請假」，我不碎念。",
        "小林，班長的本子上打卡還空著，一句就滿。今天忙就回「請假」，沒關係。",
        "小林，路過提醒一下：打卡還空著，寫一句也算。想休息一天就回「請假」，我當沒來過。",
    ),
    "en": (
        "小林, “Check-in” is still open today, and one line is enough. Busy? Answer /leave",
        "小林, there is still a blank in my notebook for “Check-in”; one line fills it.",
        "小林, just passing by: “Check-in” is still open, and one line counts. A day off?",
    ),
}


@pytest.mark.parametrize("language", WAYS)
async def test_a_reminder_has_more_than_one_way_to_say_it(tmp_path: Path, language: str) -> None:
    async with a_stage(tmp_path, now="2026-05-04 08:00", config=f'[bot]\nlanguage = "{language}"') as stage:
        await knows(stage)
        for day, way in zip((7, 8, 9), WAYS[language], strict=True):
            said = await stage.until(f"2026-05-{day:02} 10:40")
            assert any(line.startswith(way) for line in said), said
            await stage.says("小林", "打卡")
