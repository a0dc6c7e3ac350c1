"""Reads the tables that a stage was sent."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import openpyxl

from storage import communities

if TYPE_CHECKING:
    from bot.core.desk import Desk
    from tests.stage import Sent, Stage


async def a_class(stage: Stage, *others: str) -> None:
    """A room, its owner, who has a private chat with the bot, and others."""
    await stage.opens()
    await stage.joins("班主任", "admin")
    await stage.says("班主任", "/start", room=None)
    for name in others:
        await stage.joins(name)


Rows = dict[str, list[str]]


def sheets(sent: Sent) -> dict[str, list[list[str]]]:
    """The cells of each sheet of a file that was sent, as texts."""
    assert sent.file is not None, sent.text
    book = openpyxl.load_workbook(BytesIO(sent.file.content))
    return {
        name: [
            ["" if cell.value is None else str(cell.value) for cell in row] for row in book[name].iter_rows()
        ]
        for name in book.sheetnames
    }


def rows(sent: Sent, sheet: str = "") -> Rows:
    """The rows of a sheet (else the first), from the header on, by what stands first in each."""
    found = sheets(sent)
    return {row[0]: row[1:] for row in (found[sheet] if sheet else next(iter(found.values())))[3:] if row[0]}


async def marks(stage: Stage, who: str, asked: str = "/export", sheet: str = "") -> str:
    """The signs of somebody's days, · for a blank one."""
    await stage.says("班主任", asked, room=None)
    found = rows(stage.last, sheet)
    at = [index for index, heading in enumerate(found["名字"]) if "/" in heading]
    return "".join(found[who][index] or "·" for index in at)


async def community_of_all_rooms(stage: Stage) -> None:
    """Every room belongs to the first one's community."""
    await stage.engine.pipeline.work(
        lambda desk: desk.tx.run("UPDATE room SET community = 1 WHERE kind = 'group'")
    )
    stage.engine.pipeline.memory.clear()


async def make_staff_room(stage: Stage, room: int) -> None:
    def make(desk: Desk) -> None:
        communities.set_staff_room(desk.tx, 1, room)
        desk.memory.clear()

    await stage.engine.pipeline.work(make)
