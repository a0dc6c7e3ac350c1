"""Communities: who runs which, what moves with a room; and that looking it up stays cheap."""

from pathlib import Path

from storage import communities, outbox, people, rooms
from storage.db import Transaction
from tests.stage import BOT, a_stage

RUN_BY = (
    "SELECT DISTINCT community.* FROM account"
    " JOIN membership ON membership.account = account.id AND membership.role IN ('owner', 'admin')"
    " JOIN room ON room.id = membership.room AND room.standing = 'active'"
    " JOIN community ON community.id = room.community WHERE account.person = 1"
)


async def test_a_person_runs_the_communities_of_the_rooms_they_run(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        for room in ("晨读班", "夜读班", "别人的班"):
            await stage.opens(room)
        await stage.joins("班主任", "admin", "晨读班")
        await stage.joins("班主任", "owner", "夜读班")
        await stage.joins("班主任", "member", "别人的班")

        def names(tx: Transaction) -> tuple[list[str], list[str]]:
            person = people.by_native(tx, "stage", "班主任")
            assert person is not None
            return (
                [one.name for one in communities.run_by(tx, person.person)],
                [one.name for one in communities.run_by(tx, None)],
            )

        theirs, every = await stage.engine.database.read(names)
        assert theirs == ["晨读班", "夜读班"]
        assert every == ["晨读班", "夜读班", "别人的班"]
        await stage.happens(stage.bot_changed("left", room="夜读班"))
        assert (await stage.engine.database.read(names))[0] == ["晨读班"]


async def test_only_a_rooms_own_settings_move_with_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens("晨读班")
        await stage.opens("夜读班")

        def move(tx: Transaction) -> tuple[dict[str, object], dict[str, object]]:
            room = rooms.by_native(tx, BOT, "夜读班")
            assert room is not None
            assert room.community is not None
            for number, value in ((0, 1), (room.id, 2)):
                communities.set_setting(tx, room.community, number, "talk.lines_a_day", value)
            communities.set_setting(tx, 1, room.id, "talk.minutes_apart", 5)
            communities.move_room_settings(tx, room.id, room.community, 1)
            return (
                communities.settings(tx, 1, room.id),
                communities.settings(tx, room.community, room.id),
            )

        joined, left = await stage.engine.database.write(move)
        assert joined == {"talk.lines_a_day": 2}
        assert left == {"talk.lines_a_day": 1}


async def test_looking_up_stays_cheap(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        plan = await stage.engine.database.read(lambda tx: tx.plan(RUN_BY))
        assert "SCAN account" not in plan
        assert "SCAN membership" not in plan
        health = (
            "SELECT count(*) FROM outbox WHERE state <> 'waiting' AND finished_at >= 0 AND state = 'failed'"
        )
        assert "outbox_finished" in await stage.engine.database.read(lambda tx: tx.plan(health))
        assert await stage.engine.database.read(lambda tx: outbox.health(tx, 0)) == (0, 0)
