"""Terms: so many days together, a rule to pass by, a certificate at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from pydantic import Field

from bot.config import Settings, TimeOfDay
from bot.core import manners
from bot.core.actions import Button, Words, words
from bot.core.drawing import Picture, picture
from bot.core.errors import UserError
from bot.core.events import ButtonPressed
from bot.core.feature import Command, Feature, Job, Press, Undo
from bot.core.retelling import as_said
from rules.argument_term import NotATerm, NotStages, read_term
from rules.arguments import ArgumentError, NotADay, OutOfBounds, plain_number
from rules.cards import CertificateCard, Sum, label
from rules.days import gap, shift
from rules.durations import HOUR
from rules.facts import PeopleRegrouped
from rules.streak import StreakRules, rebuild
from rules.terms import Term, progress
from storage import absences, checkins, people, terms
from storage.terms import Kept, Result

if TYPE_CHECKING:
    from bot.core.context import Context
    from rules.days import Day
    from rules.terms import Progress
    from storage.people import Account
    from storage.rooms import Room

CALL_OFF = frozenset({"取消", "停", "off", "cancel", "stop"})
AT_A_TIME = 20
"""Members wound up in one slice: some ten milliseconds."""

NO_FREEZES = StreakRules(earn_every=0, keep_at_most=0)


class TermsSettings(Settings):
    """Terms."""

    wound_up_at: TimeOfDay = Field(
        8 * 60, description="When a term's certificates come, on the morning after its last day."
    )


# Announcing and calling off.


def term(ctx: Context, arguments: str) -> None:
    """Show how far one has come; announce a term, or call it off."""
    wanted = arguments.strip()
    if not wanted:
        _show(ctx)
        return
    ctx.require("tasks")
    if wanted in CALL_OFF:
        _ask_to_call_off(ctx)
    else:
        _announce(ctx, wanted)


def _announce(ctx: Context, text: str) -> None:
    announced = _read(text, ctx.today)
    running = terms.open_term(ctx.tx, ctx.community.id)
    if running is not None:
        raise UserError("terms.one_at_a_time", **_about(running.term))
    if announced.last < ctx.today:
        raise UserError("terms.past", last=announced.last)
    terms.add(ctx.tx, ctx.community.id, announced, ctx.now)
    _note(ctx, announced, held=True)
    ctx.wake("terms", _winds_up_at(ctx, announced))
    said = words("terms.announced", stages=_plan(announced), **_about(announced))
    ctx.say(said)
    for room in ctx.rooms_with("terms"):
        if room.id != ctx.room.id:
            ctx.announce(room, said)


def _read(text: str, today: Day) -> Term:
    try:
        return read_term(text, today)
    except NotStages as error:
        raise UserError("terms.not_stages") from error
    except NotADay as error:
        raise UserError("terms.not_a_day", given=error.given) from error
    except OutOfBounds as error:
        raise UserError("terms.bounds", given=error.given, most=error.highest) from error
    except (NotATerm, ArgumentError) as error:
        raise UserError("terms.usage") from error


def _about(one: Term) -> dict[str, object]:
    return {
        "title": one.title,
        "days": one.days,
        "needed": one.needed,
        "first": one.first,
        "last": one.last,
    }


def _plan(one: Term) -> list[dict[str, object]]:
    firsts = [1, *(stage.last + 1 for stage in one.stages)]
    return [
        {"title": stage.title, "first": first, "last": stage.last}
        for first, stage in zip(firsts, one.stages, strict=False)
    ]


def _ask_to_call_off(ctx: Context) -> None:
    running = terms.open_term(ctx.tx, ctx.community.id)
    if running is None:
        raise UserError("terms.none_to_call_off")
    button = Button(words("terms.call_off_button"), f"term:{running.id}")
    ctx.whisper(words("terms.call_off", **_about(running.term)), buttons=((button,),))


def call_off(ctx: Context, arguments: str) -> None:
    """The button that calls a term off."""
    running = terms.open_term(ctx.tx, ctx.community.id)
    if running is None or str(running.id) != arguments:
        raise UserError("terms.none_to_call_off")
    terms.call_off(ctx.tx, running.id)
    _note(ctx, running.term, held=False)
    ctx.answer()
    ctx.say(words("terms.called_off", **_about(running.term)), reply=False)


def _note(ctx: Context, one: Term, *, held: bool) -> None:
    before, after = (None, _about(one)) if held else (_about(one), None)
    undo = {"held": not held, "term": msgspec.to_builtins(one)}
    ctx.audit("term", as_said(one.title), before, after, undo=undo)


def change_back(ctx: Context, data: dict[str, Any]) -> object:
    """Call a term off that was announced, or hold one that was called off after all."""
    one = msgspec.convert(data["term"], Term)
    running = terms.open_term(ctx.tx, ctx.community.id)
    if data["held"]:
        if running is not None:
            raise UserError("terms.one_at_a_time", **_about(running.term))
        terms.add(ctx.tx, ctx.community.id, one, ctx.now)
        ctx.wake("terms", max(ctx.now, _winds_up_at(ctx, one)))
    elif running is None or running.term != one:
        raise UserError("terms.none_to_call_off")
    else:
        terms.call_off(ctx.tx, running.id)
    return data | {"held": not data["held"]}


# How far one has come.


def _show(ctx: Context) -> None:
    kept = terms.open_term(ctx.tx, ctx.community.id) or terms.last_term(ctx.tx, ctx.community.id)
    if kept is None:
        ctx.whisper(words("terms.none", admin=ctx.may("tasks")))
    elif not ctx.has_account:
        ctx.whisper(words("terms.announced", stages=_plan(kept.term), **_about(kept.term)))
    else:
        reached, _ = _reached(ctx, kept.term, ctx.account.person, ctx.today)
        ctx.whisper(_progress(kept.term, reached, starts_in=gap(ctx.today, kept.term.first)))


def _progress(one: Term, reached: Progress, starts_in: int) -> Words:
    asked = reached.done + reached.missed + reached.remaining
    values = _about(one) | {
        "number": reached.number,
        "over": reached.over,
        "starts_in": max(0, starts_in),
        "done": reached.done,
        "remaining": reached.remaining,
        "needed": reached.needed,
        "fewer": one.needed - reached.needed,
        "excused": reached.excused,
        "before": one.days - reached.excused - asked,
        "left": max(0, reached.needed - reached.done),
        "passed": reached.passed,
        "can_pass": reached.can_pass,
        "stages": [msgspec.to_builtins(stage) for stage in reached.stages],
    }
    return Words("terms.progress", values)


def _reached(ctx: Context, one: Term, person: int, today: Day) -> tuple[Progress, int]:
    """How far a person has come, and their longest run of days in the term."""
    found = checkins.of_person(ctx.tx, ctx.community.id, person, one.first, one.last)
    done = {checkin.day for checkin in found}
    excused = absences.excused_ever(ctx.tx, ctx.calendar, ctx.community.id, person)
    joined_at = terms.joined_at(ctx.tx, ctx.community.id, person)
    joined = None if joined_at is None else ctx.calendar.day_of(joined_at)
    reached = progress(one, today, done, excused, joined)
    return reached, rebuild(done, excused, NO_FREEZES).state.longest


# Winding up.


def _winds_up_at(ctx: Context, one: Term) -> int:
    return ctx.calendar.at_wall(shift(one.last, 1), ctx.settings(TermsSettings).wound_up_at)


def next_wind_up(ctx: Context, after: int) -> int | None:
    """The morning after the open term's last day."""
    running = terms.open_term(ctx.tx, ctx.community.id)
    if running is None:
        return None
    at = _winds_up_at(ctx, running.term)
    return at if at > after else after + HOUR


def wind_up(ctx: Context, position: str | None) -> str | None:
    """Write down what came of a term that is over, say it in the rooms, then tell each who took part."""
    if position is not None and position.startswith("tell"):
        _, term_id, after = position.split()
        return _tell_some(ctx, int(term_id), int(after))
    running = terms.open_term(ctx.tx, ctx.community.id)
    if running is None or _winds_up_at(ctx, running.term) > ctx.now:
        return None
    return _count_some(ctx, running, int(position or 0))


def _count_some(ctx: Context, kept: Kept, after: int) -> str:
    one = kept.term
    persons = terms.persons_of_days(
        ctx.tx, ctx.community.id, one.first, one.last, after=after, most=AT_A_TIME
    )
    terms.keep_results(ctx.tx, [_result(ctx, kept, person) for person in persons])
    if len(persons) == AT_A_TIME:
        return str(persons[-1])
    terms.close(ctx.tx, kept.id, ctx.now)
    for room in ctx.rooms_with("terms"):
        _say_it_is_over(ctx, kept, room)
    return f"tell {kept.id} 0"


def _result(ctx: Context, kept: Kept, person: int) -> Result:
    reached, longest = _reached(ctx, kept.term, person, shift(kept.term.last, 1))
    return Result(
        term=kept.id,
        person=person,
        done=reached.done,
        needed=reached.needed,
        passed=reached.passed,
        perfect=reached.missed == 0,
        longest=longest,
    )


def _say_it_is_over(ctx: Context, kept: Kept, room: Room) -> None:
    took_part = terms.took_part_in_room(ctx.tx, kept.id, room.id)
    if not took_part:
        return
    passed = terms.passed_in_room(ctx.tx, kept.id, room.id)
    said = words(
        "terms.over",
        took_part=took_part,
        passed=len(passed),
        people=[name for name in passed if name],
        **_about(kept.term),
    )
    ctx.announce(room, said, buttons=((_certificate_button(kept.id),),) if passed else ())


def _certificate_button(term_id: int) -> Button:
    return Button(words("terms.certificate_button"), f"certificate:{term_id}")


def _tell_some(ctx: Context, term_id: int, after: int) -> str | None:
    kept = terms.by_id(ctx.tx, ctx.community.id, term_id)
    results = terms.results_after(ctx.tx, term_id, after, AT_A_TIME)
    for result in results:
        account = people.reachable(ctx.tx, ctx.community.id, result.person)
        if kept is not None and account is not None:
            _tell(ctx, kept, result, account)
    return f"tell {term_id} {results[-1].person}" if len(results) == AT_A_TIME else None


def _tell(ctx: Context, kept: Kept, result: Result, account: Account) -> None:
    if result.passed:
        card = _certificate(ctx, kept, result, account.name)
        ctx.nudge(account, "terms", _passed(kept, result), picture=card)
    else:
        ctx.nudge(account, "terms", words("terms.until_next", done=result.done, **_about(kept.term)))


def regrouped(ctx: Context, fact: PeopleRegrouped) -> None:
    """What came of terms that are over for two persons, some of whose accounts changed hands."""
    known = terms.results_of(ctx.tx, fact.community, (fact.person, fact.other))
    for term_id in sorted({result.term for result in known}):
        kept = terms.by_id(ctx.tx, fact.community, term_id)
        took_part = {result.person: result for result in known if result.term == term_id}
        if kept is not None:
            _wind_up_again(ctx, kept, fact, took_part)


def _wind_up_again(ctx: Context, kept: Kept, fact: PeopleRegrouped, known: dict[int, Result]) -> None:
    """Where only one of those who are one person now took part, it is that one's as it was."""
    if fact.joined and len(known) == 1:
        results = [msgspec.structs.replace(result, person=fact.person) for result in known.values()]
    else:
        persons = (fact.person,) if fact.joined else (fact.person, fact.other)
        results = [_result(ctx, kept, person) for person in persons]
    for person in known:
        terms.forget_result(ctx.tx, kept.id, person)
    terms.keep_results(ctx.tx, [result for result in results if result.done])


# The certificate.


def certificate(ctx: Context, _arguments: str) -> None:
    """Show the certificate of the last term that one passed."""
    result = terms.last_passed(ctx.tx, ctx.community.id, ctx.account.person) if ctx.has_account else None
    _hand_out(ctx, result)


def press_certificate(ctx: Context, arguments: str) -> None:
    """The room's button with which everyone takes their own."""
    _hand_out(ctx, terms.result(ctx.tx, plain_number(arguments) or 0, ctx.account.person))


def _hand_out(ctx: Context, result: Result | None) -> None:
    kept = None if result is None else terms.by_id(ctx.tx, ctx.community.id, result.term)
    passed = result is not None and result.passed
    if not passed and not manners.stays_between(ctx):
        raise UserError("core.write_first", befriends=True)
    if result is None or kept is None:
        ctx.whisper(words("terms.no_certificate"))
    elif not passed:
        ctx.whisper(words("terms.until_next", done=result.done, **_about(kept.term)))
    else:
        if isinstance(ctx.event, ButtonPressed) and not ctx.room.is_group:
            ctx.answer()
        ctx.whisper(_passed(kept, result), picture=_certificate(ctx, kept, result, ctx.account.name))


def _passed(kept: Kept, result: Result) -> Words:
    return words("terms.passed", done=result.done, perfect=result.perfect, **_about(kept.term))


def _certificate(ctx: Context, kept: Kept, result: Result, name: str) -> Picture:
    one = kept.term
    about = _about(one)
    card = CertificateCard(
        heading=label("terms.card_heading"),
        name=name,
        body=label("terms.card_body", done=result.done, perfect=result.perfect, **about),
        sums=(
            Sum(str(result.done), label("terms.card_of_days", days=one.days), label("terms.card_done")),
            Sum(
                str(result.longest),
                label("terms.card_days", days=result.longest),
                label("terms.card_longest"),
            ),
        ),
        rule=label("terms.card_rule", **about | {"needed": result.needed}),
        dates=label("terms.card_dates", first=one.first, last=one.last),
        community=ctx.community.name,
        signed=label("terms.card_signed"),
        seal=label("terms.card_seal"),
    )
    return picture("certificate", card)


FEATURE = Feature(
    name="terms",
    settings=TermsSettings,
    modes=("off", "on"),
    commands=(
        Command("term", term, ("学期", "學期", "营期", "營期"), takes=True),
        Command("certificate", certificate, ("证书", "證書", "结营", "結營", "结营证书", "結營證書")),
    ),
    buttons={"term": Press(call_off, "tasks"), "certificate": press_certificate},
    jobs=(Job("terms", wind_up, next_wind_up),),
    listeners={PeopleRegrouped: regrouped},
    undo={"term": Undo("tasks", change_back)},
)
