"""A line of a list is corrected: it is somebody else, somebody new, or nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bot.core.errors import UserError
from handlers.byhand.matching import FATES
from handlers.byhand.recording import carry_out, take_back, take_day_back
from handlers.byhand.saying import answer
from rules import corrections
from rules.arguments import LONGEST_ECHO
from rules.names import shown
from rules.relay import name_key
from storage import byhand, people
from storage.byhand import Line

if TYPE_CHECKING:
    from bot.core.context import Context
    from rules.corrections import Correction
    from storage.byhand import Roll
    from storage.people import Account

may_be = corrections.may_be


def read(ctx: Context, roll: Roll, text: str) -> bool:
    """Correct the lines that a text names; whether it was a correction of this list.

    Raises UserError when the list lacks some of them. In a group what names none of them is talk.
    """
    found = corrections.read(text)
    known = {line.number for line in roll.lines if line.number}
    strange = [one.number for one in found if one.number not in known]
    if not found or (ctx.room.is_group and len(strange) == len(found)):
        return False
    if strange:
        raise UserError("byhand.no_line", numbers=strange)
    for one in found:
        roll = _correct(ctx, roll, _corrected(ctx, roll, one))
    answer(ctx, roll)
    return True


def decide(ctx: Context, roll: Roll, number: int, *, is_near: bool) -> None:
    """The button beside a doubtful line: it is who it looks like, or somebody new."""
    line = _line(roll, number)
    if roll.state != "done" or line.fate != "near":
        raise UserError("core.button_gone")
    decided = _as_new(roll, line)
    if is_near and line.near is not None:
        decided = _as_somebody(roll, line, people.by_id(ctx.tx, line.near))
    answer(ctx, _correct(ctx, roll, decided))


def _line(roll: Roll, number: int) -> Line:
    line = next((line for line in roll.lines if line.number == number), None)
    if line is None:
        raise UserError("core.button_gone")
    return line


def _corrected(ctx: Context, roll: Roll, one: Correction) -> Line:
    """The line as it shall be. Raises UserError when its name stands for several people."""
    line = _line(roll, one.number)
    if one.what == "no":
        return msgspec.structs.replace(line, fate="off", near=None)
    account = _called(ctx, roll, one.name) if one.what == "is" else None
    if account is not None:
        return _as_somebody(roll, line, account)
    return _as_new(roll, msgspec.structs.replace(line, meant=shown(one.name or line.name or line.words)))


def _called(ctx: Context, roll: Roll, name: str) -> Account | None:
    """Who goes by a name in the lists of the room, else in the community, where @name helps."""
    assert roll.room is not None
    known = byhand.names(ctx.tx, roll.room).get(name_key(name))
    if known is not None:
        return people.by_id(ctx.tx, known)
    found = people.called(ctx.tx, ctx.community.id, name)
    if found and not people.are_one(found):
        raise UserError("byhand.several", name=name[:LONGEST_ECHO])
    if not found and name.startswith("@"):
        raise UserError("byhand.nobody", name=name[:LONGEST_ECHO])
    return found[0] if found else None


def _fate(roll: Roll, line: Line) -> byhand.Fate:
    if roll.kind == "members":
        return "joined"
    return FATES[line.says]


def _as_somebody(roll: Roll, line: Line, account: Account) -> Line:
    fate = _fate(roll, line)
    return msgspec.structs.replace(
        line, fate=fate, meant=account.name, account=account.id, near=None, is_new=False
    )


def _as_new(roll: Roll, line: Line) -> Line:
    fate = _fate(roll, line)
    return msgspec.structs.replace(line, fate=fate, account=None, near=None, is_new=True)


def _correct(ctx: Context, roll: Roll, line: Line) -> Roll:
    """A line of a list becomes another one, audited; the list as it is then."""
    before = _as_done(roll, _line(roll, line.number))
    roll = put(ctx, roll, line)
    after = _line(roll, line.number)
    ctx.audit(
        "roll_line",
        f"roll:{roll.id} line:{line.number}",
        before.called or before.words,
        "" if after.fate == "off" else after.called,
        room=roll.room or 0,
        undo={"roll": roll.id, "line": before},
    )
    return roll


def put(ctx: Context, roll: Roll, line: Line) -> Roll:
    """A line is this from now on: what it did before is undone, what it says now is done."""
    assert roll.room is not None
    before = _line(roll, line.number)
    take_back(ctx, roll, [_as_done(roll, before)])
    after = carry_out(ctx, msgspec.structs.replace(roll, lines=(line,))).lines[0]
    if after.account is not None and (key := name_key(line.name)):
        byhand.name_them(ctx.tx, roll.room, {key: after.account})
    lines = tuple(after if one.number == line.number else one for one in roll.lines)
    roll = msgspec.structs.replace(roll, lines=lines)
    byhand.save(ctx.tx, roll)
    return roll


def _as_done(roll: Roll, line: Line) -> Line:
    """A line that only said again what was noted before: who corrects it means that, too."""
    if line.fate != "again":
        return line
    return msgspec.structs.replace(line, fate=_fate(roll, line))


# Taken back.


def roll_back(ctx: Context, data: dict[str, Any]) -> object:
    """What a list did is undone, or, once it is, done again; how it stands now is the way forward."""
    roll = _kept(ctx, data)
    if roll.state == "undone":
        carry_out(ctx, roll)
    else:
        take_back(ctx, roll, roll.lines)
        byhand.save(ctx.tx, msgspec.structs.replace(roll, state="undone"))
        take_day_back(ctx, roll)
    return data


def line_back(ctx: Context, data: dict[str, Any]) -> object:
    """A line of a list is as it was before it was corrected; as it was until now."""
    roll = _kept(ctx, data)
    if roll.state != "done":
        raise UserError("byhand.undone_list")
    line = msgspec.convert(data["line"], Line)
    until_now = _line(roll, line.number)
    put(ctx, roll, line)
    return {"roll": roll.id, "line": until_now}


def _kept(ctx: Context, data: dict[str, Any]) -> Roll:
    roll = byhand.by_id(ctx.tx, ctx.community.id, int(data["roll"]))
    if roll is None or roll.room is None:
        raise UserError("byhand.forgotten")
    return roll
