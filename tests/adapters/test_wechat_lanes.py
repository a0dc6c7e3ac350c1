"""The turns in which messages are let go, and answers that are asked for once."""

import asyncio

import pytest

from bot.adapters.wechat import lanes
from bot.adapters.wechat.lanes import Entry, Lanes
from bot.adapters.wechat.remembered import Remembered
from tests.adapters.house import PATIENCE


class Reader:
    """Readings that end when they are told to."""

    def __init__(self, lanes: Lanes[str]) -> None:
        self.lanes = lanes
        self.ends: dict[str, asyncio.Future[str]] = {}

    def hear(self, what: str, room: str | None = None) -> Entry[str]:
        end: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.ends[what] = end

        async def read(_: Entry[str]) -> str:
            return await end

        return self.lanes.add(len(self.ends), room, read)

    async def reads(self, *those: str) -> list[str]:
        """These are read now; what is let go then."""
        for what in those:
            self.ends[what].set_result(what)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return self.lanes.release(100)


async def test_the_order_of_a_room_is_kept() -> None:
    reader = Reader(Lanes())
    for what in ("a", "b", "c"):
        reader.hear(what, "r")
    assert await reader.reads("b", "c") == []
    assert (reader.lanes.oldest, len(reader.lanes)) == (1, 3)
    assert await reader.reads("a") == ["a", "b", "c"]
    assert len(reader.lanes) == 0


async def test_one_room_does_not_wait_for_another() -> None:
    reader = Reader(Lanes())
    reader.hear("slow", "r1")
    reader.hear("a", "r2")
    reader.hear("b", "r1")
    assert await reader.reads("a", "b") == ["a"]
    assert await reader.reads("slow") == ["slow", "b"]


async def test_all_wait_a_moment_for_what_may_be_of_their_room(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader(Lanes())
    entry = reader.hear("unknown")
    reader.hear("a", "r1")
    reader.hear("b", "r2")
    assert await reader.reads("a", "b") == []
    entry.room = "r1"
    assert reader.lanes.release(100) == ["b"]
    assert await reader.reads("unknown") == ["unknown", "a"]
    reader.hear("lost")
    reader.hear("c", "r1")
    monkeypatch.setattr(lanes, "MOMENT", 0.0)
    assert await reader.reads("c") == ["c"], "a moment only"


async def test_only_so_much_is_let_go_at_once_and_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "MOST", 3)
    waiting: Lanes[str] = Lanes()
    for what in ("a", "b", "c"):
        waiting.put(1, "r", what)
    space = asyncio.ensure_future(waiting.space())
    await asyncio.sleep(0)
    assert not space.done()
    assert waiting.release(2) == ["a", "b"]
    await asyncio.wait_for(space, PATIENCE)
    assert waiting.woken.is_set()
    assert waiting.release(2) == ["c"]


async def test_what_is_given_up_is_cancelled() -> None:
    reader = Reader(Lanes())
    entry = reader.hear("a", "r")
    await reader.lanes.clear()
    assert entry.task.cancelled()


async def test_an_answer_is_asked_for_once() -> None:
    asked: list[str] = []

    async def ask(key: str) -> str:
        asked.append(key)
        await asyncio.sleep(0)
        return key.upper()

    names = Remembered(ask, 2)
    assert [*await asyncio.gather(names.get("a"), names.get("a"))] == ["A", "A"]
    assert (names.known("a"), names.known("b"), names.all_known()) == ("A", None, [("a", "A")])
    await names.get("b")
    await names.get("c")
    assert names.known("a") is None, "the oldest is forgotten"
    names.forget("c")
    await names.get("c")
    names.clear()
    await names.get("c")
    assert asked == ["a", "b", "c", "c", "c"]


async def test_a_failure_is_not_remembered_and_one_who_leaves_stops_nobody() -> None:
    failures = [OSError("away")]

    async def ask(key: str) -> str:
        await asyncio.sleep(0)
        if failures:
            raise failures.pop()
        return key

    names = Remembered(ask, 2)
    with pytest.raises(OSError, match="away"):
        await names.get("a")
    assert names.known("a") is None
    first, second = asyncio.ensure_future(names.get("a")), asyncio.ensure_future(names.get("a"))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == "a"
