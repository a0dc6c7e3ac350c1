"""Many acknowledgements of one kind that wait in one chat become one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.core.actions import AnyAction, React, Say, Words, action_of, written
from bot.core.context import MERGE, Context
from bot.core.port import Can
from bot.core.priority import NOTICE
from storage import outbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.desk import Desk
    from storage.db import Row
    from storage.rooms import Room

MERGE_AT = 7
"""So many reactions that wait take a platform such as Telegram seconds: those of fewer come soon enough."""

MERGE_WORDS_AT = 2
"""Where there are no reactions, two would be two lines."""

GATHER_FOR = 15_000
"""How long (milliseconds) a merged line waits for more of its kind."""

MOST_NAMES = 500
"""A whole group on WeChat: the line says how many they are."""


def merges_at(can: Can) -> int:
    """How many of a kind that wait become one line, on a platform that can do this."""
    return MERGE_AT if Can.REACT in can else MERGE_WORDS_AT


def merge(desk: Desk, room: Room, topic: str, rows: Sequence[int]) -> None:
    """Make these waiting rows of a room one line: their number, and the names in their words."""
    actions = outbox.actions(desk.tx, rows)
    if not actions:
        return
    people = [name for _, action in actions if (name := _name(action_of(action)))]
    line_topic = topic.removeprefix(MERGE)
    waiting = outbox.waiting_on_topic(desk.tx, room.bot, room.id, line_topic)
    waited = Can.REACT not in desk.house.bots[room.bot].can
    at = desk.now if waited else desk.now + GATHER_FOR
    into = _add(desk, room, line_topic, len(actions), people, at, waiting)
    outbox.merge(desk.tx, [row for row, _ in actions], into, desk.now)


def gather(desk: Desk, room: Room, topic: str, name: str, at: int) -> None:
    """Add a name to the line `<topic>_merged` that waits in a room, or begin one to be said at an instant."""
    waiting = outbox.waiting_on_topic(desk.tx, room.bot, room.id, topic, after=desk.now)
    _add(desk, room, topic, 1, [name], at, waiting)


def _add(
    desk: Desk, room: Room, topic: str, count: int, people: list[str], at: int, waiting: Row | None
) -> int:
    """The row of the line that waits, or of a new one, with these in it."""
    if waiting is None:
        return _new_line(desk, room, topic, count, people, at)
    _extend(desk, waiting["id"], waiting["action"], count, people)
    return int(waiting["id"])


def _name(action: AnyAction) -> str:
    words = (
        action.words if isinstance(action, React) else action.parts[0] if isinstance(action, Say) else None
    )
    return "" if words is None else str(words.values.get("name", ""))


def _new_line(desk: Desk, room: Room, topic: str, count: int, people: list[str], at: int) -> int:
    context = Context(desk, at=desk.now, room=room)
    words = Words(f"{topic}_merged", {"count": count, "people": _distinct(people)})
    line = Say(parts=(words,), language=context.language_of(room), thread=room.thread)
    return context.put(room, line, priority=NOTICE, topic=topic, not_before=at)


def _extend(desk: Desk, row: int, action: str, count: int, people: list[str]) -> None:
    line = msgspec.json.decode(action, type=Say)
    before = line.parts[0].values
    known = before["people"]
    assert isinstance(known, list)
    assert isinstance(before["count"], int)
    values: dict[str, object] = {"count": before["count"] + count, "people": _distinct([*known, *people])}
    words = Words(line.parts[0].text, values)
    rewritten = msgspec.structs.replace(line, parts=(words,))
    outbox.rewrite(desk.tx, row, written(rewritten))


def _distinct(people: list[str]) -> list[str]:
    return list(dict.fromkeys(people))[:MOST_NAMES]
