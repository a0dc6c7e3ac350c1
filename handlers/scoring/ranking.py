"""The rankings of a day, a week, a season and all time: the first ones, and in private one's own place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.core.actions import Button, Say, Words, words
from bot.core.drawing import Picture, picture
from bot.core.errors import UserError
from bot.core.events import ButtonPressed
from bot.core.manners import VANISH_AFTER, may_answer
from bot.core.port import Can
from handlers.scoring.settings import ScoringSettings
from handlers.scoring.settling import settle
from handlers.scoring.standing import left_out, own_accounts, rounded
from rules.arguments import said
from rules.cards import RankingCard, RankingRow, label
from rules.days import month_of, week_of
from rules.durations import MINUTE
from storage import outbox, people, rankings, scores, streaks

if TYPE_CHECKING:
    from bot.core.context import Buttons, Context
    from storage.rankings import Place

SPANS = {
    "day": ("day", "today", "今日", "今天", "日榜"),
    "week": ("week", "本周", "本週", "这周", "這週", "周榜", "週榜"),
    "season": ("season", "本季", "赛季", "賽季"),
    "all": ("all", "总", "總", "总榜", "總榜", "全部", "累计", "累計"),
}
"""The spans, and how people ask for each."""


class Standing(NamedTuple):
    """A person's line in a ranking."""

    person: int
    rank: int
    name: str
    points: float


ON_CARD = 20
IN_TEXT = 10
IN_ANSWER = 5
FEWEST = 3
"""Shown even of a handful, so that a ranking is one; with more members nobody reads that they are last."""

POINT_BACK_FOR = 10 * MINUTE


def top(ctx: Context, arguments: str) -> None:
    """Show a ranking: in private where that is possible, else here for a minute."""
    asked = said(arguments)
    span = next((span for span, said in SPANS.items() if asked in said), None) if asked else "week"
    if span is None:
        raise UserError("scoring.top_unknown")
    show(ctx, span)


def press(ctx: Context, arguments: str) -> None:
    """Another span was pressed: in a group the answer is for the one who pressed."""
    if arguments not in SPANS:
        raise UserError("core.button_gone")
    if ctx.room.is_group and Can.WHISPER in ctx.can:
        ctx.answer(_text(ctx, arguments, IN_ANSWER, "scoring.top_brief"), alert=True)
    else:
        ctx.answer()
        show(ctx, arguments)


def show(ctx: Context, span: str) -> None:
    """Send a ranking; who asks again within ten minutes is shown where the first one stands."""
    private = not ctx.room.is_group
    if not private and ctx.has_account and ctx.account.direct == "open":
        ctx.whisper(_text(ctx, span, IN_TEXT, "scoring.top"), picture=_picture(ctx, span, own=True))
        return
    vanish = 0 if private or Can.DELETE not in ctx.can else VANISH_AFTER
    topic = f"top:{span}"
    since = ctx.now - (vanish * 1000 or POINT_BACK_FOR)
    earlier = outbox.recent_answer(ctx.tx, ctx.room.id, topic, since)
    if earlier is not None and not isinstance(ctx.event, ButtonPressed):
        if may_answer(ctx):
            _point_to(ctx, earlier, vanish)
        return
    block = "scoring.top" if private else "scoring.top_public"
    ctx.say(
        _text(ctx, span, IN_TEXT, block),
        picture=_picture(ctx, span, own=private),
        buttons=_buttons(ctx, span),
        vanish_after=vanish,
        topic=topic,
    )


def _point_to(ctx: Context, earlier: str, vanish: int) -> None:
    action = Say(
        parts=(words("scoring.top_above"),),
        language=ctx.language,
        reply_to=earlier,
        thread=ctx.room.thread if ctx.event is None else ctx.event.place.thread,
        vanish_after=vanish,
    )
    ctx.put(ctx.room, action)


def _buttons(ctx: Context, span: str) -> Buttons:
    """The other spans; in a group also this one, whose answer tells one's own place."""
    row = [
        Button(words(f"scoring.button_{other}"), f"top:{other}")
        for other in SPANS
        if (other != span or ctx.room.is_group) and (other != "season" or not _season_is_week(ctx))
    ]
    return (tuple(row),)


def _season_is_week(ctx: Context) -> bool:
    return ctx.desk.settings(ScoringSettings, ctx.community.id).season == "week"


def _period(ctx: Context, span: str) -> str:
    if span == "season":
        span = ctx.desk.settings(ScoringSettings, ctx.community.id).season
    return {
        "day": str(ctx.today),
        "week": week_of(ctx.today).key,
        "month": month_of(ctx.today),
        "all": scores.ALL_TIME,
    }[span]


def _first(ctx: Context, span: str, most: int) -> list[Standing]:
    """The first ones of a ranking, of a small class the upper half: equal points share a rank."""
    settle(ctx)
    ranked = rankings.top(ctx.tx, ctx.community.id, _period(ctx, span), left_out(ctx), 2 * most)
    found = ranked[: max(FEWEST, (len(ranked) + 1) // 2)]
    here = ctx.room.id if ctx.has_room else 0
    named = people.names(ctx.tx, [person for person, _ in found], here)
    ranks: dict[float, int] = {}
    for number, (_, points) in enumerate(found, 1):
        ranks.setdefault(points, number)
    return [Standing(person, ranks[points], named[person], points) for person, points in found]


def _own_place(ctx: Context, span: str) -> Place | None:
    """The place of the one who asks; None without points, or when they are in no ranking."""
    own_accounts(ctx)
    out = left_out(ctx)
    if ctx.account.person in out:
        return None
    return rankings.place_in_period(ctx.tx, ctx.community.id, _period(ctx, span), ctx.account.person, out)


def _text(ctx: Context, span: str, most: int, block: str) -> Words:
    first = _first(ctx, span, most)
    if not first:
        return words("scoring.top_nothing", span=span)
    place = _own_place(ctx, span) if ctx.has_account else None
    rows = [{"rank": one.rank, "name": one.name, "points": rounded(one.points)} for one in first]
    own = None if place is None else {"rank": place.rank, "points": rounded(place.value)}
    return words(block, span=span, rows=rows, own=own, alone=ctx.has_room and Can.WHISPER in ctx.can)


def _picture(ctx: Context, span: str, *, own: bool) -> Picture | None:
    first = _first(ctx, span, ON_CARD)
    if not first:
        return None
    asker = ctx.account.person if own and ctx.has_account else None
    longest = first[0].points
    rows = tuple(_card_row(ctx, one, longest, asker) for one in first)
    card = RankingCard(
        title=label(f"scoring.card_{span}"),
        subtitle=label("scoring.card_date", day=ctx.today),
        community=ctx.community.name,
        rows=rows,
        own=None if asker is None or any(row.own for row in rows) else _card_own(ctx, span, longest),
        footer=label("scoring.card_footer"),
    )
    return picture("ranking", card)


def _card_row(ctx: Context, one: Standing, longest: float, asker: int | None) -> RankingRow:
    streak = streaks.shown(ctx.tx, ctx.calendar, ctx.community.id, one.person, ctx.today).current
    return RankingRow(
        rank=one.rank,
        name=one.name,
        score=rounded(one.points),
        detail=label("scoring.card_streak", days=streak) if streak > 1 else "",
        share=one.points / longest,
        own=one.person == asker,
    )


def _card_own(ctx: Context, span: str, longest: float) -> RankingRow | None:
    """The asker's row when it is further down; none for a rank that nobody is told."""
    place = _own_place(ctx, span)
    if place is None or place.rank is None:
        return None
    standing = Standing(ctx.account.person, place.rank, ctx.account.name, place.value)
    return _card_row(ctx, standing, longest, ctx.account.person)
