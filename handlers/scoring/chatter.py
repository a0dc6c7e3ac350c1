"""The hot path of chatter: what a batch's signals count for, folded into few rows and few statements."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from operator import add
from typing import TYPE_CHECKING, cast

from bot.core.accounts import first_of_each
from bot.core.events import Message, Reacted
from handlers.scoring.paces import Paces
from handlers.scoring.settings import scale
from rules.durations import MINUTE
from rules.fingerprint import fingerprint, own_fingerprint, too_alike
from rules.score import Counts, cooled_down, never_below_zero, pair_open, points_moved
from storage import activity, jobs, messages, people
from storage.activity import EVERYWHERE, DayRow
from storage.messages import MessageRow, Pair, ReactionRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from bot.core.desk import Desk
    from bot.core.feature import Signal
    from rules.days import Day
    from storage.activity import DayKey
    from storage.db import Transaction
    from storage.messages import PairKey
    from storage.paces import PaceKey

SETTLE = "scoring.settle"
SETTLE_AFTER = MINUTE
"""Scores and tallies follow the record within this time (milliseconds), sooner for whoever asks."""

SAYING = frozenset({"photo", "video", "voice", "audio", "file"})
"""Media that say something without a word."""

MOST_KEPT = 32_768
"""Members whose rows are kept in memory between batches; with more, they are read again."""

MESSAGE, REPLY_GIVEN, REPLY_GOT, REACTION_GIVEN, REACTION_GOT, CHECKIN, FEATURED = range(
    len(Counts.__struct_fields__)
)
NO_COUNTS = (0,) * len(Counts.__struct_fields__)

MessageKey = tuple[int, str]
KEPT = ("activity",)

WRITTEN_AFTER = 50_000
"""Notes of days after which the record is brought up to them, though nobody has asked for it."""


class Kept:
    """Rows kept between batches; gone with all of the memory when anything is undone."""

    def __init__(self, tx: Transaction) -> None:
        activity.write_down(tx)  # so that all of the rows are where they are read
        self.noted = 0
        self.days: dict[DayKey, DayRow] = {}
        self.paces = Paces(tx)
        self.persons: dict[int, int] = {}

    def make_room(self, tx: Transaction) -> None:
        """Forget those that have become too many: they are read again when they are needed."""
        if len(self.days) > MOST_KEPT:
            activity.write_down(tx)
            self.noted = 0
            self.days.clear()
        if len(self.paces.known) > MOST_KEPT:
            self.paces = Paces(tx)
        if len(self.persons) > MOST_KEPT:
            self.persons.clear()


def kept(desk: Desk) -> Kept:
    """The rows kept between batches."""
    return desk.remember(KEPT, lambda: Kept(desk.tx))


def fold(desk: Desk, signals: list[Signal]) -> None:
    """Count what a batch's signals are worth, in order, and write down all that changed."""
    desk.memory.changed = True
    kept(desk).make_room(desk.tx)
    work = Fold(desk, signals)
    work.look_up(signals)
    for signal in signals:
        work.take(signal)
    work.write()


def judged(event: Message) -> bytes | None:
    """The fingerprint of a message that says something of its sender's own; None for all others."""
    if event.forwarded:
        return None
    if event.media and not SAYING.isdisjoint(event.media):
        return fingerprint(event.text)
    return own_fingerprint(event.text)


class Fold:
    """One batch: the rows it needs, what changes in them, and the writing down."""

    def __init__(self, desk: Desk, signals: Iterable[Signal]) -> None:
        self.desk = desk
        self.kept = kept(desk)
        self.first = first_of_each(desk)
        self.known: dict[MessageKey, MessageRow] = {}
        self.fresh: dict[MessageKey, MessageRow] = {}
        self.gone: list[MessageKey] = []
        self.pairs: dict[PairKey, Pair] = {}
        self.paired: set[PairKey] = set()
        self.pairs_of: set[tuple[int, Day, int]] = set()
        self.reactions: dict[tuple[int, str, int], ReactionRow] = {}
        self.reacted: dict[tuple[int, str, int], ReactionRow | None] = {}
        self.changes: defaultdict[DayKey, list[int]] = defaultdict(partial(list, NO_COUNTS))
        self.lowest: dict[DayKey, list[int]] = {}
        """How far below zero each change went on the way, where any did."""
        communities = {signal.community for signal in signals}
        self.scales = {community: scale(desk, community) for community in communities}
        self.calendars = {community: desk.calendar(community) for community in communities}

    # Reading, in bulk.

    def look_up(self, signals: Sequence[Signal]) -> None:
        """Read the rows that these signals need and that are not in memory."""
        talkers: set[PaceKey] = set()
        answering: dict[tuple[int, Day], set[int]] = {}
        natives: dict[int, set[str]] = {}
        reacted: dict[int, set[str]] = {}
        for signal in signals:
            event = signal.event
            if event is None:  # a check-in, which answers nobody
                continue
            if signal.kind == "message":
                talkers.add((signal.community, self.one(signal.account)))
                if event.reply_to is None:  # type: ignore[attr-defined] # a message
                    continue
            elif signal.kind == "reaction":
                reacted.setdefault(signal.room, set()).add(event.message)  # type: ignore[attr-defined] # Reacted
            answering.setdefault((signal.community, self.day(signal)), set()).add(self.one(signal.account))
            native = _pointed_at(signal)
            if native is not None:
                natives.setdefault(signal.room, set()).add(native)
        self.kept.paces.read(self.desk.tx, talkers)
        self._read_messages(natives, reacted)
        self._read_pairs(answering)

    def _read_messages(self, natives: dict[int, set[str]], reacted: dict[int, set[str]]) -> None:
        for room, wanted in natives.items():
            for row in messages.messages(self.desk.tx, room, wanted):
                self.known[room, row.native] = row
        for room, wanted in reacted.items():
            for reaction in messages.reactions(self.desk.tx, room, wanted):
                self.reactions[room, reaction["native"], reaction["account"]] = reaction

    def _read_pairs(self, answering: dict[tuple[int, Day], set[int]]) -> None:
        for (community, day), accounts in answering.items():
            self.pairs.update(messages.pairs(self.desk.tx, community, day, accounts))
            self.pairs_of.update((community, day, account) for account in accounts)

    def day(self, signal: Signal) -> Day:
        """The community's day that a signal counts for."""
        return signal.day or self.day_of(signal.community, signal.at)

    def day_of(self, community: int, at: int) -> Day:
        """The community's day that holds an instant."""
        return self.calendars[community].day_of(at)

    def message(self, room: int, native: str) -> MessageRow | None:
        """A message as it is at this point of the batch."""
        return self.fresh.get((room, native)) or self.known.get((room, native))

    def person(self, account: int) -> int:
        """Whose account it is."""
        found = self.kept.persons.get(account)
        if found is None:
            found = self.kept.persons[account] = people.by_id(self.desk.tx, account).person
        return found

    def one(self, account: int) -> int:
        """The account that stands for all of its person's, where paces and limits are a person's."""
        return self.first.get(account, account)

    def between(self, community: int, day: Day, account: int, about: int) -> PairKey:
        """The pair that a signal counts for; one between own accounts is from before they were one's own."""
        one, other = self.one(account), self.one(about)
        return (community, day, account, about) if one == other else (community, day, one, other)

    # Counting, in order.

    def take(self, signal: Signal) -> None:
        """Count one signal."""
        event = signal.event
        if isinstance(event, Message):
            (self._message if signal.kind == "message" else self._edit)(signal, event)
        elif isinstance(event, Reacted):
            self._reaction(signal, event)
        elif signal.kind == "delete":
            self._delete(signal)
        else:
            index = CHECKIN if signal.kind == "checkin" else FEATURED
            self._count(signal.community, self.day(signal), signal.account, EVERYWHERE, index, signal.amount)

    def _message(self, signal: Signal, event: Message) -> None:
        row = MessageRow(signal.room, event.native, signal.account, signal.at)
        self.fresh[signal.room, event.native] = row
        if signal.counts:
            self._score(signal, event, row)

    def _score(self, signal: Signal, event: Message, row: MessageRow) -> None:
        """Let a message earn what it may: nothing when it comes too soon, says too little or repeats."""
        community, account, at = signal.community, signal.account, signal.at
        key = community, self.first.get(account, account)
        pace = self.kept.paces.known[key]
        if not cooled_down(pace.last_at, at, self.scales[community].rules):
            return
        fresh = judged(event)
        if fresh is None or too_alike(fresh, pace.fingerprints):
            return
        row.scored = 1
        self.kept.paces.scored(key, at, _everywhere(event), fresh)
        day = self.calendars[community].day_of(at)
        self._count(community, day, account, signal.room, MESSAGE, 1)
        if event.reply_to is not None:
            self._answer(signal, event, row, day)

    def _answer(self, signal: Signal, event: Message, row: MessageRow, day: Day) -> None:
        """A reply to somebody else counts for both, a few times a day between the same two."""
        about = self._answered(signal, event)
        if about is None or self.person(about) == signal.person:
            return
        key = self.between(signal.community, day, signal.account, about)
        if pair_open(self._pair(key).replies, self.scales[signal.community].rules):
            row.answered = about
            self._count_answer(key, row, about, 1)

    def _answered(self, signal: Signal, event: Message) -> int | None:
        sender = event.reply_sender
        if event.reply_to_bot or (sender is not None and sender.is_bot):
            return None
        if sender is not None:
            account = self.desk.account(event.bot, sender)
            self.kept.persons[account.id] = account.person
            return account.id
        row = self.message(signal.room, event.reply_to or "")
        return None if row is None else row.account

    def _count_answer(self, key: PairKey, row: MessageRow, about: int, amount: int) -> None:
        community, day, _, _ = key
        pair = self._pair(key)
        self._keep_pair(key, Pair(max(0, pair.replies + amount), pair.reactions))
        self._count(community, day, row.account, row.room, REPLY_GIVEN, amount)
        self._count(community, day, about, row.room, REPLY_GOT, amount)

    def _edit(self, signal: Signal, event: Message) -> None:
        """A message that earned points keeps them only when its newest text would earn them too."""
        row = self.message(signal.room, event.native)
        if row is None or not row.scored:
            return
        key = signal.community, self.one(row.account)
        paces, newest = self.kept.paces, judged(event)
        paces.read(self.desk.tx, (key,))
        earlier = dict(zip(paces.known[key].natives, paces.known[key].fingerprints, strict=True))
        before = earlier.pop(_everywhere(event), None)
        if newest is None or too_alike(newest, earlier.values()):
            self._take_back(signal.community, row)
        elif before not in {None, newest}:
            paces.edited(key, row.at, _everywhere(event), newest)

    def _delete(self, signal: Signal) -> None:
        native = _pointed_at(signal) or ""
        row = self.message(signal.room, native)
        if row is None:
            return
        self._take_back(signal.community, row)
        self.gone.append((signal.room, native))
        self.fresh.pop((signal.room, native), None)
        self.known.pop((signal.room, native), None)

    def _take_back(self, community: int, row: MessageRow) -> None:
        """What a message earned, for its author and for whom it answered, is earned no longer."""
        if not row.scored:
            return
        day = self.day_of(community, row.at)
        self._count(community, day, row.account, row.room, MESSAGE, -1)
        if row.answered is not None:
            key = self.between(community, day, row.account, row.answered)
            self._count_answer(key, row, row.answered, -1)
        row.scored, row.answered = 0, None
        self.fresh[row.room, row.native] = row

    def _reaction(self, signal: Signal, event: Reacted) -> None:
        """A member's first reaction to a message counts, once; taking the last one off takes it back."""
        key = signal.room, event.message, signal.account
        counted = self.reacted[key] if key in self.reacted else self.reactions.get(key)
        if counted is not None and not event.after:
            self.reacted[key] = None
            self._count_reaction(signal.community, counted, -1)
        elif counted is None and event.after and not event.before:
            self._react(signal, event)

    def _react(self, signal: Signal, event: Reacted) -> None:
        row = self.message(signal.room, event.message)
        if row is None or self.person(row.account) == signal.person:
            return
        about, day = row.account, self.day(signal)
        pair = self._pair(self.between(signal.community, day, signal.account, about))
        if pair_open(pair.reactions, self.scales[signal.community].rules):
            reaction = ReactionRow(
                room=signal.room, native=event.message, account=signal.account, day=day, about=about
            )
            self.reacted[signal.room, event.message, signal.account] = reaction
            self._count_reaction(signal.community, reaction, 1)

    def _count_reaction(self, community: int, reaction: ReactionRow, amount: int) -> None:
        account, about, room = reaction["account"], reaction["about"], reaction["room"]
        key = self.between(community, reaction["day"], account, about)
        pair = self._pair(key)
        self._keep_pair(key, Pair(pair.replies, max(0, pair.reactions + amount)))
        self._count(community, reaction["day"], account, room, REACTION_GIVEN, amount)
        self._count(community, reaction["day"], about, room, REACTION_GOT, amount)

    def _pair(self, key: PairKey) -> Pair:
        if key[:3] not in self.pairs_of:
            self._read_pairs({key[:2]: {key[2]}})
        return self.pairs.get(key, Pair())

    def _keep_pair(self, key: PairKey, pair: Pair) -> None:
        self.pairs[key] = pair
        self.paired.add(key)

    def _count(self, community: int, day: Day, account: int, room: int, index: int, amount: int) -> None:
        key = community, day, account, room
        change = self.changes[key]
        change[index] += amount
        if change[index] < 0:
            lowest = self.lowest.setdefault(key, list(NO_COUNTS))
            lowest[index] = min(lowest[index], change[index])

    # Writing, in bulk.

    def write(self) -> None:
        """Write down everything that changed."""
        tx = self.desk.tx
        messages.delete_messages(tx, self.gone)  # first: another may have come under the same id
        messages.save_messages(tx, self.fresh.values())
        self.kept.paces.keep(tx)
        if self.paired:
            messages.save_pairs(tx, [(key, self.pairs[key]) for key in self.paired])
        if self.reacted:
            messages.save_reactions(tx, [row for row in self.reacted.values() if row is not None])
            messages.delete_reactions(tx, [key for key, row in self.reacted.items() if row is None])
        if self.changes:
            self._note_days()

    def _note_days(self) -> None:
        days = self.kept.days
        self._read_days([key for key in self.changes if key not in days])
        for key, change in self.changes.items():
            row = days[key]
            counts = tuple(map(add, row.counts, change))
            if key in self.lowest:
                counts = tuple(map(never_below_zero, counts, row.counts, self.lowest[key]))
            reckon = self.scales[key[0]].points
            points = points_moved(row.points, reckon(row.counts), reckon(counts)) if any(counts) else 0.0
            row.counts, row.points = counts, points
        activity.note_days(self.desk.tx, [(key, days[key]) for key in self.changes])
        self.kept.noted += len(self.changes)
        if self.kept.noted >= WRITTEN_AFTER:
            self.kept.noted = 0
            activity.write_down(self.desk.tx)
        for community in {key[0] for key in self.changes}:
            jobs.bring_forward(self.desk.tx, SETTLE, community, self.desk.now + SETTLE_AFTER)

    def _read_days(self, missing: Collection[DayKey]) -> None:
        """Only those: an account's other rows that are known may be noted, and not be written down yet."""
        wanted: dict[tuple[int, Day], set[int]] = {}
        for key in missing:
            wanted.setdefault(key[:2], set()).add(key[2])
        found: dict[DayKey, DayRow] = {}
        for (community, day), accounts in wanted.items():
            found |= activity.days(self.desk.tx, community, day, accounts)
        for key in missing:
            self.kept.days[key] = found.get(key) or DayRow(NO_COUNTS)


def _everywhere(message: Message) -> str:
    """A message's id among those of all rooms, also of one that counts its messages anew under another id."""
    return f"{message.place.native}:{message.native}"


def _pointed_at(signal: Signal) -> str | None:
    """The message that a signal is about, when its row has to be read."""
    event = signal.event
    if signal.kind == "message":
        return None if event is None or event.reply_sender is not None else event.reply_to  # type: ignore[attr-defined] # a message
    if signal.kind == "reaction":
        return cast("str", event.message)  # type: ignore[union-attr] # Reacted
    return None if event is None else getattr(event, "native", None)
