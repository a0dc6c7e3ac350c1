"""What members ask for: their score and what moved it, the rankings, and not being in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.actions import Button, words
from bot.core.errors import UserError
from handlers.scoring.settings import ScoringSettings, scale
from handlers.scoring.settling import half_life_of, settle
from rules import score
from rules.days import Day, shift, valid
from storage import activity, people, rankings, scores, shared_days, streaks

if TYPE_CHECKING:
    from bot.core.context import Context
    from rules.score import Counts
    from storage.activity import Made

LOOKED_BACK = 7
"""Days that `/me` tells of."""

DAYS_A_PAGE = 7
ROWS_A_PAGE = 400
"""Rows of the record read for a page: a day has one for each room."""

RANKINGS = ((Button(words("scoring.button_top"), "top:week"), Button(words("scoring.button_why"), "why:")),)

TOLD = ("checkin", "featured", "message", "reply_given", "reply_got", "reaction_given", "reaction_got")
"""The signals in the order in which a member is told of them."""


def rounded(points: float) -> str:
    """Points as people read them: one decimal, none for whole numbers."""
    return f"{points:.1f}".removesuffix(".0")


def counted(counts: Counts) -> list[dict[str, object]]:
    """The signals of a day that are not zero, for the template's `part_…` texts."""
    return [
        {"signal": signal, "count": getattr(counts, signal)} for signal in TOLD if getattr(counts, signal) > 0
    ]


def left_out(ctx: Context) -> list[int]:
    """The persons who are in no ranking of this community."""
    persons = set(rankings.hidden(ctx.tx))
    if not ctx.desk.settings(ScoringSettings, ctx.community.id).rank_staff:
        persons.update(people.staff(ctx.tx, ctx.community.id))
        persons.update(_named_admins(ctx))
    return sorted(persons)


def _named_admins(ctx: Context) -> list[int]:
    found = [people.by_native(ctx.tx, *admin.split(":", 1)) for admin in sorted(ctx.desk.house.admins)]
    return [account.person for account in found if account is not None]


def own_accounts(ctx: Context) -> list[int]:
    """The accounts of the person who asks, their points settled."""
    accounts = [account.id for account in people.of_person(ctx.tx, ctx.account.person)]
    settle(ctx, accounts=accounts)
    half_life = half_life_of(ctx)
    if scores.is_made_with_another(ctx.tx, ctx.community.id, ctx.account.person, half_life):
        scores.rebuild_scores(ctx.tx, ctx.community.id, {ctx.account.person}, half_life)
    return accounts


def me(ctx: Context, _arguments: str) -> None:
    """Tell a member's rank, score, streak, and what moved the score this week."""
    accounts = own_accounts(ctx)
    settle(ctx)
    person, community = ctx.account.person, ctx.community.id
    out = left_out(ctx)
    place = rankings.place_by_score(ctx.tx, community, person, out)
    look = streaks.shown(ctx.tx, ctx.calendar, community, person, ctx.today)
    value = 0.0 if place is None else score.decayed(place.value, ctx.now, half_life_of(ctx))
    ctx.whisper(
        words(
            "scoring.me",
            name=ctx.account.name,
            rank=None if place is None or person in out else place.rank,
            ranked=place is not None and person not in out,
            hidden=people.is_hidden(ctx.tx, person),
            score=rounded(value),
            streak=look.current,
            total=look.total,
            saved=streaks.saved(ctx.tx, ctx.calendar, community, person, shift(ctx.today, -LOOKED_BACK)),
            moved=_moved(ctx, accounts),
        ),
        buttons=RANKINGS,
    )


def _moved(ctx: Context, accounts: list[int]) -> list[dict[str, object]]:
    """What counted in the last seven days, all days and rooms together."""
    since = shift(ctx.today, 1 - LOOKED_BACK)
    return counted(_together(_rows(ctx, accounts, since=since)))


def _rows(
    ctx: Context, accounts: list[int], *, since: Day = activity.ALWAYS, before: Day = activity.NEVER
) -> list[Made]:
    """The newest rows of the record of one's accounts, as if it were one account's."""
    community = ctx.community.id
    rows = activity.newest(ctx.tx, community, accounts, since=since, before=before, most=ROWS_A_PAGE)
    if len(accounts) == 1:
        return rows
    reckon = scale(ctx.desk, community).points
    return shared_days.as_one(ctx.tx, community, ctx.account.person, rows, reckon)


def _together(rows: list[Made]) -> Counts:
    return score.Counts(*(sum(getattr(row.counts, signal) for row in rows) for signal in activity.SIGNALS))


def why(ctx: Context, arguments: str) -> None:
    """Tell the days that make a member's score, newest first; `arguments` is the day to go on before."""
    if arguments and not valid(arguments):
        raise UserError("scoring.why_day")
    before = Day(arguments or activity.NEVER)
    rows = _rows(ctx, own_accounts(ctx), before=before)
    if not rows:
        raise UserError("scoring.why_nothing")
    days = sorted({row.day for row in rows}, reverse=True)
    shown = days[:DAYS_A_PAGE]
    more = len(days) > DAYS_A_PAGE
    buttons = ((Button(words("scoring.button_earlier"), f"why:{shown[-1]}"),),) if more else ()
    lines = [_line(ctx, day, [row for row in rows if row.day == day]) for day in shown]
    text = words("scoring.why", days=lines, half_life=rounded(half_life_of(ctx)))
    ctx.whisper(text, buttons=buttons)


def press_why(ctx: Context, arguments: str) -> None:
    """The button under `/me`, or the one to earlier days."""
    ctx.answer()
    why(ctx, arguments)


def _line(ctx: Context, day: Day, rows: list[Made]) -> dict[str, object]:
    points = sum(row.points for row in rows)
    half_life = half_life_of(ctx)
    weight = score.decayed(score.log_term(points, score.stamp(day), half_life), ctx.now, half_life)
    return {
        "day": day,
        "parts": counted(_together(rows)),
        "points": rounded(points),
        "weight": rounded(weight),
    }


def hide(ctx: Context, _arguments: str) -> None:
    """Leave the rankings, or come back to them."""
    hidden = not people.is_hidden(ctx.tx, ctx.account.person)
    people.set_hidden(ctx.tx, ctx.account.person, hidden=hidden)
    ctx.whisper(words("scoring.hidden" if hidden else "scoring.shown"))
