"""What is wrong is told unasked to those who can mend it: a line for each kind, and one when it is over."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.config import TalkSettings
from bot.core import manners, reaching
from bot.core.actions import Button, Say, words
from bot.core.port import RIGHTS
from bot.core.priority import NOTICE
from handlers.doctor import checks
from handlers.doctor.checks import SPEAK, Look
from handlers.doctor.page import bots_of, disk_of, spoken
from rules.budget import is_quiet
from rules.calendar import Calendar, Rule
from rules.durations import DAY, MINUTE
from rules.trouble import ALERTS, OF_THE_HOUSE, news
from storage import bot_accounts, condition, people

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.core.actions import Words
    from bot.core.context import Buttons, Context
    from rules.facts import RightsChanged, RoomOpened
    from rules.trouble import Trouble
    from storage.people import Account

HOUSE = 0
AT_A_TIME = 10
"""Communities looked at in one slice: some milliseconds."""

USED = frozenset({*RIGHTS, SPEAK})
LOST = frozenset({"lost"})
LOG_IN = ((Button(words("account.show_button"), "login"),),)
PATIENCE = 2
"""Minutes that an account may be logged out before it is told: most are back by then."""


log = logging.getLogger("banzhang.doctor")


def look(ctx: Context, position: str | None) -> str | None:
    """The job: tell those who run the house, then the staff of some communities; where to go on."""
    owners = _owners(ctx)
    seen = Look(ctx.tx, ctx.now, bots_of(ctx), disk_of(ctx))
    if position is None and owners:
        _look_at_house(ctx, seen, owners)
    behind = condition.communities_behind(ctx.tx, int(position or 0), AT_A_TIME)
    for community in behind:
        _look_at(ctx.in_community(community), seen, owners)
    return str(behind[-1]) if len(behind) == AT_A_TIME else None


def once_settled(ctx: Context, after: int) -> int | None:
    """The running house wakes the job; by itself it looks again when an account is out for long enough."""
    known = bot_accounts.all_of_them(ctx.tx)
    settled = [one.left_at + PATIENCE * MINUTE for one in known if not one.is_online]
    return min((at for at in settled if at > after), default=None)


def rights_changed(ctx: Context, fact: RightsChanged) -> None:
    """Remember what was lost until it is there again, and tell it at once."""
    if ctx.is_staff_room:
        return
    condition.note_regained(ctx.tx, fact.room, fact.gained)
    condition.note_lost(ctx.tx, fact.room, USED.intersection(fact.lost))
    seen = Look(ctx.tx, ctx.now, {}, None)
    _tell_staff(ctx, seen, checks.of_lost_rights(seen, fact.community), LOST)


def opened(ctx: Context, fact: RoomOpened) -> None:
    """Whoever takes the bot in again gives it rights anew."""
    condition.note_regained(ctx.tx, fact.room, USED)


def _look_at_house(ctx: Context, seen: Look, owners: list[Account]) -> None:
    """Tell those who run the house what only they can mend."""
    house = ctx.desk.house
    calendar = Calendar((Rule(0, house.zone, house.day_starts_at),))
    settings = house.settings[TalkSettings]
    assert isinstance(settings, TalkSettings)
    if is_quiet(calendar, manners.quiet_hours(settings), ctx.now):
        return
    of_nobody = bot_accounts.of_nobody(ctx.tx)
    troubles = [
        *checks.of_house(seen),
        *checks.of_queue(seen, None, private=True),
        *checks.of_accounts(seen, of_nobody),
    ]
    text = _news(ctx, HOUSE, troubles, ALERTS, checks.back_since(seen, of_nobody))
    if text is not None:
        _write_to(ctx, owners, text, around=())


def _look_at(ctx: Context, seen: Look, owners: list[Account]) -> None:
    """Tell the staff of a community what is theirs; where nobody runs the house, what is wrong there, too."""
    community = ctx.community.id
    troubles = [
        *([] if owners else checks.of_house(seen)),
        *checks.of_queue(seen, community, private=not owners),
        *checks.of_bots(seen, community),
        *checks.of_lost_rights(seen, community),
    ]
    _tell_staff(ctx, seen, troubles, ALERTS - OF_THE_HOUSE if owners else ALERTS, owners)


def _tell_staff(
    ctx: Context,
    seen: Look,
    troubles: list[Trouble],
    kinds: frozenset[str],
    owners: Collection[Account] = (),
) -> None:
    """Tell the staff of a community what is new about these kinds; in quiet hours nothing, until they end."""
    if is_quiet(ctx.calendar, manners.quiet_hours(ctx.settings(TalkSettings)), ctx.now):
        return
    community = ctx.community.id
    back = checks.back_since(seen, bot_accounts.of_community(ctx.tx, community))
    text = _news(ctx, community, troubles, kinds, back)
    if text is not None and not _tell_elsewhere(ctx, seen, text, owners):
        log.warning("nobody who looks after community %d can be told what is wrong with it", community)


def _tell_elsewhere(ctx: Context, seen: Look, text: Words, owners: Collection[Account]) -> bool:
    """Tell it by a bot that is well; whether anybody is told.

    By one that only seems to be out of reach when there is no other; never by one that is logged out: what
    it would say when it is back is old by then.
    """
    around = checks.out_of_reach(seen, ctx.community.id)
    return (
        ctx.report(text, around=around, buttons=_buttons(text))
        or _write_to(ctx, owners if around else (), text, around)
        or (bool(around) and ctx.report(text, around=checks.away(seen, ctx.community.id)))
    )


def _buttons(text: Words) -> Buttons:
    """Below what tells that an account is logged out: the code that logs it in."""
    begun = text.values["begun"]
    assert isinstance(begun, list)
    return LOG_IN if any(one["text"] == f"doctor.{checks.OFFLINE}" for one in begun) else ()


def _news(
    ctx: Context,
    community: int,
    everything: list[Trouble],
    kinds: frozenset[str],
    back: dict[str, object],
) -> Words | None:
    """What is to be told now of these kinds of trouble, noted as told; None: nothing.

    `back` fills the text that says that an account is logged in again.
    """
    troubles = [one for one in everything if not _may_pass(one)]
    told = {kind: last for kind, last in condition.told(ctx.tx, community).items() if kind in kinds}
    fresh = news([one.kind for one in troubles], told, ctx.now)
    condition.keep_told(ctx.tx, community, fresh.begun, ctx.now)
    condition.keep_ended(ctx.tx, community, fresh.ended)
    condition.forget(ctx.tx, community, fresh.forgotten)
    if not fresh.begun and not fresh.ended:
        return None
    return words(
        "doctor.alert",
        community="" if community == HOUSE else ctx.community.name,
        begun=spoken([one for one in troubles if one.kind in fresh.begun]),
        ended=[{"text": f"doctor.{kind}_over", "values": back} for kind in fresh.ended],
        well=not everything,
    )


def _may_pass(trouble: Trouble) -> bool:
    """Whether it may be over in a moment: a gateway that starts again logs out for that long."""
    minutes = trouble.values.get("minutes")
    return trouble.kind == checks.OFFLINE and isinstance(minutes, int) and minutes < PATIENCE


def _owners(ctx: Context) -> list[Account]:
    """Those who run the house (`[bot] admins`) and may be written to."""
    named = [one.partition(":") for one in sorted(ctx.desk.house.admins)]
    known = [people.by_native(ctx.tx, place, native) for place, _, native in named]
    return [one for one in known if one is not None and reaching.any_way_to(ctx, one) is not None]


def _write_to(ctx: Context, owners: Iterable[Account], text: Words, around: Collection[str]) -> bool:
    """Write to those who run the house, in private, by bots that need not be gone around; whether to any."""
    known = [(owner, reaching.any_way_to(ctx, owner)) for owner in owners]
    ways = [(owner, room) for owner, room in known if room is not None and room.bot not in around]
    for owner, room in ways:
        said = Say(parts=(text,), language=ctx.language_for(owner))
        ctx.put(room, said, priority=NOTICE, lives_for=DAY)
    return bool(ways)
