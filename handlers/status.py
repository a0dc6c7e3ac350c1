"""How Banzhang is doing: what its admins may want to look after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.feature import Command, Feature
from bot.core.port import words
from storage import inbox, outbox, rooms

if TYPE_CHECKING:
    from bot.core.context import Context

DAY = 86_400_000
MEGABYTE = 1_000_000


def status(ctx: Context, _arguments: str) -> None:
    """What waits or failed, what could not be read, and the size; how the rooms are doing is in /rooms."""
    waiting, failed = outbox.health(ctx.tx, ctx.now - DAY)
    rule = ctx.calendar.rules[-1]
    ctx.confide(
        words(
            "status.status",
            community=ctx.community.name,
            zone=rule.zone,
            day_starts_at=rule.day_starts_at,
            rooms=len(rooms.of_community(ctx.tx, ctx.community.id)),
            waiting=waiting,
            failed=failed,
            dead_letters=inbox.dead_letters(ctx.tx),
            megabytes=round(ctx.tx.size() / MEGABYTE, 1),
        ),
    )


FEATURE = Feature(
    name="status",
    commands=(Command("status", status, ("状态", "狀態"), needs="settings"),),
    for_staff=("status.status",),
)
