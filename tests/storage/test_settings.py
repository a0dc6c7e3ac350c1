"""What was set where: exact, and fast behind ten thousand settings and changes."""

import re
from pathlib import Path

import msgspec

from storage import audits, rooms, settings
from storage.audits import Change
from storage.db import Transaction
from storage.settings import LAST_SET, OF_ROOM, ROOMS_WITH, TEMPLATE
from tests.stage import BOT, a_stage

MANY = 10_000
A_CHANGE = Change(
    community=1, at=5, person=1, act="setting", subject="a.b", before="", after="", room=0, why="", undo=""
)


def fill(tx: Transaction) -> None:
    """Ten thousand settings in a hundred places, and a change of each."""
    rows = [(1, number % 100, f"part.key{number // 100}") for number in range(MANY)]
    tx.put("INSERT INTO setting (community, room, name, value) VALUES (:c, :r, :n, '1')", rows)
    tx.put(
        "INSERT INTO audit (community, at, person, act, subject, before, after, room)"
        " VALUES (:community, :at, 1, 'setting', :name, '', '1', :room)",
        [(1, number, name, room) for number, (_, room, name) in enumerate(rows)],
    )


async def test_who_set_a_place_last_is_found_in_that_place_alone(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()

        def look(tx: Transaction) -> list[tuple[int | None, int] | None]:
            for room, at, person in ((0, 1, 7), (1, 2, None), (0, 3, 8)):
                audits.note(tx, msgspec.structs.replace(A_CHANGE, room=room, at=at, person=person))
            found = [settings.last_set(tx, 1, room, "a.b") for room in (0, 1, 2)]
            return [None if one is None else (one.person, one.at) for one in found]

        assert await stage.engine.database.write(look) == [(8, 3), (None, 2), None]


async def test_the_template_is_what_was_kept_last(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()

        def keep(tx: Transaction) -> list[dict[str, object]]:
            settings.set_template(tx, 1, {"a.b": "21:00", "c.d": ["x"]})
            first = settings.template(tx, 1)
            settings.set_template(tx, 1, {"a.b": True})
            second = settings.template(tx, 1)
            settings.set_template(tx, 1, {})
            return [first, second, settings.template(tx, 1)]

        assert await stage.engine.database.write(keep) == [
            {"a.b": "21:00", "c.d": ["x"]},
            {"a.b": True},
            {},
        ]


async def test_a_place_and_the_rooms_with_their_own_are_told_apart(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()

        def keep(tx: Transaction) -> tuple[dict[str, object], dict[str, object], list[int]]:
            settings.set_value(tx, 1, 0, "a.b", 1)
            settings.set_value(tx, 1, 1, "a.b", 2)
            settings.set_value(tx, 1, 77, "a.b", 3)
            return settings.of_room(tx, 1, 0), settings.of_room(tx, 1, 1), settings.rooms_with(tx, 1, "a.b")

        assert await stage.engine.database.write(keep) == ({"a.b": 1}, {"a.b": 2}, [1])


async def test_ten_thousand_settings_and_changes_stay_fast(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.engine.database.write(fill)
        values = {"community": 1, "room": 5, "name": "part.key7"}

        def plans(tx: Transaction) -> list[str]:
            tx.run("ANALYZE")
            return [tx.plan(sql, values) for sql in (OF_ROOM, ROOMS_WITH, LAST_SET, TEMPLATE)]

        of_room, rooms_with, last_set, template = await stage.engine.database.write(plans)
        for plan in (of_room, rooms_with, last_set, template):
            assert not re.search("SCAN (setting|audit|room_template)", plan)
            assert "TEMP B-TREE" not in plan
        assert "community=? AND room=?" in of_room
        assert "setting_name (community=? AND name=?" in rooms_with
        assert "(community=? AND act=? AND subject=? AND room=?" in last_set


async def test_only_a_rooms_own_settings_move_with_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens("晨读班")
        await stage.opens("夜读班")

        def move(tx: Transaction) -> tuple[dict[str, object], ...]:
            room = rooms.by_native(tx, BOT, "夜读班")
            assert room is not None
            assert room.community is not None
            for number, value in ((0, 1), (room.id, 2)):
                settings.set_value(tx, room.community, number, "talk.lines_a_day", value)
            settings.set_value(tx, 1, room.id, "talk.minutes_apart", 5)
            settings.move_room(tx, room.id, room.community, 1)
            return (
                settings.of_room(tx, 1, room.id),
                settings.of_room(tx, room.community, room.id),
                settings.of_room(tx, room.community, 0),
            )

        joined, left, everywhere = await stage.engine.database.write(move)
        assert (joined, left) == ({"talk.lines_a_day": 2}, {})
        assert everywhere == {"talk.lines_a_day": 1}
