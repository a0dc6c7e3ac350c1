"""What became of actions: kept, and followed by what it means, for many in one transaction."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING

import msgspec

from bot.core import choices
from bot.core.actions import Delete, Fetch, React, Say, written
from bot.core.binding import parted
from bot.core.context import Context
from rules.facts import Delivered, Undelivered
from storage import inbox, outbox
from storage.failures import StorageFails

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.core.actions import AnyAction
    from bot.core.desk import Desk
    from rules.facts import Fact
    from storage.outbox import Outcome
    from storage.rooms import Room

log = logging.getLogger("banzhang.outbox")

GONE = frozenset({"kicked", "not_found"})
NO_REACTIONS = "reaction_invalid"
"""Reasons of Undeliverable that more follows from."""

TOO_LATE = "too_late"
"""Why something was never done: it makes no more sense."""


class Settled(msgspec.Struct, frozen=True):
    """What became of an action, with what its consequences need.

    `place`: the room's native id where it was carried out; empty when it was not.
    """

    outcome: Outcome
    room: int
    action: AnyAction | None
    place: str = ""


def settle(desk: Desk, many: Sequence[Settled]) -> None:
    """Keep what became of actions, and do what follows from it."""
    many = [_of_now(desk, one) for one in many]
    outbox.finish(desk.tx, [_kept(one) for one in many], desk.now)
    for one in many:
        try:
            desk.part(_follow, desk, one)
        except StorageFails:
            raise
        except Exception:
            log.exception("what follows from action %d failed; it is kept as a dead letter", one.outcome.id)
            _bury(desk, one, traceback.format_exc())


def _of_now(desk: Desk, one: Settled) -> Settled:
    """Without the messages that were said, when the room moved meanwhile: others have their ids there now."""
    if not isinstance(one.action, Say) or one.place in {"", desk.room_by_id(one.room).native}:
        return one
    outcome = msgspec.structs.replace(one.outcome, native=None)
    said = msgspec.structs.replace(one.action, vanish_after=0)
    return msgspec.structs.replace(one, outcome=outcome, action=said)


def _kept(one: Settled) -> Outcome:
    """The outcome as its row keeps it: what is in somebody's file is told to who asked, and kept nowhere."""
    return msgspec.structs.replace(one.outcome, native=None) if isinstance(one.action, Fetch) else one.outcome


def _follow(desk: Desk, one: Settled) -> None:
    room, action, outcome = desk.room_by_id(one.room), one.action, one.outcome
    choices.settle(desk, room, outcome.id, outcome.native if outcome.state == "sent" else None)
    if outcome.state == "failed":
        _failed(desk, room, action, outcome.outcome or "")
    elif outcome.state == "sent" and action is not None:
        _delivered(desk, room, action, outcome.native)
    elif outcome.state == "expired" and action is not None:
        _tell(desk, room, action, Undelivered, reason=TOO_LATE)


def _failed(desk: Desk, room: Room, action: AnyAction | None, reason: str) -> None:
    if action is not None:
        _tell(desk, room, action, Undelivered, reason=reason)
    if isinstance(action, Say):
        _let_vanish(desk, room, action, action.sent)
    _give_up(desk, room, reason)
    said = action.said() if isinstance(action, React) else None
    if reason == NO_REACTIONS and said is not None:
        Context(desk, at=desk.now, room=room).put(room, said)


def _bury(desk: Desk, one: Settled, trace: str) -> None:
    """Keep what failed by a bug; the action itself stays sent, or it would be sent again and again."""
    room = desk.room_by_id(one.room)
    event = "" if one.action is None else written(one.action)
    key = f"action:{one.outcome.id}"
    inbox.bury(desk.tx, at=desk.now, bot=room.bot, key=key, event=event, trace=trace)


def _delivered(desk: Desk, room: Room, action: AnyAction, native: str | None) -> None:
    """Tell who waits for it, and let vanish what is to."""
    _tell(desk, room, action, Delivered, native=native)
    if isinstance(action, Say) and native is not None:
        _let_vanish(desk, room, action, (*action.sent, native))


def _let_vanish(desk: Desk, room: Room, action: Say, messages: Sequence[str]) -> None:
    """Plan the end of what is to vanish."""
    start = desk.now + action.vanish_after * 1000
    context = Context(desk, at=desk.now, room=room)
    for message in messages if action.vanish_after else ():
        context.put(room, Delete(message=message), not_before=start)


def _tell(desk: Desk, room: Room, action: AnyAction, fact: Callable[..., Fact], **what: str | None) -> None:
    """Tell who waits for an action what became of it."""
    tag, community = parted(action.tag)
    community = room.community if community is None else community
    if tag and community is not None:
        context = Context(desk, at=desk.now, room=room, community=community)
        context.emit(fact(community=community, at=desk.now, room=room.id, tag=tag, **what))


def _give_up(desk: Desk, room: Room, reason: str) -> None:
    """A chat that the bot is out of takes nothing more; a person who blocked it is not written to."""
    if room.is_group and reason in GONE:
        desk.change_room(room, standing="left", rights=())
    elif reason in GONE | {"blocked"}:
        account = desk.with_whom(room)
        if account is not None:
            desk.set_direct(account, "closed")
    else:
        return
    outbox.give_up_room(desk.tx, room.bot, room.id, reason, desk.now)
