"""Whatever people do, in whatever order: every check-in is told once, every streak fits its rows."""

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.context import Context
from rules.facts import CheckedIn, CheckInWithdrawn, Fact
from storage import streaks
from storage.communities import calendar
from storage.db import Transaction
from tests.handlers.asking import buried
from tests.stage import Stage, a_stage

MEMBERS = ("小林", "阿哲", "班主任")
TEXTS = (
    "打卡",
    "打卡 读了三页",
    "#晨读 两页",
    "/checkin 晨读 x",
    "补卡 昨天 读了三页",
    "补卡 5-4 读",
    "请假",
    "请假 明天",
    "销假",
    "今天谁还没打卡？",
    "接龙\n1. 小林 三页\n2. 阿哲 五页",
    "补",
    "撤销",
    "打回 再来",
    "优秀",
    "补 昨天",
    "任务 打卡 凭证 图片",
    "任务 打卡 凭证 无",
    "任务 添加 晨读 06:00-10:00",
    "休息日 周末",
    "全班休息 昨天",
)
Step = tuple[str, str, str, int]

steps = st.lists(
    st.tuples(
        st.sampled_from(
            ("says", "says", "edits", "deletes", "replies", "sends a picture", "waits", "presses")
        ),
        st.sampled_from(MEMBERS),
        st.sampled_from(TEXTS),
        st.integers(1, 12),
    ),
    max_size=25,
)


async def play(stage: Stage, step: Step) -> None:
    act, who, text, number = step
    author = MEMBERS[number % 3]
    native = f"{who}{number}"
    match act:
        case "says":
            await stage.says(who, text, native=native)
        case "edits":
            await stage.says(who, text, native=native, edited=True)
        case "deletes":
            await stage.deletes(f"{author}{number}")
        case "replies":
            about: dict[str, Any] = {"reply_to": f"{author}{number}", "reply_sender": stage.sender(author)}
            await stage.says(who, text, native=f"r{who}{number}", **about)
        case "sends a picture":
            await stage.says(
                who, text if number % 2 else "", media=["photo"], album="a" if number > 9 else None
            )
        case "waits":
            await stage.until(stage.clock.now() + number * 3 * 3_600_000)
        case _:
            await stage.presses_data(
                who, f"{'checkin' if number % 2 else 'which'}:{number % 4}:{number % 3 + 1}"
            )


def kept_and_made_anew(tx: Transaction) -> list[tuple[object, object]]:
    people = [row["person"] for row in tx.all("SELECT DISTINCT person FROM account")]
    kept = {person: streaks.of_person(tx, 1, person) for person in people}
    return [(kept[person], streaks.history(tx, calendar(tx, 1), 1, person).state) for person in people]


def counted(tx: Transaction) -> set[tuple[int, int, str]]:
    rows = tx.all("SELECT account, task, day FROM checkin WHERE standing = 'counted'")
    return {(row["account"], row["task"], row["day"]) for row in rows}


@settings(max_examples=25)
@given(steps)
async def test_facts_rows_and_streaks_agree(some: list[Step]) -> None:
    told: Counter[tuple[int, int, str]] = Counter()
    emit = Context.emit

    def listen(ctx: Context, fact: Fact) -> None:
        if isinstance(fact, CheckedIn | CheckInWithdrawn):
            told[fact.account, fact.task, fact.day] += 1 if isinstance(fact, CheckedIn) else -1
        emit(ctx, fact)

    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(Context, "emit", listen)
        async with a_stage(Path(folder), now="2026-05-07 09:00") as stage:
            await stage.opens()
            await stage.joins("班主任", "admin")
            for step in some:
                await play(stage, step)
            await stage.until(stage.clock.now())
            assert await buried(stage) == []
            assert set(told.values()) <= {0, 1}
            assert await stage.engine.database.read(counted) == {key for key, times in told.items() if times}
            for kept, anew in await stage.engine.database.read(kept_and_made_anew):
                assert kept == anew
