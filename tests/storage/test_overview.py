"""The rooms of a community are looked over by few statements, whatever their history."""

from pathlib import Path

import pytest

from storage import communities, overview, rooms, setups
from storage.db import Database, Transaction
from storage.migrate import migrate
from storage.settings import OF_ROOMS

STUDIED = "SELECT 1 FROM checkin WHERE room = :room LIMIT 1"


@pytest.mark.parametrize(
    ("sql", "steps"),
    [
        (overview.HEARD, ("SEARCH room USING", "SEARCH room_heard USING PRIMARY KEY (room=?)")),
        (
            overview.CAME,
            (
                "SEARCH room USING INDEX room_community (community=?)",
                "SEARCH membership USING PRIMARY KEY (room=?)",
                "SEARCH account USING INTEGER PRIMARY KEY",
                "SEARCH streak USING PRIMARY KEY (community=? AND person=?)",
            ),
        ),
        (OF_ROOMS, ("SEARCH setting USING PRIMARY KEY (community=? AND room>?)",)),
        (STUDIED, ("SEARCH checkin USING COVERING INDEX checkin_message (room=?)",)),
    ],
)
async def test_plans(tmp_path: Path, sql: str, steps: tuple[str, ...]) -> None:
    database = await Database.open(tmp_path / "a.sqlite3")
    await migrate(database)
    values = {"community": 1, "monday": "2026-05-04", "since": "2026-05-01", "joined_since": 0, "room": 1}
    plan = await database.read(lambda tx: tx.plan(sql, values))
    for step in steps:
        assert step in plan, plan
    assert "SCAN" not in plan
    await database.close()


async def test_a_room_is_heard_and_never_earlier_than_before(tmp_path: Path) -> None:
    def look(tx: Transaction) -> dict[int, int]:
        community = communities.add(tx, "晨读会", "zh-Hans", "UTC", 240, 0)
        room = rooms.add(tx, "stage:1", "a", "group", "晨读班", 0)
        tx.run("UPDATE room SET community = :id", {"id": community.id})
        overview.note_heard(tx, {room.id: 5_000})
        overview.note_heard(tx, {room.id: 4_000})
        return overview.heard(tx, community.id)

    database = await Database.open(tmp_path / "a.sqlite3")
    await migrate(database)
    assert await database.write(look) == {1: 5_000}
    await database.close()


async def test_of_two_who_turn_a_page_at_once_one_does(tmp_path: Path) -> None:
    def turn(tx: Transaction) -> tuple[bool, bool, str]:
        room = rooms.add(tx, "stage:1", "a", "group", "晨读班", 0).id
        setups.keep(tx, room, page="start")
        first, second = (setups.turn(tx, room, "start", "language") for _ in range(2))
        return first, second, setups.of_room(tx, room).page

    database = await Database.open(tmp_path / "a.sqlite3")
    await migrate(database)
    assert await database.write(turn) == (True, False, "language")
    await database.close()
