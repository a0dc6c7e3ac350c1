"""Communities: who runs which; and that looking it up stays cheap."""

from pathlib import Path

from storage import communities, outbox, people
from storage.db import Transaction
from tests.stage import a_stage

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


async def test_looking_up_stays_cheap(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        plan = await stage.engine.database.read(lambda tx: tx.plan(RUN_BY))
        assert "SCAN account" not in plan
        assert "SCAN membership" not in plan
        due = outbox.DUE.replace(":now", "0")
        assert "outbox USING INDEX outbox_" in await stage.engine.database.read(lambda tx: tx.plan(due))
        assert await stage.engine.database.read(lambda tx: outbox.due(tx, 0)) == 0
