"""JSON as bytes, fast."""

from __future__ import annotations

from typing import Any

import msgspec


def dumps(value: Any) -> bytes:
    return msgspec.json.encode(value)


def loads(data: bytes | str) -> Any:
    """The value of a JSON text; ValueError if it is none."""
    try:
        return msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from None
