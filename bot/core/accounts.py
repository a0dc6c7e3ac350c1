"""Which accounts are one person's: most people have one, so those who have several are remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.facts import PeopleRegrouped
from storage import links, streaks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.core.context import Context
    from bot.core.desk import Desk

TOGETHER = "accounts that are one person's"


def together(desk: Desk) -> Mapping[int, tuple[int, ...]]:
    """Of each account that is not alone all accounts of its person, the oldest first."""
    return desk.remember((TOGETHER,), lambda: links.together(desk.tx))


def first_of_each(desk: Desk) -> Mapping[int, int]:
    """Of each account that is not alone the oldest account of its person."""
    return desk.remember(
        (TOGETHER, "first"), lambda: {account: known[0] for account, known in together(desk).items()}
    )


def own(desk: Desk, account: int) -> tuple[int, ...]:
    """All accounts of whose account this is, this one first."""
    known = together(desk).get(account)
    return (account,) if known is None else (account, *(one for one in known if one != account))


def regrouped(desk: Desk) -> None:
    """Forget all that is remembered of people: some account belongs to another person now."""
    desk.memory.clear()


def make_anew(ctx: Context, person: int, other: int, *, joined: bool) -> None:
    """Make anew what is derived of two persons, in every community, after accounts changed hands.

    `joined`: all that `other` had belong to `person` now (PeopleRegrouped). Features that are off hear of it.
    """
    regrouped(ctx.desk)
    for community in links.concerned(ctx.tx, person, other):
        there = ctx.in_community(community)
        for one in (person, other):
            if not streaks.made_anew(ctx.tx, there.calendar, community, one).total:
                streaks.forget(ctx.tx, community, one)
        fact = PeopleRegrouped(community=community, at=ctx.now, person=person, other=other, joined=joined)
        for feature in ctx.desk.house.features:
            listener = feature.listeners.get(PeopleRegrouped)
            if listener is not None:
                listener(there, fact)
