"""Suggestions stay quick to look up, however many were decided."""

from pathlib import Path

import msgspec
import pytest

from storage import suggestions
from storage.db import Transaction
from storage.suggestions import Suggested
from tests.stage import a_stage

ONE = Suggested(
    community=1, kind="unclear", subject="account:1", about="{}", data="{}", created_at=0, expires_at=9
)
HOW = {
    "community": 1,
    "kind": "unclear",
    "subject": "account:1",
    "kinds": '["unclear"]',
    "after": 0,
    "now": 5,
    "most": 6,
    "room": 1,
    "message": "7",
    "list": 1,
}


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (suggestions.LATEST, "suggestion_subject"),
        (suggestions.ABOUT_MESSAGE, "suggestion_about"),
        (suggestions.EXPIRED, "suggestion_open"),
        (suggestions.PAGE, "suggestion_open"),
        (suggestions.NOT_SHOWN, "suggestion_open"),
        (suggestions.NEXT, "suggestion_open"),
        (suggestions.OF_LIST, "suggestion_of_list"),
        (suggestions.LAST_LIST, "suggestion_list_at"),
    ],
)
async def test_what_was_decided_long_ago_costs_nothing(tmp_path: Path, query: str, index: str) -> None:
    def plan(tx: Transaction) -> str:
        for number in range(500):
            row = msgspec.structs.replace(ONE, subject=f"account:{number}", message=str(number))
            suggestions.settle(tx, suggestions.add(tx, row), "declined", None, 1)
        tx.run("ANALYZE")
        return tx.plan(query, HOW)

    async with a_stage(tmp_path) as stage:
        await stage.opens()
        said = await stage.engine.database.write(plan)
    assert f"USING INDEX {index}" in said or f"USING COVERING INDEX {index}" in said
    assert "SCAN" not in said.replace("SCAN json_each", "")


async def test_one_that_waits_is_settled_once(tmp_path: Path) -> None:
    def twice(tx: Transaction) -> list[bool]:
        number = suggestions.add(tx, ONE)
        return [
            suggestions.settle(tx, number, state, 1, 5) is not None
            for state in ("approved", "declined", "expired")
        ]

    async with a_stage(tmp_path) as stage:
        await stage.opens()
        assert await stage.engine.database.write(twice) == [True, False, False]


async def test_what_was_decided_is_forgotten_and_what_waits_is_not(tmp_path: Path) -> None:
    def work(tx: Transaction) -> tuple[int, int, int]:
        first, second = suggestions.add(tx, ONE), suggestions.add(tx, msgspec.structs.replace(ONE, kind="x"))
        for number in (first, second):
            row = suggestions.by_id(tx, 1, number)
            assert row is not None
            shown = suggestions.new_list(tx, 1, [row], 0)
            suggestions.keep_message(tx, shown, 1, str(number))
        suggestions.settle(tx, first, "approved", 1, 5)
        suggestions.forget_old(tx, 1, 10)
        return (
            tx.value("SELECT count(*) FROM suggestion"),
            tx.value("SELECT count(*) FROM suggestion_list"),
            tx.value("SELECT count(*) FROM suggestion_message"),
        )

    async with a_stage(tmp_path) as stage:
        await stage.opens()
        assert await stage.engine.database.write(work) == (1, 1, 1)
