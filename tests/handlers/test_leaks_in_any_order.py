"""Nothing meant for staff is sent to a room of members, in whatever order rooms, rights and lists change."""

import random
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.core.actions import Edit, words
from bot.core.context import Context
from bot.core.desk import Desk
from bot.core.events import ButtonPressed
from bot.core.platforms import Outgoing
from bot.core.port import Can
from handlers import FEATURES
from storage import communities, people, rooms
from storage.db import Transaction
from tests.handlers.test_leaks import PASS_ON, buttons_of, told
from tests.stage import ALL, BOT, WECHAT, Sent, Stage, a_stage

FOR_STAFF = {text for feature in FEATURES for text in feature.for_staff} | {PASS_ON}
ROOMS = ("甲班", "乙班", "丙班", "管理小群")
PEOPLE = ("班主任", "班主任", "副手", "外人")
STEPS = 80
SAID = (
    *(
        "/staffroom",
        "/staffroom",
        "/staffroom off",
        "/staffroom off",
        "/setup",
        "/settings",
        "/audit",
        "/rooms",
        "/roles",
        "/suggestions",
    ),
    *("/set talk.lines_a_day 5", "/role 副手 组长", "/role 副手 -", "今天打卡有点晚，不过读完了"),
)
ALERT = words("core.staff_room_lost", community="")
PAUSES = (1, 1_000, 20_000, 60_000, 1_800_000, 12 * 3_600_000)


async def a_school(stage: Stage) -> None:
    """Two communities, the staff room of one, and people who run rooms of both."""
    for room in ROOMS:
        await stage.opens(room)
    for who, room in (("班主任", "甲班"), ("班主任", "乙班"), ("班主任", "管理小群"), ("外人", "丙班")):
        await stage.joins(who, "owner", room)
    await stage.joins("副手", "admin", "甲班")
    for who in PEOPLE:
        await stage.says(who, "/start", room=None)
    await stage.says("路人", "早", room="甲班")
    await stage.presses_data("班主任", "staffroom:1", room="管理小群")


class Watch:
    """What was for staff and went to a group that was no staff room at that moment."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.leaks: list[tuple[str, set[str]]] = []
        self.seen = 0
        self._send: Callable[[Outgoing], Awaitable[str | None]] = stage.platform.carry_out
        stage.platform.carry_out = self._look  # type: ignore[method-assign]

    async def _look(self, outgoing: Outgoing) -> str | None:
        place = outgoing.native
        shown = Sent(place, outgoing.action, "", {}, None, "", 0)
        texts = FOR_STAFF.intersection(told(shown))
        if texts:
            self.seen += 1
            if await self.stage.engine.database.read(lambda tx: reads_along(tx, place)):
                self.leaks.append((place, texts))
        return await self._send(outgoing)


def reads_along(tx: Transaction, place: str) -> bool:
    room = rooms.by_native(tx, BOT, place)
    assert room is not None
    if not room.is_group or room.community is None:
        return room.is_group
    return communities.by_id(tx, room.community).staff_room != room.id


async def something_happens(stage: Stage, chance: random.Random) -> None:
    who, room = chance.choice(PEOPLE), chance.choice([*ROOMS, None])
    dice = chance.random()
    if dice < 0.35:
        await stage.says(who, chance.choice(SAID), room=room)
    elif dice < 0.7:
        await stage.happens(*some_presses(stage, chance))
    elif dice < 0.8:
        role = chance.choice(["member", "left", "admin", "owner"])
        await stage.joins(who, role, chance.choice(ROOMS))
    elif dice < 0.85:
        await stage.engine.pipeline.work(alert_all)
    elif dice < 0.9:
        await stage.engine.pipeline.work(nudge_all)
    elif dice < 0.95:
        await stage.says(who, str(chance.randrange(1, 30)), room=room)
    else:
        number = chance.randrange(1, 20)
        await stage.presses_data(who, f"undo:{number}:do@1", room=None)


def some_presses(stage: Stage, chance: random.Random) -> list[ButtonPressed]:
    """Up to three at the same moment, of buttons that were shown lately, by anybody in that place."""
    shown = [(sent, one) for sent in stage.platform.sent[-25:] for one in buttons_of(sent) if one.data]
    pressed = []
    for sent, button in chance.sample(shown, min(len(shown), chance.randrange(1, 4))):
        room = sent.place if sent.place in ROOMS else None
        who = sent.place if room is None else chance.choice(PEOPLE)
        message = sent.action.message if isinstance(sent.action, Edit) else sent.native
        pressed.append(stage.pressed(who, button.data, message=message, room=room))
    return pressed


def alert_all(desk: Desk) -> None:
    for community in communities.all_of_them(desk.tx):
        Context(desk, at=desk.now, community=community.id).report(ALERT)


def nudge_all(desk: Desk) -> None:
    """Write to everybody unasked: who is no contact is told by staff, where nothing else can tell them."""
    for community in communities.all_of_them(desk.tx):
        for who in sorted({*PEOPLE, "路人"}):
            account = people.by_native(desk.tx, "stage", who)
            if account is not None:
                ctx = Context(desk, at=desk.now, community=community.id)
                ctx.nudge(account, "toy", words("core.value", value=who))


@pytest.mark.parametrize("can", [ALL, WECHAT], ids=["telegram", "wechat"])
@pytest.mark.parametrize("seed", [1, 7, 9])
async def test_no_order_of_events_shows_members_what_is_for_staff(
    tmp_path: Path, seed: int, can: Can
) -> None:
    chance = random.Random(seed)
    async with a_stage(tmp_path, now="2026-05-04 23:30", can=can) as stage:
        watch = Watch(stage)
        await a_school(stage)
        for _ in range(STEPS):
            await stage.until(stage.clock.now() + chance.choice(PAUSES))
            await something_happens(stage, chance)
        assert watch.leaks == []
        assert watch.seen > 5
        assert await stage.engine.database.read(lambda tx: tx.all("SELECT trace FROM dead_letter")) == []
