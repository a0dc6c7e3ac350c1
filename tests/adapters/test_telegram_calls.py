"""Actions on Telegram: what is sent, and what follows from each of its errors."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.adapters.telegram import Telegram
from bot.adapters.telegram.markup import size, split
from bot.core.actions import Admit, Answer, AnyAction, Befriend, Button, Delete, Edit, React, Say, words
from bot.core.errors import RetryLater, Undeliverable
from bot.core.platforms import CommandEntry, File, Moved, Outgoing, PartSent
from tests.adapters.telegram_house import a_bot, outgoing
from tests.peers.telegram import FakeServer

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
TEXT = words("any.text")


def say(**more: Any) -> Say:
    return Say(parts=(TEXT,), language="en", **more)


def edit(message: str) -> Edit:
    return Edit(message=message, words=TEXT, language="en")


@pytest.fixture
async def telegram(fake: FakeServer, tmp_path: Path) -> AsyncIterator[Telegram]:
    async with a_bot(fake, tmp_path) as bot:
        await bot.open()
        yield bot


@pytest.fixture
async def room(fake: FakeServer) -> int:
    group = await fake.control.group(3, title="晨读班")
    return int(group["id"])


async def member(fake: FakeServer, room: int) -> int:
    info = await fake.control.chat_info(chat=room)
    return int(next(user for user, status in info["members"].items() if status == "member"))


async def said(fake: FakeServer, room: int, text: str = "打卡", **more: Any) -> int:
    user = await member(fake, room)
    return int((await fake.control.say(user=user, chat=room, text=text, **more))["message_id"])


async def test_a_text_with_buttons_answers_a_message(fake: FakeServer, telegram: Telegram, room: int) -> None:
    asked = await said(fake, room)
    html = '<b>好</b>，<a href="https://a.example">看</a> &lt;3 &#39;'
    native = await telegram.carry_out(
        outgoing(say(reply_to=str(asked)), room, html, [[("打卡", "checkin"), ("请假", "leave:1")]])
    )
    (sent,) = await fake.control.wait_sent(1)
    assert native == str(sent["message_id"])
    assert sent["text"] == "好，看 <3 '"
    assert sent["reply_to"] == asked
    assert [[one["callback_data"] for one in row] for row in sent["buttons"]] == [["checkin", "leave:1"]]


async def test_an_answer_to_a_message_that_is_gone_is_sent_all_the_same(
    fake: FakeServer, telegram: Telegram, room: int
) -> None:
    await telegram.carry_out(outgoing(say(reply_to="999"), room, "好"))
    (sent,) = await fake.control.wait_sent(1)
    assert sent["reply_to"] is None


async def carry_out_all(telegram: Telegram, whole: Outgoing) -> str | None:
    """Carry an action out as the way out does: part by part, each noted before the next goes."""
    while True:
        try:
            return await telegram.carry_out(whole)
        except PartSent as part:
            assert isinstance(whole.action, Say)
            known = msgspec.structs.replace(whole.action, sent=(*whole.action.sent, part.native))
            whole = msgspec.structs.replace(whole, action=known)


LINES = "\n".join(f"第 {number} 天：读了三页" for number in range(600))


async def test_a_long_text_goes_out_in_parts(fake: FakeServer, telegram: Telegram, room: int) -> None:
    lines = LINES
    native = await carry_out_all(telegram, outgoing(say(), room, f"<b>{lines}</b>", [[("好", "ok")]]))
    sent = await fake.control.wait_sent(2)
    assert "\n".join(one["text"] for one in sent) == lines
    assert [bool(one["buttons"]) for one in sent] == [False] * (len(sent) - 1) + [True]
    assert native == str(sent[-1]["message_id"])


async def test_only_what_is_left_of_a_long_text_is_sent(
    fake: FakeServer, telegram: Telegram, room: int
) -> None:
    with pytest.raises(PartSent) as part:
        await telegram.carry_out(outgoing(say(), room, LINES))
    (first,) = await fake.control.wait_sent(1)
    assert part.value.native == str(first["message_id"])
    await telegram.carry_out(outgoing(say(sent=(part.value.native,)), room, LINES))
    sent = await fake.control.wait_sent(2)
    assert "\n".join(one["text"] for one in sent) == LINES


async def test_a_picture_and_its_caption(fake: FakeServer, telegram: Telegram, room: int) -> None:
    await telegram.carry_out(outgoing(say(), room, "<b>五月</b>", picture=PNG))
    (sent,) = await fake.control.wait_sent(1)
    assert (sent["kind"], sent["text"]) == ("photo", "五月")


async def test_a_caption_too_long_follows_its_picture(
    fake: FakeServer, telegram: Telegram, room: int
) -> None:
    await carry_out_all(telegram, outgoing(say(), room, "字" * 1025, picture=PNG))
    picture, text = await fake.control.wait_sent(2)
    assert (picture["kind"], picture["text"] or "", text["kind"], len(text["text"])) == (
        "photo",
        "",
        "text",
        1025,
    )


def a_table(chat: int, html: str, **more: Any) -> Outgoing:
    file = File("打卡表 “晨读” a;b.xlsx", "application/vnd.ms-excel", b"PK table")
    return Outgoing(say(**more), str(chat), html, file=file)


async def test_a_file_keeps_its_name_and_has_a_caption(fake: FakeServer, telegram: Telegram) -> None:
    friend = (await fake.control.user(first_name="阿哲", started=True))["id"]
    native = await telegram.carry_out(a_table(friend, "<b>本周</b>"))
    (sent,) = await fake.control.wait_sent(1)
    assert (sent["kind"], sent["text"], native) == ("document", "本周", str(sent["message_id"]))
    shown = (await fake.control.message(chat=friend, message_id=sent["message_id"]))["message"]
    assert shown["document"]["file_name"] == "打卡表 “晨读” a;b.xlsx"
    kept = await telegram._client.get_file(shown["document"]["file_id"])
    assert bytes(await kept.download_as_bytearray()) == b"PK table"
    await fake.control.no_violations()


async def test_a_caption_too_long_follows_its_file_with_the_buttons(
    fake: FakeServer, telegram: Telegram, room: int
) -> None:
    asked = str(await said(fake, room))
    buttons = ((("上周", Button(TEXT, "tables:lastweek")),),)
    outgoing = msgspec.structs.replace(a_table(room, "字" * 1025, reply_to=asked), buttons=buttons)
    await carry_out_all(telegram, outgoing)
    file, text = await fake.control.wait_sent(2)
    assert (file["kind"], file["text"] or "", file["reply_to"]) == ("document", "", int(asked))
    assert (text["kind"], len(text["text"]), bool(text["buttons"])) == ("text", 1025, True)


async def test_a_topic_that_is_gone_gives_way_to_the_whole_room(fake: FakeServer, telegram: Telegram) -> None:
    forum = (await fake.control.group(1, is_forum=True))["id"]
    topic = (await fake.control.topic(chat=forum, name="早"))["message_thread_id"]
    await telegram.carry_out(outgoing(say(thread=str(topic)), forum, "在"))
    await telegram.carry_out(outgoing(say(thread="777"), forum, "也在"))
    assert [one["thread"] for one in await fake.control.wait_sent(2)] == [topic, None]


async def test_markup_that_telegram_refuses_is_left_out(
    fake: FakeServer, telegram: Telegram, room: int
) -> None:
    await telegram.carry_out(outgoing(say(), room, "<b>好 <i>的</b></i> &amp;"))
    (sent,) = await fake.control.wait_sent(1)
    assert sent["text"] == "好 的 &"


async def test_reactions(fake: FakeServer, telegram: Telegram, room: int) -> None:
    asked = str(await said(fake, room))
    await telegram.carry_out(outgoing(React(message=asked, emoji="🎉"), room))
    await telegram.carry_out(outgoing(React(message=asked, emoji="🐢"), room))
    seen = [act["reaction"][0]["emoji"] for act in await fake.control.actions() if act["what"] == "react"]
    assert seen == ["🎉", "👍"]


async def test_a_room_without_reactions_says_so(fake: FakeServer, telegram: Telegram, room: int) -> None:
    asked = str(await said(fake, room))
    await fake.control.set_chat(chat=room, available_reactions=[])
    with pytest.raises(Undeliverable) as caught:
        await telegram.carry_out(outgoing(React(message=asked, emoji="👍"), room))
    assert caught.value.reason == "reaction_invalid"


async def test_a_press_is_answered_once_it_came_and_not_too_late(
    fake: FakeServer, telegram: Telegram, room: int
) -> None:
    native = await telegram.carry_out(outgoing(say(), room, "?", [[("好", "ok")]]))
    assert native is not None
    user = await member(fake, room)
    pressed = await fake.control.click(user=user, chat=room, message_id=int(native), data="ok")
    answer = Answer(press=str(pressed["callback_query_id"]), words=TEXT, language="en", alert=True)
    await telegram.carry_out(outgoing(answer, room, "记上了"))
    (callback,) = await fake.control.callbacks()
    assert callback["answer"]["text"] == "记上了"
    late = Answer(press="12345", words=TEXT, language="en")
    with pytest.raises(Undeliverable) as caught:
        await telegram.carry_out(outgoing(late, room, "记上了"))
    assert caught.value.reason == "too_old"


async def test_an_edit_of_a_text_and_of_a_caption(fake: FakeServer, telegram: Telegram, room: int) -> None:
    text = await telegram.carry_out(outgoing(say(), room, "一"))
    picture = await telegram.carry_out(outgoing(say(), room, "一", picture=PNG))
    for native in (text, picture):
        assert native is not None
        for _ in range(2):
            await telegram.carry_out(outgoing(edit(native), room, "<b>二</b>", [[("好", "ok")]]))
        shown = (await fake.control.message(chat=room, message_id=int(native)))["message"]
        assert (shown.get("text") or shown.get("caption")) == "二"


async def test_a_message_that_is_gone_already_is_deleted(
    fake: FakeServer, telegram: Telegram, room: int
) -> None:
    native = await telegram.carry_out(outgoing(say(), room, "一"))
    assert native is not None
    for _ in range(2):
        await telegram.carry_out(outgoing(Delete(message=native), room))


async def reason(telegram: Telegram, chat: int) -> str:
    with pytest.raises(Undeliverable) as caught:
        await telegram.carry_out(outgoing(say(), chat, "早"))
    return caught.value.reason


async def test_whom_the_bot_cannot_write_to(fake: FakeServer, telegram: Telegram, room: int) -> None:
    control = fake.control
    stranger = (await control.user(first_name="路人"))["id"]
    assert await reason(telegram, stranger) in {"blocked", "not_found"}
    friend = (await control.user(first_name="阿哲", started=True))["id"]
    await control.block(user=friend)
    assert await reason(telegram, friend) == "blocked"
    assert await reason(telegram, -1009999) == "not_found"
    await control.set_member(chat=room, user=123456, status="kicked")
    assert await reason(telegram, room) == "kicked"


async def test_a_group_that_has_moved_says_where(fake: FakeServer, telegram: Telegram) -> None:
    group = await fake.control.group(1, type="group", bot_status="member")
    moved = await fake.control.migrate(chat=group["id"])
    with pytest.raises(Moved) as caught:
        await telegram.carry_out(outgoing(say(), group["id"], "早"))
    assert caught.value.to == str(moved["new"])


@pytest.mark.parametrize(
    "action",
    [
        Delete(message="-5:7"),
        React(message="-5:7", emoji="👍"),
        Edit(message="-5:7", words=TEXT, language="en"),
    ],
)
async def test_nothing_is_done_to_a_message_of_before_a_move(
    telegram: Telegram, room: int, action: AnyAction
) -> None:
    with pytest.raises(Undeliverable) as caught:
        await telegram.carry_out(outgoing(action, room, "早"))
    assert caught.value.reason == "too_old"


async def test_an_answer_to_a_message_of_before_a_move_answers_none(
    fake: FakeServer, telegram: Telegram, room: int
) -> None:
    await telegram.carry_out(outgoing(say(reply_to="-5:7"), room, "早"))
    (sent,) = await fake.control.sent(chat=room)
    assert (sent["text"], sent["reply_to"]) == ("早", None)


@pytest.mark.parametrize("kind", ["500", "502", "504", "reset", "truncate"])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_what_may_pass_is_tried_again(
    fake: FakeServer, telegram: Telegram, room: int, kind: str, when: str
) -> None:
    await fake.control.fault(kind=kind, count=1, method="sendMessage", when=when)
    with pytest.raises(RetryLater):
        await telegram.carry_out(outgoing(say(), room, "早"))
    assert await telegram.carry_out(outgoing(say(), room, "早")) is not None


async def test_a_pause_that_telegram_asks_for_is_kept(
    fake: FakeServer, telegram: Telegram, room: int
) -> None:
    await fake.control.fault(kind="429", count=1, retry_after=17, method="sendMessage")
    with pytest.raises(RetryLater) as caught:
        await telegram.carry_out(outgoing(say(), room, "早"))
    assert caught.value.seconds == 17


async def test_somebody_is_let_in_by_a_link_for_them_alone(
    fake: FakeServer, telegram: Telegram, room: int
) -> None:
    there = await member(fake, room)
    await fake.control.set_member(chat=room, user=there, status="left")
    link = await telegram.carry_out(outgoing(Admit(who=str(there)), room))
    assert link is not None
    assert link.startswith("https://t.me/")
    await fake.control.set_member(chat=room, user=there, status="member")
    assert await telegram.carry_out(outgoing(Admit(who=str(there)), room)) is None


async def test_what_telegram_has_none_of(fake: FakeServer, telegram: Telegram, room: int) -> None:
    with pytest.raises(Undeliverable):
        await telegram.carry_out(outgoing(Befriend(request="1"), room))


async def test_the_menu_is_sent_only_when_it_changed(fake: FakeServer, telegram: Telegram) -> None:
    about = {"zh-Hans": "打卡", "zh-Hant": "打卡", "en": "check in"}
    commands = [
        CommandEntry("checkin", about, needs_right=False, places=("group", "private")),
        CommandEntry("role", about, needs_right=True, places=("group",)),
    ]
    for _ in range(2):
        await telegram.publish(commands)
    menus = (await fake.control.commands())["commands"]
    shown = {
        (menu["scope"], menu["language_code"]): [one["command"] for one in menu["commands"]] for menu in menus
    }
    assert shown["all_private_chats", ""] == shown["all_group_chats", "en"] == ["checkin"]
    assert shown["all_chat_administrators", ""] == ["checkin", "role"]
    assert len(await fake.control.calls(method="setMyCommands")) == 6


def test_parts_are_whole_and_short_enough() -> None:
    text = "<b>" + "长" * 50 + "</b>\n<i>短</i>\n" + "&amp;📚" * 30
    parts = split(text, 40)
    assert all(size(part) <= 40 for part in parts)
    assert all(part.count("<b>") == part.count("</b>") for part in parts)
