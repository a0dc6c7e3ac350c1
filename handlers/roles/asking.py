"""What a `/role` asks for, read from its words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from rules.arguments import plain
from rules.roles import role_called

if TYPE_CHECKING:
    from collections.abc import Collection

_KIND = re.compile(
    r"(?:(?:新增|新建|新|添加|改|new|add|change)\s+)?(\S+?)\s*[=＝]\s*(\S.*)", re.IGNORECASE | re.DOTALL
)
_DROP = re.compile(r"(?:删除|删|刪除|刪|delete|remove)\s+(\S+)", re.IGNORECASE)
DEFAULT = frozenset({"默认", "預設", "原来", "原來", "default"})
_TAKE = re.compile(
    r"(.*?)(?:^|\s)(?:-|－|—|不再当|不再當|不再是|不再|卸任|off)\s*(\S*)", re.IGNORECASE | re.DOTALL
)


class Kind(msgspec.Struct, frozen=True):
    """A role is to have the rights listed; "" deletes it, or makes a built-in one what it was."""

    name: str
    rights: str


class Change(msgspec.Struct, frozen=True):
    """Somebody is to have a role, or not to have it; `who` "": who is replied to.

    `role` None: whoever asks is to choose it, or all of them are taken.
    """

    who: str
    role: str | None
    take: bool = False


class UnknownRole(Exception):
    """Words that name no role."""

    def __init__(self, given: str) -> None:
        super().__init__(given)
        self.given = given


def read(text: str, own: Collection[str], *, replied: bool) -> Kind | Change:
    """What the words behind `/role` ask for. Raises UnknownRole."""
    text = text.strip()
    if found := _KIND.fullmatch(text):
        rights = found[2].strip()
        return Kind(found[1], "" if plain(rights) in DEFAULT else rights)
    if found := _DROP.fullmatch(text):
        return Kind(found[1], "")
    if found := _TAKE.fullmatch(text):
        return Change(found[1].strip(), _role(found[2], own) if found[2] else None, take=True)
    who, _, last = text.rpartition(" ")
    role = role_called(last, own)
    if role is not None:
        return Change(who.strip(), role)
    if replied and text:
        raise UnknownRole(last)
    return Change(text, None)


def _role(text: str, own: Collection[str]) -> str:
    role = role_called(text, own)
    if role is None:
        raise UnknownRole(text)
    return role
