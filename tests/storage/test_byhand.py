"""Lists that were passed on, and the names in them: written, found by their indexes, forgotten."""

from __future__ import annotations

from pathlib import Path

import msgspec

from rules.days import Day
from storage import byhand, people, rooms
from storage.byhand import LATEST, Line, Roll
from storage.db import Transaction
from tests.storage.rows import some_rows

A_LINE = Line(1, "小林 早", "counted", "小林", note="早", account=1)


def a_roll(tx: Transaction) -> Roll:
    return byhand.add(
        tx, Roll(community=1, sent_in=1, account=1, at=1000, state="asks", text="1. 小林", lines=(A_LINE,))
    )


async def test_a_list_is_kept_as_it_is(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as table:
        roll = await table.do(a_roll)
        assert await table.do(lambda tx: byhand.by_id(tx, 1, roll.id)) == roll
        assert await table.do(lambda tx: byhand.by_id(tx, 2, roll.id)) is None
        done = msgspec.structs.replace(roll, state="done", kind="day", room=1, day=Day("2026-05-04"), text="")
        await table.do(lambda tx: byhand.save(tx, done))
        assert await table.do(lambda tx: byhand.latest(tx, 1, 1, 1000)) == done
        assert await table.do(lambda tx: byhand.latest(tx, 1, 1, 1001)) is None
        assert await table.do(lambda tx: byhand.forget(tx, 1001)) == 1


async def test_the_latest_is_found_by_its_index(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as table:
        values = {"community": 1, "sent_in": 1, "since": 0}
        plan = await table.do(lambda tx: tx.plan(LATEST, values))
        assert "USING INDEX roll_sent_in (sent_in=?)" in plan


async def test_names_stand_for_accounts_until_they_do_not(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as table:
        await table.do(lambda tx: byhand.name_them(tx, 1, {"小林": 1, "林林": 1}))
        assert await table.do(lambda tx: byhand.names(tx, 1)) == {"小林": 1, "林林": 1}
        await table.do(lambda tx: byhand.unname(tx, 1, 1))
        assert await table.do(lambda tx: byhand.names(tx, 1)) == {}


async def test_who_is_here_comes_and_goes(tmp_path: Path) -> None:
    def comes(tx: Transaction) -> int:
        account = people.add(
            tx, platform="byhand", native="1:周周", name="周周", username=None, is_bot=False, now=5
        )
        byhand.set_here(tx, 1, [account.id], 5)
        return account.id

    async with some_rows(tmp_path) as table:
        account = await table.do(comes)
        assert account in await table.do(lambda tx: byhand.here(tx, 1))
        await table.do(lambda tx: rooms.set_role(tx, 1, account, "left", 6))
        assert account not in await table.do(lambda tx: byhand.here(tx, 1))
        await table.do(lambda tx: byhand.set_here(tx, 1, [account], 7))
        assert account in await table.do(lambda tx: byhand.here(tx, 1))
        assert list(await table.do(lambda tx: people.persons_of(tx, [account, 999]))) == [account]
