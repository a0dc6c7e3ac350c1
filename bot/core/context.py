"""What a handler is given: what happened, when, to whom, the rows, and the ways to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core import choices, lacking, manners, nudging, staff, suggesting
from bot.core.actions import Button, Delete, Edit, React, Say, Words, written
from bot.core.binding import another, bound
from bot.core.drawing import Picture
from bot.core.events import ButtonPressed, Message
from bot.core.feature import Signal
from bot.core.port import Can
from bot.core.priority import ANSWER, NOD, NOTICE
from bot.core.scene import Scene
from bot.core.sharing import has_share
from rules.durations import HOUR
from storage import jobs, outbox
from storage.outbox import Queued

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.core.actions import AnyAction
    from rules.facts import Fact
    from rules.roles import Right
    from rules.table import Table
    from storage.people import Account
    from storage.rooms import Room

Buttons = tuple[tuple[Button, ...], ...]


GATHER_BACKLOG = 10_000
"""How long (milliseconds) the acknowledgement of something old waits for others to be merged with."""

MERGE = "merge:"
"""A topic that begins so may be merged: `merge:checkin.done` becomes one `checkin.done_merged`."""


class Context(Scene):
    """What a handler is given: the scene, and the ways to answer and to let things follow."""

    # Ways to answer.

    def say(
        self,
        words: Words,
        *,
        reply: bool = True,
        buttons: Buttons = (),
        picture: Picture | None = None,
        table: Table | None = None,
        vanish_after: int = 0,
        topic: str | None = None,
        tag: str = "",
    ) -> int:
        """Answer where it happened; the outbox row. An answer that could not be sent for an hour expires.

        One more than a person may have in a group within a minute (manners.may_answer) expires at once.
        """
        action = Say(
            parts=(words,),
            language=self.language,
            buttons=(*buttons, *another(self)),
            picture=picture,
            table=table,
            reply_to=self.event.native if reply and isinstance(self.event, Message) else None,
            mention=lacking.whom(self) if reply else None,
            thread=self.event.place.thread if self.event is not None else self.room.thread,
            vanish_after=vanish_after,
            tag=tag,
        )
        lives_for = HOUR if manners.may_answer(self) else -1
        return self.put(self.room, action, topic=topic, lives_for=lives_for)

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
        """Queue an action for a room; the outbox row. It expires `lives_for` milliseconds after it may go.

        0, which is no row, for a room by hand: nothing can be said there. What the platform of a room lacks
        is made up for (bot/core/lacking.py), or the action left out.
        """
        if room.is_by_hand:
            return 0
        asked = self._addressed(room, action)
        fitted = lacking.fitted(self, room, asked)
        is_answer = lives_for >= 0 and priority < NOTICE
        if fitted is None or (is_answer and not has_share(self, room, fitted)):
            left_out = self._queued(room, asked, priority, topic, not_before, lives_for)
            return outbox.leave_out(self.tx, left_out, "lacking" if fitted is None else "share")
        fitted = choices.numbered(self.desk, room, fitted)
        queued = self._queued(room, fitted, priority, topic, not_before, lives_for)
        row = outbox.put(self.tx, queued)
        stands_for = asked.message if isinstance(asked, Edit) else None
        choices.keep(self.desk, room, fitted, queued, row, stands_for)
        return row

    def _addressed(self, room: Room, action: AnyAction) -> AnyAction:
        """The action as it may go to a room: nothing for staff to members, in private for this community."""
        if room.is_group:
            staff.keep_from_members(self.desk, room, *staff.texts_of(action))
            return action
        return action if self.community_id is None else bound(action, self.community_id)

    def _queued(
        self,
        room: Room,
        action: AnyAction,
        priority: int = ANSWER,
        topic: str | None = None,
        not_before: int = 0,
        lives_for: int = HOUR,
    ) -> Queued:
        self.desk.woken.add(room.bot)
        start = max(self.now, not_before)
        return Queued(
            bot=room.bot,
            room=room.id,
            priority=priority,
            action=written(action),
            topic=topic,
            created_at=self.now,
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
        room, mention = self.room, None
        if room.is_by_hand:
            return
        not_before = self.now + GATHER_BACKLOG if self.is_backlog else 0
        if Can.REACT not in self.can:
            not_before = max(not_before, manners.gathered_at(self, topic, MERGE + topic))
            mention = lacking.whom_about(self, message)
        if room.is_group:
            staff.keep_from_members(self.desk, room, words)
        action = React(message=message, emoji=emoji, words=words, language=self.language, mention=mention)
        outbox.put_later(self.tx, self._queued(room, action, NOD, MERGE + topic, not_before))

    def answer(self, words: Words | None = None, *, alert: bool = False) -> None:
        """Answer the button press: a text (at most 200 characters) that only the one who pressed sees.

        Where no platform shows it so, in private, else in the room (lacking.answer).
        """
        lacking.answer(self, words, alert=alert)

    def edit(self, message: str, words: Words, *, buttons: Buttons = ()) -> None:
        """Replace the text and buttons of one of the bot's messages in this room."""
        self.put(self.room, Edit(message=message, words=words, language=self.language, buttons=buttons))

    def edit_pressed(self, words: Words, *, buttons: Buttons = (), toast: Words | None = None) -> None:
        """Answer a press by what the pressed message shows from now on; only who pressed sees the `toast`."""
        assert isinstance(self.event, ButtonPressed), "only a button press can be answered"
        self.answer(toast)
        self.edit(self.event.message, words, buttons=buttons)

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
        return nudging.nudge(self, account, feature, words, picture=picture, buttons=buttons)

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
        staff.keep_from_members(self.desk, room, words)
        return manners.announce(self, room, words, buttons=buttons, picture=picture, lives_for=lives_for)

    def confide(self, words: Words, *, buttons: Buttons = (), table: Table | None = None) -> None:
        """Answer somebody who looks after the community, never before its members (staff.confide)."""
        staff.confide(self, words, buttons=buttons, table=table)

    def report(
        self,
        words: Words,
        *,
        buttons: Buttons = (),
        tag: str = "",
        needs: Right = "settings",
        around: Collection[str] = (),
    ) -> bool:
        """Tell the staff room something unasked; whether anybody will be told (staff.report)."""
        return staff.report(self, words, buttons=buttons, tag=tag, needs=needs, around=around)

    def suggest(
        self,
        kind: str,
        subject: str,
        *,
        about: dict[str, object],
        data: object,
        room: Room | None = None,
        message: str = "",
    ) -> None:
        """Propose something for a person to decide; done at once, or dropped, where the mode says so.

        `kind` is one of a feature's suggestions. The same `subject` (worded like that of `audit`) is not
        proposed again while it waits. `about` fills its text; `data` is JSON for its feature. `room`: the one
        it is about; `message`: the message of that room because of which it is proposed.
        """
        suggesting.suggest(self, kind, subject, about=about, data=data, room=room, message=message)

    # What follows.

    def emit(self, fact: Fact) -> None:
        """Tell the other features; what they do is part of this transaction."""
        off = self.off
        for feature, listener in self.desk.told_of(type(fact)):
            if feature not in off:
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

    def elsewhere(self, room: Room | None, *, nobody: bool = False) -> Context:
        """The same moment in another room (None: in this one); `nobody`: as if no person did it."""
        return Context(
            self.desk,
            at=self.at,
            event=self.event,
            room=room or self._room,
            account=None if nobody else self._account,
            community=self.community_id,
        )

    def in_community(self, community: int, room: Room | None = None) -> Context:
        """The same moment, and who did it, in another community (in a room of it, or in none)."""
        return Context(
            self.desk, at=self.at, event=self.event, room=room, account=self._account, community=community
        )
