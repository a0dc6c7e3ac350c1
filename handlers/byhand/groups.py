"""`/byhand`: rooms of a community that no bot is in: made, renamed, moved to another tier, ended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.core.actions import Button, words
from bot.core.errors import UserError
from handlers.byhand.purpose import by_hand
from handlers.byhand.saying import privately, show
from rules.arguments import plain, plain_number
from rules.durations import MINUTE
from rules.names import LONGEST, NAMELESS, shown
from storage import byhand, overview, rooms

if TYPE_CHECKING:
    from bot.core.actions import Words
    from bot.core.context import Buttons, Context
    from storage.rooms import Room

TIERS = 5
MOST_ROOMS = 50
ENDS = frozenset({"end", "off", "结束", "結束", "停", "不记了", "不記了"})
_RENAMED = re.compile(r"(.+?)\s*(?:->|→|>|＞|改名叫?|改叫)\s*(.+)", re.DOTALL)


def command(ctx: Context, arguments: str) -> None:
    """`/byhand`: those there are; `/byhand 晨读二班`: make or show one; `旧名 > 新名`, `晨读二班 结束`."""
    privately(ctx, lambda: _obey(ctx, arguments))


def _obey(ctx: Context, arguments: str) -> None:
    text = " ".join(arguments.split())
    renamed = _RENAMED.fullmatch(text)
    name, _, last = text.rpartition(" ")
    if not text:
        ctx.confide(_list(ctx))
    elif renamed is not None:
        _rename(ctx, _meant(ctx, renamed[1]), renamed[2])
    elif name and plain(last) in ENDS:
        _end(ctx, _meant(ctx, name))
    else:
        _show_or_make(ctx, text)


def press(ctx: Context, arguments: str) -> None:
    """A button of a room's card: `tier:<room>:<tier>`, `end:<room>:0`."""
    step, _, rest = arguments.partition(":")
    numbers = [plain_number(part) for part in rest.split(":")]
    room = next((one for one in by_hand(ctx) if one.id == numbers[0]), None)
    if room is None or len(numbers) != 2 or numbers[1] is None or step not in {"tier", "end"}:
        raise UserError("core.button_gone")
    if step == "end":
        _end(ctx, room)
    elif 1 <= numbers[1] <= TIERS:
        if numbers[1] != room.tier:
            room = _change(ctx, room, tier=numbers[1])
        show(ctx, *_card(ctx, room))


def _list(ctx: Context) -> Words:
    heard = overview.heard(ctx.tx, ctx.community.id)
    return words(
        "byhand.list",
        rooms=[
            {
                "title": room.title,
                "people": len(byhand.here(ctx.tx, room.id)),
                "minutes": None if room.id not in heard else max(0, ctx.now - heard[room.id]) // MINUTE,
            }
            for room in by_hand(ctx)
        ],
    )


def _meant(ctx: Context, name: str) -> Room:
    """The room by hand of this name. Raises UserError when there is none, or several."""
    found = [room for room in rooms.called(ctx.tx, ctx.community.id, name) if room.is_by_hand]
    if len(found) != 1:
        raise UserError("byhand.which", names=[room.title for room in by_hand(ctx)])
    return found[0]


def _show_or_make(ctx: Context, name: str) -> None:
    same = [room for room in rooms.of_community(ctx.tx, ctx.community.id) if plain(room.title) == plain(name)]
    room = same[0] if same else _make(ctx, _title(ctx, name))
    if not room.is_by_hand:
        raise UserError("byhand.has_bot", room=room.title)
    text, buttons = _card(ctx, room)
    if same:
        show(ctx, text, buttons)
    else:
        show(ctx, words("byhand.made", room=room.title), buttons)


def _title(ctx: Context, name: str) -> str:
    """A name that a room can have. Raises UserError for one that is too long, or taken."""
    title = shown(name)
    if title == NAMELESS or len(name) > LONGEST:
        raise UserError("byhand.title", most=LONGEST)
    if any(plain(room.title) == plain(title) for room in rooms.of_community(ctx.tx, ctx.community.id)):
        raise UserError("byhand.taken", room=title)
    return title


def _make(ctx: Context, title: str) -> Room:
    known = by_hand(ctx)
    if len(known) >= MOST_ROOMS:
        raise UserError("byhand.enough", most=MOST_ROOMS)
    tiers = [room.tier for room in rooms.of_community(ctx.tx, ctx.community.id)]
    native = f"{ctx.community.id}:{ctx.now}:{len(known)}"
    fresh = rooms.add(ctx.tx, rooms.BY_HAND, native, "group", title, ctx.now)
    room = ctx.desk.change_room(fresh, community=ctx.community.id, tier=max(tiers, default=1))
    undo = {"room": room.id, "was": {"standing": "left"}}
    ctx.audit("byhand", f"room:{room.id}", after={"standing": "active"}, room=room.id, undo=undo)
    return room


def _rename(ctx: Context, room: Room, name: str) -> None:
    before, room = room.title, _change(ctx, room, title=_title(ctx, name))
    show(ctx, words("byhand.renamed", before=before, room=room.title))


def _end(ctx: Context, room: Room) -> None:
    _change(ctx, room, standing="left")
    show(ctx, words("byhand.ended", room=room.title))


def _change(ctx: Context, room: Room, **after: object) -> Room:
    """Change columns of a room, audited; the room as it is then."""
    before = {name: getattr(room, name) for name in after}
    changed = ctx.desk.change_room(room, **after)
    undo = {"room": room.id, "was": before}
    ctx.audit("byhand", f"room:{room.id}", before, after, room=room.id, undo=undo)
    return changed


def put_back(ctx: Context, data: dict[str, Any]) -> object:
    """A room by hand is as it was; as it was until now."""
    room = ctx.desk.room_by_id(data["room"])
    until_now = {name: getattr(room, name) for name in data["was"]}
    ctx.desk.change_room(room, **data["was"])
    return {"room": room.id, "was": until_now}


def _card(ctx: Context, room: Room) -> tuple[Words, Buttons]:
    text = words("byhand.card", room=room.title, tier=room.tier, people=len(byhand.here(ctx.tx, room.id)))
    tiers = tuple(
        Button(
            words("byhand.tier_button", tier=tier, chosen=tier == room.tier), f"byhand:tier:{room.id}:{tier}"
        )
        for tier in range(1, TIERS + 1)
    )
    return text, (tiers, (Button(words("byhand.end_button"), f"byhand:end:{room.id}:0"),))
