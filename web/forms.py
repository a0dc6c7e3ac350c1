"""What the local room's page sends, read; what cannot be taken is refused with a code it has words for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

import msgspec

from bot.core.errors import Undeliverable
from bot.core.files import text_of
from rules.names import shown
from web import media
from web.acts import LONGEST_TEXT

if TYPE_CHECKING:
    from starlette.datastructures import FormData, UploadFile
    from starlette.requests import Request

ALBUM = re.compile(r"[0-9a-f-]{0,36}")

UNFIT_FILES = {"too_large": (413, "file_too_large"), "not_text": (415, "no_text")}

Form = TypeVar("Form")


class Refused(Exception):
    """A request that cannot be done: an HTTP status, and a code that the page has words for."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class Said(msgspec.Struct, frozen=True):
    """What a member writes: in which chat, and perhaps a picture (media type, content) or a file.

    A file is its name, media type and content; messages of one `album` belong together.
    """

    chat: str
    member: int
    text: str
    reply_to: int | None
    album: str
    picture: tuple[str, bytes] | None
    file: tuple[str, str, bytes] | None


async def said(request: Request) -> Said:
    """What a member writes, as a form with fields of these names. Raises Refused."""
    async with request.form(max_files=1, max_fields=8, max_part_size=64 * 1024) as form:
        chat, text, reply_to = (_text(form, name) for name in ("chat", "text", "reply_to"))
        found = Said(
            chat=chat,
            member=_number(_text(form, "member")),
            text=text.strip(),
            reply_to=_number(reply_to) if reply_to else None,
            album=_album(form),
            picture=await _picture(form.get("picture")),
            file=await _file(form.get("file")),
        )
    if not found.text and found.picture is None and found.file is None:
        raise Refused(400, "empty")
    return found


async def act(request: Request, kind: type[Form]) -> Form:
    """Any other act, as JSON of a struct. Raises Refused."""
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(400, "unfit") from error


def _text(form: FormData, name: str) -> str:
    text = str(form.get(name, ""))
    if len(text) > LONGEST_TEXT:
        raise Refused(413, "too_long")
    if any("\ud800" <= letter <= "\udfff" for letter in text):  # a charset of the body may make them
        raise Refused(400, "unfit")
    return text


def _album(form: FormData) -> str:
    """What the messages of an album share: a name that the page made up."""
    album = str(form.get("album", ""))
    if not ALBUM.fullmatch(album):
        raise Refused(400, "unfit")
    return album


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 17):
        raise Refused(400, "unfit")
    return int(text)


async def _picture(sent: UploadFile | str | None) -> tuple[str, bytes] | None:
    """A sent picture's media type and content."""
    if sent is None or isinstance(sent, str):
        return None
    content = await sent.read()
    if len(content) > media.LARGEST:
        raise Refused(413, "too_large")
    media_type = media.picture_type(content)
    if media_type is None:
        raise Refused(415, "no_picture")
    return media_type, content


async def _file(sent: UploadFile | str | None) -> tuple[str, str, bytes] | None:
    """A sent file's name, media type and content: a voice message or text, all that the bot understands."""
    if sent is None or isinstance(sent, str):
        return None
    content = await sent.read()
    name, voice = shown(sent.filename or ""), media.voice_type(content)
    if voice is not None:
        if len(content) > media.LARGEST:
            raise Refused(413, "too_large")
        return name, voice, content
    try:
        text_of(content)
    except Undeliverable as error:
        raise Refused(*UNFIT_FILES[error.reason]) from error
    return name, "text/plain", content
