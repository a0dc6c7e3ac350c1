"""Senders and places are kept by Telegram's own bytes; the short way of a plain message leads to the same."""

import json
import random
from collections.abc import Sequence
from typing import Any
from unittest.mock import patch

import msgspec
import pytest

from bot.adapters.telegram import decode, who
from bot.adapters.telegram.decode import Decoder
from bot.adapters.telegram.who import Places, Senders
from bot.core.events import ButtonPressed, Event, Message, Place, Sender, Undecodable

NOW = 1_800_000_000_000
LIN = {"id": 7, "first_name": "小", "last_name": "林", "username": "lin"}
BOT = {"id": 123456, "is_bot": True, "first_name": "班长"}
CLASS = {"id": -100, "type": "supergroup", "title": "晨读班"}
HOME = {"id": 7, "type": "private", "first_name": "小"}
CHANNEL = {"id": -200, "type": "channel", "title": "频道"}


def as_bytes(told: object) -> bytes:
    return json.dumps(told).encode()


def test_the_same_words_are_the_same_sender_and_a_new_name_is_not() -> None:
    senders = Senders()

    assert senders[as_bytes(LIN)] == Sender("7", "小 林", "lin")
    assert senders[as_bytes(LIN)] is senders[as_bytes(LIN)]
    assert senders[as_bytes(LIN | {"last_name": "林林"})] == Sender("7", "小 林林", "lin")
    assert senders[b"null"] is None


@pytest.mark.parametrize("told", [b"", b"7", b'"lin"', b'{"id":"7"}', b'{"id":7', b'{"id":7,"first_name":3}'])
def test_what_is_no_user_is_never_kept(told: bytes) -> None:
    senders = Senders()

    for _ in range(2):
        with pytest.raises(msgspec.DecodeError):
            senders[told]
    assert not senders


def test_a_place_is_a_group_a_private_chat_or_a_channel() -> None:
    places = Places()

    assert places[as_bytes(CLASS)] == Place("-100", "group", "晨读班")
    assert places[as_bytes(HOME)] == Place("7", "private")
    assert places[as_bytes(CHANNEL)].kind == "channel"
    with pytest.raises(msgspec.DecodeError):
        places[b"null"]


def test_no_more_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(who, "MOST_KEPT", 3)
    senders, places = Senders(), Places()
    for number in range(10):
        sender, place = senders[as_bytes(LIN | {"id": number})], places[as_bytes(CLASS | {"id": number})]
        assert sender is not None
        assert sender.native == place.native == str(number)

    assert (len(senders), len(places)) == (1, 1)


PERSONS = (LIN, BOT, LIN | {"first_name": "新"}, None)
CHATS = (CLASS, CLASS, CLASS | {"type": "group"}, HOME, CHANNEL)
TEXTS = ("打卡", "早", "", "@banzhang 在吗", "@lin 早", "📚 read on")
LINK, QUOTE = ({"type": kind, "offset": 1, "length": 2} for kind in ("url", "blockquote"))
ENTITIES: tuple[list[Any], ...] = ([], [LINK], [QUOTE])
REPLIED: dict[str, Sequence[Any]] = {
    "from": PERSONS,
    "sender_chat": CHATS,
    "text": TEXTS,
    "caption": TEXTS,
    "forum_topic_created": ({"name": "早"},),
}
RARE: dict[str, Sequence[Any]] = {
    "caption": TEXTS,
    "entities": ENTITIES,
    "caption_entities": ENTITIES,
    "edit_date": (3, 4),
    "sender_chat": CHATS,
    "message_thread_id": (3,),
    "is_topic_message": (True, False),
    "is_automatic_forward": (True,),
    "forward_origin": ({"type": "user"},),
    "media_group_id": ("album",),
    "photo": ([{"file_id": "p"}],),
    "document": ({"file_id": "d", "file_name": "a.txt"},),
    "voice": ({"file_id": "v"},),
    "poll": ({"id": "1"},),
    "new_chat_members": ([LIN, BOT], []),
    "left_chat_member": (LIN,),
    "new_chat_title": ("夜读班",),
    "migrate_to_chat_id": (-300,),
}
BROKEN: dict[str, Sequence[Any]] = {
    "from": ("lin", {"first_name": "小"}, 7),
    "chat": (None, {"id": "x", "type": "group"}),
    "reply_to_message": ({"message_id": 3, "from": []}, {}),
    "text": (5,),
}


def some_of(fields: dict[str, Sequence[Any]], share: float, chance: random.Random) -> dict[str, Any]:
    return {name: chance.choice(values) for name, values in fields.items() if chance.random() < share}


def invented(chance: random.Random) -> tuple[str, dict[str, Any]]:
    """A message, now and then an edited, a strange or a malformed one."""
    number, date = chance.randrange(9), chance.randrange(9)
    told = {"message_id": number, "date": date, "chat": chance.choice(CHATS), "from": LIN, "text": "早"}
    told |= some_of({"from": PERSONS, "text": (*TEXTS, None)}, 0.5, chance)
    if chance.random() < 0.3:
        told["reply_to_message"] = {"message_id": 3, "date": 1} | some_of(REPLIED, 0.4, chance)
    told |= some_of(RARE, chance.choice([0, 0, 0.05, 0.2]), chance)
    told |= some_of(BROKEN, chance.choice([0, 0, 0, 0, 0, 0.1]), chance)
    return chance.choice(["message", "message", "edited_message"]), told


def heard(updates: list[tuple[str, dict[str, Any]]], decoder: Decoder) -> list[Event]:
    result = [{"update_id": number, kind: told} for number, (kind, told) in enumerate(updates)]
    return decoder.answer(as_bytes({"ok": True, "result": result}), NOW, live=False).events


def a_decoder() -> Decoder:
    decoder = Decoder("telegram:123456")
    decoder.username = "banzhang"
    return decoder


@pytest.mark.parametrize("seed", range(5))
def test_the_short_way_leads_to_the_same_events(seed: int) -> None:
    chance, decoder = random.Random(seed), a_decoder()
    for _ in range(40):
        updates = [invented(chance) for _ in range(3)]
        with patch.object(decode, "is_plain", return_value=False):
            expected = heard(updates, a_decoder())
        assert heard(updates, decoder) == expected


def test_a_malformed_sender_harms_no_other_and_moves_no_time() -> None:
    """What was read before the malformed one is read again; a press has the time of what came before it."""
    plain = {"message_id": 1, "date": 1, "chat": CLASS, "from": LIN, "text": "早"}
    shown = {"message_id": 9, "date": 0, "chat": CLASS}
    pressed = {"id": "9", "from": LIN, "message": shown, "data": "checkin"}
    updates: list[tuple[str, dict[str, Any]]] = [
        ("callback_query", pressed),
        ("message", plain),
        ("message", plain | {"message_id": 2, "from": {"id": "lin"}, "date": 50}),
        ("callback_query", pressed),
    ]
    press, said, unread, again = heard(updates, a_decoder())

    assert isinstance(press, ButtonPressed)
    assert (press.at, said.at, again.at) == (NOW, 1000, 1000)
    assert isinstance(said, Message)
    assert isinstance(unread, Undecodable)
    assert "lin" in unread.raw
