"""One person, two accounts: joined by a code, parted by a button, as dialogues on two platforms."""

import random
from pathlib import Path

import pytest

from bot.core.port import Can
from handlers.linking import codes
from storage import people
from storage.db import Transaction
from tests.handlers.asking import buried
from tests.handlers.linked import HERE, THERE, a_class_on_both, a_code, join, part
from tests.stage import Stage, a_stage


async def persons(stage: Stage) -> list[int]:
    rows = await stage.engine.database.read(lambda tx: tx.all("SELECT person FROM account ORDER BY id"))
    return [row["person"] for row in rows]


async def roles_of(stage: Stage, who: str = "小林") -> set[str]:
    def read(tx: Transaction) -> set[str]:
        account = people.by_native(tx, stage.platform.name, who)
        return set() if account is None else people.roles(tx, 1, account.person)

    return await stage.engine.database.read(read)


async def both_came(stage: Stage, other: Stage) -> None:
    await stage.says("小林", "打卡 读了三页", room=HERE)
    await stage.until("2026-05-05 09:00")
    await other.says("小林", "打卡", room=THERE)


async def test_a_code_joins_two_accounts_and_both_are_told(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        await both_came(stage, other)
        code = await a_code(stage)
        [asked] = await other.says("小林", f"绑定 {code.lower()}", room=None)
        assert asked.startswith("这串码是「小林」（stage）要来的。那边是你自己的账号吗？")
        assert list(other.last.buttons)[:2] == ["「小林」（stage）是我，合起来", "不是我"]
        assert await persons(stage) == [1, 2], "nothing is done before it is confirmed"
        [_, done] = await other.presses("小林", "合起来", room=None)
        assert done == (
            "好了，这边和「小林」（stage）从现在起是同一个人。\n"
            "晨读班：连续 2 天，累计 2 天\n想分开，随时私聊我发「解绑」。"
        )
        [told] = stage.heard()
        assert told.startswith("「小林」（微信）合过来了，从现在起和这边是同一个人。\n晨读班：连续 2 天")
        assert await persons(stage) == [1, 1]


async def test_a_day_counts_once_whichever_account_says_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        await join(stage, other)
        assert await stage.says("小林", "打卡", room=HERE) == ["🎉"]
        assert await other.says("小林", "打卡 再来", room=THERE) == ["👌"]
        [said] = await other.says("小林", "/me", room=None)
        assert "连续 1 天，累计 1 天" in said
        assert "打卡 1 次" in said
        await stage.until("2026-05-05 09:00")
        await other.says("小林", "打卡", room=THERE)
        [said] = await stage.says("小林", "/me", room=None)
        assert "连续 2 天，累计 2 天" in said


async def test_what_is_taken_back_here_still_stands_there(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        await join(stage, other)
        await stage.says("小林", "打卡", room=HERE, native="a")
        await other.says("小林", "打卡", room=THERE, native="b")
        await stage.deletes("a", room=HERE)
        assert "累计 1 天" in (await stage.says("小林", "/me", room=None))[0]
        await other.deletes("b", room=THERE)
        assert "累计" not in (await stage.says("小林", "/me", room=None))[0]


async def test_parted_each_side_has_what_it_did(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        await both_came(stage, other)
        await join(stage, other)
        await stage.says("小林", "打卡", room=HERE)
        await other.says("小林", "打卡", room=THERE)
        assert (await part(other))[0].splitlines() == [
            "分开了，这边重新是一个人。",
            "晨读班：连续 1 天，累计 1 天",
        ]
        [told] = stage.heard()
        assert told.splitlines()[1] == "晨读班：连续 2 天，累计 2 天"
        assert await persons(stage) == [1, 2]
        [refused] = await stage.says("小林", "绑定", room=None)
        assert refused == "账号刚分开不久，过一天再合吧。"
        await stage.until("2026-05-06 10:00")
        assert await join(stage, other)
        assert await persons(stage) == [1, 1]


async def test_the_first_account_may_part_as_well(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        await both_came(stage, other)
        await join(other, stage)
        assert await part(stage)
        assert await persons(stage) == [1, 2]
        assert await stage.says("小林", "解绑", room=None) == [
            "这个账号没有和别的账号合在一起。想合，私聊我发「绑定」。"
        ]


async def test_who_was_asked_to_send_a_code_can_say_no(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        code = await a_code(stage, "骗子")
        [asked] = await other.says("小林", f"绑定 {code}", room=None)
        assert "是别人请你发这串码的？选「不是我」，什么都不会变。" in asked
        [_, said] = await other.presses("小林", "不是我", room=None)
        assert said == "好，什么都没变，那串码也作废了。"
        assert await persons(stage) == [1, 2]
        [said] = await other.says("小林", f"绑定 {code}", room=None)
        assert said.startswith("这串码我不认得")


async def test_a_code_belongs_to_who_sends_it_first(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        code = await a_code(stage)
        await other.says("小林", f"绑定 {code}", room=None)
        [said] = await other.says("骗子", f"绑定 {code}", room=None)
        assert said.startswith("这串码我不认得")
        await other.presses_data("骗子", "link:yes:1", room=None)
        assert len(set(await persons(stage))) == 3


async def test_a_forwarded_code_is_nobody_s_word(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        code = await a_code(stage)
        await other.says("小林", f"绑定 {code}", room=None, forwarded=True)
        assert "是我" not in str(other.last.buttons if other.platform.sent else "")
        assert len(set(await persons(stage))) == 2


async def test_a_code_is_good_for_a_quarter_of_an_hour(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        code = await a_code(stage)
        await other.says("小林", f"绑定 {code}", room=None)
        await stage.until("2026-05-04 09:15")
        await other.presses("小林", "合起来", room=None)
        assert await persons(stage) == [1, 2]
        [said] = await other.says("小林", f"绑定 {code}", room=None)
        assert said.startswith("这串码我不认得")


async def test_nobody_guesses_codes(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        code = await a_code(stage)
        for _ in range(5):
            await other.says("骗子", "绑定 ABCDEF", room=None)
        assert await other.says("骗子", f"绑定 {code}", room=None) == ["试了好几次都不对，歇一小时再来。"]
        await stage.until("2026-05-04 10:01")
        [said] = await other.says("骗子", "绑定 ABCDEF", room=None)
        assert said.startswith("这串码我不认得")


async def test_many_wrong_codes_at_once_are_counted_all(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        code = await a_code(stage)
        guesses = [other.message("骗子", f"绑定 ABCDE{sign}", room=None) for sign in "23456789"]
        await other.happens(*guesses)
        assert await other.says("骗子", f"绑定 {code}", room=None) == ["试了好几次都不对，歇一小时再来。"]


async def test_not_with_oneself_and_not_twice(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        code = await a_code(stage)
        [said] = await stage.says("小林", f"绑定 {code}", room=None)
        assert said.startswith("这串码就是给这个账号的。")
        await join(stage, other)
        code = await a_code(stage)
        assert await other.says("小林", f"绑定 {code}", room=None) == ["这两个账号已经是同一个人了。"]


async def test_five_accounts_are_the_most(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        for name in ("小林", "小林二", "小林三", "小林四"):
            await join(stage, other, whom=name)
        assert set(await persons(stage)) == {1}
        assert await stage.says("小林", "绑定", room=None) == ["一个人最多合 5 个账号，已经够多啦。"]
        assert await other.says("小林五", "打卡", room=THERE)
        code = await a_code(other, "小林五")
        assert await stage.says("小林", f"绑定 {code}", room=None) == ["一个人最多合 5 个账号，已经够多啦。"]


async def test_in_a_group_nothing_is_said_of_whose_code_it_is(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        assert await stage.says("小林", "绑定", room=HERE) == ["这件事请私聊我说。"]
        code = await a_code(stage)
        assert await other.says("小林", f"绑定 {code}", room=THERE) == [
            "码收到了。请私聊我，把这句再发一遍，我在那里问你一句话。"
        ]
        [said] = await other.says("骗子", f"绑定 {code}", room=None)
        assert said.startswith("这串码我不认得"), "who reads along cannot use it"
        await other.says("小林", f"绑定 {code}", room=None)
        await other.presses("小林", "合起来", room=None)
        assert (await persons(stage))[:2] == [1, 1]


async def test_in_a_group_who_can_be_written_to_is_asked_in_private(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        await other.says("小林", "在吗", room=None)
        code = await a_code(stage)
        [asked] = await other.says("小林", f"绑定 {code}", room=THERE)
        assert asked.startswith("这串码是「小林」")
        assert other.last.place == "小林"


async def test_who_is_no_contact_yet_is_asked_to_become_one_first(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = stage.beside(can=Can.ADD)
        await stage.opens()
        await other.opens(THERE)
        for text in ("绑定", "解绑"):
            assert await other.says("小林", text, room=THERE) == ["这件事要私下说。先加我好友，再私聊我。"]
        code = await a_code(stage)
        assert await other.says("小林", f"绑定 {code}", room=THERE) == [
            "码收到了。先加我好友，再私聊我，把这句再发一遍，我在那里问你一句话。"
        ]
        await other.says("阿哲", "在吗", room=None)
        assert await other.says("阿哲", "绑定", room=THERE) == ["这件事请私聊我说。"]


@pytest.mark.parametrize("text", ["绑定 手机号怎么弄", "绑定 微信"])
async def test_talk_of_binding_in_a_group_is_talk(tmp_path: Path, text: str) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        assert await stage.says("小林", text) == []


async def test_where_there_are_no_buttons_a_number_confirms(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = stage.beside(can=Can.ADD)
        await stage.opens()
        await other.opens(THERE)
        await other.says("小林", "大家好", room=THERE)
        said = await join(stage, other)
        assert any(text.startswith("好了，这边和「小林」（stage）从现在起是同一个人。") for text in said)
        assert len(set(await persons(stage))) == 1


async def test_each_is_told_in_the_language_of_that_side(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        await stage.says("小林", "/language en", room=None)
        [said] = await stage.says("小林", "/link", room=None)
        assert "/link " in said
        code = said.split("/link ")[1][:6]
        await other.says("小林", f"绑定 {code}", room=None)
        await other.presses("小林", "合起来", room=None)
        assert stage.heard()[-1].startswith("小林 (WeChat) joined you")


async def test_roles_hold_for_both_and_go_with_who_brought_them(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        await stage.joins("班主任", "admin", room=HERE)
        await stage.says("小林", "大家好", room=HERE)
        await stage.says("班主任", "/role 小林 duty", room=HERE)
        await other.says("小林", "大家好", room=THERE)

        assert (await roles_of(stage), await roles_of(other)) == ({"duty"}, set())
        await join(stage, other)
        assert (await roles_of(stage), await roles_of(other)) == ({"duty"}, {"duty"})
        await part(other)
        assert (await roles_of(stage), await roles_of(other)) == ({"duty"}, set())


async def test_one_ranking_and_one_reminder_for_one_person(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        await both_came(stage, other)
        await stage.says("小林", "打卡", room=HERE)
        for name in ("阿哲", "小雨"):
            await stage.says(name, "打卡", room=HERE)
        await join(stage, other)
        [said] = await stage.says("阿哲", "/top 总", room=HERE)
        assert said.count("小林") == 1
        here = " ".join(await stage.until("2026-05-05 21:31"))
        assert "3 位" in here, "the room tells of three who came"
        for day in range(6, 12):
            await stage.until(f"2026-05-{day:02} 09:00")
            await stage.says("小林", "打卡", room=HERE)
        stage.heard()
        other.heard()
        heard = [*await stage.until("2026-05-12 12:00"), *other.heard()]
        assert len([text for text in heard if "小林" in text]) == 1
        assert await buried(stage) == []


async def test_leave_of_one_account_excuses_the_person(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        await join(stage, other)
        await stage.says("小林", "打卡", room=HERE)
        [said] = await other.says("小林", "请假", room=THERE)
        assert said.startswith("今天的卡已经打过了")
        await other.says("小林", "请假 明天", room=THERE)
        await stage.until("2026-05-06 09:00")
        await stage.says("小林", "打卡", room=HERE)
        assert "连续 2 天" in (await stage.says("小林", "/me", room=None))[0]


def test_codes_are_read_however_they_are_typed() -> None:
    code = codes.new(random.Random(1))
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    for typed in (code, code.lower(), f" {code[:3]} {code[3:]} ", wide, f"「{code}」"):
        assert codes.read(typed) == code
    for typed in ("", "ABCDE", "ABCDEFG", "ABCDE0", "手机号码怎么", "A" * 4000, "\x00" * 6):
        assert codes.read(typed) is None
    assert codes.digest(code) != codes.digest(code[::-1])


async def test_what_was_done_before_is_found_and_named(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        await stage.joins("小林", "admin", room=HERE)
        await other.joins("林老师", "admin", room=THERE)
        await stage.says("小林", "/name 早读会", room=HERE)
        await other.says("林老师", "/name 晨读会", room=THERE)
        await join(stage, other, whom="林老师")
        [said] = await stage.says("小林", "/audit 小林", room=None)
        assert "林老师" in said, "each change is named by the account that made it"
        assert said.count("名") >= 2
        [asked] = await stage.says("小林", "/undo", room=None)
        assert "晨读会" in asked
        assert await buried(stage) == []


async def test_in_a_room_people_have_the_name_that_they_have_there(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        await stage.says("小林", "打卡", room=HERE)
        await other.says("林同学", "打卡", room=THERE)
        await stage.says("阿哲", "打卡", room=HERE)
        await other.says("阿美", "打卡", room=THERE)
        await join(stage, other, whom="林同学")
        assert "小林" in (await stage.says("阿哲", "/top", room=HERE))[0]
        [there] = await other.says("阿美", "/top", room=THERE)
        assert "林同学" in there
        assert "小林" not in there
