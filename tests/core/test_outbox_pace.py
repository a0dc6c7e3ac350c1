"""The pace of the way out on Telegram: nods and deletions beside the messages, each in their order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.adapters.telegram import Telegram
from bot.core import outbox
from bot.core.actions import React, Say, words
from bot.core.context import Context
from bot.core.errors import RetryLater
from bot.core.events import Batch
from bot.core.feature import Command, Feature
from handlers import FEATURES
from tests.stage import BOT, Stage, a_stage


def line(ctx: Context, arguments: str) -> None:
    ctx.say(words("core.sent_privately"), tag=arguments)


def nod(ctx: Context, _arguments: str) -> None:
    ctx.react("👍", words("checkin.done", name=ctx.account.name), topic="checkin.done")


def gone(ctx: Context, arguments: str) -> None:
    ctx.delete(arguments)


TALKER = Feature(
    name="talker",
    commands=(
        Command("line", line, takes=True),
        Command("nod", nod),
        Command("gone", gone, takes=True),
    ),
)


@asynccontextmanager
async def a_busy_stage(folder: Path) -> AsyncIterator[Stage]:
    """A group on a platform that takes only as much as Telegram, two minutes after the greeting."""
    async with a_stage(folder, features=(*FEATURES, TALKER)) as stage:
        stage.platform.limits = Telegram.limits
        stage.engine.add(stage.platform)
        await stage.opens()
        await stage.until(stage.clock.now() + 120_000)
        stage.platform.sent.clear()
        stage.heard()
        yield stage


def nods(stage: Stage) -> list[tuple[str, int]]:
    """The messages that were reacted to, and when, in order."""
    sent = stage.platform.sent
    return [(one.action.message, one.at) for one in sent if isinstance(one.action, React)]


def texts(stage: Stage) -> int:
    """How many messages were said."""
    return sum(isinstance(one.action, Say) for one in stage.platform.sent)


async def test_presses_are_answered_beside_the_pace_of_messages(tmp_path: Path) -> None:
    async with a_busy_stage(tmp_path) as stage:
        await stage.happens(*[stage.message(f"同学{number}", "/line x") for number in range(30)])
        assert await stage.presses_data("小林", "gone:1") == ["这个选项放太久了，重新发一次命令就好。"]


async def test_the_pace_of_a_group_is_kept(tmp_path: Path) -> None:
    async with a_busy_stage(tmp_path) as stage:
        await stage.happens(*[stage.message(f"同学{number}", "/line x") for number in range(60)])
        await stage.until(stage.clock.now() + 240_000)
        times = [sent.at for sent in stage.platform.sent]
        assert len(times) == 60
        assert all(later - earlier >= 60_000 for earlier, later in zip(times, times[20:], strict=False))
        assert all(later - earlier >= 3_000 for earlier, later in zip(times, times[3:], strict=False))


async def test_a_hundred_who_check_in_are_greeted_at_once_and_answers_are_not_late(tmp_path: Path) -> None:
    async with a_busy_stage(tmp_path) as stage:
        asked = {}
        for number in range(100):
            nodded = stage.message(f"同学{number}", "/nod")
            asked[nodded.native] = stage.clock.now()
            answered = [stage.message(f"同学{number}", "/line x")] if number % 4 == 0 else []
            await stage.happens(nodded, *answered)
            await stage.until(stage.clock.now() + 3_000)
        waits = [at - asked[message] for message, at in nods(stage)]
        assert len(waits) == 100
        assert max(waits) <= 1_000
        assert texts(stage) == 25


async def test_nods_and_deletions_take_none_of_a_groups_messages(tmp_path: Path) -> None:
    async with a_busy_stage(tmp_path) as stage:
        begin = stage.clock.now()
        await stage.happens(*[stage.message(f"同学{number}", "/line x") for number in range(20)])
        await stage.until(begin + 10_000)
        await stage.happens(stage.message("小林", "/nod"), stage.message("班主任", "/gone 7"))
        wordless = [one.at - begin for one in stage.platform.sent if not isinstance(one.action, Say)]
        assert wordless == [10_000, 10_000]
        await stage.until(begin + 59_000)
        assert texts(stage) == 20


async def test_nods_keep_their_order_and_a_pace_of_their_own(tmp_path: Path) -> None:
    async with a_busy_stage(tmp_path) as stage:
        asked = []
        for _ in range(3):
            nodded = [stage.message(f"同学{number}", "/nod") for number in range(2)]
            asked += [one.native for one in nodded]
            await stage.happens(*nodded)
        await stage.until(stage.clock.now() + 10_000)
        greeted = nods(stage)
        assert [message for message, _ in greeted] == asked
        assert [at - greeted[0][1] for _, at in greeted] == [0, 0, 0, 3_000, 3_000, 3_000]


async def test_six_at_once_are_greeted_one_by_one_and_seven_together(tmp_path: Path) -> None:
    async with a_busy_stage(tmp_path) as stage:
        begin = stage.clock.now()
        await stage.happens(*[stage.message(f"同学{number}", "/nod") for number in range(6)])
        assert await stage.until(begin + 3_000) == ["👍"] * 3
        assert len(nods(stage)) == 6
        await stage.happens(*[stage.message(f"同学{number}", "/nod") for number in range(7)])
        assert len(nods(stage)) == 6
        [line] = await stage.until(begin + 30_000)
        assert line.startswith("同学0、同学1")


async def test_a_pause_that_is_asked_for_a_nod_holds_answers_too(tmp_path: Path) -> None:
    async with a_busy_stage(tmp_path) as stage:
        stage.platform.faults = [RetryLater("flood", 30)]
        assert await stage.happens(stage.message("小林", "/nod"), stage.message("阿哲", "/line 1")) == []
        assert await stage.until(stage.clock.now() + 29_000) == []
        assert await stage.until(stage.clock.now() + 5_000) == ["👍", "发到私聊啦"]


async def test_chats_that_wait_together_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "AT_ONCE", 1)
    async with a_busy_stage(tmp_path) as stage:
        asked = [stage.message("小林", "/line x", room=room) for room in ("晨读班", None) for _ in range(3)]
        await stage.engine.pipeline.take(Batch(BOT, asked, caught_up_to=stage.clock.now()))
        box = stage.engine.outboxes[BOT]
        running = asyncio.create_task(box.run())
        while texts(stage) < 6 or not await box.is_settled():  # noqa: ASYNC110 - what is sent has no event
            await asyncio.sleep(0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        places = [sent.place for sent in stage.platform.sent]
        assert places[:2] == places[2:4] == places[4:]
        assert len(set(places)) == 2
