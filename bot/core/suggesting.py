"""What features propose and people decide: each is decided once, by whoever may, and can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from bot.core.errors import UserError
from rules.days import shift
from rules.durations import DAY, MINUTE
from rules.facts import SuggestionChanged
from storage import suggestions
from storage.suggestions import Suggested

if TYPE_CHECKING:
    from bot.core.context import Context
    from bot.core.feature import Feature, Suggestion
    from bot.core.house import House
    from storage.rooms import Room
    from storage.suggestions import State

GATHER_FOR = 5 * MINUTE
"""How long one waits for others, to be put before those who decide in one message."""

RESTS = 30 * DAY
"""How long what was declined is not proposed again."""

MOST_PUT_OFF = 2
MORNING = 8 * 60 + 30
JOB = "suggestions"
ACT = "suggestion"

Verdict = Literal["approved", "declined", "later"]
Outcome = Literal["done", "already", "expired", "changed", "later_no_more"]


def suggest(
    ctx: Context,
    kind: str,
    subject: str,
    *,
    about: dict[str, object],
    data: object,
    room: Room | None = None,
    message: str = "",
) -> None:
    """Propose something, once while it waits, as the feature's mode in the room says.

    suggest: it is put before those who decide; on: done at once; off: dropped. The other parameters are as in
    Context.suggest. What was declined is not proposed again for a month.
    """
    feature, way = _known(ctx.desk.house)[kind]
    place = 0 if room is None else room.id
    mode = ctx.desk.mode(feature.name, ctx.community.id, place) if feature.modes else "suggest"
    if mode == "off" or not _is_new(ctx, kind, subject):
        return
    suggested = Suggested(
        community=ctx.community.id,
        kind=kind,
        subject=subject,
        room=place,
        message=message,
        about=msgspec.json.encode(about).decode(),
        data=msgspec.json.encode(data).decode(),
        created_at=ctx.now,
        expires_at=ctx.now + way.days(ctx) * DAY,
    )
    suggested = msgspec.structs.replace(suggested, id=suggestions.add(ctx.tx, suggested))
    if mode == "on":
        suggestions.settle(ctx.tx, suggested.id, "approved", None, ctx.now)
        nobody = _there(ctx, suggested, nobody=True)
        _note(nobody, suggested, "approved", way.approve(nobody, _data(suggested)))
    else:
        ctx.wake(JOB, ctx.now + GATHER_FOR)


def _is_new(ctx: Context, kind: str, subject: str) -> bool:
    last = suggestions.latest(ctx.tx, ctx.community.id, kind, subject)
    if last is None:
        return True
    rests = last.state == "declined" and ctx.now < (last.decided_at or 0) + RESTS
    return not (last.waits or rests)


def drop(ctx: Context, suggested: Suggested, state: State = "closed") -> None:
    """What was proposed has lapsed, or is not so any more: nothing is to be decided."""
    if suggestions.settle(ctx.tx, suggested.id, state, None, ctx.now) is not None:
        _tell(ctx, suggested)


def drop_about(ctx: Context, message: str) -> None:
    """A message of this room is not what it was: what was proposed because of it is dropped."""
    for suggested in suggestions.about_message(ctx.tx, ctx.room.id, message):
        drop(ctx, suggested)


def holds(ctx: Context, suggested: Suggested) -> bool:
    """Whether what was proposed can still be done as it was meant."""
    way, room = ways(ctx.desk.house).get(suggested.kind), _room(ctx, suggested)
    left = room is not None and room.community != suggested.community
    return way is not None and not left and way.holds(_there(ctx, suggested), _data(suggested))


def ways(house: House) -> dict[str, Suggestion]:
    """What may be proposed, of all features, by kind."""
    return {kind: way for kind, (_, way) in _known(house).items()}


def _known(house: House) -> dict[str, tuple[Feature, Suggestion]]:
    return {kind: (feature, way) for feature in house.features for kind, way in feature.suggestions.items()}


def text_of(house: House, kind: str, name: str) -> str:
    """The text `<name>_<kind>` of the feature whose kind it is."""
    return f"{_known(house)[kind][0].name}.{name}_{kind}"


# Deciding.


def decide(ctx: Context, number: int, verdict: Verdict) -> tuple[Outcome, Suggested]:
    """Approve, decline or put off what was proposed; what came of it, and the suggestion as it is now.

    It is decided once: of two who press, the second gets `already`. What cannot be done any more as it was
    meant is closed (`changed`). Raise UserError when there is none of that number in this community, or who
    asks lacks its right at this moment.
    """
    suggested, way = _asked(ctx, number)
    ctx.require(way.needs)
    if not suggested.waits:
        return "already", suggested
    lapsed = suggested.expires_at <= ctx.now
    if lapsed or not holds(ctx, suggested):
        drop(ctx, suggested, "expired" if lapsed else "closed")
        return "expired" if lapsed else "changed", _as_it_is(ctx, suggested)
    if verdict == "later":
        return _put_off(ctx, suggested)
    if suggestions.settle(ctx.tx, suggested.id, verdict, ctx.account.person, ctx.now) is None:
        return "already", _as_it_is(ctx, suggested)
    there, done = _there(ctx, suggested), None
    if verdict == "approved":
        done = way.approve(there, _data(suggested))
    elif way.decline is not None:
        way.decline(there, _data(suggested))
    _note(there, suggested, verdict, done)
    return "done", _as_it_is(ctx, suggested)


def _asked(ctx: Context, number: int) -> tuple[Suggested, Suggestion]:
    suggested = suggestions.by_id(ctx.tx, ctx.community.id, number)
    way = None if suggested is None else ways(ctx.desk.house).get(suggested.kind)
    if suggested is None or way is None:
        raise UserError("core.button_gone")
    return suggested, way


def _put_off(ctx: Context, suggested: Suggested) -> tuple[Outcome, Suggested]:
    again_at = ctx.calendar.at_wall(shift(ctx.calendar.wall(ctx.now)[0], 1), MORNING)
    later = suggestions.put_off(ctx.tx, suggested.id, again_at, again_at + DAY, MOST_PUT_OFF)
    if later is None:
        return "already" if suggested.state == "later" else "later_no_more", suggested
    ctx.wake(JOB, again_at)
    return "done", later


def _note(ctx: Context, suggested: Suggested, state: State, done: object) -> None:
    """Keep who decided, and with what it is taken back."""
    what = text_of(ctx.desk.house, suggested.kind, "suggested")
    ctx.audit(
        ACT,
        suggested.subject,
        {"state": "open", "what": what},
        {"state": state, "what": what},
        room=suggested.room,
        undo={"id": suggested.id, "from": "open", "to": state, "done": done},
    )


def take_back(ctx: Context, data: dict[str, object]) -> object:
    """The undo of a decision: an approval through its feature; then it is open again. And the way forward."""
    suggested, way = _asked(ctx, int(str(data["id"])))
    ctx.require(way.needs)
    last = suggestions.latest(ctx.tx, suggested.community, suggested.kind, suggested.subject)
    if suggested.state != data["to"] or last is None or last.id != suggested.id:
        raise UserError("core.suggestion_moved_on")
    target, done = _target(data["from"]), None
    if target == "approved" and not holds(ctx, suggested):
        raise UserError("core.suggestion_moved_on")
    by = None if target == "open" else ctx.account.person
    suggestions.move(ctx.tx, suggested, target, by, ctx.now, DAY)
    there = _there(ctx, suggested)
    if suggested.state == "approved":
        way.undo(there, data["done"])
    elif target == "approved":
        done = way.approve(there, _data(suggested))
    ctx.wake(JOB, ctx.now + DAY)
    _tell(ctx, suggested)
    return {"id": suggested.id, "from": data["to"], "to": target, "done": done}


def _target(state: object) -> State:
    target: State = msgspec.convert(state, Literal["open", "approved", "declined"])
    return target


def _there(ctx: Context, suggested: Suggested, *, nobody: bool = False) -> Context:
    """The same moment in the room that it is about, where its features are on; `nobody`: by no person."""
    return ctx.elsewhere(_room(ctx, suggested), nobody=nobody)


def _room(ctx: Context, suggested: Suggested) -> Room | None:
    return ctx.desk.room_by_id(suggested.room) if suggested.room else None


def _as_it_is(ctx: Context, suggested: Suggested) -> Suggested:
    return suggestions.by_id(ctx.tx, suggested.community, suggested.id) or suggested


def _tell(ctx: Context, suggested: Suggested) -> None:
    if suggested.shown_in is not None:
        ctx.emit(SuggestionChanged(community=suggested.community, at=ctx.now, shown_in=suggested.shown_in))


def _data(suggested: Suggested) -> object:
    return msgspec.json.decode(suggested.data)
