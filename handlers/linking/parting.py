"""/unlink (解绑): the account from which it is said is a person of its own again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core import accounts, manners
from bot.core.actions import Button, words
from bot.core.errors import UserError
from bot.core.page import Page
from handlers.linking import telling
from storage import links, people

if TYPE_CHECKING:
    from bot.core.context import Context


def unlink(ctx: Context, _arguments: str) -> None:
    """`/unlink`: ask whether this account is to be parted from the others."""
    if ctx.room.is_group:
        ctx.whisper(words("linking.in_private", befriends=manners.must_befriend(ctx)))
    else:
        text, buttons = _question(ctx)
        ctx.say(text, buttons=buttons)


def press(ctx: Context, arguments: str) -> None:
    """The buttons: `ask` whether to part, `yes`, and `no`."""
    if ctx.room.is_group or arguments not in {"ask", "yes", "no"}:
        raise UserError("core.button_gone")
    if arguments == "ask":
        text, buttons = _question(ctx)
        ctx.answer()
        ctx.say(text, buttons=buttons)
    elif arguments == "no":
        ctx.edit_pressed(words("linking.stays"))
    else:
        _part(ctx)


def _question(ctx: Context) -> Page:
    others = accounts.own(ctx.desk, ctx.account.id)[1:]
    if not others:
        raise UserError("linking.alone")
    named = [telling.shown(people.by_id(ctx.tx, other)) for other in others]
    text = words("linking.ask_to_part", own=telling.shown(ctx.account), others=named)
    yes, no = Button(words("linking.part_yes"), "unlink:yes"), Button(words("linking.part_no"), "unlink:no")
    return Page(text, ((yes,), (no,)))


def _part(ctx: Context) -> None:
    """Part them; each side has what its own accounts did, and both are told."""
    others = accounts.own(ctx.desk, ctx.account.id)[1:]
    parted = links.part(ctx.tx, ctx.account.id, ctx.now)
    if parted is None:
        raise UserError("linking.alone")
    accounts.make_anew(ctx, *parted, joined=False)
    own = people.by_id(ctx.tx, ctx.account.id)
    ctx.edit_pressed(words("linking.parted", sums=telling.sums(ctx, own.person)))
    there = people.by_id(ctx.tx, others[0]).person
    said = words("linking.parted_there", other=telling.shown(own), sums=telling.sums(ctx, there))
    telling.tell_all(ctx, others, said)
