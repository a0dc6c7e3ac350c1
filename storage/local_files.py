"""Files of the local room: those that the bot sent, and those that members did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from storage.statements import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.db import Transaction


class File(msgspec.Struct, frozen=True):
    """A file that a message holds; `size` in bytes."""

    id: int
    name: str
    size: int
    media_type: str = "text/plain"

    @property
    def is_voice(self) -> bool:
        """Whether it is to be listened to."""
        return self.media_type.startswith("audio/")


def attach(tx: Transaction, message: int, name: str, media_type: str, content: bytes, now: int) -> None:
    """Let a message hold a file."""
    file = tx.insert(
        "INSERT INTO local_file (name, media_type, content, created_at)"
        " VALUES (:name, :type, :content, :now) RETURNING id",
        {"name": name, "type": media_type, "content": content, "now": now},
    )
    tx.run("UPDATE local_message SET file = :file WHERE id = :message", {"file": file, "message": message})


def of(tx: Transaction, files: Iterable[int]) -> dict[int, File]:
    """These files, by their ids."""
    rows = tx.all(
        "SELECT id, name, length(content) AS size, media_type FROM local_file"
        " WHERE id IN (SELECT value FROM json_each(:files))",
        {"files": listed(files)},
    )
    return {row["id"]: File(row["id"], row["name"], row["size"], row["media_type"]) for row in rows}


def content(tx: Transaction, file: int) -> tuple[str, str, bytes] | None:
    """A file that is still shown somewhere: its name, media type and content."""
    row = tx.one(
        "SELECT name, media_type, content FROM local_file WHERE id = :file"
        " AND EXISTS (SELECT 1 FROM local_message WHERE local_message.file = local_file.id)",
        {"file": file},
    )
    return None if row is None else (row["name"], row["media_type"], row["content"])
