"""An account that turns out to be another one under a new id: both are one person's from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core import accounts
from storage import links, people, roster

if TYPE_CHECKING:
    from bot.core.context import Context


def same_person(ctx: Context, old: int, new: int) -> None:
    """The account `old` has the native id of `new` from now on, and its places in rooms.

    What was done under the new id meanwhile stays with the other account, which is the same person's.
    """
    stays, goes = (people.by_id(ctx.tx, account).person for account in (old, new))
    roster.swap(ctx.tx, old, new, ctx.now)
    links.join(ctx.tx, stays, goes, ctx.now)
    accounts.make_anew(ctx, stays, goes, joined=True)


def two_people(ctx: Context, old: int, new: int) -> None:
    """Take `same_person` back: each account has its own id, and is a person of its own."""
    roster.swap(ctx.tx, new, old, ctx.now)
    parted = links.part(ctx.tx, new, ctx.now)
    accounts.regrouped(ctx.desk)
    if parted is not None:
        accounts.make_anew(ctx, *parted, joined=False)
