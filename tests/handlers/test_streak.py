"""One's own days, as dialogues: streak, month, year, and sharing them."""

from pathlib import Path

from storage.db import Transaction
from tests.stage import Stage, a_stage

FRESH = "你的日历还是新的。发一句「打卡」，第一格就亮了。"


async def week(stage: Stage, *days: int, month: str = "2026-05") -> None:
    """小林 checks in at nine on these days."""
    for day in days:
        await stage.until(f"{month}-{day:02} 09:00")
        await stage.says("小林", "打卡")


async def test_before_the_first_check_in(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        assert await stage.says("小林", "连续") == [FRESH]
        assert stage.last.picture is None
        assert await stage.says("小林", "/year") == [FRESH]


async def test_the_month_in_words_and_as_a_picture(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await week(stage, 4, 5, 6, 7, 8, 9, 10, 11)
        assert await stage.says("小林", "我的打卡", room=None) == [
            "连续 8 天，累计 8 天，最长 8 天。\n手里有 1 张保护卡，偶尔落一天它会顶上。\n5 月：打卡 8 天。"
        ]
        assert stage.last.place == "小林"
        assert stage.last.picture is not None
        assert list(stage.last.buttons) == ["看这一年", "发到群里"]


async def test_what_each_day_was(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await week(stage, 4, 5, 6, 7, 8, 9, 10)
        await week(stage, 12)
        await stage.says("小林", "请假 13号")
        await stage.until("2026-05-15 09:00")
        await stage.says("小林", "补卡 14号 读完了第三章")
        await week(stage, 15)
        assert (await stage.says("小林", "连续", room=None))[0] == (
            "连续 10 天，累计 10 天，最长 10 天。\n5月11日空着，保护卡帮你接上了。\n"
            "5 月：打卡 10 天（补卡 1），请假 1 天，保护卡用了 1 张。"
        )


async def test_a_broken_streak_is_not_the_end(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await week(stage, 4, 5)
        await stage.until("2026-05-10 09:00")
        assert (await stage.says("小林", "连续", room=None))[0] == (
            "累计 2 天，最长连续 2 天。再打一次，新的一串就开始了。\n5 月：打卡 2 天。"
        )


async def test_turning_the_pages(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-30 08:00") as stage:
        await stage.opens()
        await week(stage, 30, 31)
        await week(stage, 1, 2, month="2026-06")
        await stage.says("小林", "连续", room=None)
        assert list(stage.last.buttons) == ["‹ 5 月", "看这一年", "发到群里"]
        said = await stage.presses("小林", "‹ 5 月", room=None)
        assert "2026 年 5 月：打卡 2 天。" in said
        assert list(stage.last.buttons) == ["6 月 ›", "看这一年", "发到群里"]
        said = await stage.presses("小林", "看这一年", room=None)
        assert "连续 4 天，累计 4 天，最长 4 天。\n2026 年：打卡 4 天。\n5 月 2 天，6 月 2 天" in said
        assert stage.last.picture is not None
        assert "6 月：打卡 2 天" in (await stage.presses("小林", "看 6 月", room=None))[-1]


async def test_hostile_buttons_do_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await week(stage, 4)
        gone = ["这个选项放太久了，重新发一次命令就好。"]
        for data in ("", "share:", "2026-13", "9999", "2027-01", "2026-05-04", "-1", "share:'; --", "٢٠٢٦"):
            assert await stage.presses_data("小林", f"streak:{data}", room=None) == gone, data


async def test_sharing_is_ones_own_wish_and_once_a_day(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await week(stage, 4, 5)
        await stage.says("小林", "连续", room=None)
        shared = "小林的 5 月：打卡 2 天，连续 2 天，累计 2 天。"
        assert set(await stage.presses("小林", "发到群里", room=None)) == {"发到「晨读班」了。", shared}
        posted = next(sent for sent in stage.platform.sent if sent.text == shared)
        assert (posted.place, posted.picture is None) == ("晨读班", False)
        assert await stage.presses("小林", "发到群里", room=None) == ["今天已经发过一张啦，明天再晒。"]
        await week(stage, 6)
        await stage.says("小林", "年历", room=None)
        assert "小林的 2026 年：打卡 3 天，最长连续 3 天。" in await stage.presses(
            "小林", "发到群里", room=None
        )


async def test_in_a_room_it_is_for_the_one_who_asked(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await week(stage, 4)
        assert len(await stage.says("小林", "连续")) == 1
        assert await stage.until("2026-05-04 09:02") == ["Delete"]
        await stage.says("小林", "在吗", room=None)
        await stage.says("小林", "打卡日历")
        assert stage.last.place == "小林"
        assert await stage.says("", "/streak", sender=None, as_admin=True) == [
            "匿名的时候我认不出是谁，用自己的名字再发一次就好。"
        ]


async def test_another_language(tmp_path: Path) -> None:
    async with a_stage(tmp_path, config='[bot]\nlanguage = "en"') as stage:
        await stage.opens()
        await week(stage, 4)
        assert await stage.says("小林", "/streak", room=None) == [
            "1 day in a row, 1 in all, 1 at the longest.\nMay: 1 day done."
        ]
        assert list(stage.last.buttons) == ["The year", "Share in the group"]


async def test_one_persons_days_are_read_by_their_index(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()

        def plan(tx: Transaction) -> str:
            return tx.plan(
                "SELECT min(checkin.day) FROM account JOIN checkin"
                " ON checkin.community = :community AND checkin.account = account.id"
                " WHERE account.person = :person AND checkin.standing = 'counted'",
                {"community": 1, "person": 1},
            )

        assert "SCAN" not in await stage.engine.database.read(plan)
