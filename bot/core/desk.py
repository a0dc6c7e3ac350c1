"""What one transaction works with: its rows, its time and chance, and what is remembered between batches."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import msgspec
from pydantic import BaseModel, ValidationError

from rules.calendar import Calendar
from rules.durations import DAY
from rules.names import shown
from rules.roles import RIGHTS
from storage import communities, people, roles, rooms, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from bot.core.context import Context
    from bot.core.events import Event, Place, Sender
    from bot.core.feature import Mode, Signal
    from bot.core.house import House
    from bot.core.memory import Memory
    from rules.facts import Fact
    from rules.roles import Right
    from storage.communities import Community
    from storage.db import Transaction
    from storage.people import Account
    from storage.rooms import Room

log = logging.getLogger("banzhang.desk")

LARGEST_SKEW = DAY
"""How far (milliseconds) a platform's clock may run ahead: an event further in the future happens now."""

NONE: frozenset[str] = frozenset()
NEVER_SEEN = ""
"""The role in a room of somebody who has no row there yet."""
MOVES = frozenset({"community", "standing"})
"""The columns of a room whose change may bring it into a community, or out of it."""

Given = ParamSpec("Given")
Result = TypeVar("Result")
Settings = TypeVar("Settings", bound=BaseModel)
Thing = TypeVar("Thing")


class Desk:
    """One transaction's rows, instant and helpers; a new one for each batch."""

    def __init__(self, house: House, memory: Memory, tx: Transaction, now: int) -> None:
        self.house = house
        self.memory = memory
        self.tx = tx
        self.now = now
        self.latest = now + LARGEST_SKEW
        """The latest instant at which something can have happened, UTC milliseconds."""
        self.signals: list[Signal] = []
        self.coming: Sequence[Event] = ()
        """This batch's events, until somebody looks ahead (bot/core/meeting.py: ahead)."""
        self.meet: Callable[[], None] = nobody
        """Called when somebody is not known: all who write in this batch are met (bot/core/meeting.py)."""
        self.woken: set[str] = set()
        self.answered = ("", 0)
        """The last event that was a press and answered in words, by its key, and the outbox row of these."""

    def part(self, act: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Result:
        """Do a part of the work, which is undone when it raises: rows, signals, and what memory learned."""
        mark = len(self.signals)
        before, self.memory.changed = self.memory.changed, False
        try:
            return self.tx.part(act, *given, **named)
        except BaseException:
            del self.signals[mark:]
            if self.memory.changed:
                self.memory.clear()
            raise
        finally:
            self.memory.changed |= before

    def room(self, bot: str, place: Place) -> Room:
        """The room that a platform means; a new row when it was never seen."""
        room = self.memory.rooms.get((bot, place.native))
        if room is None:
            room = rooms.by_native(self.tx, bot, place.native)
            if room is None:
                room = rooms.add(self.tx, bot, place.native, place.kind, place.title, self.now)
                self.memory.changed = True
            self.memory.rooms[bot, place.native] = room
        return room

    def change_room(self, room: Room, **changes: object) -> Room:
        """Change columns of a room; the room as it is now."""
        changed = msgspec.structs.replace(room, **changes)
        rooms.save(self.tx, changed)
        self.memory.rooms[room.bot, room.native] = changed
        self.memory.things.pop(("room", room.id), None)
        if not changes.keys().isdisjoint(MOVES):
            self.forget("settings", "off")
        self.memory.listeners.pop(room.id, None)
        self.memory.changed = True
        return changed

    def room_by_id(self, room: int) -> Room:
        """The room with this id."""
        return self.remember(("room", room), lambda: rooms.by_id(self.tx, room))

    def is_staff_room(self, room: Room) -> bool:
        """Whether a room is the staff room of its community, where no member reads along."""
        return room.community is not None and self.community(room.community).staff_room == room.id

    def with_whom(self, room: Room) -> Account | None:
        """The account that a private chat is with; None for one that is not known, and for a group."""
        if room.is_group:
            return None
        return people.by_native(self.tx, self.house.bots[room.bot].platform, room.native)

    def account(self, bot: str, sender: Sender) -> Account:
        """The account that a platform means, under the name it has now; a new row when it was never seen."""
        key = self.house.bots[bot].platform, sender.native
        account = self.memory.accounts.get(key)
        if account is None:
            self.meet()
            account = self.memory.accounts.get(key) or people.by_native(self.tx, *key)
            account = self.memory.accounts[key] = account or self._add(key[0], sender)
        if account.name == sender.name and account.username == sender.username:
            return account
        return self._named(account, sender)

    def _named(self, account: Account, sender: Sender) -> Account:
        name = shown(sender.name) if sender.name else account.name
        if (account.name, account.username) == (name, sender.username):
            return account
        people.rename(self.tx, account.id, name, sender.username)
        self.memory.changed = True
        account = msgspec.structs.replace(account, name=name, username=sender.username)
        self.memory.accounts[account.platform, account.native] = account
        return account

    def _add(self, platform: str, sender: Sender) -> Account:
        self.memory.changed = True
        return people.add(
            self.tx,
            platform=platform,
            native=sender.native,
            name=shown(sender.name),
            username=sender.username,
            is_bot=sender.is_bot,
            now=self.now,
        )

    def set_direct(self, account: Account, direct: str) -> None:
        """Whether the bot may write to the account first: open or closed."""
        if account.direct != direct:
            people.set_direct(self.tx, account.id, direct)
            self.memory.accounts.pop((account.platform, account.native), None)
            self.memory.changed = True

    def role(self, room: Room, account: Account) -> str:
        """An account's role in a room; who writes there is at least a member."""
        key = room.id, account.id
        role = self.memory.roles.get(key)
        if not role:
            self.meet()
            role = self.memory.roles.get(key)
            role = rooms.role(self.tx, *key) if role is None else role
            if not role:
                rooms.join(self.tx, *key, self.now)
                role, self.memory.changed = "member", True
            self.memory.roles[key] = role
        return role

    def set_role(self, room: Room, account: Account, role: str) -> str:
        """An account's role in a room is this from now on."""
        rooms.set_role(self.tx, room.id, account.id, role, self.now)
        self.memory.roles[room.id, account.id] = role
        self.memory.changed = True
        return role

    def community(self, community: int) -> Community:
        """The community with this id."""
        return self.remember(("community", community), lambda: communities.by_id(self.tx, community))

    def calendar(self, community: int) -> Calendar:
        """The days of a community, by the time rules of all its history."""
        return self.remember(("calendar", community), lambda: communities.calendar(self.tx, community))

    def settings(self, kind: type[Settings], community: int, room: int = 0) -> Settings:
        """A feature's settings for a room of a community: default < file < community < room."""
        return self.remember(
            ("settings", kind, community, room), lambda: self._settings(kind, community, room)
        )

    def _settings(self, kind: type[Settings], community: int, room: int) -> Settings:
        base = self.house.settings[kind]
        section = self.section(kind) + "."
        chosen = {
            name.removeprefix(section): value
            for name, value in self._set_in(community, room).items()
            if name.startswith(section)
        }
        try:
            return kind.model_validate(base.model_dump() | chosen) if chosen else base  # type: ignore[return-value]
        except ValidationError:
            log.exception("settings of community %d cannot be used any more; the file's hold", community)
            return base  # type: ignore[return-value]

    def _set_in(self, community: int, room: int) -> Mapping[str, object]:
        """What was set in chat for a room: its own over the community's, read at once for all rooms."""
        everywhere: dict[str, object] = self.remember(
            ("settings", "of community", community), lambda: settings.of_room(self.tx, community, 0)
        )
        of_rooms: dict[int, dict[str, object]] = self.remember(
            ("settings", "of rooms", community), lambda: settings.of_rooms(self.tx, community)
        )
        return everywhere | of_rooms.get(room, {})

    def mode(self, feature: str, community: int, room: int = 0) -> Mode:
        """How a feature that may be off works in a room (0: in the community)."""
        mode: Mode = getattr(self.settings(self.house.modes, community, room), feature)
        return mode

    def off(self, community: int, room: int = 0) -> frozenset[str]:
        """The features that are off in a room; in the staff room, where nobody studies, all that may be.

        Room 0, where a private chat or a job is about the community: those that are off in all of its rooms.
        """
        return self.remember(("settings", "off", community, room), lambda: self._off(community, room))

    def off_in(self, room: Room) -> frozenset[str]:
        """The features that are off in a room; none in a private chat, which may be about any community."""
        return self.off(room.community, room.id) if room.is_group and room.community is not None else NONE

    def _off(self, community: int, room: int) -> frozenset[str]:
        may_be = {feature.name for feature in self.house.features if feature.modes}
        if room and room == self.community(community).staff_room:
            return frozenset(may_be)
        places = [room] if room else [one.id for one in rooms.of_community(self.tx, community)] or [0]
        return frozenset(
            name for name in may_be if all(self.mode(name, community, place) == "off" for place in places)
        )

    def role_kinds(self, community: int) -> Mapping[str, frozenset[Right]]:
        """The rights of those roles that a community made or changed."""
        return self.remember(("role_kinds", community), lambda: self._role_kinds(community))

    def _role_kinds(self, community: int) -> dict[str, frozenset[Right]]:
        kept = roles.kinds(self.tx, community)
        return {
            name: frozenset(right for right in RIGHTS if right in words.split())
            for name, words in kept.items()
        }

    def section(self, kind: type[BaseModel]) -> str:
        """The name of the section whose settings are of this kind."""
        return self.house.sections[kind]

    def told_of(self, kind: type[Fact]) -> Sequence[tuple[str, Callable[[Context, Any], None]]]:
        """The features that are told of facts of a kind, in the order of their table."""
        return self.remember(
            ("told of", kind),
            lambda: [(one.name, one.listeners[kind]) for one in self.house.features if kind in one.listeners],
        )

    def remember(self, key: Hashable, read: Callable[[], Thing]) -> Thing:
        """A thing read from rows, kept until something is undone or `forget` names it."""
        things = self.memory.things
        try:
            return things[key]  # type: ignore[return-value]
        except KeyError:
            thing = things[key] = read()
            return thing

    def forget(self, *key: Hashable) -> None:
        """Forget remembered things whose key begins with these parts."""
        self.memory.changed = True
        self.memory.listeners.clear()
        for known in [one for one in self.memory.things if isinstance(one, tuple) and one[: len(key)] == key]:
            del self.memory.things[known]

    def flush(self) -> None:
        """Fold the signals that were kept aside, so that rows tell the truth."""
        if self.signals:
            signals, self.signals = self.signals, []
            off = {
                place: self.off(*place) for place in {(signal.community, signal.room) for signal in signals}
            }
            for feature in self.house.features:
                if feature.fold is not None:
                    quiet = {place for place, names in off.items() if feature.name in names}
                    feature.fold(self, _outside(quiet, signals) if quiet else signals)


def nobody() -> None:
    """Nobody is met: each is looked up when they act."""


def _outside(places: set[tuple[int, int]], signals: list[Signal]) -> list[Signal]:
    return [signal for signal in signals if (signal.community, signal.room) not in places]
