"""A group that no bot is in takes part by its lists: dialogues of those who pass them on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from storage import communities
from storage.db import Transaction
from tests.stage import WECHAT, Stage, a_stage

HOME = "晨读班"
OWNER = "班主任"
LIST = "晨读接龙\n1. 小林 读完第三章\n2. 阿哲\n3. 米粒 ✅"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins(OWNER, "owner")
        await stage.says(OWNER, "/start", room=None)
        yield stage


async def asks(stage: Stage, text: str, **more: Any) -> str:
    """What the owner is answered in private."""
    said = await stage.says(OWNER, text, room=None, **more)
    return "\n".join(said)


async def rows(stage: Stage, sql: str) -> list[tuple[Any, ...]]:
    return await stage.engine.database.read(lambda tx: [tuple(row) for row in tx.all(sql, {})])


async def counted(stage: Stage) -> list[str]:
    """Who has a counted check-in, and for which day."""
    found = await rows(
        stage,
        "SELECT account.name, checkin.day FROM checkin JOIN account ON account.id = checkin.account"
        " WHERE checkin.standing = 'counted' ORDER BY checkin.day, account.id",
    )
    return [f"{name} {day[5:]}" for name, day in found]


async def a_class(stage: Stage, text: str = LIST) -> str:
    await asks(stage, "/byhand 晨读二班")
    return await asks(stage, text)


async def test_a_room_is_made_and_a_list_pasted_counts_at_once(stage: Stage) -> None:
    assert "晨读二班 建好了" in await asks(stage, "/byhand 晨读二班")
    said = await asks(stage, LIST)
    assert "晨读二班，5月4日「打卡」" in said
    assert "记上 3 位：小林、阿哲、米粒" in said
    assert "新同学 3 位：1. 小林、2. 阿哲、3. 米粒" in said
    assert await counted(stage) == ["小林 05-04", "阿哲 05-04", "米粒 05-04"]
    assert await rows(stage, "SELECT note, way FROM checkin ORDER BY account") == [
        ("读完第三章", "byhand"),
        ("", "byhand"),
        ("", "byhand"),
    ]


async def test_a_longer_version_adds_only_what_is_new(stage: Stage) -> None:
    await a_class(stage)
    said = await asks(stage, f"{LIST}\n4. 周周")
    assert "记上 1 位：周周" in said
    assert "之前记过 3 位" in said
    assert "没有新的要记" in await asks(stage, f"{LIST}\n4. 周周")
    assert len(await counted(stage)) == 4
    assert await rows(stage, "SELECT count(*) FROM account WHERE platform = 'byhand'") == [(4,)]


async def test_one_undo_takes_back_just_what_a_list_did(stage: Stage) -> None:
    await a_class(stage)
    await asks(stage, f"{LIST}\n4. 周周 请假\n5. 大力")
    assert len(await counted(stage)) == 4
    await asks(stage, "/undo")
    await stage.presses(OWNER, "撤回", room=None)
    assert await counted(stage) == ["小林 05-04", "阿哲 05-04", "米粒 05-04"]
    assert await rows(stage, "SELECT count(*) FROM leave") == [(0,)]
    await stage.presses(OWNER, "还是按改的来", room=None)
    assert len(await counted(stage)) == 4
    assert await rows(stage, "SELECT count(*) FROM leave") == [(1,)]


async def test_the_button_takes_the_list_back_at_once(stage: Stage) -> None:
    await a_class(stage)
    await stage.presses(OWNER, "撤回这份", room=None)
    assert await counted(stage) == []
    assert await rows(
        stage,
        "SELECT DISTINCT role FROM membership JOIN room ON room.id = membership.room"
        " WHERE room.bot = 'byhand'",
    ) == [("left",)]
    assert "记上 3 位" in await asks(stage, LIST)
    assert await rows(stage, "SELECT count(*) FROM account WHERE platform = 'byhand'") == [(3,)]


async def test_streaks_and_totals_go_on_from_day_to_day(stage: Stage) -> None:
    await a_class(stage)
    await stage.until("2026-05-05 21:00")
    await asks(stage, LIST)
    assert await rows(stage, "SELECT DISTINCT current, total FROM streak") == [(2, 2)]


async def test_a_doubtful_name_waits_for_a_tap(stage: Stage) -> None:
    await a_class(stage)
    await stage.until("2026-05-05 21:00")
    said = await asks(stage, "晨读接龙\n1. 小林同学 早\n2. 阿哲\n3. 有人吗？")
    assert "拿不准 1 行：1. 小林同学（是小林吗？）" in said
    assert "没看懂 1 行：3. 有人吗？" in said
    assert await counted(stage) == ["小林 05-04", "阿哲 05-04", "米粒 05-04", "阿哲 05-05"]
    await stage.presses(OWNER, "小林同学 就是小林", room=None)
    assert "小林 05-05" in await counted(stage)
    await stage.until("2026-05-06 21:00")
    assert "记上 1 位：小林同学" in await asks(stage, "晨读接龙\n1. 小林同学")
    assert "小林 05-06" in await counted(stage)


async def test_what_is_for_somebody_else_or_another_day_waits_to_be_corrected(stage: Stage) -> None:
    await a_class(stage)
    await stage.until("2026-05-05 21:00")
    said = await asks(stage, "晨读接龙\n1. 小林\n2. 阿哲（补昨天）\n3. 代 大头 打卡\n4. 老王（补前天）")
    assert "没看懂 3 行：2. 阿哲（补昨天）；3. 代 大头 打卡；4. 老王（补前天）" in said
    assert (await counted(stage))[3:] == ["小林 05-05"]
    await asks(stage, "改 2 不是，3 大头，4 新")
    assert (await counted(stage))[3:] == ["小林 05-05", "大头 05-05", "老王 05-05"]


async def test_a_doubtful_name_may_be_somebody_new(stage: Stage) -> None:
    await a_class(stage)
    await asks(stage, "晨读接龙\n1. 小林同学")
    await stage.presses(OWNER, "小林同学是新同学", room=None)
    assert "小林同学 05-04" in await counted(stage)


@pytest.mark.parametrize("said", ["2=小林", "改 2 小林", "第2行是小林", "2＝小林"])
async def test_a_line_is_corrected_by_a_short_answer(stage: Stage, said: str) -> None:
    await a_class(stage)
    await stage.until("2026-05-05 21:00")
    await asks(stage, "晨读接龙\n1. 阿哲\n2. 林林总总")
    assert "记上 2 位：阿哲、小林" in await asks(stage, said)
    assert [one for one in await counted(stage) if "05-05" in one] == ["小林 05-05", "阿哲 05-05"]
    await stage.until("2026-05-06 21:00")
    await asks(stage, "晨读接龙\n1. 林林总总")
    assert "小林 05-06" in await counted(stage)


async def test_a_correction_is_taken_back_alone(stage: Stage) -> None:
    await a_class(stage)
    await asks(stage, "3 不是")
    assert await counted(stage) == ["小林 05-04", "阿哲 05-04"]
    await asks(stage, "/undo")
    await stage.presses(OWNER, "撤回", room=None)
    assert await counted(stage) == ["小林 05-04", "阿哲 05-04", "米粒 05-04"]


async def test_after_corrections_one_undo_still_takes_the_whole_list(stage: Stage) -> None:
    await a_class(stage)
    await asks(stage, "3=大力")
    assert await counted(stage) == ["小林 05-04", "阿哲 05-04", "大力 05-04"]
    await stage.presses(OWNER, "撤回这份", room=None)
    assert await counted(stage) == []


async def test_somebody_known_from_another_room_is_meant(stage: Stage) -> None:
    await stage.says("xiaolin", "大家好")
    await a_class(stage, "晨读接龙\n1. 小林")
    assert "没找到 @nobody" in await asks(stage, "1=@nobody")
    await asks(stage, "1=xiaolin")
    assert await rows(
        stage,
        "SELECT platform, name FROM account JOIN checkin ON checkin.account = account.id"
        " WHERE checkin.standing = 'counted'",
    ) == [("stage", "xiaolin")]
    await stage.until("2026-05-05 21:00")
    await asks(stage, "晨读接龙\n1. 小林")
    assert await counted(stage) == ["xiaolin 05-04", "xiaolin 05-05"]


async def test_the_day_is_that_of_the_title_or_of_the_command(stage: Stage) -> None:
    await asks(stage, "/byhand 晨读二班")
    assert "5月2日" in await asks(stage, "5月2日晨读接龙\n1. 小林")
    assert "5月3日" in await asks(stage, "/record 晨读二班 昨天\n小林\n阿哲")
    assert await counted(stage) == ["小林 05-02", "小林 05-03", "阿哲 05-03"]
    assert "只能记最近 31 天的" in await asks(stage, "2月2日晨读接龙\n1. 小林")


async def test_the_list_may_follow_the_command(stage: Stage) -> None:
    await asks(stage, "/byhand 晨读二班")
    assert "10 分钟内" in await asks(stage, "/record")
    assert "记上 2 位：小林、阿哲" in await asks(stage, "小林、阿哲")
    assert "帮助" not in await asks(stage, "小林、阿哲、米粒")
    assert len(await counted(stage)) == 2


async def test_of_several_rooms_the_title_tells_or_it_is_asked(stage: Stage) -> None:
    await asks(stage, "/byhand 晨读二班")
    await asks(stage, "/byhand 晨读三班")
    assert "晨读三班，" in await asks(stage, "晨读三班接龙\n1. 小林")
    assert "哪个群" in await asks(stage, "今日接龙\n1. 阿哲")
    assert "晨读二班，" in "\n".join(await stage.presses(OWNER, "晨读二班", room=None))
    assert "哪个群" in await asks(stage, "今日接龙\n1. 大力")
    assert "晨读三班，" in await asks(stage, "/record 晨读三班")
    assert len(await counted(stage)) == 3
    assert "没认出是哪个手记群" in await asks(stage, "/record 五班\n小林")


async def test_of_several_tasks_the_title_tells_or_it_is_asked(stage: Stage) -> None:
    await asks(stage, "/task 添加 运动")
    await asks(stage, "/byhand 晨读二班")
    assert "「运动」" in await asks(stage, "运动接龙\n1. 小林")
    assert "哪个打卡" in await asks(stage, "今日接龙\n1. 小林")
    assert "「打卡」" in "\n".join(await stage.presses(OWNER, "打卡", room=None))
    assert "「运动」" in await asks(stage, "/record 晨读二班 运动\n阿哲\n米粒")
    assert len(await counted(stage)) == 4


async def test_leave_and_what_was_not_done_are_no_check_ins(stage: Stage) -> None:
    said = await a_class(stage, "晨读接龙\n1. 小林\n2. 阿哲 请假\n3. 米粒 未打卡\n4. ~~周周~~\n5. 小林")
    assert "请假 1 位：阿哲" in said
    assert "写明没做 2 位" in said
    assert "只算一次：小林" in said
    assert await counted(stage) == ["小林 05-04"]
    assert await rows(stage, "SELECT first, last FROM leave") == [("2026-05-04", "2026-05-04")]


async def test_what_a_leader_refused_stays_refused(stage: Stage) -> None:
    await a_class(stage)
    await stage.engine.database.write(
        lambda tx: tx.run("UPDATE checkin SET standing = 'withdrawn', decided_by = 1 WHERE account = 2", {})
    )
    await asks(stage, LIST)
    assert await counted(stage) == ["阿哲 05-04", "米粒 05-04"]


async def test_a_list_of_members_tells_who_came_and_who_left(stage: Stage) -> None:
    await a_class(stage)
    said = await asks(stage, "晨读二班成员名单：\n小林\n阿哲\n大力")
    assert "进来 1 位：大力" in said
    assert "不在了 1 位：米粒" in said
    assert "本来就在 2 位" in said
    assert len(await counted(stage)) == 3
    await stage.presses(OWNER, "撤回这份", room=None)
    here = await rows(
        stage,
        "SELECT account.name FROM membership JOIN account ON account.id = membership.account"
        " WHERE role = 'member' AND platform = 'byhand' ORDER BY account.id",
    )
    assert here == [("小林",), ("阿哲",), ("米粒",)]


async def test_a_list_on_which_most_are_missing_is_asked_about(stage: Stage) -> None:
    names = [f"同学{number}号" for number in range(10, 20)]
    await a_class(
        stage, "\n".join(["晨读接龙", *(f"{place}. {name}" for place, name in enumerate(names, 1))])
    )
    assert "少了 9 位" in await asks(stage, f"/record 晨读二班 名单\n{names[0]}\n大力")
    assert "不在了 9 位" in "\n".join(await stage.presses(OWNER, "是整份", room=None))


async def test_nothing_is_ever_said_there(stage: Stage) -> None:
    await a_class(stage)
    await stage.until("2026-05-06 12:00")
    assert await rows(
        stage, "SELECT count(*) FROM outbox JOIN room ON room.id = outbox.room WHERE room.bot = 'byhand'"
    ) == [(0,)]
    assert await rows(stage, "SELECT count(*) FROM dead_letter") == [(0,)]
    assert await rows(stage, "SELECT count(*) FROM room WHERE bot = 'byhand' AND kind = 'private'") == [(0,)]


async def test_it_is_among_the_rooms_and_no_trouble(stage: Stage) -> None:
    await asks(stage, "/byhand 晨读二班")
    assert "群里没有班长，还没记过" in await asks(stage, "/rooms")
    await asks(stage, LIST)
    assert "群里没有班长，刚记过" in await asks(stage, "/rooms")
    await stage.presses(OWNER, "晨读二班", room=None)
    assert "/byhand 晨读二班" in stage.last.text
    assert "晨读二班" not in await asks(stage, "/doctor")


async def test_it_is_renamed_moved_and_ended(stage: Stage) -> None:
    await a_class(stage)
    assert "改叫「晨读三班」" in await asks(stage, "/byhand 晨读二班 > 晨读三班")
    assert "第 1 层" in await asks(stage, "/byhand 晨读三班")
    assert "第 3 层" in "\n".join(await stage.presses(OWNER, "3 层", room=None))
    assert "不再记了" in await asks(stage, "/byhand 晨读三班 结束")
    assert "还没有手记群" in await asks(stage, "/record\n小林\n阿哲")
    await asks(stage, "/undo")
    await stage.presses(OWNER, "撤回", room=None)
    assert "晨读三班" in await asks(stage, "/byhand")
    assert "已经有群叫" in await asks(stage, "/byhand 晨读三班 > 晨读班")
    assert "里有班长" in await asks(stage, "/byhand 晨读班")


async def test_members_may_neither_make_rooms_nor_pass_lists_on(stage: Stage) -> None:
    await asks(stage, "/byhand 晨读二班")
    await stage.says("小林", "/start", room=None)
    await stage.says("小林", "/byhand 三班", room=None)
    await stage.says("小林", "/record 晨读二班\n阿哲\n米粒", room=None)
    await stage.says("小林", LIST, room=None)
    assert [one for one in await counted(stage) if not one.startswith("小林")] == []
    assert await rows(stage, "SELECT count(*) FROM room WHERE bot = 'byhand'") == [(1,)]


async def test_in_a_room_of_members_the_answer_goes_private(stage: Stage) -> None:
    await asks(stage, "/byhand 晨读二班")
    await stage.says(OWNER, "/record 晨读二班\n小林\n阿哲")
    assert stage.last.place == OWNER
    assert "记上 2 位" in stage.last.text


async def test_hostile_lists_do_no_harm(stage: Stage) -> None:
    await asks(stage, "/byhand 晨读二班")
    said = await asks(stage, "接龙\n1. <b>小林</b>\n2. =SUM(A1)\n3. \u202e阿哲\u202c\n4. " + "长" * 500)
    assert "没看懂 3 行" in said
    assert await counted(stage) == ["阿哲 05-04"]
    same = "\n".join(["晨读接龙", *["1. 小林"] * 400])
    assert "记上 1 位" in await asks(stage, same)
    many = "\n".join(f"{number}. 同学{number}号" for number in range(1, 900))
    assert "一次最多 600 位" in await asks(stage, f"/record 晨读二班\n{many}")
    assert len(await counted(stage)) == 2


async def test_five_hundred_lines_are_one_batch(stage: Stage) -> None:
    await asks(stage, "/byhand 晨读二班")
    many = "\n".join(f"{number}. 同学{number}号" for number in range(1, 501))
    assert "记上 500 位" in await asks(stage, f"/record 晨读二班\n{many}")
    assert len(await counted(stage)) == 500


async def test_what_is_forwarded_is_a_list_where_ones_own_words_are_none(stage: Stage) -> None:
    await asks(stage, "/byhand 晨读二班")
    own = "打卡\n今天读了三页\n收获很大"
    await asks(stage, own)
    assert await counted(stage) == ["班主任 05-04"]
    assert "记上 3 位" in await asks(stage, "今日打卡：小林、阿哲、米粒", forwarded=True)


async def test_the_chinese_word_takes_long_lists_too(stage: Stage) -> None:
    await asks(stage, "/byhand 晨读二班")
    many = "\n".join(f"{number}. 同学{number}号" for number in range(1, 61))
    assert "记上 60 位" in await asks(stage, f"录入 晨读二班\n{many}")
    assert "记上 1 位：小林" in await asks(stage, "录入 晨读二班 昨天\n小林")


async def test_nobody_is_asked_to_pass_on_what_is_meant_for_them(stage: Stage) -> None:
    await a_class(stage)
    await asks(stage, "/role 阿哲 组长")
    before = len(stage.platform.sent)
    await stage.until("2026-05-06 12:00")
    assert not [one for one in stage.platform.sent[before:] if "阿哲" in one.text and "转" in one.text]
    assert await rows(stage, "SELECT count(*) FROM nudge") == [(0,)]


async def test_a_day_without_a_list_counts_against_nobody_until_one_comes(stage: Stage) -> None:
    streak = (
        "SELECT account.name, current FROM streak JOIN account ON account.person = streak.person ORDER BY 1"
    )
    await a_class(stage, "晨读接龙\n1. 小林\n2. 阿哲")
    for day in ("2026-05-05 21:00", "2026-05-06 21:00"):
        await stage.until(day)
    await asks(stage, "晨读接龙\n1. 小林\n2. 阿哲")
    assert await rows(stage, streak) == [("小林", 2), ("阿哲", 2)]
    await asks(stage, "/record 晨读二班 昨天\n小林")
    assert await rows(stage, streak) == [("小林", 3), ("阿哲", 1)]
    await stage.presses(OWNER, "撤回这份", room=None)
    assert await rows(stage, streak) == [("小林", 2), ("阿哲", 2)]


async def test_who_is_missing_is_told_once_a_list_has_come(stage: Stage) -> None:
    await a_class(stage, "晨读接龙\n1. 小林\n2. 阿哲")
    await stage.until("2026-05-05 21:00")
    assert "阿哲" not in await asks(stage, "/digest")
    await asks(stage, "晨读接龙\n1. 小林")
    assert "阿哲" in await asks(stage, "/digest")


async def test_in_the_staff_room_one_passes_on_and_another_corrects(stage: Stage) -> None:
    await stage.opens("管理群")
    home, staff = await rows(stage, "SELECT id, community FROM room WHERE kind = 'group' ORDER BY id")

    def marked(tx: Transaction) -> None:
        tx.run("UPDATE room SET community = :home WHERE id = :room", {"home": home[1], "room": staff[0]})
        communities.set_staff_room(tx, home[1], staff[0])

    await stage.engine.database.write(marked)
    stage.engine.pipeline.memory.clear()
    await stage.joins(OWNER, "owner", "管理群")
    await stage.says("组长甲", "早")
    await stage.says("组长甲", "早", room="管理群")
    await asks(stage, "/role 组长甲 组长")
    await asks(stage, "/byhand 晨读二班")
    said = "\n".join(await stage.says("组长甲", LIST, room="管理群"))
    assert "记上 3 位" in said
    said = "\n".join(await stage.says(OWNER, "2 不是", room="管理群"))
    assert "记上 2 位：小林、米粒" in said
    await stage.says("路过", "3 不是", room="管理群")
    await stage.says("组长甲", "3 点开会", room="管理群")
    assert await counted(stage) == ["小林 05-04", "米粒 05-04"]


async def test_before_members_not_even_a_mistake_is_told(stage: Stage) -> None:
    await asks(stage, "/byhand 晨读二班")
    await asks(stage, "/byhand 晨读三班")
    before = len(stage.platform.sent)
    for text in (
        "/record 五班\n小林",
        "/record 晨读二班\n？？？",
        "/byhand 晨读二班 > 晨读三班",
        "/record",
        "/byhand",
    ):
        await stage.says(OWNER, text)
    assert {one.place for one in stage.platform.sent[before:]} == {OWNER}
    before = len(stage.platform.sent)
    await stage.says(OWNER, LIST)
    await stage.says(OWNER, "3 不是")
    assert not [one for one in stage.platform.sent[before:] if "记上 3 位" in one.text]


async def test_what_it_counts_is_seen_like_any_other(stage: Stage) -> None:
    await a_class(stage)
    top = "\n".join(await stage.says(OWNER, "/top", room=None))
    assert "小林" in top
    await asks(stage, "/export")
    assert stage.last.file is not None
    assert await rows(stage, "SELECT count(*) FROM checkin WHERE proof = '' AND standing = 'counted'") == [
        (3,)
    ]


async def test_a_task_that_asks_for_a_picture_counts_by_the_leaders_word(stage: Stage) -> None:
    await asks(stage, "/task 打卡 图片")
    await a_class(stage)
    assert len(await counted(stage)) == 3


async def test_a_list_that_came_in_two_messages_is_one(stage: Stage) -> None:
    await a_class(stage)
    assert "记上 2 位：周周、大力" in await asks(stage, "4. 周周 早\n5. 大力 早")
    await stage.until("2026-05-04 09:05")
    await asks(stage, "6. 买菜\n7. 做饭")
    assert len(await counted(stage)) == 5


async def test_a_sign_up_list_is_no_list_of_check_ins(stage: Stage) -> None:
    await asks(stage, "/byhand 晨读二班")
    await asks(stage, "周六聚餐接龙\n1. 小林\n2. 阿哲")
    await asks(stage, "班服尺码统计 接龙\n1. 小林 L\n2. 阿哲 M")
    assert await counted(stage) == []


async def test_where_there_are_no_buttons_numbers_decide(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await stage.opens()
        await stage.joins(OWNER, "owner")
        await stage.says(OWNER, "你好", room=None)
        await a_class(stage)
        await stage.until("2026-05-05 21:00")
        await asks(stage, "录入 晨读二班\n小林同学\n阿哲")
        await stage.presses(OWNER, "小林同学 就是小林", room=None)
        assert [one for one in await counted(stage) if "05-05" in one] == ["小林 05-05", "阿哲 05-05"]
        await stage.presses(OWNER, "撤回这份", room=None)
        assert [one for one in await counted(stage) if "05-05" in one] == []
