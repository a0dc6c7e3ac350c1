"""Changing the tasks of a community, for the record and for the day on which it is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bot.core.errors import UserError
from rules.arguments import plain
from rules.tasks import Task
from storage import tasks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.context import Context
    from rules.days import Day

MOST_TASKS = 20


def check_room(known: Sequence[Task]) -> None:
    """UserError when there are as many tasks as a community may have."""
    if len(known) >= MOST_TASKS:
        raise UserError("tasks.enough", most=MOST_TASKS)


def add(ctx: Context, task: Task) -> Task:
    """A new task like this one, asked for from today on."""
    added = tasks.add(ctx.tx, ctx.community.id, task, ctx.day, ctx.now)
    _note(ctx, added, "", "used", {"archived": True})
    return added


def plan(ctx: Context, task: Task, first: Day, titles: Mapping[int, str]) -> None:
    """The titles of a task's days, by their number from its plan's first day on."""
    before: dict[str, object] = {"plan_from": task.plan_from}
    undo = {"changes": before, "lessons": tasks.lessons(ctx.tx, task.id)}
    tasks.set_plan(ctx.tx, task.id, titles)
    changed = msgspec.structs.replace(task, plan_from=first)
    tasks.save(ctx.tx, ctx.community.id, changed, ctx.day)
    _note(ctx, changed, before, {"plan_from": first}, undo)


def archive(ctx: Context, task: Task) -> None:
    """Put a task away; UserError for the last one."""
    _put_away(ctx, task)
    _note(ctx, task, "used", "", {"archived": False})


def _put_away(ctx: Context, task: Task) -> None:
    if len(tasks.of_community(ctx.tx, ctx.community.id)) == 1:
        raise UserError("tasks.last_one")
    tasks.archive(ctx.tx, ctx.community.id, task.id, ctx.day, ctx.now)


def _note(ctx: Context, task: Task, before: object, after: object, undo: dict[str, object]) -> None:
    ctx.desk.forget(*tasks.REMEMBERED, ctx.community.id)
    ctx.audit("task", f"task:{task.id}", before, after, undo=undo | {"task": task.id})


def change_back(ctx: Context, data: dict[str, Any]) -> object:
    """A task is put away or used again, or has what it had before; UserError where another has its name."""
    task = tasks.by_id(ctx.tx, ctx.community.id, data["task"])
    if task is None:
        raise UserError("core.button_gone")
    again = _set_back(ctx, task, data) if "changes" in data else _used_again(ctx, task, data)
    ctx.desk.forget(*tasks.REMEMBERED, ctx.community.id)
    return data | again


def _used_again(ctx: Context, task: Task, data: dict[str, Any]) -> dict[str, object]:
    if data["archived"]:
        _put_away(ctx, task)
    else:
        known = tasks.of_community(ctx.tx, ctx.community.id)
        check_room(known)
        _check_name(known, task)
        tasks.use_again(ctx.tx, ctx.community.id, task.id, ctx.day)
    return {"archived": not data["archived"]}


def _set_back(ctx: Context, task: Task, data: dict[str, Any]) -> dict[str, object]:
    known = msgspec.to_builtins(task)
    wanted = msgspec.convert(known | data["changes"], Task)
    _check_name(tasks.of_community(ctx.tx, ctx.community.id), wanted)
    tasks.save(ctx.tx, ctx.community.id, wanted, ctx.day)
    again: dict[str, object] = {"changes": {key: known[key] for key in data["changes"]}}
    if "lessons" in data:
        again["lessons"] = tasks.lessons(ctx.tx, task.id)
        tasks.set_plan(ctx.tx, task.id, {int(number): title for number, title in data["lessons"].items()})
    return again


def _check_name(known: Sequence[Task], task: Task) -> None:
    if any(plain(one.name) == plain(task.name) and one.id != task.id for one in known):
        raise UserError("tasks.known", name=task.name)
