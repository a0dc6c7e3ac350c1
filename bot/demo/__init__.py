"""The demo: sixty days of an invented community, played through the local room by the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.demo.acts import Act, moments
from bot.demo.cast import LEADER, OWNER, STAFF, Character, cast
from bot.demo.lines import lines_in
from bot.demo.script import FIRST_MORNING, Script
from rules.calendar import Calendar, Rule
from rules.days import shift
from storage import local_acts, local_room
from storage.local_acts import NotAllowed
from storage.local_room import chat_of_member, chat_of_room

if TYPE_CHECKING:
    import random
    from collections.abc import AsyncIterator

    from bot.adapters.room import LocalRoom
    from bot.core.engine import Engine
    from storage.db import Transaction

__all__ = ["DAYS", "PEOPLE", "Play"]

DAYS = 60
PEOPLE = 40
TIERS = (2, 2, 1, 1)
A_MOMENT = 110_000
"""Acts so close together (milliseconds) are one batch, as they are for a bot that is asked often."""

LAST_BUTTONS = 40
"""Among how many of a chat's last messages a button is looked for."""


class Play:
    """A play of some days that ends at an instant (UTC milliseconds), in a language and time zone.

    The bot's pictures are drawn on the last days only: with all of them it would take twice as long.
    """

    def __init__(
        self,
        *,
        language: str,
        zone: str,
        ends: int,
        chance: random.Random,
        days: int = DAYS,
        people: int = PEOPLE,
        days_with_pictures: int = 3,
    ) -> None:
        calendar = Calendar((Rule(since=0, zone=zone, day_starts_at=0),))
        first = shift(calendar.day_of(ends), -days)
        self.lines = lines_in(language)
        self.people = cast(self.lines, people, chance)
        self.script = Script(self.lines, self.people, calendar, first, chance)
        self.days = days
        self.days_with_pictures = days_with_pictures
        self.begins = calendar.at_wall(first, FIRST_MORNING)
        self.ends = ends
        self._members: dict[int, int] = {}
        self._rooms: list[int] = []
        self._said: dict[str, int] = {}

    async def perform(self, engine: Engine, room: LocalRoom) -> AsyncIterator[int]:
        """Play it on an engine whose clock stands at `begins`; yields each day that is over."""
        database = engine.database
        await database.write(self._found)
        await room.drain(engine.pipeline)
        for number in range(self.days + 1):
            engine.ready.draws = number > self.days - self.days_with_pictures
            acts = [act for act in self.script.day(number) if act.at <= self.ends]
            for moment in moments(acts, A_MOMENT):
                await engine.play_until(moment[0].at)
                await database.write(lambda tx, moment=moment: self._do_all(tx, moment))  # type: ignore[misc]
                engine.clock.move_to(moment[-1].at)
                await room.drain(engine.pipeline)
            if number == self.days:
                await engine.play_until(self.ends)
                await database.write(_read_answers)
            yield number

    def _found(self, tx: Transaction) -> None:
        """Open the rooms, with everybody in them who is there from the beginning."""
        rooms = zip((*self.lines.rooms, self.lines.staff_room), TIERS, strict=True)
        self._rooms = [local_acts.add_room(tx, title, tier, self.begins) for title, tier in rooms]
        for one in self.people:
            if one.comes == 0:
                self._come(tx, one, self.begins, silently=True)
        for place in (OWNER, LEADER):
            local_acts.join(tx, self._rooms[STAFF], self._members[place], self.begins, silently=True)

    def _come(self, tx: Transaction, one: Character, at: int, *, silently: bool = False) -> None:
        role = "owner" if one.place == OWNER else "member"
        member = self._members[one.place] = local_acts.add_member(tx, one.name, role, at)
        for room in one.rooms:
            local_acts.join(tx, self._rooms[room], member, at, silently=silently)

    def _do_all(self, tx: Transaction, acts: list[Act]) -> None:
        for act in acts:
            try:
                self._do(tx, act)
            except NotAllowed:
                continue  # they left meanwhile, or the message is gone: nobody would miss it

    def _do(self, tx: Transaction, act: Act) -> None:
        if act.does == "come":
            self._come(tx, self.people[act.who], act.at)
            return
        member = self._members[act.who]
        if act.does == "go":
            for room in self.people[act.who].rooms:
                local_acts.leave(tx, self._rooms[room], member, act.at)
        elif act.does == "say":
            self._say(tx, act, member)
        elif act.does == "press":
            self._press(tx, act, member)
        elif act.about in self._said:
            self._touch(tx, act, member, self._said[act.about])

    def _say(self, tx: Transaction, act: Act, member: int) -> None:
        said = local_acts.say(
            tx,
            chat=self._chat(act, member),
            member=member,
            text=act.text,
            now=act.at,
            picture=None if act.picture is None else ("image/png", act.picture),
            reply_to=self._said.get(act.about),
        )
        if act.key:
            self._said[act.key] = said

    def _touch(self, tx: Transaction, act: Act, member: int, message: int) -> None:
        if act.does == "edit":
            local_acts.edit(tx, message=message, member=member, text=act.text, now=act.at)
        else:
            local_acts.react(tx, message=message, member=member, emoji=act.text, now=act.at)

    def _press(self, tx: Transaction, act: Act, member: int) -> None:
        """Press the newest button of its kind, if there is one."""
        for message in reversed(local_room.messages(tx, self._chat(act, member), most=LAST_BUTTONS)):
            for button in (button for row in message.buttons for button in row):
                if button.data.startswith(act.text):
                    local_acts.press(tx, message=message.id, member=member, data=button.data, now=act.at)
                    return

    def _chat(self, act: Act, member: int) -> str:
        return chat_of_member(member) if act.room is None else chat_of_room(self._rooms[act.room])


def _read_answers(tx: Transaction) -> None:
    """Whoever pressed a button has read the answer long ago."""
    for answer in local_room.answers(tx):
        local_room.shown(tx, answer.id)
