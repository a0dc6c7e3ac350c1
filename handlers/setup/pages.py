"""The pages of the set-up, which one message shows in turn: what each says of a room, and its buttons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core import staff
from bot.core.actions import Button, words
from bot.core.events import BotChanged, ButtonPressed, Message
from bot.core.locale import LOCALES, locale_of
from bot.core.page import Page, in_rows
from rules.calendar import Window
from storage import communities, people, rooms, settings, setups, tasks
from storage.setups import DONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.actions import Words
    from bot.core.context import Buttons, Context
    from rules.tasks import Task
    from storage.communities import Community
    from storage.people import Account
    from storage.rooms import Room

    Row = tuple[Button, ...]

TIERS = 5
IN_A_ROW = 2
MOST_CHOICES = 20
CHECKIN = "checkin"
"""The button that checks in, of whichever feature has it."""

EXTRAS = ("recap", "reminders")
"""What is worth a question at the beginning; all the rest is found in /settings."""

ZONES = {
    "zh-Hans": ("Asia/Shanghai", "Asia/Singapore", "Europe/London", "America/New_York", "Australia/Sydney"),
    "zh-Hant": ("Asia/Taipei", "Asia/Hong_Kong", "Asia/Singapore", "America/Los_Angeles", "Europe/London"),
    "en": ("Europe/London", "America/New_York", "America/Los_Angeles", "Asia/Singapore", "Australia/Sydney"),
}
"""Where those who read a language mostly live, the likeliest first."""

HOURS: dict[str, Window | None] = {
    "all": None,
    "300-540": Window(300, 540),
    "360-720": Window(360, 720),
    "1140-1440": Window(1140, 1440),
}
"""The usual hours of a task, by what their button says."""

NEXT = {"start": "language", "language": "zone", "zone": "task", "task": "extras", "extras": DONE}
BACK = {page: before for before, page in NEXT.items()} | {"details": "details"}


def page(ctx: Context) -> Page:
    """The page on which the set-up of this room stands; the menu when it is over."""
    return PAGES[setups.of_room(ctx.tx, ctx.room.id).page](ctx)


def is_over(ctx: Context) -> bool:
    """Whether the set-up is over, so that each page leads back to the menu."""
    return setups.of_room(ctx.tx, ctx.room.id).page == DONE


def joinable(ctx: Context, account: Account) -> list[Community]:
    """The other communities that an account may take this room into at this moment.

    Whoever runs the room runs such a community, too, from then on: that takes the right to give roles there.
    """
    known = staff.looked_after(ctx, account, "roles")
    return [one for one in known if one.id != ctx.community_id and staff.looks_after(ctx, account, one)]


# The first page.


def start(ctx: Context) -> Page:
    """What works already, what is missing, and the ways to go on."""
    one_tap = (
        Button(words("setup.fine_button"), "setup:fine"),
        Button(words("setup.begin_button"), "setup:begin"),
    )
    buttons = (*_check_in(ctx), one_tap, *_belongings(ctx))
    return Page(words("setup.start", **_hello(ctx, new=True)), buttons)


def back_again(ctx: Context) -> Words:
    """What is said when the bot comes back."""
    return words("setup.back_again", **_hello(ctx, new=False))


def _hello(ctx: Context, *, new: bool) -> dict[str, object]:
    room = ctx.desk.room_by_id(ctx.room.id)
    known = room.rights or isinstance(ctx.event, BotChanged | ButtonPressed)
    return {
        "new": new,
        "checks_in": bool(_check_in(ctx)),
        "hears": "read" in room.rights,
        "missing": ctx.missing_in(room) if known else (),
    }


def _check_in(ctx: Context) -> Buttons:
    known = any(CHECKIN in feature.buttons for feature in ctx.desk.house.features)
    return ((Button(words("setup.checkin_button"), CHECKIN),),) if known else ()


def _belongings(ctx: Context) -> Buttons:
    """Where this group may belong: what the one who brought the bot looks after, if that is known."""
    account = _who(ctx)
    if account is None:
        others = [one for one in communities.run_by(ctx.tx, None) if one.id != ctx.community_id]
        rows: Buttons = ((JOIN,),)
    else:
        others = joinable(ctx, account)
        rows = tuple(_join_row(one) for one in others) if len(others) <= 2 else ((JOIN,),)
    return (*rows, ((Button(words("setup.staff_button"), "staffroom:here")),)) if others else ()


def _who(ctx: Context) -> Account | None:
    """Who brought the bot, or looks at the page: nobody where that is not known."""
    by = ctx.event.by if isinstance(ctx.event, BotChanged) else None
    if by is not None:
        return None if by.is_bot else ctx.desk.account(ctx.room.bot, by)
    known = ctx.has_account and isinstance(ctx.event, ButtonPressed | Message)
    return ctx.account if known and ctx.may("settings") else None


def _join_row(community: Community) -> Row:
    return (Button(words("setup.belongs_button", name=community.name), f"setup:join:{community.id}"),)


JOIN = Button(words("setup.join_button"), "setup:join")


def choose_community(ctx: Context, known: list[Community]) -> Page:
    """The communities that this group may belong to."""
    names = staff.told_apart(ctx.desk, [one.id for one in known[:MOST_CHOICES]])
    rows = tuple(
        (Button(words("setup.community_label", name=name), f"setup:join:{one}"),)
        for one, name in names.items()
    )
    return Page(words("setup.communities", community=ctx.community.name), (*rows, MENU_ROW))


# The steps of a first room.


def language(ctx: Context) -> Page:
    """In which language the bot speaks here."""
    spoken = ctx.language_of(ctx.room)
    rows = tuple(
        (Button(words("setup.language_choice", code=code, chosen=code == spoken), f"setup:language:{code}"),)
        for code in LOCALES
    )
    return Page(words("setup.language", over=is_over(ctx)), (*rows, _back(ctx, "language")))


def zone(ctx: Context) -> Page:
    """By which clock the days are counted."""
    rule = ctx.calendar.rules[-1]
    usual = ZONES[ctx.language_of(ctx.room)]
    shown = (rule.zone, *(one for one in usual if one != rule.zone))[: len(usual)]
    buttons = [
        Button(words("setup.zone_choice", zone=one, chosen=one == rule.zone), f"setup:zone:{one}")
        for one in shown
    ]
    buttons.append(Button(words("setup.elsewhere_button"), "zone:page"))
    text = words("setup.zone", zone=rule.zone, day_starts_at=rule.day_starts_at, over=is_over(ctx))
    return Page(text, (*in_rows(buttons, IN_A_ROW), _back(ctx, "zone")))


def task(ctx: Context) -> Page:
    """What is checked in to, and when; a community with several tasks has them in /task."""
    known = tasks.of_community(ctx.tx, ctx.community.id)
    first = known[0] if len(known) == 1 else None
    hours = [] if first is None else [_hours(name, first.window) for name in HOURS]
    own = name_in(ctx.room.title)
    naming: Buttons = ()
    if first is None:
        naming = ((Button(words("setup.keep_button"), "setup:task:keep"),),)
    elif own not in {"", first.name}:
        naming = ((Button(words("setup.name_button", name=own), "setup:name"),),)
    text = words("setup.task", tasks=[_described(one) for one in known], over=is_over(ctx))
    return Page(text, (*in_rows(hours, IN_A_ROW), *naming, _back(ctx, "task")))


def _hours(name: str, now: Window | None) -> Button:
    text = words("setup.hours_choice", **_window(HOURS[name]), chosen=HOURS[name] == now)
    return Button(text, f"setup:task:{name}")


def _described(one: Task) -> dict[str, object]:
    return {"name": one.name, **_window(one.window)}


def _window(window: Window | None) -> dict[str, object]:
    return (
        {"opens": None, "closes": None}
        if window is None
        else {"opens": window.opens, "closes": window.closes}
    )


_PLACE = re.compile(r"(?:打卡|学习|學習|交流)*(?:群組|群组|群|班|会|會|营|營|社|小组|小組)$")
LONGEST_NAME = 8


def name_in(title: str) -> str:
    """What a group's title says is done there (晨读 in 晨读班); empty when it says nothing short."""
    name = _PLACE.sub("", title.strip())
    fits = name != title.strip() and re.fullmatch(rf"[\w ]{{2,{LONGEST_NAME}}}", name) is not None
    return name if fits else ""


def extras(ctx: Context) -> Page:
    """What else may be switched on, a line for each."""
    states = {name: ctx.is_on(name, ctx.room) for name in known_extras(ctx)}
    rows = tuple(
        (
            Button(
                words("setup.extra_choice", title=f"{name}.title", chosen=is_on),
                f"setup:extra:{name}:{'off' if is_on else 'on'}",
            ),
        )
        for name, is_on in states.items()
    )
    ready = Button(words("setup.ready_button"), "setup:next")
    over = is_over(ctx)
    last = _back(ctx, "extras") if over else (*_back(ctx, "extras"), ready)
    return Page(words("setup.extras", names=list(states), over=over), (*rows, last))


def known_extras(ctx: Context) -> list[str]:
    """Those of the extras that this house has."""
    return [name for name in EXTRAS if name in type(ctx.settings(ctx.desk.house.modes)).model_fields]


def done(ctx: Context) -> Page:
    """How the room is set up, and for its members how they check in."""
    room = ctx.desk.room_by_id(ctx.room.id)
    text = words(
        "setup.done",
        community=ctx.community.name,
        tier=room.tier,
        rooms=len(rooms.of_community(ctx.tx, ctx.community.id)),
        tasks=[_described(one) for one in tasks.of_community(ctx.tx, ctx.community.id)],
        zone=ctx.calendar.rules[-1].zone,
        extras=[f"{name}.title" for name in known_extras(ctx) if ctx.is_on(name, room)],
        hears="read" in room.rights,
        checks_in=bool(_check_in(ctx)),
    )
    return Page(text, (*_check_in(ctx), (Button(words("setup.change_button"), "setup:menu"),)))


# A further room of a community.


def details(ctx: Context, *, hello: bool = False) -> Page:
    """What differs from room to room: the tier, the language, and whose settings it begins with."""
    room = ctx.desk.room_by_id(ctx.room.id)
    text = words(
        "setup.details",
        hello=_hello(ctx, new=True) if hello else None,
        title=room.title,
        community=ctx.community.name,
        tier=room.tier,
    )
    first = _check_in(ctx) if hello else ()
    return Page(text, (*first, _tiers(room), *_languages(ctx), *_finish(ctx, room)))


def _tiers(room: Room) -> Row:
    return tuple(
        Button(words("setup.tier_label", tier=tier, chosen=tier == room.tier), f"setup:tier:{tier}")
        for tier in range(1, TIERS + 1)
    )


def _languages(ctx: Context) -> Buttons:
    """Languages, when the one who looks at it speaks another one than the room."""
    spoken, own = ctx.language_of(ctx.room), _speaks(ctx)
    if own in {None, spoken}:
        return ()
    return (
        tuple(
            Button(words("setup.language_choice", code=code, chosen=code == spoken), f"setup:language:{code}")
            for code in (spoken, str(own))
        ),
    )


def _speaks(ctx: Context) -> str | None:
    """The language of the one who looks at the page: the one chosen, else that of their app."""
    who = _who(ctx)
    chosen = None if who is None else people.language(ctx.tx, who.person)
    return chosen or app_language(ctx)


def app_language(ctx: Context) -> str | None:
    """The language in which the app of the one who did it is, where the platform says so."""
    sender = ctx.event.by if isinstance(ctx.event, BotChanged) else getattr(ctx.event, "sender", None)
    return None if sender is None or not sender.language else locale_of(sender.language)


def _finish(ctx: Context, room: Room) -> Buttons:
    """The button that ends it, with the settings of another room or without."""
    own = settings.of_rooms(ctx.tx, ctx.community.id)
    others = [
        one for one in rooms.of_community(ctx.tx, ctx.community.id) if one.id != room.id and one.id in own
    ]
    others.sort(key=lambda one: (one.tier != room.tier, one.id))
    alike = tuple(
        (Button(words("setup.alike_button", title=one.title), f"setup:like:{one.id}"),) for one in others[:2]
    )
    return (*alike, (Button(words("setup.ready_button"), "setup:like:0"),))


# What is set up already.

MENU_ROW = (Button(words("core.back"), "setup:menu"),)


def menu(ctx: Context) -> Page:
    """How this room is set up, with buttons to change it."""
    room = ctx.desk.room_by_id(ctx.room.id)
    rule = ctx.calendar.rules[-1]
    text = words(
        "setup.menu",
        title=room.title,
        community=ctx.community.name,
        rooms=len(rooms.of_community(ctx.tx, ctx.community.id)),
        tier=room.tier,
        zone=rule.zone,
        day_starts_at=rule.day_starts_at,
        language=ctx.language_of(room),
        missing=ctx.missing_in(room),
    )
    return Page(text, MENU)


MENU: Buttons = (
    (JOIN, Button(words("setup.tier_button"), "setup:page:tier")),
    (
        Button(words("setup.zone_button"), "setup:page:zone"),
        Button(words("setup.language_button"), "setup:page:language"),
    ),
    (
        Button(words("setup.task_button"), "setup:page:task"),
        Button(words("setup.extras_button"), "setup:page:extras"),
    ),
    (Button(words("setup.ready_button"), "setup:shut"),),
)


def tier(ctx: Context) -> Page:
    """The tier of this room in its community."""
    room = ctx.desk.room_by_id(ctx.room.id)
    return Page(words("setup.tiers", tier=room.tier), (_tiers(room), MENU_ROW))


def _back(ctx: Context, name: str) -> Row:
    """To the page before, or to the menu when the set-up is over."""
    return MENU_ROW if is_over(ctx) else (Button(words("core.back"), f"setup:back:{name}"),)


PAGES: dict[str, Callable[[Context], Page]] = {
    "start": start,
    "language": language,
    "zone": zone,
    "task": task,
    "extras": extras,
    "details": details,
    DONE: menu,
}
OF_MENU: dict[str, Callable[[Context], Page]] = {
    "language": language,
    "zone": zone,
    "task": task,
    "extras": extras,
    "tier": tier,
}
"""The pages that the menu leads to."""
