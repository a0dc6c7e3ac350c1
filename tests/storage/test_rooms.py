"""Who is in a room, since when, and until when."""

from pathlib import Path

import pytest

from storage import rooms
from storage.db import Transaction
from tests.storage.rows import some_rows


@pytest.mark.parametrize(
    ("roles", "kept"),
    [
        (["member"], ("member", 1, None)),
        (["member", "admin"], ("admin", 1, None)),
        (["member", "left"], ("left", 1, 2)),
        (["left"], ("left", 1, 1)),
        (["member", "left", "left"], ("left", 1, 2)),
        (["member", "left", "member"], ("member", 3, None)),
        (["member", "left", "member", "left"], ("left", 3, 4)),
    ],
)
async def test_when_somebody_came_and_left(
    tmp_path: Path, roles: list[str], kept: tuple[str, int, int | None]
) -> None:
    def live(tx: Transaction) -> tuple[object, ...]:
        for now, role in enumerate(roles, 1):
            rooms.set_role(tx, 1, 1, role, now)
        row = tx.one("SELECT role, joined_at, left_at FROM membership")
        assert row is not None
        return tuple(row)

    async with some_rows(tmp_path) as rows:
        assert await rows.do(live) == kept
