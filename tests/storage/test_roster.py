"""Lists of members, and other ids: read by keys, however long the history is."""

from pathlib import Path

from storage import checkins, people, rooms, roster
from storage.checkins import CheckIn
from storage.db import Transaction
from tests.storage.rows import checkin, some_rows


def known(tx: Transaction) -> dict[str, str]:
    return {member.native: member.name for member in roster.members(tx, 1)}


async def test_members_come_and_go_in_few_statements(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(lambda tx: roster.set_roles(tx, 1, {1: "member", 2: "admin"}, 5))
        assert set(await rows.do(known)) == {"小林", "阿哲"}
        await rows.do(lambda tx: roster.set_roles(tx, 1, {2: "left"}, 9))
        assert set(await rows.do(known)) == {"小林"}
        row = await rows.do(lambda tx: tx.one("SELECT * FROM membership WHERE account = 2"))
        assert row is not None
        assert (row["joined_at"], row["join_found"], row["left_at"], row["leave_found"]) == (5, 1, 9, 1)
        await rows.do(lambda tx: rooms.set_role(tx, 1, 2, "member", 12))
        row = await rows.do(lambda tx: tx.one("SELECT * FROM membership WHERE account = 2"))
        assert row is not None
        assert (row["joined_at"], row["join_found"], row["left_at"]) == (12, 0, None)


async def test_another_id_keeps_the_account_and_its_private_chat(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:

        def change(tx: Transaction) -> tuple[int | None, int | None]:
            private = rooms.add(tx, "stage:1", "小林", "private", "小林", 0)
            roster.rekey(tx, {1: "@小林"}, "stage:1")
            account = people.by_native(tx, "stage", "@小林")
            room = rooms.by_native(tx, "stage:1", "@小林")
            assert room is not None
            assert room.id == private.id
            return (None if account is None else account.id), room.id

        assert (await rows.do(change))[0] == 1


async def test_a_private_chat_that_is_there_stays(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:

        def change(tx: Transaction) -> None:
            rooms.add(tx, "stage:1", "小林", "private", "小林", 0)
            rooms.add(tx, "stage:1", "@小林", "private", "小林", 0)
            roster.rekey(tx, {1: "@小林"}, "stage:1")

        await rows.do(change)
        assert await rows.do(lambda tx: rooms.by_native(tx, "stage:1", "小林")) is not None


async def test_who_has_a_role_anywhere(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        await rows.do(lambda tx: people.give_role(tx, 1, 2, "leader", 0, None))
        assert await rows.do(lambda tx: roster.held(tx, [1, 2])) == {2: {1}}
        assert await rows.do(lambda tx: roster.roles_of(tx, 2)) == {"leader"}


async def test_what_was_said_in_a_room_is_found(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:

        def keep(tx: Transaction) -> list[CheckIn]:
            checkins.keep(tx, checkin("2026-05-04", native="7"))
            return roster.said_in(tx, 1, 1)

        assert await rows.do(keep) == [checkin("2026-05-04", native="7")]


async def test_what_grows_is_read_by_indexes(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:

        def plans(tx: Transaction) -> list[str]:
            return [
                tx.plan(roster.MEMBERS, {"room": 1}),
                tx.plan(roster.BEGUN_SINCE, {"platform": "stage", "natives": "[]", "since": 0}),
                tx.plan(roster.SAID_IN, {"room": 1}),
            ]

        members, begun, said = await rows.do(plans)
        assert "SEARCH membership USING PRIMARY KEY (room=?)" in members
        assert "SEARCH account USING INTEGER PRIMARY KEY" in members
        assert "account_native (platform=? AND native=?)" in begun
        assert "checkin_message (room=?)" in said
