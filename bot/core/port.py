"""What a platform can do, and the rights that a group can give there."""

from __future__ import annotations

from enum import Flag, auto


class Can(Flag):
    """What a platform can do; handlers branch on these, never on a platform's name."""

    REACT = auto()
    WHISPER = auto()
    """A button's own answer that only the one who pressed it sees."""
    DELETE = auto()
    """The bot may delete messages, others' too."""
    MENU = auto()
    """A menu of its own that shows the bot's commands."""
    BUTTONS = auto()
    """Buttons below a message, whose presses are answered."""
    EDIT = auto()
    """A message of the bot can be changed."""
    BACKLOG = auto()
    """What happens while the bot is away is told afterwards, for a day at least."""
    ADD = auto()
    """The bot can add people to a room, or invite them into it, by itself."""
    LINK = auto()
    """The bot can make a link that lets one person into a room."""
    LOOK = auto()
    """It can be asked who is in a room, or at least who looks after it."""


RIGHTS = ("read", "react", "delete", "invite")
"""The rights in a group that a feature uses, by the word that events and rooms use for them.

Adapters tell of more (pin, remove); nobody is asked for what nothing needs.
"""

TO_GIVE = {"react": Can.REACT, "delete": Can.DELETE, "invite": Can.LINK}
"""What a platform must be able to do for a right to be given there; the others there are everywhere."""


def rights_on(can: Can) -> tuple[str, ...]:
    """The rights that a feature uses and a platform that can do this can give."""
    return tuple(right for right in RIGHTS if TO_GIVE.get(right, Can(0)) in can)
