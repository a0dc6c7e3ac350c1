"""Where a community's days are counted, and when they begin; days that are past stay as they were."""

from __future__ import annotations

import difflib
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from bot.core import changes
from bot.core.actions import Button, words
from bot.core.errors import UserError
from bot.core.feature import Command, Feature, Press, Undo
from rules.argument_times import read_time, read_zone
from rules.arguments import ArgumentError, MissingArgument

if TYPE_CHECKING:
    from bot.core.actions import Words
    from bot.core.context import Buttons, Context
    from rules.calendar import Rule

ZONES = (
    ("Asia/Shanghai", "Asia/Taipei", "Asia/Hong_Kong"),
    ("Asia/Singapore", "Asia/Tokyo", "Asia/Seoul"),
    ("Australia/Sydney", "Pacific/Auckland", "UTC"),
    ("Europe/London", "Europe/Paris", "Europe/Berlin"),
    ("America/New_York", "America/Chicago", "America/Los_Angeles"),
)
BACK = (Button(words("core.back"), "setup:menu"),)


@cache
def _known() -> frozenset[str]:
    """Every zone a person may mean, without the doubles under posix/ and right/."""
    return frozenset(zone for zone in available_timezones() if not zone.startswith(("posix", "right")))


def zone(ctx: Context, arguments: str) -> None:
    """`/zone`: show the zones; `/zone Asia/Tokyo` or 「时区 东京」: change it."""
    try:
        chosen = read_zone(arguments, _known())
    except MissingArgument:
        ctx.say(_page(ctx), buttons=_choices())
        return
    except ArgumentError as error:
        raise UserError("zone.unknown", given=error.given, near=_near(error.given)) from None
    changes.set_time_rule(ctx, zone=chosen)
    ctx.say(_done(ctx))


def day_start(ctx: Context, arguments: str) -> None:
    """`/daystart 04:00`: when one day of study ends and the next begins."""
    try:
        minutes = read_time(arguments)
    except MissingArgument:
        raise UserError("zone.daystart_how", day_starts_at=_rule(ctx).day_starts_at) from None
    except ArgumentError as error:
        raise UserError("zone.no_time", given=error.given) from None
    changes.set_time_rule(ctx, day_starts_at=minutes)
    ctx.say(_done(ctx))


def press(ctx: Context, arguments: str) -> None:
    """A button: the page, or a zone chosen on it."""
    back = (BACK,) if ctx.room.is_group else ()
    if arguments == "page":
        ctx.edit_pressed(_page(ctx), buttons=(*_choices(), *back))
        return
    if arguments not in _known():
        raise UserError("core.button_gone")
    changes.set_time_rule(ctx, zone=arguments)
    ctx.edit_pressed(_done(ctx), buttons=back)


def _page(ctx: Context) -> Words:
    return words("zone.page", community=ctx.community.name, zone=_rule(ctx).zone)


def _choices() -> Buttons:
    return tuple(tuple(Button(words("zone.name", zone=one), f"zone:{one}") for one in row) for row in ZONES)


def _done(ctx: Context) -> Words:
    rule = _rule(ctx)
    return words("zone.done", community=ctx.community.name, zone=rule.zone, day_starts_at=rule.day_starts_at)


def _rule(ctx: Context) -> Rule:
    """The time rule in force."""
    return ctx.calendar.rules[-1]


def follow_again(ctx: Context, data: dict[str, Any]) -> object:
    """From now on the days follow the rule of before again; those that are past stay as they were."""
    return changes.follow(ctx, data["zone"], data["day_starts_at"])


def _near(given: str) -> str:
    """The zone whose name, or whose city, looks most like what was written; empty when none does."""
    names = {one.casefold(): one for one in _known()}
    names |= {one.rpartition("/")[2].casefold(): one for one in sorted(names.values())}
    near = difflib.get_close_matches(given.strip().replace(" ", "_").casefold(), names, 1, 0.7)
    return names[near[0]] if near else ""


FEATURE = Feature(
    name="zone",
    commands=(
        Command("zone", zone, ("时区", "時區"), takes=True, needs="settings"),
        Command("daystart", day_start, ("换日时间", "換日時間"), takes=True, needs="settings"),
    ),
    buttons={"zone": Press(press, "settings")},
    undo={"time_rule": Undo("settings", follow_again)},
)
