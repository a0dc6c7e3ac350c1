"""Taking a change back: first what would be as it was, then the button that does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.actions import Button, Words, words
from bot.core.errors import UserError
from bot.core.retelling import told
from bot.core.undoing import acts_open, check, undo
from handlers.audit.asking import carried
from rules.arguments import plain_number
from storage import audits

if TYPE_CHECKING:
    from bot.core.context import Buttons, Context
    from storage.audits import Change

ASK, DO = "ask", "do"


def take_back(ctx: Context, number: int | None) -> None:
    """Show a change (None: the last of one's own) and what would be again, with the button that does it."""
    if number is None:
        last = audits.last_own(ctx.tx, ctx.community.id, ctx.account.person, acts_open(ctx))
        if last is None:
            raise UserError("audit.nothing_to_undo")
        number = last.id
    try:
        change = check(ctx, number)
    except UserError as error:
        ctx.confide(Words(error.text, error.values))
        return
    text, buttons = _question(ctx, change, "")
    ctx.confide(text, buttons=buttons)


def press_undo(ctx: Context, arguments: str) -> None:
    """`<number>:ask:<list>` shows it, `<number>:do:<list>` does it; `<list>` is what /audit showed."""
    first, _, rest = arguments.partition(":")
    step, _, asked = rest.partition(":")
    number = plain_number(first)
    if number is None or step not in {ASK, DO}:
        raise UserError("core.button_gone")
    if step == ASK:
        show(ctx, *_question(ctx, check(ctx, number), asked))
    else:
        show(ctx, *_done(ctx, undo(ctx, number), asked))


def _question(ctx: Context, change: Change, asked: str) -> tuple[Words, Buttons]:
    what = told(ctx, change)
    text = words("audit.question", what=what, again=_other_way(what))
    do = Button(words("audit.do"), carried(f"undo:{change.id}:{DO}", asked))
    return text, ((do,), *_back(ctx, asked))


def _other_way(what: dict[str, object]) -> dict[str, object]:
    """The same change the other way round: what taking it back does."""
    about = what["about"]
    assert isinstance(about, dict)
    pairs = (("before", "after"), ("was", "becomes"))
    swapped = {to: about[of] for pair in pairs for of, to in (pair, pair[::-1]) if of in about}
    other = about | swapped
    return {"text": what["text"], "about": about if what["undoes"] and not what["brings_back"] else other}


def _done(ctx: Context, change: Change, asked: str) -> tuple[Words, Buttons]:
    text = words("audit.undone", what=told(ctx, change))
    back = audits.by_id(ctx.tx, ctx.community.id, change.id)
    by = None if back is None else back.undone_by
    again: Buttons = ()
    if by is not None and change.undoes is None:
        again = ((Button(words("audit.redo"), carried(f"undo:{by}:{DO}", asked)),),)
    return text, (*again, *_back(ctx, asked))


def _back(ctx: Context, asked: str) -> Buttons:
    if not ctx.may("settings"):
        return ()
    return ((Button(words("audit.back"), carried("audit:0", asked)),),)


def show(ctx: Context, text: Words, buttons: Buttons) -> None:
    """In place of what was pressed; never before members."""
    if ctx.is_before_members:
        raise UserError("core.only_in_private")
    ctx.edit_pressed(text, buttons=buttons)
