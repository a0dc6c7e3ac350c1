"""The flows of a study group as WeChat members live them: numbers, names, private chats with contacts."""

import re
from pathlib import Path

from bot.core.actions import Say
from bot.core.errors import RetryLater
from storage import people
from tests.stage import WECHAT, Stage, a_stage

CLASS, STAFF = "晨读班", "管理群"


async def a_class(stage: Stage) -> None:
    """A class that is set up, its owner, who is a contact, and a staff room."""
    await stage.opens(rights=("read",))
    await stage.joins("班主任", "owner")
    await stage.says("班主任", "你好", room=None)
    await stage.presses("班主任", "就这样，挺好")
    await stage.opens(STAFF, rights=("read",))
    await stage.joins("班主任", "owner", STAFF)
    await stage.says("班主任", "/staffroom", room=STAFF)
    stage.clock.move_to(stage.clock.now() + 2 * 3_600_000)


def mentioned(stage: Stage) -> str | None:
    assert isinstance(stage.last.action, Say)
    return stage.last.action.mention


async def test_the_set_up_from_the_first_word_to_the_last(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        [hello] = await stage.opens(rights=("read",))
        assert "直接说「打卡」，或者选「打卡」。" in hello
        assert "权限" not in hello
        assert hello.endswith("回复数字：1 打卡 · 2 就这样，挺好 · 3 一步步来")
        await stage.joins("班主任", "owner")
        assert (await stage.says("班主任", "3"))[0].startswith("1/4")
        assert (await stage.presses("班主任", "简体中文"))[0].startswith("2/4")
        assert (await stage.presses("班主任", "北京"))[0].startswith("3/4")
        assert (await stage.presses("班主任", "全天"))[0].startswith("4/4")
        [done] = await stage.presses("班主任", "好了")
        assert done.startswith("安顿好了。")
        assert "或者选下面的「打卡」，就记上了" in done


async def test_check_ins_are_acknowledged_together_at_most_every_few_minutes(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await a_class(stage)
        assert await stage.says("小林", "打卡") == []
        assert await stage.until("2026-05-04 11:01") == ["记上了，小林。累计 1 天。"]
        assert mentioned(stage) == "小林"
        for name in ("阿哲", "小美"):
            assert await stage.says(name, "打卡") == []
        assert await stage.until("2026-05-04 11:02") == []
        assert await stage.says("小吴", "打卡") == []
        assert await stage.until("2026-05-04 11:04") == ["阿哲、小美、小吴，都记上了。"]
        assert mentioned(stage) is None


async def test_who_checks_in_while_a_line_is_held_up_waits_for_the_next(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await a_class(stage)
        for name in ("小林", "阿哲"):
            await stage.says(name, "打卡")
        stage.platform.faults = [RetryLater("flood", 60)]
        assert await stage.until("2026-05-04 11:01") == []
        for name in ("小美", "小吴"):
            assert await stage.says(name, "打卡") == []
        assert await stage.until("2026-05-04 11:03") == ["小林、阿哲，都记上了。"]
        assert await stage.until("2026-05-04 11:06") == ["小美、小吴，都记上了。"]


async def test_the_more_lines_an_hour_brings_the_longer_they_gather(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await a_class(stage)
        before = len(stage.platform.sent)
        for minute in range(60):
            await stage.until(f"2026-05-04 12:{minute:02}")
            await stage.says(f"同学{minute}", "打卡")
        await stage.until("2026-05-04 13:30")
        texts = [sent.text for sent in stage.platform.sent[before:]]
        assert len(texts) <= 8
        assert all(
            any(f"同学{minute}" in re.split("[、，。]", text) for text in texts) for minute in range(60)
        )


async def test_a_room_may_want_an_answer_to_each(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT, config="[talk]\ngather_minutes = 0") as stage:
        await a_class(stage)
        assert await stage.says("小林", "打卡") == ["记上了，小林。累计 1 天。"]


async def test_two_open_tasks_are_told_apart_by_number(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await a_class(stage)
        await stage.says("班主任", "加任务 晚读")
        assert await stage.says("小林", "打卡") == ["记给哪一项？\n\n回复数字：1 打卡 · 2 晚读"]
        assert mentioned(stage) == "小林"
        assert await stage.says("阿哲", "打卡") == ["记给哪一项？\n\n回复数字：3 打卡 · 4 晚读"]
        assert await stage.says("阿哲", "1") == []
        assert await stage.says("小林", "2") == []
        assert await stage.says("小林", "1") == []
        assert await stage.until("2026-05-04 11:01") == ["记上了，小林。累计 1 天。"]


async def test_ones_own_numbers_are_for_contacts_in_private(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await a_class(stage)
        await stage.says("小林", "打卡")
        await stage.until("2026-05-04 11:01")
        assert (await stage.says("小林", "我的"))[0].startswith("小林，你的活跃分")
        assert (stage.last.place, mentioned(stage)) == (CLASS, "小林")
        await stage.says("小林", "你好", room=None)
        assert (await stage.says("小林", "我的"))[0].startswith("小林，你的活跃分")
        assert (stage.last.place, mentioned(stage)) == ("小林", None)
        assert (await stage.says("小林", "2", room=None))[0].startswith("最近的天在前")


async def test_a_ranking_in_the_room_tells_nobodys_own_place(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await a_class(stage)
        for name in ("小林", "阿哲", "小美", "小吴", "小周"):
            await stage.says(name, "打卡")
        await stage.until("2026-05-04 11:02")
        [ranking] = await stage.says("小周", "排行")
        assert "只有你看得到" not in ranking
        [again] = await stage.presses("小周", "今日")
        assert again.startswith("今日")
        assert "你" not in again.replace("私聊我", "")
        await stage.says("小周", "你好", room=None)
        assert (await stage.presses("小周", "总榜"))[0].startswith("一路走来")
        assert stage.last.place == "小周"


async def test_settings_are_turned_page_by_page(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await a_class(stage)
        assert (await stage.says("班主任", "设置"))[0].startswith("「晨读班」这个群")
        assert stage.last.place == "班主任"
        number = stage.number_of("晚间小结")
        assert "晚上说什么：报人数" in (await stage.says("班主任", str(number), room=None))[0]
        [page] = await stage.presses("班主任", "晚上说什么", room=None)
        assert page.startswith("改好了\n\n「晨读班」这个群 · 晚间小结")
        assert "晚上说什么：带名字" in page


async def test_staff_without_a_private_chat_is_told_how_to_get_one(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await stage.opens(rights=("read",))
        await stage.joins("班主任", "owner")
        assert await stage.says("班主任", "/settings") == ["这份只能悄悄说。先加我好友，再来一次就好。"]


async def test_what_is_proposed_is_decided_by_number_in_the_staff_room(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await a_class(stage)
        for name in ("小李", "小周"):
            await stage.says(name, "我今天跑步打卡了一次")
        await stage.until("2026-05-04 12:30")
        assert stage.last.place == STAFF
        first = stage.number_of("准")
        [decided] = await stage.says("班主任", str(first), room=STAFF)
        assert decided.startswith("好，准了。")
        assert "→ 准了（班主任）" in decided
        assert await stage.says("班主任", str(first + 1), room=CLASS) == []


async def test_what_one_decided_the_others_numbers_decide_no_more(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await stage.opens(rights=("read",))
        for who in ("班主任", "副班"):
            await stage.joins(who, "owner")
            await stage.says(who, "你好", room=None)
        for name in ("小李", "小周"):
            await stage.says(name, "我今天跑步打卡了一次")
        await stage.until("2026-05-04 10:30")
        assert {sent.place for sent in stage.platform.sent[-2:]} == {"班主任", "副班"}
        [decided] = await stage.says("班主任", "1", room=None)
        assert "→ 准了（班主任）" in decided
        assert await stage.says("副班", "1", room=None) == ["没有这个数字。照上面列的回一个就好。"]
        [decided] = await stage.says("副班", "4", room=None)
        assert decided.count("→ 准了") == 2


async def test_a_change_is_taken_back_by_numbers(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await a_class(stage)
        await stage.says("小林", "早")
        assert await stage.says("班主任", "/role 小林 组长", room=STAFF)
        await stage.says("班主任", "记录", room=STAFF)
        assert (await stage.presses("班主任", "撤回 #", room=STAFF))[0].startswith("要撤回这一步吗？")
        assert (await stage.presses("班主任", "撤回这一步", room=STAFF))[0].startswith(
            "好了，回到了原来的样子"
        )


async def test_a_choice_of_language(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await a_class(stage)
        await stage.says("小林", "/language")
        assert await stage.presses("小林", "English") == ["好，以后私下跟你说 English。"]
        await stage.says("小林", "hello", room=None)
        assert (await stage.says("小林", "9", room=None))[0].startswith("Those choices have been put away")


async def test_a_sign_up_list_is_not_said_again_for_each(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await a_class(stage)
        assert (await stage.says("班主任", "接龙报名 周末徒步 3"))[0].endswith("回复数字：1 报名 / 取消")
        for place, name in enumerate(("小林", "阿哲"), 1):
            assert await stage.says(name, "1") == [f"「周末徒步」第 {place} 位，给你留好了。"]
        assert await stage.says("小林", "1") == ["「周末徒步」帮你取消了，改主意再选一次就好。"]


async def test_what_is_sent_back_is_passed_on_to_who_is_no_contact(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await a_class(stage)
        await stage.says("小林", "打卡 读了", native="77")
        await stage.until("2026-05-04 11:01")
        author = stage.sender("小林")
        for said in await stage.says("班主任", "打回 再写两句", reply_to="77", reply_sender=author):
            assert "再写两句" not in said
        told = await stage.until("2026-05-04 13:00")
        assert [sent for sent in told if "再写两句" in sent] == [stage.last.text]
        assert stage.last.place == STAFF
        assert "小林（晨读班）" in stage.last.text


async def test_the_evening_names_nobody_who_did_not_come(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await a_class(stage)
        for name in ("小林", "阿哲", "小美"):
            await stage.says(name, "打卡")
        await stage.says("小周", "早")
        await stage.until("2026-05-04 22:00")
        in_class = [sent for sent in stage.platform.sent if sent.place == CLASS]
        assert all("小周" not in sent.text for sent in in_class)
        assert all(isinstance(sent.action, Say) for sent in stage.platform.sent)


async def test_a_contact_gone_is_not_written_to(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await a_class(stage)
        await stage.says("小林", "你好", room=None)

        def closed(tx: object) -> None:
            account = people.by_native(tx, "stage", "小林")  # type: ignore[arg-type]
            assert account is not None
            people.set_direct(tx, account.id, "closed")  # type: ignore[arg-type]

        await stage.engine.database.write(closed)
        stage.engine.pipeline.memory.clear()
        await stage.says("小林", "/help")
        assert (stage.last.place, mentioned(stage)) == (CLASS, "小林")
