"""Terms, as dialogues: announced, walked, passed, called off."""

from pathlib import Path

import pytest

from storage import absences
from tests.stage import WECHAT, Stage, a_stage

FIVE_DAYS = "学期 5天 通过4 从 今天 名称 晨读营\n阶段 2 入门, 5 收官"
OVER = "「晨读营」5 天走完了。\n2 位同学来过，1 位结营：小林。证书从下面自己领，班长都盖好章了。"
PASSED = "「晨读营」结营啦！5 天里你打卡 5 天，一天没落。证书收好，班长给你盖的章。"


async def opened(stage: Stage) -> None:
    await stage.opens()
    await stage.joins("班主任", "admin")
    for name in ("小林", "阿哲"):
        await stage.joins(name)


async def walk(stage: Stage, *days: str, names: tuple[str, ...] = ("小林",)) -> None:
    for day in days:
        await stage.until(f"{day} 09:00")
        for name in names:
            await stage.says(name, "打卡")


async def test_an_admin_announces_a_term(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await opened(stage)
        assert await stage.says("班主任", FIVE_DAYS) == [
            (
                "「晨读营」5月4日开营，5月8日结营。\n5 天里打卡 4 天就算走完，有证书。\n"
                "· 第 1–2 天 入门\n· 第 3–5 天 收官\n"
                "群里的同学都算在内，中途来的按剩下的天数算。想知道走到哪了，回「学期」。"
            )
        ]
        assert await stage.says("班主任", "学期 7天") == [
            "「晨读营」还开着，5月8日结营，走完再开下一期吧。要停掉它，回「学期 取消」。"
        ]
        assert await stage.says("小林", "/term 7天") == ["这件事要请学习委员或管理员来做。"]


async def test_everyone_sees_how_far_they_are(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await opened(stage)
        assert await stage.says("小林", "学期") == ["现在没有开着的学期。"]
        await stage.says("班主任", FIVE_DAYS)
        await walk(stage, "2026-05-04", "2026-05-05")
        assert await stage.says("小林", "学期") == [
            (
                "「晨读营」第 2 天，一共 5 天。\n你打卡 2 天，再打 2 天就结营，后面还有 3 天。\n"
                "▸ 第 1–2 天 入门：2 天\n· 第 3–5 天 收官"
            )
        ]
        assert "这期的证书赶不上了" not in stage.last.text
        await stage.until("2026-05-07 09:00")
        assert "赶不上了，走到哪天都算自己的" in (await stage.says("阿哲", "/term"))[0]
        await walk(stage, "2026-05-07", "2026-05-08")
        assert "已经够了，往后都是赚的" in (await stage.says("小林", "学期"))[0]


async def test_how_far_one_is_takes_no_reading_of_everybody_s_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_stage(tmp_path) as stage:
        await opened(stage)
        await stage.says("班主任", FIVE_DAYS)
        await stage.says("阿哲", "请假 明天")
        await walk(stage, "2026-05-08")
        monkeypatch.delattr(absences, "on_leave")
        assert "你打卡 0 天" in (await stage.says("阿哲", "学期"))[0]


async def test_who_passes_gets_a_certificate_and_nobody_is_shamed(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await opened(stage)
        await stage.says("小林", "在吗", room=None)
        await stage.says("班主任", FIVE_DAYS)
        await walk(stage, "2026-05-04", names=("小林", "阿哲"))
        await walk(stage, "2026-05-05", "2026-05-06", "2026-05-07", "2026-05-08")
        await stage.until("2026-05-09 07:50")
        assert sorted(await stage.until("2026-05-09 08:10")) == sorted([OVER, PASSED])
        certificate = next(sent for sent in stage.platform.sent if sent.text == PASSED)
        assert certificate.place == "小林"
        assert certificate.picture is not None
        assert "还没有你的结营证书" in (await stage.says("阿哲", "证书"))[0]
        assert await stage.says("小林", "证书", room=None) == [PASSED]
        assert stage.last.picture is not None
        assert (
            "走完了，你打卡 5 天。结营证书回「证书」就能看。"
            in (await stage.says("小林", "学期", room=None))[0]
        )


async def test_the_button_in_the_room_is_for_those_who_cannot_be_written_to(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await opened(stage)
        await stage.says("班主任", FIVE_DAYS)
        await walk(stage, "2026-05-04", names=("小林", "阿哲"))
        await walk(stage, "2026-05-05", "2026-05-06", "2026-05-07", "2026-05-08")
        await stage.until("2026-05-09 07:50")
        assert await stage.until("2026-05-09 08:10") == [OVER]
        assert await stage.presses("小林", "领结营证书") == [PASSED]
        assert stage.last.picture is not None
        assert await stage.presses("阿哲", "领结营证书") == [
            "「晨读营」走完了，你打卡 1 天，都记在累计里。下期开营在群里说，座位给你留着。"
        ]
        assert await stage.presses("路人", "领结营证书") == [
            "还没有你的结营证书。走完一期就有，回「学期」看看这期到哪了。"
        ]
        assert "还没有你" in (await stage.presses_data("小林", "certificate:99999999999999999999"))[0]


async def test_where_all_would_read_it_nobody_is_told_what_they_lack(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await opened(stage)
        await stage.says("班主任", FIVE_DAYS)
        await walk(stage, "2026-05-04", names=("小林", "阿哲"))
        await walk(stage, "2026-05-05", "2026-05-06", "2026-05-07", "2026-05-08")
        await stage.until("2026-05-09 08:10")
        friend_first = ["这份只能悄悄说。先加我好友，再来一次就好。"]
        assert await stage.says("阿哲", "证书") == friend_first
        assert await stage.presses("路人", "领结营证书") == friend_first
        assert await stage.presses("小林", "领结营证书") == [PASSED]
        await stage.says("阿哲", "你好", room=None)
        assert "打卡 1 天，都记在累计里" in (await stage.presses("阿哲", "领结营证书"))[0]
        assert stage.last.place == "阿哲"


async def test_who_joins_late_needs_fewer_days(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await opened(stage)
        await stage.says("班主任", FIVE_DAYS)
        await stage.until("2026-05-06 08:00")
        await stage.joins("小美")
        await walk(stage, "2026-05-06", "2026-05-07", "2026-05-08", names=("小美",))
        await stage.until("2026-05-09 07:50")
        said = await stage.until("2026-05-09 08:10")
        assert said[0].startswith("「晨读营」5 天走完了。\n1 位同学来过，1 位结营：小美。")


FEWER = {
    "zh-Hans": ("放假请假 1 天，过线也少了 1 天。", "你来之前有 1 天，过线也少了 1 天。"),
    "zh-Hant": ("放假請假 1 天，門檻也少了 1 天。", "你來之前有 1 天，門檻也少了 1 天。"),
    "en": ("1 day off: you need 1 fewer day.", "1 day before you joined: you need 1 fewer day."),
}


@pytest.mark.parametrize("language", FEWER)
async def test_who_needs_fewer_days_is_told_why(tmp_path: Path, language: str) -> None:
    day_off, late = FEWER[language]
    async with a_stage(tmp_path, config=f'[bot]\nlanguage = "{language}"') as stage:
        await opened(stage)
        await stage.says("班主任", "学期 10天 通过10 从 今天")
        await walk(stage, "2026-05-04")
        assert day_off not in (await stage.says("小林", "/term"))[0]
        await stage.says("小林", "/leave 5-6")
        assert day_off in (await stage.says("小林", "/term"))[0].splitlines()
        await stage.until("2026-05-05 09:00")
        await stage.joins("小美")
        assert late in (await stage.says("小美", "/term"))[0].splitlines()


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-Hans", "7 位同学来过，甲、乙、丙、丁、戊 等 7 位结营。"),
        ("zh-Hant", "7 位同學來過，甲、乙、丙、丁、戊 等 7 位結營。"),
        ("en", "7 took part and 7 made it: 甲, 乙, 丙, 丁, 戊 and 2 more."),
    ],
)
async def test_many_who_pass_are_counted_once(tmp_path: Path, language: str, expected: str) -> None:
    async with a_stage(tmp_path, config=f'[bot]\nlanguage = "{language}"') as stage:
        await opened(stage)
        await stage.says("班主任", "学期 2天 通过2 从 今天")
        await walk(stage, "2026-05-04", "2026-05-05", names=("甲", "乙", "丙", "丁", "戊", "己", "庚"))
        await stage.until("2026-05-06 07:50")
        said = await stage.until("2026-05-06 08:10")
        assert any(expected in line for line in said)


async def test_a_term_that_nobody_passes_ends_kindly(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await opened(stage)
        await stage.says("阿哲", "在吗", room=None)
        await stage.says("班主任", FIVE_DAYS)
        await walk(stage, "2026-05-04", names=("阿哲",))
        await stage.until("2026-05-09 07:50")
        assert sorted(await stage.until("2026-05-09 08:10")) == [
            "「晨读营」5 天走完了。\n1 位同学一起走过，谢谢你们。歇一歇，下期见。",
            "「晨读营」走完了，你打卡 1 天，都记在累计里。下期开营在群里说，座位给你留着。",
        ]
        assert await stage.until("2026-05-12 12:00") == []


async def test_only_an_admin_calls_a_term_off(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await opened(stage)
        assert await stage.says("班主任", "学期 取消") == ["现在没有开着的学期。"]
        await stage.says("班主任", FIVE_DAYS)
        assert "真要停掉「晨读营」吗" in (await stage.says("班主任", "学期 取消"))[0]
        assert await stage.presses("小林", "停掉这一期") == ["这件事要请学习委员或管理员来做。"]
        assert "「晨读营」先不办了。打卡照常，累计的天数一天不少。" in await stage.presses(
            "班主任", "停掉这一期"
        )
        assert await stage.presses("班主任", "停掉这一期") == ["现在没有开着的学期。"]
        assert await stage.until("2026-05-10 12:00") == ["Delete"]


async def test_what_cannot_be_read_is_explained(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await opened(stage)
        for text, answer in (
            ("晨读营", "要开一期，照这样写："),
            ("900天", "「900」这个数不合适，1 到 366 之间就行。"),
            ("21天 从 32号", "「32号」是哪天我没认出来"),
            ("21天\n阶段 9 甲, 3 乙", "阶段要一段接一段"),
            ("5天 从 4-10", "这一期 4月14日 就走完了"),
        ):
            assert answer in (await stage.says("班主任", f"学期 {text}"))[0]


async def test_a_term_speaks_english_too(tmp_path: Path) -> None:
    async with a_stage(tmp_path, config='[bot]\nlanguage = "en"') as stage:
        await opened(stage)
        said = await stage.says("班主任", "/term 5 days pass 4 from today name Early Birds")
        assert said[0].startswith("“Early Birds” runs from May 4 to May 8.\nCheck in on 4 of 5 days")
        await walk(stage, "2026-05-04")
        assert await stage.says("小林", "/term") == [
            "“Early Birds”: day 1 of 5.\nYou have 1 day. 3 more and you have it; 4 days are left."
        ]
