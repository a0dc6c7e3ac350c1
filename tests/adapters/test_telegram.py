"""Members' days on Telegram: the whole house against a fake server that minds its rules."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from storage import rooms
from tests.adapters.telegram_house import House, a_house
from tests.peers.telegram import FakeServer


@pytest.fixture
async def house(fake: FakeServer, tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(fake, tmp_path) as running:
        yield running


async def a_class(house: House, size: int = 3, **more: Any) -> dict[str, Any]:
    """The bot is added to a group, and has greeted it."""
    group = await house.fake.control.group(size, title="晨读班", announce=True, **more)
    await house.fake.control.wait_sent(1, chat=group["id"])
    await house.quiet()
    return group


async def checkins(house: House) -> list[tuple[Any, ...]]:
    return await house.rows(
        "SELECT account.native, checkin.note, checkin.way FROM checkin"
        " JOIN account ON account.id = checkin.account ORDER BY account.id"
    )


async def reactions(house: House) -> list[int]:
    acts = await house.fake.control.actions()
    return [act["message_id"] for act in acts if act["what"] == "react"]


async def test_adding_the_bot_is_enough_to_start(house: House) -> None:
    group = await a_class(house)
    (greeting,) = await house.fake.control.sent(chat=group["id"])
    assert greeting["buttons"]
    ann = group["member_ids"][0]
    said = await house.fake.control.say(user=ann, chat=group["id"], text="打卡 读了三页")
    await house.quiet()
    assert await reactions(house) == [said["message_id"]]
    assert await checkins(house) == [(str(ann), "读了三页", "word")]
    assert (await house.rows("SELECT name FROM community")) == [("晨读班",)]


async def test_the_first_message_names_what_only_an_admin_hears(fake: FakeServer, tmp_path: Path) -> None:
    async with a_house(fake, tmp_path) as house:
        group = await a_class(house, bot_status="member")
        (greeting,) = await fake.control.sent(chat=group["id"])
        assert "直接说「打卡」" in greeting["text"]  # privacy mode is off
        assert "看到表情回应" in greeting["text"]
        assert "删除消息" in greeting["text"]
        assert "邀请用户" in greeting["text"]


async def test_where_nobody_may_react_the_bot_says_it(house: House) -> None:
    group = await a_class(house)
    await house.fake.control.set_chat(chat=group["id"], available_reactions=[])
    said = await house.fake.control.say(user=group["member_ids"][0], chat=group["id"], text="打卡")
    await house.quiet()
    answers = await house.fake.control.sent(chat=group["id"])
    assert said["message_id"] in [one["reply_to"] for one in answers]


async def test_commands_and_buttons_need_no_rights(fake: FakeServer, tmp_path: Path) -> None:
    fake.world.bots[fake.token].privacy = True
    async with a_house(fake, tmp_path) as house:
        group = await a_class(house, bot_status="member")
        (greeting,) = await fake.control.sent(chat=group["id"])
        ann, ben, cat = group["member_ids"]
        assert not (await fake.control.say(user=ann, chat=group["id"], text="打卡"))["update_ids"]
        await fake.control.say(user=ann, chat=group["id"], text=f"/checkin@{house.telegram.username}")
        button = next(one for row in greeting["buttons"] for one in row if one["text"] == "打卡")
        pressed = await fake.control.click(
            user=ben,
            chat=group["id"],
            message_id=greeting["message_id"],
            data=button["callback_data"],
            wait=15,
        )
        assert pressed["answer"]
        await fake.control.say(user=cat, chat=group["id"], text="/checkin@another_bot")
        await house.quiet()
        assert [who for who, _, _ in await checkins(house)] == [str(ann), str(ben)]


async def test_an_admins_rights_are_known(house: House) -> None:
    group = await a_class(house, bot_status="member")
    (rights,) = await house.rows("SELECT rights FROM room WHERE kind = 'group'")
    assert "delete" not in rights[0].split()
    await house.fake.control.set_member(
        chat=group["id"], user=123456, status="administrator", rights={"can_delete_messages": True}
    )
    await house.quiet()
    (rights,) = await house.rows("SELECT rights FROM room WHERE kind = 'group'")
    assert {"read", "watch", "delete"} <= set(rights[0].split())


async def test_a_topic_is_answered_in_the_topic(house: House) -> None:
    group = await a_class(house, is_forum=True)
    topic = (await house.fake.control.topic(chat=group["id"], name="打卡"))["message_thread_id"]
    before = await house.fake.control.last_seq()
    ann = group["member_ids"][0]
    await house.fake.control.say(user=ann, chat=group["id"], text="/tasks", thread=topic)
    await house.quiet()
    assert {one["thread"] for one in await house.fake.control.sent(since=before, chat=group["id"])} == {topic}


async def test_who_an_admin_is(house: House) -> None:
    group = await a_class(house)
    control = house.fake.control
    boss, _, ann = group["member_ids"]
    await control.set_member(
        chat=group["id"], user=boss, status="administrator", rights={"is_anonymous": True}
    )
    await house.quiet()
    assert await house.rows(
        "SELECT role FROM membership JOIN account ON account.id = membership.account WHERE native = :who",
        who=str(boss),
    ) == [("admin",)]
    await control.say(user=ann, chat=group["id"], text="/pause 明天")
    await house.quiet()
    assert await house.rows("SELECT * FROM pause") == []
    await control.say(user=boss, chat=group["id"], text="/pause 明天", anonymous=True)
    await house.quiet()
    assert len(await house.rows("SELECT * FROM pause")) == 1


async def test_the_bot_is_called_by_its_name_in_a_group(house: House) -> None:
    group = await a_class(house)
    control = house.fake.control
    ann, ben, _ = group["member_ids"]
    name = house.telegram.username
    before = await control.last_seq()
    await control.say(user=ann, chat=group["id"], text=f"@{name} 打卡 读了一页")
    await control.say(user=ben, chat=group["id"], text=f"@{name} 排行")
    await house.quiet()
    assert len(await checkins(house)) == 1
    assert await house.rows("SELECT note FROM checkin") == [("读了一页",)]
    [said] = await control.sent(chat=group["id"], since=before)
    assert "本周" in said["text"] or "week" in said["text"]


async def test_a_group_that_becomes_a_supergroup_keeps_everything(house: House) -> None:
    group = await a_class(house, type="group")
    control = house.fake.control
    ann, ben, _ = group["member_ids"]
    await control.say(user=ann, chat=group["id"], text="打卡")
    await house.quiet()
    moved = await control.migrate(chat=group["id"])
    await control.say(user=ben, chat=moved["new"], text="打卡")
    await house.quiet()
    known = await house.database.read(lambda tx: rooms.of_community(tx, 1))
    assert [room.native for room in known] == [str(moved["new"])]
    assert len(await checkins(house)) == 2
    assert await house.rows("SELECT count(DISTINCT room) FROM checkin") == [(1,)]


async def test_an_answer_on_its_way_follows_the_move(house: House) -> None:
    """What Telegram does not take yet goes to where the group is by then."""
    group = await a_class(house, type="group")
    control, clock = house.fake.control, house.engine.clock
    await control.fault(kind="429", method="sendMessage", count=1, retry_after=600)
    await control.say(user=group["member_ids"][0], chat=group["id"], text="/tasks")
    await house.until("SELECT 1 FROM outbox WHERE attempts > 0")
    moved = await control.migrate(chat=group["id"])
    clock.move_to(clock.now() + 660_000)
    house.engine._wake({house.telegram.bot})
    await control.wait_sent(1, chat=moved["new"])
    await house.quiet()
    known = await house.rows("SELECT native, standing FROM room WHERE kind = 'group'")
    assert known == [(str(moved["new"]), "active")]


async def test_a_group_that_moved_while_the_bot_was_off_stays_one_room(
    fake: FakeServer, tmp_path: Path
) -> None:
    """An answer that waits finds the move before what was said in the old group is heard."""
    control = fake.control
    async with a_house(fake, tmp_path) as house:
        group = await a_class(house, type="group")
        await control.fault(kind="429", method="sendMessage", retry_after=1)
        ann, ben, _ = group["member_ids"]
        await control.say(user=ann, chat=group["id"], text="/tasks")
        await house.until("SELECT 1 FROM outbox WHERE state = 'waiting' AND attempts > 0")
    await control.faults(clear=True)
    await control.fault(kind="delay", method="getUpdates", delay=1, count=1)
    await control.say(user=ann, chat=group["id"], text="打卡 停机时说的")
    moved = await control.migrate(chat=group["id"])
    await control.say(user=ben, chat=moved["new"], text="打卡")
    async with a_house(fake, tmp_path) as house:
        await control.wait_sent(1, chat=moved["new"], seconds=60)
        await house.quiet()
        known = await house.rows("SELECT native, standing FROM room WHERE kind = 'group'")
        assert known == [(str(moved["new"]), "active")]
        assert [note for _, note, _ in await checkins(house)] == ["停机时说的", ""]


async def test_edits_and_reactions_are_heard(house: House) -> None:
    group = await a_class(house)
    control = house.fake.control
    ann, ben, _ = group["member_ids"]
    said = await control.say(user=ann, chat=group["id"], text="打卡 一页")
    await house.quiet()
    await control.edit(user=ann, chat=group["id"], message_id=said["message_id"], text="打卡 两页")
    await control.react(user=ben, chat=group["id"], message_id=said["message_id"], reaction="❤")
    await house.quiet()
    assert [note for _, note, _ in await checkins(house)] == ["两页"]
    assert len(await house.rows("SELECT * FROM reaction")) == 1


async def test_a_private_chat_is_in_the_persons_language(house: House) -> None:
    control = house.fake.control
    ann = (await control.user(first_name="Ann", language_code="en-GB"))["id"]
    lin = (await control.user(first_name="小林", language_code="zh-hant"))["id"]
    for user in (ann, lin):
        await control.start(user=user, payload="ref42")
    await house.quiet()
    (to_ann,) = await control.sent(chat=ann)
    (to_lin,) = await control.sent(chat=lin)
    assert "班长" not in to_ann["text"]
    assert "班長" in to_lin["text"]


async def test_who_blocks_the_bot_and_comes_back(house: House) -> None:
    control = house.fake.control
    ann = (await control.user(first_name="Ann", started=True))["id"]
    await control.start(user=ann)
    for act, direct in ((control.block, "closed"), (control.unblock, "open")):
        await act(user=ann)
        await house.quiet()
        assert await house.rows("SELECT direct FROM account") == [(direct,)]


async def test_a_room_that_throws_the_bot_out_and_takes_it_back(house: House) -> None:
    group = await a_class(house)
    control = house.fake.control
    for status, standing in (("kicked", "left"), ("member", "active")):
        await control.set_member(chat=group["id"], user=123456, status=status)
        await house.quiet()
        assert await house.rows("SELECT standing FROM room WHERE kind = 'group'") == [(standing,)]
    assert await house.rows("SELECT count(*) FROM community") == [(1,)]


async def test_malformed_and_unknown_updates_harm_nothing(house: House) -> None:
    group = await a_class(house)
    control = house.fake.control
    house.fake.world.config["selfcheck"] = False
    await control.raw_update(update={"message": {"message_id": "five"}})
    await control.raw_update(update={"a_kind_of_2030": {"what": 1}})
    await control.say(user=group["member_ids"][0], chat=group["id"], text="打卡")
    await house.quiet()
    assert len(await checkins(house)) == 1
    ((event, trace),) = await house.rows("SELECT event, trace FROM dead_letter")
    assert '"five"' in event
    assert "message_id" in trace


async def test_one_dead_chat_holds_up_no_other(house: House) -> None:
    control = house.fake.control
    first, second = await a_class(house), await a_class(house)
    await control.fault(kind="500", chat_id=first["id"], method=["sendMessage", "setMessageReaction"])
    for group in (first, second):
        await control.say(user=group["member_ids"][0], chat=group["id"], text="/tasks")
    assert await control.wait_sent(2, chat=second["id"])


async def test_a_table_comes_as_a_file_to_whoever_runs_the_group(house: House) -> None:
    group = await a_class(house)
    ann, owner = group["member_ids"][:2]
    await house.fake.control.set_member(chat=group["id"], user=owner, status="creator")
    await house.fake.control.start(user=owner)
    await house.fake.control.say(user=ann, chat=group["id"], text="打卡 读了三页")
    await house.fake.control.say(user=owner, chat=group["id"], text="导出本周打卡表")
    await house.quiet()
    sent = (await house.fake.control.sent(chat=owner))[-1]
    assert (sent["kind"], bool(sent["buttons"])) == ("document", True)
    shown = (await house.fake.control.message(chat=owner, message_id=sent["message_id"]))["message"]
    assert "晨读班" in shown["document"]["file_name"]
    assert shown["document"]["file_name"].endswith(".xlsx")
    stored = await house.telegram._client.get_file(shown["document"]["file_id"])
    book = openpyxl.load_workbook(BytesIO(bytes(await stored.download_as_bytearray())))
    assert "晨读班" in str(book.active["A1"].value)  # type: ignore[index] # the one sheet
    assert not [one for one in await house.fake.control.sent(chat=group["id"]) if one["kind"] == "document"]
    await house.fake.control.no_violations()


async def test_a_group_is_set_up_by_taps_alone(house: House) -> None:
    group = await a_class(house)
    control, chat = house.fake.control, group["id"]
    boss, ann, _ = group["member_ids"]
    await control.set_member(chat=chat, user=boss, status="administrator")
    await house.quiet()
    assert "管理员" in (await taps(house, ann, chat, "setup:fine"))["text"]
    for data in ("setup:begin", "setup:language:zh-Hant", "setup:zone:Asia/Taipei", "setup:task:300-540"):
        await taps(house, boss, chat, data)
    await taps(house, boss, chat, "setup:extra:recap:off")
    await taps(house, boss, chat, "setup:next")
    (message,) = await control.sent(chat=chat)
    assert len(message["edits"]) == 6
    assert "設定好了" in message["text"]
    assert await house.rows("SELECT language FROM room WHERE kind = 'group'") == [("zh-Hant",)]
    assert await house.rows("SELECT opens, closes FROM task") == [(300, 540)]
    assert await house.rows("SELECT page FROM room_setup") == [("done",)]


async def test_a_group_of_staff_serves_the_class_until_the_bot_is_put_out(house: House) -> None:
    group = await a_class(house)
    control = house.fake.control
    boss = group["member_ids"][0]
    await control.set_member(chat=group["id"], user=boss, status="administrator")
    await control.start(user=boss)
    staff = await control.group(0, title="管理小群", announce=True)
    await control.add_members(chat=staff["id"], users=[boss])
    await control.set_member(chat=staff["id"], user=boss, status="administrator")
    await house.quiet()
    await control.say(user=boss, chat=staff["id"], text="/staffroom")
    await house.quiet()
    assert await house.rows("SELECT count(DISTINCT community) FROM room WHERE kind = 'group'") == [(1,)]
    before = await control.last_seq()
    await control.set_member(chat=staff["id"], user=123456, status="kicked")
    await house.quiet()
    told = await control.sent(since=before)
    assert [one["chat_id"] for one in told if "进不去" in one["text"]] == [boss]


async def taps(house: House, who: int, chat: int, data: str) -> dict[str, Any]:
    """Somebody taps a button of the greeting; what is answered to them alone."""
    message = (await house.fake.control.sent(chat=chat))[0]["message_id"]
    pressed = await house.fake.control.click(user=who, chat=chat, message_id=message, data=data, wait=15)
    await house.quiet()
    answer: dict[str, Any] = pressed["answer"]
    return answer
