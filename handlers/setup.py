"""The first words in a room, and a small menu for its admins: which community, which tier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.errors import UserError
from bot.core.feature import Command, Feature
from bot.core.port import RIGHTS, BotChanged, Button, ButtonPressed, words
from rules.facts import RightsChanged, RoomJoined, RoomOpened
from storage import communities, rooms

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.context import Buttons, Context
    from bot.core.port import Words
    from storage.communities import Community
    from storage.rooms import Room

TIERS = 5
MOST_CHOICES = 40
CHECKIN = "checkin"
"""The button that checks in, of whichever feature has it."""


def greet(ctx: Context, fact: RoomOpened) -> None:
    """Say what works now, what the bot may not do yet, and offer the rest to the admins."""
    room = ctx.desk.room_by_id(fact.room)
    rights_known = isinstance(ctx.event, BotChanged)
    checks_in = any(CHECKIN in feature.buttons for feature in ctx.desk.house.features)
    text = words(
        "setup.first_words" if fact.new else "setup.back_again",
        checks_in=checks_in,
        hears="read" in room.rights,
        missing=_missing(room) if rights_known else [],
    )
    first = ((Button(words("setup.checkin_button"), CHECKIN),),) if checks_in else ()
    alone = len(rooms.of_community(ctx.tx, fact.community)) == 1
    ctx.say(text, reply=False, buttons=(*first, *(MENU if alone else OWN)))


def _missing(room: Room) -> list[str]:
    return [right for right in RIGHTS if right not in room.rights]


JOIN = Button(words("setup.join_button"), "setup:join")
TIER = Button(words("setup.tier_button"), "setup:tier")
ZONE = Button(words("setup.zone_button"), "zone:page")
LANGUAGE = Button(words("setup.language_button"), "language:room")
MENU: Buttons = ((JOIN, TIER), (ZONE, LANGUAGE))
OWN: Buttons = ((TIER, LANGUAGE),)
"""What may differ between the rooms of one community."""

BACK = (Button(words("core.back"), "setup:menu"),)


def menu(ctx: Context, _arguments: str) -> None:
    """How this room is set up, with buttons to change it."""
    ctx.say(_state(ctx), buttons=MENU)


def _state(ctx: Context) -> Words:
    room = ctx.desk.room_by_id(ctx.room.id)
    rule = ctx.calendar.rules[-1]
    return words(
        "setup.menu",
        title=room.title,
        community=ctx.community.name,
        rooms=len(rooms.of_community(ctx.tx, ctx.community.id)),
        tier=room.tier,
        zone=rule.zone,
        day_starts_at=rule.day_starts_at,
        language=ctx.language_of(room),
        missing=_missing(room),
    )


def press(ctx: Context, arguments: str) -> None:
    """A button of the menu: only admins of this moment may."""
    if not ctx.room.is_group:
        raise UserError("core.only_in_group")
    if not ctx.may("settings"):
        raise UserError("setup.for_admins")
    page, _, choice = arguments.partition(":")
    act = PAGES.get((page, bool(choice)))
    if act is None:
        raise UserError("core.button_gone")
    act(ctx, choice)


def _show(ctx: Context, text: Words, buttons: Buttons, answer: Words | None = None) -> None:
    assert isinstance(ctx.event, ButtonPressed)
    ctx.answer(answer)
    ctx.edit(ctx.event.message, text, buttons=buttons)


def _show_menu(ctx: Context, _choice: str = "") -> None:
    _show(ctx, _state(ctx), MENU)


def _show_tiers(ctx: Context, _choice: str) -> None:
    row = tuple(
        Button(words("setup.tier_label", tier=tier), f"setup:tier:{tier}") for tier in range(1, TIERS + 1)
    )
    _show(ctx, words("setup.tiers", tier=ctx.room.tier), (row, BACK))


def _choose_tier(ctx: Context, choice: str) -> None:
    if choice not in map(str, range(1, TIERS + 1)):
        raise UserError("core.button_gone")
    ctx.audit("tier", ctx.room.title, str(ctx.room.tier), choice)
    ctx.desk.change_room(ctx.room, tier=int(choice))
    _show(ctx, _state(ctx), MENU, words("setup.saved"))


def _show_communities(ctx: Context, _choice: str) -> None:
    choices = _joinable(ctx)
    if not choices:
        raise UserError("setup.none_to_join")
    buttons = [
        (Button(words("setup.community_label", name=one.name), f"setup:join:{one.id}"),)
        for one in choices[:MOST_CHOICES]
    ]
    _show(ctx, words("setup.communities", community=ctx.community.name), (*buttons, BACK))


def _joinable(ctx: Context) -> list[Community]:
    """The other communities that the one who pressed runs at this moment."""
    account = ctx.account
    everywhere = f"{account.platform}:{account.native}" in ctx.desk.house.admins
    known = communities.run_by(ctx.tx, None if everywhere else account.person)
    return [one for one in known if one.id != ctx.community_id]


def _join(ctx: Context, choice: str) -> None:
    """The room moves with its members and its own settings; what it did before stays where it was."""
    target = next((one for one in _joinable(ctx) if str(one.id) == choice), None)
    if target is None:
        raise UserError("core.button_gone")
    left = ctx.community
    ctx.audit("room_left", ctx.room.title, left.name, target.name)
    room = ctx.desk.change_room(ctx.room, community=target.id)
    communities.move_room_settings(ctx.tx, room.id, left.id, target.id)
    ctx.desk.forget("settings")
    here = ctx.as_account(ctx.account, room)
    here.audit("room_joined", room.title, left.name, target.name)
    here.emit(RoomJoined(community=target.id, at=ctx.at, room=room.id))
    _show(here, _state(here), MENU, words("setup.joined", community=target.name))


def rights_changed(ctx: Context, fact: RightsChanged) -> None:
    """Say in one line that the bot hears the room now, or no longer; the rest only to who changed it."""
    room = ctx.desk.room_by_id(fact.room)
    if "read" in fact.gained:
        ctx.announce(room, words("setup.hears_now"))
    elif "read" in fact.lost:
        ctx.announce(room, words("setup.hears_no_more"))
    lost = [right for right in RIGHTS if right in fact.lost]
    changer = ctx.event.by if isinstance(ctx.event, BotChanged) else None
    if lost and changer is not None and not changer.is_bot:
        account = ctx.desk.account(room.bot, changer)
        ctx.tell(account, words("setup.rights_lost", room=room.title, missing=lost))


PAGES: dict[tuple[str, bool], Callable[[Context, str], None]] = {
    ("menu", False): _show_menu,
    ("tier", False): _show_tiers,
    ("tier", True): _choose_tier,
    ("join", False): _show_communities,
    ("join", True): _join,
}
"""What a button of the menu does: its page, and whether something was chosen there."""

FEATURE = Feature(
    name="setup",
    commands=(
        Command("setup", menu, ("安装", "安裝", "开始设置", "開始設定"), needs="settings", places=("group",)),
    ),
    buttons={"setup": press},
    listeners={RoomOpened: greet, RightsChanged: rights_changed},
)
