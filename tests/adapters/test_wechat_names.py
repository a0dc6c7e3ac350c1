"""Who is who where the gateway stumbles, and lists that are not whole: by a gateway that answers as told."""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from grpclib import GRPCError, Status

from bot.adapters.wechat import names as names_module
from bot.adapters.wechat import roster
from bot.adapters.wechat.account import Account
from bot.adapters.wechat.client import Client, Link
from bot.adapters.wechat.names import Names
from bot.adapters.wechat.raw import Kind, Told
from bot.adapters.wechat.reading import Reading
from bot.adapters.wechat.roster import Roster
from bot.adapters.wechat.watch import Watch
from bot.core.clock import WallClock
from bot.core.events import ContactChanged, Event, RoomListed, RoomsListed, Sender
from tests.adapters.house import until

ROOM = "1@chatroom"
REFUSED = GRPCError(Status.UNKNOWN, "Error: nobody knows\n    at secret.js:1")


class Gateway(Client):
    """Answers from tables; what is not in them is refused."""

    def __init__(self) -> None:
        super().__init__(Link("127.0.0.1:1", "insecure_token"))
        self.people: dict[str, dict[str, Any]] = {}
        self.nicknames: dict[tuple[str, str], str] = {}
        self.rooms: dict[str, dict[str, Any]] = {}
        self.lists: dict[str, list[str]] = {}
        self.friendships: dict[str, dict[str, Any]] = {}
        self.unlisted: set[str] = set()
        self.away = False
        self.asked: list[str] = []

    @property
    def stub(self) -> Any:
        return self

    def _answer(self, table: dict[Any, Any], key: Any) -> Any:
        self.asked.append(str(key))
        if self.away:
            raise ConnectionResetError("away")
        if key not in table:
            raise REFUSED
        return table[key]

    async def contact_payload(self, asked: Any, **_: Any) -> Any:
        return SimpleNamespace(**{"type": 1, "friend": True, **self._answer(self.people, asked.id)})

    async def room_member_payload(self, asked: Any, **_: Any) -> Any:
        name = self._answer(self.people, asked.member_id)["name"]
        return SimpleNamespace(name=name, room_alias=self.nicknames.get((asked.id, asked.member_id), ""))

    async def room_payload(self, asked: Any, **_: Any) -> Any:
        return SimpleNamespace(**{"owner_id": "", "admin_ids": [], **self._answer(self.rooms, asked.id)})

    async def room_list(self, asked: Any) -> Any:
        self._answer({"": ""}, "")
        return SimpleNamespace(ids=[room for room in self.rooms if room not in self.unlisted])

    async def room_member_list(self, asked: Any) -> Any:
        return SimpleNamespace(member_ids=self._answer(self.lists, asked.id))

    async def friendship_payload(self, asked: Any, **_: Any) -> Any:
        return SimpleNamespace(hello="", **self._answer(self.friendships, asked.id))


@pytest.fixture
def gateway() -> Gateway:
    found = Gateway()
    found.people = {"me": {"name": "班长"}, "lin": {"name": "林晓"}, "news": {"name": "日报", "type": 2}}
    found.rooms = {ROOM: {"topic": "晨读班", "owner_id": "lin", "member_ids": ["me", "lin"]}}
    found.lists = {ROOM: ["me", "lin"]}
    return found


@pytest.fixture
def names(gateway: Gateway) -> Names:
    return Names(gateway)


class Look:
    """A roster, and what it told."""

    def __init__(self, gateway: Gateway) -> None:
        self.told: list[Event] = []
        clock = WallClock()
        account = Account(Watch(clock), clock)
        account.heard(Kind.LOGIN, Told(contact_id="me"))
        self.names = Names(gateway)
        self.roster = Roster(gateway, self.names, account, clock, self._tell, settled=0.0)
        self.reading = Reading(gateway, self.names, account, self.roster.met, 1.0)

    def _tell(self, room: str, events: Sequence[Event]) -> None:
        self.told += events

    def listed(self) -> list[tuple[str, ...]]:
        return [
            tuple(seat.who.native for seat in one.seats) for one in self.told if isinstance(one, RoomListed)
        ]


async def test_people_are_shown_by_their_name_in_the_room(gateway: Gateway, names: Names) -> None:
    gateway.nicknames[ROOM, "lin"] = "小林"
    assert await names.in_room(ROOM, "lin") == Sender("lin", "小林")
    assert await names.alone("lin") == Sender("lin", "小林"), "in private, too, once it is known"
    assert await names.called(ROOM, "lin") == {"小林", "林晓"}
    assert names.bearers(ROOM, "小林") == ["lin"]
    assert names.bearers(ROOM, "阿哲") == names.bearers("2@chatroom", "小林") == []


async def test_newspapers_and_wechat_itself_are_no_persons(gateway: Gateway, names: Names) -> None:
    assert (await names.alone("news")).is_bot
    assert (await names.alone("weixin")).is_bot
    assert (await names.alone("gh_0123")).is_bot
    assert not (await names.alone("lin")).is_bot


async def test_without_an_answer_the_last_name_stays(gateway: Gateway, names: Names) -> None:
    await names.in_room(ROOM, "lin")
    names.forget_all()
    gateway.away = True
    assert await names.in_room(ROOM, "lin") == Sender("lin", "林晓")
    assert await names.called(ROOM, "lin") == frozenset()
    assert (await names.group_or_nobody(ROOM)).members == ()


async def test_a_change_is_asked_for_again(gateway: Gateway, names: Names) -> None:
    assert (await names.in_room(ROOM, "lin")).name == "林晓"
    gateway.people["lin"] = {"name": "林同学"}
    assert (await names.in_room(ROOM, "lin")).name == "林晓"
    names.forget_person("lin")
    assert (await names.in_room(ROOM, "lin")).name == "林同学"
    gateway.rooms[ROOM]["topic"] = "精英班"
    assert (await names.group(ROOM)).title == "精英班"


async def test_whether_somebody_may_be_written_to_is_told_once_and_after_a_change(
    gateway: Gateway, names: Names
) -> None:
    assert [await names.friendship("lin") for _ in range(2)] == [True, None]
    gateway.people["lin"] = {"name": "林晓", "friend": False}
    names.forget_person("lin")
    assert [await names.friendship("lin") for _ in range(2)] == [False, None]
    names.forget_all()
    gateway.away = True
    assert await names.friendship("lin") is None
    gateway.away = False
    assert await names.friendship("lin") is False, "it could not be told before"


async def test_a_gateway_slow_to_say_who_is_a_contact_holds_nothing_up(
    gateway: Gateway, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = asyncio.Event()
    answer = gateway.contact_payload

    async def slow(asked: Any, **_: Any) -> Any:
        await answered.wait()
        return await answer(asked)

    monkeypatch.setattr(gateway, "contact_payload", slow)
    monkeypatch.setattr(names_module, "GLANCE", 0.01)
    assert await names.friendship("lin") is None
    answered.set()
    assert (await names.person("lin")).friend
    assert await names.friendship("lin") is True


async def test_another_look_at_a_room_asks_only_for_those_who_are_new(gateway: Gateway) -> None:
    look = Look(gateway)
    await look.roster._room(ROOM)
    gateway.people["zhou"] = {"name": "周周"}
    gateway.lists[ROOM] = ["me", "lin", "zhou"]
    gateway.rooms[ROOM]["owner_id"] = "zhou"
    gateway.asked.clear()
    await look.roster._room(ROOM)
    assert gateway.asked == [ROOM, ROOM, "zhou", "zhou"], "500 would be a thousand calls each time"
    listed = look.told[-1]
    assert isinstance(listed, RoomListed)
    assert [seat.role for seat in listed.seats] == ["member", "owner"]


async def test_a_list_without_the_account_itself_is_not_told(gateway: Gateway) -> None:
    look = Look(gateway)
    gateway.lists[ROOM] = []
    await look.roster._rooms()
    assert look.listed() == []
    gateway.lists[ROOM] = ["lin"]
    await look.roster._room(ROOM)
    assert look.listed() == []


async def test_a_room_that_is_heard_of_while_it_is_counted_is_told_of_again(gateway: Gateway) -> None:
    look = Look(gateway)
    tell = look._tell

    def tell_while_somebody_writes(room: str, events: Sequence[Event]) -> None:
        tell(room, events)
        look.roster.met.add(room)

    look.roster._tell = tell_while_somebody_writes
    await look.roster._rooms()
    assert look.listed() == [("lin",), ("lin",)]
    await look.roster._rooms()
    assert look.listed()[2:] == [("lin",)], "it is not new any more"


async def test_one_room_that_cannot_be_read_stops_no_other(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    look = Look(gateway)
    gateway.rooms = {"broken@chatroom": {"topic": "", "member_ids": []}, **gateway.rooms}
    await look.roster._rooms()
    (rooms,) = [one for one in look.told if isinstance(one, RoomsListed)]
    assert rooms.natives == ("broken@chatroom", ROOM)
    assert look.listed() == [("lin",), ("lin",)]
    assert "secret.js" not in caplog.text


async def test_rooms_that_are_not_listed_and_listed_ones_that_were_left(gateway: Gateway) -> None:
    look = Look(gateway)
    look.roster.met = {ROOM, "gone@chatroom"}
    gateway.unlisted = {ROOM}
    gateway.rooms["left@chatroom"] = {"topic": "", "member_ids": ["lin"]}
    await look.roster._rooms()
    assert [one.natives for one in look.told if isinstance(one, RoomsListed)] == [(ROOM,)]
    assert look.roster.met == {ROOM}


async def test_who_comes_while_it_is_counted_makes_it_count_again(gateway: Gateway) -> None:
    look = Look(gateway)
    ask = gateway.room_member_list

    async def ask_while_somebody_comes(asked: Any) -> Any:
        answer = await ask(asked)
        if "zhou" not in gateway.people:
            gateway.people["zhou"] = {"name": "周周"}
            gateway.lists[ROOM] = ["me", "lin", "zhou"]
            look.roster.moved(ROOM)
        return answer

    gateway.room_member_list = ask_while_somebody_comes  # type: ignore[method-assign]
    await look.roster._room(ROOM)
    assert look.listed() == [("lin", "zhou")]


async def test_a_look_that_breaks_off_tells_nothing_of_that_room(gateway: Gateway) -> None:
    look = Look(gateway)
    gateway.away = True
    with pytest.raises(ConnectionResetError):
        await look.roster._room(ROOM)
    assert look.told == []


@pytest.mark.parametrize(("kind", "contact"), [(1, [True]), (2, []), (3, [False]), (0, []), (9, [])])
async def test_what_is_said_of_a_friendship(gateway: Gateway, kind: int, contact: list[bool]) -> None:
    gateway.friendships["f"] = {"contact_id": "lin", "type": kind}
    found = await Look(gateway).reading._friendship("f", 5)
    assert [one.contact for one in found if isinstance(one, ContactChanged)] == contact


async def test_a_contact_that_is_none_any_more(gateway: Gateway) -> None:
    look = Look(gateway)
    assert await look.reading._contact("lin", 5) == ()
    await look.names.person("lin")
    assert await look.reading._contact("lin", 5) == (), "nothing new"
    gateway.people["lin"] = {"name": "林晓", "friend": False}
    (changed,) = await look.reading._contact("lin", 5)
    assert isinstance(changed, ContactChanged)
    assert not changed.contact
    await look.names.person("lin")
    gateway.away = True
    assert await look.reading._contact("lin", 5) == ()


async def test_all_is_asked_once_more_for_rooms_that_were_not_there_yet(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "CONFIRM", 0.01)
    monkeypatch.setattr(roster, "AGAIN", 0.01)
    look = Look(gateway)
    gateway.unlisted = {ROOM}
    gateway.away = True
    running = asyncio.ensure_future(look.roster.run())
    look.roster.look_at_all()
    try:
        await until(lambda: gateway.asked)
        gateway.away = False
        await until(lambda: look.told)
        assert look.listed() == []
        gateway.unlisted = set()
        await until(lambda: len(look.told) >= 5)
    finally:
        running.cancel()
    assert [type(one).__name__ for one in look.told[-4:]] == [
        "RoomsListed",
        "RoomListed",
        "BotChanged",
        "RoomListed",
    ]
