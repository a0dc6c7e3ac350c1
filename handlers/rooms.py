"""All rooms of a community on one screen, with what needs care first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core import looking
from bot.core.actions import Button, words
from bot.core.errors import UserError
from bot.core.feature import Command, Feature, Job, Press, Signal
from bot.core.page import in_rows
from rules.arguments import plain_number
from rules.days import gap, shift, weekday
from rules.durations import DAY, MINUTE
from rules.health import Health, urgency
from storage import overview, rooms

if TYPE_CHECKING:
    from bot.core.actions import Words
    from bot.core.context import Buttons, Context
    from bot.core.desk import Desk
    from storage.rooms import Room

A_PAGE = 10
IN_A_ROW = 2
ACTIVE_FOR = 14
"""Days for which somebody who came, or joined, is an active member."""

HEARD_STEP = MINUTE
"""How often (milliseconds) it is written down that a room was heard."""


def command(ctx: Context, _arguments: str) -> None:
    """`/rooms`: the list."""
    text, buttons = _list(ctx, 0)
    ctx.confide(text, buttons=buttons)


def press(ctx: Context, arguments: str) -> None:
    """A button below the list: another page, or one room."""
    what, _, rest = arguments.partition(":")
    number = plain_number(rest)
    if what == "page" and number is not None:
        text, buttons = _list(ctx, number)
    elif what == "room" and number is not None:
        text, buttons = _card(ctx, number)
    else:
        raise UserError("core.button_gone")
    ctx.edit_pressed(text, buttons=buttons)


def _list(ctx: Context, page: int) -> tuple[Words, Buttons]:
    known = {room.id: room for room in rooms.of_community(ctx.tx, ctx.community.id)}
    health = sorted(_health(ctx, known), key=urgency)
    pages = max(1, -(-len(health) // A_PAGE))
    page = min(page, pages - 1)
    here = health[page * A_PAGE : (page + 1) * A_PAGE]
    text = words(
        "rooms.list",
        community=ctx.community.name,
        count=len(known),
        care=sum(one.needs_care for one in health),
        rooms=[_described(ctx, known[one.room], one) for one in here],
    )
    labels = [
        Button(words("rooms.room_label", title=known[one.room].title), f"rooms:room:{one.room}")
        for one in here
    ]
    return text, (*in_rows(labels, IN_A_ROW), *_turns(page, pages))


def _turns(page: int, pages: int) -> Buttons:
    if pages == 1:
        return ()
    before, after = (page - 1) % pages, (page + 1) % pages
    return (
        (
            Button(words("rooms.before"), f"rooms:page:{before}"),
            Button(words("rooms.page", page=page + 1, pages=pages), f"rooms:page:{page}"),
            Button(words("rooms.after"), f"rooms:page:{after}"),
        ),
    )


def _card(ctx: Context, number: int) -> tuple[Words, Buttons]:
    room = rooms.one_of_community(ctx.tx, ctx.community.id, number)
    if room is None:
        raise UserError("core.button_gone")
    [health] = _health(ctx, {number: room})
    text = words(
        "rooms.card",
        room=_described(ctx, room, health),
        language=ctx.language_of(room),
    )
    settings = ((Button(words("rooms.settings_button"), f"set:at:{room.id}"),),)
    has_settings = any("set" in feature.buttons for feature in ctx.desk.house.features)
    back = ((Button(words("core.back"), "rooms:page:0"),),)
    return text, (*(settings if has_settings else ()), *back)


def _health(ctx: Context, known: dict[int, Room]) -> list[Health]:
    """How each room is doing, by three statements for all of them."""
    heard = overview.heard(ctx.tx, ctx.community.id)
    today = ctx.today
    founded = ctx.calendar.day_of(ctx.community.created_at)
    shares = overview.shares(
        ctx.tx,
        ctx.community.id,
        monday=shift(today, -weekday(today)),
        since=shift(today, -ACTIVE_FOR),
        joined_since=ctx.now - ACTIVE_FOR * DAY,
    )
    nobody = overview.Share()
    return [
        Health(
            room=room.id,
            missing=ctx.missing_in(room),
            silent_for=max(0, ctx.now - heard[room.id]) if room.id in heard else None,
            came=shares.get(room.id, nobody).came,
            active=shares.get(room.id, nobody).active,
            weekday=min(weekday(today), gap(founded, today)),
        )
        for room in known.values()
    ]


def _described(ctx: Context, room: Room, health: Health) -> dict[str, object]:
    return {
        "title": room.title,
        "tier": room.tier,
        "by_hand": room.is_by_hand,
        "care": health.needs_care,
        "missing": list(health.missing),
        "silent": None if health.silent_for is None else health.silent_for // MINUTE,
        "share": health.share,
        "came": health.came,
        "active": health.active,
        "off": [f"{name}.title" for name in _off(ctx, room)],
    }


def _off(ctx: Context, room: Room) -> list[str]:
    """The features that are off in a room, in the order of the table."""
    return [feature.name for feature in ctx.desk.house.features if not ctx.is_on(feature.name, room)]


def keep_heard(desk: Desk, signals: list[Signal]) -> None:
    """Write down, once a minute at most, when each room was heard last."""
    latest: dict[int, int] = {}
    for signal in signals:
        if signal.at > latest.get(signal.room, 0):
            latest[signal.room] = signal.at
    written: dict[int, int] = desk.remember(("rooms heard",), dict)
    news = {room: at for room, at in latest.items() if at >= written.get(room, 0) + HEARD_STEP}
    if news:
        overview.note_heard(desk.tx, news)
        written.update(news)


def look_around(ctx: Context, _position: str | None) -> None:
    """The job: who looks after each room is asked once a day, for not all of it is told."""
    for room in rooms.of_community(ctx.tx, ctx.community.id):
        looking.look(ctx.elsewhere(room))


def next_look_around(_ctx: Context, after: int) -> int:
    """A day later."""
    return after + DAY


FEATURE = Feature(
    name="rooms",
    jobs=(Job("rooms", look_around, next_look_around),),
    commands=(Command("rooms", command, ("各群", "班级", "班級"), needs="overview"),),
    buttons={"rooms": Press(press, "overview")},
    fold=keep_heard,
    for_staff=("rooms.list", "rooms.card"),
)
