"""Tasks of a community, their plans, and the history of the weekdays on which something is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from rules.calendar import Window
from rules.days import Day
from rules.tasks import EVERY_DAY, Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.db import Row, Transaction

REMEMBERED = "settings", "tasks"
"""What handlers keep of a community's tasks between batches is kept, and forgotten, under this key.

It goes with the settings, too, which say how a check-in is heard.
"""

FIRST_DAY = Day("1900-01-01")


def task_of(row: Row) -> Task:
    """The task that a row of them holds."""
    window = None if row["opens"] is None else Window(row["opens"], row["closes"])
    return Task(
        id=row["id"],
        name=row["name"],
        weekdays=row["weekdays"],
        window=window,
        shortest=row["shortest"],
        proof=row["proof"],
        late=bool(row["late"]),
        plan_from=row["plan_from"],
    )


def of_community(tx: Transaction, community: int) -> tuple[Task, ...]:
    """The tasks in use, the oldest first."""
    rows = tx.all(
        "SELECT * FROM task WHERE community = :community AND archived_at IS NULL ORDER BY id",
        {"community": community},
    )
    return tuple(map(task_of, rows))


def by_id(tx: Transaction, community: int, task: int) -> Task | None:
    """A task of a community, also one that is put away."""
    row = tx.one(
        "SELECT * FROM task WHERE id = :task AND community = :community",
        {"task": task, "community": community},
    )
    return None if row is None else task_of(row)


def add(tx: Transaction, community: int, task: Task, today: Day, now: int) -> Task:
    """A new task like this one (its id is given here), asked for from today on."""
    number = tx.insert(
        "INSERT INTO task"
        " (community, name, weekdays, opens, closes, shortest, proof, late, plan_from, created_at)"
        " VALUES (:community, :name, :weekdays, :opens, :closes, :shortest, :proof, :late, :plan_from, :now)"
        " RETURNING id",
        _columns(task) | {"community": community, "now": now},
    )
    keep_due_days(tx, community, today)
    return msgspec.structs.replace(task, id=number)


def save(tx: Transaction, community: int, task: Task, today: Day) -> None:
    """Write a changed task; its weekdays hold from today on."""
    tx.run(
        "UPDATE task SET name = :name, weekdays = :weekdays, opens = :opens, closes = :closes,"
        " shortest = :shortest, proof = :proof, late = :late, plan_from = :plan_from WHERE id = :id",
        _columns(task) | {"id": task.id},
    )
    keep_due_days(tx, community, today)


def archive(tx: Transaction, community: int, task: int, today: Day, now: int) -> None:
    """Put a task away; what was done for it stays."""
    tx.run("UPDATE task SET archived_at = :now WHERE id = :task", {"task": task, "now": now})
    keep_due_days(tx, community, today)


def use_again(tx: Transaction, community: int, task: int, today: Day) -> None:
    """A task that was put away is asked for again from today on."""
    tx.run("UPDATE task SET archived_at = NULL WHERE id = :task", {"task": task})
    keep_due_days(tx, community, today)


def _columns(task: Task) -> dict[str, object]:
    window = task.window
    return {
        "name": task.name,
        "weekdays": task.weekdays,
        "opens": None if window is None else window.opens,
        "closes": None if window is None else window.closes,
        "shortest": task.shortest,
        "proof": task.proof,
        "late": int(task.late),
        "plan_from": task.plan_from,
    }


# Plans.


def set_plan(tx: Transaction, task: int, titles: Mapping[int, str]) -> None:
    """The titles of a task's days by their number; those it had before are gone."""
    tx.run("DELETE FROM lesson WHERE task = :task", {"task": task})
    tx.many(
        "INSERT INTO lesson (task, number, title) VALUES (:task, :number, :title)",
        [{"task": task, "number": number, "title": title} for number, title in titles.items()],
    )


def lesson(tx: Transaction, task: int, number: int) -> str | None:
    """The title of one day of a task's plan."""
    found: str | None = tx.value(
        "SELECT title FROM lesson WHERE task = :task AND number = :number", {"task": task, "number": number}
    )
    return found


def lessons(tx: Transaction, task: int) -> dict[int, str]:
    """All titles of a task's plan, by the number of the day."""
    rows = tx.all("SELECT number, title FROM lesson WHERE task = :task ORDER BY number", {"task": task})
    return {row["number"]: row["title"] for row in rows}


# The weekdays on which something is asked for.


def rest_days(tx: Transaction, community: int) -> int:
    """The community's weekly days of rest, as bits."""
    rest = tx.value(
        "SELECT rest FROM due_days WHERE community = :community ORDER BY since DESC LIMIT 1",
        {"community": community},
    )
    return int(rest or 0)


def set_rest_days(tx: Transaction, community: int, rest: int, today: Day) -> None:
    """The community rests on these weekdays (bits) from today on."""
    _keep(tx, community, today, rest)


def keep_due_days(tx: Transaction, community: int, today: Day) -> None:
    """Keep from when on the tasks ask for which weekdays; the first entry holds for all time before."""
    _keep(tx, community, today, rest_days(tx, community))


def _keep(tx: Transaction, community: int, today: Day, rest: int) -> None:
    asked = 0
    for task in of_community(tx, community):
        asked |= task.weekdays
    known = tx.value("SELECT 1 FROM due_days WHERE community = :community LIMIT 1", {"community": community})
    tx.run(
        "INSERT INTO due_days (community, since, tasks, rest) VALUES (:community, :since, :tasks, :rest)"
        " ON CONFLICT (community, since) DO UPDATE SET tasks = excluded.tasks, rest = excluded.rest",
        {"community": community, "since": today if known else FIRST_DAY, "tasks": asked, "rest": rest},
    )
    _keep_hours(tx, community, today if known else FIRST_DAY)


def _keep_hours(tx: Transaction, community: int, since: Day) -> None:
    """Keep which hours the tasks have from a day on."""
    values = {"community": community, "since": since}
    tx.run("DELETE FROM task_hours WHERE community = :community AND since = :since", values)
    tx.run(
        "INSERT INTO task_hours (community, since, task, weekdays, opens, closes)"
        " SELECT community, :since, id, weekdays, opens, closes FROM task"
        " WHERE community = :community AND archived_at IS NULL",
        values,
    )


def due_days(tx: Transaction, community: int) -> list[tuple[Day, int]]:
    """From which day on which weekdays (bits) are asked for, the oldest first."""
    rows = tx.again(
        "SELECT since, tasks, rest FROM due_days WHERE community = :community ORDER BY since",
        {"community": community},
    )
    return [(row["since"], row["tasks"] & ~row["rest"] & EVERY_DAY) for row in rows]
