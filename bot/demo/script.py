"""What the people of the demo do, day by day: check in, talk, ask, rest, come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.demo.acts import Act
from bot.demo.cast import LEADER, OWNER, STAFF, Character
from bot.demo.lines import Pack, filled
from bot.demo.sketch import notebook_page
from rules.days import shift, weekday
from rules.durations import MINUTE

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from bot.demo.lines import Lines
    from rules.calendar import Calendar
    from rules.days import Day

MONDAY, FRIDAY, SUNDAY = 0, 4, 6
PAGES = 12
"""Different pictures; every one is sent again and again."""

EMOJIS = ("👍", "❤️", "👏", "💪", "🔥", "🎉")
TALKS_A_DAY = (3, 3, 2)
"""Conversations in each room on a working day, where enough are there; at the weekend there is one more."""

LATE = 0.1
"""How many of the check-ins come hours after the usual time, when the reminder was read."""

FIRST_MORNING = 9 * 60
TERM_DAYS = (7, 37)
"""When a term is announced; the second one ends on the day before the last."""

PAUSE_DAY, HIDING_DAY, LEAVING_DAY = 46, 10, 33
BY_HAND_DAYS = (52, 53, 55, 57, 59)
"""When a list of the group without a bot is passed on; before the first one that group is made."""

HOLIDAY = (PAUSE_DAY + 1, PAUSE_DAY + 2)
ON_HOLIDAY = 0.25
"""How many check in on a holiday all the same."""

EVENING = 21 * 60
VERDICTS = ("yes", "yes", "no")
"""What the owner says in the evening to what waits to be decided, one after the other."""


class Script:
    """Writes the acts of one day after the other; the same chance writes the same days."""

    def __init__(
        self,
        lines: Lines,
        people: Sequence[Character],
        calendar: Calendar,
        first: Day,
        chance: random.Random,
    ) -> None:
        self.people = people
        self._words = lines.words
        self._by_hand = lines.by_hand
        self._calendar = calendar
        self._first = first
        self._chance = chance
        self._notes = {subject: Pack(notes, chance) for subject, notes in lines.subjects.items()}
        self._talks = Pack(tuple("\n".join(talk.lines) for talk in lines.talks), chance)
        self._pages = [notebook_page(chance) for _ in range(PAGES)]
        self._missed: set[int] = set()
        self._away: set[int] = set()
        self._gone: set[int] = set()

    def day(self, number: int) -> list[Act]:
        """Everything that happens on a day of the play (0 is the first), in order."""
        here = [one for one in self.people if one.comes <= number and one.place not in self._gone]
        acts = list(self._checkins(number, here))
        done = [act for act in acts if act.key.startswith("checkin")]
        at_home = [one for one in here if one.comes < max(number, 1)]
        active = [one for one in at_home if any(act.who == one.place for act in done)]
        acts += self._arrivals(number, here)
        acts += self._likes(done)
        acts += self._all_talks(number, active)
        acts += self._questions(number, active)
        acts += self._staff(number, done)
        acts += self._decisions(number)
        if weekday(self._date(number)) == SUNDAY:
            acts += self._relay(number, active)
        if weekday(self._date(number)) == FRIDAY:
            acts += self._sign_up(number, active)
        acts += self._turns(number, at_home)
        if number in BY_HAND_DAYS:
            acts += self._list_by_hand(number)
        return sorted(acts, key=lambda act: act.at)

    def _date(self, number: int) -> Day:
        return shift(self._first, number)

    def _at(self, number: int, minutes: float) -> int:
        """The instant of a time of a day; on the first day, which begins late, the early ones drop in."""
        if number == 0 and minutes < FIRST_MORNING + 10:
            minutes = FIRST_MORNING + 10 + self._chance.random() * 100
        return self._calendar.at_wall(self._date(number), int(minutes)) + int(minutes * MINUTE) % MINUTE

    # Checking in, and what belongs to it.

    def _checkins(self, number: int, here: Sequence[Character]) -> Iterator[Act]:
        away, self._away = self._away, set()
        missed, self._missed = self._missed, set()
        for one in here:
            if one.place in away:
                continue
            if number == one.comes or self._chance.random() < self._diligence(number, one):
                yield from self._checkin(number, one)
                if one.place in missed and self._chance.random() < 0.3:
                    yield self._make_up(number, one)
            else:
                self._missed.add(one.place)
                yield from self._instead(number, one)

    def _instead(self, number: int, one: Character) -> Iterator[Act]:
        """What some do who do not check in: ask for leave, or tell what they did without the word for it."""
        drawn = 1.0 if number in HOLIDAY or number == 0 else self._chance.random()
        if drawn < 0.2:
            yield self._leave(number, one)
        elif drawn < 0.27:
            at, key = self._at(number, EVENING - 35), f"forgotten {number} {one.place}"
            text = filled(self._chance.choice(self._words.forgotten), self._chance)
            yield Act(at, one.place, "say", one.home, text, key)
            yield Act(at + 12 * MINUTE, LEADER, "say", one.home, self._words.count, about=key)
        elif drawn < 0.3:
            text = filled(self._chance.choice(self._words.passing), self._chance)
            yield Act(self._at(number, EVENING - 40), one.place, "say", one.home, text)

    def _diligence(self, number: int, one: Character) -> float:
        return one.diligence(number) * (ON_HOLIDAY if number in HOLIDAY else 1)

    def _checkin(self, number: int, one: Character) -> Iterator[Act]:
        if number == one.comes and number > 0:
            minutes = float(EVENING - 60 + one.place)
        else:
            minutes = one.usual + self._chance.gauss(0, 12)
        is_late = number > one.comes + 1 and self._chance.random() < LATE
        room: int | None = one.home
        if is_late:
            minutes = min(minutes + self._chance.uniform(110, 200), 23 * 60 + 40)
            room = None if one.writes_privately and self._chance.random() < 0.5 else room
        at = self._at(number, minutes)
        picture = self._chance.choice(self._pages) if one.style == "picture" and not is_late else None
        key = f"checkin {number} {one.place}"
        yield Act(at, one.place, "say", room, self._wording(one, is_late=is_late), key, picture=picture)
        if self._chance.random() < 0.03:
            text = filled(self._words.noted[0], self._chance, note=self._note(one), note_tag="")
            yield Act(at + 70_000, one.place, "edit", room, text, about=key)

    def _wording(self, one: Character, *, is_late: bool) -> str:
        note = self._note(one)
        if is_late:
            return filled(self._chance.choice(self._words.late), self._chance, note=note)
        if one.style == "picture":
            return self._chance.choice(self._words.picture)
        tagged = self._words.tag.format(note=note)
        if one.style == "tag":
            return tagged
        if one.style == "word" and self._chance.random() < 0.75:
            return self._chance.choice(self._words.checkin)
        return self._chance.choice(self._words.noted).format(note=note, note_tag=tagged)

    def _note(self, one: Character) -> str:
        return self._notes[one.subject].deal()

    def _make_up(self, number: int, one: Character) -> Act:
        text = self._chance.choice(self._words.make_up).format(note=self._note(one))
        return Act(self._at(number, one.usual + 40), one.place, "say", one.home, text)

    def _leave(self, number: int, one: Character) -> Act:
        """Leave for today, or in advance for tomorrow, who then rests."""
        if self._chance.random() < 0.3:
            self._away.add(one.place)
            text = self._chance.choice(self._words.leave_ahead)
        else:
            text = self._chance.choice(self._words.leave)
        return Act(self._at(number, one.usual + 50), one.place, "say", one.home, text)

    def _likes(self, done: Sequence[Act]) -> Iterator[Act]:
        """Whoever has checked in looks at those before them and likes one or two."""
        for act in done:
            one = self.people[act.who]
            earlier = [
                other for other in done if other.room == act.room is not None and other.at < act.at - MINUTE
            ]
            for liked in earlier[-4:]:
                if self._chance.random() < one.likes / 2:
                    emoji = self._chance.choice(EMOJIS)
                    yield Act(act.at + 20_000, one.place, "react", act.room, emoji, about=liked.key)

    # Talking.

    def _all_talks(self, number: int, active: Sequence[Character]) -> Iterator[Act]:
        weekend = weekday(self._date(number)) >= SUNDAY - 1
        for room, usual in enumerate(TALKS_A_DAY):
            present = [one for one in active if room in one.rooms]
            if len(present) < 3:
                continue
            for talk in range(min(usual + weekend, len(present) // 3)):
                yield from self._talk(number, room, talk, present)
            yield from self._greetings(number, room, present)

    def _talk(self, number: int, room: int, talk: int, present: Sequence[Character]) -> Iterator[Act]:
        chance = self._chance
        first = chance.choices(present, [one.talks for one in present])[0]
        others = chance.sample([one for one in present if one is not first], 2)
        speakers = dict(zip("abc", (first, *others), strict=True))
        names = {letter: one.name for letter, one in speakers.items()}
        at = self._at(number, chance.choice((475, 545, 750, 790, 1110, 1225, 1270)) + chance.random() * 25)
        before = ""
        for place, line in enumerate(self._talks.deal(**names).split("\n")):
            who, key = speakers[line[0]], f"talk {number} {room} {talk} {place}"
            about = before if who is not first and chance.random() < 0.5 else ""
            yield Act(at, who.place, "say", room, line[2:], key, about)
            if chance.random() < 0.25:
                liker = chance.choice([one for one in present if one is not who])
                yield Act(at + 15_000, liker.place, "react", room, chance.choice(EMOJIS), about=key)
            before = key
            at += chance.randint(20_000, 75_000)

    def _greetings(self, number: int, room: int, present: Sequence[Character]) -> Iterator[Act]:
        for lines, minutes in ((self._words.good_morning, 455), (self._words.good_night, 22 * 60 + 20)):
            for one in self._chance.sample(present, 2):
                at = self._at(number, minutes + self._chance.randint(0, 8))
                yield Act(at, one.place, "say", room, self._chance.choice(lines))

    def _arrivals(self, number: int, here: Sequence[Character]) -> Iterator[Act]:
        for one in here:
            if number and one.comes == number:
                at = self._at(number, 17 * 60 + one.place)
                hello = self._chance.choice(self._words.hello).format(name=one.name)
                key = f"hello {one.place}"
                yield Act(at, one.place, "come", one.home)
                yield Act(at + MINUTE, one.place, "say", one.home, hello, key)
                welcome = self._chance.choice(self._words.welcome)
                yield Act(at + 2 * MINUTE, LEADER, "say", one.home, welcome, about=key)
            if one.habit == "returning" and number == 41:
                back = self._chance.choice(self._words.back)
                yield Act(self._at(number, one.usual - 4), one.place, "say", one.home, back)
            if one.writes_privately and number == one.comes + 1:
                start = self._chance.choice(self._words.private)
                yield Act(self._at(number, 12 * 60 + one.place / 2), one.place, "say", None, start)

    # What is asked of the bot.

    def _questions(self, number: int, active: Sequence[Character]) -> Iterator[Act]:
        """A few look at their own numbers or the ranking; some open what was left for them."""
        words = self._words
        for one in self._chance.sample(active, min(4, len(active))):
            text = self._chance.choice((words.me, words.me, words.top, words.streak, words.year))
            room = None if one.writes_privately and number > one.comes + 1 else one.home
            yield Act(self._at(number, 12 * 60 + 15 + one.place), one.place, "say", room, text)

    def _turns(self, number: int, at_home: Sequence[Character]) -> Iterator[Act]:
        """What happens once, or to those who have not checked in."""
        for one in at_home:
            if one.place in self._missed and not one.writes_privately and self._chance.random() < 0.5:
                yield Act(self._at(number, 13 * 60 + 40), one.place, "press", one.home, "letters")
            if number == TERM_DAYS[1] + 22 and self._chance.random() < 0.4:
                yield Act(self._at(number, 12 * 60 + 40), one.place, "press", one.home, "certificate")
            if one.habit == "good" and one.place % 9 == 4 and number == HIDING_DAY:
                for wish in (self._words.hide, self._words.remind):
                    yield Act(self._at(number, EVENING), one.place, "say", None, wish)
            if one.habit == "fading" and one.place % 2 and number == LEAVING_DAY:
                self._gone.add(one.place)
                yield Act(self._at(number, EVENING), one.place, "go", one.home)

    def _relay(self, number: int, active: Sequence[Character]) -> Iterator[Act]:
        """On Sundays a list goes round: each copies it and adds a line."""
        at = self._at(number, 10 * 60 + 5)
        text = self._words.relay
        present = [one for one in active if one.home == 0][:7]
        for place, one in enumerate(present, 1):
            line = filled(self._chance.choice(self._words.relay_lines), self._chance, name=one.name)
            text = f"{text}\n{place}. {line}"
            yield Act(at, one.place, "say", 0, text)
            at += self._chance.randint(2, 9) * MINUTE

    def _sign_up(self, number: int, active: Sequence[Character]) -> Iterator[Act]:
        """On Fridays the leader opens a list for the next day; its button is pressed at once by some."""
        at = self._at(number, 12 * 60 + 31)
        yield Act(at, LEADER, "say", 0, self._words.sign_up)
        present = [one for one in active if one.home == 0]
        for place, one in enumerate(self._chance.sample(present, min(6, len(present))), 1):
            yield Act(at + 2 * place * MINUTE, one.place, "press", 0, "join")

    # Those who look after it.

    def _staff(self, number: int, done: Sequence[Act]) -> Iterator[Act]:
        words = self._words
        if number == 0:
            yield from self._opening()
        for day, term in zip(TERM_DAYS, words.terms, strict=True):
            if number == day:
                yield from self._owner_says(number, words.term_hello, term)
        if number == PAUSE_DAY:
            yield from self._owner_says(number, words.pause_hello, words.pause)
        if weekday(self._date(number)) == MONDAY:
            yield Act(self._at(number, EVENING + 20), OWNER, "say", STAFF, "/rooms")
        evening = self._at(number, EVENING + 5)
        seen = [act for act in done if act.room is not None and act.who > LEADER and act.at < evening]
        commented = self._chance.sample(seen, min(2, len(seen)))
        for act, comment in zip(commented, self._chance.sample(words.comments, 2), strict=False):
            yield Act(evening, LEADER, "say", act.room, comment, about=act.key)
        if seen and number % 3 == 2:
            best = self._chance.choice(seen)
            yield Act(self._at(number, EVENING + 12), OWNER, "say", best.room, words.featured, about=best.key)

    def _list_by_hand(self, number: int) -> Iterator[Act]:
        """The leader passes a list of the group without a bot on; a nickname on it is cleared up by a tap."""
        at = self._at(number, EVENING - 35)
        known, first = self._by_hand, BY_HAND_DAYS[0]
        if number == first:
            yield Act(at - 9 * MINUTE, OWNER, "say", STAFF, known.make)
        here = [name for name in known.names if number == first or self._chance.random() < 0.8]
        names = [known.nickname, *here[1:]] if number == BY_HAND_DAYS[-1] else here
        lines = (
            f"{place}. {filled(self._chance.choice(known.lines), self._chance, name=name)}"
            for place, name in enumerate(names, 1)
        )
        yield Act(at, LEADER, "say", STAFF, "\n".join((known.title, *lines)))
        yield Act(at + 2 * MINUTE, LEADER, "press", STAFF, "roll:is")

    def _decisions(self, number: int) -> Iterator[Act]:
        """In the evening the owner decides what waits to be decided."""
        for place, verdict in enumerate(VERDICTS):
            yield Act(self._at(number, EVENING + 14 + place), OWNER, "press", STAFF, f"suggest:{verdict}")

    def _opening(self) -> Iterator[Act]:
        at = self._calendar.at_wall(self._date(0), FIRST_MORNING + 5)
        for room in self.people[OWNER].rooms:
            yield Act(at, OWNER, "say", room, self._words.owner_hello)
        yield Act(at + 2 * MINUTE, LEADER, "say", 0, self._words.leader_hello, "leader")
        yield Act(at + 4 * MINUTE, OWNER, "say", 0, self._words.leader, about="leader")
        yield Act(at + 6 * MINUTE, OWNER, "say", STAFF, "/staffroom")
        yield Act(at + 8 * MINUTE, OWNER, "press", STAFF, "staffroom")

    def _owner_says(self, number: int, *lines: str) -> Iterator[Act]:
        at = self._at(number, 12 * 60 + 5)
        for place, line in enumerate(lines):
            yield Act(at + place * MINUTE, OWNER, "say", 0, line)
