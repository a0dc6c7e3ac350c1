"""What staff is told unasked: once for each kind of trouble, and once when it is over."""

from pathlib import Path

import pytest

from bot.core.errors import RetryLater
from bot.core.events import Sender
from bot.core.platforms import Condition
from bot.core.render import Render
from rules.trouble import ALERTS, GRAVITY
from storage import inbox
from storage.db import Transaction
from storage.disk import Disk
from tests.stage import BOT, ROOMY, Stage, a_stage

ALL = ("read", "react", "delete", "invite")
CLASS, STAFF = "晨读班", "管理小群"
LITTLE = Disk(free=150_000_000, total=10**12, database=1, log=0)
ON_CALL = '[bot]\nadmins = ["stage:999"]'


class Filling:
    """A disk that fills and is emptied."""

    def __init__(self) -> None:
        self.now = ROOMY

    def __call__(self) -> Disk:
        return self.now


async def a_school(stage: Stage, *more: str) -> None:
    """A class with its staff room, and perhaps others of their own."""
    for room in (CLASS, STAFF, *more):
        await stage.opens(room)
    await stage.joins("班主任", "admin", CLASS)
    await stage.joins("班主任", "owner", STAFF)
    await stage.says("班主任", "/start", room=None)
    await stage.says("班主任", "/staffroom", room=STAFF)
    await stage.presses("班主任", CLASS, room=STAFF) if "staffroom" in str(stage.last.buttons) else None
    stage.heard()
    row = await stage.engine.database.read(lambda tx: tx.one("SELECT staff_room FROM community WHERE id = 1"))
    assert row is not None
    assert row["staff_room"] is not None


def alerts(stage: Stage, place: str = STAFF, since: int = 0) -> list[str]:
    """What a place was told unasked, from the marks of alerts."""
    return [
        sent.text
        for sent in stage.platform.sent[since:]
        if sent.place == place and ("❗" in sent.text or "✓" in sent.text)
    ]


async def test_rights_that_are_lost_are_told_at_once_and_when_they_are_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_school(stage)
        await stage.opens(CLASS, rights=("react", "speak"))
        assert alerts(stage) == [
            (
                "晨读班\n"
                "❗ 我少了权限：「晨读班」删消息、邀请人、听消息。给回来：群资料 › 管理员，选我，打开开关。\n"
                "细看发 /doctor。"
            )
        ]
        await stage.looks("2026-05-04 14:00")
        assert len(alerts(stage)) == 1
        await stage.opens(CLASS, rights=("read", "react", "invite", "speak"))
        await stage.looks("2026-05-04 15:10")
        assert len(alerts(stage)) == 2, "six hours later one right is missing still"
        assert "「晨读班」删消息。" in alerts(stage)[1]
        await stage.opens(CLASS, rights=(*ALL, "speak"))
        assert alerts(stage)[2:] == ["✓ 少掉的权限都回来了。\n现在都好。"]
        await stage.looks("2026-05-05 20:00")
        assert len(alerts(stage)) == 3
        assert alerts(stage, CLASS) == []


async def test_who_took_a_right_is_told_by_the_set_up_and_staff_once_more(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_school(stage)
        taker = Sender("班主任", "班主任")
        await stage.happens(stage.bot_changed("member", room=CLASS, rights=("read",), by=taker))
        assert len([sent for sent in stage.platform.sent if "我少了权限" in sent.text]) == 2
        assert len(alerts(stage)) == 1


async def test_a_right_that_comes_and_goes_is_told_once_in_six_hours(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_school(stage)
        for hour in range(10, 15):
            await stage.opens(CLASS, rights=("react",))
            await stage.looks(f"2026-05-04 {hour}:30")
            await stage.opens(CLASS, rights=ALL)
            await stage.looks(f"2026-05-04 {hour}:55")
        assert ["❗" in said for said in alerts(stage)] == [True, False]
        await stage.looks("2026-05-04 16:00")
        await stage.opens(CLASS, rights=("react",))
        assert len(alerts(stage)) == 3


async def test_what_begins_in_quiet_hours_is_told_after_them_if_it_lasts(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 22:00") as stage:
        await a_school(stage)
        await stage.looks("2026-05-04 23:00")
        await stage.opens(CLASS, rights=("react",))
        await stage.looks("2026-05-05 03:00")
        assert alerts(stage) == []
        await stage.looks("2026-05-05 07:35")
        assert len(alerts(stage)) == 1
        assert stage.last.at >= stage.clock.now() - 6 * 60_000


async def test_a_chat_that_is_stuck_is_told_after_ten_minutes_and_when_it_goes_on(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_school(stage)
        stage.platform.faults.append(RetryLater("pause", 2400))
        await stage.says("小林", "/help")
        await stage.looks("2026-05-04 09:10")
        assert alerts(stage) == []
        await stage.looks("2026-05-04 09:20")
        [said] = alerts(stage)
        assert "「晨读班」有 1 条消息发不出去，等了 15 分钟" in said or "等了 10 分钟" in said
        await stage.looks("2026-05-04 10:00")
        assert alerts(stage)[1:] == ["✓ 等着的消息都发出去了。\n现在都好。"]


async def test_the_disk_is_told_every_six_hours_while_it_is_full(tmp_path: Path) -> None:
    disk = Filling()
    async with a_stage(tmp_path, disk=disk) as stage:
        await a_school(stage)
        await stage.looks("2026-05-04 09:30")
        assert alerts(stage) == []
        disk.now = LITTLE
        await stage.looks("2026-05-04 15:30")
        assert alerts(stage) == [
            "晨读班\n❗ 磁盘只剩 150 MB，满了我就记不了事。请管服务器的人腾些地方。\n细看发 /doctor。"
        ]
        await stage.looks("2026-05-04 15:40")
        assert len(alerts(stage)) == 2
        disk.now = ROOMY
        await stage.looks("2026-05-04 16:00")
        assert alerts(stage)[2:] == ["✓ 磁盘又有地方了。\n现在都好。"]


async def test_what_is_still_wrong_is_said_beside_what_is_over(tmp_path: Path) -> None:
    disk = Filling()
    disk.now = LITTLE
    async with a_stage(tmp_path, disk=disk) as stage:
        await a_school(stage)
        await stage.opens(CLASS, rights=("react",))
        await stage.looks("2026-05-04 09:10")
        disk.now = ROOMY
        await stage.looks("2026-05-04 09:20")
        assert alerts(stage)[-1] == "晨读班\n✓ 磁盘又有地方了。"


async def test_a_dead_letter_is_told_for_a_day(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_school(stage)
        now = stage.clock.now()
        await stage.engine.database.write(
            lambda tx: inbox.bury(tx, at=now, bot=BOT, key="u7", event='{"text":"秘密"}', trace="秘密")
        )
        await stage.looks("2026-05-04 09:10")
        [said] = alerts(stage)
        assert "有 1 件事我没处理成" in said
        assert "秘密" not in said
        await stage.looks("2026-05-05 09:30")
        assert alerts(stage)[-1] == "✓ 这一天没有新的处理不成的事。\n现在都好。"


async def test_those_who_run_the_house_are_told_instead_of_every_staff_room(tmp_path: Path) -> None:
    disk = Filling()
    async with a_stage(tmp_path, config=ON_CALL, disk=disk) as stage:
        await a_school(stage, "别人的班")
        await stage.says("999", "/start", room=None)
        disk.now = LITTLE
        await stage.looks("2026-05-04 09:10")
        assert alerts(stage) == []
        assert alerts(stage, "999") == [
            "❗ 磁盘只剩 150 MB，满了我就记不了事。请管服务器的人腾些地方。\n细看发 /doctor。"
        ]
        disk.now = ROOMY
        await stage.looks("2026-05-04 09:20")
        assert alerts(stage, "999")[1:] == ["✓ 磁盘又有地方了。\n现在都好。"]
        disk.now = LITTLE
        await stage.looks("2026-05-05 06:00")
        assert len(alerts(stage, "999")) == 4, "15:10, 21:10, and not in the night"


async def test_where_they_never_wrote_every_staff_is_told(tmp_path: Path) -> None:
    disk = Filling()
    disk.now = LITTLE
    async with a_stage(tmp_path, config=ON_CALL, disk=disk) as stage:
        await a_school(stage, "别人的班")
        await stage.joins("别人", "admin", "别人的班")
        await stage.says("别人", "/start", room=None)
        await stage.looks("2026-05-04 09:10")
        assert len(alerts(stage)) == 1
        assert len(alerts(stage, "别人")) == 1


@pytest.mark.parametrize(
    ("side", "says", "over"),
    [
        (Condition(skew=60_000), "服务器的钟快了 60 秒", "服务器的钟准了"),
        (Condition(trouble="reach"), "平台暂时连不上", "平台那边又通了"),
    ],
)
async def test_a_platform_that_is_amiss_is_told(
    tmp_path: Path, side: Condition, says: str, over: str
) -> None:
    async with a_stage(tmp_path) as stage:
        await a_school(stage)
        stage.platform.side = side
        await stage.looks("2026-05-04 10:00")
        [said] = alerts(stage)
        assert says in said
        stage.platform.side = Condition()
        await stage.looks("2026-05-04 10:10")
        assert over in alerts(stage)[-1]


async def test_a_stream_that_is_silent_or_contested_is_told(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_school(stage)
        stage.platform.side = Condition(contested_at=stage.clock.now())
        await stage.looks("2026-05-04 09:05")
        assert "另一个程序" in alerts(stage)[0]
        now = stage.clock.now()

        def fall_silent(tx: Transaction) -> None:
            tx.run("UPDATE observation SET until = :until", {"until": now - 900_000})

        await stage.engine.database.write(fall_silent)
        await stage.engine.look()
        while await stage.engine.step():
            pass
        assert "我有 15 分钟没收到任何消息了" in alerts(stage)[1]


async def test_what_was_told_is_not_told_again_after_a_restart(tmp_path: Path) -> None:
    async with a_stage(tmp_path, disk=lambda: LITTLE) as stage:
        await a_school(stage)
        await stage.looks("2026-05-04 09:10")
        assert len(alerts(stage)) == 1
    async with a_stage(tmp_path, now="2026-05-04 10:00", disk=lambda: LITTLE) as stage:
        stage.skip(1000)
        await stage.looks("2026-05-04 14:00")
        assert alerts(stage) == []
        await stage.looks("2026-05-04 15:30")
        assert len(alerts(stage)) == 1


async def test_many_communities_are_looked_at_in_slices(tmp_path: Path) -> None:
    async with a_stage(tmp_path, disk=lambda: LITTLE) as stage:
        names = [f"第 {number} 班" for number in range(1, 24)]
        for name in names:
            await stage.opens(name)
            await stage.joins(f"班主任{name}", "admin", name)
            await stage.says(f"班主任{name}", "/start", room=None)
        await stage.looks("2026-05-04 09:10")
        assert [len(alerts(stage, f"班主任{name}")) for name in names] == [1] * 23


def test_every_trouble_has_its_text_and_what_is_told_unasked_an_end() -> None:
    blocks = Render().blocks("en")["doctor"]
    assert set(GRAVITY) <= blocks
    assert {f"{kind}_over" for kind in ALERTS} <= blocks
