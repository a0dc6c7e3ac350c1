"""Pages: what a message says, and its buttons, which turn it or lead to another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.actions import Button, Words
    from bot.core.context import Buttons


class Page(NamedTuple):
    """What a message says, and its buttons."""

    text: Words
    buttons: Buttons


def in_rows(buttons: Sequence[Button], width: int) -> Buttons:
    """Buttons in rows of so many, the last one of what is left."""
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))
