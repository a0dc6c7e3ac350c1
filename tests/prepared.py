"""A database at the newest schema, made once for all tests of a process: migrating takes longer than most."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bot.app import opened

_contents: list[bytes] = []


async def prepare(path: Path) -> Path:
    """Lay an empty database where there is none yet; the path."""
    if not _contents:
        with tempfile.TemporaryDirectory() as folder:
            empty = Path(folder) / "empty.sqlite3"
            async with opened(empty, durable=False):
                pass
            _contents.append(_read(empty))
    _lay(path, _contents[0])
    return path


def _read(path: Path) -> bytes:
    return path.read_bytes()


def _lay(path: Path, content: bytes) -> None:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o600)
