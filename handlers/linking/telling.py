"""Whom it is told that accounts became one person's or parted, and what they have now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core import reaching
from bot.core.actions import Say
from storage import links, meant, people, streaks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.actions import Words
    from bot.core.context import Buttons, Context
    from storage.people import Account

MOST_SUMS = 5
LONGEST_NAME = 16


def sums(ctx: Context, person: int) -> list[dict[str, object]]:
    """A person's streak and total as they are now, in some communities."""
    found: list[dict[str, object]] = []
    for community in links.concerned(ctx.tx, person, person):
        there = ctx.in_community(community)
        look = streaks.shown(ctx.tx, there.calendar, community, person, there.today)
        if look.total:
            name = there.community.name
            found.append({"community": name, "current": look.current, "total": look.total})
    return found[:MOST_SUMS]


def shown(account: Account) -> dict[str, object]:
    """An account as a text names it; a long name could pass for more of the text."""
    name = account.name if len(account.name) <= LONGEST_NAME else f"{account.name[:LONGEST_NAME]}…"
    return {"name": name, "platform": account.platform}


def tell_all(ctx: Context, those: Iterable[int], said: Words, buttons: Buttons = ()) -> None:
    """Tell accounts other than the one that acts, each in its own language, where it talked to the bot."""
    for account in those:
        if account != ctx.account.id:
            told = people.by_id(ctx.tx, account)
            room = reaching.chat_with(ctx.desk, told)
            if room is not None:
                ctx.put(room, Say(parts=(said,), language=_language(ctx, told), buttons=buttons))


def _language(ctx: Context, account: Account) -> str:
    known = meant.communities(ctx.tx, account.id)
    return (ctx.in_community(known[0]) if known else ctx).language_for(account)
