"""A feature that proposes what a test says: what was done stands in a table, and is applied once or fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bot.core.desk import Desk
from bot.core.feature import Command, Feature, Suggestion
from handlers import FEATURES, unclear
from storage import communities, jobs

if TYPE_CHECKING:
    from bot.core.context import Context
    from rules.roles import Right
    from tests.stage import Stage

STAFF = "管理群"
DONE = "bonus"
GONE = "gone"


ABOUT: dict[str, object] = {
    "writer": "小林",
    "place": "晨读班",
    "day": "2026-05-04",
    "minutes": 540,
    "proof": "",
    "why": "word",
    "closes": 0,
    "line": "",
    "task": "打卡",
    "for_day": "2026-05-04",
}


def propose(ctx: Context, arguments: str) -> None:
    """`/propose x`: something about x is proposed."""
    ctx.suggest(
        "unclear",
        f"account:{ctx.account.id} {arguments}",
        about=ABOUT | {"quote": arguments, "name": arguments},
        data={"name": arguments},
        room=ctx.room,
        message=arguments,
    )


def approve(ctx: Context, data: dict[str, Any]) -> object:
    assert jobs.claim(ctx.tx, DONE, ctx.community.id, data["name"], ctx.now), "applied twice"
    return data


def undo(ctx: Context, data: dict[str, Any]) -> None:
    gone = ctx.tx.run(
        "DELETE FROM job_run WHERE name = :name AND period = :period", {"name": DONE, "period": data["name"]}
    )
    assert gone == 1, "taken back twice"


def holds(ctx: Context, data: dict[str, Any]) -> bool:
    found = ctx.tx.value(
        "SELECT 1 FROM job_run WHERE name IN (:done, :gone) AND period = :period",
        {"done": DONE, "gone": GONE, "period": data["name"]},
    )
    return found is None


def featured(needs: Right = "mend") -> tuple[Feature, ...]:
    """All features, with one that proposes what it is told to in place of unclear check-ins."""
    bonus = msgspec.structs.replace(
        unclear.FEATURE,
        commands=(Command("propose", propose, takes=True),),
        suggestions={"unclear": Suggestion(needs, approve, undo, holds)},
    )
    return tuple(bonus if one is unclear.FEATURE else one for one in FEATURES)


async def a_class(stage: Stage, *, staff_room: bool = True) -> None:
    """A class with two admins who may be written to, and perhaps a staff room."""
    await stage.opens()
    if staff_room:
        await stage.opens(STAFF)

        def make(desk: Desk) -> None:
            communities.set_staff_room(desk.tx, 1, 2)
            desk.change_room(desk.room_by_id(2), community=1)
            desk.forget("community")
            desk.forget("settings")

        await stage.engine.pipeline.work(make)
    for who in ("班主任", "副班主任"):
        await stage.joins(who, "admin")
        await stage.says(who, "/start", room=None)
    stage.heard()


async def states(stage: Stage) -> list[str]:
    rows = await stage.engine.database.read(lambda tx: tx.all("SELECT state FROM suggestion ORDER BY id"))
    return [row["state"] for row in rows]


async def done(stage: Stage) -> list[str]:
    """What stands as done."""
    rows = await stage.engine.database.read(
        lambda tx: tx.all("SELECT period FROM job_run WHERE name = 'bonus' ORDER BY period")
    )
    return [row["period"] for row in rows]


async def vanishes(stage: Stage, name: str) -> None:
    """What was proposed about `name` is not so any more."""
    await stage.engine.database.write(lambda tx: jobs.claim(tx, GONE, 1, name, 1))
