"""What somebody of the demo does at an instant."""

from __future__ import annotations

from typing import Literal

import msgspec


class Act(msgspec.Struct, frozen=True):
    """One act of a character, named by their place in the cast, in a room (None: privately with the bot).

    `text` is what they say, the emoji they react with or the start of the button's data that they press;
    `key` names a message for later acts, `about` the message that is replied to, reacted to or edited.
    """

    at: int
    who: int
    does: Literal["come", "go", "say", "edit", "react", "press"]
    room: int | None
    text: str = ""
    key: str = ""
    about: str = ""
    picture: bytes | None = None


def moments(acts: list[Act], within: int) -> list[list[Act]]:
    """The acts, in order of time, in groups that each last at most `within` milliseconds."""
    groups: list[list[Act]] = []
    for act in sorted(acts, key=lambda act: act.at):
        if groups and act.at - groups[-1][0].at <= within:
            groups[-1].append(act)
        else:
            groups.append([act])
    return groups
