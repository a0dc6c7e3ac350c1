"""What a handler is given: what happened, when, to whom, the rows, and the ways to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.core import manners
from bot.core.errors import UserError
from bot.core.feature import LEVELS, Signal
from bot.core.locale import locale_of
from bot.core.port import Answer, Button, Can, Delete, Edit, Message, Picture, React, Say, Words
from storage import communities, jobs, outbox, people, rooms

if TYPE_CHECKING:
    import random

    from pydantic import BaseModel

    from bot.core.desk import Desk, Settings
    from bot.core.feature import Level
    from bot.core.port import AnyAction, Event
    from rules.calendar import Calendar
    from rules.days import Day
    from rules.facts import Fact
    from storage.communities import Community
    from storage.db import Transaction
    from storage.people import Account
    from storage.rooms import Room

Buttons = tuple[tuple[Button, ...], ...]

MINUTE = 60_000
HOUR = 60 * MINUTE

GATHER_BACKLOG = 10_000
"""How long (milliseconds) the acknowledgement of something old waits for others to be merged with."""

MERGE = "merge:"
"""A topic that begins so may be merged: `merge:checkin.done` becomes one `checkin.done_merged`."""

ANSWER, NOTICE = 0, 10
"""Priorities in a chat: what somebody waits for goes first."""


class Context:
    """One event, or one run of a job, as a handler sees it.

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
        self.at = at
        self.event = event
        self._room = room
        self._account = account
        self.community_id = room.community if community is None and room is not None else community

    # What there is.

    @property
    def tx(self) -> Transaction:
        """The rows, in the transaction of this event."""
        return self.desk.tx

    @property
    def now(self) -> int:
        """The present instant, UTC milliseconds."""
        return self.desk.now

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
        assert self.community_id is not None, "this context has no community"
        return self.desk.community(self.community_id)

    @property
    def calendar(self) -> Calendar:
        """The community's days."""
        return self.desk.calendar(self.community.id)

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

    @property
    def is_backlog(self) -> bool:
        """Whether this happened so long ago that an answer to each would be noise."""
        return self.now - self.at > manners.FRESH_FOR

    def settings(self, kind: type[Settings]) -> Settings:
        """A feature's settings, as they are for this room."""
        room = self._room
        return self.desk.settings(
            kind, self.community.id, room.id if room is not None and room.is_group else 0
        )

    def set(self, kind: type[BaseModel], key: str, value: object, room: int = 0) -> None:
        """Set one setting from now on (room 0: for the whole community), and note it."""
        name = f"{self.desk.section(kind)}.{key}"
        before = communities.settings(self.tx, self.community.id, room).get(name, "")
        communities.set_setting(self.tx, self.community.id, room, name, value)
        self.desk.forget("settings")
        self.audit("setting", name, str(before), str(value))

    # Who may what.

    @property
    def level(self) -> Level:
        """What the one who did it may do here, by the rows of this moment."""
        if isinstance(self.event, Message) and self.event.as_admin:
            return "admin"
        if self._account is None:
            return "member"
        account = self._account
        if f"{account.platform}:{account.native}" in self.desk.house.admins:
            return "admin"
        if (
            self._room is not None
            and self._room.is_group
            and self.desk.role(self._room, account) in {"owner", "admin"}
        ):
            return "admin"
        return "member" if self.community_id is None else self._level_in_community(self.community_id, account)

    def _level_in_community(self, community: int, account: Account) -> Level:
        roles = people.roles(self.tx, community, account.person)
        in_group = self._room is not None and self._room.is_group
        if "admin" in roles or (
            not in_group and rooms.is_admin_of_community(self.tx, community, account.person)
        ):
            return "admin"
        return "leader" if roles else "member"

    def may(self, level: Level) -> bool:
        """Whether the one who did it may do what needs this level."""
        return LEVELS.index(self.level) >= LEVELS.index(level)

    def audit(self, act: str, subject: str, before: str = "", after: str = "") -> None:
        """Keep who changed what."""
        communities.note(
            self.tx,
            community=self.community.id,
            at=self.now,
            person=self._account.person if self._account else None,
            act=act,
            subject=subject,
            before=before,
            after=after,
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

    # Ways to answer.

    def say(
        self,
        words: Words,
        *,
        reply: bool = True,
        buttons: Buttons = (),
        picture: Picture | None = None,
        vanish_after: int = 0,
        topic: str | None = None,
        tag: str = "",
    ) -> int:
        """Answer where it happened; the outbox row. An answer that could not be sent for an hour expires."""
        action = Say(
            parts=(words,),
            language=self.language,
            buttons=buttons,
            picture=picture,
            reply_to=self.event.native if reply and isinstance(self.event, Message) else None,
            thread=self.event.place.thread if self.event is not None else self.room.thread,
            vanish_after=vanish_after,
            tag=tag,
        )
        return self.put(self.room, action, topic=topic)

    def say_in(
        self, room: Room, words: Words, *, buttons: Buttons = (), picture: Picture | None = None
    ) -> int:
        """Say something that somebody asked for in a room; the outbox row. Unprompted lines: `announce`."""
        action = Say(
            parts=(words,),
            language=self.language_of(room),
            buttons=buttons,
            picture=picture,
            thread=room.thread,
        )
        return self.put(room, action)

    def put(
        self,
        room: Room,
        action: AnyAction,
        *,
        priority: int = ANSWER,
        topic: str | None = None,
        not_before: int = 0,
        lives_for: int = HOUR,
    ) -> int:
        """Queue an action for a room; the outbox row. It expires `lives_for` milliseconds after it may go."""
        self.desk.woken.add(room.bot)
        start = max(self.now, not_before)
        return outbox.put(
            self.tx,
            bot=room.bot,
            room=room.id,
            action=msgspec.json.encode(action).decode(),
            priority=priority,
            topic=topic,
            now=self.now,
            not_before=start,
            not_after=start + lives_for,
        )

    def react(self, emoji: str, words: Words, *, topic: str) -> None:
        """Acknowledge this message with a reaction, or `words` where nothing can react.

        Many that wait in one room on one topic become one line: the block `<topic>_merged`, with their
        number (`count`) and the `name` values of their words (`people`).
        """
        assert isinstance(self.event, Message)
        self.react_to(self.event.native, emoji, words, topic=topic)

    def react_to(self, message: str, emoji: str, words: Words, *, topic: str) -> None:
        """Like `react`, to another message of this room."""
        not_before = self.now + GATHER_BACKLOG if self.is_backlog else 0
        action = React(message=message, emoji=emoji, words=words)
        self.put(self.room, action, topic=MERGE + topic, not_before=not_before)

    def answer(self, words: Words | None = None, *, alert: bool = False) -> None:
        """Answer the button press: a text (at most 200 characters) that only the one who pressed sees."""
        press = getattr(self.event, "press", None)
        assert press is not None, "only a button press can be answered"
        action = Answer(press=press, words=words, language=self.language_for(self.account), alert=alert)
        self.put(self.room, action, lives_for=2 * MINUTE)

    def edit(self, message: str, words: Words, *, buttons: Buttons = ()) -> None:
        """Replace the text and buttons of one of the bot's messages in this room."""
        self.put(self.room, Edit(message=message, words=words, language=self.language, buttons=buttons))

    def delete(self, message: str) -> None:
        """Delete a message of this room."""
        self.put(self.room, Delete(message=message))

    def whisper(self, words: Words, *, picture: Picture | None = None, buttons: Buttons = ()) -> None:
        """Answer so that only the one who asked reads it, as far as the platform can (manners.whisper)."""
        manners.whisper(self, words, picture=picture, buttons=buttons)

    def tell(
        self,
        account: Account,
        words: Words,
        *,
        picture: Picture | None = None,
        buttons: Buttons = (),
        tag: str = "",
    ) -> bool:
        """Write to a person in private, when the platform lets the bot; whether it could be queued."""
        return manners.tell(self, account, words, picture=picture, buttons=buttons, tag=tag)

    def nudge(
        self,
        account: Account,
        feature: str,
        words: Words,
        *,
        picture: Picture | None = None,
        buttons: Buttons = (),
    ) -> bool:
        """Write to a person unasked, within the nudge budget and quiet hours; whether it will be said."""
        return manners.nudge(self, account, feature, words, picture=picture, buttons=buttons)

    def announce(
        self,
        room: Room,
        words: Words,
        *,
        buttons: Buttons = (),
        picture: Picture | None = None,
        lives_for: int = 12 * HOUR,
    ) -> bool:
        """Say something unprompted in a room, within its talk budget and quiet hours; whether it will be.

        It is dropped when it could not be said within `lives_for` milliseconds.
        """
        return manners.announce(self, room, words, buttons=buttons, picture=picture, lives_for=lives_for)

    # What follows.

    def emit(self, fact: Fact) -> None:
        """Tell the other features; what they do is part of this transaction."""
        for feature in self.desk.house.features:
            listener = feature.listeners.get(type(fact))
            if listener is not None:
                listener(self, fact)

    def signal(self, kind: str, *, amount: int = 1, about: int | None = None, counts: bool = True) -> None:
        """Keep a sign of activity of this account in this room, folded at the end of the batch."""
        if self.community_id is None or self._account is None or not self.room.is_group:
            return
        account = self._account
        signal = Signal(
            kind,
            self.community_id,
            self.room.id,
            account.id,
            account.person,
            self.at,
            self.event,
            amount,
            counts,
            about,
        )
        self.desk.signals.append(signal)

    def wake(self, job: str, due_at: int) -> None:
        """A job of this community runs at `due_at` at the latest."""
        jobs.bring_forward(self.tx, job, self.community.id, due_at)
        self.desk.woken.add("jobs")

    def as_account(self, account: Account, room: Room) -> Context:
        """The same moment, as of another account in a room (a leader acts for a member)."""
        return Context(self.desk, at=self.at, event=self.event, room=room, account=account)
