"""Actions as calls of a Wechaty gateway."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, assert_never

import msgspec
from grpclib import GRPCError
from wechaty_grpc.wechaty import puppet as pb

from bot.adapters.wechat import files, markup
from bot.adapters.wechat.client import FAULTS
from bot.adapters.wechat.echoes import Echoes
from bot.adapters.wechat.errors import (
    ALREADY,
    EXPIRED,
    NO_REASON,
    SECOND_TRY,
    passing,
    says,
    what_follows,
)
from bot.core.actions import Admit, Answer, Befriend, Delete, Edit, Enter, Fetch, Look, React, Say
from bot.core.errors import Away, RetryLater, Undeliverable
from bot.core.platforms import PartSent

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.adapters.wechat.client import Client
    from bot.core.clock import Clock
    from bot.core.platforms import Outgoing

log = logging.getLogger("banzhang.wechat")

MOST_MEMBERS: Final = 500
"""In a WeChat group, the account itself included."""

AFTER_NAME: Final = "\u2005"
"""The space behind a name that WeChat takes for the end of a mention."""


class Draft(msgspec.Struct, frozen=True):
    """One message, as it is to be sent: a text that may name somebody, or a file."""

    text: str = ""
    mention: str | None = None
    name: str = ""
    content: bytes = b""

    @property
    def known_by(self) -> str:
        """What its echo will be known by."""
        return self.name or self.text


def is_room(native: str) -> bool:
    """Whether a native id is that of a group; a contact's may hold an @, too."""
    return native.endswith("@chatroom") or native.startswith("@@")


class Calls:
    """Carries actions out.

    `name_of(room, account)` is how somebody is called in a room, empty where that is not known; `look(room)`
    has its members listed soon.
    """

    def __init__(
        self,
        client: Client,
        clock: Clock,
        name_of: Callable[[str, str], Awaitable[str]],
        look: Callable[[str], None],
    ) -> None:
        self._client = client
        self._clock = clock
        self._name_of = name_of
        self._look = look
        self.echoes = Echoes(clock)
        client.heard = self.echoes.heard

    async def carry_out(self, outgoing: Outgoing) -> str | None:
        """Do one action; the message's id, or the text of a file.

        Raises RetryLater, Undeliverable, PartSent.
        """
        action = outgoing.action
        match action:
            case Say():
                return await self._say(outgoing, action)
            case Fetch():
                return await self._fetch(action)
            case Befriend():
                await self._befriend(action)
            case Enter():
                await self._enter(action)
            case Admit():
                await self._admit(outgoing.native, action)
            case Look():
                self._look(outgoing.native)
            case React() | Answer() | Edit() | Delete():
                raise Undeliverable("bad_request", "WeChat has none of that")
            case _:
                assert_never(action)
        return None

    async def _say(self, outgoing: Outgoing, action: Say) -> str | None:
        """A picture or file, then the text in as many messages as it needs: the first that did not go yet."""
        drafts = await self._drafts(outgoing, action)
        if not drafts:
            raise Undeliverable("bad_request", "there is nothing to say")
        part = min(len(action.sent), len(drafts) - 1)
        is_last = part == len(drafts) - 1
        try:
            native = await self._send(outgoing.native, drafts[part])
        except Undeliverable as error:
            if is_last or not drafts[part].name or error.reason != NO_REASON:
                raise
            log.warning("%s is left out: %s", drafts[part].name, error)
            native = ""
        if not is_last:
            raise PartSent(native)
        return native or None

    async def _drafts(self, outgoing: Outgoing, action: Say) -> list[Draft]:
        drafts: list[Draft] = []
        if outgoing.picture is not None:
            name = "picture" if action.picture is None else action.picture.name
            drafts.append(Draft(name=f"{name}.png", content=outgoing.picture))
        if outgoing.file is not None:
            drafts.append(Draft(name=outgoing.file.name, content=outgoing.file.content))
        text, mention = await self._addressed(outgoing, action)
        if text:
            first, *others = markup.split(text)
            drafts += [Draft(first, mention), *map(Draft, others)]
        return drafts

    async def _addressed(self, outgoing: Outgoing, action: Say) -> tuple[str, str | None]:
        """The text, beginning with the name of whom it answers in a group, once, and who that is."""
        text = markup.readable(outgoing.html)
        if not text or action.mention is None or not is_room(outgoing.native):
            return text, None
        name = " ".join((await self._name_of(outgoing.native, action.mention)).split())
        if not name:
            return text, None
        unnamed = text.removeprefix(f"{name}，").removeprefix(f"{name}, ")
        return f"@{name}{AFTER_NAME}{unnamed}", action.mention

    async def _send(self, chat: str, draft: Draft) -> str:
        """Send one message, unless an earlier try, of which nothing was known, turns out to have sent it."""
        arrived = self.echoes.arrived(chat, draft.known_by, is_file=bool(draft.name))
        if arrived is not None:
            return arrived
        start = self._clock.now()
        try:
            native = await self._send_once(chat, draft)
        except FAULTS as error:
            raise self._unsent(error, chat, draft, start) from error
        self.echoes.settle(chat, draft.known_by)
        return native

    def _unsent(self, error: BaseException, chat: str, draft: Draft, start: int) -> Exception:
        """What follows; what is refused without a reason that is known gets a second try."""
        line = self._client.says(error)
        follows = what_follows(error, line, is_room=is_room(chat))
        was_tried = self.echoes.in_doubt(chat, draft.known_by)
        if isinstance(follows, Undeliverable) and (was_tried or follows.reason != NO_REASON):
            self.echoes.settle(chat, draft.known_by)
            return follows
        if not isinstance(follows, Away):
            self.echoes.doubt(chat, draft.known_by, start)
        return RetryLater(line, SECOND_TRY) if isinstance(follows, Undeliverable) else follows

    async def _send_once(self, chat: str, draft: Draft) -> str:
        stub = self._client.stub
        if draft.name:
            return await files.send(stub, chat, draft.name, draft.content)
        named = [] if draft.mention is None else [draft.mention]
        answer = await stub.message_send_text(
            pb.MessageSendTextRequest(conversation_id=chat, text=draft.text, mentional_ids=named)
        )
        return answer.id

    async def _fetch(self, action: Fetch) -> str:
        try:
            return await files.read_text(self._client.stub, action.file)
        except FAULTS as error:
            raise self._refused(error) from error

    async def _befriend(self, action: Befriend) -> None:
        try:
            await self._client.stub.friendship_accept(pb.FriendshipAcceptRequest(id=action.request))
        except FAULTS as error:
            if not says(error, ALREADY):
                raise self._refused(error) from error

    async def _enter(self, action: Enter) -> None:
        try:
            await self._client.stub.room_invitation_accept(pb.RoomInvitationAcceptRequest(id=action.offer))
        except FAULTS as error:
            if not says(error, ALREADY):
                raise self._refused(error) from error

    async def _admit(self, room: str, action: Admit) -> None:
        """Ask somebody in, who is not in already, while there is room; whether they come shows later."""
        try:
            stub = self._client.stub
            members = (await stub.room_member_list(pb.RoomMemberListRequest(id=room))).member_ids
            if action.who in members:
                return
            if len(members) >= MOST_MEMBERS:
                raise Undeliverable("full", f"{len(members)} are in the group")
            request = pb.RoomAddRequest(id=room)
            request.contact_id = action.who  # gateways know no `contact_ids` yet, which replaces it
            await stub.room_add(request)
        except FAULTS as error:
            if not says(error, ALREADY):
                raise self._refused(error) from error

    def _refused(self, error: BaseException) -> Exception:
        """What follows for anything but a message: no refusal of it says that a chat is closed."""
        line = self._client.says(error)
        later = passing(error, line)
        if later is not None or not isinstance(error, GRPCError):
            return later or Undeliverable("bad_request", line)
        return Undeliverable("too_old" if says(error, EXPIRED) else "forbidden", line)
