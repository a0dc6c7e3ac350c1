"""A room that has another native id: Telegram's supergroups, which count their messages from one again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.core.actions import Say, action_of, written
from storage import outbox, renumbered, rooms

if TYPE_CHECKING:
    from bot.core.desk import Desk

MOVED = "moved"
"""Why an action is left out that was about a message of the time before."""


def move(desk: Desk, room: int, to: str) -> None:
    """The room has this native id from now on; no message of before is taken for one of after.

    What is known of the messages of before stays, under ids that no new message can have. What waits to be
    done to one of them is left out; what waits to be said is said, as an answer to none.
    """
    desk.flush()
    old = desk.room_by_id(room)
    if old.native == to:
        return
    renumbered.set_apart(desk.tx, room, f"{old.native}:")
    outbox.give_up_on_messages(desk.tx, old.bot, room, MOVED, desk.now)
    for row, kept in outbox.said_in(desk.tx, old.bot, room):
        said = action_of(kept)
        if isinstance(said, Say):
            outbox.rewrite(desk.tx, row, written(alone(said)))
    rooms.move(desk.tx, room, to)
    desk.memory.clear()


def alone(said: Say) -> Say:
    """What is said, or was in part, without the messages of before the move."""
    return msgspec.structs.replace(said, reply_to=None, vanish_after=0 if said.sent else said.vanish_after)
