"""Buttons in a private chat remember the community that they were shown for: a member may be in several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.core.port import Edit, Say

if TYPE_CHECKING:
    from bot.core.port import AnyAction, Button

MARK = "@"
MOST_DIGITS = 15


def bound(action: AnyAction, community: int) -> AnyAction:
    """The action with the community written behind the data of its buttons."""
    if not isinstance(action, Say | Edit):
        return action
    rows = tuple(tuple(_bound(button, community) for button in row) for row in action.buttons)
    return msgspec.structs.replace(action, buttons=rows)


def _bound(button: Button, community: int) -> Button:
    data = f"{button.data}{MARK}{community}" if button.data else ""
    return msgspec.structs.replace(button, data=data)


def parted(data: str) -> tuple[str, int | None]:
    """A pressed button's data without the community behind it, and that community."""
    own, mark, community = data.rpartition(MARK)
    if mark and community.isascii() and community.isdecimal() and len(community) <= MOST_DIGITS:
        return own, int(community)
    return data, None
