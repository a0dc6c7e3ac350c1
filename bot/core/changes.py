"""Changes that more than one feature makes, each audited with what takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bot.core.jobs import plan_again
from bot.core.spelling import clock_text
from rules.facts import LanguageChanged, RoomJoined, TimeRulesChanged
from rules.tasks import weekdays_of
from storage import communities, rooms, settings, setups, tasks
from storage.settings import UNSET

if TYPE_CHECKING:
    from bot.core.context import Context
    from rules.calendar import Rule
    from rules.tasks import Task
    from storage.communities import Community
    from storage.rooms import Room


SETTING = "setting"
"""The act of the core, which belongs to no feature: a setting was set."""


def set_setting(ctx: Context, name: str, value: object, room: int = 0) -> None:
    """Set one setting, by its full name, from now on (room 0: for the whole community).

    `value` is as config.toml would say it; UNSET: nothing is set there any more.
    """
    undo = put_setting(ctx, name, value, room)
    before = undo.get("value", UNSET)
    ctx.audit(SETTING, name, _if_set(before), _if_set(value), room=room, undo=undo)


def put_setting(ctx: Context, name: str, value: object, room: int) -> dict[str, object]:
    """In just that place a setting has this value from now on (UNSET: none), and jobs their new times.

    Return what it was there; nothing is audited.
    """
    community = ctx.community.id
    before = settings.value(ctx.tx, community, room, name)
    settings.set_value(ctx.tx, community, room, name, value)
    ctx.desk.forget("settings")
    plan_again(ctx.desk, community)
    place: dict[str, object] = {"name": name, "room": room}
    return place if before is UNSET else place | {"value": before}


def _if_set(value: object) -> object:
    return None if value is UNSET else value


def set_language(ctx: Context, room: Room, code: str) -> None:
    """A room speaks this language from now on; a community of one room speaks it in private too."""
    before = ctx.language_of(room)
    alone = len(rooms.of_community(ctx.tx, ctx.community.id)) == 1
    undo = speak(ctx, room, code, code if alone else ctx.community.language)
    ctx.audit("language", f"room:{room.id}", before, code, room=room.id, undo=undo)


def speak(ctx: Context, room: Room, code: str | None, in_private: str) -> dict[str, object]:
    """A room speaks this language (None: its community's), and the community this one in private.

    Return what they spoke before; nothing is audited.
    """
    community = ctx.community
    ctx.desk.change_room(room, language=code)
    if in_private != community.language:
        communities.set_language(ctx.tx, community.id, in_private)
        ctx.desk.forget("community", community.id)
        ctx.emit(LanguageChanged(community=community.id, at=ctx.now, language=in_private))
    return {"room": room.id, "language": room.language, "in_private": community.language}


def set_time_rule(ctx: Context, *, zone: str | None = None, day_starts_at: int | None = None) -> None:
    """From now on the days follow another time zone, or begin at another time (minutes after midnight)."""
    before = ctx.calendar.rules[-1]
    after = (
        before.zone if zone is None else zone,
        before.day_starts_at if day_starts_at is None else day_starts_at,
    )
    if after == (before.zone, before.day_starts_at):
        return
    undo = follow(ctx, *after)
    ctx.audit("time_rule", "", _as_text(*undo.values()), _as_text(*after), undo=undo)


def follow(ctx: Context, zone: str, day_starts_at: int) -> dict[str, object]:
    """From now on the days follow this rule; the one before. Nothing is audited."""
    before: Rule = ctx.calendar.rules[-1]
    community = ctx.community.id
    communities.set_time_rule(ctx.tx, community, max(ctx.now, before.since), zone, day_starts_at)
    ctx.desk.forget("calendar", community)
    ctx.emit(TimeRulesChanged(community=community, at=ctx.now))
    plan_again(ctx.desk, community)
    return {"zone": before.zone, "day_starts_at": before.day_starts_at}


def _as_text(zone: object, day_starts_at: object) -> str:
    return f"{zone} {clock_text(int(str(day_starts_at)))}"


def move_room(ctx: Context, room: Room, target: Community) -> Context:
    """A room goes to another community, with its members and its own settings; the same moment, there.

    What was recorded stays with the community that it leaves.
    """
    left = ctx.community
    ctx.audit("room_left", f"room:{room.id}", left.name, target.name, room=room.id)
    moved = ctx.desk.change_room(room, community=target.id)
    settings.move_room(ctx.tx, room.id, left.id, target.id)
    setups.keep(ctx.tx, room.id, came_from=left.id)
    ctx.desk.forget("settings")
    there = ctx.in_community(target.id, moved)
    there.audit("room_joined", f"room:{room.id}", left.name, target.name, room=room.id)
    there.emit(RoomJoined(community=target.id, at=ctx.at, room=room.id))
    return there


def change_task(ctx: Context, task: Task, **changes: object) -> Task:
    """A task is so from now on; the task as it is then."""
    before = {key: getattr(task, key) for key in changes}
    changed = msgspec.structs.replace(task, **changes)
    tasks.save(ctx.tx, ctx.community.id, changed, ctx.day)
    ctx.desk.forget(*tasks.REMEMBERED, ctx.community.id)
    undo = {"changes": before, "task": task.id}
    ctx.audit("task", f"task:{task.id}", _shown(before), _shown(changes), undo=undo)
    return changed


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    """The values as texts show them: weekdays by their numbers."""
    return values | ({"weekdays": weekdays_of(values["weekdays"])} if "weekdays" in values else {})
