"""The few fields of Telegram's updates that Banzhang reads, as its Bot API names them.

Fields and kinds that are not named here are passed over by the decoder, so new ones do no harm.
"""

from __future__ import annotations

import msgspec

NOBODY = msgspec.Raw(b"null")


class User(msgspec.Struct, gc=False):
    """A person or a bot."""

    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""
    username: str | None = None
    language_code: str | None = None


class Chat(msgspec.Struct, gc=False):
    """A chat: private, group, supergroup or channel."""

    id: int
    type: str
    title: str = ""


class Entity(msgspec.Struct, gc=False):
    """A part of a text with a meaning; offset and length count UTF-16 code units."""

    type: str
    offset: int
    length: int


class File(msgspec.Struct, gc=False):
    """Something to download: that it is there is all that is needed."""


class Document(msgspec.Struct, gc=False):
    """A file that is sent as a file, with what is needed to read it."""

    file_id: str = ""
    file_name: str = ""
    file_size: int = 0


class RepliedTo(msgspec.Struct, gc=False):
    """The message that another one answers; `from_` is a User or null."""

    message_id: int
    from_: msgspec.Raw = msgspec.field(default=NOBODY, name="from")
    sender_chat: Chat | None = None
    forum_topic_created: object = None
    text: str = ""
    caption: str = ""


class Message(msgspec.Struct, gc=False, kw_only=True):
    """A message, or what a chat says of itself (a service message); first the fields in Telegram's order.

    `from_` is a User or null, `chat` a Chat: they come with every message, and are read once (who.py).
    """

    message_id: int
    from_: msgspec.Raw = msgspec.field(default=NOBODY, name="from")
    chat: msgspec.Raw
    date: int
    reply_to_message: RepliedTo | None = None
    text: str | None = None
    entities: tuple[Entity, ...] = ()
    edit_date: int = 0
    sender_chat: Chat | None = None
    message_thread_id: int | None = None
    is_topic_message: bool = False
    is_automatic_forward: bool = False
    forward_origin: object = None
    media_group_id: str | None = None
    caption: str | None = None
    caption_entities: tuple[Entity, ...] = ()
    photo: tuple[File, ...] = ()
    video: File | None = None
    animation: File | None = None
    video_note: File | None = None
    voice: File | None = None
    audio: File | None = None
    document: Document | None = None
    sticker: File | None = None
    location: object = None
    contact: object = None
    poll: object = None
    dice: object = None
    story: object = None
    checklist: object = None
    new_chat_members: tuple[User, ...] = ()
    left_chat_member: User | None = None
    new_chat_title: str | None = None
    migrate_to_chat_id: int | None = None
    migrate_from_chat_id: int | None = None


class PressedMessage(msgspec.Struct, gc=False):
    """The message whose button was pressed; one too old to be seen has a date of 0."""

    message_id: int
    chat: Chat
    message_thread_id: int | None = None
    is_topic_message: bool = False


class CallbackQuery(msgspec.Struct, gc=False):
    """A button was pressed."""

    id: str
    from_: User = msgspec.field(name="from")
    message: PressedMessage | None = None
    data: str | None = None


class Reaction(msgspec.Struct, gc=False):
    """A reaction: an emoji, or one of Telegram's custom ones."""

    type: str
    emoji: str | None = None
    custom_emoji_id: str | None = None


class MessageReaction(msgspec.Struct, gc=False):
    """Somebody's reactions to a message changed; without a user when they did it as a channel."""

    chat: Chat
    message_id: int
    date: int
    user: User | None = None
    old_reaction: tuple[Reaction, ...] = ()
    new_reaction: tuple[Reaction, ...] = ()


class ChatMember(msgspec.Struct, gc=False):
    """Somebody's standing in a chat, with an administrator's rights."""

    status: str
    user: User
    is_member: bool = True
    can_send_messages: bool = True
    can_delete_messages: bool = False
    can_pin_messages: bool = False
    can_invite_users: bool = False
    can_restrict_members: bool = False


class ChatMemberUpdated(msgspec.Struct, gc=False):
    """Somebody's standing in a chat changed."""

    chat: Chat
    from_: User = msgspec.field(name="from")
    date: int
    new_chat_member: ChatMember


class Update(msgspec.Struct, gc=False):
    """One update: at most one of its kinds is set, none when it is of a kind not known here."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: CallbackQuery | None = None
    message_reaction: MessageReaction | None = None
    chat_member: ChatMemberUpdated | None = None
    my_chat_member: ChatMemberUpdated | None = None


KINDS = tuple(field for field in Update.__struct_fields__ if field != "update_id")
"""Every kind of update that features need: what is asked for as allowed_updates."""


class Answer(msgspec.Struct, gc=False):
    """What getUpdates answers."""

    result: list[Update]


class JustId(msgspec.Struct, gc=False):
    """Of an update that cannot be read, its number."""

    update_id: int
