"""Leaders mend check-ins by replying to them: 补, 撤销, 打回, 点评, 优秀."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from bot.core import accounts
from bot.core.actions import words
from bot.core.errors import UserError
from bot.core.events import Message
from bot.core.feature import Command, Feature, Reader, Undo
from rules.argument_days import DAY_WORD, read_day
from rules.arguments import ArgumentError
from rules.days import Day, gap
from rules.facts import CheckInFeatured
from rules.tasks import Task, is_due, named_first
from storage import checkins, counting, people, tasks
from storage.checkins import CheckIn

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.context import Context
    from bot.core.desk import Desk
    from bot.core.feature import Glance
    from storage.people import Account
    from storage.rooms import Room

DAYS_BACK = 31
ANONYMOUS = 0
"""Who decided, when an admin who shows no name did."""

LONGEST_COMMENT = 500

_WORDS = re.compile(
    rf"\s*(补|補|撤销|撤銷|打回|点评|點評|优秀|優秀)(?:(?:[\s：:，,]+|(?={DAY_WORD}(?:[\s,，!！~～。.]|$)))(.*?))?[\s!！。.~～]*",
    re.DOTALL,
)


def wants(_desk: Desk, room: Room) -> Glance | None:
    """In a group a leader's word about the message it replies to."""
    return _may_mend if room.is_group else None


def _may_mend(message: Message) -> bool:
    return (
        message.reply_to is not None
        and not message.edited
        and not message.forwarded
        and _WORDS.fullmatch(message.text) is not None
    )


def read(ctx: Context, message: Message) -> bool:
    """Mend what a leader replies to; from anybody else, or about no check-in, these words are just talk."""
    found = _WORDS.fullmatch(message.text)
    if found is None or not ctx.may("mend"):
        return False
    act = ACTS[found[1]]
    if act is not count_it and not _rows(ctx, message):
        return False
    act(ctx, (found[2] or "").strip())
    return True


def _message(ctx: Context) -> Message:
    """The leader's message; UserError when it replies to nothing."""
    message = ctx.event
    if not isinstance(message, Message) or message.reply_to is None:
        raise UserError("mending.reply")
    return message


def _author(ctx: Context, message: Message) -> Account:
    """Who wrote the message that is replied to; UserError when that is nobody to count for."""
    rows = checkins.by_message(ctx.tx, ctx.room.id, message.reply_to or "")
    if rows:
        return people.by_id(ctx.tx, rows[0].account)
    if message.reply_sender is None or message.reply_sender.is_bot:
        raise UserError("mending.reply")
    return ctx.desk.account(message.bot, message.reply_sender)


def _rows(ctx: Context, message: Message) -> list[CheckIn]:
    """The check-ins of the message that is replied to, else the one that its author made today."""
    rows = checkins.by_message(ctx.tx, ctx.room.id, message.reply_to or "")
    if rows or message.reply_sender is None or message.reply_sender.is_bot:
        return rows
    account = ctx.desk.account(message.bot, message.reply_sender)
    today = checkins.of_day(ctx.tx, ctx.community.id, account.id, ctx.day)
    return today if len(today) == 1 else []


def _meant(ctx: Context) -> list[CheckIn]:
    rows = _rows(ctx, _message(ctx))
    if not rows:
        raise UserError("mending.none")
    return rows


def _leader(ctx: Context) -> int:
    return ctx.account.person if ctx.has_account else ANONYMOUS


def _note(ctx: Context, row: CheckIn, **after: object) -> None:
    """Keep what is changed of a check-in, with all of it as it was, or None where there was none."""
    was = _kept(ctx, row.account, row.day, row.task)
    before = None if was is None else {name: getattr(was, name) for name in after}
    ctx.audit(
        "mend",
        f"account:{row.account} task:{row.task} {row.day}",
        before or None,
        after or None,
        room=row.room,
        undo={"account": row.account, "day": row.day, "task": row.task, "was": was},
    )


def _kept(ctx: Context, account: int, day: Day, task: int) -> CheckIn | None:
    known = checkins.of_day(ctx.tx, ctx.community.id, account, day)
    return next((row for row in known if row.task == task), None)


def _done(ctx: Context) -> None:
    ctx.react("👌", words("mending.done"), topic="mending.done")


# 补


def count_it(ctx: Context, arguments: str) -> None:
    """Count the message that is replied to, for today, or for the day and task that are named."""
    message = _message(ctx)
    account = _author(ctx, message)
    if account.is_bot:
        raise UserError("mending.reply")
    day, task = _named(ctx, arguments)
    row = _written(ctx, message, day, task) or _new(ctx, message, account, day or ctx.day, task)
    _note(ctx, row, standing="counted")
    row = msgspec.structs.replace(row, way="leader", decided_by=_leader(ctx))
    counted = counting.count(ctx.tx, ctx.calendar, row, account.person, ctx.room.id)
    ctx.emit(counted.fact)
    after = counted.after
    noted = words("checkin.done", name=account.name, streak=after.current, total=after.total, late=row.late)
    ctx.react_to(row.native, counted.emoji, noted, topic="checkin.done")
    _done(ctx)


def _written(ctx: Context, message: Message, day: Day | None, task: Task | None) -> CheckIn | None:
    """What the message said that does not count; UserError when all does and nothing else is named."""
    rows = checkins.by_message(ctx.tx, ctx.room.id, message.reply_to or "")
    if rows and day is None and task is None and all(row.counts for row in rows):
        raise UserError("mending.counted")
    for row in rows:
        if not row.counts and day in {None, row.day} and (task is None or task.id == row.task):
            return row
    return None


def _new(ctx: Context, message: Message, account: Account, day: Day, named: Task | None) -> CheckIn:
    task = _undone(ctx, account, day, named)
    known = checkins.of_day(ctx.tx, ctx.community.id, account.id, day)
    row = next((row for row in known if row.task == task.id), None)
    native = message.reply_to or ""
    if row is not None:
        return msgspec.structs.replace(row, native=native, room=ctx.room.id)
    return CheckIn(
        community=ctx.community.id,
        account=account.id,
        day=day,
        task=task.id,
        room=ctx.room.id,
        native=native,
        at=ctx.at,
        way="leader",
    )


def _named(ctx: Context, arguments: str) -> tuple[Day | None, Task | None]:
    """The day and the task that are named, if any; UserError for a day too far back."""
    first, _, rest = arguments.partition(" ")
    try:
        day = read_day(first, ctx.day, past=True)
    except ArgumentError:
        day, rest = None, arguments
    if day is not None and not 0 <= gap(day, ctx.day) <= DAYS_BACK:
        raise UserError("mending.which_day", days=DAYS_BACK)
    known = tasks.of_community(ctx.tx, ctx.community.id)
    name, _ = named_first((task.name for task in known), rest)
    return day, next((task for task in known if task.name == name), None)


def _undone(ctx: Context, account: Account, day: Day, named: Task | None) -> Task:
    """The task that is named, else the first of the day that is not done yet."""
    known = tasks.of_community(ctx.tx, ctx.community.id)
    own = accounts.own(ctx.desk, account.id)
    rows = checkins.of_person_on(ctx.tx, ctx.community.id, own, day)
    done = {row.task for row in rows if row.counts}
    due = [named] if named else [task for task in known if is_due(task.weekdays, day)]
    undone = [task for task in due if task.id not in done]
    if not undone:
        raise UserError("mending.counted" if due else "mending.nothing_due")
    return undone[0]


# 撤销, 打回


def take_back(ctx: Context, _arguments: str) -> None:
    """The check-in that is replied to does not count."""
    for row in _meant(ctx):
        _withdraw(ctx, row, "withdrawn", "leader")
        _tell_author(ctx, row, "mending.told_taken_back", "")
    _done(ctx)


def send_back(ctx: Context, arguments: str) -> None:
    """The check-in that is replied to is asked for again, with why; its author is told in private."""
    why = arguments[:LONGEST_COMMENT]
    for row in _meant(ctx):
        _withdraw(ctx, msgspec.structs.replace(row, comment=why or row.comment), "returned", "returned")
        _tell_author(ctx, row, "mending.told_sent_back", why)
    _done(ctx)


def _withdraw(ctx: Context, row: CheckIn, standing: checkins.Standing, reason: str) -> None:
    _note(ctx, row, standing=standing)
    _count_no_more(ctx, row, standing, reason)


def _count_no_more(ctx: Context, row: CheckIn, standing: checkins.Standing, reason: str) -> None:
    person = people.by_id(ctx.tx, row.account).person
    facts = counting.withdraw(
        ctx.tx,
        ctx.calendar,
        row,
        person,
        room=row.room,
        standing=standing,
        reason=reason,
        at=ctx.at,
        decided_by=_leader(ctx),
    )
    for fact in facts:
        ctx.emit(fact)


def _tell_author(ctx: Context, row: CheckIn, block: str, why: str) -> None:
    account = people.by_id(ctx.tx, row.account)
    task = tasks.by_id(ctx.tx, row.community, row.task)
    text = words(block, name=account.name, task="" if task is None else task.name, day=row.day, why=why)
    if not ctx.tell(account, text):
        ctx.nudge(account, "mending", text)


# 点评, 优秀


def comment(ctx: Context, arguments: str) -> None:
    """Keep a leader's comment with the check-in that is replied to."""
    if not arguments:
        raise UserError("mending.comment_how")
    for row in _meant(ctx):
        _note(ctx, row, comment=arguments[:LONGEST_COMMENT])
        checkins.keep(ctx.tx, msgspec.structs.replace(row, comment=arguments[:LONGEST_COMMENT]))
    _done(ctx)


def feature(ctx: Context, _arguments: str) -> None:
    """The check-in that is replied to is worth reading; once more takes that back."""
    for row in _meant(ctx):
        featured = not row.featured
        _note(ctx, row, featured=featured)
        _feature(ctx, row, featured=featured)
        if featured:
            ctx.react_to(row.native, "🏆", words("mending.featured"), topic="mending.featured")
    _done(ctx)


def _feature(ctx: Context, row: CheckIn, *, featured: bool) -> None:
    checkins.keep(ctx.tx, msgspec.structs.replace(row, featured=featured))
    if not row.counts:
        return
    ctx.emit(
        CheckInFeatured(
            community=row.community,
            at=ctx.at,
            room=row.room,
            account=row.account,
            person=people.by_id(ctx.tx, row.account).person,
            task=row.task,
            day=row.day,
            featured=featured,
        )
    )


# All of it, taken back.


def mend_back(ctx: Context, data: dict[str, Any]) -> object:
    """A check-in is as it was before a leader mended it, the streak with it; its author is told."""
    now = _kept(ctx, data["account"], data["day"], data["task"])
    if now is None:
        raise UserError("mending.none")
    ctx = ctx.elsewhere(ctx.desk.room_by_id(now.room))  # where its features are on
    was = None if data["was"] is None else msgspec.convert(data["was"], CheckIn)
    wanted = msgspec.structs.replace(now, standing="withdrawn") if was is None else was
    if wanted.counts and not now.counts:
        _count_again(ctx, wanted)
    elif now.counts and not wanted.counts:
        _count_no_more(ctx, now, wanted.standing, "leader")
        _tell_author(ctx, now, "mending.told_taken_back", "")
    elif wanted.featured != now.featured:
        _feature(ctx, now, featured=wanted.featured)
    checkins.keep(ctx.tx, wanted)
    return data | {"was": now}


def _count_again(ctx: Context, row: CheckIn) -> None:
    account = people.by_id(ctx.tx, row.account)
    ctx.emit(counting.count(ctx.tx, ctx.calendar, row, account.person, row.room).fact)
    _tell_author(ctx, row, "mending.told_counted", "")


ACTS: dict[str, Callable[[Context, str], None]] = {
    **dict.fromkeys(("补", "補"), count_it),
    **dict.fromkeys(("撤销", "撤銷"), take_back),
    "打回": send_back,
    **dict.fromkeys(("点评", "點評"), comment),
    **dict.fromkeys(("优秀", "優秀"), feature),
}

FEATURE = Feature(
    name="mending",
    commands=(
        Command("count", count_it, takes=True, needs="mend", places=("group",), heard=("补", "補")),
        Command("uncount", take_back, takes=True, needs="mend", places=("group",), heard=("撤销", "撤銷")),
        Command("redo", send_back, takes=True, needs="mend", places=("group",), heard=("打回",)),
        Command("comment", comment, takes=True, needs="mend", places=("group",), heard=("点评", "點評")),
        Command("feature", feature, takes=True, needs="mend", places=("group",), heard=("优秀", "優秀")),
    ),
    readers=(Reader(wants, read, begins="补補撤打点點优優"),),
    undo={"mend": Undo("mend", mend_back)},
)
