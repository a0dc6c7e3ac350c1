"""Changes in plain words: who, when, what, from what, to what, for every feature's own texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from bot.core.changes import SETTING
from bot.core.setting_texts import changed
from rules.arguments import plain_number
from storage import people, rooms, tasks

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.context import Context
    from storage.audits import Change

LONGEST = 60
MOST_PARTS = 12
A_DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-[0-9]{2}")


def told(ctx: Context, change: Change) -> dict[str, object]:
    """A change as values for the text `core.change`, which every feature's `did_<act>` says in its own words.

    In that text: `before` and `after` as they were audited (JSON decoded), `why`, `room`, the `subject`, and
    what its parts are called now (KINDS: `person`, `task`, `place`); the `rest` of it are the other parts.
    """
    day, minutes = ctx.calendar.wall(change.at)
    taken_back = change.undoes is not None and not change.brings_back
    before, after = (change.after, change.before) if taken_back else (change.before, change.after)
    about = _named(ctx, change.subject) | {
        "before": _decoded(before),
        "after": _decoded(after),
        "why": change.why,
        "room": _room(ctx, change.room) if change.room else "",
    }
    if change.act == SETTING:
        about |= changed(ctx.desk, change.subject, about["before"], about["after"])
    return {
        "number": change.id,
        "who": _person(ctx, change.person) if change.person else "",
        "day": day,
        "minutes": minutes,
        "text": _text(ctx, change.act),
        "about": about,
        "room": about["room"],
        "why": change.why,
        "undoes": change.undoes or 0,
        "brings_back": change.brings_back,
        "undone": change.undone_by is not None,
    }


def as_said(text: str) -> str:
    """What people said, as a part of a subject: it names no row, whatever it looks like."""
    return text.replace(":", "：")


def acts_of(ctx: Context, name: str) -> tuple[str, ...]:
    """The acts that a feature audits; SETTING stands for itself."""
    if name == SETTING:
        return (SETTING,)
    features = (feature for feature in ctx.desk.house.features if feature.name == name)
    return tuple(act for feature in features for act in (*feature.undo, *feature.final))


def _text(ctx: Context, act: str) -> str:
    for feature in ctx.desk.house.features:
        if act in feature.undo or act in feature.final:
            return f"{feature.name}.did_{act}"
    return "core.did_setting" if act == SETTING else "core.did_other"


def _named(ctx: Context, subject: str) -> dict[str, object]:
    """The subject, what its parts are called (`person`, `task`, `place`), the `rest` of it, a `day` in it."""
    named: dict[str, object] = {"person": "", "task": "", "place": "", "day": "", "rest": ""}
    parts, rest = [], []
    for part in subject.split(" "):
        kind, _, number = part.partition(":")
        find, known = KINDS.get(kind), plain_number(number)
        if find is None or known is None:
            rest.append(part)
            parts.append(part)
            if A_DAY.fullmatch(part):
                named["day"] = part
            continue
        name = find[1](ctx, known)
        named[find[0]] = name
        parts.append(name)
    return named | {"subject": " ".join(parts), "rest": " ".join(rest)}


def _decoded(text: str) -> object:
    try:
        return _short(msgspec.json.decode(text))
    except msgspec.DecodeError:
        return _short(text)


def _short(value: object) -> object:
    """The value with long texts in it cut off: a list of changes must fit into one message."""
    if isinstance(value, dict):
        return {key: _short(one) for key, one in list(value.items())[:MOST_PARTS]}
    if isinstance(value, list):
        return [_short(one) for one in value[:MOST_PARTS]]
    return f"{value[:LONGEST]}…" if isinstance(value, str) and len(value) > LONGEST else value


def _person(ctx: Context, number: int) -> str:
    return people.names(ctx.tx, [number]).get(number, "")


def _account(ctx: Context, number: int) -> str:
    try:
        return people.by_id(ctx.tx, number).name
    except KeyError:
        return ""


def _task(ctx: Context, number: int) -> str:
    task = tasks.by_id(ctx.tx, ctx.community.id, number)
    return "" if task is None else task.name


def _room(ctx: Context, number: int) -> str:
    try:
        return rooms.by_id(ctx.tx, number).title
    except KeyError:
        return ""


KINDS: dict[str, tuple[str, Callable[[Context, int], str]]] = {
    "person": ("person", _person),
    "account": ("person", _account),
    "task": ("task", _task),
    "room": ("place", _room),
}
