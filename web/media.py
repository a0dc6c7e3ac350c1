"""Which pictures and voice messages are taken: what a file is by its first bytes, never by its name."""

from __future__ import annotations

LARGEST = 5 * 1024 * 1024
"""Bytes of a picture or a voice message."""


def picture_type(content: bytes) -> str | None:
    """The media type of a PNG, JPEG, GIF or WebP picture; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None


def voice_type(content: bytes) -> str | None:
    """The media type of a recording as phones make them (Ogg, MP3, M4A, WAV, WebM); else None."""
    if content.startswith(b"OggS"):
        return "audio/ogg"
    if content.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")):
        return "audio/mpeg"
    if content[4:8] == b"ftyp":
        return "audio/mp4"
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return "audio/wav"
    if content.startswith(b"\x1a\x45\xdf\xa3"):
        return "audio/webm"
    return None
