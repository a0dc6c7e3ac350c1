"""Rooms and people that came back under other ids: told and kept where it is sure, else asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bot.core import regrouping
from bot.core.actions import Look, words
from bot.core.errors import UserError
from bot.core.feature import Feature, Suggestion, Undo
from bot.core.port import Can
from rules.facts import PeopleTakenUp, PersonUnsure, RoomTakenUp, RoomUnsure
from rules.roles import may_hand_out
from storage import checkins, counting, people, rooms, roster, streaks, tasks

if TYPE_CHECKING:
    from bot.core.context import Context
    from storage.checkins import CheckIn

WAITS = 7
"""Days in which somebody is to say who is who."""

# What is sure.


def room_taken_up(ctx: Context, fact: RoomTakenUp) -> None:
    """Keep that a room has another id, and say so to staff."""
    if fact.gave_way:
        _carry_over(ctx, fact.gave_way)
    undo = {"room": fact.room, "to": fact.before, "other": fact.gave_way, "back": True}
    ctx.audit("room_again", f"room:{fact.room}", room=fact.room, undo=undo)
    ctx.report(words("returning.room", room=ctx.room.title))


def people_taken_up(ctx: Context, fact: PeopleTakenUp) -> None:
    """Keep who was recognised, and say to staff how many."""
    if fact.accounts:
        before = [[account, native] for account, native, _ in fact.accounts]
        undo = {"accounts": before, "bot": ctx.room.bot}
        ctx.audit("people_again", f"room:{fact.room}", after=len(before), room=fact.room, undo=undo)
    for old, new in fact.joined:
        ctx.audit("person_again", f"account:{old}", undo={"old": old, "new": new, "part": True})
    ctx.report(words("returning.people", room=ctx.room.title, count=len(fact.accounts) + len(fact.joined)))


def room_back(ctx: Context, data: dict[str, Any]) -> object:
    """A room has its id of before again, or the one that it was recognised under."""
    room = ctx.desk.room_by_id(int(data["room"]))
    if data["back"]:
        roster.give_way_back(ctx.tx, room.id, str(data["to"]), int(data["other"]))
        ctx.desk.memory.clear()
    else:
        _give_id(ctx, room.id, str(data["to"]))
    return data | {"to": room.native, "back": not data["back"]}


def people_back(ctx: Context, data: dict[str, Any]) -> object:
    """Accounts have their ids of before again, but those that somebody else has by now."""
    wanted = {people.by_id(ctx.tx, int(account)): str(native) for account, native in data["accounts"]}
    free = {
        account: native
        for account, native in wanted.items()
        if people.by_native(ctx.tx, account.platform, native) is None
    }
    if not free:
        raise UserError("returning.too_late")
    roster.rekey(ctx.tx, {account.id: native for account, native in free.items()}, str(data["bot"]))
    ctx.desk.memory.clear()
    return data | {"accounts": [[account.id, account.native] for account in free]}


def person_back(ctx: Context, data: dict[str, Any]) -> object:
    """Two accounts are two people again, or one."""
    regroup = regrouping.two_people if data["part"] else regrouping.same_person
    regroup(ctx, int(data["old"]), int(data["new"]))
    return data | {"part": not data["part"]}


def _give_id(ctx: Context, room: int, native: str) -> None:
    rooms.move(ctx.tx, room, native)
    ctx.desk.memory.clear()
    ctx.desk.change_room(ctx.desk.room_by_id(room), standing="active")


def _carry_over(ctx: Context, gave_way: int) -> None:
    """What was checked in while this room was taken for a new one counts in this community."""
    other = ctx.desk.room_by_id(gave_way).community
    here = tasks.of_community(ctx.tx, ctx.community.id)
    if other is None or other == ctx.community.id or not here:
        return
    named = {task.name: task.id for task in here}
    for checkin in roster.said_in(ctx.tx, gave_way, other):
        task = tasks.by_id(ctx.tx, other, checkin.task)
        _count_here(ctx, checkin, here[0].id if task is None else named.get(task.name, here[0].id))


def _count_here(ctx: Context, checkin: CheckIn, task: int) -> None:
    community, day = ctx.community.id, ctx.calendar.day_of(checkin.at)
    if any(one.task == task for one in checkins.of_day(ctx.tx, community, checkin.account, day)):
        return
    here = msgspec.structs.replace(checkin, community=community, day=day, task=task, room=ctx.room.id)
    person = people.by_id(ctx.tx, checkin.account).person
    ctx.emit(counting.count(ctx.tx, ctx.calendar, here, person, ctx.room.id).fact)


# What is not sure.


def person_unsure(ctx: Context, fact: PersonUnsure) -> None:
    """Ask whether somebody who is new here is somebody who is gone."""
    old, new = people.by_id(ctx.tx, fact.old), people.by_id(ctx.tx, fact.new)
    streak = streaks.of_person(ctx.tx, fact.community, old.person)
    about: dict[str, object] = {
        "new": new.name,
        "old": old.name,
        "place": ctx.room.title,
        "total": streak.total,
        "last": streak.last_day,
    }
    data = {"old": old.id, "before": old.native, "new": new.id, "native": new.native}
    subject = f"account:{old.id} account:{new.id}"
    ctx.suggest("same_person", subject, about=about, data=data, room=ctx.room)


def same_person_holds(ctx: Context, data: dict[str, Any]) -> bool:
    """Whether both are what they were, and neither was recognised as somebody else."""
    old, new = people.by_id(ctx.tx, int(data["old"])), people.by_id(ctx.tx, int(data["new"]))
    return (old.native, new.native) == (data["before"], data["native"]) and old.person != new.person


def same_person(ctx: Context, data: dict[str, Any]) -> object:
    """They are the same person: what the old account did goes on under the new id."""
    old = people.by_id(ctx.tx, int(data["old"]))
    for role in sorted(roster.roles_of(ctx.tx, old.person)):
        if not may_hand_out(ctx.roles, role, ctx.desk.role_kinds(ctx.community.id)):
            raise UserError("returning.not_yours", role=role)
    for community in roster.held(ctx.tx, (old.person,)).get(old.person, set()) - {ctx.community.id}:
        if not ctx.has_account or not ctx.in_community(community).may("roles"):
            raise UserError("returning.elsewhere")
    regrouping.same_person(ctx, old.id, int(data["new"]))
    return data


def not_same_person(ctx: Context, data: dict[str, Any]) -> None:
    """They were not the same person after all."""
    regrouping.two_people(ctx, int(data["old"]), int(data["new"]))


def room_unsure(ctx: Context, fact: RoomUnsure) -> None:
    """Ask whether a group that is new is this room."""
    new = ctx.desk.room_by_id(fact.candidate)
    about: dict[str, object] = {"new": new.title, "old": ctx.room.title}
    data = {"room": ctx.room.id, "before": ctx.room.native, "candidate": new.id, "native": new.native}
    ctx.suggest("same_room", f"room:{ctx.room.id} room:{new.id}", about=about, data=data, room=ctx.room)


def same_room_holds(ctx: Context, data: dict[str, Any]) -> bool:
    """Whether neither of the two was recognised as another by now."""
    room, other = (ctx.desk.room_by_id(int(data[one])) for one in ("room", "candidate"))
    return (room.native, other.native) == (data["before"], data["native"])


def same_room(ctx: Context, data: dict[str, Any]) -> object:
    """The new group is this room; who is in it is looked at next."""
    room, candidate = int(data["room"]), int(data["candidate"])
    _give_id(ctx, room, str(data["native"]))
    _carry_over(ctx, candidate)
    moved = ctx.desk.room_by_id(room)
    if Can.LOOK in ctx.can_in(moved):
        ctx.put(moved, Look())
    return data


def not_same_room(ctx: Context, data: dict[str, Any]) -> None:
    """The room was another one after all: it is left, and the new group is for itself."""
    roster.give_way_back(ctx.tx, int(data["room"]), str(data["before"]), int(data["candidate"]))
    ctx.desk.memory.clear()


FEATURE = Feature(
    name="returning",
    listeners={
        RoomTakenUp: room_taken_up,
        PeopleTakenUp: people_taken_up,
        PersonUnsure: person_unsure,
        RoomUnsure: room_unsure,
    },
    undo={
        "room_again": Undo("settings", room_back),
        "people_again": Undo("settings", people_back),
        "person_again": Undo("roles", person_back),
    },
    suggestions={
        "same_person": Suggestion(
            needs="roles",
            approve=same_person,
            undo=not_same_person,
            holds=same_person_holds,
            days=lambda _: WAITS,
        ),
        "same_room": Suggestion(
            needs="settings",
            approve=same_room,
            undo=not_same_room,
            holds=same_room_holds,
            days=lambda _: WAITS,
        ),
    },
    for_staff=(
        "returning.room",
        "returning.people",
        "returning.suggests_same_person",
        "returning.suggests_same_room",
    ),
)
