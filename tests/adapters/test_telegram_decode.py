"""Telegram's updates as events: who, where, what, and keys that survive being told twice."""

import json
from typing import Any

import pytest

from bot.adapters.telegram.decode import Decoder, Heard, NoAnswer
from bot.adapters.telegram.raw import KINDS
from bot.core.events import (
    Attachment,
    BotChanged,
    ButtonPressed,
    Event,
    MemberChanged,
    Message,
    Place,
    Reacted,
    RoomMoved,
    RoomRenamed,
    Sender,
    Undecodable,
)

NOW = 1_800_000_000_000
LIN = {
    "id": 7,
    "is_bot": False,
    "first_name": "小",
    "last_name": "林",
    "username": "lin",
    "language_code": "zh-hans",
}
BOT = {"id": 123456, "is_bot": True, "first_name": "班长", "username": "banzhang_bot"}
CLASS = {"id": -100, "type": "supergroup", "title": "晨读班"}
HOME = {"id": 7, "type": "private", "first_name": "小", "last_name": "林"}
CHANNEL = {"id": -200, "type": "channel", "title": "频道"}
IN_CLASS = Place("-100", "group", "晨读班")
SENDER = Sender("7", "小 林", "lin", "zh-hans")


def hear(*updates: dict[str, Any], live: bool = True) -> Heard:
    numbered = [{"update_id": number} | update for number, update in enumerate(updates, 10)]
    body = json.dumps({"ok": True, "result": numbered}).encode()
    return Decoder("telegram:123456").answer(body, NOW, live=live)


def events(*updates: dict[str, Any]) -> list[Event]:
    return hear(*updates).events


def message(**fields: Any) -> dict[str, Any]:
    return {"message_id": 5, "date": 1_700_000_000, "chat": CLASS, "from": LIN} | fields


def read(**fields: Any) -> Message:
    (event,) = events({"message": message(**fields)})
    assert isinstance(event, Message)
    return event


def test_a_text() -> None:
    assert read(text="打卡") == Message(
        bot="telegram:123456",
        key="m:-100:5",
        at=1_700_000_000_000,
        place=IN_CLASS,
        native="5",
        sender=SENDER,
        text="打卡",
    )


def test_a_private_chat_has_its_members_name() -> None:
    assert read(chat=HOME, text="/start ref42").place == Place("7", "private", "小 林")


def test_who_has_no_last_name() -> None:
    sender = read(**{"from": {"id": 8, "first_name": "阿哲"}}, text="早").sender
    assert sender == Sender("8", "阿哲")


@pytest.mark.parametrize(
    ("content", "media"),
    [
        ({"photo": [{"file_id": "small"}, {"file_id": "large"}]}, ("photo",)),
        ({"voice": {"file_id": "v", "duration": 3}}, ("voice",)),
        ({"animation": {"file_id": "a"}, "document": {"file_id": "a"}}, ("video",)),
        ({"video_note": {"file_id": "n"}}, ("video",)),
        ({"document": {"file_id": "d"}}, ("file",)),
        ({"sticker": {"file_id": "s"}}, ("sticker",)),
        ({"location": {"latitude": 1, "longitude": 2}}, ("location",)),
        ({"poll": {"id": "1"}}, ("poll",)),
        (
            {"text": "https://a.example", "entities": [{"type": "url", "offset": 0, "length": 17}]},
            ("link",),
        ),
    ],
)
def test_media(content: dict[str, Any], media: tuple[str, ...]) -> None:
    assert read(**content).media == media


def test_a_picture_of_an_album_with_its_caption() -> None:
    link = [{"type": "text_link", "offset": 0, "length": 2, "url": "https://a.example"}]
    event = read(photo=[{"file_id": "p"}], caption="打卡 读书", caption_entities=link, media_group_id="album")
    assert (event.text, event.album, event.media) == ("打卡 读书", "album", ("photo", "link"))


def test_quotes_are_counted_in_characters() -> None:
    text = "📚📚引用的话\n打卡"
    quote = [{"type": "blockquote", "offset": 4, "length": 4}]
    ((start, end),) = read(text=text, entities=quote).quoted
    assert text[start:end] == "引用的话"


def test_a_reply_knows_whom_it_answers() -> None:
    to_lin = read(text="好", reply_to_message={"message_id": 3, "date": 1, "chat": CLASS, "from": LIN})
    assert (to_lin.reply_to, to_lin.reply_sender, to_lin.reply_to_bot) == ("3", SENDER, False)
    to_bot = read(text="好", reply_to_message={"message_id": 4, "date": 1, "chat": CLASS, "from": BOT})
    assert to_bot.reply_to_bot
    to_channel = read(
        text="好",
        reply_to_message={"message_id": 4, "date": 1, "chat": CLASS, "from": LIN, "sender_chat": CHANNEL},
    )
    assert (to_channel.reply_to, to_channel.reply_sender) == ("4", None)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("@banzhang_bot 你会什么", "你会什么"),
        ("@Banzhang_Bot你会什么", "你会什么"),
        ("@banzhang_bot，排行", "排行"),
        ("@banzhang_bot\n/top week", "/top week"),
        ("@banzhang_bot", ""),
        ("@banzhang_bot2 你会什么", None),
        ("@lin 你会什么", None),
        ("问 @banzhang_bot", None),
        ("@", None),
    ],
)
def test_what_begins_with_the_bots_name_is_for_it_and_says_the_rest(text: str, own: str | None) -> None:
    decoder = Decoder("telegram:123456")
    update = json.dumps({"update_id": 1, "message": message(text=text)}).encode()
    [before] = decoder.update(update, NOW, live=True)
    decoder.username = "banzhang_bot"
    [event] = decoder.update(update, NOW, live=True)
    assert isinstance(before, Message)
    assert isinstance(event, Message)
    assert (before.to_bot, before.text) == (False, text)
    assert (event.to_bot, event.text) == (own is not None, text if own is None else own)


def test_what_is_quoted_behind_the_bots_name_stays_quoted() -> None:
    text = "@banzhang_bot 😀 打卡 收到"
    quote = [{"type": "blockquote", "offset": 17, "length": 2}]
    decoder = Decoder("telegram:123456")
    decoder.username = "banzhang_bot"
    update = json.dumps({"update_id": 1, "message": message(text=text, entities=quote)}).encode()
    [event] = decoder.update(update, NOW, live=True)
    assert isinstance(event, Message)
    [(start, end)] = event.quoted
    assert (event.text[start:end], event.own_text) == ("打卡", "😀  收到")


def test_a_topics_first_message_is_no_reply() -> None:
    beginning = {
        "message_id": 3,
        "date": 1,
        "chat": CLASS,
        "from": LIN,
        "forum_topic_created": {"name": "早"},
    }
    event = read(text="打卡", message_thread_id=3, is_topic_message=True, reply_to_message=beginning)
    assert (event.place.thread, event.reply_to) == ("3", None)


def test_a_thread_of_replies_is_no_topic() -> None:
    assert read(text="打卡", message_thread_id=3).place.thread is None


def test_anonymous_admins_and_channels_are_no_persons() -> None:
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    admin = read(**{"from": anonymous}, sender_chat=CLASS, text="/top")
    assert (admin.sender, admin.as_admin) == (None, True)
    channel = read(
        **{"from": {"id": 136817688, "is_bot": True, "first_name": "Channel"}}, sender_chat=CHANNEL, text="早"
    )
    assert (channel.sender, channel.as_admin) == (None, False)
    linked = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
    post = read(**{"from": linked}, sender_chat=CHANNEL, text="早", is_automatic_forward=True)
    assert (post.sender, post.as_admin, post.forwarded) == (None, False, True)


def test_forwards_are_said_to_be_forwards() -> None:
    assert read(text="打卡", forward_origin={"type": "hidden_user", "date": 1}).forwarded


def test_an_edit_has_its_own_time_and_a_key_of_its_text() -> None:
    def edit(text: str) -> Event:
        (event,) = events({"edited_message": message(text=text, edit_date=1_700_000_060)})
        return event

    event = edit("打卡 二")
    assert isinstance(event, Message)
    assert (event.edited, event.native, event.at) == (True, "5", 1_700_000_060_000)
    assert event.key == edit("打卡 二").key != edit("打卡 三").key


def press(**fields: Any) -> dict[str, Any]:
    shown = {"message_id": 9, "date": 0, "chat": CLASS}
    return {"callback_query": {"id": "99", "from": LIN, "message": shown, "data": "checkin"} | fields}


def test_a_press_has_the_time_of_its_stream() -> None:
    earlier = {"message": message(text="早")}
    for live, at in ((True, NOW), (False, 1_700_000_000_000)):
        pressed = hear(earlier, press(), live=live).events[1]
        assert isinstance(pressed, ButtonPressed)
        assert (pressed.at, pressed.at_known, pressed.press, pressed.message) == (at, False, "99", "9")
    assert hear(press(), live=False).events[0].at == NOW


def test_presses_of_others_messages_and_games_are_passed_over() -> None:
    assert events(press(message=None), press(data=None)) == []


def test_reactions() -> None:
    change = {"chat": CLASS, "message_id": 5, "date": 1_700_000_000, "user": LIN, "old_reaction": []}
    after = [
        {"type": "emoji", "emoji": "👍"},
        {"type": "custom_emoji", "custom_emoji_id": "1"},
        {"type": "paid"},
    ]
    (event,) = events({"message_reaction": change | {"new_reaction": after}})
    assert isinstance(event, Reacted)
    assert (event.sender, event.message, event.before, event.after) == (SENDER, "5", (), ("👍", "1", "paid"))
    anonymous = change | {"new_reaction": after, "user": None, "actor_chat": CLASS}
    assert events({"message_reaction": anonymous}) == []


@pytest.mark.parametrize(
    ("standing", "role"),
    [
        ({"status": "creator"}, "owner"),
        ({"status": "administrator"}, "admin"),
        ({"status": "member"}, "member"),
        ({"status": "restricted", "is_member": True}, "member"),
        ({"status": "restricted", "is_member": False}, "left"),
        ({"status": "left"}, "left"),
        ({"status": "kicked", "until_date": 0}, "left"),
    ],
)
def test_standings(standing: dict[str, Any], role: str) -> None:
    change = {"chat": CLASS, "from": LIN, "date": 1_700_000_000, "new_chat_member": standing | {"user": LIN}}
    (event,) = events({"chat_member": change})
    assert isinstance(event, MemberChanged)
    assert (event.who, event.role, event.by) == (SENDER, role, SENDER)


def test_a_join_told_by_two_updates_is_one() -> None:
    change = {
        "chat": CLASS,
        "from": LIN,
        "date": 1_700_000_000,
        "new_chat_member": {"status": "member", "user": LIN},
    }
    service, update = events({"message": message(new_chat_members=[LIN, BOT])}, {"chat_member": change})
    assert service.key == update.key
    (left,) = events({"message": message(left_chat_member=LIN)})
    assert isinstance(left, MemberChanged)
    assert left.role == "left"


def own(chat: dict[str, Any], **standing: Any) -> BotChanged:
    change = {"chat": chat, "from": LIN, "date": 1_700_000_000, "new_chat_member": standing | {"user": BOT}}
    (event,) = events({"my_chat_member": change})
    assert isinstance(event, BotChanged)
    return event


def test_the_bots_own_rights() -> None:
    assert own(CLASS, status="member").rights == ("speak",)
    admin = own(
        CLASS,
        status="administrator",
        can_delete_messages=True,
        can_pin_messages=True,
        can_invite_users=True,
        can_restrict_members=True,
    )
    assert admin.rights == ("read", "speak", "react", "watch", "delete", "pin", "invite", "remove")
    assert own(CLASS, status="restricted", is_member=True, can_send_messages=False).rights == ()
    gone = own(CLASS, status="kicked")
    assert (gone.role, gone.rights) == ("left", ())


def test_who_blocks_the_bot() -> None:
    event = own(HOME, status="kicked")
    assert (event.role, event.place, event.by) == ("left", Place("7", "private", "小 林"), SENDER)


def test_a_group_that_moves_tells_it_twice_with_one_key() -> None:
    old = CLASS | {"id": -5, "type": "group"}
    both = events(
        {"message": message(chat=old, migrate_to_chat_id=-100)}, {"message": message(migrate_from_chat_id=-5)}
    )
    assert len({event.key for event in both}) == 1
    for event in both:
        assert isinstance(event, RoomMoved)
        assert (event.place.native, event.to) == ("-5", "-100")


def test_a_new_title() -> None:
    (event,) = events({"message": message(chat=CLASS | {"title": "夜读班"}, new_chat_title="夜读班")})
    assert isinstance(event, RoomRenamed)
    assert event.place.title == "夜读班"


def test_what_is_of_no_use_is_passed_over() -> None:
    heard = hear(
        {"message": message(pinned_message={"message_id": 1})},
        {"message": message(forum_topic_created={"name": "早"})},
        {"message": message(chat=CHANNEL, text="早")},
        {"a_kind_of_2030": {"text": "?"}},
        {"message": message(text="早", a_field_of_2030=[1])},
    )
    assert [event.key for event in heard.events] == ["m:-100:5"]
    assert (heard.updates, heard.last_id) == (5, 14)


def test_a_malformed_update_harms_no_other() -> None:
    broken = {"message": {"message_id": "five"}}
    heard = hear({"message": message(text="早")}, broken, {"message": message(message_id=6, text="好")})
    first, unread, last = heard.events
    assert (first.key, last.key, heard.last_id) == ("m:-100:5", "m:-100:6", 12)
    assert isinstance(unread, Undecodable)
    assert '"five"' in unread.raw
    assert "message_id" in unread.error


def test_text_that_is_no_text() -> None:
    body = json.dumps(
        {"ok": True, "result": [{"update_id": 3, "message": message(text="打卡\ud800")}]}
    ).encode()
    (event,) = Decoder("telegram:123456").answer(body, NOW, live=True).events
    assert isinstance(event, Message)
    assert event.text == "打卡?"


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"ok":true}', b'{"ok":true,"result":{}}'])
def test_what_is_no_answer(body: bytes) -> None:
    with pytest.raises(NoAnswer):
        Decoder("telegram:123456").answer(body, NOW, live=True)


def test_every_kind_that_features_need_is_asked_for() -> None:
    assert set(KINDS) == {
        "message",
        "edited_message",
        "callback_query",
        "message_reaction",
        "chat_member",
        "my_chat_member",
    }


def test_a_file_says_how_it_is_read() -> None:
    heard = read(document={"file_id": "BQAC", "file_name": "接龙.txt", "file_size": 120}, caption="录入")
    assert heard.attachment == Attachment("BQAC", "接龙.txt", 120)
    assert read(text="打卡").attachment is None
