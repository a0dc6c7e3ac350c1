"""A private chat and communities: its member may be in several.

Buttons remember the community that they were shown for; the answer to words says for which they were taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.core.actions import Button, Edit, Fetch, Say, words
from bot.core.events import Message
from bot.core.port import Can
from rules.arguments import plain_number
from rules.durations import HOUR
from storage import meant

if TYPE_CHECKING:
    from bot.core.actions import AnyAction
    from bot.core.scene import Scene
    from rules.roles import Right

MARK = "@"
OFFERED = ("offered another",)
MOST_OFFERED = 10_000


def bound(action: AnyAction, community: int) -> AnyAction:
    """The action with the community written behind the data of its buttons, and behind its tag."""
    if isinstance(action, Fetch):
        return msgspec.structs.replace(action, tag=f"{action.tag}{MARK}{community}")
    if not isinstance(action, Say | Edit):
        return action
    rows = tuple(tuple(_bound(button, community) for button in row) for row in action.buttons)
    tag = f"{action.tag}{MARK}{community}" if action.tag else ""
    return msgspec.structs.replace(action, buttons=rows, tag=tag)


def _bound(button: Button, community: int) -> Button:
    data = f"{button.data}{MARK}{community}" if button.data else ""
    return msgspec.structs.replace(button, data=data)


def unbound(action: Say) -> Say:
    """What was to be said in private, without the community behind its buttons and its tag."""
    rows = tuple(
        tuple(msgspec.structs.replace(button, data=parted(button.data)[0]) for button in row)
        for row in action.buttons
    )
    return msgspec.structs.replace(action, buttons=rows, tag=parted(action.tag)[0])


def parted(data: str) -> tuple[str, int | None]:
    """A pressed button's data, or an action's tag, without the community behind it, and that community."""
    own, mark, community = data.rpartition(MARK)
    number = plain_number(community) if mark else None
    return (data, None) if number is None else (own, number)


def find_community(scene: Scene) -> bool:
    """Find what somebody means in private (storage.meant.communities); whether there is a community now."""
    if scene.community_id is None and not scene.room.is_group:
        known = meant.communities(scene.tx, scene.account.id)
        scene.community_id = next(iter(known), None)
        scene.may_mean_others = len(known) > 1
    return scene.community_id is not None


def look_for_right(scene: Scene, right: Right) -> None:
    """Take what needs a right, in private, for a community where who says it has it, if there is one."""
    likeliest = scene.community_id
    if scene.room.is_group or not scene.may_mean_others or scene.may(right):
        return
    for community in meant.communities(scene.tx, scene.account.id):
        scene.community_id = community
        if scene.may(right):
            return
    scene.community_id = likeliest


def another(scene: Scene) -> tuple[tuple[Button, ...], ...]:
    """Below the first answer to words in private that might be for others: a button to say so.

    Where there are no buttons it is a line of its own, and so said to a person at most once an hour.
    """
    if not (scene.may_mean_others and isinstance(scene.event, Message)):
        return ()
    scene.may_mean_others = False
    if Can.BUTTONS not in scene.can and not _is_due(scene):
        return ()
    return ((Button(words("core.for_community", community=scene.community.name), "meant"),),)


def _is_due(scene: Scene) -> bool:
    """Whether who acts was not offered this for an hour; it is offered now."""
    offered: dict[int, int] = scene.desk.remember(OFFERED, dict)
    person = scene.account.person
    if offered.get(person, -HOUR) > scene.now - HOUR:
        return False
    if len(offered) >= MOST_OFFERED:
        offered.clear()
    offered[person] = scene.now
    return True
