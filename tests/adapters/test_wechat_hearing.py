"""What the adapter hears of a real gateway, as events: members, rooms, friends, files, the account itself."""

import base64
import logging
from pathlib import Path

import msgspec
import pytest
from wechaty_grpc.wechaty import puppet as pb

from bot.adapters.wechat import WeChat
from bot.adapters.wechat.raw import Kind
from bot.core.events import (
    AccountChanged,
    Attachment,
    BotChanged,
    ContactChanged,
    FriendAsked,
    MemberChanged,
    Message,
    MessageDeleted,
    RoomListed,
    RoomOffered,
    RoomRenamed,
    RoomsListed,
    Seat,
    Sender,
    StaffListed,
    Undecodable,
)
from storage.failures import DiskFull
from tests.adapters.crowd import Crowd
from tests.adapters.house import HastyClock, Heap, until
from tests.adapters.wechat_house import QUICK, a_wechat, listening
from tests.peers.wechat.gateway import Gateway

pytestmark = pytest.mark.node

LINE = "\n- - - - - - - - - - - - - - -\n"


@pytest.fixture
def wechat(gateway: Gateway, tmp_path: Path) -> WeChat:
    return a_wechat(gateway, tmp_path)


async def online(heap: Heap) -> None:
    """Wait until the account is known to be logged in, and its rooms were looked at."""
    await until(lambda: heap.of(RoomsListed))


async def told(heap: Heap, native: str) -> Message:
    """Wait for a message with this id."""
    found: Message = await until(
        lambda: next((one for one in heap.of(Message) if one.native == native), None)
    )
    return found


async def test_a_message_says_who_where_when_and_what(crowd: Crowd, wechat: WeChat) -> None:
    lin = crowd.person("林晓")
    room = crowd.room("晨读班", lin)
    crowd.gateway.op("nickname", room=room, contact=lin, name="小林")
    async with listening(wechat, Heap()) as heap:
        await online(heap)
        native = crowd.says(lin, "早", room, timestamp=1_790_000_000)
        message = await told(heap, native)
        assert (message.key, message.at, message.text) == (f"m:{native}", 1_790_000_000_000, "早")
        assert message.place.title == "晨读班"
        assert message.sender == Sender(lin, "小林")
        crowd.gateway.op("nickname", room=room, contact=lin, name="林同学")
        renamed = await told(heap, crowd.says(lin, "又早", room))
        assert renamed.sender == Sender(lin, "林同学")
        private = await told(heap, crowd.says(lin, "你好"))
        assert (private.place.native, private.place.kind, private.sender) == (
            lin,
            "private",
            Sender(lin, "林同学"),
        )


async def test_a_room_first_heard_of_is_one_that_the_bot_is_in(crowd: Crowd, wechat: WeChat) -> None:
    async with listening(wechat, Heap()) as heap:
        await online(heap)
        lin = crowd.person("小林")
        room = crowd.room("新班", lin, owner=lin)
        crowd.says(lin, "早", room)
        await until(lambda: heap.of(Message, room))
        first, staff, second = (event for event in heap.events if event.place.native == room)
        assert isinstance(first, BotChanged)
        assert isinstance(staff, StaffListed)
        assert staff.seats == (Seat(Sender(lin, "小林"), "owner"),)
        assert (first.role, first.rights, first.place.title) == ("member", ("read",), "新班")
        assert isinstance(second, Message)


async def test_rooms_and_seats_are_listed_after_login(crowd: Crowd, wechat: WeChat) -> None:
    lin, mila, stranger = crowd.person("小林"), crowd.person("米粒"), crowd.person("客", friend=False)
    room, left = crowd.room("晨读班", lin, mila, stranger, owner=mila), crowd.room("旧班", lin)
    crowd.gateway.op("admins", room=room, contacts=[lin])
    crowd.gateway.op("leave", room=left, contacts=[crowd.bot])
    async with listening(wechat, Heap()) as heap:
        (listed,) = await until(lambda: heap.of(RoomsListed))
        assert room in listed.natives
        assert left not in listed.natives
        seats, again = await until(lambda: len(heap.of(RoomListed, room)) == 2 and heap.of(RoomListed, room))
        assert set(seats.seats) == {
            Seat(Sender(lin, "小林"), "admin", contact=True),
            Seat(Sender(mila, "米粒"), "owner", contact=True),
            Seat(Sender(stranger, "客"), "member", contact=False),
        }
        kinds = [type(event) for event in heap.events if event.place.native == room]
        assert kinds == [RoomListed, BotChanged, RoomListed], "known by its list before it can be new"
        assert again.seats == seats.seats


async def test_who_comes_and_goes(crowd: Crowd, wechat: WeChat) -> None:
    lin, mila, zhou = (crowd.person(name) for name in ("小林", "米粒", "周周"))
    room = crowd.room("晨读班", mila, owner=mila)
    async with listening(wechat, Heap()) as heap:
        await online(heap)
        crowd.gateway.op("join", room=room, contacts=[lin, zhou], by=mila)
        crowd.gateway.op("leave", room=room, contacts=[lin])
        crowd.gateway.op("leave", room=room, contacts=[zhou], by=mila)
        crowd.gateway.op("topic", room=room, topic="精英班", by=mila)
        await until(lambda: heap.of(RoomRenamed, room) and len(heap.of(MemberChanged, room)) == 4)
        by_mila = Sender(mila, "米粒")
        assert [(one.who.name, one.role, one.by) for one in heap.of(MemberChanged, room)] == [
            ("小林", "member", by_mila),
            ("周周", "member", by_mila),
            ("小林", "left", None),
            ("周周", "left", by_mila),
        ]
        assert heap.of(RoomRenamed, room)[-1].place.title == "精英班"


async def test_the_bot_itself_is_taken_out_and_let_in(crowd: Crowd, wechat: WeChat) -> None:
    mila = crowd.person("米粒")
    room = crowd.room("晨读班", mila, owner=mila)
    async with listening(wechat, Heap()) as heap:
        await online(heap)
        crowd.gateway.op("leave", room=room, contacts=[crowd.bot], by=mila)
        await until(lambda: [one for one in heap.of(BotChanged, room) if one.role == "left"])
        known = len(heap.of(BotChanged, room))
        crowd.gateway.op("join", room=room, contacts=[crowd.bot], by=mila)
        again = await until(lambda: heap.of(BotChanged, room)[known:])
        assert [(one.role, one.rights, one.by) for one in again] == [
            ("member", ("read",), Sender(mila, "米粒"))
        ]
        await until(lambda: heap.of(RoomListed, room))


async def test_a_quote_is_an_answer(crowd: Crowd, wechat: WeChat) -> None:
    lin, mila = crowd.person("小林"), crowd.person("米粒")
    room = crowd.room("晨读班", lin, mila)
    async with listening(wechat, Heap()) as heap:
        await online(heap)
        first = crowd.says(lin, "今天读到第三章", room)
        own = crowd.says(crowd.bot, "记上了", room)
        answer = await told(heap, crowd.says(mila, f"「小林：今天读到第三章」{LINE}优秀", room))
        assert (answer.text, answer.reply_to, answer.reply_sender) == ("优秀", first, Sender(lin, "小林"))
        answer = await told(heap, crowd.says(mila, f"「TestBot：记上了」{LINE}谢谢", room))
        assert (answer.text, answer.reply_to, answer.reply_to_bot) == ("谢谢", own, True)
        answer = await told(heap, crowd.says(mila, f"「小林：很久以前的话」{LINE}补", room))
        assert (answer.text, answer.reply_to, answer.reply_sender) == ("补", None, Sender(lin, "小林"))


async def test_own_messages_are_no_events_but_echoes(crowd: Crowd, wechat: WeChat) -> None:
    lin = crowd.person("小林")
    room = crowd.room("晨读班", lin)
    heard: list[tuple[str, str, str]] = []
    wechat._client.heard = lambda *what: heard.append(what)
    async with listening(wechat, Heap()) as heap:
        await online(heap)
        text = crowd.says(crowd.bot, "记上了", room)
        file = crowd.sends(crowd.bot, "a.txt", "YQ==", room)
        alone = crowd.says(crowd.bot, "悄悄话", to=lin)
        await told(heap, crowd.says(lin, "早", room))
        await until(lambda: len(heard) == 3)
        assert heard == [(room, "记上了", text), (room, "a.txt", file), (lin, "悄悄话", alone)]
        assert len(heap.of(Message)) == 1


async def test_a_message_taken_back(crowd: Crowd, wechat: WeChat) -> None:
    lin = crowd.person("小林")
    room = crowd.room("晨读班", lin)
    async with listening(wechat, Heap()) as heap:
        await online(heap)
        native = crowd.says(lin, "打卡", room)
        crowd.gateway.op("recall", {"from": lin, "room": room, "message": native})
        (deleted,) = await until(lambda: heap.of(MessageDeleted, room))
        assert deleted.native == native


async def test_files_and_pictures(crowd: Crowd, wechat: WeChat) -> None:
    lin = crowd.person("小林")
    room = crowd.room("晨读班", lin)
    data = base64.b64encode(b"x").decode()
    async with listening(wechat, Heap()) as heap:
        await online(heap)
        kinds = {"a.png": "photo", "a.mp4": "video", "a.sil": "voice", "名单.xlsx": "file", "a.txt": "file"}
        for name, kind in kinds.items():
            message = await told(heap, crowd.sends(lin, name, data, room))
            assert message.media == (kind,)
            is_file = kind == "file"
            assert message.attachment == (Attachment(message.native, name, 0) if is_file else None)


async def test_friends_and_invitations(crowd: Crowd, wechat: WeChat) -> None:
    lin = crowd.person("小林", friend=False)
    room = crowd.room("晨读班", lin)
    async with listening(wechat, Heap()) as heap:
        await online(heap)
        crowd.gateway.op("befriend", {"id": f"f-{lin}", "from": lin, "hello": "我是小林"})
        (asked,) = await until(lambda: heap.of(FriendAsked, lin))
        assert (asked.sender.name, asked.request, asked.hello) == ("小林", f"f-{lin}", "我是小林")
        crowd.gateway.op("invite", {"id": f"i-{lin}", "room": room, "from": lin})
        (offered,) = await until(lambda: heap.of(RoomOffered, lin))
        assert (offered.offer, offered.title) == (f"i-{lin}", "晨读班")
        await wechat._client.stub.friendship_accept(pb.FriendshipAcceptRequest(id=f"f-{lin}"))
        (changed,) = await until(lambda: heap.of(ContactChanged))
        assert (changed.who.native, changed.contact) == (lin, True)


async def test_the_account_goes_and_comes(
    crowd: Crowd, wechat: WeChat, caplog: pytest.LogCaptureFixture
) -> None:
    lin = crowd.person("小林")
    async with listening(wechat, Heap()) as heap:
        await online(heap)
        assert (await wechat.condition()).trouble == ""
        before = wechat._listening._clock.now()
        crowd.gateway.op("logout", reason="kicked")
        await until(lambda: len(heap.of(AccountChanged)) == 2)
        assert (await wechat.condition()).trouble == "offline"
        crowd.gateway.op("scan", qrcode="https://example.org/qr")
        crowd.gateway.op("login")
        await until(lambda: len(heap.of(AccountChanged)) == 4)
        assert [(one.state, one.code, one.why) for one in heap.of(AccountChanged)] == [
            ("online", "", ""),
            ("offline", "", "kicked"),
            ("waiting", "https://example.org/qr", ""),
            ("online", "", ""),
        ]
        crowd.says(lin, "早")
        await until(lambda: heap.of(Message))
        gap = await until(lambda: [one for one in heap.batches if one.unobserved_since is not None][1:])
        _, out, _, back = (one.at for one in heap.of(AccountChanged))
        assert before <= gap[0].unobserved_since <= out
        assert gap[0].caught_up_to >= back
    assert "example.org" not in caplog.text


async def test_one_slow_message_holds_up_only_its_own_room(crowd: Crowd, wechat: WeChat) -> None:
    lin, mila = crowd.person("小林"), crowd.person("米粒")
    slow, other = crowd.room("慢班", lin), crowd.room("快班", mila)
    text = f"慢 {lin}"
    async with listening(wechat, Heap()) as heap:
        await online(heap)
        crowd.gateway.op("delay", method=f"messagePayload {text}", ms=1_000)
        crowd.says(lin, text, slow)
        crowd.says(mila, "快", other)
        crowd.says(mila, "也快", other)
        await until(lambda: len(heap.of(Message, other)) == 2)
        assert not heap.of(Message, slow)
        arrived = heap.of(Message, other)[0].at
        caught_up = [one.caught_up_to for one in heap.batches if one.caught_up_to is not None]
        assert max(caught_up) < arrived, "what waits may still be older"
        await until(lambda: heap.of(Message, slow))


async def test_a_message_that_cannot_be_read_is_kept_as_it_came(crowd: Crowd, tmp_path: Path) -> None:
    wechat = a_wechat(crowd.gateway, tmp_path, patience=msgspec.structs.replace(QUICK, reading=1.6))
    lin = crowd.person("小林")
    room = crowd.room("晨读班", lin)
    text = f"坏 {lin}"
    async with listening(wechat, Heap()) as heap:
        await online(heap)
        crowd.gateway.op("fail", method=f"messagePayload {text}", message="broken\nat secret.js:1", times=9)
        native = crowd.says(lin, text, room)
        good = crowd.says(lin, "好", room)
        await told(heap, good)
        (letter,) = await until(lambda: heap.of(Undecodable))
        assert native in letter.raw
        assert "\n" not in letter.error


async def test_what_is_no_event_at_all_is_kept_or_passed_over(wechat: WeChat) -> None:
    async with listening(wechat, Heap()) as heap:
        await online(heap)
        for kind in (Kind.MESSAGE, Kind.ROOM_JOIN, Kind.DIRTY, Kind.LOGIN, 999):
            await wechat._listening._take(kind, '{"roomId": 5}')
        await until(lambda: len(heap.of(Undecodable)) == 2)
        assert {one.raw for one in heap.of(Undecodable)} == {'{"roomId": 5}'}
        await wechat._listening._take(999, "{}")
        assert (await wechat.condition()).trouble == ""


async def test_an_error_event_is_logged_and_the_stream_goes_on(
    crowd: Crowd, wechat: WeChat, caplog: pytest.LogCaptureFixture
) -> None:
    lin = crowd.person("小林")
    with caplog.at_level(logging.WARNING, "banzhang.wechat"):
        async with listening(wechat, Heap()) as heap:
            await online(heap)
            crowd.gateway.op("error", data="boom\nat stack.js")
            await told(heap, crowd.says(lin, "还在吗"))
    assert "boom" in caplog.text
    assert "stack.js" not in caplog.text


async def test_a_gateway_that_repeats_its_token_has_it_kept_nowhere(
    crowd: Crowd, wechat: WeChat, gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    lin = crowd.person("小林")
    with caplog.at_level(logging.DEBUG):
        async with listening(wechat, Heap()) as heap:
            await online(heap)
            gateway.op("error", data=f"denied: {gateway.token}")
            await wechat._listening._take(Kind.MESSAGE, f'{{"messageId": 5, "token": "{gateway.token}"}}')
            await wechat._listening._take(Kind.LOGOUT, f'{{"data": "denied: {gateway.token}"}}')
            await told(heap, crowd.says(lin, "还在吗"))
            await until(lambda: heap.of(Undecodable) and len(heap.of(AccountChanged)) > 1)
            assert gateway.token not in str(heap.events)
    assert "denied: …" in caplog.text
    assert gateway.token not in caplog.text


async def test_a_full_disk_only_delays(crowd: Crowd, gateway: Gateway, tmp_path: Path) -> None:
    clock = HastyClock()
    lin = crowd.person("小林")
    async with listening(a_wechat(gateway, tmp_path, clock=clock), Heap()) as heap:
        await online(heap)
        heap.faults = [DiskFull("no room"), DiskFull("no room")]
        await told(heap, crowd.says(lin, "早"))
        assert clock.waits == [5.0, 5.0]


async def test_no_text_and_no_name_is_longer_than_wechat_allows(crowd: Crowd, wechat: WeChat) -> None:
    loud = crowd.person("大" * 100_000)
    room = crowd.room("长" * 100_000, loud)
    async with listening(wechat, Heap()) as heap:
        await online(heap)
        crowd.says(loud, "打卡" * 400_000, room)
        message = (await until(lambda: heap.of(Message, room)))[0]
        assert message.sender is not None
        assert len(message.text) == 20_000
        assert len(message.sender.name) == 64
        assert len(message.place.title) == 128
