"""How the bot's account stands, and `/login`: the code that logs it in again, for staff alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core import qr
from bot.core.actions import words
from bot.core.delivery import LOGIN_CODE
from bot.core.drawing import Picture
from bot.core.engine import ACCOUNTS, CHECK_UP
from bot.core.errors import UserError
from rules.durations import MINUTE
from rules.names import NAMELESS, shown
from storage import bot_accounts, jobs
from storage.bot_accounts import CODE_LIVES

if TYPE_CHECKING:
    from bot.core.context import Context
    from bot.core.events import AccountChanged
    from storage.bot_accounts import BotAccount

FORGET = "account.forget_code"
HOUSE = 0

VANISH_AFTER = 60
"""Seconds that a code is shown."""


def account_changed(ctx: Context, event: AccountChanged) -> None:
    """Keep how the account stands now; its code is kept for minutes."""
    code = event.code if qr.fits(event.code) else ""
    why = "" if shown(event.why) == NAMELESS else shown(event.why)
    bot_accounts.keep(ctx.tx, event.bot, event.state, ctx.now, code=code, why=why)
    if code:
        jobs.bring_forward(ctx.tx, FORGET, HOUSE, ctx.now + CODE_LIVES)
    jobs.bring_forward(ctx.tx, CHECK_UP, HOUSE, ctx.now)
    ctx.desk.woken.update({ACCOUNTS, "jobs"})


def never(_ctx: Context, _after: int) -> None:
    """A code that comes wakes it."""


def forget(ctx: Context, _position: str | None) -> None:
    """The job: forget the codes that nobody can scan any more."""
    bot_accounts.forget_codes(ctx.tx, ctx.now)


def command(ctx: Context, _arguments: str) -> None:
    """`/login`: the code to scan, never before members; without one, how the accounts stand."""
    if ctx.is_before_members:
        raise UserError("account.elsewhere")
    known = [one for one in bot_accounts.of_community(ctx.tx, ctx.community.id) if _is_used(ctx, one)]
    if not known:
        raise UserError("account.none")
    waiting = [one for one in known if bot_accounts.code(ctx.tx, one.bot, ctx.now) is not None]
    for one in waiting:
        _show_code(ctx, one)
    if not waiting:
        ctx.say(words("account.states", accounts=[_stands(ctx, one) for one in known]))


def press(ctx: Context, arguments: str) -> None:
    """The button below what tells that an account is away: the same."""
    command(ctx, arguments)
    ctx.answer()


def _is_used(ctx: Context, account: BotAccount) -> bool:
    return account.bot in ctx.desk.house.bots


def _show_code(ctx: Context, account: BotAccount) -> None:
    """Show a code for a minute; which one is looked up when it is sent, so that none is kept with it."""
    ctx.say(
        words("account.code", platform=_platform(ctx, account)),
        picture=Picture(LOGIN_CODE, {"bot": account.bot}),
        vanish_after=VANISH_AFTER,
    )


def _stands(ctx: Context, account: BotAccount) -> dict[str, object]:
    """How an account stands, for a template."""
    since = account.since if account.is_online else account.left_at
    minutes = max(0, ctx.now - since) // MINUTE
    return {
        "platform": _platform(ctx, account),
        "state": account.state,
        "why": account.why,
        "minutes": minutes,
    }


def _platform(ctx: Context, account: BotAccount) -> str:
    return ctx.desk.house.bots[account.bot].platform
