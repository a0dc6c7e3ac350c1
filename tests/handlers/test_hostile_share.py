"""Who would use up what an account may send in a day, so that nobody else is answered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.core.actions import Befriend, Enter, Look
from bot.core.events import FriendAsked, Place, RoomOffered, Sender
from bot.core.house import Bot, Welcome
from bot.core.platforms import Limits
from bot.core.port import Can
from rules.budget import Quiet
from rules.human_pace import Human
from storage import outbox
from tests.stage import BOT, WECHAT, Stage, a_stage

HUMAN = Human(60, 100, 2, (100, 200), "Asia/Shanghai", Quiet(0, 0))
HOUR = 3_600_000


@asynccontextmanager
async def a_slow_account(folder: Path) -> AsyncIterator[Stage]:
    """WeChat's ways, and a hundred messages a day."""
    async with a_stage(folder, can=WECHAT) as stage:
        stage.platform.limits = Limits(100, 100, 100, 1000, HUMAN)
        stage.engine.add(stage.platform)
        stage.engine.platforms.pop()
        stage.engine.house.welcome[BOT] = Welcome("everybody", "everybody")  # type: ignore[index]
        await stage.opens()
        await stage.until("2026-05-04 09:30")
        yield stage


async def asks(stage: Stage, who: str, text: str, *, times: int, room: str | None, lasts: int = HOUR) -> int:
    """How often somebody who asks the same all the time is answered."""
    before = len(stage.platform.sent)
    await stage.happens(*[stage.message(who, text, room=room) for _ in range(times)])
    await stage.until(stage.clock.now() + lasts)
    return len(stage.platform.sent) - before


async def test_nobody_uses_up_the_day_in_private(tmp_path: Path) -> None:
    async with a_slow_account(tmp_path) as stage:
        assert 5 <= await asks(stage, "骗子", "帮助", times=200, room=None) <= 25
        assert await asks(stage, "小林", "帮助", times=1, room="晨读班") == 1


async def test_nor_in_a_group_over_an_hour(tmp_path: Path) -> None:
    async with a_slow_account(tmp_path) as stage:
        answered = 0
        for _ in range(60):
            answered += await asks(stage, "骗子", "/help", times=10, room="晨读班", lasts=60_000)
        assert answered <= 30
        assert await asks(stage, "小林", "/help", times=1, room="晨读班") == 1


async def test_nor_do_fifty_together(tmp_path: Path) -> None:
    async with a_slow_account(tmp_path) as stage:
        flood = [stage.message(f"骗子{one % 50}", "帮助", room=None) for one in range(1000)]
        await stage.happens(*flood)
        await stage.until(stage.clock.now() + HOUR)
        assert await asks(stage, "小林", "打卡 读了三页", times=1, room="晨读班") == 1
        assert await asks(stage, "小林", "帮助", times=1, room="晨读班") == 1


def offer(stage: Stage, who: str, number: int) -> RoomOffered:
    asked = f"o{who}{number}"
    place, sender = Place(who, "private", who), Sender(who, who)
    return RoomOffered(
        bot=BOT, key=asked, at=stage.clock.now(), place=place, sender=sender, offer=asked, title="兼职群"
    )


def asks_to_be_friends(stage: Stage, who: str, number: int) -> FriendAsked:
    place, sender = Place(who, "private", who), Sender(who, who)
    request = f"f{who}{number}"
    return FriendAsked(
        bot=BOT, key=request, at=stage.clock.now(), place=place, sender=sender, request=request
    )


async def test_nobody_takes_the_account_into_a_thousand_groups(tmp_path: Path) -> None:
    async with a_slow_account(tmp_path) as stage:
        await stage.happens(*[offer(stage, "骗子", number) for number in range(1000)])
        await stage.until(stage.clock.now() + HOUR)
        assert sum(isinstance(sent.action, Enter) for sent in stage.platform.sent) == 3
        await stage.happens(offer(stage, "班主任", 1))
        await stage.until(stage.clock.now() + HOUR)
        assert stage.platform.sent[-1].action.offer == "o班主任1"  # type: ignore[union-attr]


async def test_who_pulls_it_into_groups_is_not_greeted_in_all(tmp_path: Path) -> None:
    async with a_slow_account(tmp_path) as stage:
        by = Sender("骗子", "骗子")
        before = len(stage.platform.sent)
        await stage.happens(*[stage.bot_changed("member", room=f"群{one}", by=by) for one in range(200)])
        await stage.until(stage.clock.now() + HOUR)
        assert len(stage.platform.sent) - before <= 40
        assert await asks(stage, "小林", "帮助", times=1, room="晨读班") == 1


async def test_who_asks_a_hundred_times_to_be_a_contact_waits_once(tmp_path: Path) -> None:
    async with a_slow_account(tmp_path) as stage:
        await stage.happens(*[asks_to_be_friends(stage, "骗子", number) for number in range(100)])
        await stage.happens(asks_to_be_friends(stage, "小林", 1))
        await stage.until(stage.clock.now() + HOUR)
        accepted = [sent.action.request for sent in stage.platform.sent if isinstance(sent.action, Befriend)]
        assert accepted[-1] == "f小林1"
        assert len(accepted) == 2


async def test_to_look_who_is_there_costs_none_of_the_day(tmp_path: Path) -> None:
    async with a_slow_account(tmp_path) as stage:
        stage.platform.can = WECHAT | Can.LOOK
        stage.engine.house.bots[BOT] = Bot(BOT, "stage", WECHAT | Can.LOOK)
        for _ in range(150):
            await stage.says("骗子", "/settings")
            await stage.until(stage.clock.now() + 60_000)
        looks = sum(isinstance(sent.action, Look) for sent in stage.platform.sent)
        sent = await stage.engine.database.read(lambda tx: outbox.sent_since(tx, BOT, 0))
        assert looks >= 140
        assert len(sent) == len(stage.platform.sent) - looks < 40
        assert await asks(stage, "小林", "帮助", times=1, room="晨读班") == 1
