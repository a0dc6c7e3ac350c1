"""Whatever happens on two platforms, in whatever order: one person has what one account would have."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rules import score
from rules.days import Day
from rules.together import Done, Pair, worth
from storage import scores, streaks
from storage.activity import SIGNALS
from storage.communities import calendar
from storage.db import Transaction
from tests.handlers.asking import buried
from tests.handlers.linked import HERE, THERE, a_class_on_both, join, part
from tests.stage import Stage, a_stage

HALF_LIFE = 14.0
TALK = (
    "今天读到第三章了",
    "这本书真好看呀",
    "明天一起读下一章吧",
    "打卡 读了三页",
    "打卡",
    "#晨读 两页",
    "补卡 昨天 读了",
)

Step = tuple[str, int, str, int]
steps = st.lists(
    st.tuples(
        st.sampled_from(("says", "says", "says", "replies", "reacts", "deletes", "waits", "joins", "parts")),
        st.integers(0, 1),
        st.sampled_from(TALK),
        st.integers(1, 12),
    ),
    max_size=30,
)


async def play(stages: tuple[Stage, Stage], step: Step, number: int) -> None:
    act, side, text, choice = step
    stage, room = stages[side], (HERE, THERE)[side]
    who = ("小林", "小林", "大林", "阿哲")[choice % 4]
    about = str(max(1, number - choice))
    more: dict[str, Any] = {"native": str(number), "room": room}
    if act == "says":
        await stage.says(who, text, **more)
    elif act == "replies":
        await stage.says(who, f"{text} {number}", reply_to=about, **more)
    elif act == "reacts":
        await stage.reacts(who, about, "👍", room=room)
    elif act == "deletes":
        await stage.deletes(about, room=room)
    elif act == "waits":
        await stage.until(stage.clock.now() + choice * 3 * 3_600_000)
    else:
        await regroup(stages[0], stage, who if act == "parts" else ("大林", "小林")[side], act)


async def regroup(first: Stage, stage: Stage, who: str, act: str) -> None:
    """Part an account from others, or join it with 小林 on the first platform, where that can be."""
    joined = await is_joined(stage, who)
    if act == "parts" and joined:
        await part(stage, who)
    elif act == "joins" and not joined:
        await first.until(first.clock.now() + 24 * 3_600_000)
        await join(first, stage, whom=who)


async def is_joined(stage: Stage, who: str) -> bool:
    values = {"platform": stage.platform.name, "who": who}
    rows = await stage.engine.database.read(
        lambda tx: tx.all(
            "SELECT 1 FROM link JOIN account ON account.id = link.account WHERE link.until IS NULL"
            " AND account.platform = :platform AND account.native = :who",
            values,
        )
    )
    return bool(rows)


def derived(tx: Transaction) -> dict[str, Any]:
    """What is kept of persons, after all is settled."""
    scores.settle(tx, 1, HALF_LIFE, 100_000)
    return {
        "tally": {
            (row["period"], row["person"]): row["points"]
            for row in tx.all("SELECT * FROM tally WHERE points <> 0")
        },
        "score": {row["person"]: round(row["value"], 9) for row in tx.all("SELECT * FROM score")},
        "streak": {
            row["person"]: streaks.of_person(tx, 1, row["person"])
            for row in tx.all("SELECT person FROM streak WHERE total > 0")
        },
    }


def from_scratch(tx: Transaction) -> dict[str, Any]:
    """The same from nothing but what accounts did, and whose they are."""
    tally: dict[tuple[str, int], float] = {}
    earned: dict[int, list[tuple[Day, float]]] = {}
    whose = {row["id"]: row["person"] for row in tx.all("SELECT id, person FROM account")}
    for person in set(whose.values()):
        accounts = [account for account, owner in whose.items() if owner == person]
        for (day, _), points in earned_by(tx, accounts).items():
            for period in scores.periods(day):
                tally[period, person] = tally.get((period, person), 0.0) + points
            earned.setdefault(person, []).append((day, points))
    values = {person: score.rebuild(rows, HALF_LIFE) for person, rows in earned.items()}
    days = calendar(tx, 1)
    made = {person: streaks.history(tx, days, 1, person).state for person in set(whose.values())}
    return {
        "tally": {key: points for key, points in tally.items() if points},
        "score": {person: round(value, 9) for person, value in values.items() if value != score.EMPTY},
        "streak": {person: state for person, state in made.items() if state.total},
    }


def earned_by(tx: Transaction, accounts: list[int]) -> dict[tuple[Day, int], float]:
    places: dict[tuple[Day, int], list[Done]] = {}
    for row in tx.all("SELECT * FROM activity"):
        if row["account"] in accounts:
            counts = tuple(row[name] for name in SIGNALS)
            done = Done(row["account"], counts, row["points"], row["points"])
            places.setdefault((row["day"], row["room"]), []).append(done)
    said: dict[tuple[Day, int], int] = {}
    for row in tx.all("SELECT account, day, task FROM checkin WHERE standing = 'counted'"):
        if row["account"] in accounts:
            said[row["day"], row["task"]] = said.get((row["day"], row["task"]), 0) + 1
    twice: dict[Day, int] = {}
    for (day, _), times in said.items():
        twice[day] = twice.get(day, 0) + times - 1
    pairs = [
        Pair(row["day"], row["account"], row["about"], row["replies"], row["reactions"])
        for row in tx.all("SELECT * FROM pair")
        if {row["account"], row["about"]} <= set(accounts)
    ]
    together = worth(places, twice, pairs)
    return {key: rows[0].points for key, rows in places.items()} | {
        key: one.points for key, one in together.items()
    }


@settings(max_examples=25)
@given(steps)
async def test_what_is_kept_of_persons_is_what_their_accounts_did(some: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with a_stage(Path(folder), now="2026-05-07 09:00") as stage:
            other = await a_class_on_both(stage)
            for number, step in enumerate(some, 1):
                await play((stage, other), step, number)
            assert await buried(stage) == []
            kept = await stage.engine.database.write(derived)
            assert kept == await stage.engine.database.write(from_scratch)


CHECKS = st.lists(
    st.tuples(
        st.sampled_from(("#打卡", "#打卡 一页", "#晨读 两页", "补卡 昨天 打卡 读了", "请假 明天", "waits")),
        st.integers(0, 1),
    ),
    max_size=14,
)


async def checked_in(folder: Path, some: list[tuple[str, int]], joined_at: int | None) -> dict[str, Any]:
    """What is derived after check-ins by two accounts that are joined at some point; None: all by one."""
    async with a_stage(folder, now="2026-05-07 09:00", config="[checkin]\nmakeups_a_month = 31\n") as stage:
        other = await a_class_on_both(stage)
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "任务 添加 晨读")
        await stage.joins("小林", room=HERE)
        await other.joins("小林", room=THERE)
        for number, (text, side) in enumerate([*some, ("#打卡", 0)]):
            if joined_at == min(number, len(some)):
                await join(stage, other)
            if text == "waits":
                await stage.until(stage.clock.now() + 13 * 3_600_000)
            elif side and joined_at is not None:
                await other.says("小林", text, room=THERE)
            else:
                await stage.says("小林", text, room=HERE)
        assert await buried(stage) == []
        return await stage.engine.database.write(derived)


@settings(max_examples=10)
@given(CHECKS, st.integers(0, 14))
async def test_two_accounts_have_what_one_would_have(some: list[tuple[str, int]], joined_at: int) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        alone = await checked_in(Path(one), some, None)
        joined = await checked_in(Path(two), some, min(joined_at, len(some)))
    assert joined == alone
