"""What the bot does on WeChat, as a real gateway takes it."""

import asyncio
import base64
import random
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from wechaty_grpc.wechaty import puppet as pb

from bot.adapters.wechat import files
from bot.adapters.wechat.calls import MOST_MEMBERS, Calls
from bot.adapters.wechat.client import Client, Link
from bot.core.actions import (
    Admit,
    Answer,
    AnyAction,
    Befriend,
    Delete,
    Edit,
    Enter,
    Fetch,
    Look,
    React,
    Say,
    words,
)
from bot.core.clock import WallClock
from bot.core.errors import Away, RetryLater, Undeliverable
from bot.core.files import MOST_BYTES
from bot.core.platforms import File, Outgoing, PartSent
from tests.adapters.house import PATIENCE
from tests.peers.wechat.gateway import Gateway

pytestmark = pytest.mark.node

TEAM, ALICE, BOB = "r1@chatroom", "wxid_alice", "wxid_bob"
CAROL = "wxid_carol"
"""Somebody whom nobody writes to."""
MESSAGE = 5
"""The number of an event that tells of a message."""


class Watched(Gateway):
    """A gateway, and how many things the bot did there before the present test."""

    done = 0


@pytest.fixture(scope="module")
def gateway() -> Iterator[Watched]:
    """One gateway for all: starting it takes a second."""
    with Watched() as running:
        for native in (ALICE, BOB):
            running.op("contact", id=native, name=native.removeprefix("wxid_").title())
        running.op("room", id=TEAM, topic="Team", members=[ALICE], owner=running.bot)
        yield running


class Bot:
    """The calls under test, and what the gateway saw of them."""

    def __init__(self, gateway: Watched) -> None:
        self.gateway = gateway
        self.client = Client(Link(gateway.endpoint, gateway.token))
        self.looked: list[str] = []
        self.calls = Calls(self.client, WallClock(), self.name_of, self.looked.append)

    async def name_of(self, room: str, native: str) -> str:
        return {(TEAM, ALICE): "小林 🌱"}.get((room, native), "")

    async def does(self, action: AnyAction, native: str = TEAM, **more: Any) -> str | None:
        return await self.calls.carry_out(Outgoing(action, native, **more))

    async def says(self, html: str, native: str = TEAM, *, sent: int = 0, **more: Any) -> str | None:
        fields = {name: more.pop(name) for name in ("mention",) if name in more}
        say = Say(parts=(words("core.x"),), language="zh-Hans", sent=("x",) * sent, **fields)
        return await self.does(say, native, html=html, **more)

    def journal(self, kind: str | None = None) -> list[dict[str, Any]]:
        return self.gateway.journal(kind, since=self.gateway.done)


@pytest.fixture
async def bot(gateway: Watched) -> AsyncIterator[Bot]:
    bot = Bot(gateway)
    yield bot
    bot.client.hang_up()
    gateway.done += len(bot.journal())


async def reason_of(work: Awaitable[object]) -> str:
    with pytest.raises(Undeliverable) as caught:
        await work
    return caught.value.reason


async def test_a_text_goes_out_without_markup(bot: Bot) -> None:
    native = await bot.says("记上了，<b>小林</b> &amp; 阿哲")
    [text] = bot.journal("text")
    assert (text["id"], text["to"], text["text"]) == (native, TEAM, "记上了，小林 & 阿哲")


async def test_whom_it_answers_is_named_and_told(bot: Bot) -> None:
    await bot.says("记上了", mention=ALICE)
    await bot.says("记上了", mention=BOB)
    await bot.says("记上了", ALICE, mention=ALICE)
    texts = [(text["text"], text["mentions"]) for text in bot.journal("text")]
    assert texts == [("@小林 🌱\u2005记上了", [ALICE]), ("记上了", []), ("记上了", [])]


async def test_a_name_that_the_text_begins_with_is_said_once(bot: Bot) -> None:
    await bot.says("小林 🌱，今天已经记过啦", mention=ALICE)
    [text] = bot.journal("text")
    assert text["text"] == "@小林 🌱\u2005今天已经记过啦"


async def test_a_picture_goes_before_its_text(bot: Bot) -> None:
    with pytest.raises(PartSent) as part:
        await bot.says("本月", picture=b"\x89PNG picture")
    await bot.says("本月", picture=b"\x89PNG picture", sent=1)
    file, text = bot.journal()
    assert (file["kind"], file["name"], file["id"]) == ("file", "picture.png", part.value.native)
    assert base64.b64decode(file["base64"]) == b"\x89PNG picture"
    assert (text["kind"], text["text"]) == ("text", "本月")


async def test_a_picture_that_is_refused_costs_no_text(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    bot.gateway.op("fail", method="messageSendFile", message="bad file", times=2)
    with pytest.raises(RetryLater):
        await bot.says("本月", picture=b"\x89PNG picture")
    with pytest.raises(PartSent):
        await bot.says("本月", picture=b"\x89PNG picture")
    assert "picture.png is left out" in caplog.text
    await bot.says("本月", picture=b"\x89PNG picture", sent=1)
    assert [one["kind"] for one in bot.journal()] == ["text"]


@pytest.mark.parametrize("size", [1, files.MOST_INLINE, 4 * 1024 * 1024, 8_000_000])
async def test_a_file_arrives_whatever_its_size(bot: Bot, size: int) -> None:
    content = random.Random(size).randbytes(size)
    native = await bot.says("", file=File("成员.xlsx", "application/x", content))
    [file] = bot.journal("file")
    assert (file["id"], file["name"], file["size"]) == (native, "成员.xlsx", size)
    assert base64.b64decode(file["base64"]) == content


async def test_a_long_text_is_several_messages(bot: Bot) -> None:
    html = "\n".join(f"{number}. 同学读完第三章" for number in range(400))
    with pytest.raises(PartSent):
        await bot.says(html, mention=ALICE)
    with pytest.raises(PartSent):
        await bot.says(html, mention=ALICE, sent=1)
    await bot.says(html, mention=ALICE, sent=2)
    texts = bot.journal("text")
    assert "\n".join(text["text"] for text in texts) == f"@小林 🌱\u2005{html}"
    assert [text["mentions"] for text in texts] == [[ALICE], [], []]


async def test_nothing_is_said_in_no_words(bot: Bot) -> None:
    assert await reason_of(bot.says("")) == "bad_request"


@pytest.mark.parametrize(
    ("message", "native", "reason"),
    [
        ("he is not your friend", ALICE, "blocked"),
        ("对方开启了朋友验证", ALICE, "blocked"),
        ("the bot is not in the room", TEAM, "kicked"),
        ("群不存在", TEAM, "not_found"),
    ],
)
async def test_a_refusal_says_why_in_one_line(bot: Bot, message: str, native: str, reason: str) -> None:
    bot.gateway.op("fail", method="messageSendText", message=message)
    with pytest.raises(Undeliverable) as caught:
        await bot.says("早", native)
    assert caught.value.reason == reason
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert bot.gateway.token not in str(caught.value)


@pytest.mark.parametrize("message", ["refused", "not friend"])
async def test_what_is_refused_without_a_known_reason_gets_a_second_try(bot: Bot, message: str) -> None:
    bot.gateway.op("fail", method="messageSendText", message=message)
    with pytest.raises(RetryLater):
        await bot.says("早")
    assert await bot.says("早")
    bot.gateway.op("fail", method="messageSendText", message=message, times=2)
    with pytest.raises(RetryLater):
        await bot.says("早")
    assert await reason_of(bot.says("早")) == "bad_request"
    assert await bot.says("早")


async def test_too_much_at_once_waits(bot: Bot) -> None:
    bot.gateway.op("fail", method="messageSendText", message="操作过于频繁，请稍后再试")
    with pytest.raises(RetryLater) as caught:
        await bot.says("早")
    assert not isinstance(caught.value, Away)


async def test_while_the_account_is_away_everything_waits(bot: Bot) -> None:
    bot.gateway.op("logout")
    try:
        with pytest.raises(Away):
            await bot.says("早")
        with pytest.raises(Away):
            await bot.does(Admit(who=BOB))
    finally:
        bot.gateway.op("login")
    assert await bot.says("早")


async def test_while_the_gateway_is_away_everything_waits(bot: Bot) -> None:
    bot.gateway.op("stopServer")
    try:
        with pytest.raises(Away):
            await bot.says("早")
    finally:
        bot.gateway.op("startServer")
    assert await bot.says("早")


async def test_a_wrong_token_is_told_to_nobody(gateway: Watched) -> None:
    bot = Bot(gateway)
    secret = "insecure_wrong-token"
    bot.client = Client(Link(gateway.endpoint, secret))
    bot.calls = Calls(bot.client, WallClock(), bot.name_of, bot.looked.append)
    with pytest.raises(Away) as caught:
        await bot.says("早")
    assert secret not in str(caught.value)
    bot.client.hang_up()


@asynccontextmanager
async def listening(bot: Bot) -> AsyncIterator[asyncio.Event]:
    """Echoes are heard, as the adapter's stream hears them; the event is set by each."""
    heard, ready = asyncio.Event(), asyncio.Event()

    async def listen() -> None:
        async for kind, payload in bot.client.events():
            ready.set()
            if kind == pb.EventType.EVENT_TYPE_MESSAGE:
                native = payload.split('"')[3]
                found = await bot.client.stub.message_payload(pb.MessagePayloadRequest(id=native))
                bot.client.heard(found.room_id, found.filename or found.text, native)
                heard.set()

    task = asyncio.create_task(listen())
    async with asyncio.timeout(PATIENCE):
        await ready.wait()
        yield heard
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_after_a_slow_call_its_echo_is_enough(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.adapters.wechat.client.CALL_SECONDS", 0.3)
    async with listening(bot) as heard:
        bot.gateway.op("delay", method="messageSendText", ms=600)
        with pytest.raises(RetryLater) as caught:
            await bot.says("早安，同学们", mention=ALICE)
        assert caught.value.seconds > 10
        await heard.wait()
        bot.gateway.op("delay", method="messageSendText", ms=0)
        native = await bot.says("早安，同学们", mention=ALICE)
        [text] = bot.journal("text")
        assert text["id"] == native
        await bot.says("早安，同学们", mention=ALICE)
        assert len(bot.journal("text")) == 2


async def test_a_slow_file_is_known_by_its_echo(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "CALL_SECONDS", 0.3)
    async with listening(bot) as heard:
        bot.gateway.op("delay", method="messageSendFile", ms=600)
        with pytest.raises(RetryLater):
            await bot.says("", picture=b"picture")
        await heard.wait()
        bot.gateway.op("delay", method="messageSendFile", ms=0)
        native = await bot.says("", picture=b"picture")
        assert [one["id"] for one in bot.journal("file")] == [native]


async def test_without_an_echo_it_is_said_again(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.adapters.wechat.client.CALL_SECONDS", 0.3)
    bot.gateway.op("delay", method="messageSendText", ms=600)
    with pytest.raises(RetryLater):
        await bot.says("晚安")
    bot.gateway.op("delay", method="messageSendText", ms=0)
    assert await bot.says("晚安")
    while len(bot.journal("text")) < 2:  # noqa: ASYNC110 - the first one comes late, and is no other test's
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
async def test_a_small_file_is_read_as_text(bot: Bot, encoding: str) -> None:
    text = "1. 小林 读完第三章\n" * 2_000
    assert await bot.does(Fetch(file=given(bot, text.encode(encoding)), name="接龙.txt")) == text


@pytest.mark.parametrize(
    ("content", "reason"), [(b"PK\x03\x04\x00\x00", "not_text"), (b"1" * (MOST_BYTES + 1), "too_large")]
)
async def test_what_is_no_small_text_is_not_read(bot: Bot, content: bytes, reason: str) -> None:
    assert await reason_of(bot.does(Fetch(file=given(bot, content), name="成员.xlsx"))) == reason


async def test_a_file_that_nobody_has_is_not_read(bot: Bot) -> None:
    assert await reason_of(bot.does(Fetch(file="no-such-message", name="接龙.txt"))) == "forbidden"


def given(bot: Bot, content: bytes) -> str:
    """A file that came; its message's id."""
    file = {"name": "x.txt", "base64": base64.b64encode(content).decode()}
    native: str = bot.gateway.op("say", {"from": ALICE, "room": TEAM, "file": file})["id"]
    return native


async def test_a_friend_request_is_accepted(bot: Bot) -> None:
    bot.gateway.op("befriend", {"id": "f1", "from": BOB, "hello": "早"})
    assert await bot.does(Befriend(request="f1"), BOB) is None
    assert [one["contact"] for one in bot.journal("friendshipAccept")] == [BOB]
    bot.gateway.op("fail", method="friendshipAccept", message="already friend")
    await bot.does(Befriend(request="f1"), BOB)
    bot.gateway.op("fail", method="friendshipAccept", message="the request is expired")
    assert await reason_of(bot.does(Befriend(request="f1"), BOB)) == "too_old"
    bot.gateway.op("fail", method="friendshipAccept", message="no")
    assert await reason_of(bot.does(Befriend(request="f1"), BOB)) == "forbidden"


async def test_an_invitation_into_a_group_is_accepted(bot: Bot) -> None:
    bot.gateway.op("invite", {"id": "i1", "room": TEAM, "from": ALICE})
    assert await bot.does(Enter(offer="i1"), ALICE) is None
    assert [one["id"] for one in bot.journal("roomInvitationAccept")] == ["i1"]
    bot.gateway.op("fail", method="roomInvitationAccept", message="already in the room")
    await bot.does(Enter(offer="i1"), ALICE)


async def test_somebody_is_let_in_once(bot: Bot) -> None:
    bot.gateway.op("room", id="r2@chatroom", topic="Two", members=[ALICE], owner=bot.gateway.bot)
    for who in (ALICE, BOB, BOB):
        await bot.does(Admit(who=who), "r2@chatroom")
    assert [one["contact"] for one in bot.journal("roomAdd")] == [BOB]


async def test_a_provider_that_says_yes_and_does_nothing_is_asked_again(bot: Bot) -> None:
    bot.gateway.op("room", id="r3@chatroom", topic="Three", members=[], owner=bot.gateway.bot)
    for _ in range(2):
        assert await bot.does(Admit(who=BOB), "r3@chatroom") is None
        bot.gateway.op("leave", room="r3@chatroom", contacts=[BOB])
    assert [one["contact"] for one in bot.journal("roomAdd")] == [BOB, BOB]


async def test_a_full_room_takes_nobody(bot: Bot) -> None:
    others = [f"wxid_{number}" for number in range(MOST_MEMBERS - 1)]
    bot.gateway.op("room", id="r4@chatroom", topic="Full", members=others, owner=bot.gateway.bot)
    assert await reason_of(bot.does(Admit(who=BOB), "r4@chatroom")) == "full"
    assert bot.journal("roomAdd") == []
    await bot.does(Admit(who="wxid_7"), "r4@chatroom")


async def test_who_is_no_friend_cannot_be_let_in_and_the_room_stays(bot: Bot) -> None:
    bot.gateway.op("fail", method="roomAdd", message="not friend")
    assert await reason_of(bot.does(Admit(who="wxid_stranger"))) == "forbidden"


async def test_looking_is_left_to_who_reads_member_lists(bot: Bot) -> None:
    await bot.does(Look())
    assert bot.looked == [TEAM]


@pytest.mark.parametrize(
    "action",
    [
        React(message="1", emoji="👍"),
        Answer(press="1", words=None, language="zh-Hans"),
        Edit(message="1", words=words("core.x"), language="zh-Hans"),
        Delete(message="1"),
    ],
)
async def test_what_wechat_does_not_know_is_not_tried(bot: Bot, action: AnyAction) -> None:
    assert await reason_of(bot.does(action, CAROL)) == "bad_request"
    assert [done for done in bot.journal() if done.get("to") == CAROL] == []
