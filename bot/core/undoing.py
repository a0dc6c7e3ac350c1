"""Taking back what was done: each audited act by its feature's own undo, once, never over a later change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.core.changes import SETTING, put_setting
from bot.core.errors import UserError
from bot.core.feature import Undo
from bot.core.retelling import told
from storage import audits
from storage.settings import UNSET

if TYPE_CHECKING:
    from bot.core.context import Context
    from storage.audits import Change


def undo(ctx: Context, number: int) -> Change:
    """Take back an audited change of this community, audited itself; the change as it was.

    Raises UserError when there is nothing of that number, nothing takes it back, it was taken back already,
    something later changed the same, or who asks has not the right that its feature asks for at this moment.
    What was taken back is brought forward again by undoing the row that took it back.
    """
    change = check(ctx, number)
    again = ways(ctx)[change.act].run(ctx, msgspec.json.decode(change.undo))
    back = ctx.audit(
        change.act,
        change.subject,
        _as_kept(change.after),
        _as_kept(change.before),
        room=change.room,
        undo=again if change.undoes is None else None,
        undoes=number,
    )
    audits.mark_undone(ctx.tx, number, back, brings_back=change.undoes)
    return change


def check(ctx: Context, number: int) -> Change:
    """The change of this number, when it can be taken back by who asks; UserError as `undo` raises it."""
    change, way = _found(ctx, number)
    ctx.require(way.needs)
    if change.undone_by is not None:
        raise UserError("core.undone_already", what=told(ctx, change))
    if change.room and _has_moved(ctx, change.room):
        raise UserError("core.room_elsewhere", number=number)
    later = audits.later(ctx.tx, change)
    if later is not None:
        raise UserError("core.changed_since", what=told(ctx, later))
    return change


def can_undo(ctx: Context, change: Change) -> bool:
    """Whether a change has a way back that who asks may take, as far as its own row tells."""
    way = ways(ctx).get(change.act)
    return way is not None and bool(change.undo) and change.undone_by is None and ctx.may(way.needs)


def acts_open(ctx: Context) -> list[str]:
    """The acts that who asks may take back at this moment."""
    return [act for act, way in ways(ctx).items() if ctx.may(way.needs)]


def ways(ctx: Context) -> dict[str, Undo]:
    """The ways back of all acts, those of the core first."""
    return CORE | {act: way for feature in ctx.desk.house.features for act, way in feature.undo.items()}


def _found(ctx: Context, number: int) -> tuple[Change, Undo]:
    change = audits.by_id(ctx.tx, ctx.community.id, number)
    if change is None or not ctx.rights:
        raise UserError("core.no_such_change", number=number)
    way = ways(ctx).get(change.act)
    if way is None or not (change.undo or change.undone_by):
        ctx.require("settings")
        raise UserError("core.stays_done", what=told(ctx, change))
    return change, way


def _as_kept(text: str) -> msgspec.Raw:
    """A value as its text stands in the audit, to the letter: those of old may be no JSON."""
    return msgspec.Raw(text.encode())


def _has_moved(ctx: Context, room: int) -> bool:
    """Whether a group belongs to another community by now, whose affair it is."""
    known = ctx.desk.room_by_id(room)
    return known.is_group and known.community != ctx.community.id


def _put_back_setting(ctx: Context, data: dict[str, object]) -> object:
    """Set a setting, in just the place where it was changed, to what it was there, or to nothing."""
    return put_setting(ctx, str(data["name"]), data.get("value", UNSET), int(str(data["room"])))


CORE: dict[str, Undo] = {SETTING: Undo("settings", _put_back_setting)}
"""The acts of the core, which belong to no feature."""
