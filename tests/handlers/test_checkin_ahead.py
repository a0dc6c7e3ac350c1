"""However many messages come at once: what they leave is what they would leave one by one."""

import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.events import Batch, Event, MessageDeleted
from storage import activity
from storage.db import Transaction
from tests.stage import BOT, Stage, a_stage, instant

MEMBERS = ("小林", "阿哲", "班主任")
TEXTS = (
    *("打卡", "打卡 读了三页", "#打卡 两页", "今天谁还没打卡？", "早上好呀大家", "补卡 昨天 读了三页"),
    *(
        "接龙报名：读书会",
        "请假",
        "销假",
        "/makeup 1",
        "优秀",
        "打回 再来",
        "任务 打卡 凭证 图片",
        "全班休息 昨天",
    ),
)
LEFT = (
    "SELECT * FROM checkin ORDER BY community, account, day, task",
    "SELECT * FROM streak ORDER BY community, person",
    "SELECT * FROM activity ORDER BY community, day, account, room",
    "SELECT room, action, topic, not_before FROM outbox ORDER BY id",
)

Step = tuple[str, str, str, int]
steps = st.lists(
    st.tuples(
        st.sampled_from(("says", "says", "says", "answers", "edits", "deletes")),
        st.sampled_from(MEMBERS),
        st.sampled_from(TEXTS),
        st.integers(0, 30),
    ),
    max_size=30,
)


def told(stage: Stage, some: list[Step]) -> list[Event]:
    """What the platform tells of these steps, some hours between each and the next."""
    at, events = instant("2026-05-04 09:00"), list[Event]()
    for number, (act, who, text, hours) in enumerate(some):
        at += hours * 3_600_000
        about = str(max(0, number - hours))
        if act == "deletes":
            place = stage.place(who, "晨读班")
            events.append(MessageDeleted(bot=BOT, key=f"d{number}", at=at, place=place, native=about))
        else:
            native = about if act == "edits" else str(number)
            more = {"reply_to": about} if act == "answers" else {}
            edited = act == "edits"
            events.append(stage.message(who, text, at=at, native=native, edited=edited, **more))
    return events


def left(tx: Transaction) -> list[list[tuple[object, ...]]]:
    activity.write_down(tx)
    assert tx.value("SELECT count(*) FROM dead_letter") == 0
    return [[tuple(row) for row in tx.all(sql)] for sql in LEFT]


async def play(some: list[Step], at_once: int) -> list[list[tuple[object, ...]]]:
    """What is left when so many messages come in one batch."""
    with tempfile.TemporaryDirectory() as folder:
        async with a_stage(Path(folder), now="2026-07-04 09:00") as stage:
            await stage.opens()
            await stage.joins("班主任", "admin")
            events = told(stage, some)
            for start in range(0, len(events), at_once):
                await stage.engine.pipeline.take(Batch(BOT, events[start : start + at_once]))
            return await stage.engine.database.write(left)


@settings(max_examples=25)
@given(steps)
@example(
    [("says", "小林", "打卡", 0), ("says", "班主任", "接龙报名：读书会", 0), ("says", "小林", "打卡", 0)]
)
@example([("says", "小林", "/checkin 一页", 0), ("says", "小林", "打卡", 0)])
@example([("says", "小林", "打卡", 0), ("answers", "班主任", "优秀", 1), ("says", "小林", "打卡 两页", 0)])
async def test_a_batch_leaves_what_its_messages_would(some: list[Step]) -> None:
    alone = await play(some, 1)

    assert await play(some, 7) == alone
    assert await play(some, 100) == alone
