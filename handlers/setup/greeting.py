"""The first words in a room, and `/setup`: the message in which the rest is settled by buttons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core.actions import words
from bot.core.errors import UserError
from bot.core.events import BotChanged
from bot.core.port import rights_on
from handlers.setup import pages
from storage import communities, rooms, setups
from storage.setups import DONE

if TYPE_CHECKING:
    from bot.core.context import Context
    from bot.core.page import Page
    from rules.facts import Delivered, RightsChanged, RoomOpened

TAG = "setup"
HAN = re.compile("[\u4e00-\u9fff]")


def greet(ctx: Context, fact: RoomOpened) -> None:
    """Say what works now and what the bot may not do yet, and offer the rest to the admins."""
    if ctx.is_staff_room or fact.quietly:
        return
    if not fact.new:
        ctx.say(pages.back_again(ctx), reply=False)
        return
    alone = len(rooms.of_community(ctx.tx, fact.community)) == 1
    setups.keep(ctx.tx, fact.room, page="start" if alone else "details")
    if alone:
        _speak_as_the_app(ctx)
    _say(ctx, pages.start(ctx) if alone else pages.details(ctx, hello=True))


def _speak_as_the_app(ctx: Context) -> None:
    """A community begins in the language of its title, and of the app of who brought the bot."""
    app = pages.app_language(ctx)
    code = None if app is None else spoken_in(ctx.room.title, app, ctx.community.language)
    if code is not None and code != ctx.community.language:
        communities.set_language(ctx.tx, ctx.community.id, code)
        ctx.desk.forget("community", ctx.community.id)


def spoken_in(title: str, app: str, usual: str) -> str:
    """The language that a group of this title most likely speaks, when a member's app is in `app`.

    A title in Chinese signs is read by whoever reads Chinese, whatever the language of their phone.
    """
    if not HAN.search(title) or app.startswith("zh"):
        return app
    if usual.startswith("zh"):
        return usual
    try:
        title.encode("gb2312", "strict")
    except UnicodeEncodeError:
        return "zh-Hant"
    return "zh-Hans"


def set_up(ctx: Context, _arguments: str) -> None:
    """Go on where the set-up stands; when it is over, how the room is set up and the ways to change it."""
    if ctx.is_staff_room:
        raise UserError("setup.in_staff_room")
    _say(ctx, pages.page(ctx))


def _say(ctx: Context, page: Page) -> None:
    ctx.say(page.text, reply=False, buttons=page.buttons, tag=TAG)


def said(ctx: Context, fact: Delivered) -> None:
    """Remember which message shows the set-up."""
    if fact.tag == TAG and fact.native is not None:
        setups.keep(ctx.tx, fact.room, message=fact.native)


def rights_changed(ctx: Context, fact: RightsChanged) -> None:
    """Say in one line that the bot hears the room now, or no longer; the rest only to who changed it.

    The set-up, while it names what is missing, names what is missing now.
    """
    if ctx.is_staff_room:
        return
    room = ctx.desk.room_by_id(fact.room)
    _show_again(ctx, room.id)
    if not isinstance(ctx.event, BotChanged):
        return  # found out by a look: nobody just changed it
    if "read" in fact.gained:
        ctx.announce(room, words("setup.hears_now"))
    elif "read" in fact.lost:
        ctx.announce(room, words("setup.hears_no_more"))
    lost = [right for right in rights_on(ctx.can_in(room)) if right in fact.lost]
    changer = ctx.event.by
    if lost and changer is not None and not changer.is_bot:
        account = ctx.desk.account(room.bot, changer)
        ctx.tell(account, words("setup.rights_lost", room=room.title, missing=lost))


def _show_again(ctx: Context, room: int) -> None:
    setup = setups.of_room(ctx.tx, room)
    if setup.message is not None and setup.page not in {DONE, "details"}:
        page = pages.page(ctx)
        ctx.edit(setup.message, page.text, buttons=page.buttons)
