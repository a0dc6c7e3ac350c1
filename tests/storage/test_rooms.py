"""Who is in a room, since when, and until when."""

from pathlib import Path

import msgspec
import pytest

from storage import communities, rooms
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


def more_rooms(tx: Transaction) -> None:
    """Rooms 1 and 2 are members' rooms of community 1; 3 is of another, 4 was left, 5 is for its staff."""
    other = communities.add(tx, "夜读班", "zh-Hans", "Asia/Shanghai", 240, 0)
    for number in (2, 3, 4, 5):
        room = rooms.add(tx, "stage:1", f"room {number}", "group", f"晨读 {number} 班", 0)
        community, standing = other.id if number == 3 else 1, "left" if number == 4 else "active"
        rooms.save(tx, msgspec.structs.replace(room, community=community, standing=standing))
    communities.set_staff_room(tx, 1, 5)


async def test_only_a_members_room_of_the_community_is_one_of_it(tmp_path: Path) -> None:
    def of_it(tx: Transaction) -> list[int]:
        more_rooms(tx)
        found = [rooms.one_of_community(tx, 1, number) for number in range(7)]
        return [room.id for room in found if room is not None]

    async with some_rows(tmp_path) as rows:
        assert await rows.do(of_it) == [1, 2]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("晨读班", [1]),
        ("晨读", [1, 2]),
        ("晨读 2", [2]),
        ("＃２", [2]),
        ("#1", [1]),
        ("#3", []),
        ("晨读 3 班", []),
        ("晨读 4 班", []),
        ("晨读 5 班", []),
        ("#", []),
        ("#01", []),
        ("", []),
        (" ", []),
        ("班", []),
    ],
)
async def test_a_room_is_called_by_number_title_or_beginning(
    tmp_path: Path, said: str, meant: list[int]
) -> None:
    def called(tx: Transaction) -> list[int]:
        more_rooms(tx)
        return [room.id for room in rooms.called(tx, 1, said)]

    async with some_rows(tmp_path) as rows:
        assert await rows.do(called) == meant


async def test_a_whole_title_goes_before_longer_ones_and_a_number_before_titles(tmp_path: Path) -> None:
    def called(tx: Transaction) -> list[list[int]]:
        more_rooms(tx)
        for number, title in ((1, "晨读"), (2, "#1")):
            rooms.save(tx, msgspec.structs.replace(rooms.by_id(tx, number), title=title))
        return [[room.id for room in rooms.called(tx, 1, said)] for said in ("晨读", "#1")]

    async with some_rows(tmp_path) as rows:
        assert await rows.do(called) == [[1], [1]]


async def test_a_community_is_alone_while_no_other_has_a_room(tmp_path: Path) -> None:
    def look(tx: Transaction) -> tuple[bool, bool, bool]:
        before = rooms.is_alone(tx, 1)
        more_rooms(tx)
        among_others = rooms.is_alone(tx, 1)
        tx.run("UPDATE room SET standing = 'left' WHERE community <> 1")
        return before, among_others, rooms.is_alone(tx, 1)

    async with some_rows(tmp_path) as rows:
        assert await rows.do(look) == (True, False, True)
