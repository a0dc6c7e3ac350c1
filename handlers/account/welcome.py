"""Who asks to be a contact of the bot, and who invites it into a group: let in by the house's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core import staff
from bot.core.actions import Befriend, Enter, words, written
from bot.core.context import Context
from rules.durations import DAY
from rules.names import shown
from storage import jobs, meant, outbox

if TYPE_CHECKING:
    from bot.core.events import FriendAsked, RoomOffered
    from bot.core.house import Welcome
    from rules.facts import Delivered

STANDS_FOR = 3 * DAY
"""How long (milliseconds) a wish waits for its turn: only so many are accepted in a day."""

MOST_OFFERS = 3
"""Groups into which one person may bring the bot in a day."""

BEFRIENDED = "befriended"
WISH = "account.wish"
OFFERED = "account.offered"
DECLINED = "account.declined"
NO_COMMUNITY = 0


def friend_asked(ctx: Context, event: FriendAsked) -> None:
    """Accept who may be a contact; who may not is told nothing, and what they wrote is not kept."""
    rules = ctx.desk.house.welcome.get(event.bot)
    if rules is None or not ctx.has_account:
        return
    known = meant.communities(ctx.tx, ctx.account.id)
    if not _may_be_friend(ctx, rules, known):
        return
    tag = f"{BEFRIENDED}@{known[0] if known else NO_COMMUNITY}"
    _accept(ctx, Befriend(request=event.request, tag=tag))


def _accept(ctx: Context, wish: Befriend) -> None:
    """Accept a wish once a day: who asks again and again takes no other's place."""
    waiting = outbox.waiting_on_topic(ctx.tx, ctx.room.bot, ctx.room.id, WISH)
    if waiting is not None:
        outbox.rewrite(ctx.tx, waiting["id"], written(wish))
        return
    last = outbox.last_sent(ctx.tx, ctx.room.id, WISH)
    not_before = last + DAY if last else 0
    ctx.put(ctx.room, wish, topic=WISH, not_before=not_before, lives_for=STANDS_FOR)


def _may_be_friend(ctx: Context, rules: Welcome, known: list[int]) -> bool:
    if rules.friends == "members":
        return bool(known) or ctx.desk.house.is_run_by(ctx.account)
    return rules.friends == "everybody"


def befriended(ctx: Context, fact: Delivered) -> None:
    """They are a contact now: say in one line what the bot is for."""
    if fact.tag != BEFRIENDED:
        return
    room = ctx.desk.room_by_id(fact.room)
    account = ctx.desk.with_whom(room)
    if account is None:
        return
    ctx.desk.set_direct(account, "open")
    community = fact.community or None
    here = Context(ctx.desk, at=ctx.at, room=room, account=account, community=community)
    name = "" if community is None else here.community.name
    here.say(words("account.hello", name=account.name, community=name), reply=False)


def room_offered(ctx: Context, event: RoomOffered) -> None:
    """Go where somebody invites the bot who may; else say so, once a day, to who can be written to."""
    rules = ctx.desk.house.welcome.get(event.bot)
    if rules is None or not ctx.has_account:
        return
    if rules.rooms == "everybody" or (rules.rooms == "staff" and _looks_after_something(ctx)):
        if _offers_few(ctx):
            ctx.put(ctx.room, Enter(offer=event.offer), lives_for=STANDS_FOR)
    elif ctx.account.direct == "open" and _not_told_today(ctx):
        title = shown(event.title) if event.title else ""
        ctx.say(words("account.declined", title=title, staff=rules.rooms == "staff"), reply=False)


def _offers_few(ctx: Context) -> bool:
    """Whether this is one of the few groups a day; who runs the house may bring the bot into many."""
    days = (f"{ctx.now // DAY}:{number}" for number in range(MOST_OFFERS))
    is_few = any(jobs.claim(ctx.tx, OFFERED, ctx.account.id, day, ctx.now) for day in days)
    return is_few or ctx.desk.house.is_run_by(ctx.account)


def _looks_after_something(ctx: Context) -> bool:
    return ctx.desk.house.is_run_by(ctx.account) or bool(staff.looked_after(ctx, ctx.account))


def _not_told_today(ctx: Context) -> bool:
    return jobs.claim(ctx.tx, DECLINED, ctx.account.id, str(ctx.now // DAY), ctx.now)
