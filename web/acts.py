"""The acts of the local room's page: what each needs, and what it does and changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from rules.names import shown
from storage import local_acts, local_room
from storage.local_acts import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.db import Transaction

LONGEST_TEXT = 4_096
EMOJIS = ("👍", "❤️", "👏", "🎉", "🔥", "😂", "💪", "🙏")

Changes = list[tuple[str, int]]
"""What pages are told: what changed, and its id."""

PEOPLE = ("people", 0)

Id = Annotated[int, msgspec.Meta(ge=1, lt=2**53)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
Title = Annotated[str, msgspec.Meta(min_length=1, max_length=48)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_TEXT)]


class Press(msgspec.Struct, forbid_unknown_fields=True):
    """A member presses a button."""

    member: Id
    message: Id
    data: Annotated[str, msgspec.Meta(max_length=64)]


class React(msgspec.Struct, forbid_unknown_fields=True):
    """A member puts or takes a reaction."""

    member: Id
    message: Id
    emoji: str


class Edit(msgspec.Struct, forbid_unknown_fields=True):
    """A member writes their message anew."""

    member: Id
    message: Id
    text: Text


class Withdraw(msgspec.Struct, forbid_unknown_fields=True):
    """A member takes their message back."""

    member: Id
    message: Id


class Seat(msgspec.Struct, forbid_unknown_fields=True):
    """A member comes into a room or goes out of it."""

    member: Id
    room: Id


class NewMember(msgspec.Struct, forbid_unknown_fields=True):
    """Somebody new, in a room at once."""

    name: Name
    room: Id


class NewRoom(msgspec.Struct, forbid_unknown_fields=True):
    """A new room, with the one who opened it in it."""

    title: Title
    tier: Annotated[int, msgspec.Meta(ge=1, le=9)]
    member: Id


class Shown(msgspec.Struct, forbid_unknown_fields=True):
    """A button's answer was read."""

    press: Id


def _press(tx: Transaction, form: Press, now: int) -> Changes:
    local_acts.press(tx, message=form.message, member=form.member, data=form.data, now=now)
    return []


def _react(tx: Transaction, form: React, now: int) -> Changes:
    if form.emoji not in EMOJIS:
        raise NotAllowed("gone")
    local_acts.react(tx, message=form.message, member=form.member, emoji=form.emoji, now=now)
    return [("message", form.message)]


def _edit(tx: Transaction, form: Edit, now: int) -> Changes:
    local_acts.edit(tx, message=form.message, member=form.member, text=form.text, now=now)
    return [("message", form.message)]


def _withdraw(tx: Transaction, form: Withdraw, now: int) -> Changes:
    local_acts.withdraw(tx, message=form.message, member=form.member, now=now)
    return [("message", form.message)]


def _join(tx: Transaction, form: Seat, now: int) -> Changes:
    return [PEOPLE, *_line(local_acts.join(tx, form.room, form.member, now))]


def _leave(tx: Transaction, form: Seat, now: int) -> Changes:
    return [PEOPLE, *_line(local_acts.leave(tx, form.room, form.member, now))]


def _line(message: int | None) -> Changes:
    return [] if message is None else [("message", message)]


def _add_member(tx: Transaction, form: NewMember, now: int) -> Changes:
    member = local_acts.add_member(tx, shown(form.name), "member", now)
    return [PEOPLE, *_line(local_acts.join(tx, form.room, member, now))]


def _add_room(tx: Transaction, form: NewRoom, now: int) -> Changes:
    room = local_acts.add_room(tx, shown(form.title), form.tier, now)
    local_acts.join(tx, room, form.member, now, silently=True)
    return [PEOPLE]


def _shown(tx: Transaction, form: Shown, _now: int) -> Changes:
    local_room.shown(tx, form.press)
    return []


ACTS: dict[str, tuple[type[Any], Callable[[Transaction, Any, int], Changes]]] = {
    "press": (Press, _press),
    "react": (React, _react),
    "edit": (Edit, _edit),
    "withdraw": (Withdraw, _withdraw),
    "join": (Seat, _join),
    "leave": (Seat, _leave),
    "add_member": (NewMember, _add_member),
    "add_room": (NewRoom, _add_room),
    "shown": (Shown, _shown),
}
"""Each act by its name: the form it comes in, and what it does (in a transaction, at an instant)."""
