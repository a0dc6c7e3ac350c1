"""Actions as calls of Telegram's Bot API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

import msgspec
from telegram import InlineKeyboardMarkup, LinkPreviewOptions, ReactionTypeEmoji, ReplyParameters
from telegram.constants import ChatMemberStatus, ParseMode, ReactionEmoji
from telegram.error import BadRequest, InvalidToken

from bot.adapters.telegram import markup
from bot.adapters.telegram.errors import says
from bot.core.actions import Admit, Answer, Befriend, Delete, Edit, Enter, Fetch, Look, React, Say
from bot.core.errors import Undeliverable
from bot.core.files import MOST_BYTES, text_of
from bot.core.markup import plain
from bot.core.platforms import PartSent

if TYPE_CHECKING:
    from telegram import Bot, Message

    from bot.core.platforms import File, Outgoing

REACTIONS: Final = frozenset(emoji.value for emoji in ReactionEmoji)
"""Emoji that Telegram lets anybody react with."""

ANY_REACTION: Final = "👍"
NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)

GONE = ("message to delete not found", "message_id_invalid")
NOT_CHANGED = ("message is not modified",)
NO_TEXT_THERE = ("no text in the message to edit",)
BAD_MARKUP = ("can't parse entities",)
NO_THREAD = ("message thread not found", "topic_deleted")
BAD_PICTURE = ("photo", "image", "media")


class Draft(msgspec.Struct, frozen=True):
    """One message, as it is to be sent."""

    chat: int
    html: str
    thread: int | None = None
    reply_to: ReplyParameters | None = None
    buttons: InlineKeyboardMarkup | None = None
    picture: bytes | None = None
    file: File | None = None
    with_markup: bool = True


async def carry_out(bot: Bot, outgoing: Outgoing) -> str | None:
    """Do one action; the message id of what was sent. Raises telegram.error.TelegramError and PartSent."""
    action = outgoing.action
    chat = int(outgoing.native)
    match action:
        case Say():
            return await _say(bot, outgoing, action)
        case Admit():
            return await _admit(bot, chat, int(action.who))
        case Fetch():
            return await _fetch(bot, action)
        case _:
            await _change(bot, chat, outgoing, action)
    return None


async def _change(
    bot: Bot, chat: int, outgoing: Outgoing, action: React | Answer | Edit | Delete | Befriend | Enter | Look
) -> None:
    """Do something of which nothing comes that has an id."""
    match action:
        case React():
            emoji = action.emoji if action.emoji in REACTIONS else ANY_REACTION
            await bot.set_message_reaction(chat, _number(action.message), [ReactionTypeEmoji(emoji)])
        case Answer():
            await bot.answer_callback_query(action.press, outgoing.html or None, show_alert=action.alert)
        case Edit():
            await _edit(bot, outgoing, action)
        case Delete():
            await _delete(bot, chat, _number(action.message))
        case Befriend() | Enter() | Look():
            raise Undeliverable("bad_request", "Telegram has none of that")
        case _:
            assert_never(action)


def _number(message: str) -> int:
    """A message as Telegram counts it. Raises Undeliverable for one of before a group became a supergroup."""
    if not message.isdecimal():
        raise Undeliverable("too_old", "nothing can be done to a message of before the move")
    return int(message)


async def _say(bot: Bot, outgoing: Outgoing, action: Say) -> str:
    """A picture or file with its caption, or a text in as many messages as it needs; buttons at the last.

    Only the first message that did not go out yet is sent. Raises PartSent when others are to follow.
    """
    drafts = _drafts(outgoing, action)
    part = min(len(action.sent), len(drafts) - 1)
    native = str((await _send(bot, drafts[part])).message_id)
    if part < len(drafts) - 1:
        raise PartSent(native)
    return native


def _drafts(outgoing: Outgoing, action: Say) -> list[Draft]:
    html, picture, file = outgoing.html, outgoing.picture, outgoing.file
    holds = picture is not None or file is not None
    with_caption = holds and markup.size(html) <= markup.LONGEST_CAPTION
    texts = [html] if with_caption else markup.split(html)
    drafts = [
        Draft(
            int(outgoing.native),
            text,
            thread=None if action.thread is None else int(action.thread),
        )
        for text in texts
    ]
    if with_caption:
        drafts[0] = msgspec.structs.replace(drafts[0], picture=picture, file=file)
    elif holds:
        drafts.insert(0, msgspec.structs.replace(drafts[0], html="", picture=picture, file=file))
    if action.reply_to is not None and action.reply_to.isdecimal():
        reply = ReplyParameters(int(action.reply_to), allow_sending_without_reply=True)
        drafts[0] = msgspec.structs.replace(drafts[0], reply_to=reply)
    drafts[-1] = msgspec.structs.replace(drafts[-1], buttons=markup.keyboard(outgoing.buttons))
    return drafts


async def _send(bot: Bot, draft: Draft) -> Message:
    """Send it; what Telegram does not take of it is left out, rather than losing all."""
    while True:
        try:
            return await _send_once(bot, draft)
        except BadRequest as error:
            mended = _mended(draft, error)
            if mended is None:
                raise
            draft = mended


def _mended(draft: Draft, error: BadRequest) -> Draft | None:
    if draft.with_markup and says(error, *BAD_MARKUP):
        return msgspec.structs.replace(draft, with_markup=False)
    if draft.thread is not None and says(error, *NO_THREAD):
        return msgspec.structs.replace(draft, thread=None)
    if draft.picture is not None and draft.html and says(error, *BAD_PICTURE):
        return msgspec.structs.replace(draft, picture=None)
    return None


async def _send_once(bot: Bot, draft: Draft) -> Message:
    text = draft.html if draft.with_markup else plain(draft.html)
    mode = ParseMode.HTML if draft.with_markup else None
    if draft.file is not None:
        return await bot.send_document(
            draft.chat,
            draft.file.content,
            filename=draft.file.name,
            caption=text or None,
            parse_mode=mode,
            disable_content_type_detection=True,
            message_thread_id=draft.thread,
            reply_parameters=draft.reply_to,
            reply_markup=draft.buttons,
        )
    if draft.picture is not None:
        return await bot.send_photo(
            draft.chat,
            draft.picture,
            caption=text or None,
            parse_mode=mode,
            message_thread_id=draft.thread,
            reply_parameters=draft.reply_to,
            reply_markup=draft.buttons,
        )
    return await bot.send_message(
        draft.chat,
        text,
        parse_mode=mode,
        message_thread_id=draft.thread,
        reply_parameters=draft.reply_to,
        reply_markup=draft.buttons,
        link_preview_options=NO_PREVIEW,
    )


async def _edit(bot: Bot, outgoing: Outgoing, action: Edit) -> None:
    """Replace a text, or the caption of a picture; one that is so already is fine."""
    chat, message = int(outgoing.native), _number(action.message)
    buttons = markup.keyboard(outgoing.buttons)
    text = markup.split(outgoing.html)[0]
    try:
        await bot.edit_message_text(
            text,
            chat,
            message,
            parse_mode=ParseMode.HTML,
            reply_markup=buttons,
            link_preview_options=NO_PREVIEW,
        )
    except BadRequest as error:
        if says(error, *NO_TEXT_THERE):
            await _edit_caption(bot, chat, message, outgoing.html, buttons)
        elif not says(error, *NOT_CHANGED):
            raise


async def _edit_caption(
    bot: Bot, chat: int, message: int, html: str, buttons: InlineKeyboardMarkup | None
) -> None:
    caption = markup.split(html, markup.LONGEST_CAPTION)[0]
    try:
        await bot.edit_message_caption(
            chat, message, caption=caption, parse_mode=ParseMode.HTML, reply_markup=buttons
        )
    except BadRequest as error:
        if not says(error, *NOT_CHANGED):
            raise


async def _admit(bot: Bot, chat: int, who: int) -> str | None:
    """A link that lets one person in, for Telegram lets no bot add people; None for somebody who is there."""
    seat = await bot.get_chat_member(chat, who)
    if seat.status not in {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}:
        return None
    link = await bot.create_chat_invite_link(chat, member_limit=1)
    return link.invite_link


async def _delete(bot: Bot, chat: int, message: int) -> None:
    try:
        await bot.delete_message(chat, message)
    except BadRequest as error:
        if not says(error, *GONE):
            raise


async def _fetch(bot: Bot, action: Fetch) -> str:
    """The text of a file; a large one is not even asked for."""
    file = await bot.get_file(action.file)
    if (file.file_size or 0) > MOST_BYTES:
        raise Undeliverable("too_large", f"{file.file_size} bytes")
    try:
        content = await file.download_as_bytearray()
    except InvalidToken as error:  # what the library makes of an address that is not there
        raise Undeliverable("bad_request", "the file is gone") from error
    return text_of(bytes(content))
