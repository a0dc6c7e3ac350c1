"""Numbers in place of buttons, where a platform has none: given with a menu, answered by a message.

Numbers are given when a menu is queued and are part of its action, so that it shows the same ones however
often it is tried. Those of one chat never mean two things at once: the next menu goes on counting, in private
as in a group, for there, too, two menus may come one after the other, and "1" would mean the wrong one. With
none open it counts from 1 again. A number counts once its menu was sent, until that is over, or changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from bot.core.actions import Edit, Say
from bot.core.events import ButtonPressed
from bot.core.port import Can
from bot.core.priority import NOTICE
from rules.choosing import LARGEST, LONGEST, asked_aloud, chosen, free_numbers
from rules.durations import DAY, HOUR, MINUTE
from storage import choices as rows
from storage.choices import Choice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.actions import AnyAction, Button
    from bot.core.desk import Desk
    from bot.core.events import Message
    from storage.outbox import Queued
    from storage.rooms import Room

Menu = TypeVar("Menu", Say, Edit)

AMONG_MEMBERS = HOUR
"""How long (milliseconds) the numbers of an answer count in a group, where somebody may just be counting."""

UNASKED = 12 * HOUR
"""The same for what was said to all unasked: those who read it in the evening may answer, too."""

APART = DAY
"""The same in private and in the staff room."""

ALOUD = 30 * MINUTE
"""So long (milliseconds) after somebody asked all to say a number ("听懂的扣1") it is talk, and no press."""

JUST_SENT = 5 * MINUTE
"""Unless the menu was sent so short a time (milliseconds) before: then it is what they are asked about."""

OPEN = "choices"


def has_buttons(desk: Desk, room: Room) -> bool:
    """Whether the platform of a room has buttons, or nobody is spoken to there."""
    bot = desk.house.bots.get(room.bot)
    return bot is None or Can.BUTTONS in bot.can


def numbered(desk: Desk, room: Room, action: AnyAction) -> AnyAction:
    """The action with a number for each button that carries data, where the platform has no buttons."""
    if not isinstance(action, Say | Edit) or not action.buttons or has_buttons(desk, room):
        return action
    count = sum(bool(button.data) for row in action.buttons for button in row)
    if not count:
        return action
    numbers = iter(_room_for(desk, room, min(count, LARGEST)))
    menu = tuple(tuple(_with_number(button, numbers) for button in row) for row in action.buttons)
    return msgspec.structs.replace(action, buttons=menu)


def _with_number(button: Button, numbers: Iterator[int]) -> Button:
    return msgspec.structs.replace(button, number=next(numbers, 0) if button.data else 0)


def _room_for(desk: Desk, room: Room, count: int) -> range:
    """Numbers for a new menu; where too many are open, the oldest menus make room."""
    while True:
        taken = rows.taken(desk.tx, room.id, desk.now)
        block = free_numbers(taken, count)
        if block is not None:
            return block
        rows.close_action(desk.tx, min(taken.values()))


def keep(desk: Desk, room: Room, action: AnyAction, queued: Queued, row: int, message: str | None) -> None:
    """Keep what the numbers of a queued action mean; `message`: the one that it takes the place of."""
    if not isinstance(action, Say | Edit) or not action.buttons or has_buttons(desk, room):
        return
    menu = [button for line in action.buttons for button in line if button.number]
    if not menu:
        return
    lasts = _lasts(desk, room, asked=queued.priority < NOTICE)
    at_once = isinstance(action, Edit)
    rows.keep(
        desk.tx,
        [
            Choice(
                room=room.id,
                number=button.number,
                data=button.data,
                action=row,
                message=message,
                shown=at_once,
                lasts=lasts,
                expires_at=queued.not_after + lasts * at_once,
            )
            for button in menu
        ],
    )
    desk.memory.things[OPEN, room.id] = True
    desk.memory.changed = True


def _lasts(desk: Desk, room: Room, *, asked: bool) -> int:
    """How long (milliseconds) numbers count once they were sent."""
    if not room.is_group or desk.is_staff_room(room):
        return APART
    return AMONG_MEMBERS if asked else UNASKED


def close(desk: Desk, room: Room, message: str, still: Menu | None = None) -> None:
    """The numbers of a message mean nothing any more, but those of the buttons that it `still` has."""
    if not has_buttons(desk, room) and _any_open(desk, room):
        buttons = () if still is None else still.buttons
        rows.close(desk.tx, room.id, message, [button.data for row in buttons for button in row])


def settle(desk: Desk, room: Room, row: int, native: str | None) -> None:
    """An outbox row was sent as this message, or never will be (None)."""
    if has_buttons(desk, room) or not _any_open(desk, room):
        return
    if native is None:
        rows.close_action(desk.tx, row)
    else:
        rows.show(desk.tx, row, native, desk.now)


def pressed(desk: Desk, room: Room, event: Message) -> ButtonPressed | None:
    """The press that a message is: a bare number that is open in this chat. Plain chatter costs a glance."""
    if has_buttons(desk, room) or not _any_open(desk, room):
        return None
    _hear_aloud(desk, room, event)
    number = chosen(event.own_text) if may_choose(desk, room, event) else None
    choice = None if number is None else rows.shown(desk.tx, room.id, number, desk.now)
    if choice is None or choice.message is None or event.sender is None:
        return None
    if event.at < choice.aloud_until and not event.reply_to_bot:
        return None
    return ButtonPressed(
        bot=event.bot,
        key=event.key,
        at=event.at,
        place=event.place,
        sender=event.sender,
        message=choice.message,
        data=choice.data,
        press=event.native,
    )


def _hear_aloud(desk: Desk, room: Room, event: Message) -> None:
    """Somebody may ask all to say a number, or one of several, who do not mean an older menu with it."""
    if not room.is_group or event.forwarded:
        return
    for number in sorted(asked_aloud(event.own_text)):
        rows.count_aloud(desk.tx, room.id, number, event.at - JUST_SENT, event.at + ALOUD)


def may_choose(desk: Desk, room: Room, event: Message) -> bool:
    """Whether a message could be an answer to a menu: new, short, the sender's own, not to a member."""
    return (
        len(event.own_text) <= LONGEST
        and not has_buttons(desk, room)
        and not (event.edited or event.forwarded or event.media)
        and (event.reply_to_bot or (event.reply_to is None and event.reply_sender is None))
    )


def is_late(desk: Desk, room: Room, event: Message) -> bool:
    """Whether a message chooses what no menu offers, or not any more, while no other is on its way."""
    chooses = may_choose(desk, room, event) and chosen(event.own_text) is not None
    return chooses and not rows.any_to_come(desk.tx, room.id)


def are_open(desk: Desk, room: Room) -> bool:
    """Whether there are numbers to choose from in a chat at this moment."""
    return bool(rows.taken(desk.tx, room.id, desk.now))


def _any_open(desk: Desk, room: Room) -> bool:
    """Whether there may be open numbers in a chat; that there are none is remembered."""
    return desk.remember((OPEN, room.id), lambda: rows.any_in(desk.tx, room.id))
