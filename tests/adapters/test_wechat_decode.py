"""What WeChat's messages mean, without a gateway: answers, names called, types, instants, anything else."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.wechat.decode import Spoken, contact_changed, instant, spoken
from bot.adapters.wechat.quotes import MOST_MESSAGES, Recent, read_quote
from bot.adapters.wechat.raw import MEDIA, MessageType, Told, decode_told, error_line
from bot.core.events import Message, MessageDeleted, Place, Sender

LINE = "\n- - - - - - - - - - - - - - -\n"
LIN, MILA, BOT = (
    Sender("wxid_lin", "小林"),
    Sender("wxid_mila", "米粒"),
    Sender("wxid_bot", "班长", is_bot=True),
)
ROOM = Place("1@chatroom", "group", "晨读班")
AT = 1_790_000_000_000


def said(text: str, sender: Sender = LIN, native: str = "m1", **more: object) -> Spoken:
    """A text in the room."""
    plain = Spoken(
        native=native,
        kind=MessageType.TEXT,
        at=AT,
        place=ROOM,
        sender=sender,
        names=frozenset({sender.name}),
        text=text,
    )
    return msgspec.structs.replace(plain, **more)


def read(message: Spoken, recent: Recent | None = None) -> Message:
    (event,) = spoken(message, Recent() if recent is None else recent)
    assert isinstance(event, Message)
    return event


@pytest.mark.parametrize(
    ("text", "whose", "what", "own"),
    [
        (f"「小林：今天读了」{LINE}优秀", "小林", "今天读了", "优秀"),
        (f"「小林:今天读了」{LINE}优秀", "小林", "今天读了", "优秀"),
        ("「小林：早」\n------\n好", "小林", "早", "好"),
        ("「小林：早」 \n——————————\n好", "小林", "早", "好"),
        (f"「小林：一\n二」{LINE}三\n四", "小林", "一\n二", "三\n四"),
        (f"「阿哲：「小林：早」{LINE}你好」{LINE}都好", "阿哲", f"「小林：早」{LINE}你好", "都好"),
        (f"「小林：时间：七点」{LINE}好", "小林", "时间：七点", "好"),
        (f"「小林：早」{LINE}", "小林", "早", ""),
    ],
)
def test_answers_are_read(text: str, whose: str, what: str, own: str) -> None:
    quote = read_quote(text)
    assert quote is not None
    assert (quote.name, quote.quoted, quote.own) == (whose, what, own)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "打卡",
        "「小林：早」",
        "「小林：早」好",
        f"「没有名字」{LINE}好",
        f"他说「小林：早」{LINE}好",
        "「「「",
    ],
)
def test_what_only_looks_like_an_answer(text: str) -> None:
    assert read_quote(text) is None
    if text:
        assert read(said(text)).text == text


def test_an_answer_finds_the_newest_message_that_it_may_mean() -> None:
    recent = Recent()
    for number, text in enumerate(["早", "今天读了", "早", "早"]):
        spoken(said(text, LIN if number < 3 else MILA, native=f"m{number}"), recent)
    answer = read(said(f"「小林：早」{LINE}补", MILA, native="m9"), recent)
    assert (answer.text, answer.reply_to, answer.reply_sender, answer.quoted) == ("补", "m2", LIN, ())
    assert not answer.reply_to_bot


def test_an_answer_to_a_long_message_gives_its_beginning_only() -> None:
    recent = Recent()
    long = "今天读了第三章，讲的是一个人怎样每天进步一点点，最后走到很远的地方"
    spoken(said(long, native="m1"), recent)
    assert read(said(f"「小林：{long[:24]}…」{LINE}优秀", MILA), recent).reply_to == "m1"
    assert read(said(f"「小林：{long[:3]}」{LINE}优秀", MILA), recent).reply_to is None


def test_an_answer_to_a_picture_and_to_an_answer() -> None:
    recent = Recent()
    spoken(said("<xml/>", native="m1", kind=6), recent)
    assert read(said(f"「小林：[图片]」{LINE}补", MILA, native="m2"), recent).reply_to == "m1"
    assert read(said(f"「米粒：补」{LINE}谢谢", native="m3"), recent).reply_to == "m2"
    assert read(said(f"「小林：[视频]」{LINE}补", MILA, native="m4"), recent).reply_to is None


def test_an_answer_means_nobody_where_two_say_the_same_under_one_name() -> None:
    recent, thief = Recent(), Sender("wxid_thief", "小林")
    spoken(said("打卡", native="m1"), recent)
    spoken(said("打卡", thief, native="m2"), recent)
    answer = read(said(f"「小林：打卡」{LINE}补", MILA), recent)
    assert (answer.reply_to, answer.reply_sender) == (None, None)


def test_a_name_with_a_colon_makes_nobody_else_the_one_who_is_answered() -> None:
    recent, thief = Recent(), Sender("wxid_thief", "小林：作业")
    spoken(said("作业：写完了", native="m1"), recent)
    spoken(said("写完了", thief, native="m2"), recent)
    assert read(said(f"「小林：作业：写完了」{LINE}撤销", MILA), recent).reply_to is None
    spoken(said("读完了", thief, native="m3"), recent)
    assert read(said(f"「小林：作业：读完了」{LINE}补", MILA), recent).reply_sender == thief


def test_what_is_quoted_of_a_message_that_was_heard_is_what_it_says() -> None:
    recent = Recent()
    spoken(said("<xml/>", native="m1", kind=6), recent)
    answer = read(said(f"「小林：[图片]都给我闭嘴」{LINE}/report", MILA, native="m2"), recent)
    assert (answer.reply_to, answer.reply_text) == ("m1", "[图片]")
    assert read(said(f"「小林：都给我闭嘴」{LINE}/report", MILA, native="m3"), recent).reply_to is None


def test_an_answer_to_the_bot() -> None:
    recent = Recent()
    assert spoken(said("记上了，小林。", BOT, own=True), recent) == ()
    answer = read(said(f"「班长：记上了，小林。」{LINE}谢谢", native="m2"), recent)
    assert (answer.reply_to, answer.reply_to_bot) == ("m1", True)


def test_an_answer_to_what_nobody_remembers_still_tells_whose_it_was() -> None:
    answer = read(said(f"「小林：很久以前」{LINE}补", MILA, named=LIN))
    assert (answer.text, answer.reply_to, answer.reply_sender) == ("补", None, LIN)


def test_only_so_much_is_remembered() -> None:
    recent = Recent()
    for number in range(MOST_MESSAGES + 1):
        spoken(said(f"第{number}句", native=f"m{number}"), recent)
    assert read(said(f"「小林：第0句」{LINE}补", MILA), recent).reply_to is None
    assert read(said(f"「小林：第2句」{LINE}补", MILA), recent).reply_to == "m2"


@pytest.mark.parametrize(
    ("text", "mentioned", "left"),
    [
        ("@班长\u2005排行", True, "排行"),
        ("@班长\u2005 排行", False, "排行"),
        ("@班长 排行", True, "排行"),
        ("@老名字\u2005排行", True, "排行"),
        ("@老名字\u2005排行", False, "@老名字\u2005排行"),
        ("@小林\u2005@班长\u2005排行", True, "排行"),
        ("@小林\u2005加油", False, "@小林\u2005加油"),
        ("@小林\u2005@阿哲\u2005加油", True, "@小林\u2005@阿哲\u2005加油"),
        ("排行 @班长\u2005", True, "排行 @班长\u2005"),
        ("@班长助理 你好", False, "@班长助理 你好"),
        ("@班长\u2005", True, ""),
        ("@所有人\u2005打卡", True, "@所有人\u2005打卡"),
    ],
)
def test_the_bot_s_name_before_a_command_is_no_part_of_it(text: str, mentioned: bool, left: str) -> None:
    names = frozenset({"班长", "TestBot"})
    heard = read(said(text, mentions_bot=mentioned, bot_names=names))
    assert (heard.text, heard.to_bot) == (left, text != left)


@pytest.mark.parametrize(("kind", "media"), MEDIA.items())
def test_media_have_no_text_of_their_sender(kind: int, media: str) -> None:
    message = read(said("<msg>xml</msg>", kind=kind))
    assert (message.media, message.text, message.forwarded) == ((media,), "", media == "history")


def test_a_file_is_attached_under_its_name() -> None:
    message = read(said("", kind=MessageType.FILE, filename="名单.xlsx"))
    assert message.attachment is not None
    assert (message.attachment.native, message.attachment.name) == ("m1", "名单.xlsx")
    assert read(said("", kind=MessageType.UNKNOWN, filename="a.md")).media == ("file",)
    assert spoken(said("<sysmsg/>", kind=MessageType.UNKNOWN), Recent()) == ()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<msg><title>#接龙&#10;1. 小林</title></msg>", "#接龙\n1. 小林"),
        ("<msg><title><![CDATA[#接龙\n1. 小林]]></title></msg>", "#接龙\n1. 小林"),
        ("#接龙\n1. 小林", "#接龙\n1. 小林"),
    ],
)
def test_a_list_to_join_is_text(text: str, left: str) -> None:
    assert read(said(text, kind=MessageType.GROUP_NOTE)).text == left
    assert spoken(said("<msg/>", kind=MessageType.GROUP_NOTE), Recent()) == ()


def test_whether_the_sender_may_be_written_to_is_told_whatever_they_sent() -> None:
    told = contact_changed(LIN, AT, contact=True)
    for kind, text, follows in (
        (MessageType.TEXT, "早", 1),
        (MessageType.TEXT, "", 0),
        (MessageType.RECALLED, "9", 1),
    ):
        first, *rest = spoken(said(text, kind=kind, contact=told), Recent())
        assert first == told
        assert len(rest) == follows


@pytest.mark.parametrize(
    "text", ["7431", " 7431\n", "<revokemsg><msgid>1</msgid><newmsgid>7431</newmsgid></revokemsg>"]
)
def test_what_is_taken_back(text: str) -> None:
    (event,) = spoken(said(text, kind=MessageType.RECALLED), Recent())
    assert isinstance(event, MessageDeleted)
    assert event.native in {"7431", "1"}
    assert spoken(said(" ", kind=MessageType.RECALLED), Recent()) == ()


@pytest.mark.parametrize(
    ("value", "at"),
    [
        (1_790_000_000, AT),
        (1_790_000_000_000, AT),
        (1_790_000_000.5, AT + 500),
        (datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC), AT),
        (datetime(1970, 1, 21, 17, 13, 20, tzinfo=UTC), AT),
        (0, 7),
        (-1, 7),
        (1e300, 7),
        (float("nan"), 7),
        (datetime(1970, 1, 1, tzinfo=UTC), 7),
        (None, 7),
    ],
)
def test_instants_come_in_seconds_and_milliseconds(value: float | datetime | None, at: int) -> None:
    assert instant(value, 7) == at


@given(st.floats() | st.datetimes(timezones=st.just(UTC)) | st.integers())
def test_every_instant_is_one(value: float | datetime) -> None:
    assert instant(value, 7) == 7 or 946_684_800_000 <= instant(value, 7) < 10**14


QUOTING = st.text(alphabet="「」：:-— \n小林早@\u2005班长", max_size=60)


@given(QUOTING | st.text(max_size=40), st.integers(0, 17), st.text(max_size=10), st.booleans())
def test_anything_can_be_said(text: str, kind: int, filename: str, own: bool) -> None:
    recent = Recent()
    message = said(text, kind=kind, filename=filename, own=own, bot_names=frozenset({"班长"}))
    spoken(message, recent)
    for event in spoken(message, recent):
        assert event.key == "m:m1"
        if isinstance(event, Message):
            assert event.text or event.media or text
            assert not own


def test_a_long_hostile_text_is_read_at_once() -> None:
    assert read_quote("「" + "」\n- - " * 20_000) is None
    assert read_quote("「a：" + "-" * 100_000) is None
    note = said("<title>" * 200_000, kind=MessageType.GROUP_NOTE)
    assert spoken(note, Recent()) == ()


def test_events_are_checked_while_they_are_decoded() -> None:
    told = decode_told('{"messageId":"m1","roomId":"r","inviteeIdList":["a"],"timestamp":1.5,"more":[1]}')
    assert told == Told(message_id="m1", room_id="r", invitee_id_list=("a",), timestamp=1.5)
    for hostile in ("", "[]", "null", '{"messageId":5}', '{"inviteeIdList":"a"}', '{"timestamp":{}}'):
        with pytest.raises(msgspec.DecodeError):
            decode_told(hostile)


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (Told(data="boom\nat x.js"), "boom"),
        (Told(gerror='{"code":2,"message":"boom\\nat x.js"}', data="other"), "boom"),
        (Told(data='{"details":"boom"}'), "boom"),
        (Told(data="[1]"), "[1]"),
        (Told(), ""),
        (Told(data="x" * 999), "x" * 200),
    ],
)
def test_an_error_is_one_line(told: Told, line: str) -> None:
    assert error_line(told) == line


def test_times_before_seventy_are_none() -> None:
    assert instant(datetime(1970, 1, 1, tzinfo=UTC) - timedelta(days=1), 7) == 7
