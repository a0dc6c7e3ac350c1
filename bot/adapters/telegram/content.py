"""What is in a message: whether it is mere text, its media, its file, and the passages that it quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.events import Attachment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.adapters.telegram import raw

QUOTES = frozenset({"blockquote", "expandable_blockquote"})
LINKS = frozenset({"url", "text_link"})

FILES = {
    "video": "video",
    "animation": "video",
    "video_note": "video",
    "voice": "voice",
    "audio": "audio",
    "document": "file",
    "sticker": "sticker",
}
"""Fields of a message that hold a file, with what Banzhang calls such media; the first one found counts."""

OTHER_MEDIA = ("location", "contact", "poll", "dice", "story", "checklist")


def is_plain(message: raw.Message) -> bool:
    """Whether a new message is text and nothing else, perhaps an answer, of a person or a bot."""
    return not (
        not message.text
        or message.entities
        or message.sender_chat is not None
        or message.forward_origin is not None
        or message.is_topic_message
        or message.is_automatic_forward
        or message.media_group_id is not None
        or message.caption_entities
        or message.document is not None
        or message.text[0] == "@"
    )


def media_of(message: raw.Message) -> tuple[str, ...]:
    """What is in a message besides text."""
    if message.text is not None:
        has_link = message.entities and any(entity.type in LINKS for entity in message.entities)
        return ("link",) if has_link else ()
    links = ("link",) if any(entity.type in LINKS for entity in message.caption_entities) else ()
    if message.photo:
        return ("photo", *links)
    for field, kind in FILES.items():
        if getattr(message, field) is not None:
            return (kind, *links)
    return tuple(kind for kind in OTHER_MEDIA if getattr(message, kind) is not None)


def attachment(file: raw.Document) -> Attachment:
    """A file as the rest of the house knows it."""
    return Attachment(file.file_id, file.file_name, file.file_size)


def quotes_in(text: str, entities: Iterable[raw.Entity], skipped: int) -> tuple[tuple[int, int], ...]:
    """The quoted passages as (start, end) in characters behind those that are skipped.

    Telegram counts in UTF-16 code units.
    """
    quotes = [entity for entity in entities if entity.type in QUOTES]
    if not quotes:
        return ()
    units = text.encode("utf-16-le", "surrogatepass")
    spans = [(entity.offset, entity.offset + entity.length) for entity in quotes]
    found = [(_characters(units, start) - skipped, _characters(units, end) - skipped) for start, end in spans]
    return tuple((max(0, start), end) for start, end in found if end > 0)


def _characters(units: bytes, count: int) -> int:
    """How many characters the first `count` UTF-16 code units are."""
    return len(units[: 2 * count].decode("utf-16-le", "ignore"))
