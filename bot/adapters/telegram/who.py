"""Who says something, and where: made once of the same bytes of Telegram's.

The members and chats of a community come again with every message, in the same words; whoever takes another
name comes in others. So what was made of such bytes is kept, and is found again without reading them.
"""

from __future__ import annotations

from typing import Final

import msgspec

from bot.adapters.telegram import raw
from bot.core.events import Place, Sender

GROUPS: Final = frozenset({"group", "supergroup"})

MOST_KEPT: Final = 32_768
"""Senders (or places) that are kept at a time; with more, all are made again: some 20 MB."""

_user = msgspec.json.Decoder(raw.User | None).decode
_chat = msgspec.json.Decoder(raw.Chat).decode


class Senders(dict[bytes, Sender | None]):
    """The sender that a user's bytes describe, by these bytes; None for `null`.

    Raises msgspec.DecodeError for what is no user.
    """

    def __missing__(self, told: bytes) -> Sender | None:
        """Make what is not kept."""
        user = _user(told)
        if len(self) >= MOST_KEPT:
            self.clear()
        found = self[told] = None if user is None else sender_of(user)
        return found


class Places(dict[bytes, Place]):
    """The place that a chat's bytes describe, by these bytes; of channels, too, whose kind is channel.

    A private chat has no member's name yet. Raises msgspec.DecodeError for what is no chat.
    """

    def __missing__(self, told: bytes) -> Place:
        """Make what is not kept."""
        chat = _chat(told)
        if len(self) >= MOST_KEPT:
            self.clear()
        kind = "group" if chat.type in GROUPS else "channel" if chat.type == "channel" else "private"
        found = self[told] = Place(str(chat.id), kind, chat.title)
        return found


def sender_of(user: raw.User) -> Sender:
    """A user as the rest of the house knows them."""
    return Sender(str(user.id), name_of(user), user.username, user.language_code, user.is_bot)


def name_of(user: raw.User) -> str:
    """What a user is called."""
    return f"{user.first_name} {user.last_name}" if user.last_name else user.first_name


def place_of(chat: raw.Chat, person: raw.User | None, thread: str | None) -> Place:
    """A chat as the rest of the house knows it; a private one is called like its person."""
    if chat.type in GROUPS:
        return Place(str(chat.id), "group", chat.title, thread)
    return Place(str(chat.id), "private", "" if person is None else name_of(person), thread)
