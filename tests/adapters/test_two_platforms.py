"""One house, two platforms at the same time: the fake Telegram and a real gateway behind one engine."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.platforms import Platform
from tests.adapters.house import until
from tests.adapters.two_house import (
    CLASS,
    FAR_CLASS,
    FAR_HEAD,
    FAR_LIN,
    HEAD,
    LIN,
    MILI,
    STAFF,
    ZHE,
    TwoHouse,
    two_platforms,
)
from tests.adapters.world import World
from tests.peers.wechat.gateway import Gateway

pytestmark = pytest.mark.node

STRANGER = "路路"
CODE = "http://login.example/l/7f3a9c51d2"
COUNTED = (
    "SELECT 1 FROM checkin JOIN account ON account.id = checkin.account"
    " WHERE account.name = :name AND checkin.standing = 'counted'"
)
WAITS = (
    "SELECT count(*) FROM outbox JOIN room ON room.id = outbox.room"
    " WHERE room.bot = :bot AND outbox.state = 'waiting'"
)
STANDS = "SELECT 1 FROM bot_account WHERE bot = 'wechat' AND state = :state"


@pytest.fixture
async def house(gateway: Gateway, tmp_path: Path) -> AsyncIterator[TwoHouse]:
    """The house on both, and a class that has a room on each, with one head."""
    async with two_platforms(tmp_path, gateway) as house:
        await house.span()
        yield house


async def texts(world: World, place: str, part: str = "") -> list[str]:
    """What was said in a place, as far as it has these words."""
    return [one.text for one in await world.heard(place) if part in one.text]


# One class.


async def test_an_admin_of_both_is_told_how_to_bring_the_group_in(gateway: Gateway, tmp_path: Path) -> None:
    async with two_platforms(tmp_path, gateway) as house:
        await house.open_class()
        wechat = house.wechat
        await wechat.group(FAR_CLASS, FAR_HEAD, FAR_LIN)
        await wechat.hears(FAR_CLASS, "我是班长")
        assert await texts(wechat, FAR_CLASS, CLASS) == [], "whose group it is, is not known"
        await wechat.chooses(FAR_HEAD, "就这样，挺好", FAR_CLASS)
        await wechat.hears(FAR_CLASS, "安顿好了")
        await wechat.says(FAR_HEAD, "安顿", FAR_CLASS)
        await wechat.hears(FAR_CLASS, "社群：")
        await wechat.chooses(FAR_HEAD, "加入已有社群", FAR_CLASS)
        assert "绑定" in (await wechat.hears(FAR_HEAD, "你管理的社群只有这一个")).text
        await house.link(HEAD, FAR_HEAD, has_role=True)
        await wechat.says(FAR_HEAD, "安顿", FAR_CLASS)
        await wechat.hears(FAR_CLASS, "社群：")
        await wechat.chooses(FAR_HEAD, "加入已有社群", FAR_CLASS)
        await wechat.hears(FAR_CLASS, "和哪个社群放在一起")
        await wechat.chooses(FAR_HEAD, CLASS, FAR_CLASS)
        await wechat.hears(FAR_CLASS, "是一家了")
        assert await house.value("SELECT count(DISTINCT community) FROM room WHERE kind = 'group'") == 1


async def test_one_class_has_one_ranking_one_list_and_a_line_in_each_room(house: TwoHouse) -> None:
    telegram, wechat = house.telegram, house.wechat
    for who in (LIN, ZHE):
        await telegram.says(who, "打卡", CLASS)
    await wechat.says(MILI, "打卡", FAR_CLASS)
    await house.quiet()
    await telegram.says(LIN, "/top", CLASS)
    await wechat.says(MILI, "排行")
    for said in (await telegram.hears(CLASS, "本周"), await wechat.hears(MILI, "本周")):
        assert all(f"{name}　8.5" in said.text for name in (LIN, ZHE, MILI))
    await telegram.says(HEAD, "/digest")
    await wechat.says(FAR_HEAD, "今日小结")
    for said in (await telegram.hears(HEAD, "今天 3/"), await wechat.hears(FAR_HEAD, "今天 3/")):
        assert CLASS in said.text
    await wechat.says(FAR_LIN, "打卡", FAR_CLASS)
    await house.quiet()
    places: tuple[tuple[World, str], ...] = ((telegram, CLASS), (wechat, FAR_CLASS))
    before = [len(await world.heard(place)) for world, place in places]
    await house.pass_time(9.5 * 60)
    await telegram.says(HEAD, "嗯", CLASS)
    for (world, place), count in zip(places, before, strict=True):
        await until(lambda world=world, place=place, count=count: _says_more(world, place, count))  # type: ignore[misc]
    await house.quiet()
    for (world, place), count in zip(places, before, strict=True):
        [line] = (await world.heard(place))[count:]
        assert re.search(r"2 (位|行|声|份)", line.text)


async def _says_more(world: World, place: str, before: int) -> bool:
    return len(await world.heard(place)) > before


# One person.


async def test_one_person_has_one_day_one_total_and_one_place(house: TwoHouse) -> None:
    telegram, wechat = house.telegram, house.wechat
    await telegram.says(LIN, "打卡", CLASS)
    await wechat.says(FAR_LIN, "打卡", FAR_CLASS)
    await house.quiet()
    await house.link(LIN, FAR_LIN)
    assert "连续 1 天，累计 1 天" in (await wechat.hears(FAR_LIN, "同一个人。\n")).text
    await wechat.says(FAR_LIN, "打卡 再来", FAR_CLASS)
    await wechat.hears(FAR_CLASS, "今天已经记过啦")
    await telegram.says(HEAD, "/digest")
    await telegram.hears(HEAD, f"{CLASS}今天 1/1")
    await house.half_days_later(2)
    await wechat.says(FAR_LIN, "打卡", FAR_CLASS)
    await wechat.hears(FAR_CLASS, "连续 2 天")
    await telegram.says(LIN, "打卡", CLASS)
    await telegram.says(LIN, "/me")
    assert "连续 2 天，累计 2 天" in (await telegram.hears(LIN, "活跃分")).text
    await telegram.says(HEAD, "/top all")
    assert [line[:2] for line in (await telegram.hears(HEAD, "一路走来")).text.splitlines()] == [
        "一路",
        "🥇 ",
    ]
    await telegram.says(LIN, "/unlink")
    await telegram.hears(LIN, "分开吗")
    await telegram.chooses(LIN, "分开")
    await wechat.hears(FAR_LIN, "和这边分开了")
    await wechat.says(FAR_LIN, "我的")
    assert "累计 2 天" in (await wechat.hears(FAR_LIN, "活跃分")).text
    await telegram.says(ZHE, "/top all", CLASS)
    both = (await telegram.hears(CLASS, "一路走来")).text
    assert LIN in both
    assert FAR_LIN in both


async def test_the_code_may_come_from_either_side(house: TwoHouse) -> None:
    telegram, wechat = house.telegram, house.wechat
    await telegram.befriends(ZHE)
    await wechat.says(MILI, "绑定")
    found = re.search(r"绑定 (\w{6})\n", (await wechat.hears(MILI, "分钟内有效")).text)
    assert found is not None
    await telegram.says(ZHE, f"/link {found[1].lower()}")
    await telegram.hears(ZHE, f"「{MILI}」（微信）要来的")
    await telegram.chooses(ZHE, "不是我")
    await telegram.hears(ZHE, "什么都没变")
    await wechat.says(MILI, "绑定")
    await until(lambda: _has_codes(wechat, 2))
    [_, shown] = await texts(wechat, MILI, "分钟内有效")
    again = re.search(r"绑定 (\w{6})\n", shown)
    assert again is not None
    await telegram.says(ZHE, f"/link {again[1]}")
    await until(lambda: house.rows("SELECT 1 FROM link_code WHERE taken_by IS NOT NULL"))
    await house.quiet()
    await telegram.chooses(ZHE, f"「{MILI}」（微信）是我")
    await wechat.hears(MILI, f"「{ZHE}」（Telegram）合过来了")
    assert await house.value("SELECT count(DISTINCT person) FROM account WHERE name IN ('阿哲', '米粒')") == 1


async def _has_codes(world: World, number: int) -> bool:
    return len(await texts(world, MILI, "分钟内有效")) == number


async def test_one_person_is_reminded_once(house: TwoHouse) -> None:
    telegram, wechat = house.telegram, house.wechat
    await telegram.says(LIN, "打卡", CLASS)
    await wechat.says(FAR_LIN, "打卡", FAR_CLASS)
    await house.link(LIN, FAR_LIN)
    await telegram.says(LIN, "/remind 20:00")
    await wechat.says(FAR_LIN, "提醒 20:00")
    await house.half_days_later(2)
    await house.pass_time(8 * 60 + 15)
    await telegram.says(HEAD, "嗯", CLASS)
    await house.until("SELECT 1 FROM reminder WHERE unanswered = 1")
    await house.quiet()
    reminded = [*await texts(telegram, LIN, "还空着"), *await texts(wechat, FAR_LIN, "还空着")]
    assert len(reminded) == 1


async def test_who_is_on_both_is_reminded_where_the_account_is_not_away(house: TwoHouse) -> None:
    telegram, wechat = house.telegram, house.wechat
    await telegram.says(LIN, "早", CLASS)
    await wechat.says(FAR_LIN, "打卡", FAR_CLASS)
    await house.link(LIN, FAR_LIN)
    await wechat.says(FAR_LIN, "提醒 20:00")
    await house.half_days_later(2)
    await house.pass_time(7 * 60)
    house.gateway.op("logout")
    await house.until(STANDS, state="offline")
    await house.pass_time(60)
    await telegram.says(HEAD, "嗯", CLASS)
    await telegram.hears(LIN, "还空着")
    house.gateway.op("login")
    await house.until(STANDS, state="online")
    await house.quiet()
    assert await texts(wechat, FAR_LIN, "还空着") == []


async def test_a_role_holds_on_both_sides_until_they_part(house: TwoHouse) -> None:
    telegram, wechat = house.telegram, house.wechat
    await telegram.says(LIN, "早", CLASS)
    await wechat.says(FAR_LIN, "早", FAR_CLASS)
    await house.quiet()
    await wechat.says(FAR_LIN, "今日小结")
    await wechat.hears(FAR_LIN, "请组长或管理员")
    await telegram.says(HEAD, f"/role {LIN} 组长")
    await house.until("SELECT 1 FROM role")
    await house.link(LIN, FAR_LIN, has_role=True)
    await wechat.says(FAR_LIN, "今日小结")
    await wechat.hears(FAR_LIN, f"{CLASS}今天 0/")
    await telegram.says(LIN, "/unlink")
    await telegram.hears(LIN, "分开吗")
    await telegram.chooses(LIN, "分开")
    await wechat.hears(FAR_LIN, "和这边分开了")
    refused = len(await texts(wechat, FAR_LIN, "请组长或管理员"))
    await wechat.says(FAR_LIN, "今日小结")
    await house.quiet()
    assert len(await texts(wechat, FAR_LIN, "请组长或管理员")) == refused + 1


async def test_what_is_changed_on_one_side_is_taken_back_on_the_other(house: TwoHouse) -> None:
    telegram, wechat = house.telegram, house.wechat
    await telegram.says(HEAD, "/set talk.lines_a_day 3")
    await telegram.hears(HEAD, "4 → 3")
    await wechat.says(FAR_HEAD, "记录")
    await wechat.hears(FAR_HEAD, "一天主动说几句")
    await wechat.chooses(FAR_HEAD, "撤回")
    await wechat.hears(FAR_HEAD, "撤回这一步")
    await wechat.chooses(FAR_HEAD, "撤回")
    await until(lambda: house.rows("SELECT 1 FROM audit WHERE undoes IS NOT NULL"))
    assert await house.rows("SELECT 1 FROM setting WHERE name = 'talk.lines_a_day' AND value = '3'") == []
    await telegram.says(HEAD, "/audit")
    assert "撤回了" in (await telegram.hears(HEAD, "改动记录")).text
    await wechat.says(FAR_HEAD, "改设置 talk.lines_a_day 5")
    await wechat.hears(FAR_HEAD, "→ 5")


async def test_what_is_put_before_staff_on_one_side_is_decided_on_the_other(house: TwoHouse) -> None:
    telegram, wechat = house.telegram, house.wechat
    await wechat.says(MILI, "刚刚打卡的内容是读了三十页", FAR_CLASS)
    await house.until("SELECT 1 FROM suggestion")
    await telegram.says(LIN, "刚刚打卡的内容是读了四十页", CLASS)
    await house.quiet()
    await telegram.says(HEAD, "/suggestions")
    await telegram.hears(HEAD, "三十页")
    await telegram.chooses(HEAD, "1 准")
    await house.until(COUNTED, name=MILI)
    await wechat.says(FAR_HEAD, "待办")
    left = await wechat.hears(FAR_HEAD, "四十页")
    assert "三十页" not in left.text
    await wechat.chooses(FAR_HEAD, "准")
    await house.until(COUNTED, name=LIN)


# What only one of the platforms suffers.


async def test_staff_elsewhere_hears_of_a_lost_account_and_logs_it_in_again(house: TwoHouse) -> None:
    telegram, gateway = house.telegram, house.gateway
    await house.open_staff_room()
    gateway.op("logout", reason="kicked by the phone")
    await house.until(STANDS, state="offline")
    await house.pass_time(3)
    await telegram.hears(STAFF, "❗ 微信的号下线 3 分钟了（kicked by the phone）")
    await telegram.says(LIN, "打卡", CLASS)
    await house.until("SELECT 1 FROM checkin")
    gateway.op("scan", qrcode=CODE)
    await house.until(STANDS, state="waiting")
    await telegram.says(HEAD, "/login", STAFF)
    assert (await telegram.hears(STAFF, "用要当班长的那个微信号扫这张码")).holds == "picture"
    gateway.op("login")
    await telegram.hears(STAFF, "✓ 微信的号又登上了，中间隔了 3 分钟")
    await house.quiet()


async def test_what_waits_for_a_lost_account_goes_out_once_it_is_back(house: TwoHouse) -> None:
    telegram, wechat, gateway = house.telegram, house.wechat, house.gateway
    await telegram.says(LIN, "打卡", CLASS)
    await house.link(LIN, FAR_LIN)
    gateway.op("logout", reason="kicked by the phone")
    await house.until(STANDS, state="offline")
    await telegram.says(LIN, "/unlink")
    await telegram.hears(LIN, "分开吗")
    await telegram.chooses(LIN, "分开")
    await telegram.says(LIN, "/me")
    await telegram.hears(LIN, "累计 1 天")
    assert await texts(wechat, FAR_LIN, "分开了") == []
    assert await house.rows(WAITS, bot="wechat") == [(1,)]
    gateway.op("login")
    await house.until(STANDS, state="online")
    await house.pass_time(1)
    await wechat.hears(FAR_LIN, "和这边分开了")
    await house.quiet()
    assert len(await texts(wechat, FAR_LIN, "和这边分开了")) == 1


async def test_who_cannot_be_written_to_is_told_by_those_who_lead_elsewhere(house: TwoHouse) -> None:
    telegram, wechat = house.telegram, house.wechat
    await house.open_staff_room()
    wechat.stranger(STRANGER)
    await wechat.joins(STRANGER, FAR_CLASS)
    message = await wechat.says(STRANGER, "打卡 读书", FAR_CLASS)
    await wechat.hears(FAR_CLASS, f"记上了，{STRANGER}")
    await wechat.says(FAR_HEAD, "打回 再写两句", FAR_CLASS, reply_to=message)
    await wechat.hears(FAR_CLASS, "好了，记下了。")
    await house.pass_time(70)
    told = await telegram.hears(STAFF, "我没法私下说给本人，请帮我带到")
    assert f"{STRANGER}（{FAR_CLASS}）" in told.text
    assert "再写两句" in told.text
    await house.quiet()
    assert len(await texts(telegram, STAFF, "请帮我带到")) == 1
    for world, place in ((telegram, CLASS), (wechat, FAR_CLASS), (wechat, STRANGER)):
        assert await texts(world, place, "再写两句") == []


async def test_who_cannot_be_written_to_here_is_told_there(house: TwoHouse) -> None:
    telegram, wechat = house.telegram, house.wechat
    await telegram.says(ZHE, "早", CLASS)
    await wechat.says(MILI, "早", FAR_CLASS)
    await house.link(ZHE, MILI)
    wechat.unfriends(MILI)
    message = await wechat.says(MILI, "打卡 读书", FAR_CLASS)
    await house.until("SELECT 1 FROM account WHERE name = :name AND direct = 'closed'", name=MILI)
    await wechat.says(FAR_HEAD, "打回 再写两句", FAR_CLASS, reply_to=message)
    await telegram.hears(ZHE, "再写两句")


async def test_a_gap_excuses_those_who_were_in_it(house: TwoHouse) -> None:
    telegram, wechat, gateway = house.telegram, house.wechat, house.gateway
    for who in (LIN, ZHE):
        await telegram.says(who, "打卡", CLASS)
    for who in (FAR_LIN, MILI):
        await wechat.says(who, "打卡", FAR_CLASS)
    await house.link(LIN, FAR_LIN)
    await house.half_days_later(2)
    gateway.op("logout")
    await house.until(STANDS, state="offline")
    await house.pass_time(70)
    await telegram.hears(HEAD, "❗ 微信的号下线")
    gateway.op("login")
    await house.until(STANDS, state="online")
    await until(wechat._sees)
    await house.half_days_later(2)
    await telegram.says(ZHE, "打卡", CLASS)
    await telegram.says(LIN, "打卡", CLASS)
    await wechat.says(MILI, "打卡", FAR_CLASS)
    await house.quiet()
    for world, who, days in ((telegram, ZHE, 1), (telegram, LIN, 2), (wechat, MILI, 2)):
        await world.befriends(who)
        await world.says(who, "/streak")
        await world.hears(who, f"连续 {days} 天")


async def test_telegram_answers_whatever_happens_to_the_gateway(tmp_path: Path) -> None:
    members = [f"同学{number}" for number in range(25)]
    with Gateway() as gateway:
        async with two_platforms(tmp_path, gateway) as house:
            await house.span()
            for name in members:
                await house.telegram.befriends(name)
            await house.quiet()
            gateway.op("delay", method="messageSendText", ms=60_000)
            for name in (FAR_LIN, MILI, *members[:10]):
                await house.wechat.says(name, "帮助")
            await until(lambda: _waits(house, 12))
            said = len(gateway.journal("text"))
            await all_are_answered(house, members, 1)
            assert len(gateway.journal("text")) == said
            gateway.freeze()
            await all_are_answered(house, members, 2)
            gateway.thaw()
            gateway.stop()
            await all_are_answered(house, members, 3)
            assert (await house.rows(WAITS, bot="wechat"))[0][0] >= 12
            assert await house.rows("SELECT 1 FROM dead_letter") == []


async def _waits(house: TwoHouse, number: int) -> bool:
    return await house.rows(WAITS, bot="wechat") == [(number,)]


async def all_are_answered(house: TwoHouse, members: list[str], times: int) -> None:
    """Each asks twice in private, once more than before, and is answered."""
    for name in members:
        for command in ("/streak", "/language"):
            await house.telegram.says(name, command)
    for name in members:
        await until(lambda name=name: _is_answered(house, name, 2 * times))  # type: ignore[misc]


async def _is_answered(house: TwoHouse, name: str, answers: int) -> bool:
    return len(await texts(house.telegram, name)) >= answers + 1


async def test_a_gateway_that_refuses_the_token_costs_telegram_nothing(
    gateway: Gateway, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with two_platforms(tmp_path, gateway, token="study_wrong") as house:
        await house.open_class()
        await house.telegram.says(LIN, "打卡", CLASS)
        await house.until(COUNTED, name=LIN)
        wechat = next(one for one in house.engine.platforms if one.name == "wechat")
        await until(lambda: _has_trouble(wechat, "token"))
        [said] = [line for line in caplog.messages if "WeChat" in line]
        assert said.startswith("the gateway of WeChat refuses the token")
        assert "study_wrong" not in caplog.text
        await house.until("SELECT 1 FROM bot_condition WHERE trouble = 'token'")
        await house.telegram.says(HEAD, "/doctor")
        await house.telegram.hears(HEAD, "微信网关不认我的 token")


async def _has_trouble(platform: Platform, trouble: str) -> bool:
    condition = await platform.condition()
    return condition is not None and condition.trouble == trouble
