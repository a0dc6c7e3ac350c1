"""What Banzhang proposes is put before those who decide: in lists that gather, edited as each is decided."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from bot.config import TalkSettings
from bot.core import staff, suggesting
from bot.core.actions import Button, Edit, words
from bot.core.errors import UserError
from bot.core.events import ButtonPressed, MessageDeleted
from bot.core.feature import Command, Feature, Job, Press, Undo
from bot.core.manners import quiet_hours
from rules.budget import after_quiet
from rules.durations import DAY, HOUR, MINUTE
from rules.facts import Delivered, SuggestionChanged
from storage import people, suggestions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.actions import Words
    from bot.core.context import Buttons, Context
    from bot.core.suggesting import Verdict
    from rules.roles import Right
    from storage.rooms import Room
    from storage.suggestions import Suggested

A_LIST = 6
APART = HOUR
"""At least so long (milliseconds) after a list comes the next one, with all that gathered meanwhile."""

KEPT_FOR = 60 * DAY
TAG = "suggestions:"
VERDICTS: dict[str, Verdict] = {"yes": "approved", "no": "declined", "later": "later"}
_DATA = re.compile(r"(yes|no|later|all|page):([0-9]{1,15}):([lp])([0-9]{1,15})-([0-9]{1,15})")


class View(msgspec.Struct, frozen=True):
    """What a message shows: a list, or the page of all that wait behind a number up to another."""

    is_list: bool
    first: int
    last: int = 0

    def __str__(self) -> str:
        """The same as part of a button's data."""
        return f"{'l' if self.is_list else 'p'}{self.first}-{self.last}"


def command(ctx: Context, _arguments: str) -> None:
    """`/suggestions`: what waits to be decided."""
    text, buttons = _page(ctx, 0)
    ctx.confide(text, buttons=buttons)


def press(ctx: Context, arguments: str) -> None:
    """A button: `<verb>:<number>:<view>`."""
    found = _DATA.fullmatch(arguments)
    if found is None:
        raise UserError("core.button_gone")
    if ctx.is_before_members:
        raise UserError("core.only_in_private")
    verb, number, view = found[1], int(found[2]), View(found[3] == "l", int(found[4]), int(found[5]))
    if verb == "page":
        touched = _turn(ctx)
    elif verb == "all":
        touched = _approve_all(ctx, number, view)
    else:
        touched = _decide(ctx, number, VERDICTS[verb])
    _show(ctx, view, touched)


def _turn(ctx: Context) -> set[int]:
    if not _kinds(ctx):
        raise UserError("core.needs_right", right="mend")
    ctx.answer()
    return set()


def _decide(ctx: Context, number: int, verdict: Verdict) -> set[int]:
    """Decide one; the lists that it stands in."""
    outcome, suggested = suggesting.decide(ctx, number, verdict)
    values = {"state": suggested.state, "who": _name(ctx, suggested)}
    ctx.answer(words(f"suggestions.{outcome}", **values), alert=outcome != "done")
    return _lists([suggested])


def _approve_all(ctx: Context, count: int, view: View) -> set[int]:
    """Approve what the message showed as open, `count` of them; the lists that they stand in."""
    shown = [one for one in _rows(ctx, view) if one.state == "open"]
    mine = [one for one in shown if ctx.may(suggesting.ways(ctx.desk.house)[one.kind].needs)]
    if shown and not mine:
        raise UserError("core.needs_right", right="mend")
    if len(shown) > count:
        ctx.answer(words("suggestions.look_again"), alert=True)
        return set()
    outcomes = [_one_of_all(ctx, one) for one in mine]
    ctx.answer(words("suggestions.all_done", count=outcomes.count("done")))
    return _lists(mine)


def _one_of_all(ctx: Context, suggested: Suggested) -> str:
    """Approve one of several: when that fails, the others are approved all the same."""
    try:
        return ctx.desk.part(suggesting.decide, ctx, suggested.id, "approved")[0]
    except UserError:
        return "failed"


def _lists(many: Iterable[Suggested]) -> set[int]:
    return {one.shown_in for one in many if one.shown_in is not None}


# How it is shown.


def _show(ctx: Context, view: View, touched: set[int]) -> None:
    """The pressed message, and all that show a list in which something was decided, show how it is now."""
    assert isinstance(ctx.event, ButtonPressed)
    for number in touched:
        _draw_again(ctx, number)
    if not view.is_list or (ctx.room.id, ctx.event.message) not in _messages(ctx, touched):
        text, buttons = _list(ctx, view.first) if view.is_list else _page(ctx, view.first)
        ctx.edit(ctx.event.message, text, buttons=buttons)


def _messages(ctx: Context, lists: set[int]) -> set[tuple[int, str]]:
    return {message for number in lists for message in suggestions.messages(ctx.tx, number)}


def _draw_again(ctx: Context, number: int) -> None:
    text, buttons = _list(ctx, number)
    for place, native in suggestions.messages(ctx.tx, number):
        room = ctx.desk.room_by_id(place)
        if _may_read(ctx, room):
            edit = Edit(message=native, words=text, language=staff.language_in(ctx, room), buttons=buttons)
            ctx.put(room, edit)


def _may_read(ctx: Context, room: Room) -> bool:
    """Whether a place that a list was told in is still one where it may be read."""
    if room.is_group:
        return room.id == ctx.community.staff_room
    account = ctx.desk.with_whom(room)
    return account is not None and any(
        staff.looks_after(ctx, account, ctx.community, way.needs)
        for way in suggesting.ways(ctx.desk.house).values()
    )


def _list(ctx: Context, number: int) -> tuple[Words, Buttons]:
    view = View(is_list=True, first=number)
    rows = _rows(ctx, view)
    text = words(
        "suggestions.list",
        community=ctx.community.name,
        items=[_told(ctx, one) for one in rows],
        until=_until(ctx, rows),
        more=len(suggestions.not_shown(ctx.tx, ctx.community.id)),
    )
    open_ones = [(place, one) for place, one in enumerate(rows, 1) if one.state == "open"]
    return text, _buttons(open_ones, rows, view)


def _page(ctx: Context, after: int) -> tuple[Words, Buttons]:
    """What waits behind a number, as far as who asks may decide it."""
    found = _waiting(ctx, after)
    rows = found[:A_LIST]
    view = View(is_list=False, first=after, last=rows[-1].id if rows else 0)
    text = words(
        "suggestions.page",
        community=ctx.community.name,
        items=[_told(ctx, one) for one in rows],
        until=_until(ctx, rows),
    )
    ways = []
    if after:
        ways.append(Button(words("suggestions.first"), "suggest:page:0:p0-0"))
    if len(found) > A_LIST:
        ways.append(Button(words("suggestions.next"), f"suggest:page:0:p{view.last}-0"))
    return text, (*_buttons(list(enumerate(rows, 1)), rows, view), *([tuple(ways)] if ways else []))


def _rows(ctx: Context, view: View) -> list[Suggested]:
    """What a message shows, as it is now."""
    known = suggesting.ways(ctx.desk.house)
    if view.is_list:
        rows = suggestions.of_list(ctx.tx, ctx.community.id, view.first)
        return [one for one in rows if one.kind in known]
    return [one for one in _waiting(ctx, view.first)[:A_LIST] if one.id <= view.last]


def _waiting(ctx: Context, after: int) -> list[Suggested]:
    """What waits behind a number, one more than a page holds; what is no longer so is dropped."""
    while True:
        rows = suggestions.page(
            ctx.tx, ctx.community.id, _kinds(ctx), after=after, now=ctx.now, most=A_LIST + 1
        )
        stale = [one for one in rows if not suggesting.holds(ctx, one)]
        if not stale:
            return rows
        for one in stale:
            suggesting.drop(ctx, one)


def _kinds(ctx: Context) -> list[str]:
    """The kinds that who asks may decide at this moment."""
    return [kind for kind, way in suggesting.ways(ctx.desk.house).items() if ctx.may(way.needs)]


def _told(ctx: Context, suggested: Suggested) -> dict[str, object]:
    return {
        "text": suggesting.text_of(ctx.desk.house, suggested.kind, "suggests"),
        "about": msgspec.json.decode(suggested.about),
        "state": suggested.state,
        "who": _name(ctx, suggested),
    }


def _name(ctx: Context, suggested: Suggested) -> str:
    by = suggested.decided_by
    return "" if by is None else people.names(ctx.tx, [by]).get(by, "")


def _until(ctx: Context, rows: Sequence[Suggested]) -> dict[str, object] | None:
    """When the first of those that wait lapses, as the wall clock shows it; None when none waits."""
    first = min((one.expires_at for one in rows if one.waits), default=None)
    if first is None:
        return None
    day, minutes = ctx.calendar.wall(first)
    return {"day": day, "minutes": minutes}


def _buttons(open_ones: Sequence[tuple[int, Suggested]], rows: Sequence[Suggested], view: View) -> Buttons:
    """A row for each that is open, numbered where there are several, and one for all of them."""
    several = len(rows) > 1
    shown = [_row(place if several else 0, one, view) for place, one in open_ones]
    count = sum(one.state == "open" for _, one in open_ones)
    if count > 1:
        shown.append((Button(words("suggestions.all", count=count), f"suggest:all:{count}:{view}"),))
    return tuple(shown)


def _row(place: int, suggested: Suggested, view: View) -> tuple[Button, ...]:
    can_wait = suggested.state == "open" and suggested.put_off < suggesting.MOST_PUT_OFF
    verbs = ["yes", "no", *(["later"] if can_wait else [])]
    return tuple(
        Button(words(f"suggestions.{verb}", place=place), f"suggest:{verb}:{suggested.id}:{view}")
        for verb in verbs
    )


# When it is shown.


def run(ctx: Context, _position: str | None) -> None:
    """What is over expires, what was put off comes back, and what gathered is put before those who decide."""
    lapsed = suggestions.expired(ctx.tx, ctx.community.id, ctx.now)
    for one in lapsed:
        suggestions.settle(ctx.tx, one.id, "expired", None, ctx.now)
    for number in _lists(lapsed):
        _draw_again(ctx, number)
    suggestions.open_again(ctx.tx, ctx.community.id, ctx.now)
    if _list_due(ctx, ctx.now) <= ctx.now:
        _tell(ctx)
    suggestions.forget_old(ctx.tx, ctx.community.id, ctx.now - KEPT_FOR)


def _tell(ctx: Context) -> None:
    """Put what gathered before those who decide: in the staff room, or for each right before who has it."""
    known = suggesting.ways(ctx.desk.house)
    waiting = [one for one in suggestions.not_shown(ctx.tx, ctx.community.id) if one.kind in known]
    for one in waiting:
        if not suggesting.holds(ctx, one):
            suggesting.drop(ctx, one)
    waiting = [one for one in suggestions.not_shown(ctx.tx, ctx.community.id) if one.kind in known]
    groups: dict[Right, list[Suggested]] = {}
    in_one = staff.staff_room(ctx) is not None
    for one in waiting:
        needs = known[waiting[0].kind if in_one else one.kind].needs
        groups.setdefault(needs, []).append(one)
    for needs, group in groups.items():
        number = suggestions.new_list(ctx.tx, ctx.community.id, group[:A_LIST], ctx.now)
        text, buttons = _list(ctx, number)
        ctx.report(text, buttons=buttons, tag=f"{TAG}{number}", needs=needs)


def _list_due(ctx: Context, since: int) -> int:
    """When what gathered since then is to be told."""
    last = suggestions.last_list(ctx.tx, ctx.community.id)
    at = since if last is None else max(since, last + APART)
    return after_quiet(ctx.calendar, quiet_hours(ctx.settings(TalkSettings)), at)


def next_due(ctx: Context, after: int) -> int | None:
    """When the first of them expires, comes back or is to be told."""
    times = suggestions.next_times(ctx.tx, ctx.community.id)
    unseen = times.unseen_since
    told = None if unseen is None else _list_due(ctx, unseen + suggesting.GATHER_FOR)
    due = min((at for at in (times.expires_at, times.again_at, told) if at is not None), default=None)
    return None if due is None else max(due, after + MINUTE)


# What follows.


def delivered(ctx: Context, fact: Delivered) -> None:
    """Remember which message shows a list; what was decided before it came is shown in it now."""
    number = fact.tag.removeprefix(TAG)
    if number == fact.tag or fact.native is None:
        return
    suggestions.keep_message(ctx.tx, int(number), fact.room, fact.native)
    if any(one.state != "open" for one in suggestions.of_list(ctx.tx, ctx.community.id, int(number))):
        _draw_again(ctx, int(number))


def changed(ctx: Context, fact: SuggestionChanged) -> None:
    """A list shows what became of those in it."""
    _draw_again(ctx, fact.shown_in)


def deleted(ctx: Context, event: MessageDeleted) -> None:
    """What was proposed because of a message goes with it."""
    suggesting.drop_about(ctx, event.native)


FEATURE = Feature(
    name="suggestions",
    commands=(Command("suggestions", command, ("待办", "待辦"), needs="mend"),),
    buttons={"suggest": Press(press, "mend")},
    events={MessageDeleted: deleted},
    listeners={Delivered: delivered, SuggestionChanged: changed},
    jobs=(Job(suggesting.JOB, run, next_due),),
    undo={suggesting.ACT: Undo(None, suggesting.take_back)},
    for_staff=("suggestions.list", "suggestions.page"),
)
