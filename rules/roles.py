"""What people may do: named rights, and the roles that carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Right = Literal["mend", "overview", "tasks", "settings", "roles"]
"""A named right.

mend: count, take back, send back and comment check-ins. overview: see lists, digests and tables.
tasks: tasks, terms, days of rest. settings: everything about rooms and settings, with audit and undo.
roles: give and take roles.
"""

RIGHTS: tuple[Right, ...] = get_args(Right)

ROLES: dict[str, frozenset[Right]] = {
    "owner": frozenset(RIGHTS),
    "admin": frozenset(RIGHTS),
    "study": frozenset({"mend", "overview", "tasks"}),
    "leader": frozenset({"mend", "overview"}),
    "duty": frozenset({"mend"}),
}
"""The roles that every community has (学习委员 is study, 组长 leader, 值日生 duty), the highest first."""


def rights_of(roles: Iterable[str], own: Mapping[str, frozenset[Right]]) -> frozenset[Right]:
    """The rights that roles carry together; `own` are the community's own roles, which come before ROLES."""
    none: frozenset[Right] = frozenset()
    return none.union(*(own.get(role, ROLES.get(role, none)) for role in roles))


def may_hand_out(giver: Iterable[str], role: str, own: Mapping[str, frozenset[Right]]) -> bool:
    """Whether who has the roles of `giver` may give or take `role`: never one with more rights than theirs.

    Owners are made by owners alone, and admins too.
    """
    held = set(giver)
    if role in {"owner", "admin"}:
        return "owner" in held
    rights = rights_of(held, own)
    return "roles" in rights and rights_of([role], own) <= rights
