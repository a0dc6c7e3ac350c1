"""Files through a Wechaty gateway: small ones inside a call, larger ones by a stream of their own."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Final

import msgspec
from wechaty_grpc.wechaty import puppet as pb

from bot.adapters.wechat.client import CALL_SECONDS
from bot.core.errors import Undeliverable
from bot.core.files import MOST_BYTES, text_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from wechaty_grpc.wechaty import PuppetStub

INLINE, STORED = 1, 7
"""Kinds of a file box: with its content, or named by the id under which the gateway keeps it."""

MOST_INLINE: Final = 1_000_000
"""Bytes: a call holds 4 MiB, and base64 takes a third more."""

CHUNK: Final = 64 * 1024
SLOWEST: Final = 50_000
"""Bytes a second, at the least, of a file on its way."""

LONGEST_SECONDS: Final = 300.0


class FileBox(msgspec.Struct, rename={"kind": "boxType"}, omit_defaults=True):
    """A file as the gateway's calls name it, in JSON."""

    kind: int
    name: str = ""
    size: int = 0
    base64: str | None = None
    uuid: str | None = None
    metadata: dict[str, str] = {}


def seconds_for(size: int) -> float:
    """How long a file of so many bytes may take on its way."""
    return min(LONGEST_SECONDS, CALL_SECONDS + size / SLOWEST)


async def send(stub: PuppetStub, chat: str, name: str, content: bytes) -> str:
    """Send a file; the message's id. Raises one of FAULTS."""
    box = await packed(stub, name, content)
    answer = await stub.message_send_file(
        pb.MessageSendFileRequest(conversation_id=chat, file_box=msgspec.json.encode(box).decode()),
        timeout=seconds_for(len(content)),
    )
    return answer.id


async def packed(stub: PuppetStub, name: str, content: bytes) -> FileBox:
    """A file as a call takes it; a large one is brought to the gateway first. Raises one of FAULTS."""
    size = len(content)
    if size <= MOST_INLINE:
        return FileBox(INLINE, name, size, base64=base64.b64encode(content).decode())
    stored = await stub.upload(_chunks(content), timeout=seconds_for(size))
    return FileBox(STORED, name, size, uuid=stored.id)


async def _chunks(content: bytes) -> AsyncIterator[pb.UploadRequest]:
    for start in range(0, len(content), CHUNK):
        yield pb.UploadRequest(chunk=content[start : start + CHUNK])


async def read_text(stub: PuppetStub, message: str) -> str:
    """The text of a small file that came as a message. Raises one of FAULTS.

    Undeliverable: `too_large`, `not_text`, or `bad_request` where the gateway does not hand the file out.
    """
    answer = await stub.message_file(pb.MessageFileRequest(id=message))
    try:
        box = msgspec.json.decode(answer.file_box, type=FileBox)
        return text_of(await _content(stub, box))
    except (msgspec.DecodeError, binascii.Error) as error:
        raise Undeliverable("bad_request", f"no file came: {error}") from error


async def _content(stub: PuppetStub, box: FileBox) -> bytes:
    if box.kind == INLINE and box.base64 is not None:
        return base64.b64decode(box.base64)
    if box.kind == STORED and box.uuid is not None:
        return await _download(stub, box.uuid)
    raise Undeliverable("bad_request", f"the gateway hands out a file of kind {box.kind}")


async def _download(stub: PuppetStub, uuid: str) -> bytes:
    """What the gateway keeps under an id; no more of it than proves that it is too large."""
    content = b""
    async for part in stub.download(pb.DownloadRequest(id=uuid), timeout=seconds_for(MOST_BYTES)):
        content += part.chunk
        if len(content) > MOST_BYTES:
            break
    return content
