"""The local room: a chat in the browser whose members are all played by the person before it.

Like Telegram it keeps what members do as updates until they are committed; the page (web/) is its client.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from bot.core.actions import Admit, Answer, Delete, Edit, Fetch, React, Say
from bot.core.errors import Undeliverable
from bot.core.events import (
    Attachment,
    Batch,
    BotChanged,
    ButtonPressed,
    MemberChanged,
    Message,
    MessageDeleted,
    Place,
    Reacted,
    Sender,
)
from bot.core.files import text_of
from bot.core.platforms import Limits
from bot.core.port import Can
from rules.durations import HOUR
from storage import local_acts, local_files, local_room, rooms
from storage.failures import DiskFull
from storage.local_acts import Newcomer, Update
from storage.local_room import BOT, THE_BOT, chat_of_member

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.clock import Clock
    from bot.core.events import Event
    from bot.core.platforms import CommandEntry, Intake, Outgoing
    from storage.db import Database, Transaction

log = logging.getLogger("banzhang.room")

DISK_WAIT = 5.0
AT_A_TIME = 500
"""Updates in one batch."""

TICK = 1.0
"""Seconds between two looks when nothing happens, so that due work knows that nothing is missing."""

LONGEST_PAUSE = HOUR
"""Nobody can write while the program is off: longer pauses (milliseconds) were not observed."""

RIGHTS = ("read", "react", "delete", "pin", "invite", "remove")

FIRST_CLASSES = {
    "zh-Hans": (("晨读班", "精英班"), "班主任", ("小林", "阿哲", "米粒", "周周", "Ravi")),
    "zh-Hant": (("晨讀班", "菁英班"), "班主任", ("小林", "阿哲", "米粒", "周周", "Ravi")),
    "en": (("Morning Readers", "Honours Class"), "Ms Chen", ("Lin", "Ravi", "Mila", "Zhou", "Noor")),
}
"""The class that is there at the first visit: its rooms from tier 2 up, its admin, its members."""


class LocalRoom:
    """The local room as a platform."""

    name = "room"
    bot = BOT
    username = "banzhang"
    can = Can.REACT | Can.WHISPER | Can.DELETE | Can.BUTTONS | Can.EDIT | Can.BACKLOG | Can.ADD
    limits = Limits(1_000, 1_000, 1_000, 60_000)

    def __init__(self, database: Database, clock: Clock, language: str) -> None:
        self._database = database
        self._clock = clock
        self._language = language
        self._woken = asyncio.Event()
        self.changed: Callable[[str, int], None] = lambda _what, _id: None
        """Called after the bot changed something: `message` or `answer`, with its id."""

    async def open(self) -> None:
        """Let a friendly class be there at the first visit."""
        (lower, upper), owner, members = FIRST_CLASSES[self._language]
        newcomers = [Newcomer(owner, "owner", (0, 1))]
        newcomers += [Newcomer(name, "member", (0, 1) if name == members[1] else (0,)) for name in members]
        await self._database.write(
            lambda tx: local_acts.found_class(tx, [(lower, 2), (upper, 1)], newcomers, self._clock.now())
        )

    def wake(self) -> None:
        """A member did something, or the clock was moved."""
        self._woken.set()

    async def listen(self, intake: Intake) -> None:
        """Bring what members did to the pipeline, in order, until cancelled."""
        cursor = int(await intake.cursor(BOT, "") or 0)
        since = await self._database.read(lambda tx: _pause(tx, self._clock.now()))
        while True:
            self._woken.clear()
            try:
                cursor, caught_up = await self._bring(intake, cursor, since)
            except DiskFull:
                log.error("the disk is full: nothing new is taken until there is room; nothing is lost")  # noqa: TRY400
                await self._clock.sleep(DISK_WAIT)
                continue
            if caught_up is not None:
                since = None
                await self._rest()

    async def drain(self, intake: Intake) -> None:
        """Bring what members did until now to the pipeline: instead of listening, in played time."""
        cursor = int(await intake.cursor(BOT, "") or 0)
        caught_up: int | None = None
        while caught_up is None:
            cursor, caught_up = await self._bring(intake, cursor, None)

    async def _bring(self, intake: Intake, after: int, since: int | None) -> tuple[int, int | None]:
        """Bring the next batch; the last update in it, and up to when all is told (None: there is more)."""
        updates, caught_up = await self._database.write(lambda tx: self._next(tx, after))
        cursor = updates[-1].id if updates else after
        batch = Batch(
            bot=BOT,
            events=tuple(translate(update) for update in updates),
            cursor=str(cursor) if updates else None,
            caught_up_to=caught_up,
            unobserved_since=None if caught_up is None else since,
        )
        await intake.take(batch)
        return cursor, caught_up

    def _next(self, tx: Transaction, after: int) -> tuple[list[Update], int | None]:
        """The next updates, and an instant before which there are no others (None: there are).

        It runs in turn with the members' acts, so that no act older than the instant is still on its way.
        A batch ends at a new room: the next one may have to join the community that this one founds.
        """
        updates = local_acts.updates(tx, after, AT_A_TIME)
        opened = next((place for place, one in enumerate(updates) if one.kind == "opened"), None)
        if opened is not None:
            _prepare(tx, updates[opened])
            return updates[: opened + 1], None
        return updates, self._clock.now() if len(updates) < AT_A_TIME else None

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(TICK):
                await self._woken.wait()
        except TimeoutError:
            return

    async def carry_out(self, outgoing: Outgoing) -> str | None:
        """Do one action on the room's rows, and tell the page."""
        if isinstance(outgoing.action, Fetch):
            return await self._fetch(_number(outgoing.action.file))
        now = self._clock.now()
        what, found = await self._database.write(lambda tx: _carry_out(tx, outgoing, now))
        self.changed(what, found)
        return str(found) if isinstance(outgoing.action, Say) else None

    async def _fetch(self, file: int) -> str:
        found = await self._database.read(lambda tx: local_files.content(tx, file))
        if found is None:
            raise Undeliverable("bad_request", "the file is gone")
        return text_of(found[2])

    async def publish(self, commands: Sequence[CommandEntry]) -> None:
        """The page has no menu; /help tells."""

    async def condition(self) -> None:
        """It is this program itself: nothing can be amiss."""

    async def close(self) -> None:
        """There are no connections."""

    async def move_clock(self, at: int) -> None:
        """Keep that the clock stands at an instant, then let it."""
        ahead = max(0, at - self._clock.now())
        await self._database.write(lambda tx: local_room.keep_clock(tx, local_room.clock(tx)[0] + ahead, at))
        self._clock.move_to(at)
        self.wake()
        self.changed("clock", 0)


def _pause(tx: Transaction, now: int) -> int | None:
    """Since when nobody could write because the program was off; None when that was only a moment ago."""
    until = tx.value("SELECT max(until) FROM observation WHERE bot = :bot", {"bot": BOT})
    return until if until is not None and now - until > LONGEST_PAUSE else None


def _prepare(tx: Transaction, update: Update) -> None:
    """A new room has its tier, and belongs to the community of the room that was there first."""
    if rooms.by_native(tx, BOT, update.chat) is not None:
        return
    community = tx.value(
        "SELECT community FROM room WHERE bot = :bot AND kind = 'group' ORDER BY id LIMIT 1", {"bot": BOT}
    )
    room = rooms.add(tx, BOT, update.chat, "group", update.title, update.at)
    rooms.save(tx, msgspec.structs.replace(room, tier=update.tier, community=community, standing="expected"))


# What members did, as events.


def translate(update: Update) -> Event:
    """What an update says, as an event."""
    return _TRANSLATIONS[update.kind](update)


def _place(update: Update) -> Place:
    return Place(update.chat, "group" if update.chat.startswith("r") else "private", update.title)


def _sender(update: Update) -> Sender:
    return Sender(chat_of_member(update.member), update.name)


def _opened(update: Update) -> Event:
    return BotChanged(
        bot=BOT, key=str(update.id), at=update.at, place=_place(update), role="admin", rights=RIGHTS
    )


def _seated(update: Update) -> Event:
    return MemberChanged(
        bot=BOT, key=str(update.id), at=update.at, place=_place(update), who=_sender(update), role=update.role
    )


def _said(update: Update) -> Event:
    file = update.file
    return Message(
        bot=BOT,
        key=str(update.id),
        at=update.at,
        place=_place(update),
        native=str(update.message),
        sender=_sender(update),
        text=update.text,
        media=_media(update),
        album=update.album or None,
        reply_to=None if update.reply_to is None else str(update.reply_to),
        reply_sender=(
            Sender(chat_of_member(update.reply_member), update.reply_name) if update.reply_member else None
        ),
        reply_text=update.reply_text,
        reply_to_bot=update.reply_member == THE_BOT,
        edited=update.kind == "edited",
        attachment=None if file is None or file.is_voice else Attachment(str(file.id), file.name, file.size),
    )


def _media(update: Update) -> tuple[str, ...]:
    photo = () if update.picture is None else ("photo",)
    if update.file is None:
        return photo
    return (*photo, "voice" if update.file.is_voice else "file")


def _withdrawn(update: Update) -> Event:
    return MessageDeleted(
        bot=BOT, key=str(update.id), at=update.at, place=_place(update), native=str(update.message)
    )


def _reacted(update: Update) -> Event:
    return Reacted(
        bot=BOT,
        key=str(update.id),
        at=update.at,
        place=_place(update),
        sender=_sender(update),
        message=str(update.message),
        before=update.before,
        after=update.after,
    )


def _pressed(update: Update) -> Event:
    return ButtonPressed(
        bot=BOT,
        key=str(update.id),
        at=update.at,
        place=_place(update),
        sender=_sender(update),
        message=str(update.message),
        data=update.data,
        press=str(update.press),
    )


_TRANSLATIONS: dict[str, Callable[[Update], Event]] = {
    "opened": _opened,
    "seated": _seated,
    "said": _said,
    "edited": _said,
    "withdrawn": _withdrawn,
    "reacted": _reacted,
    "pressed": _pressed,
}


# What the bot does, as rows.


def _carry_out(tx: Transaction, outgoing: Outgoing, now: int) -> tuple[str, int]:
    """Do one action; what changed: a message or an answer, and its id."""
    action = outgoing.action
    if isinstance(action, Say):
        return "message", _say(tx, outgoing, action, now)
    if isinstance(action, Answer):
        press = _number(action.press)
        if not local_room.answer(tx, press, outgoing.html, alert=action.alert):
            raise Undeliverable("bad_request", "there is no such press")
        return "answer", press
    if isinstance(action, Delete | Edit | React):
        return "message", _change(tx, outgoing, action, now)
    if isinstance(action, Admit):
        return "message", _admit(tx, outgoing.native, action.who, now)
    raise Undeliverable("bad_request", "the local room has none of that")


def _admit(tx: Transaction, chat: str, who: str, now: int) -> int:
    """Let a member into a room; the line that says so, 0 when they were there."""
    room, member = local_room.number(chat, "r"), local_room.number(who, "m")
    if room is None or member is None:
        raise Undeliverable("bad_request", "there is no such room or member")
    try:
        return local_acts.join(tx, room, member, now) or 0
    except local_acts.NotAllowed as error:
        raise Undeliverable("not_found", error.reason) from error


def _change(tx: Transaction, outgoing: Outgoing, action: Delete | Edit | React, now: int) -> int:
    """Do something with a message; its id."""
    message = _number(action.message)
    if isinstance(action, Delete):
        local_room.delete(tx, message, now)
        return message
    found = local_room.message(tx, message)
    if found is None or found.is_deleted:
        raise Undeliverable("bad_request", "the message is gone")
    if isinstance(action, Edit):
        local_room.rewrite(tx, message, outgoing.html, _buttons(outgoing), now)
    else:
        local_room.react(tx, message, THE_BOT, (action.emoji,), now)
    return message


def _say(tx: Transaction, outgoing: Outgoing, action: Say, now: int) -> int:
    if local_room.title(tx, outgoing.native) is None:
        raise Undeliverable("not_found", "there is no such chat")
    drawn, file = outgoing.picture, outgoing.file
    message = local_room.write(
        tx,
        chat=outgoing.native,
        member=THE_BOT,
        text=outgoing.html,
        now=now,
        buttons=_buttons(outgoing),
        picture=None if drawn is None else local_room.keep_picture(tx, "image/png", drawn, now),
        reply_to=_number(action.reply_to) if action.reply_to else None,
    )
    if file is not None:
        local_files.attach(tx, message, file.name, file.media_type, file.content, now)
    return message


def _buttons(outgoing: Outgoing) -> tuple[tuple[local_room.Button, ...], ...]:
    return tuple(
        tuple(local_room.Button(label, button.data, button.url) for label, button in row)
        for row in outgoing.buttons
    )


def _number(native: str) -> int:
    """The row that a native id names; 0, which is no row, for what was never one of this platform's."""
    return int(native) if native.isascii() and native.isdigit() and len(native) < 19 else 0
