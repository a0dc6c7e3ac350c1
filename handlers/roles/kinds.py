"""What roles may do: a community's own ones, and changed rights of the built-in ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.core.errors import UserError
from handlers.roles.giving import check_may, tell
from rules.roles import CHANGEABLE, LONGEST_NAME, RIGHTS, ROLES, is_role_name, role_called
from storage import roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.core.context import Context
    from rules.roles import Right

MOST_OWN = 20


def own_kinds(ctx: Context) -> Mapping[str, frozenset[Right]]:
    """The rights of the roles that this community made or changed."""
    return ctx.desk.role_kinds(ctx.community.id)


def own_names(ctx: Context) -> list[str]:
    """The roles that this community made."""
    return [name for name in own_kinds(ctx) if name not in ROLES]


def set_rights(ctx: Context, name: str, rights: frozenset[Right]) -> str:
    """Make a role with these rights, or give one other rights, audited; its name.

    UserError for names and numbers out of bounds, and for rights that who asks has not.
    """
    role = role_called(name, own_names(ctx)) or name
    before = own_kinds(ctx).get(role)
    _set(ctx, role, rights)
    _note(ctx, role, before, rights, [])
    return role


def drop(ctx: Context, role: str) -> list[int]:
    """Nobody has a role of the community's own any more, a built-in one is as it was; audited.

    Return who had the role and lost it.
    """
    before = own_kinds(ctx).get(role)
    if before is None:
        raise UserError("roles.nothing_changed")
    lost = _drop(ctx, role)
    _note(ctx, role, before, None, lost)
    return lost


def change_back(ctx: Context, data: dict[str, Any]) -> object:
    """A role has its rights of before again, is gone again, or is there again with those who had it."""
    role = str(data["role"])
    before, holders = own_kinds(ctx).get(role), []
    if data["rights"] is None:
        holders = _drop(ctx, role)
    else:
        _set(ctx, role, frozenset(data["rights"]))
        if data["holders"]:
            by = ctx.account.person if ctx.has_account else None
            roles.give_to_all(ctx.tx, ctx.community.id, data["holders"], role, ctx.now, by)
    return _undo(role, before, holders)


def _set(ctx: Context, role: str, rights: frozenset[Right]) -> None:
    """UserError for names and numbers out of bounds, and for rights that who asks has not."""
    own = own_names(ctx)
    if role in ROLES and role not in CHANGEABLE:
        raise UserError("roles.fixed", role=role)
    if role not in ROLES and role not in own:
        if not is_role_name(role):
            raise UserError("roles.bad_name", most=LONGEST_NAME)
        if len(own) >= MOST_OWN:
            raise UserError("roles.enough", most=MOST_OWN)
    _check(ctx, role, rights)
    _keep(ctx, role, " ".join(in_order(rights)))


def _check(ctx: Context, role: str, rights: frozenset[Right]) -> None:
    """UserError unless who asks may give the role, and has all the rights that it is to have."""
    check_may(ctx, role)
    if not rights <= ctx.rights:
        raise UserError("roles.more_than_yours", rights=in_order(rights - ctx.rights))


def _drop(ctx: Context, role: str) -> list[int]:
    """UserError, too, where a built-in role would get rights back that who asks has not."""
    _check(ctx, role, ROLES.get(role, frozenset()))
    lost: list[int] = []
    if role not in ROLES:
        lost = [one.person for one in roles.holders(ctx.tx, ctx.community.id) if one.role == role]
        roles.take_from_all(ctx.tx, ctx.community.id, role)
        for person in lost:
            tell(ctx, person, "roles.told_taken", role)
    _keep(ctx, role, None)
    return lost


def _keep(ctx: Context, role: str, rights: str | None) -> None:
    roles.set_kind(ctx.tx, ctx.community.id, role, rights)
    ctx.desk.forget("role_kinds", ctx.community.id)


def _note(
    ctx: Context,
    role: str,
    before: frozenset[Right] | None,
    after: frozenset[Right] | None,
    lost: list[int],
) -> None:
    undo = _undo(role, before, lost)
    ctx.audit("role_kind", role, undo["rights"], _listed(after), undo=undo)


def _undo(role: str, rights: frozenset[Right] | None, holders: list[int]) -> dict[str, object]:
    return {"role": role, "rights": _listed(rights), "holders": holders}


def _listed(rights: frozenset[Right] | None) -> list[Right] | None:
    return None if rights is None else in_order(rights)


def in_order(rights: Iterable[Right]) -> list[Right]:
    """Rights as they are always listed."""
    wanted = set(rights)
    return [right for right in RIGHTS if right in wanted]
