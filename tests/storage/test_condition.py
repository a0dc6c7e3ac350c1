"""What waits, failed or could not be read: found without a look at all that was done before."""

from pathlib import Path

import pytest

from storage import communities, condition, inbox, jobs, outbox, rooms
from storage.condition import FAILED, LATE, LOST, OVERDUE, WATCHED, BotCondition, DeadLetters, Late
from storage.db import Transaction
from storage.outbox import Outcome, Queued
from tests.storage.rows import some_rows

VALUES = {"community": 1, "since": 0, "before": 9, "bot": "stage:1"}


def queue(tx: Transaction, room: int, not_before: int, bot: str = "stage:1") -> int:
    return outbox.put(
        tx,
        Queued(
            bot=bot,
            room=room,
            priority=0,
            action="{}",
            topic=None,
            created_at=0,
            not_before=not_before,
            not_after=10**9,
        ),
    )


@pytest.mark.parametrize(
    ("sql", "steps"),
    [
        (LATE, ["outbox USING INDEX outbox_"]),
        (FAILED, ["outbox USING INDEX outbox_failed (finished_at>?)"]),
        (LOST, ["room USING INDEX room_community", "right_lost USING PRIMARY KEY (room=?)"]),
        (WATCHED, ["observation USING PRIMARY KEY (bot=? AND since=?)"]),
        (OVERDUE, ["job USING COVERING INDEX job_due (due_at<?)"]),
    ],
)
async def test_plans(tmp_path: Path, sql: str, steps: list[str]) -> None:
    async with some_rows(tmp_path) as rows:
        plan = await rows.do(lambda tx: tx.plan(sql, VALUES))
        for step in steps:
            assert step in plan, plan
        assert "SCAN outbox\n" not in plan + "\n", plan


async def test_what_is_late_is_counted_by_chat_and_the_longest_comes_first(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:

        def happen(tx: Transaction) -> list[Late]:
            rooms.add(tx, "stage:1", "小林", "private", "小林", 0)
            queue(tx, 1, 50)
            queue(tx, 1, 70)
            queue(tx, 1, 100)
            queue(tx, 2, 40)
            sent = queue(tx, 1, 10)
            outbox.finish(tx, [Outcome(sent, "sent")], 20)
            return condition.late(tx, 100)

        assert await rows.do(happen) == [
            Late(2, None, False, "小林", 40, 1),
            Late(1, 1, True, "晨读班", 50, 2),
        ]


async def test_what_failed_of_late_is_counted_by_reason(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:

        def happen(tx: Transaction) -> dict[str, int]:
            others = communities.add(tx, "别人的班", "en", "Asia/Shanghai", 240, 0).id
            other = rooms.add(tx, "stage:1", "别人的班", "group", "别人的班", 0).id
            tx.run(
                "UPDATE room SET community = :others WHERE id = :other", {"others": others, "other": other}
            )
            private = rooms.add(tx, "stage:1", "小林", "private", "小林", 0).id
            failed = [
                (queue(tx, 1, 0), "kicked"),
                (queue(tx, 1, 0), "kicked"),
                (queue(tx, private, 0), "blocked"),
                (queue(tx, other, 0), "kicked"),
            ]
            outbox.finish(tx, [Outcome(row, "failed", outcome=why) for row, why in failed], 50)
            old = queue(tx, 1, 0)
            outbox.finish(tx, [Outcome(old, "failed", outcome="forbidden")], 49)
            return condition.failed(tx, 1, 50)

        assert await rows.do(happen) == {"kicked": 2, "blocked": 1}


async def test_dead_letters_tell_how_many_and_of_what_kind(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        assert await rows.do(condition.dead_letters) is None
        for at, (key, kind) in enumerate(
            [("m1", "event"), ("job:recap:1:0", "job"), ("action:7", "action")], start=1
        ):

            def bury(tx: Transaction, at: int = at, key: str = key) -> None:
                inbox.bury(tx, at=at, bot="stage:1", key=key, event="", trace="")

            await rows.do(bury)
            assert await rows.do(condition.dead_letters) == DeadLetters(at, at, kind)


async def test_what_a_platform_said_is_kept_and_nothing_forgotten_that_it_cannot_tell(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        assert await rows.do(lambda tx: condition.of_bot(tx, "b")) is None
        first = BotCondition("b", 1, reads_all=False, skew=7, contested_at=5)
        await rows.do(lambda tx: condition.keep(tx, first))
        assert await rows.do(lambda tx: condition.of_bot(tx, "b")) == first
        await rows.do(lambda tx: condition.keep(tx, BotCondition("b", 2, trouble="reach")))
        assert await rows.do(lambda tx: condition.of_bot(tx, "b")) == BotCondition(
            "b", 2, reads_all=False, contested_at=5, trouble="reach"
        )


async def test_the_last_watch_counts(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:

        def happen(tx: Transaction) -> list[int | None]:
            before = condition.watched_until(tx, "b")
            inbox.observe(tx, "b", 10)
            inbox.lose(tx, "b", 10, 90)
            inbox.observe(tx, "b", 95)
            return [before, condition.watched_until(tx, "b")]

        assert await rows.do(happen) == [None, 95]


async def test_work_that_is_late(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:

        def happen(tx: Transaction) -> list[str]:
            for name, community, due_at in (("b", 1, 5), ("a", 0, 4), ("c", 1, 10), ("d", 2, 1)):
                jobs.schedule(tx, name, community, due_at)
            return condition.overdue(tx, 1, 10)

        assert await rows.do(happen) == ["a", "b"]


async def test_lost_rights_are_kept_until_they_are_back(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:

        def happen(tx: Transaction) -> list[dict[int, list[str]]]:
            condition.note_lost(tx, 1, ["read", "speak"])
            condition.note_lost(tx, 1, ["read"])
            both = condition.lost(tx, 1)
            condition.note_regained(tx, 1, ["read", "pin"])
            return [both, condition.lost(tx, 1), condition.lost(tx, 2)]

        assert await rows.do(happen) == [{1: ["read", "speak"]}, {1: ["speak"]}, {}]


async def test_communities_come_in_slices(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        for _ in range(3):
            await rows.do(
                lambda tx: tx.run("INSERT INTO community (name, language, created_at) VALUES ('', 'en', 0)")
            )
        assert await rows.do(lambda tx: condition.communities_behind(tx, 0, 3)) == [1, 2, 3]
        assert await rows.do(lambda tx: condition.communities_behind(tx, 3, 3)) == [4]
        assert await rows.do(condition.schema) >= 17
