"""What a platform's adapter is to Banzhang: where it brings what it heard, and what it carries out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

from bot.core.actions import AnyAction, Button
from bot.core.port import Can
from rules.human_pace import Human

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.events import Batch


class File(msgspec.Struct, frozen=True):
    """A file as a platform sends it: its name, media type and content."""

    name: str
    media_type: str
    content: bytes


class Outgoing(msgspec.Struct, frozen=True):
    """An action made ready for a platform: rendered, drawn, addressed."""

    action: AnyAction
    native: str
    html: str = ""
    buttons: tuple[tuple[tuple[str, Button], ...], ...] = ()
    picture: bytes | None = None
    file: File | None = None


class CommandEntry(msgspec.Struct, frozen=True):
    """A command for the platform's menu: its name, and what it does by language."""

    name: str
    about: dict[str, str]
    needs_right: bool
    places: tuple[str, ...]


class Limits(msgspec.Struct, frozen=True):
    """How fast a platform may be spoken to: per second overall, per chat, per minute and group.

    `human`: the pace of a person, where an account must not seem to be a machine. `wordless_apart`: reactions
    and deletions keep a chat's pace beside its messages, and count in no minute.
    """

    overall_per_second: float
    chat_per_second: float
    chat_burst: int
    group_per_minute: int
    human: Human | None = None
    wordless_apart: bool = False


class Condition(msgspec.Struct, frozen=True):
    """How a platform's side of things is; None where it cannot tell.

    `reads_all`: whether groups are heard without being an administrator. `skew`: how far this machine's clock
    is ahead of the platform's, milliseconds. `contested_at`: when another program last asked for the bot's
    news, UTC milliseconds. `trouble`: empty, or reach (no answer), token (it is refused), taken (the news go
    to another program), delivery (the platform cannot bring its news), offline (nobody is logged in).
    """

    reads_all: bool | None = None
    skew: int | None = None
    contested_at: int | None = None
    trouble: str = ""


class Off(msgspec.Struct, frozen=True):
    """Why a platform that the settings ask for stays off, until somebody mends it and starts anew.

    `why`: missing (what it needs is not set up), broken (that does not load), certificate (`about` cannot be
    read as one), lacks (the setting `about` is empty). `line`: the same in words, for the log.
    """

    platform: str
    why: str
    line: str
    about: str = ""


class Intake(Protocol):
    """Where a platform brings what it heard."""

    async def take(self, batch: Batch) -> None:
        """Commit a batch; returns only after it is durable. Raises DiskFull when there is no room for it."""

    async def cursor(self, bot: str, source: str) -> str | None:
        """Where that stream stood at the last commit."""


class Platform(Protocol):
    """One bot account on one platform."""

    name: str
    """The platform: telegram, room, wechat."""
    bot: str
    """The bot account, such as telegram:123456; known before `open`."""
    username: str
    """The name by which commands may address the bot, once `open` has returned; else empty."""
    can: Can
    limits: Limits

    async def open(self) -> None:
        """Find out who the bot is. Raises Stop when it never will be, RetryLater when it may."""

    async def listen(self, intake: Intake) -> None:
        """Bring events in until cancelled. Raises Stop when a restart would not help."""

    async def carry_out(self, outgoing: Outgoing) -> str | None:
        """Do one action; the native id of what came of it.

        Raises RetryLater (try again), Undeliverable (never), Moved (the room has another id), PartSent
        (a text too long for one message: go on with the rest).
        """

    async def publish(self, commands: Sequence[CommandEntry]) -> None:
        """Show the commands in the platform's own menu, where it has one."""

    async def condition(self) -> Condition | None:
        """How its side is at this moment, once `open` has returned; None where nothing can be amiss."""

    async def close(self) -> None:
        """Let go of connections."""


class Moved(Exception):
    """The room has another native id: the action is to be tried again there."""

    def __init__(self, to: str) -> None:
        super().__init__(to)
        self.to = to


class PartSent(Exception):
    """One message of a Say that needs several went out: it is to be noted in `sent`, then the next may go."""

    def __init__(self, native: str) -> None:
        super().__init__(native)
        self.native = native
