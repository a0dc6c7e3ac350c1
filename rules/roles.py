"""What people may do: named rights, and the roles that carry them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, get_args

from rules.arguments import ArgumentError, plain

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

CHANGEABLE = frozenset({"study", "leader", "duty"})
"""The built-in roles whose rights a community may change: platforms name owners and admins."""

ROLE_WORDS: dict[str, tuple[str, ...]] = {
    "owner": ("群主", "owner"),
    "admin": ("管理员", "管理員", "admin"),
    "study": ("学习委员", "學習委員", "学委", "學委", "學藝股長", "study"),
    "leader": ("组长", "組長", "小组长", "小組長", "leader"),
    "duty": ("值日生", "duty"),
}
"""What the built-in roles are called."""

RIGHT_WORDS: dict[Right, tuple[str, ...]] = {
    "mend": ("记录", "紀錄", "打卡", "mend", "check-ins"),
    "overview": ("名单", "名單", "总览", "總覽", "overview", "lists"),
    "tasks": ("任务", "任務", "tasks", "task"),
    "settings": ("设置", "設定", "settings"),
    "roles": ("职务", "職務", "角色", "roles"),
}
"""What the rights are called."""

LONGEST_NAME = 12
LONGEST_NAME_BYTES = 24
_NAME = re.compile("[^\\W\u115f\u1160\u3164\uffa0]+")
"""Letters and digits, but not those of Korean that look like nothing."""


def role_called(text: str, own: Iterable[str]) -> str | None:
    """The role that a text names: a built-in one, or one of a community's own; None when there is none."""
    wanted = plain(text)
    called = {word: role for role, names in ROLE_WORDS.items() for word in (role, *names)}
    called |= {plain(name): name for name in own if name not in ROLES}
    return called.get(wanted)


def is_role_name(text: str) -> bool:
    """Whether a community may call a role of its own so: one short word that is no other role's."""
    fits = 1 <= len(text) <= LONGEST_NAME and len(text.encode()) <= LONGEST_NAME_BYTES
    return fits and _NAME.fullmatch(text) is not None and role_called(text, ()) is None


def rights_called(text: str) -> frozenset[Right]:
    """The rights that a text lists, by their words. Raises UnknownRight at the first that is none."""
    called = {word: right for right, names in RIGHT_WORDS.items() for word in names}
    found: set[Right] = set()
    for word in re.split(r"[\s,，、+和]+", text.strip()):
        right = called.get(plain(word))
        if right is None:
            raise UnknownRight(word)
        found.add(right)
    return frozenset(found)


class UnknownRight(ArgumentError):
    """Not the name of a right."""


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
