"""What each button of the set-up does: of several admins at once the first one turns the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.core import changes
from bot.core.actions import words
from bot.core.errors import UserError
from bot.core.events import ButtonPressed
from bot.core.locale import LOCALES
from bot.core.modes import SECTION
from handlers.setup import pages
from handlers.setup.pages import EXTRAS, HOURS, NEXT, OF_MENU, TIERS, ZONES
from storage import settings, setups, tasks
from storage.setups import DONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.actions import Words
    from bot.core.context import Context
    from bot.core.page import Page
    from storage.communities import Community


def press(ctx: Context, arguments: str) -> None:
    """A button of the set-up, in the room that it is about."""
    if not ctx.room.is_group:
        raise UserError("core.only_in_group")
    if ctx.is_staff_room:
        raise UserError("setup.in_staff_room")
    what, _, choice = arguments.partition(":")
    act = ACTS.get(what)
    if act is None:
        raise UserError("core.button_gone")
    act(ctx, choice)


def show(ctx: Context, page: Page, toast: Words | None = None) -> None:
    """Show a page in the message whose button was pressed; the message is the set-up from now on."""
    assert isinstance(ctx.event, ButtonPressed)
    ctx.edit_pressed(page.text, buttons=page.buttons, toast=toast)
    setups.keep(ctx.tx, ctx.room.id, message=ctx.event.message)


def _turn(ctx: Context, page: str, choose: Callable[[], None], to: str | None = None) -> None:
    """Do what was chosen on a page and show the next one; after the set-up, the menu.

    Nothing is done where another admin was quicker and the set-up is on another page by now.
    """
    if pages.is_over(ctx):
        choose()
        here = _anew(ctx)
        show(here, pages.menu(here), words("setup.saved"))
    elif setups.turn(ctx.tx, ctx.room.id, page, to or NEXT[page]):
        choose()
        here = _anew(ctx)
        show(here, pages.done(here) if pages.is_over(here) else pages.page(here))
    else:
        show(ctx, pages.page(ctx), words("setup.quicker"))


def _end(ctx: Context, page: str, choose: Callable[[], None]) -> None:
    """The last tap: what was set up, and how members check in. One tap too many changes nothing."""
    if pages.is_over(ctx):
        show(ctx, pages.done(ctx))
    else:
        _turn(ctx, page, choose, DONE)


def _nothing() -> None: ...


def _fine(ctx: Context, _choice: str) -> None:
    _end(ctx, "start", _nothing)


def _begin(ctx: Context, _choice: str) -> None:
    if pages.is_over(ctx):
        show(ctx, pages.menu(ctx))
    else:
        _turn(ctx, "start", _nothing)


def _next(ctx: Context, _choice: str) -> None:
    _end(ctx, "extras", _nothing)


def _back(ctx: Context, page: str) -> None:
    if page not in pages.BACK:
        raise UserError("core.button_gone")
    setups.turn(ctx.tx, ctx.room.id, page, pages.BACK[page])
    show(ctx, pages.page(ctx))


def _menu(ctx: Context, _choice: str) -> None:
    show(ctx, pages.page(ctx))


def _shut(ctx: Context, _choice: str) -> None:
    show(ctx, pages.done(ctx) if pages.is_over(ctx) else pages.page(ctx))


def _page(ctx: Context, name: str) -> None:
    if name not in OF_MENU:
        raise UserError("core.button_gone")
    show(ctx, OF_MENU[name](ctx) if pages.is_over(ctx) else pages.page(ctx))


def _tier(ctx: Context, choice: str) -> None:
    """A tier was chosen, on a page where one may go on choosing."""
    if choice not in map(str, range(1, TIERS + 1)):
        raise UserError("core.button_gone")
    room = ctx.desk.room_by_id(ctx.room.id)
    if int(choice) != room.tier:
        undo = {"room": room.id, "tier": room.tier}
        ctx.audit("tier", f"room:{room.id}", room.tier, int(choice), room=room.id, undo=undo)
        ctx.desk.change_room(room, tier=int(choice))
    show(ctx, pages.page(ctx), words("setup.saved"))


def tier_again(ctx: Context, data: dict[str, Any]) -> object:
    """A room is of the tier again that it was of; the tier it is of now."""
    room = ctx.desk.room_by_id(data["room"])
    ctx.desk.change_room(room, tier=data["tier"])
    return {"room": room.id, "tier": room.tier}


def _language(ctx: Context, code: str) -> None:
    if code not in LOCALES:
        raise UserError("core.button_gone")

    def speak() -> None:
        if code != ctx.language_of(ctx.room):
            changes.set_language(ctx, ctx.desk.room_by_id(ctx.room.id), code)

    if setups.of_room(ctx.tx, ctx.room.id).page == "details":
        speak()
        here = _anew(ctx)
        show(here, pages.details(here))
    else:
        _turn(ctx, "language", speak)


def _anew(ctx: Context) -> Context:
    """The same moment, with the room as it is now."""
    return ctx.in_community(ctx.community.id, ctx.desk.room_by_id(ctx.room.id))


def _zone(ctx: Context, choice: str) -> None:
    if choice not in {one for usual in ZONES.values() for one in usual} | {ctx.calendar.rules[-1].zone}:
        raise UserError("core.button_gone")
    _turn(ctx, "zone", lambda: changes.set_time_rule(ctx, zone=choice))


def _task(ctx: Context, choice: str) -> None:
    known = tasks.of_community(ctx.tx, ctx.community.id)
    if choice not in {*HOURS, "keep"} or not known:
        raise UserError("core.button_gone")

    def set_hours() -> None:
        if choice != "keep" and len(known) == 1 and known[0].window != HOURS[choice]:
            changes.change_task(ctx, known[0], window=HOURS[choice])

    _turn(ctx, "task", set_hours)


def _name(ctx: Context, _choice: str) -> None:
    """The task is called as the group's title says."""
    known = tasks.of_community(ctx.tx, ctx.community.id)
    name = pages.name_in(ctx.room.title)
    if len(known) == 1 and name and name != known[0].name:
        changes.change_task(ctx, known[0], name=name)
    over = pages.is_over(ctx)
    show(ctx, pages.task(ctx) if over else pages.page(ctx), words("setup.saved"))


def _extra(ctx: Context, choice: str) -> None:
    """Switch a feature on or off in this room; the page stays."""
    name, _, mode = choice.partition(":")
    if name not in EXTRAS or name not in pages.known_extras(ctx) or mode not in {"on", "off"}:
        raise UserError("core.button_gone")
    if ctx.is_on(name, ctx.room) != (mode == "on"):
        changes.set_setting(ctx, f"{SECTION}.{name}", mode, ctx.room.id)
    show(ctx, pages.extras(ctx) if pages.is_over(ctx) else pages.page(ctx))


def _join(ctx: Context, choice: str) -> None:
    """The room belongs to another community of the one who pressed; without a choice, they choose."""
    known = pages.joinable(ctx, ctx.account)
    if not choice:
        _choose_community(ctx, known)
        return
    target = next((one for one in known if str(one.id) == choice), None)
    if target is None:
        raise UserError("core.button_gone")
    there = changes.move_room(ctx, ctx.room, target)
    setups.keep(ctx.tx, ctx.room.id, page="details")
    show(there, pages.details(there), words("setup.joined", community=target.name))


def _choose_community(ctx: Context, known: list[Community]) -> None:
    if not known:
        raise UserError("setup.none_to_join")
    show(ctx, pages.choose_community(ctx, known))


def _like(ctx: Context, choice: str) -> None:
    """The end of a further room's set-up, with the settings of another room of the community or without."""
    own = settings.of_rooms(ctx.tx, ctx.community.id)
    if choice != "0" and choice not in map(str, own):
        raise UserError("core.button_gone")

    def copy() -> None:
        here = own.get(ctx.room.id, {})
        for name, value in own.get(int(choice), {}).items():
            if here.get(name) != value:
                changes.set_setting(ctx, name, value, ctx.room.id)

    _end(ctx, "details", copy)


ACTS: dict[str, Callable[[Context, str], None]] = {
    "fine": _fine,
    "begin": _begin,
    "next": _next,
    "back": _back,
    "menu": _menu,
    "shut": _shut,
    "page": _page,
    "tier": _tier,
    "language": _language,
    "zone": _zone,
    "task": _task,
    "name": _name,
    "extra": _extra,
    "join": _join,
    "like": _like,
}
"""What a button does, by the word behind `setup:`."""
