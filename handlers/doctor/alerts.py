"""What is wrong is told unasked to those who can mend it: a line for each kind, and one when it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.config import TalkSettings
from bot.core import manners
from bot.core.port import RIGHTS, Place, Say, words
from handlers.doctor import checks
from handlers.doctor.checks import SPEAK, Look
from handlers.doctor.page import disk_of, spoken
from rules.budget import is_quiet
from rules.calendar import Calendar, Rule
from rules.trouble import ALERTS, OF_THE_HOUSE, news
from storage import condition, people

if TYPE_CHECKING:
    from bot.core.context import Context
    from bot.core.port import Words
    from rules.facts import RightsChanged, RoomOpened
    from rules.trouble import Trouble
    from storage.people import Account

HOUSE = 0
AT_A_TIME = 10
"""Communities looked at in one slice: some milliseconds."""

NOTICE = 10
DAY = 86_400_000
USED = frozenset({*RIGHTS, SPEAK})
LOST = frozenset({"lost"})


def look(ctx: Context, position: str | None) -> str | None:
    """The job: tell those who run the house, then the staff of some communities; where to go on."""
    owners = _owners(ctx)
    seen = Look(ctx.tx, ctx.now, ctx.desk.house.bots.keys(), disk_of(ctx))
    if position is None and owners:
        _look_at_house(ctx, seen, owners)
    behind = condition.communities_behind(ctx.tx, int(position or 0), AT_A_TIME)
    for community in behind:
        _look_at(ctx.in_community(community), seen, has_owners=bool(owners))
    return str(behind[-1]) if len(behind) == AT_A_TIME else None


def never(_ctx: Context, _after: int) -> None:
    """The running house wakes it."""


def rights_changed(ctx: Context, fact: RightsChanged) -> None:
    """Remember what was lost until it is there again, and tell it at once."""
    if ctx.is_staff_room:
        return
    condition.note_regained(ctx.tx, fact.room, fact.gained)
    condition.note_lost(ctx.tx, fact.room, USED.intersection(fact.lost))
    seen = Look(ctx.tx, ctx.now, (), None)
    _tell_staff(ctx, checks.of_lost_rights(seen, fact.community), LOST)


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
    troubles = [*checks.of_house(seen), *checks.of_queue(seen, None, private=True)]
    text = _news(ctx, HOUSE, troubles, ALERTS)
    if text is not None:
        for owner in owners:
            _write(ctx, owner, text)


def _look_at(ctx: Context, seen: Look, *, has_owners: bool) -> None:
    """Tell the staff of a community what is theirs; where nobody runs the house, what is wrong there, too."""
    community = ctx.community.id
    troubles = [
        *([] if has_owners else checks.of_house(seen)),
        *checks.of_queue(seen, community, private=not has_owners),
        *checks.of_bots(seen, community),
        *checks.of_lost_rights(seen, community),
    ]
    _tell_staff(ctx, troubles, ALERTS - OF_THE_HOUSE if has_owners else ALERTS)


def _tell_staff(ctx: Context, troubles: list[Trouble], kinds: frozenset[str]) -> None:
    """Tell the staff of a community what is new about these kinds; in quiet hours nothing, until they end."""
    if is_quiet(ctx.calendar, manners.quiet_hours(ctx.settings(TalkSettings)), ctx.now):
        return
    text = _news(ctx, ctx.community.id, troubles, kinds)
    if text is not None:
        ctx.report(text)


def _news(ctx: Context, community: int, troubles: list[Trouble], kinds: frozenset[str]) -> Words | None:
    """What is to be told now of these kinds of trouble, noted as told; None: nothing."""
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
        ended=[f"doctor.{kind}_over" for kind in fresh.ended],
        well=not troubles,
    )


def _owners(ctx: Context) -> list[Account]:
    """Those who run the house (`[bot] admins`) and may be written to."""
    named = [one.partition(":") for one in sorted(ctx.desk.house.admins)]
    known = [people.by_native(ctx.tx, place, native) for place, _, native in named]
    return [one for one in known if one is not None and one.direct == "open" and _bot_for(ctx, one)]


def _bot_for(ctx: Context, owner: Account) -> str | None:
    return {bot.platform: bot.bot for bot in ctx.desk.house.bots.values()}.get(owner.platform)


def _write(ctx: Context, owner: Account, text: Words) -> None:
    """Write to somebody who runs the house, in private."""
    bot = _bot_for(ctx, owner)
    assert bot is not None, "owners are those who can be written to"
    room = ctx.desk.room(bot, Place(owner.native, "private", owner.name))
    ctx.put(room, Say(parts=(text,), language=ctx.language_for(owner)), priority=NOTICE, lives_for=DAY)
