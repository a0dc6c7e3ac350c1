"""What happened, when, where and by whom: the rows around it, rights and languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.core.errors import UserError
from bot.core.events import Message
from bot.core.locale import locale_of
from bot.core.port import Can, rights_on
from rules.roles import rights_of
from storage import audits, people, rooms

if TYPE_CHECKING:
    import random

    from bot.core.desk import Desk, Settings
    from bot.core.events import Event
    from rules.calendar import Calendar
    from rules.days import Day
    from rules.roles import Right
    from storage.communities import Community
    from storage.people import Account
    from storage.rooms import Room

PLATFORM_ROLES = {"owner", "admin"}

FRESH_FOR = 120_000
"""What happened longer ago (milliseconds) is backlog: answered by one line for all."""


class Scene:
    """One event, or one run of a job, and what surrounds it.

    `at` is when it happened, `now` the present; both UTC milliseconds. Not every context has a room, an
    account and a community: a job has no account, a private chat of a stranger no community.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        at: int,
        event: Event | None = None,
        room: Room | None = None,
        account: Account | None = None,
        community: int | None = None,
    ) -> None:
        self.desk = desk
        self.tx = desk.tx
        """The rows, in the transaction of this event."""
        self.at = at
        self.now = desk.now
        """The present instant, UTC milliseconds."""
        self.event = event
        self._room = room
        self._account = account
        self.community_id = room.community if community is None and room is not None else community
        self.may_mean_others = False
        """Whether this is somebody's private word, who is in other communities, too."""

    # What there is.

    @property
    def random(self) -> random.Random:
        """Where all chance comes from."""
        return self.desk.house.random

    @property
    def room(self) -> Room:
        """The room it happened in; a bug when there is none."""
        assert self._room is not None, "this context has no room"
        return self._room

    @property
    def account(self) -> Account:
        """Who did it; UserError for an anonymous admin, who is no person. A bug when nobody did."""
        if self._account is None and isinstance(self.event, Message):
            raise UserError("core.anonymous")
        assert self._account is not None, "this context has no account"
        return self._account

    @property
    def has_room(self) -> bool:
        """Whether it happened in a room (jobs of a community happen in none)."""
        return self._room is not None

    @property
    def has_account(self) -> bool:
        """Whether a person did it (anonymous admins and jobs are no persons)."""
        return self._account is not None

    @property
    def community(self) -> Community:
        """The community it happened in; a bug when there is none."""
        return self.desk.community(self.known_community)

    @property
    def known_community(self) -> int:
        """The id of the community it happened in; a bug when there is none."""
        assert self.community_id is not None, "this context has no community"
        return self.community_id

    @property
    def calendar(self) -> Calendar:
        """The community's days."""
        return self.desk.calendar(self.known_community)

    @property
    def day(self) -> Day:
        """The community's local day in which it happened."""
        return self.calendar.day_of(self.at)

    @property
    def today(self) -> Day:
        """The community's local day now."""
        return self.calendar.day_of(self.now)

    @property
    def can(self) -> Can:
        """What the platform of this room can do."""
        return self.can_in(self.room)

    def can_in(self, room: Room) -> Can:
        """What the platform of a room can do."""
        bot = self.desk.house.bots.get(room.bot)
        return Can(0) if bot is None else bot.can

    def shares_platform(self, account: Account, room: Room) -> bool:
        """Whether an account is of the platform that a room is on."""
        bot = self.desk.house.bots.get(room.bot)
        return bot is not None and bot.platform == account.platform

    def missing_in(self, room: Room) -> tuple[str, ...]:
        """The rights that the bot lacks in a room, of those that its platform can give."""
        rights = () if room.is_by_hand else rights_on(self.can_in(room))
        return tuple(right for right in rights if right not in room.rights)

    @property
    def is_backlog(self) -> bool:
        """Whether this happened so long ago that an answer to each would be noise."""
        return self.now - self.at > FRESH_FOR

    @property
    def _group(self) -> int:
        """The room whose own settings hold; 0, which is the whole community, in private and in none."""
        return self._room.id if self._room is not None and self._room.is_group else 0

    def settings(self, kind: type[Settings]) -> Settings:
        """A feature's settings, as they are for this room."""
        return self.desk.settings(kind, self.known_community, self._group)

    # Who may what.

    @property
    def roles(self) -> frozenset[str]:
        """The roles that the one who did it has here, by the rows of this moment."""
        account = self._account
        if not self.is_staff_room and isinstance(self.event, Message) and self.event.as_admin:
            return frozenset({"admin"})
        if account is None:
            return frozenset()
        if not self.is_before_members:
            return self.roles_of(account, self.community_id)
        shown = {self.desk.role(self.room, account)} & PLATFORM_ROLES
        return self.roles_of(account, self.community_id, everywhere=False) | shown

    def roles_of(self, account: Account, community: int | None, *, everywhere: bool = True) -> frozenset[str]:
        """The roles of an account in a community, and `everywhere` those that platforms name."""
        roles = {"owner"} if self.desk.house.is_run_by(account) else set()
        if community is not None:
            roles |= people.roles(self.tx, community, account.person)
            if everywhere:
                roles |= rooms.platform_roles(self.tx, community, account.person)
        return frozenset(roles)

    @property
    def rights(self) -> frozenset[Right]:
        """What the one who did it may do here, by the rows of this moment."""
        return rights_of(
            self.roles, {} if self.community_id is None else self.desk.role_kinds(self.community_id)
        )

    def may(self, right: Right | None) -> bool:
        """Whether the one who did it has a right; everybody may what needs none."""
        return right is None or right in self.rights

    def require(self, right: Right | None) -> None:
        """UserError unless the one who did it has a right."""
        if not self.may(right):
            raise UserError("core.needs_right", right=right)

    @property
    def is_staff_room(self) -> bool:
        """Whether this place is the staff room of its community, where no member reads along."""
        return self._room is not None and self.desk.is_staff_room(self._room)

    @property
    def is_before_members(self) -> bool:
        """Whether members read along here: in every group but the staff room."""
        return self._room is not None and self._room.is_group and not self.is_staff_room

    @property
    def is_word(self) -> bool:
        """Whether it was said in a group without a slash, where more words make it a sentence of a talk."""
        said = self.event
        return isinstance(said, Message) and self.room.is_group and not said.text.startswith("/")

    # Which features are on.

    @property
    def off(self) -> frozenset[str]:
        """The features that are off here: in this room; in private those that are off in every room."""
        if self.community_id is None:
            return frozenset()
        return self.desk.off(self.community_id, self._group)

    def is_on(self, feature: str, room: Room) -> bool:
        """Whether a feature is on in a room of this community."""
        return feature not in self.desk.off(self.community.id, room.id)

    def rooms_with(self, feature: str) -> list[Room]:
        """The members' rooms of this community where a feature is on, the top tier first."""
        return [room for room in rooms.of_community(self.tx, self.community.id) if self.is_on(feature, room)]

    # What is kept of changes.

    def audit(
        self,
        act: str,
        subject: str,
        before: object = None,
        after: object = None,
        *,
        room: int = 0,
        why: str = "",
        undo: object = None,
        undoes: int | None = None,
    ) -> int:
        """Keep who changed what; the audit row.

        `before` and `after` are what JSON can say; None and empty text: there was, or is, nothing.
        `undo` is given to the feature's own undo of this act to take it back; None: nothing does.
        Room 0: it was about the whole community. Parts of the subject like `person:1`, `account:1`, `task:1`
        and `room:1` are shown by their names (retelling.told). `undoes`: the audit row that this takes back.
        """
        return audits.note(
            self.tx,
            audits.Change(
                community=self.community.id,
                at=self.now,
                person=self._account.person if self._account else None,
                act=act,
                subject=subject,
                before=_as_text(before),
                after=_as_text(after),
                room=room,
                why=why,
                undo=_as_text(undo),
                undoes=undoes,
            ),
        )

    # Languages.

    def language_of(self, room: Room) -> str:
        """The language a room is spoken to in; a private chat has its member's."""
        if room.language is not None:
            return room.language
        if room.community is not None:
            return self.desk.community(room.community).language
        return self.desk.house.language

    def language_for(self, account: Account) -> str:
        """The language a person is spoken to in: the one chosen, else the room's they are in."""
        chosen = people.language(self.tx, account.person)
        if chosen is not None:
            return chosen
        if self.community_id is not None:
            return self.community.language
        sender = getattr(self.event, "sender", None)
        spoken = sender.language if sender is not None else None
        return locale_of(spoken) if spoken else self.desk.house.language

    @property
    def language(self) -> str:
        """The language of this place: the person's in private, the room's in a group."""
        if self._room is not None and self._room.is_group:
            return self.language_of(self._room)
        return self.desk.house.language if self._account is None else self.language_for(self._account)


def _as_text(value: object) -> str:
    return "" if value is None or value == "" else msgspec.json.encode(value).decode()
