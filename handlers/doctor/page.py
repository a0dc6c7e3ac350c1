"""`/doctor`: how the house and a community are, in a few lines, what is gravest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core import staff
from bot.core.actions import Button, words
from handlers.doctor import checks
from handlers.doctor.checks import Look
from rules.durations import MINUTE
from rules.trouble import MINOR, Trouble, by_gravity
from storage import condition, outbox, overview, rooms

if TYPE_CHECKING:
    from bot.core.actions import Words
    from bot.core.context import Context
    from bot.core.port import Can
    from storage.disk import Disk

MEGABYTE = 1_000_000
AGAIN = ((Button(words("doctor.again_button"), "doctor"),),)


def command(ctx: Context, _arguments: str) -> None:
    """`/doctor`: look at everything."""
    ctx.confide(_page(ctx), buttons=AGAIN)


def press(ctx: Context, _arguments: str) -> None:
    """The button below: look again, in the same message."""
    ctx.edit_pressed(_page(ctx), buttons=AGAIN, toast=words("doctor.looked"))


def bots_of(ctx: Context) -> dict[str, Can]:
    """The bots in use, by what their platforms can do."""
    return {name: bot.can for name, bot in ctx.desk.house.bots.items()}


def disk_of(ctx: Context) -> Disk | None:
    """The disk that the database lies on, where it can be measured."""
    measure = ctx.desk.house.disk
    try:
        return None if measure is None else measure()
    except OSError:
        return None


def spoken(troubles: list[Trouble]) -> list[dict[str, object]]:
    """Troubles for a template: which text, what fills it, and whether it is a minor one."""
    return [
        {"text": f"doctor.{one.kind}", "values": one.values, "minor": one.kind in MINOR}
        for one in by_gravity(troubles)
    ]


def _page(ctx: Context) -> Words:
    community = ctx.community.id
    disk = disk_of(ctx)
    heard = None if ctx.event is None else ctx.event.bot
    look = Look(ctx.tx, ctx.now, bots_of(ctx), disk, heard, ctx.desk.house.off)
    known = rooms.of_community(ctx.tx, community)
    troubles = [
        *checks.of_house(look),
        *checks.of_queue(look, community, private=True),
        *checks.of_bots(look, community),
        *checks.of_rooms(look, known),
        *checks.of_mute_rooms(look, community),
        *checks.of_work(look, community),
    ]
    if ctx.community.staff_room is not None and staff.staff_room(ctx) is None:
        troubles.append(Trouble("staff_room"))
    last = max(overview.heard(ctx.tx, community).values(), default=None)
    return words(
        "doctor.page",
        community=ctx.community.name,
        rooms=len(known),
        troubles=spoken(troubles),
        grave=sum(one.kind not in MINOR for one in troubles),
        waiting=outbox.due(ctx.tx, ctx.now),
        heard=None if last is None else max(0, ctx.now - last) // MINUTE,
        free=None if disk is None else _size(disk.free),
        data=None if disk is None else _size(disk.database + disk.log),
        log=None if disk is None else _size(disk.log),
        versions=[f"{name} {version}" for name, version in ctx.desk.house.versions.items()],
        schema=condition.schema(ctx.tx),
    )


def _size(size: int) -> str:
    """Bytes as people read them: 12.3 GB, 4.2 MB."""
    megabytes = size / MEGABYTE
    return f"{megabytes / 1000:.1f} GB" if megabytes >= 1000 else f"{megabytes:.1f} MB"
