"""/link (绑定): a code is shown to one account, typed by the other, and confirmed there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core import accounts, manners
from bot.core.actions import Button, words
from bot.core.errors import UserError
from handlers.linking import codes, telling
from rules.arguments import plain_number
from rules.durations import DAY, HOUR, MINUTE
from storage import link_codes, links, people, roster
from storage.link_codes import Shown

if TYPE_CHECKING:
    from bot.core.context import Buttons, Context
    from storage.people import Account

GOOD_FOR = 15 * MINUTE
MOST_TRIES = 5
"""Wrong codes that an account may send in an hour."""

MOST_ACCOUNTS = 5
PARTED_FOR = DAY
"""Accounts that were parted stay so for a day: nobody changes hands again and again."""

SENDERS, OWNERS = ("yes", "no"), ("mine", "alien")
"""What the one who sent a code answers, and the one who was shown it."""


def link(ctx: Context, arguments: str) -> None:
    """`/link`: a code for one's other account; `/link CODE`, from there: both are one person."""
    code = codes.read(arguments)
    if code is not None:
        _take(ctx, ctx.account, code)
    elif not ctx.room.is_group:
        _show_code(ctx)
    elif not (ctx.is_word and arguments):
        ctx.whisper(words("linking.in_private", befriends=manners.must_befriend(ctx)))


# The code.


def _show_code(ctx: Context) -> None:
    """Show a code, good for a quarter of an hour; one shown before is good no more."""
    account = ctx.account
    _require_few(len(people.of_person(ctx.tx, account.person)) + 1)
    _require_rest(ctx, account.person)
    link_codes.forget_old(ctx.tx, ctx.now)
    code = codes.new(ctx.random)
    shown = Shown(account.id, codes.digest(code), ctx.room.id, ctx.now + GOOD_FOR)
    link_codes.show(ctx.tx, shown)
    minutes, asks = GOOD_FOR // MINUTE, _looks_after_others(ctx, account)
    ctx.say(words("linking.code", code=code, minutes=minutes, asks=asks, **telling.shown(account)))


def _looks_after_others(ctx: Context, account: Account) -> bool:
    """Whether there is more to be had with an account than what its owner did."""
    return bool(roster.held(ctx.tx, (account.person,)))


def _require_few(number: int) -> None:
    if number > MOST_ACCOUNTS:
        raise UserError("linking.full", most=MOST_ACCOUNTS)


def _require_rest(ctx: Context, person: int) -> None:
    parted_at = links.parted_at(ctx.tx, person)
    if parted_at is not None and ctx.now - parted_at < PARTED_FOR:
        raise UserError("linking.parted_lately")


def _take(ctx: Context, account: Account, code: str) -> None:
    """Somebody sends a code: it is theirs from now on, and they are asked whether they meant it."""
    if link_codes.tries(ctx.tx, account.id, ctx.now - HOUR) >= MOST_TRIES:
        raise UserError("linking.too_many_tries")
    shown = link_codes.find(ctx.tx, codes.digest(code), ctx.now)
    if shown is None or shown.taken_by not in {None, account.id}:
        link_codes.note_try(ctx.tx, account.id, ctx.now, ctx.now - HOUR)
        ctx.whisper(words("linking.no_such_code"))
        return
    other = people.by_id(ctx.tx, shown.account)
    if ctx.room.is_group and account.person == other.person:
        link_codes.use_up(ctx.tx, other.id)  # others read it, who could send it from an account of theirs
        ctx.whisper(words("linking.said_aloud"))
        return
    _require_fit(ctx, account, other)
    link_codes.take(ctx.tx, shown.account, account.id)
    _ask(ctx, account, other)


def _require_fit(ctx: Context, account: Account, other: Account) -> None:
    """UserError unless two accounts may become one person."""
    if account.id == other.id:
        raise UserError("linking.same_account")
    if account.person == other.person:
        raise UserError("linking.already")
    together = (*people.of_person(ctx.tx, account.person), *people.of_person(ctx.tx, other.person))
    _require_few(len(together))
    for person in (account.person, other.person):
        _require_rest(ctx, person)


def _ask(ctx: Context, account: Account, other: Account) -> None:
    """Ask in private alone: whose code it is concerns nobody else."""
    question = words("linking.ask", own=telling.shown(account), other=telling.shown(other))
    buttons = _answers(other, SENDERS)
    if not ctx.room.is_group:
        ctx.say(question, buttons=buttons)
    elif not ctx.tell(account, question, buttons=buttons):
        ctx.whisper(words("linking.again_in_private", befriends=manners.must_befriend(ctx)))


def _answers(other: Account, verdicts: tuple[str, str]) -> Buttons:
    mine, alien = (f"link:{verdict}:{other.id}" for verdict in verdicts)
    yes = Button(words("linking.yes", **telling.shown(other)), mine)
    return ((yes,), (Button(words("linking.no"), alien),))


# The answer.


def press(ctx: Context, arguments: str) -> None:
    """The buttons: `yes:<account>`, whose code it was, or `no:<account>`, of the one who sent it.

    Then, where that account has a role, `mine:<account>`, who sent it, or `alien:<account>`, of the one who
    was shown it: a code that was talked out of a leader gives nobody the leader's rights.
    """
    verdict, _, number = arguments.partition(":")
    other = plain_number(number)
    if other is None or ctx.room.is_group or verdict not in {*SENDERS, *OWNERS}:
        raise UserError("core.button_gone")
    whose = (ctx.account.id, other) if verdict in OWNERS else (other, ctx.account.id)
    shown = link_codes.taken(ctx.tx, *whose, ctx.now)
    if shown is None or bool(shown.agreed) != (verdict in OWNERS):
        raise UserError("core.button_gone")
    _go_on(ctx, verdict, shown, people.by_id(ctx.tx, other))


def _go_on(ctx: Context, verdict: str, shown: Shown, other: Account) -> None:
    if verdict == "yes" and _looks_after_others(ctx, other):
        _ask_owner(ctx, other)
        return
    link_codes.use_up(ctx.tx, shown.account)
    if verdict in {"no", "alien"}:
        ctx.edit_pressed(words("linking.declined"))
    else:
        _join(ctx, other)


def _ask_owner(ctx: Context, other: Account) -> None:
    """Ask the one who was shown the code, too: their roles would work on this side."""
    link_codes.agree(ctx.tx, other.id, ctx.now + GOOD_FOR)
    minutes = GOOD_FOR // MINUTE
    question = words("linking.ask_there", other=telling.shown(ctx.account), minutes=minutes)
    telling.tell_all(ctx, (other.id,), question, _answers(ctx.account, OWNERS))
    ctx.edit_pressed(words("linking.asked_there", other=telling.shown(other)))


def _join(ctx: Context, other: Account) -> None:
    """Both accounts, with all that belong to them already, are one person: the older of the two."""
    own = people.by_id(ctx.tx, ctx.account.id)
    _require_fit(ctx, own, other)
    person, gone = sorted((own.person, other.person))
    links.join(ctx.tx, person, gone, ctx.now)
    accounts.make_anew(ctx, person, gone, joined=True)
    reached = telling.sums(ctx, person)
    ctx.edit_pressed(words("linking.joined", other=telling.shown(other), sums=reached))
    part = ((Button(words("linking.part_button"), "unlink:ask"),),)
    together = (account.id for account in people.of_person(ctx.tx, person))
    said = words("linking.joined_there", other=telling.shown(own), sums=reached)
    telling.tell_all(ctx, together, said, part)
