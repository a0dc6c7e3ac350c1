"""A stage for dialogue tests: the whole house over a real file, virtual time, a platform that records.

stage = await a_stage(tmp_path)
assert await stage.says("小林", "打卡") == ["…"]
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from bot.app import DATABASE, assemble, everything_on, feature_settings
from bot.config import load
from bot.core.actions import AnyAction, Button, Fetch, Say
from bot.core.clock import VirtualClock
from bot.core.engine import Engine
from bot.core.errors import RetryLater, Undeliverable
from bot.core.events import (
    Batch,
    BotChanged,
    ButtonPressed,
    Event,
    MemberChanged,
    Message,
    MessageDeleted,
    Place,
    Reacted,
    Sender,
)
from bot.core.feature import Feature
from bot.core.markup import plain
from bot.core.platforms import CommandEntry, Condition, File, Intake, Limits, Moved, Outgoing, PartSent
from bot.core.port import Can
from handlers import FEATURES
from storage.db import Transaction
from storage.disk import Disk
from tests.at_once import opened_at_once
from tests.prepared import prepare

BOT = "stage:1"
ALL = ~Can.LOOK
"""A platform that can do everything, and tells by itself who is in a room."""
WECHAT = Can.ADD
"""What WeChat will be able to do."""

SHANGHAI = "Asia/Shanghai"
ROOMY = Disk(free=12_300_000_000, total=50_000_000_000, database=4_200_000, log=100_000)


def instant(text: str, zone: str = SHANGHAI) -> int:
    """UTC milliseconds of a local 'YYYY-MM-DD HH:MM'."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def actions_by_state(tx: Transaction) -> dict[str, int]:
    """How many actions are in each state of the outbox."""
    rows = tx.all("SELECT state, count(*) AS n FROM outbox GROUP BY state")
    return {row["state"]: row["n"] for row in rows}


class Sent(msgspec.Struct):
    """One thing the bot did."""

    place: str
    action: AnyAction
    text: str
    buttons: dict[str, Button]
    picture: bytes | None
    native: str
    at: int
    file: File | None = None


class StagePlatform:
    """A platform that records what the bot does. `faults`: errors to raise instead, first come first."""

    username = "stage_bot"
    limits = Limits(1000, 1000, 1000, 60_000)

    def __init__(self, clock: VirtualClock, can: Can = ALL, name: str = "stage") -> None:
        self.name = name
        self.bot = f"{name}:1"
        self.clock = clock
        self.can = can
        self.sent: list[Sent] = []
        self.faults: list[RetryLater | Undeliverable | Moved] = []
        self.side: Condition | None = None
        """What it says of its own side."""
        self.files: dict[str, str] = {}
        """The texts of the files that members send, by native id."""
        self.parts = 1
        """In how many messages a text goes out."""
        self._next = 1_000_000

    async def open(self) -> None: ...

    async def listen(self, intake: Intake) -> None: ...

    async def carry_out(self, outgoing: Outgoing) -> str | None:
        if self.faults:
            raise self.faults.pop(0)
        if isinstance(outgoing.action, Fetch):
            return self.files[outgoing.action.file]
        self._next += 1
        native = str(self._next)
        buttons = {label: button for row in outgoing.buttons for label, button in row}
        text = plain(outgoing.html)
        self.sent.append(
            Sent(
                outgoing.native,
                outgoing.action,
                text,
                buttons,
                outgoing.picture,
                native,
                self.clock.now(),
                outgoing.file,
            )
        )
        if isinstance(outgoing.action, Say) and len(outgoing.action.sent) < self.parts - 1:
            raise PartSent(native)
        return native

    async def publish(self, commands: Sequence[CommandEntry]) -> None: ...

    async def condition(self) -> Condition | None:
        return self.side

    async def close(self) -> None: ...


class Stage:
    """Members speak, the bot answers. `room` names a group, `None` means the private chat with the bot."""

    def __init__(self, engine: Engine, clock: VirtualClock, platform: StagePlatform) -> None:
        self.engine = engine
        self.clock = clock
        self.platform = platform
        self._heard = 0
        self._next = 0

    def beside(self, name: str = "wechat", can: Can = ALL) -> Stage:
        """The same house on another platform: other rooms and members, whatever they are called."""
        platform = StagePlatform(self.clock, can, name)
        self.engine.add(platform)
        return Stage(self.engine, self.clock, platform)

    async def says(
        self,
        who: str,
        text: str,
        *,
        room: str | None = "晨读班",
        at: int | None = None,
        **more: object,
    ) -> list[str]:
        """Somebody writes; the texts that the bot sends at once (reactions as their emoji)."""
        return await self.happens(self.message(who, text, room=room, at=at, **more))

    def message(
        self, who: str, text: str, *, room: str | None = "晨读班", at: int | None = None, **more: object
    ) -> Message:
        """A message event as `says` would bring it. `native`, `media`, `reply_to` … as in Message."""
        self._next += 1
        native = str(more.pop("native", self._next))
        fields: dict[str, object] = {
            "bot": self.platform.bot,
            "key": f"m{self._next}",
            "at": self.clock.now() if at is None else at,
            "place": self.place(who, room),
            "native": native,
            "sender": self.sender(who),
            "text": text,
        }
        return msgspec.convert(fields | more, Message)

    def place(self, who: str, room: str | None) -> Place:
        return Place(who, "private", who) if room is None else Place(room, "group", room)

    def sender(self, who: str) -> Sender:
        return Sender(who, who)

    async def joins(self, who: str, role: str = "member", room: str = "晨读班") -> list[str]:
        """Somebody joins, leaves (role left) or becomes an admin."""
        return await self.happens(
            MemberChanged(
                bot=self.platform.bot,
                key=self._key(),
                at=self.clock.now(),
                place=self.place(who, room),
                who=self.sender(who),
                role=role,
            )
        )

    async def opens(
        self, room: str = "晨读班", rights: tuple[str, ...] = ("read", "react", "delete", "invite")
    ) -> list[str]:
        """The bot is added to a group."""
        return await self.happens(self.bot_changed("member", room=room, rights=rights))

    def bot_changed(
        self, role: str, *, room: str = "晨读班", rights: tuple[str, ...] = (), by: Sender | None = None
    ) -> BotChanged:
        """The bot's own standing and rights in a group are these now."""
        return BotChanged(
            bot=self.platform.bot,
            key=self._key(),
            at=self.clock.now(),
            place=self.place("", room),
            role=role,
            rights=rights,
            by=by,
        )

    async def presses(self, who: str, label: str, *, room: str | None = "晨读班") -> list[str]:
        """Somebody presses the newest button whose label contains this, or says the number in its place."""
        if Can.BUTTONS not in self.platform.can:
            return await self.says(who, str(self.number_of(label)), room=room)
        for sent in reversed(self.platform.sent):
            for shown, button in sent.buttons.items():
                if label in shown:
                    return await self.presses_data(who, button.data, message=sent.native, room=room)
        raise AssertionError(f"no button {label!r} was shown")

    def number_of(self, label: str) -> int:
        """The number in place of the newest button whose label contains this."""
        choice = re.compile(rf"(?:^|[：:·])\s*(\d+) (?:[^·\n]*){re.escape(label)}", re.MULTILINE)
        for sent in reversed(self.platform.sent):
            if found := choice.search(sent.text):
                return int(found[1])
        raise AssertionError(f"no choice {label!r} was shown")

    async def presses_data(
        self, who: str, data: str, *, message: str = "0", room: str | None = "晨读班"
    ) -> list[str]:
        """Somebody presses a button with this data, perhaps one of an hour ago, perhaps an invented one."""
        return await self.happens(self.pressed(who, data, message=message, room=room))

    def pressed(self, who: str, data: str, *, message: str, room: str | None = "晨读班") -> ButtonPressed:
        """The event of a press, to be brought in together with others."""
        key = self._key()
        return ButtonPressed(
            bot=self.platform.bot,
            key=key,
            at=self.clock.now(),
            at_known=False,
            place=self.place(who, room),
            sender=self.sender(who),
            message=message,
            data=data,
            press=key,
        )

    async def reacts(
        self, who: str, message: str, *after: str, before: tuple[str, ...] = (), room: str = "晨读班"
    ) -> list[str]:
        """Somebody's reactions to a message are now `after`."""
        return await self.happens(
            Reacted(
                bot=self.platform.bot,
                key=self._key(),
                at=self.clock.now(),
                place=self.place(who, room),
                sender=self.sender(who),
                message=message,
                before=before,
                after=after,
            )
        )

    async def deletes(self, message: str, *, room: str = "晨读班") -> list[str]:
        """A message is taken back."""
        return await self.happens(
            MessageDeleted(
                bot=self.platform.bot,
                key=self._key(),
                at=self.clock.now(),
                place=self.place("", room),
                native=message,
            )
        )

    async def happens(self, *events: Event) -> list[str]:
        """Bring events in as one batch, send what is due; what the bot said."""
        await self.engine.pipeline.take(Batch(self.platform.bot, events, caught_up_to=self.clock.now()))
        while await self.engine.step():
            pass
        return self.heard()

    async def until(self, when: str | int) -> list[str]:
        """Let time pass to a local 'YYYY-MM-DD HH:MM' (or UTC milliseconds); what the bot said meanwhile."""
        await self.engine.play_until(when if isinstance(when, int) else instant(when))
        return self.heard()

    async def looks(self, until: str | int) -> list[str]:
        """Let time pass like `until`, with a look for troubles every five minutes as in a running house."""
        end = until if isinstance(until, int) else instant(until)
        while (now := self.clock.now()) < end:
            await self.engine.play_until(min(end, now + 300_000))
            await self.engine.ask(self.platform)
            await self.engine.look()
            while await self.engine.step():
                pass
        return self.heard()

    def heard(self) -> list[str]:
        """What the bot did since this was last asked, as texts."""
        fresh = self.platform.sent[self._heard :]
        self._heard = len(self.platform.sent)
        return [
            sent.text or getattr(sent.action, "emoji", "") or type(sent.action).__name__ for sent in fresh
        ]

    @property
    def last(self) -> Sent:
        """The last thing the bot did."""
        return self.platform.sent[-1]

    def skip(self, events: int) -> None:
        """Number the next events so much higher, as after a restart over the same file."""
        self._next += events

    def _key(self) -> str:
        self._next += 1
        return f"k{self._next}"


@asynccontextmanager
async def a_stage(
    folder: Path,
    *,
    now: str = "2026-05-04 09:00",
    can: Can = ALL,
    config: str = "",
    zone: str = SHANGHAI,
    features: tuple[Feature, ...] = FEATURES,
    all_on: bool = True,
    disk: Callable[[], Disk] = lambda: ROOMY,
) -> AsyncIterator[Stage]:
    """A stage in an empty folder, every feature on; `config` is the text of a config.toml."""
    path = folder / "config.toml"
    path.write_text(config, encoding="utf-8")
    settings = load(path, feature_settings(), {})
    clock = VirtualClock(instant(now, zone))
    path = await prepare(folder / "data" / DATABASE)
    async with opened_at_once(path) as database:
        engine = assemble(
            everything_on(settings) if all_on else settings,
            database,
            clock,
            seed=1,
            features=features,
            disk=disk,
        )
        platform = StagePlatform(clock, can)
        engine.add(platform)
        await engine.jobs.plan()
        yield Stage(engine, clock, platform)
