"""Work that falls due, and the runs that were made. Community 0 stands for the whole house."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from storage.db import Row, Transaction


COLUMNS = "name, community, due_at, position, again_at"


class Due(msgspec.Struct, frozen=True):
    """A job of a community that falls due at `due_at`; `position` is where an unfinished run goes on.

    `again_at` is when it is to begin anew, where it was woken in the middle of that run.
    """

    name: str
    community: int
    due_at: int
    position: str | None
    again_at: int | None


def schedule(tx: Transaction, name: str, community: int, due_at: int, position: str | None = None) -> None:
    """The job runs next at `due_at`; with a position it goes on there."""
    tx.run(
        "INSERT INTO job (name, community, due_at, position) VALUES (:name, :community, :due_at, :position)"
        " ON CONFLICT (name, community) DO UPDATE SET due_at = excluded.due_at, position = excluded.position,"
        " again_at = CASE WHEN excluded.position IS NULL THEN NULL ELSE job.again_at END",
        {"name": name, "community": community, "due_at": due_at, "position": position},
    )


def bring_forward(tx: Transaction, name: str, community: int, due_at: int) -> None:
    """The job runs, from its beginning, at `due_at` at the latest; a run half done is finished first."""
    tx.run(
        "INSERT INTO job (name, community, due_at, position) VALUES (:name, :community, :due_at, NULL)"
        " ON CONFLICT (name, community) DO UPDATE SET"
        " due_at = CASE WHEN job.position IS NULL THEN min(job.due_at, excluded.due_at) ELSE job.due_at END,"
        " again_at = CASE WHEN job.position IS NULL THEN NULL"
        " ELSE min(coalesce(job.again_at, excluded.due_at), excluded.due_at) END",
        {"name": name, "community": community, "due_at": due_at},
    )


def unschedule(tx: Transaction, name: str, community: int) -> None:
    """The job waits until it is scheduled again."""
    tx.run(
        "DELETE FROM job WHERE name = :name AND community = :community",
        {"name": name, "community": community},
    )


def fallen_due(tx: Transaction, now: int) -> list[Due]:
    """The jobs that are due, the one due first first."""
    rows = tx.all(f"SELECT {COLUMNS} FROM job WHERE due_at <= :now ORDER BY due_at", {"now": now})  # noqa: S608 - fixed text
    return [Due(*row) for row in rows]


def first(tx: Transaction) -> Due | None:
    """The job that falls due first."""
    return _due(tx.one(f"SELECT {COLUMNS} FROM job ORDER BY due_at LIMIT 1"))  # noqa: S608 - fixed text


def due(tx: Transaction, name: str, community: int) -> Due | None:
    """When a job of a community falls due; None while it waits to be scheduled."""
    row = tx.one(
        f"SELECT {COLUMNS} FROM job WHERE name = :name AND community = :community",  # noqa: S608 - fixed text
        {"name": name, "community": community},
    )
    return _due(row)


def _due(row: Row | None) -> Due | None:
    return None if row is None else Due(*row)


def scheduled(tx: Transaction, community: int) -> set[str]:
    """The names of the jobs that a community has waiting."""
    return {
        row["name"]
        for row in tx.all("SELECT name FROM job WHERE community = :community", {"community": community})
    }


def forget_runs(tx: Transaction, before: int) -> None:
    """Forget runs made before that instant: their periods are long over."""
    tx.run("DELETE FROM job_run WHERE at < :before", {"before": before})


def claim(tx: Transaction, name: str, community: int, period: str, now: int) -> bool:
    """Whether this is the first run for the period; it is noted as made."""
    return (
        tx.run(
            "INSERT INTO job_run (name, community, period, at) VALUES (:name, :community, :period, :now)"
            " ON CONFLICT DO NOTHING",
            {"name": name, "community": community, "period": period, "now": now},
        )
        == 1
    )


def claimed_at(tx: Transaction, name: str, community: int, period: str) -> int | None:
    """The instant that was noted for a period's run; None when there was none."""
    at: int | None = tx.value(
        "SELECT at FROM job_run WHERE name = :name AND community = :community AND period = :period",
        {"name": name, "community": community, "period": period},
    )
    return at


def release(tx: Transaction, name: str, community: int) -> None:
    """Whatever was claimed under a name may be claimed again."""
    tx.run(
        "DELETE FROM job_run WHERE name = :name AND community = :community",
        {"name": name, "community": community},
    )
