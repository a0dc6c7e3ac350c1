"""Giving roles and taking them: rows, the record, a kind word in private; never more than one has oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.core.actions import words
from bot.core.errors import UserError
from rules.roles import ROLES, may_hand_out
from storage import people, roles, rooms

if TYPE_CHECKING:
    from bot.core.context import Context
    from storage.people import Account

OWNER = "owner"


def give(ctx: Context, account: Account, role: str) -> bool:
    """Give a person a role, audited, and tell them; False when they had it.

    UserError when who gives may not, or the person is in no room of the community.
    """
    if not _give(ctx, account.person, role):
        return False
    _note(ctx, account.person, role, held=True)
    return True


def take(ctx: Context, account: Account, role: str) -> bool:
    """Take a role from a person, audited, and tell them; False when they did not have it.

    UserError when who takes may not, or the community would have no owner left.
    """
    if not _take(ctx, account.person, role):
        return False
    _note(ctx, account.person, role, held=False)
    return True


def change_back(ctx: Context, data: dict[str, Any]) -> object:
    """Somebody has a role again, or no longer, as before; whoever takes that back must be able to give it."""
    person, role = people.by_now(ctx.tx, int(data["person"])), str(data["role"])
    (_give if data["held"] else _take)(ctx, person, role)
    return data | {"held": not data["held"]}


def _note(ctx: Context, person: int, role: str, *, held: bool) -> None:
    undo = {"person": person, "role": role, "held": not held}
    before, after = ("", "held") if held else ("held", "")
    ctx.audit("role", f"person:{person} {role}", before, after, undo=undo)


def _give(ctx: Context, person: int, role: str) -> bool:
    check_may(ctx, role)
    known = (*ROLES, *ctx.desk.role_kinds(ctx.community.id))
    if role not in known:
        raise UserError("roles.unknown", given=role, roles=list(dict.fromkeys(known)))
    if not _is_here(ctx, person):
        raise UserError("roles.not_here")
    by = ctx.account.person if ctx.has_account else None
    given = people.give_role(ctx.tx, ctx.community.id, person, role, ctx.now, by)
    if given:
        tell(ctx, person, "roles.told_given", role)
    return given


def _take(ctx: Context, person: int, role: str) -> bool:
    check_may(ctx, role)
    if role == OWNER and _is_last_owner(ctx, person):
        raise UserError("roles.last_owner")
    taken = people.take_role(ctx.tx, ctx.community.id, person, role)
    if taken:
        tell(ctx, person, "roles.told_taken", role)
    return taken


def check_may(ctx: Context, role: str) -> None:
    """UserError unless who asks may give and take a role at this moment."""
    ctx.require("roles")
    if not may_give(ctx, role):
        raise UserError("roles.not_yours", role=role)


def may_give(ctx: Context, role: str) -> bool:
    """Whether who asks may give and take a role."""
    return may_hand_out(ctx.roles, role, ctx.desk.role_kinds(ctx.community.id))


def _is_here(ctx: Context, person: int) -> bool:
    community = ctx.community.id
    accounts = people.of_person(ctx.tx, person)
    return any(rooms.room_of_member(ctx.tx, community, account.id) is not None for account in accounts)


def _is_last_owner(ctx: Context, person: int) -> bool:
    """Whether nobody else would own the community: by role, by a platform, or by config.toml."""
    if ctx.desk.house.admins:
        return False
    by_role = {
        one.person
        for one in roles.holders(ctx.tx, ctx.community.id)
        if one.role == OWNER and one.is_here and one.person != person
    }
    named = {one for one, role in roles.platform_staff(ctx.tx, ctx.community.id) if role == OWNER}
    return not by_role | named


def tell(ctx: Context, person: int, block: str, role: str) -> None:
    """Tell whom it concerns, by one of the texts `told_…`, in private alone; not who did it themselves."""
    if ctx.has_account and ctx.account.person == person:
        return
    accounts = people.of_person(ctx.tx, person)
    account = next((one for one in accounts if one.direct == "open"), accounts[0] if accounts else None)
    if account is not None:
        text = words(block, name=account.name, role=role, community=ctx.community.name)
        if not ctx.tell(account, text):
            ctx.nudge(account, "roles", text)
