"""Small readers of texts, keyboards and pictures."""

from __future__ import annotations

import asyncio
import base64
import struct


def loop_running() -> bool:
    try:
        asyncio.get_running_loop()
        return True
    except RuntimeError:
        return False


def utf16_slice(s: str, off: int, ln: int) -> str:
    if s.isascii():
        return s[off : off + ln]
    return s.encode("utf-16-le", "surrogatepass")[2 * off : 2 * (off + ln)].decode("utf-16-le", "replace")


def buttons(markup: dict | None) -> list[list[dict]] | None:
    if not markup:
        return None
    if "inline_keyboard" in markup:
        return markup["inline_keyboard"]
    if "keyboard" in markup:
        return [[b if isinstance(b, dict) else {"text": b} for b in row] for row in markup["keyboard"]]
    return None


def image_size(b: bytes) -> tuple[int, int] | None:
    """Width and height from a PNG, JPEG, GIF or WebP header."""
    try:
        if b[:8] == b"\x89PNG\r\n\x1a\n":
            return struct.unpack(">II", b[16:24])
        if b[:3] == b"GIF":
            return struct.unpack("<HH", b[6:10])
        if b[:4] == b"RIFF" and b[8:12] == b"WEBP":
            if b[12:16] == b"VP8X":
                return 1 + int.from_bytes(b[24:27], "little"), 1 + int.from_bytes(b[27:30], "little")
            if b[12:16] == b"VP8L":
                n = int.from_bytes(b[21:25], "little")
                return 1 + (n & 0x3FFF), 1 + ((n >> 14) & 0x3FFF)
            return struct.unpack("<HH", b[26:30])
        if b[:2] == b"\xff\xd8":
            i = 2
            while i < len(b) - 9:
                if b[i] != 0xFF:
                    i += 1
                    continue
                mk = b[i + 1]
                if 0xC0 <= mk <= 0xCF and mk not in (0xC4, 0xC8, 0xCC):
                    h, w = struct.unpack(">HH", b[i + 5 : i + 9])
                    return w, h
                if mk == 0xFF or 0xD0 <= mk <= 0xD9:
                    i += 1 if mk == 0xFF else 2
                    continue
                i += 2 + struct.unpack(">H", b[i + 2 : i + 4])[0]
    except (struct.error, IndexError):
        return None
    return None


TINY_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
