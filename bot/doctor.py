"""`./run doctor`: is all well, one line each, beside a running Banzhang or without one."""

from __future__ import annotations

import asyncio
import os
import re
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from bot import app, platforms
from bot.adapters.room import LocalRoom
from bot.config import ConfigError, load
from bot.core import own_texts
from bot.core.actions import Words
from bot.core.clock import WallClock
from bot.core.errors import RetryLater, Stop
from bot.core.markup import plain
from bot.core.render import Render
from handlers.doctor import checks
from handlers.doctor.checks import Look
from rules.durations import MINUTE
from rules.trouble import MINOR, Trouble, by_gravity, is_little
from storage import communities, condition, lock, rooms
from storage.db import glance
from storage.disk import measure
from storage.failures import DatabaseUnfit
from storage.migrate import migrations
from web.server import listening

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from bot.config import Config
    from bot.core.platforms import Platform
    from bot.core.port import Can
    from storage.communities import Community
    from storage.db import Transaction
    from storage.disk import Disk

GIGABYTE, MEGABYTE = 1e9, 1e6
CONNECT_SECONDS = 2.0
RENDER = Render()
OUT_OF_REACH = ("reach", "token")
"""Troubles of a platform that was not reached, or does not take the token."""

GOOD, BAD, NOTE = "✓", "✗", "·"


class Line(msgspec.Struct, frozen=True):
    """One thing looked at: GOOD, BAD or (no trouble, but worth knowing) NOTE, and in words."""

    mark: str
    text: str


def look(path: Path, data: Path | None) -> Iterator[Line]:
    """Everything, for the settings in a file and the database in a folder (None: where the settings say)."""
    yield Line(GOOD, ", ".join(f"{name} {version}" for name, version in app.versions().items()))
    try:
        config = load(path, app.feature_settings())
    except ConfigError as error:
        yield from (Line(BAD, problem) for problem in error.problems)
        yield Line(NOTE, "the rest is looked at once the settings are in order")
        return
    yield Line(GOOD, f"{path} is in order" if path.exists() else f"there is no {path}: the defaults hold")
    yield from _texts(config)
    yield from (Line(BAD, one.line) for one in platforms.why_off(config))
    database = (data or config.data_dir) / app.DATABASE
    is_running = lock.is_held(database)
    yield from _folder(database)
    yield Line(GOOD if is_running else NOTE, _running(database, is_running=is_running))
    used = platforms.asked_for(config, WallClock())
    bots = {platform.bot: platform.can for platform in used}
    bots |= {LocalRoom.bot: LocalRoom.can} if config.room.enabled else {}
    yield from _rows(database, bots, is_running=is_running)
    yield from _ports(config, is_running=is_running)
    yield from asyncio.run(_ask(used))


def _running(database: Path, *, is_running: bool) -> str:
    return f"Banzhang is {'' if is_running else 'not '}running with {database.parent}"


def _texts(config: Config) -> Iterator[Line]:
    """Mistakes in the admin's own texts."""
    yield from (Line(BAD, mistake) for mistake in own_texts.mistakes(config.templates_dir))


def _folder(database: Path) -> Iterator[Line]:
    """Whether the folder can be written, and how much room there is."""
    folder = database.parent
    there = next(one for one in (folder, *folder.resolve().parents) if one.exists())
    may_write = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    will = "" if folder.exists() else " (it will be made)"
    yield Line(GOOD if may_write else BAD, f"{folder} can{'' if may_write else 'not'} be written{will}")
    with suppress(OSError):
        disk = measure(database if folder.exists() else there / database.name)
        yield Line(BAD if is_little(disk.free, disk.total) else GOOD, _room(disk))


def _room(disk: Disk) -> str:
    return (
        f"{disk.free / GIGABYTE:.1f} GB free of {disk.total / GIGABYTE:.1f} GB;"
        f" the database takes {disk.database / MEGABYTE:.1f} MB, its log {disk.log / MEGABYTE:.1f} MB"
    )


def _rows(database: Path, bots: Mapping[str, Can], *, is_running: bool) -> Iterable[Line]:
    """What the database tells, by the same checks as /doctor."""
    if not database.exists():
        return [Line(NOTE, "there is no database yet: the first start makes it")]
    try:
        return glance(database, lambda tx: _read(tx, bots, is_running=is_running))
    except DatabaseUnfit as error:
        return [Line(BAD, str(error))]


def _read(tx: Transaction, bots: Mapping[str, Can], *, is_running: bool) -> list[Line]:
    if tx.value("SELECT 1 FROM sqlite_schema WHERE name = 'migration'") is None:
        return [Line(BAD, "the database is empty: start Banzhang once")]
    schema, newest = condition.schema(tx), max(number for number, _ in migrations())
    if schema != newest:
        way = "the next start brings it forward" if schema < newest else "upgrade Banzhang"
        return [
            Line(BAD if schema > newest else NOTE, f"the database has schema {schema} of {newest}: {way}")
        ]
    now = WallClock().now()
    seen = Look(tx, now, bots, None)
    known = communities.all_of_them(tx)
    lines = [Line(GOOD, f"the database can be read: schema {schema}, communities: {len(known)}")]
    lines += _said(checks.of_house(seen))
    for community in known:
        lines += _said(_of_community(seen, community, is_running=is_running), f"{community.name}: ")
    return lines + _heard(seen)


def _of_community(seen: Look, community: Community, *, is_running: bool) -> list[Trouble]:
    """What is wrong with a community; what only a running house does in time is no trouble without one."""
    found = checks.of_rooms(seen, rooms.of_community(seen.tx, community.id))
    found += checks.of_mute_rooms(seen, community.id)
    if community.staff_room is not None and rooms.by_id(seen.tx, community.staff_room).standing != "active":
        found.append(Trouble("staff_room"))
    work = checks.of_work(seen, community.id)
    if not is_running:
        return found + [one for one in work if one.kind != "jobs"]
    return [
        *found,
        *work,
        *checks.of_queue(seen, community.id, private=True),
        *checks.of_bots(seen, community.id),
    ]


def _said(troubles: list[Trouble], before: str = "") -> list[Line]:
    return [
        Line(NOTE if one.kind in MINOR else BAD, before + _in_words(one.kind, one.values))
        for one in by_gravity(troubles)
    ]


def _in_words(block: str, values: dict[str, object]) -> str:
    return plain(RENDER.text(Words(f"doctor.{block}", values), "en"))


def _heard(seen: Look) -> list[Line]:
    """When each bot listened last."""
    known = {bot: condition.watched_until(seen.tx, bot) for bot in sorted(seen.bots)}
    return [
        Line(NOTE, f"{bot} last listened {_in_words('ago', {'minutes': max(0, seen.now - until) // MINUTE})}")
        for bot, until in known.items()
        if until is not None
    ]


def _ports(config: Config, *, is_running: bool) -> Iterator[Line]:
    """Whether what is to be listened on is free, or answers when Banzhang runs."""
    if (config.room.enabled or config.wechat.is_on) and not is_running:
        yield _free(config.web.host, config.web.port)
    if config.telegram.token is None or config.telegram.mode != "webhook":
        return
    host, port = config.telegram.webhook_host, config.telegram.webhook_port
    try:
        if is_running:
            socket.create_connection((host, port), CONNECT_SECONDS).close()
        else:
            socket.create_server((host, port)).close()
        yield Line(GOOD, f"the webhook's port {port} {'answers' if is_running else 'is free'}")
    except OSError as error:
        yield Line(BAD, f"the webhook's port {port} on {host}: {error.strerror or error}")


def _free(host: str, port: int) -> Line:
    try:
        with listening(host, port) as listener:
            taken = listener.getsockname()[1]
    except Stop as error:
        return Line(BAD, str(error))
    if port in {0, taken}:
        return Line(GOOD, f"port {taken} is free for the pages")
    return Line(NOTE, f"port {port} is taken: the pages will be at {taken}")


async def _ask(used: Iterable[Platform]) -> list[Line]:
    """Whether each platform can be reached and knows the bot, and what it says of its side."""
    lines: list[Line] = []
    for platform in used:
        try:
            lines += await _ask_one(platform)
        except (Stop, RetryLater) as error:
            lines.append(Line(BAD, f"{platform.name}: {_without_paths(str(error))}"))
        finally:
            await platform.close()
    return lines


async def _ask_one(platform: Platform) -> list[Line]:
    await platform.open()
    side = await platform.condition()
    trouble = "" if side is None else side.trouble
    lines: list[Line] = []
    if trouble not in OUT_OF_REACH:
        whose = f"that of @{platform.username}" if platform.username else "right"
        lines.append(Line(GOOD, f"{platform.name}: reached, and the token is {whose}"))
    if side is None:
        return lines
    if trouble:
        about = Trouble("reach", {"why": trouble, "platform": platform.name})
        lines += _said([about], f"{platform.name}: ")
    if side.skew is not None:
        is_off = checks.clock_trouble([side.skew])
        lines += _said(is_off) or [Line(GOOD, "this machine's clock is right")]
    if side.reads_all is False:
        lines.append(
            Line(NOTE, f"{platform.name}: privacy mode is on; only as an admin the bot hears a group")
        )
    return lines


def _without_paths(text: str) -> str:
    """A text without what follows the host in addresses: there may be secrets in it."""
    return re.sub(r"(https?://)(?:[^/\s]*@)?([^/\s]+)/\S*", r"\1\2/…", text)
