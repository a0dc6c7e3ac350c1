"""Listening by long polling: nothing is confirmed before its commit, and what ends it says why."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from bot.adapters.telegram import Telegram, polling
from bot.adapters.telegram.updates import RawUpdates
from bot.core.errors import RetryLater, Stop
from bot.core.events import Message
from storage.failures import DiskFull
from tests.adapters.house import HastyClock, Heap, listening, until
from tests.adapters.telegram_house import a_bot
from tests.peers.telegram import FakeServer

DAY = 86_400_000
OTHER_TOKEN = "123456:ANOTHER-BOT-TOKEN-for-tests-00000000"


async def class_of(fake: FakeServer, telegram: Telegram, size: int = 2) -> dict[str, Any]:
    """A group whose making is over before the adapter listens."""
    await telegram.open()
    return await fake.control.group(size, title="晨读班")


async def hears(telegram: Telegram, heap: Heap, messages: int) -> list[str]:
    """Listen until that many messages came, and what they say."""
    async with listening(telegram, heap):
        await until(lambda: len(texts(heap)) >= messages)
    return texts(heap)


def texts(heap: Heap) -> list[str]:
    return [message.text for message in heap.of(Message)]


async def test_a_backlog_comes_in_answers_of_a_hundred(fake: FakeServer, tmp_path: Path) -> None:
    async with a_bot(fake, tmp_path) as telegram:
        group = await class_of(fake, telegram)
        await fake.control.bulk(n=250, chats=[group["id"]])
        heap = Heap()
        assert len(await hears(telegram, heap, 250)) == 250
        full = [len(batch.events) == 100 for batch in heap.batches]
        assert full[:3] == [True, True, False]
        assert [batch.caught_up_to is None for batch in heap.batches[:3]] == [True, True, False]
        assert heap.batches[0].source == fake.root


async def test_once_nothing_waits_a_question_names_no_number(
    fake: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers may start again lower: one that is named would confirm them all unread."""
    named: list[str | None] = []
    ask = RawUpdates.do_request

    async def note(self: RawUpdates, url: str, *more: Any, **others: Any) -> tuple[int, bytes]:
        named.append(dict(parse_qsl(urlsplit(url).query)).get("offset"))
        return await ask(self, url, *more, **others)

    monkeypatch.setattr(RawUpdates, "do_request", note)
    monkeypatch.setattr(polling, "PATIENCE", 0)
    async with a_bot(fake, tmp_path) as telegram:
        group = await class_of(fake, telegram)
        said = await fake.control.say(user=group["member_ids"][0], chat=group["id"], text="早")
        (update,) = said["update_ids"].values()
        async with listening(telegram, Heap()):
            await until(lambda: len(named) >= 4)
    assert named[:4] == [None, str(update + 1), None, None]


async def test_what_was_not_committed_comes_again(fake: FakeServer, tmp_path: Path) -> None:
    async with a_bot(fake, tmp_path) as telegram:
        group = await class_of(fake, telegram)
        (user, _) = group["member_ids"]
        await fake.control.say(user=user, chat=group["id"], text="早")
        first, second = Heap(), Heap()
        first.faults = [ZeroDivisionError()]
        with pytest.raises(ZeroDivisionError):
            await telegram.listen(first)
        assert await hears(telegram, second, 1) == ["早"]


async def test_a_full_disk_is_waited_for(fake: FakeServer, tmp_path: Path) -> None:
    async with a_bot(fake, tmp_path) as telegram:
        group = await class_of(fake, telegram)
        await fake.control.say(user=group["member_ids"][0], chat=group["id"], text="早")
        heap = Heap()
        heap.faults = [DiskFull(), DiskFull()]
        assert await hears(telegram, heap, 1) == ["早"]


@pytest.mark.parametrize("kind", ["429", "500", "502", "timeout", "reset", "truncate"])
async def test_faults_of_asking_lose_nothing(fake: FakeServer, tmp_path: Path, kind: str) -> None:
    async with a_bot(fake, tmp_path) as telegram:
        group = await class_of(fake, telegram)
        await fake.control.bulk(n=150, chats=[group["id"]])
        for when in ("before", "after"):
            await fake.control.fault(kind=kind, method="getUpdates", count=1, when=when, hold=0.1)
        heap = Heap()
        await hears(telegram, heap, 150)
        assert len(set(heap.keys)) == len(heap.keys) == 150


async def test_the_same_told_again_has_the_same_keys(fake: FakeServer, tmp_path: Path) -> None:
    async with a_bot(fake, tmp_path) as telegram:
        group = await class_of(fake, telegram)
        await fake.control.bulk(n=30, chats=[group["id"]])
        heap = Heap()
        await hears(telegram, heap, 30)
        await fake.control.rewind(n=30)
        await hears(telegram, heap, 60)
        assert len(set(heap.keys)) == 30


async def test_numbers_that_start_again_lower_lose_nothing(fake: FakeServer, tmp_path: Path) -> None:
    async with a_bot(fake, tmp_path) as telegram:
        group = await class_of(fake, telegram)
        await fake.control.bulk(n=30, chats=[group["id"]])
        heap = Heap()
        await hears(telegram, heap, 30)
        await fake.control.restart_ids(first=3)
        await fake.control.bulk(n=30, chats=[group["id"]])
        await hears(telegram, heap, 60)
        assert len(set(heap.keys)) == 60


async def test_more_than_a_day_away_was_not_watched(fake: FakeServer, tmp_path: Path) -> None:
    async with a_bot(fake, tmp_path) as telegram:
        group = await class_of(fake, telegram)
        await fake.control.bulk(n=150, chats=[group["id"]])
        now = telegram._clock.now()
        heap = Heap(f"7 {now - 2 * DAY}")
        await hears(telegram, heap, 150)
        assert [batch.unobserved_since for batch in heap.batches[:2]] == [None, now - 2 * DAY]
        short = Heap(f"7 {now - DAY // 2}")
        await fake.control.bulk(n=1, chats=[group["id"]])
        await hears(telegram, short, 1)
        assert [batch.unobserved_since for batch in short.batches] == [None] * len(short.batches)


async def test_an_unknown_bot_ends_at_once_without_its_token(fake: FakeServer, tmp_path: Path) -> None:
    async with a_bot(fake, tmp_path, token=OTHER_TOKEN) as telegram:
        with pytest.raises(Stop, match="BotFather") as caught:
            await telegram.open()
    assert "ANOTHER" not in str(caught.value)


async def test_a_network_that_is_away_is_waited_for(fake: FakeServer, tmp_path: Path) -> None:
    async with a_bot(fake, tmp_path) as telegram:
        await fake.control.fault(kind="reset", method="getMe", count=1)
        with pytest.raises(RetryLater):
            await telegram.open()
        await telegram.open()
        assert telegram.username


def refusing(description: str) -> Callable[..., Awaitable[tuple[int, bytes]]]:
    """What makes every request one of two at a time."""

    async def refuse(*_: object, **__: object) -> tuple[int, bytes]:
        return 409, json.dumps({"ok": False, "description": description}).encode()

    return refuse


@pytest.mark.parametrize(
    ("description", "said"),
    [
        ("Conflict: terminated by other getUpdates request", "Another program"),
        ("Conflict: can't use getUpdates method while webhook is active", r"\./run takeover"),
    ],
)
async def test_somebody_else_listening_ends_it_after_a_minute(
    fake: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, description: str, said: str
) -> None:
    clock = HastyClock()
    async with a_bot(fake, tmp_path, clock=clock) as telegram:
        await telegram.open()
        monkeypatch.setattr(RawUpdates, "do_request", refusing(description))
        with pytest.raises(Stop, match=said):
            await telegram.listen(Heap())
        assert 60 <= sum(clock.waits) <= 70


async def test_who_listened_before_waits_longer_so_that_a_newcomer_goes(
    fake: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = HastyClock()
    async with a_bot(fake, tmp_path, clock=clock) as telegram:
        group = await class_of(fake, telegram)
        heap = Heap()
        listens = asyncio.create_task(telegram.listen(heap))
        await fake.control.say(user=group["member_ids"][0], chat=group["id"], text="早")
        await until(lambda: "早" in texts(heap))
        clock.ahead += 60_000
        monkeypatch.setattr(RawUpdates, "do_request", refusing("Conflict: terminated by other"))
        await fake.control.say(
            user=group["member_ids"][0], chat=group["id"], text="it ends the last question"
        )
        with pytest.raises(Stop, match="Another program"):
            await listens
        assert 120 <= sum(clock.waits) <= 130


async def test_a_webhook_elsewhere_is_taken_over_only_when_asked(fake: FakeServer, tmp_path: Path) -> None:
    async with a_bot(fake, tmp_path) as other:
        await other.open()
        await other._client.set_webhook("https://elsewhere.example.org/hook")
    async with a_bot(fake, tmp_path) as telegram:
        with pytest.raises(Stop, match=r"elsewhere\.example\.org.*\./run takeover"):
            await telegram.open()
    async with a_bot(fake, tmp_path) as telegram:
        await telegram.take_over()
        await telegram.open()
