"""What a gateway's events hold: only the fields that are used, checked while they are decoded.

The numbers are those of Wechaty's TypeScript, which gateways send as they are; from 4 on they are not those
of the protocol's own list of message types.
"""

from __future__ import annotations

from enum import IntEnum

import msgspec

LONGEST_LINE = 200


class Kind(IntEnum):
    """The kinds of events that are read."""

    MESSAGE = 2
    ERROR = 16
    FRIENDSHIP = 17
    ROOM_INVITE = 18
    ROOM_JOIN = 19
    ROOM_LEAVE = 20
    ROOM_TOPIC = 21
    SCAN = 22
    READY = 23
    LOGIN = 25
    LOGOUT = 26
    DIRTY = 27


class MessageType(IntEnum):
    """The types of messages that are no plain media."""

    UNKNOWN = 0
    FILE = 1
    CHAT_HISTORY = 4
    TEXT = 7
    GROUP_NOTE = 10
    RECALLED = 13


MEDIA = {
    1: "file",
    2: "voice",
    3: "contact",
    4: "history",
    5: "sticker",
    6: "photo",
    8: "location",
    9: "mini_program",
    11: "transfer",
    12: "red_envelope",
    14: "link",
    15: "video",
    16: "post",
}
"""What Banzhang calls the media of a message, by its type."""


class Dirty(IntEnum):
    """What a gateway tells to be forgotten."""

    CONTACT = 2
    ROOM = 3
    ROOM_MEMBER = 4


class Friendship(IntEnum):
    """What a word about a friendship is: it stands, somebody asks for it, it must be asked for again."""

    CONFIRM = 1
    RECEIVE = 2
    VERIFY = 3


class Scan(IntEnum):
    """Where a login stands."""

    UNKNOWN = 0
    WAITING = 2


class Told(msgspec.Struct, frozen=True, rename="camel"):
    """The payload of an event of any kind; each has some of these."""

    message_id: str = ""
    room_id: str = ""
    contact_id: str = ""
    friendship_id: str = ""
    room_invitation_id: str = ""
    invitee_id_list: tuple[str, ...] = ()
    inviter_id: str = ""
    removee_id_list: tuple[str, ...] = ()
    remover_id: str = ""
    new_topic: str = ""
    changer_id: str = ""
    timestamp: float = 0
    status: int = 0
    qrcode: str | None = None
    data: str | None = None
    gerror: str | None = None
    payload_type: int = 0
    payload_id: str = ""


decode_told = msgspec.json.Decoder(Told).decode


class _Error(msgspec.Struct):
    """What is wrong, as gateways write it down."""

    details: str = ""
    message: str = ""


def error_line(told: Told) -> str:
    """What an error event says is wrong, in one line without the stack that comes with it."""
    text = told.gerror or told.data or ""
    try:
        error = msgspec.json.decode(text, type=_Error)
        text = error.message or error.details or text
    except (msgspec.DecodeError, UnicodeEncodeError):
        pass
    return next(iter(text.strip().splitlines()), "")[:LONGEST_LINE]
