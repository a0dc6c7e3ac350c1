"""What a community is called: at first as its first room, or whatever its admins say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.core.actions import words
from bot.core.errors import UserError
from bot.core.feature import Command, Feature, Undo
from rules.names import LONGEST, NAMELESS, shown
from storage import communities

if TYPE_CHECKING:
    from bot.core.context import Context


def name(ctx: Context, arguments: str) -> None:
    """`/name`: what the community is called; `/name 晨读会`: what it is called from now on."""
    before, after = ctx.community.name, shown(arguments)
    if after == NAMELESS:
        ctx.say(words("naming.how", community=before))
    elif len(arguments.strip()) > LONGEST:
        raise UserError("naming.too_long", most=LONGEST)
    elif after == before:
        ctx.say(words("naming.same", community=before))
    else:
        _call(ctx, after)
        ctx.audit("name", "", before, after, undo={"name": before})
        ctx.say(words("naming.done", before=before, after=after))


def call_again(ctx: Context, data: dict[str, Any]) -> object:
    """The community is called as it was; what it was called until now."""
    until_now = ctx.community.name
    _call(ctx, data["name"])
    return {"name": until_now}


def _call(ctx: Context, after: str) -> None:
    communities.set_name(ctx.tx, ctx.community.id, after)
    ctx.desk.forget("community", ctx.community.id)


FEATURE = Feature(
    name="naming",
    commands=(Command("name", name, ("社群名稱", "社群名", "社群名称"), takes=True, needs="settings"),),
    undo={"name": Undo("settings", call_again)},
)
