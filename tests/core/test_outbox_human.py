"""An account that keeps the pace of a person: slowly, a share a day, never at night, answers first."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from bot.core.actions import Befriend, Say, words
from bot.core.context import Context
from bot.core.errors import Away
from bot.core.events import Batch
from bot.core.feature import Command, Feature
from bot.core.platforms import Limits, Outgoing
from bot.core.priority import NOTICE
from handlers import FEATURES
from rules.budget import Quiet
from rules.durations import DAY, HOUR
from rules.human_pace import Human
from storage import outbox
from tests.stage import BOT, Stage, a_stage, actions_by_state, instant

MINUTE = 60_000
HUMAN = Human(10, 100, 2, (2_000, 7_000), "Asia/Shanghai", Quiet(60, 330))
ANSWER = "发到私聊啦"
NEWS = "这次没有你的，安心学习。"


def line(ctx: Context, arguments: str) -> None:
    ctx.say(words("core.sent_privately"), tag=arguments)


def news(ctx: Context, _arguments: str) -> None:
    notice = Say(parts=(words("core.letters_none"),), language="zh-Hans")
    ctx.put(ctx.room, notice, priority=NOTICE, lives_for=3 * DAY)


def friend(ctx: Context, arguments: str) -> None:
    ctx.put(ctx.room, Befriend(request=arguments), lives_for=3 * DAY)


TALKER = Feature(
    name="talker",
    commands=(
        Command("line", line, takes=True),
        Command("news", news, takes=True),
        Command("friend", friend, takes=True, needs_community=False),
    ),
)


@asynccontextmanager
async def a_slow_stage(folder: Path, human: Human = HUMAN) -> AsyncIterator[Stage]:
    async with a_stage(folder, features=(*FEATURES, TALKER)) as stage:
        as_person(stage, human)
        await stage.opens()
        await stage.opens("另一班")
        await stage.until(stage.clock.now() + 10 * MINUTE)
        stage.platform.sent.clear()
        yield stage


def as_person(stage: Stage, human: Human) -> None:
    """The account keeps that pace from now on, as after a restart."""
    stage.platform.limits = Limits(1, 0.5, 2, 10, human)
    stage.engine.add(stage.platform)
    stage.engine.platforms.pop()


async def said(stage: Stage, text: str, *, count: int = 1, room: str | None = "晨读班") -> None:
    await stage.happens(*[stage.message(f"同学{one}", text, room=room) for one in range(count)])


async def spent(stage: Stage) -> int:
    """How much of the day's share went to greetings."""
    return len(await stage.engine.database.read(lambda tx: outbox.sent_since(tx, BOT, 0)))


def times(stage: Stage) -> list[int]:
    return [sent.at for sent in stage.platform.sent]


def texts(stage: Stage) -> list[str]:
    return [sent.text for sent in stage.platform.sent if sent.text in {ANSWER, NEWS}]


async def test_answers_come_one_by_one_with_pauses_that_differ(tmp_path: Path) -> None:
    async with a_slow_stage(tmp_path) as stage:
        await said(stage, "/line", count=6)
        await said(stage, "/line", count=6, room="另一班")
        await stage.until(stage.clock.now() + 5 * MINUTE)
        assert len(times(stage)) == 12
        pauses = [later - earlier for earlier, later in pairwise(times(stage))]
        assert min(pauses) >= 2_000
        assert len(set(pauses)) > 6


async def test_who_asked_first_is_answered_first_and_news_wait(tmp_path: Path) -> None:
    async with a_slow_stage(tmp_path) as stage:
        await said(stage, "/news", count=4)
        await said(stage, "/line", count=3, room="另一班")
        await said(stage, "/line", count=2)
        await stage.until(stage.clock.now() + 5 * MINUTE)
        assert [sent.text for sent in stage.platform.sent] == [NEWS, *[ANSWER] * 5, *[NEWS] * 3]
        assert [sent.place for sent in stage.platform.sent[1:6]] == ["另一班"] * 3 + ["晨读班"] * 2


async def test_in_no_minute_and_no_day_more_than_a_share(tmp_path: Path) -> None:
    human = Human(6, 50, 2, (2_000, 7_000), "Asia/Shanghai", Quiet(0, 0))
    async with a_slow_stage(tmp_path, human) as stage:
        for _ in range(6):
            await said(stage, "/news", count=10)
            await said(stage, "/news", count=10, room="另一班")
            await stage.until(stage.clock.now() + 8 * HOUR)
        await stage.until(stage.clock.now() + 2 * DAY)
        sent = times(stage)
        assert texts(stage) == [NEWS] * 120
        assert all(beyond - first >= MINUTE for first, beyond in zip(sent, sent[6:], strict=False))
        assert all(beyond - first >= DAY for first, beyond in zip(sent, sent[45:], strict=False))


async def test_the_end_of_a_days_share_is_for_who_asks(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    human = Human(10, 20, 2, (2_000, 7_000), "Asia/Shanghai", Quiet(0, 0))
    async with a_slow_stage(tmp_path, human) as stage:
        greetings = await spent(stage)
        await said(stage, "/news", count=25)
        await stage.until(stage.clock.now() + 10 * MINUTE)
        assert texts(stage) == [NEWS] * (18 - greetings)
        await said(stage, "/line", count=3)
        await stage.until(stage.clock.now() + 10 * MINUTE)
        assert texts(stage)[18 - greetings :] == [ANSWER] * 2
        assert caplog.text.count("all that it may in 24 hours") == 1
        await stage.until(stage.clock.now() + DAY)
        assert texts(stage)[20 - greetings :] == [NEWS] * (25 - 18 + greetings)


async def test_a_restart_is_no_leave_to_send_more(tmp_path: Path) -> None:
    human = Human(10, 10, 2, (2_000, 7_000), "Asia/Shanghai", Quiet(0, 0))
    async with a_slow_stage(tmp_path, human) as stage:
        await said(stage, "/line", count=10)
        await stage.until(stage.clock.now() + 10 * MINUTE)
        before = times(stage)
        as_person(stage, human)
        await said(stage, "/news", count=3)
        await stage.until(stage.clock.now() + HOUR)
        assert times(stage) == before
        await stage.until(stage.clock.now() + DAY)
        assert texts(stage)[len(before) :] == [NEWS] * 3


async def test_nothing_is_sent_at_night_and_what_still_makes_sense_goes_in_the_morning(
    tmp_path: Path,
) -> None:
    async with a_slow_stage(tmp_path) as stage:
        await stage.until("2026-05-05 01:30")
        stage.platform.sent.clear()
        await said(stage, "/line", count=3)
        await said(stage, "/news", count=2)
        await stage.until("2026-05-05 05:10")
        await said(stage, "/line", room="另一班")
        assert times(stage) == []
        await stage.until("2026-05-05 06:00")
        assert [(sent.text, sent.place) for sent in stage.platform.sent] == [
            (ANSWER, "另一班"),
            (NEWS, "晨读班"),
            (NEWS, "晨读班"),
        ]
        assert times(stage)[0] == instant("2026-05-05 05:30")
        assert (await stage.engine.database.read(actions_by_state))["expired"] == 3


async def test_only_so_many_contacts_a_day(tmp_path: Path) -> None:
    async with a_slow_stage(tmp_path) as stage:
        for one in range(3):
            await stage.happens(stage.message(f"同学{one}", "/friend f", room=None))
        await said(stage, "/line")
        await stage.until(stage.clock.now() + 20 * MINUTE)
        assert sum(isinstance(sent.action, Befriend) for sent in stage.platform.sent) == 2
        assert stage.platform.sent[-1].text == ANSWER
        await stage.until(stage.clock.now() + DAY)
        assert sum(isinstance(sent.action, Befriend) for sent in stage.platform.sent) == 3


async def test_while_the_account_is_away_nothing_is_used_up_and_nothing_given_up(tmp_path: Path) -> None:
    human = Human(10, 20, 2, (2_000, 7_000), "Asia/Shanghai", Quiet(0, 0))
    async with a_slow_stage(tmp_path, human) as stage:
        stage.platform.faults = [Away("logged out", 60) for _ in range(3_000)]
        await said(stage, "/news", count=5)
        await stage.until(stage.clock.now() + DAY)
        assert len(stage.platform.faults) < 2_000
        stage.platform.faults.clear()
        await stage.until(stage.clock.now() + 10 * MINUTE)
        assert texts(stage) == [NEWS] * 5


async def test_many_chats_that_wait_together_take_turns(tmp_path: Path) -> None:
    async with a_slow_stage(tmp_path) as stage:
        box = stage.engine.outboxes[BOT]
        asked = [stage.message("小林", "/line", room=room) for room in ("晨读班", "另一班", None)]
        await stage.engine.pipeline.take(Batch(BOT, asked, caught_up_to=stage.clock.now()))
        running = asyncio.create_task(box.run())
        for count in (1, 2, 3):
            box.wake()
            while len(stage.platform.sent) < count or not await box.is_settled():  # noqa: ASYNC110 - what is asked has no event
                await asyncio.sleep(0)
            assert len(stage.platform.sent) == count
            stage.clock.move_to(stage.clock.now() + 7_000)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_slow_chat_holds_up_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_slow_stage(tmp_path) as stage:
        carry_out, begun, ended = stage.platform.carry_out, asyncio.Event(), asyncio.Event()

        async def slow(outgoing: Outgoing) -> str | None:
            if outgoing.native == "晨读班":
                begun.set()
                await ended.wait()
            else:
                ended.set()
            return await carry_out(outgoing)

        monkeypatch.setattr(stage.platform, "carry_out", slow)
        asked = [stage.message("小林", "/line", room=room) for room in ("晨读班", "另一班")]
        await stage.engine.pipeline.take(Batch(BOT, asked, caught_up_to=stage.clock.now()))
        box = stage.engine.outboxes[BOT]
        running = asyncio.create_task(box.run())
        await begun.wait()
        stage.clock.move_to(stage.clock.now() + 7_000)
        box.wake()
        await ended.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert [sent.place for sent in stage.platform.sent] == ["另一班", "晨读班"]
