"""Roles that were given, what the own ones may do, and who has left."""

from pathlib import Path

from storage import people, roles, rooms
from storage.db import Transaction
from storage.roles import Holder
from tests.stage import a_stage


async def test_roles_are_held_by_many_and_count_only_for_those_who_are_here(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        for who in ("小林", "阿哲", "小雨"):
            await stage.says(who, "早")

        def check(tx: Transaction) -> None:
            known = [people.by_native(tx, "stage", who) for who in ("小林", "阿哲", "小雨")]
            lin, zhe, yu = [one for one in known if one is not None]
            roles.give_to_all(tx, 1, [lin.person, zhe.person], "助教", 5, None)
            roles.give_to_all(tx, 1, [zhe.person, yu.person], "助教", 6, None)
            rooms.set_role(tx, 1, zhe.id, "left", 7)
            assert roles.holders(tx, 1) == [
                Holder(lin.person, "助教", is_here=True),
                Holder(zhe.person, "助教", is_here=False),
                Holder(yu.person, "助教", is_here=True),
            ]
            assert people.roles(tx, 1, lin.person) == {"助教"}
            assert people.roles(tx, 1, zhe.person) == set()
            assert people.staff(tx, 1) == [lin.person, yu.person]
            roles.take_from_all(tx, 1, "助教")
            assert roles.holders(tx, 1) == []

        await stage.engine.database.write(check)


async def test_the_rights_of_a_role_are_kept_changed_and_forgotten(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()

        def check(tx: Transaction) -> None:
            roles.set_kind(tx, 1, "助教", "mend")
            roles.set_kind(tx, 1, "助教", "mend tasks")
            roles.set_kind(tx, 1, "leader", "")
            assert roles.kinds(tx, 1) == {"leader": "", "助教": "mend tasks"}
            roles.set_kind(tx, 1, "助教", None)
            assert roles.kinds(tx, 1) == {"leader": ""}

        await stage.engine.database.write(check)


async def test_looking_for_roles_walks_along_indexes(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()

        def check(tx: Transaction) -> None:
            own = tx.plan(people.ROLES, {"community": 1, "person": 1})
            assert "SCAN" not in own, own
            called = tx.plan(people.CALLED, {"community": 1, "name": "x", "username": "x", "also_left": 0})
            assert "SCAN" not in called.replace("SCAN room USING INDEX", ""), called

        await stage.engine.database.read(check)
