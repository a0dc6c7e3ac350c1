"""The disk under the database."""

from pathlib import Path

import pytest

from storage.disk import measure


def test_the_room_on_it_and_what_the_database_takes(tmp_path: Path) -> None:
    path = tmp_path / "rows.sqlite3"
    assert (measure(path).database, measure(path).log) == (0, 0)
    path.write_bytes(b"x" * 5000)
    (tmp_path / "rows.sqlite3-wal").write_bytes(b"x" * 70)
    disk = measure(path)
    assert (disk.database, disk.log) == (5000, 70)
    assert 0 <= disk.free <= disk.total


def test_a_folder_that_is_not_there_cannot_be_measured(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        measure(tmp_path / "none" / "rows.sqlite3")
