"""The composition root: the only file that knows every room of the house."""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import logging
import random
import signal
import sys
import tempfile
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from platform import python_version
from typing import TYPE_CHECKING, TypeVar

import bot
from bot import platforms
from bot.adapters.room import LocalRoom
from bot.config import RoomSettings, TalkSettings, TelegramSettings, WeChatSettings
from bot.core import own_texts
from bot.core.clock import VirtualClock, WallClock
from bot.core.delivery import Ready
from bot.core.engine import Engine
from bot.core.errors import Stop
from bot.core.house import House, Welcome
from bot.core.modes import SECTION, all_on, modes_type
from bot.core.pictures import Pictures
from bot.core.render import Render
from bot.core.terminal import Terminal
from bot.demo import Play
from handlers import FEATURES
from storage import local_room
from storage.db import SQLITE_VERSION, Database
from storage.disk import measure
from storage.failures import DatabaseUnfit, DiskFull
from storage.migrate import migrate
from web.account import AccountPage
from web.room import RoomPage
from web.server import address_of, listening, serve

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncIterator, Callable, Coroutine, Mapping

    from pydantic import BaseModel

    from bot.config import Config
    from bot.core.clock import Clock
    from bot.core.feature import Feature
    from storage.disk import Disk

Result = TypeVar("Result")
log = logging.getLogger("banzhang")

DATABASE = "banzhang.sqlite3"
DEMO_SEED = 21
DISK_WAIT = 5.0
"""Seconds between two looks whether a full disk has room again."""

CLOCK_WAS_MOVED = (
    "this database's clock was moved forward in the local room, and no other platform can follow it there:"
    " start with another data folder"
)


SELDOM = (50_000, 20, 20)
"""How seldom Python looks for circles: a batch makes thousands of things and hardly one (a tenth faster)."""


@cache
def feature_settings() -> Mapping[str, type[BaseModel]]:
    """The settings type of each feature that has one, by its section's name, and which of them are on."""
    own = {feature.name: feature.settings for feature in FEATURES if feature.settings is not None}
    return {SECTION: modes_type(FEATURES), **own}


def assemble(
    config: Config,
    database: Database,
    clock: Clock,
    seed: int | None = None,
    features: tuple[Feature, ...] = FEATURES,
    disk: Callable[[], Disk] | None = None,
) -> Engine:
    """The engine of a house over a database, with no platform yet. With a seed all chance repeats itself.

    `disk` measures the disk, where it is not the one that the database lies on.
    """
    gc.set_threshold(*SELDOM)
    ready = Ready(Render(config.templates_dir), Pictures())
    disk = disk or (lambda: measure(database.path))
    return Engine(_house(config, seed, features, disk), database, clock, ready)


def versions() -> dict[str, str]:
    """What runs here, by name: Banzhang, then what it stands on."""
    clients = {
        "python-telegram-bot": platforms.version_of("python-telegram-bot"),
        platforms.WECHAT_CLIENT: platforms.wechat_client(),
    }
    return {
        "Banzhang": bot.__version__,
        "Python": python_version(),
        "SQLite": SQLITE_VERSION,
        **{name: version for name, version in clients.items() if version is not None},
    }


def _house(
    config: Config, seed: int | None, features: tuple[Feature, ...], disk: Callable[[], Disk]
) -> House:
    settings: dict[type[BaseModel], BaseModel] = {TalkSettings: config.talk}
    sections: dict[type[BaseModel], str] = {TalkSettings: "talk"}
    for name, chosen in config.features.items():
        settings[type(chosen)] = chosen
        sections[type(chosen)] = name
    return House(
        features=features,
        settings=settings,
        sections=sections,
        modes=type(config.features[SECTION]),
        bots={},
        admins=frozenset(config.bot.admins),
        name=config.community.name,
        language=config.bot.language,
        zone=config.community.zone,
        day_starts_at=config.community.day_starts_at,
        random=random.SystemRandom() if seed is None else random.Random(seed),  # noqa: S311 - a seed is for plays and tests
        for_staff=frozenset(text for feature in features for text in feature.for_staff),
        disk=disk,
        versions=versions(),
        off=tuple(platforms.why_off(config)),
        welcome={platforms.WECHAT: Welcome(config.wechat.friends, config.wechat.rooms)},
    )


@asynccontextmanager
async def opened(path: Path, *, durable: bool = True) -> AsyncIterator[Database]:
    """The database in a file, at the newest schema, closed at the end; `durable` as in Database.open.

    While the disk is full it waits for room.
    """
    database = await _with_room(lambda: Database.open(path, durable=durable))
    try:
        await _with_room(lambda: migrate(database))
        yield database
    finally:
        await database.close()


async def _with_room(act: Callable[[], Coroutine[None, None, Result]]) -> Result:
    """Do what a start needs; a start again would help no more than to wait until the disk has room for it."""
    while True:
        try:
            return await act()
        except DiskFull:
            log.error("the disk is full: nothing begins until there is room")  # noqa: TRY400
            await asyncio.sleep(DISK_WAIT)


def run(config: Config, data_dir: Path) -> int:
    """Run until stopped; the exit code. Raises Stop when a platform cannot go on, nor after a restart."""
    _check_texts(config)
    return asyncio.run(_run(config, data_dir))


def _check_texts(config: Config) -> None:
    """Every mistake in the admin's own texts is said before anything begins."""
    wrong = own_texts.mistakes(config.templates_dir)
    if wrong:
        raise Stop("\n".join(wrong))


def take_over(config: Config) -> None:
    """End another program's webhook for the bot. Raises Stop, or RetryLater when Telegram is away."""
    if config.telegram.token is None:
        raise Stop("There is no Telegram bot to take over: [telegram] token is empty.")
    asyncio.run(_take_over(config))


async def _take_over(config: Config) -> None:
    from bot.adapters.telegram import Telegram  # noqa: PLC0415 - its library takes long to import

    telegram = Telegram(config.telegram, WallClock())
    try:
        await telegram.take_over()
    finally:
        await telegram.close()


def _write_log(level: str) -> None:
    """Write Banzhang's own words from a level on to standard error, and other libraries' warnings.

    Not their lesser words: some name addresses with secrets in them.
    """
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    log.setLevel(level.upper())


async def _run(config: Config, data_dir: Path, *, invented: bool = False) -> int:
    _write_log(config.bot.log_level)
    async with opened(data_dir / DATABASE) as database:
        ahead, latest = await database.read(local_room.clock)
        clock = WallClock(ahead)
        clock.move_to(latest)
        engine = assemble(config, database, clock)
        for platform in platforms.asked_for(config, clock):
            engine.add(platform)
        for one in engine.house.off:
            log.error(one.line)
        if ahead and engine.platforms:
            raise Stop(CLOCK_WAS_MOVED)
        work = await _with_pages(engine, config, invented=invented)
        try:
            await _until_stopped(work)
        except BaseExceptionGroup as errors:
            raise _what_ended_it(errors) from None
        finally:
            for platform in engine.platforms:
                await platform.close()
    return 0


def _what_ended_it(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """What only the operator can mend among the errors of tasks that ended together, else all of them."""
    stops = errors.subgroup((Stop, DatabaseUnfit))
    error: BaseException = errors if stops is None else stops
    while stops is not None and isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


async def _with_pages(engine: Engine, config: Config, *, invented: bool) -> Coroutine[None, None, None]:
    """The engine's run with those pages beside it that there is a use for."""
    if config.room.enabled:
        return await with_room(engine, config, invented=invented)
    if platforms.WECHAT in engine.house.bots:
        return _with_accounts(engine, config)
    return engine.run()


async def with_room(engine: Engine, config: Config, *, invented: bool = False) -> Coroutine[None, None, None]:
    """The engine's run with the local room in it and its page beside it, once the page's address was said."""
    is_alone = not engine.platforms and not engine.house.off
    room = LocalRoom(engine.database, engine.clock, config.bot.language)
    await _with_room(room.open)
    engine.add(room)
    page = RoomPage(engine.database, engine.clock, config.community.zone, config.bot.language, room.wake)
    page.invented = invented
    page.commands = engine.menu
    room.changed = page.feed.tell
    if is_alone:
        page.advance = lambda at: engine.advance(at, room.move_clock)
    page.accounts = not is_alone
    listener = _listening(config)
    accounts = _account_page(engine, config).routes()
    app = page.application(listener.getsockname()[1], config.web.allowed_hosts, accounts)
    return _beside(engine, listener, serve(app, listener, page.feed.close))


def _with_accounts(engine: Engine, config: Config) -> Coroutine[None, None, None]:
    """The engine's run with the page of the accounts beside it, where there is no local room."""
    listener = _listening(config)
    app = _account_page(engine, config).application(listener.getsockname()[1], config.web.allowed_hosts)
    return _beside(engine, listener, serve(app, listener, lambda: None))


def _account_page(engine: Engine, config: Config) -> AccountPage:
    house, has_room = engine.house, config.room.enabled
    zone, language = config.community.zone, config.bot.language
    return AccountPage(engine.database, engine.clock, zone, language, house.bots, house.usernames, has_room)


def _listening(config: Config) -> socket.socket:
    """Listen for the pages, once their address was said."""
    listener = listening(config.web.host, config.web.port)
    sys.stdout.write(f"Banzhang is at {address_of(listener)}\n")
    sys.stdout.flush()
    return listener


async def _beside(engine: Engine, listener: socket.socket, serving: Coroutine[None, None, None]) -> None:
    """Run the engine, serve its pages, and tell the terminal of its accounts."""
    terminal = Terminal(sys.stdout, f"{address_of(listener)}account")
    async with asyncio.TaskGroup() as group:
        group.create_task(engine.run())
        group.create_task(serving)
        group.create_task(terminal.watch(engine))


async def _until_stopped(work: Coroutine[None, None, None]) -> None:
    """Work until it ends, or until SIGINT or SIGTERM asks for the end."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


def everything_on(config: Config) -> Config:
    """The same settings with every feature on."""
    features = {**config.features, SECTION: all_on(config.features[SECTION])}
    return dataclasses.replace(config, features=features)


def demo(config: Config) -> int:
    """Play sixty days of an invented community and open its room; the exit code.

    It lies in a folder that is gone at the end, and speaks to no platform but the local room.
    """
    alone = dataclasses.replace(
        everything_on(config), telegram=TelegramSettings(), wechat=WeChatSettings(), room=RoomSettings()
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="banzhang-demo-") as folder:
        asyncio.run(_play(alone, Path(folder)))
        return asyncio.run(_run(alone, Path(folder), invented=True))


async def _play(config: Config, folder: Path) -> None:
    play = Play(
        language=config.bot.language,
        zone=config.community.zone,
        ends=WallClock().now(),
        chance=random.Random(DEMO_SEED),  # noqa: S311 - the same demo every day
    )
    async with opened(folder / DATABASE, durable=False) as database:
        clock = VirtualClock(play.begins)
        engine = assemble(config, database, clock, DEMO_SEED)
        room = LocalRoom(database, clock, config.bot.language)
        engine.add(room)
        await engine.jobs.plan()
        async for day in play.perform(engine, room):
            _say_progress(day, play.days)


def _say_progress(day: int, days: int) -> None:
    sys.stdout.write(f"\rPlaying sixty days … {day}/{days}" + ("\n" if day == days else ""))
    sys.stdout.flush()
