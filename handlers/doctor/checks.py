"""What is looked at and found wrong: rows in, troubles out, for the chat and the command line alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.core.port import RIGHTS, Can, rights_on
from rules import trouble as rules
from rules.durations import DAY, MINUTE
from rules.trouble import Trouble
from storage import bot_accounts, condition, rooms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.core.platforms import Off
    from storage.bot_accounts import BotAccount
    from storage.condition import BotCondition
    from storage.db import Transaction
    from storage.disk import Disk
    from storage.rooms import Room

MOST_NAMED = 5
MEGABYTE = 1_000_000

OFFLINE = "offline"
"""Not logged in: told by the account itself, so a platform's word for it adds nothing."""

WATCH, SPEAK = "watch", "speak"
"""Rights that nobody is asked for in the set-up: an administrator has the first, and all have the second."""


class Look(msgspec.Struct, frozen=True):
    """What is looked at, and when (UTC ms): the bots in use by what their platforms can do, the disk.

    `heard`: a bot that was heard this moment, whatever rows say. `off`: the platforms that stay off.
    """

    tx: Transaction
    now: int
    bots: Mapping[str, Can]
    disk: Disk | None
    heard: str | None = None
    off: Sequence[Off] = ()


def of_house(look: Look) -> list[Trouble]:
    """What is wrong with the house: a platform that is off, its disk, its clock, what it could not handle."""
    found = [
        Trouble("off", {"platform": one.platform, "why": one.why, "about": one.about}) for one in look.off
    ]
    if look.disk is not None and rules.is_little(look.disk.free, look.disk.total):
        found.append(Trouble("disk", {"megabytes": look.disk.free // MEGABYTE}))
    known = [condition.of_bot(look.tx, bot) for bot in look.bots]
    found += clock_trouble([one.skew for one in known if one is not None and is_fresh(one, look.now)])
    dead = condition.dead_letters(look.tx)
    if dead is not None and dead.at > look.now - DAY:
        values = {"count": dead.count, "minutes": (look.now - dead.at) // MINUTE, "what": dead.kind}
        found.append(Trouble("dead", values))
    return found


def clock_trouble(skews: list[int | None]) -> list[Trouble]:
    """What is wrong with a clock that is so many milliseconds ahead of others."""
    off = [skew for skew in skews if skew is not None and rules.is_off(skew)]
    if not off:
        return []
    skew = max(off, key=abs)
    return [Trouble("clock", {"seconds": round(abs(skew) / 1000), "ahead": skew > 0})]


def of_queue(look: Look, community: int | None, *, private: bool) -> list[Trouble]:
    """What could go and waits, in the rooms of a community, if any, and in `private` chats."""
    everything = condition.late(look.tx, look.now - rules.STUCK_AFTER)
    late = [one for one in everything if (one.community == community if one.is_group else private)]
    if not late:
        return []
    values = {
        "rooms": [one.title for one in late if one.is_group][:MOST_NAMED],
        "count": len(late),
        "waiting": sum(one.waiting for one in late),
        "minutes": (look.now - late[0].since) // MINUTE,
    }
    return [Trouble("stuck", values)]


def of_bots(look: Look, community: int) -> list[Trouble]:
    """What is wrong with the way in of the bots of a community."""
    away = of_accounts(look, bot_accounts.of_community(look.tx, community))
    return away + [trouble for bot in _bots(look, community) for trouble in _of_bot(look, bot)]


def of_accounts(look: Look, known: Iterable[BotAccount]) -> list[Trouble]:
    """The accounts of bots that are not logged in."""
    return [
        Trouble(OFFLINE, _stands(one, look.now))
        for one in known
        if not one.is_online and one.bot in look.bots
    ]


def back_since(look: Look, known: Iterable[BotAccount]) -> dict[str, object]:
    """Of the accounts that are logged in the one that came back last: what fills the text that says so."""
    online = [one for one in known if one.is_online and one.bot in look.bots]
    last = max(online, key=lambda one: one.since, default=None)
    return {"platform": "", "minutes": 0} if last is None else _stands(last, last.since)


def away(look: Look, community: int) -> frozenset[str]:
    """The bots of a community whose account is not logged in: what they were to say would wait for that."""
    known = bot_accounts.of_community(look.tx, community)
    return frozenset(one.bot for one in known if not one.is_online)


def out_of_reach(look: Look, community: int) -> frozenset[str]:
    """The bots of a community by which, for now, nobody is told anything for sure."""
    amiss = {bot for bot in _bots(look, community) if any(one.kind == "reach" for one in _of_bot(look, bot))}
    return away(look, community) | amiss


def _bots(look: Look, community: int) -> list[str]:
    """The bots of a community; those in no room are the concern of the only one there is."""
    if rooms.is_alone(look.tx, community):
        return sorted(look.bots)
    return sorted(rooms.bots_of(look.tx, community) & set(look.bots))


def _stands(account: BotAccount, now: int) -> dict[str, object]:
    return {
        "platform": _platform(account.bot),
        "state": account.state,
        "why": account.why,
        "minutes": max(0, now - account.left_at) // MINUTE,
    }


def _platform(bot: str) -> str:
    """The platform that a bot is on: its name begins with it."""
    return bot.partition(":")[0]


def of_rooms(look: Look, known: list[Room]) -> list[Trouble]:
    """The rights that are missing in rooms, each with what for; where no bot is, none is missing."""
    known = [room for room in known if not room.is_by_hand]
    deaf = [room for room in known if is_deaf(look.tx, room)]
    rest = [room for room in known if any(_missing(look, room)) and room not in deaf]
    found = []
    if deaf:
        privacy = {_privacy(look.tx, room) for room in deaf}
        values = _named(deaf) | {"privacy": True in privacy, "stale": privacy == {False}}
        found.append(Trouble("deaf", values))
    if rest:
        missing = {
            right: _named([room for room in rest if right in _missing(look, room)]) for right in RIGHTS
        }
        by_right = [{"right": right} | named for right, named in missing.items() if named["count"]]
        found.append(Trouble("rights", {"rights": by_right}))
    return found


def of_lost_rights(look: Look, community: int) -> list[Trouble]:
    """The rights that the bot had in rooms of a community, and lost."""
    lost = _lost(look, community)
    if not lost:
        return []
    places = [{"title": room.title, "lost": names} for room, names in lost[:MOST_NAMED]]
    return [Trouble("lost", {"places": places, "more": max(0, len(lost) - MOST_NAMED)})]


def of_mute_rooms(look: Look, community: int) -> list[Trouble]:
    """The rooms of a community in which the bot must not speak any more."""
    mute = [room for room, names in _lost(look, community) if SPEAK in names]
    return [Trouble("mute", _named(mute))] if mute else []


def of_work(look: Look, community: int) -> list[Trouble]:
    """What was not delivered within a day, and the work that is late."""
    found = []
    failed = condition.failed(look.tx, community, look.now - DAY)
    if failed:
        reasons = [{"reason": reason, "count": count} for reason, count in list(failed.items())[:MOST_NAMED]]
        found.append(Trouble("failed", {"count": sum(failed.values()), "reasons": reasons}))
    overdue = condition.overdue(look.tx, community, look.now - rules.STUCK_AFTER)
    if overdue:
        found.append(Trouble("jobs", {"count": len(overdue), "names": overdue[:MOST_NAMED]}))
    return found


def is_fresh(known: BotCondition, now: int) -> bool:
    """Whether what a platform said of itself holds at an instant."""
    return abs(now - known.at) < rules.FRESH_FOR


def is_deaf(tx: Transaction, room: Room) -> bool:
    """Whether the bot hears nothing in a room but commands and buttons."""
    return "read" not in room.rights or (_privacy(tx, room) is True and WATCH not in room.rights)


def _privacy(tx: Transaction, room: Room) -> bool | None:
    """Whether groups are closed to the room's bot while it is no administrator; None: not known."""
    known = condition.of_bot(tx, room.bot)
    return None if known is None or known.reads_all is None else not known.reads_all


def _missing(look: Look, room: Room) -> tuple[str, ...]:
    """The rights that are missing in a room, of those that its platform can give."""
    wanted = rights_on(look.bots[room.bot]) if room.bot in look.bots else RIGHTS
    return tuple(right for right in wanted if right not in room.rights)


def _of_bot(look: Look, bot: str) -> list[Trouble]:
    """What is wrong with the way in of one bot; one that is logged out hears nothing, and that is said."""
    found = []
    until = condition.watched_until(look.tx, bot)
    account = bot_accounts.of_bot(look.tx, bot)
    may_hear = bot != look.heard and (account is None or account.is_online)
    if may_hear and until is not None and until < look.now - rules.STUCK_AFTER:
        found.append(Trouble("silent", {"minutes": (look.now - until) // MINUTE}))
    known = condition.of_bot(look.tx, bot)
    if known is None:
        return found
    if known.contested_at is not None and known.contested_at > look.now - rules.CONTESTED_FOR:
        found.append(Trouble("contested", {"minutes": (look.now - known.contested_at) // MINUTE}))
    if known.trouble not in {"", OFFLINE} and is_fresh(known, look.now):
        found.append(Trouble("reach", {"why": known.trouble, "platform": _platform(bot)}))
    return found


def _lost(look: Look, community: int) -> list[tuple[Room, list[str]]]:
    lost = condition.lost(look.tx, community)
    known = [(rooms.by_id(look.tx, number), names) for number, names in lost.items()]
    return [(room, names) for room, names in known if room.standing == "active"]


def _named(known: list[Room]) -> dict[str, object]:
    return {"rooms": [room.title for room in known[:MOST_NAMED]], "count": len(known)}
