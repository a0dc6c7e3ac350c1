"""Files of the local room: shown with their message, and gone with it."""

from pathlib import Path

from storage import local_files, local_room
from storage.db import Transaction
from storage.local_files import File
from tests.storage.rows import some_rows


async def test_a_file_is_there_as_long_as_its_message(tmp_path: Path) -> None:
    def send(tx: Transaction) -> int:
        message = local_room.write(tx, chat="m1", member=0, text="本周", now=5)
        local_files.attach(tx, message, "表.xlsx", "application/x", b"PK", 5)
        return message

    async with some_rows(tmp_path) as table:
        message = await table.do(send)
        (shown,) = await table.do(lambda tx: local_room.messages(tx, "m1"))
        sheet = File(1, "表.xlsx", 2, "application/x")
        assert shown.file == sheet
        assert await table.do(lambda tx: local_files.of(tx, [1, 2])) == {1: sheet}
        assert await table.do(lambda tx: local_files.content(tx, 1)) == ("表.xlsx", "application/x", b"PK")
        await table.do(lambda tx: local_room.delete(tx, message, 6))
        assert await table.do(lambda tx: local_files.content(tx, 1)) is None


async def test_a_file_is_found_by_its_index(tmp_path: Path) -> None:
    async with some_rows(tmp_path) as table:
        plan = await table.do(lambda tx: tx.plan("SELECT 1 FROM local_message WHERE file = 3"))
        assert "SEARCH local_message USING COVERING INDEX local_message_file (file=?)" in plan
