"""`/admit` (请进班): somebody is asked into another room, and it is looked whether they came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.actions import Admit, Look, words
from bot.core.errors import UserError
from bot.core.events import MemberChanged
from bot.core.feature import Command, Feature, Job
from bot.core.port import Can
from rules.arguments import LONGEST_ECHO
from rules.durations import DAY, MINUTE
from rules.facts import Delivered, Undelivered
from storage import admissions, people, rooms

if TYPE_CHECKING:
    from bot.core.context import Context
    from storage.admissions import Admission
    from storage.people import Account
    from storage.rooms import Room

FIRST_LOOK = 10 * MINUTE
PATIENCE = DAY
"""How long (milliseconds) somebody may take to accept, before it is told that they were not seen."""

MOST_WORDS = 16
"""Words of a name and a title together: each way to part them is looked up."""

TAG = "admit"
INVITE = "invite"
"""The right in a group that making links takes."""


# Asking.


def admit(ctx: Context, arguments: str) -> None:
    """`/admit 小林 精英班`: ask somebody of the community into one of its rooms."""
    parts = arguments.split()
    if not 2 <= len(parts) <= MOST_WORDS:
        ctx.confide(words("admit.how"))
        return
    account, room = _meant(ctx, parts)
    _check_room(ctx, room)
    seat = _account_there(ctx, account, room)
    _check_seat(ctx, seat, room)
    admission = admissions.ask(ctx.tx, ctx.community.id, seat.id, room.id, ctx.now, ctx.now + FIRST_LOOK)
    ctx.put(room, Admit(who=seat.native, tag=f"{TAG}:{admission}"), lives_for=PATIENCE)
    ctx.wake(TAG, ctx.now + FIRST_LOOK)
    ctx.audit("admit", f"account:{seat.id} room:{room.id}", after="asked", room=room.id)
    ctx.confide(words("admit.asked", name=seat.name, room=room.title))


def _meant(ctx: Context, parts: list[str]) -> tuple[Account, Room]:
    """Who and where: a name, then a room's title; both may have spaces in them. Raises UserError."""
    community, unknown = ctx.community.id, ""
    for cut in range(1, len(parts)):
        who, where = " ".join(parts[:cut]), " ".join(parts[cut:])
        found = people.called(ctx.tx, community, who)
        targets = rooms.called(ctx.tx, community, where)
        if found and targets:
            return _only_one(found, who), targets[0]
        unknown = unknown or (where if found else who)
    raise UserError("admit.unknown", given=unknown[:LONGEST_ECHO])


def _only_one(found: list[Account], who: str) -> Account:
    if not people.are_one(found):
        raise UserError("admit.several", name=who[:LONGEST_ECHO])
    return found[0]


def _check_room(ctx: Context, room: Room) -> None:
    """UserError unless the bot can let people into a room."""
    can = ctx.can_in(room)
    if not can & (Can.ADD | Can.LINK):
        raise UserError("admit.cannot", room=room.title)
    if Can.ADD not in can and INVITE not in room.rights:
        raise UserError("admit.needs_invite", room=room.title)


def _account_there(ctx: Context, account: Account, room: Room) -> Account:
    """The account that this person has on the platform of a room; UserError when there is none."""
    for one in people.of_person(ctx.tx, account.person):
        if ctx.shares_platform(one, room):
            return one
    raise UserError("admit.not_there", name=account.name, room=room.title)


def _check_seat(ctx: Context, account: Account, room: Room) -> None:
    """UserError for somebody who is there, or was asked."""
    if _is_in(ctx, account.id, room.id):
        raise UserError("admit.is_in", name=account.name, room=room.title)
    if admissions.of_account(ctx.tx, account.id, room.id) is not None:
        raise UserError("admit.asked_already", name=account.name, room=room.title)


def _is_in(ctx: Context, account: int, room: int) -> bool:
    return rooms.role(ctx.tx, room, account) not in {None, "left"}


# What came of it.


def delivered(ctx: Context, fact: Delivered) -> None:
    """The platform took it: a link goes to whom it is for, else to staff, who pass it on."""
    admission = _of_tag(ctx, fact.tag)
    if admission is None:
        return
    admissions.move_on(ctx.tx, admission.id, "invited")
    if fact.native is None:
        return
    account, room = people.by_id(ctx.tx, admission.account), ctx.desk.room_by_id(admission.room)
    link = words("admit.link", name=account.name, room=room.title, link=fact.native)
    if not ctx.tell(account, link):
        ctx.report(words("admit.pass_on", name=account.name, room=room.title, link=fact.native))


def refused(ctx: Context, fact: Undelivered) -> None:
    """The platform will not: staff hears why."""
    admission = _of_tag(ctx, fact.tag)
    if admission is not None:
        _end(ctx, admission, "refused", reason=fact.reason)


def _of_tag(ctx: Context, tag: str) -> Admission | None:
    mine, _, number = tag.partition(":")
    return admissions.by_id(ctx.tx, int(number)) if mine == TAG and number.isdigit() else None


def came(ctx: Context, event: MemberChanged) -> None:
    """Somebody is in a room: perhaps they were waited for."""
    if event.role != "left" and ctx.has_account:
        admission = admissions.of_account(ctx.tx, ctx.account.id, ctx.room.id)
        if admission is not None:
            _end(ctx, admission, "arrived")


def look(ctx: Context, _position: str | None) -> None:
    """The job: whoever is there has arrived; else the platform is asked, and in the end staff is told."""
    for admission in admissions.due(ctx.tx, ctx.community.id, ctx.now):
        if _is_in(ctx, admission.account, admission.room):
            _end(ctx, admission, "arrived")
        elif ctx.now >= admission.asked_at + PATIENCE + FIRST_LOOK:
            _end(ctx, admission, "unseen")
        else:
            _look_once(ctx, admission)


def _look_once(ctx: Context, admission: Admission) -> None:
    """Ask for the list of who is there, and look at it a little later."""
    room = ctx.desk.room_by_id(admission.room)
    if Can.BACKLOG not in ctx.can_in(room):
        ctx.put(room, Look())
    again = admission.asked_at + PATIENCE if admission.looks == 0 else ctx.now + FIRST_LOOK
    admissions.look_again(ctx.tx, admission.id, again)


def next_look(ctx: Context, _after: int) -> int | None:
    """When somebody is to be looked for."""
    return admissions.first_due(ctx.tx, ctx.community.id)


def _end(ctx: Context, admission: Admission, state: str, *, reason: str = "") -> None:
    """Staff hears what came of it."""
    admissions.move_on(ctx.tx, admission.id, state)
    account, room = people.by_id(ctx.tx, admission.account), ctx.desk.room_by_id(admission.room)
    ctx.report(words(f"admit.{state}", name=account.name, room=room.title, reason=reason))


FEATURE = Feature(
    name="admit",
    commands=(Command("admit", admit, ("请进班", "請進班", "调班", "調班"), takes=True, needs="settings"),),
    events={MemberChanged: came},
    listeners={Delivered: delivered, Undelivered: refused},
    jobs=(Job(TAG, look, next_look),),
    final={"admit": "an invitation that went out cannot be called back"},
    for_staff=tuple(f"admit.{text}" for text in ("how", "asked", "pass_on", "arrived", "refused", "unseen")),
)
