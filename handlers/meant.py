"""Which class words in private are for, when somebody is in several: the answer says it, and changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core import staff
from bot.core.actions import Button, words
from bot.core.events import ButtonPressed
from bot.core.feature import Feature
from storage import meant

if TYPE_CHECKING:
    from bot.core.context import Buttons, Context

MOST_CHOICES = 40


def press(ctx: Context, arguments: str) -> None:
    """`meant`: show the communities one is in; `meant:<community>`: words in private are for that one now."""
    known = meant.communities(ctx.tx, ctx.account.id)
    chosen = next((one for one in known if str(one) == arguments), None)
    if ctx.room.is_group or (arguments and chosen is None):
        ctx.answer(words("core.button_gone"))
        return
    ctx.answer()
    if chosen is None:
        ctx.say(words("meant.which"), buttons=_choices(ctx, known[:MOST_CHOICES]))
        return
    meant.choose(ctx.tx, ctx.account.id, chosen)
    said = words("meant.chosen", community=ctx.desk.community(chosen).name)
    if isinstance(ctx.event, ButtonPressed):
        ctx.edit(ctx.event.message, said)


def _choices(ctx: Context, known: list[int]) -> Buttons:
    names = staff.told_apart(ctx.desk, known)
    return tuple((Button(words("meant.label", name=name), f"meant:{one}"),) for one, name in names.items())


FEATURE = Feature(name="meant", buttons={"meant": press})
