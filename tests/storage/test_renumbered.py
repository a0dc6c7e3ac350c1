"""Messages of before and after a room counts them anew are never taken for each other."""

from pathlib import Path

import pytest

from storage import messages, renumbered
from storage.messages import MessageRow
from tests.storage.rows import some_rows


@pytest.mark.parametrize(("room", "found"), [(1, ["-5:7"]), (2, ["7"])])
async def test_the_messages_of_that_room_alone_are_set_apart(
    tmp_path: Path, room: int, found: list[str]
) -> None:
    async with some_rows(tmp_path) as rows:
        kept = [MessageRow(1, "7", 1, 10), MessageRow(2, "7", 2, 20)]
        await rows.do(lambda tx: messages.save_messages(tx, kept))
        await rows.do(lambda tx: renumbered.set_apart(tx, 1, "-5:"))
        known = await rows.do(lambda tx: messages.messages(tx, room, ["7", "-5:7"]))
        assert [row.native for row in known] == found


async def test_a_check_in_by_button_still_has_no_message(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as rows:
        repeat = (
            "INSERT INTO repeat (community, account, day, task, room, native, note, at)"
            " VALUES (1, 1, '2026-05-04', 1, 1, :native, '', 0)"
        )
        await rows.do(lambda tx: tx.many(repeat, [{"native": ""}, {"native": "7"}]))
        await rows.do(lambda tx: renumbered.set_apart(tx, 1, "-5:"))
        found = await rows.do(lambda tx: tx.all("SELECT native FROM repeat ORDER BY native"))
        assert [row["native"] for row in found] == ["", "-5:7"]
