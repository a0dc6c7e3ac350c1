"""What is done on platforms: actions out, with the words and buttons that they carry.

Message bodies are one small HTML subset (b, i, u, s, code, a, blockquote); adapters make it plain where
the platform has no markup.
"""

from __future__ import annotations

import msgspec

from bot.core.drawing import Picture
from rules.table import Table


class Words(msgspec.Struct, frozen=True):
    """A text to say: a template's block (`feature.block`) and the values that fill it."""

    text: str
    values: dict[str, object] = {}


def words(text: str, /, **values: object) -> Words:
    """A text to say, with what fills it."""
    return Words(text, values)


class Button(msgspec.Struct, frozen=True):
    """A button: its label, and the data that comes back (at most 64 bytes), or an address to open.

    `number`: what members answer instead, where the platform has no buttons (bot/core/choices.py).
    """

    label: Words
    data: str = ""
    url: str = ""
    number: int = 0


class Action(msgspec.Struct, frozen=True, kw_only=True, tag_field="do"):
    """Something for a platform to do. `tag`, when set, is told to listeners of Delivered."""

    tag: str = ""


class Say(Action, frozen=True, kw_only=True, tag="say"):
    """Write a message. An unknown outcome is repeated.

    `vanish_after` seconds it is deleted, where the platform can. `parts` become one message, or as many as
    the platform needs: `sent` are those that went out already, by their native ids. A table goes along as a
    workbook, a file. `mention`: whom it answers in a group, by native id, for platforms without replies.
    """

    parts: tuple[Words, ...]
    language: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    picture: Picture | None = None
    table: Table | None = None
    reply_to: str | None = None
    mention: str | None = None
    thread: str | None = None
    vanish_after: int = 0
    sent: tuple[str, ...] = ()


class React(Action, frozen=True, kw_only=True, tag="react"):
    """React to a message; `words`, in `language`, stand for it in one line for many, or instead of it.

    `mention`: whom those words answer, as in Say.
    """

    message: str
    emoji: str
    words: Words | None = None
    language: str = ""
    mention: str | None = None

    def said(self) -> Say | None:
        """What is said instead where there can be no reaction; None without words for it."""
        if self.words is None:
            return None
        return Say(parts=(self.words,), language=self.language, reply_to=self.message, mention=self.mention)


class Answer(Action, frozen=True, kw_only=True, tag="answer"):
    """Answer a button press, seen only by the one who pressed: at most 200 characters, or nothing."""

    press: str
    words: Words | None
    language: str
    alert: bool = False


class Edit(Action, frozen=True, kw_only=True, tag="edit"):
    """Replace the text and buttons of one of the bot's messages. `already so` is success."""

    message: str
    words: Words
    language: str
    buttons: tuple[tuple[Button, ...], ...] = ()


class Delete(Action, frozen=True, kw_only=True, tag="delete"):
    """Delete a message. `already gone` is success."""

    message: str


class Fetch(Action, frozen=True, kw_only=True, tag="fetch"):
    """Read a small file that came with a message; Delivered tells its content as text. Repeatable."""

    file: str
    name: str


class Befriend(Action, frozen=True, kw_only=True, tag="befriend"):
    """Accept somebody's wish to be a contact. `already so` is success."""

    request: str


class Enter(Action, frozen=True, kw_only=True, tag="enter"):
    """Accept an invitation of the bot into a group. `already in` is success."""

    offer: str


class Admit(Action, frozen=True, kw_only=True, tag="admit"):
    """Let somebody into the room: added or invited (Can.ADD), else by a link that Delivered tells (Can.LINK).

    `already in` is success. An unknown outcome is looked at first. Sent means asked, no more.
    """

    who: str


class Look(Action, frozen=True, kw_only=True, tag="look"):
    """Ask who is in the room at this moment (Can.LOOK): a RoomListed follows, or at least a StaffListed."""


AnyAction = Say | React | Answer | Edit | Delete | Fetch | Befriend | Enter | Admit | Look

_encode = msgspec.json.Encoder().encode
_decoder: msgspec.json.Decoder[AnyAction] = msgspec.json.Decoder(AnyAction)


def written(what: Action | Words) -> str:
    """An action, or a text that waits, as rows keep it: JSON."""
    return _encode(what).decode()


def action_of(text: str) -> AnyAction:
    """The action that was `written` so."""
    return _decoder.decode(text)
