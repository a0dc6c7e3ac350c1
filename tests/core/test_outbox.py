"""The way out: order, pace, retries, merging, giving up; nothing forgotten."""

from pathlib import Path
from typing import Any

import pytest

from bot.core.actions import Delete, React, Say, words
from bot.core.context import Context
from bot.core.errors import RetryLater, Undeliverable
from bot.core.events import Batch, Event
from bot.core.feature import Command, Feature
from bot.core.port import Can
from handlers import FEATURES
from rules.durations import HOUR
from storage import inbox, outbox
from storage.failures import DiskFull
from tests.stage import ALL, BOT, Stage, a_stage, actions_by_state, instant


def line(ctx: Context, arguments: str) -> None:
    ctx.say(words("core.sent_privately"), vanish_after=60 if arguments == "gone" else 0, tag=arguments)


def nod(ctx: Context, _arguments: str) -> None:
    ctx.react("👍", words("talker.done", name=ctx.account.name), topic="talker.done")


def wrong(ctx: Context, _arguments: str) -> None:
    ctx.say(words("talker.there_is_no_such_text"))


TALKER = Feature(
    name="talker",
    commands=(Command("line", line, takes=True), Command("nod", nod), Command("wrong", wrong)),
)
FEATURED = (*FEATURES, TALKER)
DONE = """
{% block done %}好，{{ name }}{% endblock %}
{% block done_merged %}{{ people | names(total=count) }}{% endblock %}
"""


async def states(stage: Stage) -> dict[str, int]:
    return await stage.engine.database.read(actions_by_state)


def own_templates(folder: Path) -> str:
    """Texts of the talker, in a folder of their own."""
    (folder / "own" / "zh-Hans").mkdir(parents=True)
    (folder / "own" / "zh-Hans" / "talker.html").write_text(DONE, encoding="utf-8")
    return '[templates]\nfolder = "own"'


async def test_a_failure_holds_the_chat_so_that_its_order_stays(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        stage.platform.faults = [RetryLater("flood", 30)]
        said = await stage.happens(stage.message("小林", "/line 1"), stage.message("阿哲", "/line 2"))
        assert said == []
        assert await stage.until(stage.clock.now() + 29_000) == []
        assert len(await stage.until(stage.clock.now() + 5_000)) == 2
        assert [sent.action.tag for sent in stage.platform.sent[-2:]] == ["1", "2"]


async def test_one_dead_chat_holds_up_no_other(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        await stage.opens("另一班")
        stage.platform.faults = [RetryLater("flood", 3000)]
        assert await stage.says("小林", "/line 1") == []
        assert await stage.says("小林", "/line 2", room="另一班") == ["发到私聊啦"]


async def test_after_many_tries_it_is_given_up_with_a_record(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        stage.platform.faults = [RetryLater("down", 1) for _ in range(400)]
        await stage.says("小林", "/line 1")
        await stage.until(stage.clock.now() + 2 * HOUR)
        assert (await states(stage))["failed"] == 1


async def test_half_an_hour_without_the_platform_costs_no_answer(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        stage.platform.faults = [RetryLater("down") for _ in range(60)]
        await stage.says("小林", "/line 1")
        assert await stage.until(stage.clock.now() + HOUR) == ["发到私聊啦"]


class FullDisk:
    """A disk without room for the next so many writings; how long was waited for it."""

    def __init__(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = 0
        self.waits: list[float] = []
        self._write = stage.engine.database.write
        monkeypatch.setattr(stage.engine.database, "write", self.write)
        monkeypatch.setattr(stage.clock, "sleep", self.sleep)

    async def write(self, *work: Any) -> Any:
        if self.left:
            self.left -= 1
            raise DiskFull("database or disk is full")
        return await self._write(*work)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


async def test_a_full_disk_is_waited_for_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_stage(tmp_path, features=FEATURED, config=own_templates(tmp_path)) as stage:
        await stage.opens()
        disk = FullDisk(stage, monkeypatch)
        stage.platform.faults = [RetryLater("flood", 30)]

        async def with_a_full_disk(*events: Event) -> None:
            await stage.engine.pipeline.take(Batch(BOT, events, caught_up_to=stage.clock.now()))
            caplog.clear()
            disk.left = 3
            while await stage.engine.step():
                pass
            assert [record.levelname for record in caplog.records] == ["ERROR"]
            assert all(record.exc_info is None for record in caplog.records)

        await with_a_full_disk(stage.message("小林", "/line 1"))
        assert stage.heard() == []
        assert await stage.until(stage.clock.now() + 31_000) == ["发到私聊啦"]
        earlier = instant("2026-05-04 08:00")
        await stage.engine.pipeline.take(
            Batch(BOT, [stage.message(f"同学{one}", "/nod", at=earlier) for one in range(9)])
        )
        stage.clock.move_to(stage.clock.now() + 60_000)
        await with_a_full_disk()
        merged = await stage.until(stage.clock.now() + 60_000)
        assert merged == ["同学0、同学1、同学2、同学3、同学4 等 9 位"]
        assert len(disk.waits) == 6


async def test_what_nobody_waits_for_any_more_expires(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        stage.platform.faults = [RetryLater("down", 4000)]
        await stage.says("小林", "/line 1")
        await stage.until(stage.clock.now() + 2 * HOUR)
        assert (await states(stage))["expired"] == 1


async def test_a_text_that_cannot_be_rendered_is_kept_and_the_chat_goes_on(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        assert await stage.happens(stage.message("小林", "/wrong"), stage.message("小林", "/line 1")) == [
            "发到私聊啦"
        ]
        assert (await states(stage))["failed"] == 1
        assert await stage.engine.database.read(inbox.dead_letters) == 1


async def test_an_answer_that_should_vanish_is_deleted(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        await stage.says("小林", "/line gone")
        said = stage.last.native
        await stage.until(stage.clock.now() + 61_000)
        assert stage.last.action == Delete(message=said)


async def test_after_a_fault_a_long_text_goes_on_where_it_was(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        stage.platform.parts = 3
        await stage.engine.pipeline.take(
            Batch(BOT, [stage.message("小林", "/line gone")], caught_up_to=stage.clock.now())
        )
        assert await stage.engine.step()
        first = stage.last.native
        stage.platform.faults = [RetryLater("down", 1)]
        await stage.until(stage.clock.now() + 10_000)
        sent = stage.platform.sent[-3:]
        assert [len(one.action.sent) for one in sent if isinstance(one.action, Say)] == [0, 1, 2]
        assert sent[0].native == first
        assert (await states(stage)).get("waiting") == 3
        await stage.until(stage.clock.now() + 61_000)
        gone = [one.action for one in stage.platform.sent[-3:]]
        assert gone == [Delete(message=one.native) for one in sent]


async def test_of_a_long_text_that_is_given_up_what_went_out_vanishes(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        stage.platform.parts = 2
        asked = stage.message("小林", "/line gone")
        await stage.engine.pipeline.take(Batch(BOT, [asked], caught_up_to=stage.clock.now()))
        assert await stage.engine.step()
        went = stage.last.native
        stage.platform.faults = [Undeliverable("forbidden")]
        await stage.until(stage.clock.now() + 61_000)
        assert (await states(stage))["failed"] == 1
        assert stage.last.action == Delete(message=went)


async def test_a_backlog_of_nods_is_one_line(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, config=own_templates(tmp_path)) as stage:
        await stage.opens()
        earlier = instant("2026-05-04 08:00")
        members = [f"同学{number}" for number in range(2500)]
        await stage.happens(*[stage.message(name, "/nod", at=earlier) for name in members[:1000]])
        await stage.happens(*[stage.message(name, "/nod", at=earlier) for name in members[1000:]])
        assert await stage.until(stage.clock.now() + 60_000) == [
            "同学0、同学1、同学2、同学3、同学4 等 2500 位"
        ]
        assert (await states(stage))["merged"] == 2500


async def test_a_nod_does_not_wait_behind_a_queue_of_answers(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, config=own_templates(tmp_path)) as stage:
        await stage.opens()
        stage.platform.faults = [RetryLater("flood", 30)]
        asked = [stage.message(f"同学{number}", "/line 1") for number in range(3)]
        assert await stage.happens(*asked, stage.message("小林", "/nod")) == []
        assert await stage.until(stage.clock.now() + 60_000) == ["👍", *["发到私聊啦"] * 3]


async def test_a_few_nods_are_reactions(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, config=own_templates(tmp_path)) as stage:
        await stage.opens()
        assert await stage.says("小林", "/nod") == ["👍"]
        assert isinstance(stage.last.action, React)


async def test_where_nothing_can_react_a_nod_is_said(tmp_path: Path) -> None:
    async with a_stage(
        tmp_path, features=FEATURED, config=own_templates(tmp_path), can=ALL & ~Can.REACT
    ) as stage:
        await stage.opens()
        assert await stage.says("小林", "/nod") == []
        assert await stage.until(stage.clock.now() + 20_000) == ["好，小林"]
        assert isinstance(stage.last.action, Say)
        assert stage.last.action.mention == "小林"


async def test_what_stands_for_a_nod_is_in_the_rooms_language(tmp_path: Path) -> None:
    config = '[bot]\nlanguage = "en"'
    async with a_stage(tmp_path, config=config, can=ALL & ~Can.REACT) as stage:
        await stage.opens()
        await stage.says("Ann", "done read ten pages")
        said = await stage.until(stage.clock.now() + 20_000)
        assert "Ann" in said[0]
        assert said[0].isascii()


async def test_when_a_line_was_last_said_is_found_by_its_index(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        values = {"room": 1, "topic": "checkin.done"}
        plan = await stage.engine.database.read(lambda tx: tx.plan(outbox.LAST_SENT, values))
        assert "outbox_topic" in plan
