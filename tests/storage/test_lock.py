"""One program at a time works with a database."""

import subprocess
import sys
from pathlib import Path

import pytest

from storage import lock

HOUSE = Path(__file__).parent.parent.parent
OTHER = """
import sys
from pathlib import Path
from storage import lock
path = Path(sys.argv[1])
held = lock.take(path) if sys.argv[2] == "take" else lock.is_held(path)
print(bool(held), flush=True)
sys.stdin.readline()
"""


def other(path: Path, what: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", OTHER, str(path), what]
    return subprocess.Popen(
        command, cwd=HOUSE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": "."}
    )


def said(path: Path, what: str) -> str:
    with other(path, what) as program:
        assert program.stdout is not None
        return program.stdout.readline().strip()


def test_it_is_held_until_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "new" / "rows.sqlite3"
    assert said(path, "look") == "False"
    assert not path.parent.exists(), "a look makes nothing"
    held = lock.take(path)
    assert held is not None
    assert [said(path, "take"), said(path, "look")] == ["False", "True"]
    held.close()
    assert [said(path, "look"), said(path, "take")] == ["False", "True"]


def test_it_ends_with_the_program(tmp_path: Path) -> None:
    path = tmp_path / "rows.sqlite3"
    with other(path, "take") as program:
        assert program.stdout is not None
        assert program.stdout.readline().strip() == "True"
        assert lock.is_held(path)
        assert lock.take(path) is None
        program.kill()
    assert not lock.is_held(path)


def test_a_folder_that_is_none_cannot_be_locked(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert not lock.is_held(tmp_path / "data" / "rows.sqlite3")
    with pytest.raises(OSError, match="exists"):
        lock.take(tmp_path / "data" / "rows.sqlite3")
